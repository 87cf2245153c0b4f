"""Pairs of names that may be linked.

High recall is the aim: names of fitting kinds that stand close enough, in a chain, or one
in the other.  What is seen of a pair is told by :mod:`kg.statements.relation_features`,
and a learned scorer (:mod:`kg.statements.linear`) decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.model import Mention
from kg.statements.inner_names import division_level
from kg.statements.layout import Layout

__all__ = ["LINKING", "Pair", "pairs"]

_PLACED: Final = frozenset({"Place", "Zone"})
_SITED: Final = frozenset({"Project", "Zone", "Institution"})
_ACTORS: Final = frozenset({"Place", "Institution", "Zone"})
_HOLDERS: Final = frozenset({"Place", "Institution", "Zone", "Project", "Policy"})

_TOGETHER: Final = re.compile(
    r"合作|签署|签订|签约|结对|共建|协议|联动|对接|托管|友好|帮扶|协作|联合|携手|互联|牵手"
)
_DIVISION: Final = re.compile(r"(?:[镇乡村县]|街道|[^园片社小]区)$")
_SPACIOUS: Final = re.compile(r"(?:[园区谷城港]|小镇|基地)$")
_WON: Final = re.compile(r"获|入选|列[入为]|纳入|评为|授予|认定|命名|成为")
LINKING: Final = re.compile(r"连接|联通|连通|直达|直通|接入|通达|[至到—－\-–]")
_SHORT: Final = 4
"""Characters of a place that may have been taken for something else with the one above it."""
_REACH: Final = {
    "locatedIn": (80, 24),
    "settledIn": (50, 40),
    "partOf": (30, 16),
    "subsidiaryOf": (8, 8),
    "issuedBy": (24, 16),
    "undertakenBy": (50, 16),
    "cooperatesWith": (40, 40),
    "connects": (2, 16),
    "awarded": (16, 60),
}
"""How far the object may stand before and after the subject's coordination."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names and the link that may hold between them.

    Attributes:
        subject: its subject.
        predicate: the link.
        object: its object.
        form: how they stand: ``inside`` (the object in the subject), ``chain`` (right
            before it), ``shared`` (at or in the first name of its coordination),
            ``before`` or ``after`` it in the sentence.
        place: of the subject in the layout's mentions.
        other: of the object there; of the name that holds it if it is inside one.
        gap: bounds of what lies between them, coordinations left out.
    """

    subject: Mention
    predicate: str
    object: Mention
    form: str
    place: int
    other: int
    gap: tuple[int, int]


def pairs(layout: Layout, inner: Sequence[Mention]) -> tuple[Pair, ...]:
    """All pairs worth a decision.

    Args:
        layout: the paragraph with its outermost names.
        inner: names inside those; see :func:`kg.statements.inner_names.places_inside`.
    """
    within: list[list[Mention]] = [[] for _ in layout.mentions]
    for place, name in enumerate(layout.mentions):
        within[place] = [
            item for item in inner if name.start <= item.start and item.end <= name.end
        ]
    found: list[Pair] = []
    for place in range(len(layout.mentions)):
        found.extend(_inside(layout, place, within[place]))
        found.extend(_chained(layout, place, within[place]))
        found.extend(_shared(layout, place, within))
        found.extend(_beside(layout, place))
    return tuple(found)


def _inside(layout: Layout, place: int, inside: Sequence[Mention]) -> Iterator[Pair]:
    name = layout.mentions[place]
    for item in inside:
        for predicate in _fits_inside(name, item):
            yield Pair(name, predicate, item, "inside", place, place, (item.end, name.end))
    for one in inside:
        for two in inside:
            if one.end == two.start and one.kind == two.kind == "Place":
                yield Pair(two, "partOf", one, "chain", place, place, (one.end, two.start))
    yield from _split(layout, place, inside)


def _split(layout: Layout, place: int, inside: Sequence[Mention]) -> Iterator[Pair]:
    """The two parts of a place written with the one above it: 金沙|后山镇."""
    name = layout.mentions[place]
    known = name.kind == "Place" or _DIVISION.search(name.text) is not None
    for item in inside:
        rest = name.text[item.end - name.start :]
        if item.start != name.start or len(rest) < 2:
            continue
        if known or (len(rest) <= _SHORT and division_level(item.text)):
            part = Mention(item.end, name.end, rest, "Place", rule=item.rule, score=item.score)
            yield Pair(part, "partOf", item, "chain", place, place, (item.end, item.end))


def _fits_inside(name: Mention, item: Mention) -> Iterator[str]:
    if name.kind in _SITED and item.kind in _PLACED:
        yield "locatedIn"
        if name.kind == "Project" and LINKING.search(name.text):
            yield "connects"
    if name.kind == item.kind and name.kind in ("Project", "Zone"):
        yield "partOf"


def _chained(layout: Layout, place: int, inside: Sequence[Mention]) -> Iterator[Pair]:
    chain = layout.chains[place]
    if not chain:
        return
    name, above = layout.mentions[place], layout.mentions[chain[-1]]
    gap = (above.end, name.start)
    if name.kind in _SITED:
        yield Pair(name, "locatedIn", above, "chain", place, chain[-1], gap)
    if name.kind == above.kind:
        yield Pair(name, "partOf", above, "chain", place, chain[-1], gap)
    for item in inside:
        if item.start == name.start and item.kind == above.kind == "Place":
            yield Pair(item, "partOf", above, "chain", place, chain[-1], gap)


def _shared(layout: Layout, place: int, within: Sequence[Sequence[Mention]]) -> Iterator[Pair]:
    """The location of the first name of a coordination, for the others."""
    name = layout.mentions[place]
    first = layout.loose[place].members[0]
    if first == place or layout.chains[place] or name.kind not in _SITED:
        return
    head = layout.mentions[first]
    objects = [layout.mentions[other] for other in layout.chains[first][-1:]]
    objects += [item for item in within[first] if item.start == head.start]
    for item in objects:
        if item.kind in _PLACED:
            yield Pair(name, "locatedIn", item, "shared", place, first, (head.end, name.start))
    if head.kind == name.kind == "Project":
        for item in within[first]:
            if item.kind == "Project":
                yield Pair(name, "partOf", item, "shared", place, first, (head.end, name.start))


def _beside(layout: Layout, place: int) -> Iterator[Pair]:
    names = layout.mentions
    low, high = layout.sentence(names[place].start)
    for other, item in enumerate(names):
        if other == place or other in layout.chains[place] or not low <= item.start < high:
            continue
        for predicate in _fits(names[place], item):
            gap = _gap(layout, place, other)
            if _close(layout, place, other, predicate, gap):
                form = "after" if other > place else "before"
                yield Pair(names[place], predicate, item, form, place, other, gap)


def _fits(subject: Mention, item: Mention) -> Iterator[str]:
    """The predicates the kinds of two names allow."""
    one, two = subject.kind, item.kind
    if one in _SITED and (two in _PLACED or (two == "Project" and _SPACIOUS.search(item.text))):
        yield "locatedIn"
    if one == "Institution" and two in _PLACED:
        yield "settledIn"
    if one == two and one in ("Place", "Zone", "Project"):
        yield "partOf"
    if one == two == "Institution":
        yield "subsidiaryOf"
    if one in ("Policy", "Project") and two == "Institution":
        yield "issuedBy"
    if one in ("Project", "Event") and two == "Institution":
        yield "undertakenBy"
    if one in _ACTORS and two in _ACTORS and one == two:
        yield "cooperatesWith"
    if one == "Project" and two == "Place":
        yield "connects"
    if one in _HOLDERS and two in ("Honour", "Policy"):
        yield "awarded"


def _close(layout: Layout, place: int, other: int, predicate: str, gap: tuple[int, int]) -> bool:
    start, end = gap
    before, after = _REACH[predicate]
    if end - start > (after if other > place else before):
        return False
    if predicate == "cooperatesWith":
        low, high = layout.sentence(start)
        return other > place and _TOGETHER.search(layout.text, low, high) is not None
    if predicate == "awarded" and layout.mentions[other].kind == "Policy":
        return other > place and _WON.search(layout.text, start, end) is not None
    if predicate == "connects":
        return end == start or LINKING.search(layout.text, start, end) is not None
    if predicate in ("locatedIn", "settledIn", "undertakenBy") and other < place:
        kind = layout.mentions[other].kind
        rivals = [
            name
            for name in layout.mentions[other + 1 : place]
            if name.kind == kind and name.start >= start and name.end <= end
        ]
        return len(rivals) < 2
    return True


def _gap(layout: Layout, place: int, other: int) -> tuple[int, int]:
    """What lies between two names, their coordinations left out."""
    names, groups = layout.mentions, layout.loose
    first, second = sorted((place, other))
    if groups[place] == groups[other]:
        return names[first].end, names[second].start
    start, end = groups[first].end, groups[second].start
    return (start, end) if start <= end else (names[first].end, names[second].start)
