"""Which names of one place are one thing: the rules, from the surest to the boldest.

Each rule joins groups of names; a group never holds two phases, two owners or two names
the user keeps apart, whatever chain of rules leads there (:mod:`kg.entities.groups`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Final

from kg.entities.decisions import Links
from kg.entities.divisions import gazetteer
from kg.entities.groups import Cluster, Groups, Item
from kg.entities.names import (
    STEPS,
    is_generic,
    is_soft,
    line_alias,
    plain,
    without_light,
    without_note,
)
from kg.lexicon import words

__all__ = ["cluster"]

_SHORTEST_BARE: Final = 3
_LONGEST_JUMBLE: Final = 7
_TYPED: Final = re.compile(
    r"(?:学校|中学|小学|幼儿园|学院|大学|高中|初中|医院|院区?|公园|中心|馆|站|场|路|街|大道|社区|村|段|线|口岸)$"
)
"""Ends of names whose kind is told by the words before them (体育公园, 森林公园)."""
_TELLING: Final = re.compile(
    r"[\d东西南北上下左右]|扩建|改建|改造|整治|第|段|楼|[一二三四五六七八九十]|主体|配套|地块|部$"
)
"""What never comes and goes inside a name."""
_STEP_SCORE: Final = dict(zip(STEPS, (1.0, 0.98, 0.95, 0.97, 0.93, 0.93, 0.88), strict=True))
_STEP_TEXT: Final = {
    "spelling": "differ only in widths, spaces or quotation marks",
    "brackets": "differ only in brackets",
    "year": "differ only in the year they begin with",
    "numerals": "differ only in how their numbers are written",
    "synonyms": "differ only in words of one meaning",
    "tail": "differ only in closing words such as 工程 or 项目",
    "class": "differ only in the noun after the quoted name",
}


def cluster(
    items: Iterable[Item], home: tuple[str, ...], links: Links, codes: tuple[str, ...] = ()
) -> list[Cluster]:
    """Group the names that reports of one place use.

    Args:
        items: one for each kind and name; the result does not depend on their order.
        home: path of the place.
        links: decisions that fit the place.
        codes: codes of the place and the divisions above it, if it is a division.
    """
    ordered = sorted(items, key=lambda item: (item.kind, item.name))
    groups = Groups(ordered, links)
    _join_forced(groups, links)
    for step in range(len(STEPS)):
        _join_step(groups, step)
    _join_prefix(groups, home)
    _join_line_alias(groups)
    _join_note(groups)
    _join_light(groups)
    _join_suffix(groups, codes)
    _join_order(groups)
    _join_middle(groups, codes)
    return [
        Cluster(
            tuple(ordered[index] for index in members),
            tuple(sorted(groups.merges[root], key=lambda merge: (merge.left, merge.right))),
        )
        for root, members in groups.groups()
    ]


def _join_forced(groups: Groups, links: Links) -> None:
    by_name: dict[str, list[int]] = defaultdict(list)
    for index, item in enumerate(groups.items):
        by_name[plain(item.name)].append(index)
    for decision in links.of("same"):
        for left in by_name.get(plain(decision.left), ()):
            for right in by_name.get(plain(decision.right), ()):
                kinds = {groups.items[left].kind, groups.items[right].kind}
                if not decision.kind or kinds == {decision.kind}:
                    text = f"the user's links say so{': ' + decision.note if decision.note else ''}"
                    groups.join(left, right, "user", 1.0, text)


def _bucket(
    groups: Groups, key: Callable[[Item], Hashable | None]
) -> Iterator[tuple[Hashable, list[int]]]:
    buckets: dict[Hashable, list[int]] = defaultdict(list)
    for index, item in enumerate(groups.items):
        value = key(item)
        if value is not None:
            buckets[value].append(index)
    return ((value, found) for value, found in buckets.items() if len(found) > 1)


def _join_step(groups: Groups, step: int) -> None:
    """Join names that one more reduction makes equal."""
    rule = STEPS[step]
    for _, found in _bucket(groups, lambda item: (item.family, item.parsed.steps[step], item.year)):
        for index in found[1:]:
            left, right = groups.items[found[0]].name, groups.items[index].name
            text = f"“{left}” and “{right}” {_STEP_TEXT[rule]}"
            groups.join(found[0], index, rule, _STEP_SCORE[rule], text)


def _join_prefix(groups: Groups, home: tuple[str, ...]) -> None:
    """Join names that differ only in the place they begin with (``区体育场``, ``体育场``).

    Where names of several places share the rest, a name without a place is the home's.
    """

    def key(item: Item) -> Hashable | None:
        bare = item.owner.bare
        if len(bare) < _SHORTEST_BARE and item.owner.division is None:
            return None
        return (item.family, bare, item.parsed.phases, item.year)

    for _, found in _bucket(groups, key):
        placed: dict[tuple[str, ...], int] = {}
        open_: list[int] = []
        for index in found:
            owners = groups.owners(index)
            if not owners:
                open_.append(index)
                continue
            path = next(iter(owners))
            if path in placed:
                _join_placed(groups, placed[path], index)
            placed.setdefault(path, index)
        host = placed.get(home) if len(placed) != 1 else next(iter(placed.values()))
        for index in open_:
            if host is not None:
                _join_placed(groups, host, index)


def _join_placed(groups: Groups, left: int, right: int) -> None:
    a, b = groups.items[left], groups.items[right]
    division = a.owner.division or b.owner.division
    place = division.name if division else ""
    text = f"“{a.name}” and “{b.name}” are both {a.owner.bare} of {place}"
    groups.join(left, right, "place-prefix", 0.92, text)


def _first_of_core(groups: Groups) -> dict[tuple[str, str], int]:
    """The first item of each family and core of a name."""
    by_core: dict[tuple[str, str], int] = {}
    for index, item in enumerate(groups.items):
        by_core.setdefault((item.family, item.parsed.core), index)
    return by_core


def _join_line_alias(groups: Groups) -> None:
    """Join a numbered line with the name in its brackets (``22号线（平谷线）``)."""
    by_core = _first_of_core(groups)
    for index, item in enumerate(groups.items):
        other = line_alias(item.name)
        match = by_core.get((item.family, other)) if other else None
        if match is not None:
            text = f"“{item.name}” gives “{other}” as its other name"
            groups.join(index, match, "given-alias", 0.95, text)


def _join_note(groups: Groups) -> None:
    """Join a name with a note in brackets to the same name without it."""
    by_core = _first_of_core(groups)
    for index, item in enumerate(groups.items):
        core = without_note(item.name) if item.family == "Thing" else None
        match = by_core.get((item.family, core)) if core else None
        if match is not None and match != index and not is_generic(core or ""):
            text = f"“{item.name}” is “{groups.items[match].name}” with a note in brackets"
            groups.join(index, match, "bracket-note", 0.85, text)


def _join_light(groups: Groups) -> None:
    """Join names that differ only in words that come and go (``运营``, ``综合``)."""

    def key(item: Item) -> Hashable | None:
        bare = item.owner.bare
        rest = without_light(bare)
        if len(rest) < 4 or is_generic(rest):
            return None
        return (item.family, rest, item.parsed.phases, item.year)

    for _, found in _bucket(groups, key):
        for index in found[1:]:
            left, right = groups.items[found[0]].name, groups.items[index].name
            text = f"“{left}” and “{right}” differ only in words that come and go"
            groups.join(found[0], index, "light-words", 0.85, text)


def _join_suffix(groups: Groups, codes: tuple[str, ...]) -> None:
    """Join a shortened name with the one full name it ends (``设计小镇``)."""
    places = {
        item.owner.bare
        for item in groups.items
        if item.kind in ("Place", "Zone")
        and len(item.owner.bare) >= 2
        and not is_generic(item.owner.bare)
    }
    ends: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, item in enumerate(groups.items):
        bare = item.owner.bare
        for start in range(2, len(bare) - 1):
            ends[item.family, bare[start:]].append(index)
    for index, item in enumerate(groups.items):
        bare = item.owner.bare
        if item.family not in ("Thing", "Policy"):
            continue
        hosts = [
            host
            for host in ends.get((item.family, bare), ())
            if groups.find(host) != groups.find(index)
        ]
        near = [host for host in hosts if _near(item, groups.items[host])]
        if len({groups.find(host) for host in near or hosts}) != 1:
            continue
        host = (near or hosts)[0]
        left = groups.items[host].owner.bare[: -len(bare)]
        written = item.owner.written
        if item.owner.division and not left.endswith(written) and len(written) > 1:
            continue
        place = left in places or gazetteer().resolve(left, codes) is not None
        if item.kind == groups.items[host].kind == "Place" and left != "城市":
            continue  # 茅洲河 is no short name of 长圳茅洲河
        score = _suffix_score(item, left, place, bool(near))
        if score:
            text = f"“{item.name}” ends “{groups.items[host].name}”, the only such name near it"
            groups.join(host, index, "shortened", score, text)


def _suffix_score(item: Item, dropped: str, place: bool, near: bool) -> float:
    """How sure it is that the name stands for ``dropped`` and itself; 0 for not at all."""
    short = item.owner.bare
    generic = is_generic(short)
    if dropped in words("name_light") or dropped == "城市":
        return 0.0 if generic else 0.85
    if len(short) < _SHORTEST_BARE:
        return 0.0
    if not near and (generic or not place):
        return 0.0
    if place:
        return 0.9 if not generic else (0.75 if len(short) >= 4 else 0.0)
    if item.kind == "Policy" or generic:
        return 0.0
    return 0.8 if 2 <= len(dropped) <= (4 if len(short) == 5 else 8) and len(short) >= 5 else 0.0


def _join_order(groups: Groups) -> None:
    """Join long names of the same characters in another order (``高速清苑段改扩建``)."""

    def key(item: Item) -> Hashable | None:
        core = item.parsed.core
        if len(core) < _LONGEST_JUMBLE or item.family != "Thing" or re.search(r"[至到-]", core):
            return None
        return ("".join(sorted(core)), item.parsed.phases)

    for _, found in _bucket(groups, key):
        for index in found[1:]:
            left, right = groups.items[found[0]].name, groups.items[index].name
            text = f"“{left}” and “{right}” are the same words in another order"
            groups.join(found[0], index, "word-order", 0.85, text)


def _join_middle(groups: Groups, codes: tuple[str, ...]) -> None:
    """Join a name with the one longer name that only adds words in its middle."""
    frames: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, item in enumerate(groups.items):
        if item.family == "Thing":
            bare = item.owner.bare
            frames[item.family, bare[:2], bare[-2:]].append(index)
    for found in frames.values():
        for index in found:
            item = groups.items[index]
            hosts = [host for host in found if _frames(item, groups.items[host], codes)]
            roots = {groups.find(host) for host in hosts} - {groups.find(index)}
            if len(roots) == 1 and hosts:
                host = next(host for host in hosts if groups.find(host) in roots)
                text = f"“{groups.items[host].name}” only adds words inside “{item.name}”"
                groups.join(host, index, "inner-words", 0.75, text)


def _frames(short: Item, long: Item, codes: tuple[str, ...]) -> bool:
    """Whether ``long`` is ``short`` with words inside that may be left out."""
    a, b = short.owner.bare, long.owner.bare
    if not 4 <= len(a) < len(b) <= len(a) + 4 or is_generic(a):
        return False
    if short.parsed.phases != long.parsed.phases:
        return False
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    for cut in range(min(head, len(a) - 2), 1, -1):
        if b.endswith(a[cut:]):
            added = b[cut : len(b) - len(a) + cut]
            if _TELLING.search(added) or is_generic(a[:cut]):
                continue
            place = gazetteer().resolve(added, codes)
            if is_soft(added) or (place and codes and place.codes[:1] == codes[:1]):
                return True
            if not _TYPED.search(a) and _near(short, long):
                return True
    return False


def _near(left: Item, right: Item) -> bool:
    if left.stems & right.stems:
        return True
    return any(abs(a - b) <= 2 for a in left.years for b in right.years)
