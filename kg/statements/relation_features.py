"""What is seen of a pair of names that may be linked.

Features are words; each bears its predicate, because what speaks for one link speaks
against another.  Those with a leading ``!`` are signs of structure: they count three
times as much, so that few examples suffice to learn them.
"""

from __future__ import annotations

import re
from bisect import bisect
from functools import cache, lru_cache
from typing import Final

from kg import lexicon
from kg.model import Part
from kg.statements.inner_names import INNER, division_level, is_under
from kg.statements.layout import Layout, alternation
from kg.statements.relation_candidates import LINKING, Pair
from kg.text.places import short_name

__all__ = ["describe"]

_CLASSED: Final = "省市区县镇乡村街道旗州盟园港河江湖路站城"
_CLASS_RANK: Final = {
    "省": 7,
    "市": 6,
    "区": 5,
    "县": 5,
    "旗": 5,
    "镇": 3,
    "乡": 3,
    "道": 3,
    "村": 1,
}
_WORKS: Final = re.compile(r"治理|整治|改造|提升|搬迁|修复|扩建|开发|更新|建设|通航")
_ENDS_LINKED: Final = re.compile(r"^.{1,8}[至到—－\-–].{1,8}")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_SURE: Final = (0.35, 0.5, 0.7, 0.9)
"""Steps in the probability that a name is one."""
_LISTING: Final = re.compile(r"[、和与及]+")
_COUNTED: Final = re.compile(
    r"[\d一二三四五六七八九十]+个?(?:重点|示范|在建|新建|产业)?(?:项目|工程)"
)


def describe(layout: Layout, pair: Pair, own: frozenset[str], part: Part) -> tuple[str, ...]:
    """The features of a pair.

    Args:
        layout: the paragraph.
        pair: two of its names.
        own: the names of the report's own place, whole and short.
        part: the part of the report.
    """
    form = f"inner{pair.form}" if pair.form == "chain" and pair.place == pair.other else pair.form
    seen = ["*", f"!{form}", f"k{pair.subject.kind[:2]}{pair.object.kind[:2]}{form}"]
    seen += _of_object(layout, pair, own)
    seen += _of_scores(layout, pair)
    if pair.object.kind == "Place":
        seen += _of_own_place(pair, own)
    if pair.form == "inside":
        seen += _of_inside(pair)
    else:
        seen += _of_gap(layout, pair)
    if pair.predicate == "partOf" and pair.object.kind == "Place":
        seen += _of_divisions(pair)
    holder = layout.mentions[pair.place]
    if form == "innerchain" and pair.subject.end == holder.end:
        seen.append("!split")
    seen.append(f"p{part[0]}{pair.form}")
    return tuple(f"{pair.predicate}|{feature}" for feature in seen)


def _of_object(layout: Layout, pair: Pair, own: frozenset[str]) -> list[str]:
    item, subject = pair.object, pair.subject
    ending = item.text[-1] if item.text[-1] in _CLASSED else "-"
    seen = [f"oe{ending}{pair.form}", f"ol{division_level(item.text)}{pair.form}"]
    if item.text in own or short_name(item.text) in own:
        seen.append(f"!own{pair.form}")
    if subject.text in own:
        seen.append("!ownsubject")
    chains = layout.chains
    if any(pair.place in chain for chain in chains):
        seen.append("!subjectisprefix")
    if pair.form in ("before", "after") and any(pair.other in chain for chain in chains):
        seen.append("!objectisprefix")
    if pair.form in ("before", "after", "shared"):
        if chains[pair.place]:
            seen.append(f"!haschain{pair.form}")
        if division_level(subject.text[:2]) or division_level(subject.text[:3]):
            seen.append(f"!hasplace{pair.form}")
    seen += [f"s2{subject.text[-2:]}", f"o1{item.text[-1:]}", f"o2{item.text[-2:]}"]
    return seen


def _of_scores(layout: Layout, pair: Pair) -> list[str]:
    """How sure it is that the names which bear the ends are names."""
    holder, other = layout.mentions[pair.place], layout.mentions[pair.other]
    return [f"ss{bisect(_SURE, holder.score)}", f"so{bisect(_SURE, other.score)}"]


def _of_own_place(pair: Pair, own: frozenset[str]) -> list[str]:
    """How the object stands to the report's own place.

    A province tells in which city a work lies; a city names itself in what its works are
    called.  Nothing is seen of a report whose place is unknown.
    """
    own_level = _own_level(own)
    if not own_level:
        return []
    stands = _stands(pair.object.text, own)
    return [
        f"!{stands}{pair.form}",
        f"!{stands}{own_level}{pair.form}",
        f"{stands}{pair.form}{pair.subject.kind[:2]}",
        f"{stands}{pair.form}{pair.subject.text[-2:]}",
    ]


@lru_cache(maxsize=4096)
def _stands(item: str, own: frozenset[str]) -> str:
    level = division_level(item)
    if item in own or short_name(item) in own:
        return "own"
    if not level:
        return "other"
    return (
        f"under{_own_level(own) - level}"
        if any(is_under(item, name) for name in own)
        else "foreign"
    )


@lru_cache(maxsize=64)
def _own_level(own: frozenset[str]) -> int:
    """The level of the reporting place: the lowest of the divisions it is named by."""
    return min(filter(None, map(division_level, own)), default=0)


def _of_inside(pair: Pair) -> list[str]:
    name, item = pair.subject, pair.object
    left = name.text[: item.start - name.start]
    right = name.text[item.end - name.start :]
    where = "prefix" if not left else "suffix" if not right else "middle"
    level = division_level(item.text)
    classed = item.text[-1] in _CLASSED
    seen = [
        f"!{where}",
        f"!{where}{level}",
        f"{where}{name.kind[:2]}{item.kind[:2]}",
        f"{where}{level}{classed}{item.kind[:2]}",
        f"found{item.rule == INNER}",
        f"r1{right[:1]}",
        f"r2{right[:2]}",
        f"e2{name.text[-2:]}",
        f"l{left[-2:]}",
        f"len{min(len(right), 12) // 2}{where}",
        f"ol{min(len(item.text), 6)}{where}",
    ]
    if _WORKS.match(right):
        seen.append("!works")
    if right.startswith("段"):
        seen.append("!section")
    if LINKING.search(name.text):
        seen.append("!linking")
        if right[:1] in "至到—－-–" or left[-1:] in "至到—－-–":
            seen.append("!end")
        if _ENDS_LINKED.match(name.text):
            seen.append("!linked")
    return seen


def _of_divisions(pair: Pair) -> list[str]:
    subject, item = pair.subject.text, pair.object.text
    one, two = _CLASS_RANK.get(subject[-1], 0), _CLASS_RANK.get(item[-1], 0)
    one = max(one, 4 + division_level(subject)) if division_level(subject) else one
    two = max(two, 4 + division_level(item)) if division_level(item) else two
    seen = []
    if is_under(subject, item):
        seen.append(f"!under{pair.form}")
    if one and two:
        seen.append(f"!{'lower' if one < two else 'higher' if one > two else 'level'}{pair.form}")
    return seen


@cache
def _cues() -> re.Pattern[str]:
    return alternation(lexicon.words("relation_cues"))


def _words(text: str) -> list[str]:
    return [match.group() for match in _cues().finditer(_squash(text))]


@cache
def _signs(predicate: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (row["side"], row["sign"], re.compile(row["pattern"]))
        for row in lexicon.rows("relation_signs")
        if row["predicate"] == predicate
    )


def _of_gap(layout: Layout, pair: Pair) -> list[str]:
    text, names = layout.text, layout.mentions
    start, end = pair.gap
    gap = _squash(text[start:end])
    side = pair.form
    first, last = sorted((pair.place, pair.other))
    groups = layout.loose[pair.place], layout.loose[pair.other]
    begin = min(groups[0].start, groups[1].start, names[first].start)
    tail = max(groups[0].end, groups[1].end)
    low, _ = layout.clause(begin)
    _, high = layout.clause(tail - 1)
    between = _words(text[start:end])
    after = _words(text[tail : min(high, tail + 16)])
    head = _words(text[max(low, begin - 16) : begin])
    commas = gap.count("，") + gap.count("：")
    rivals = sum(
        1
        for name in names[first + 1 : last]
        if name.kind == pair.object.kind and start <= name.start and name.end <= end
    )
    same = layout.loose[pair.place] == layout.loose[pair.other]
    seen = [
        f"same{same}{side}",
        f"c{side}{min(commas, 3)}",
        f"d{side}{min(len(gap).bit_length(), 7)}",
        f"g{gap if len(gap) <= 5 else '…'}{side}",
        f"g1{gap[:2]}{side}",
        f"g2{gap[-2:]}{side}",
        f"w1{between[0] if between else '-'}{side}",
        f"w2{between[-1] if between else '-'}{side}",
        *(f"w{word}{side}" for word in between),
        f"a{after[0] if after else '-'}{side}",
        *(f"A{word}{side}" for word in after),
        f"h{head[-1] if head else '-'}{side}",
        *(f"H{word}{side}" for word in head),
        f"n{min(len(groups[0].members), 3)}{side}",
        f"m{min(len(groups[1].members), 3)}{side}",
        f"b{rivals}{side}",
        f"x{text[tail : tail + 2]}",
        f"y{_squash(text[max(low, begin - 2) : begin]) or '^'}",
    ]
    context = {
        "gap": gap,
        "tail": _squash(text[tail : min(high, tail + 16)]),
        "head": _squash(text[max(low, begin - 10) : begin]),
    }
    for where, sign, pattern in _signs(pair.predicate):
        if pattern.search(context[where]):
            seen.append(f"!{sign}{where}{side}")
    if begin - low < 3:
        seen.append(f"!opens{side}{min(commas, 2)}")
    if "：" in gap:
        seen.append(f"!colon{side}")
    if gap.startswith("（") and "）" not in gap:
        seen.append(f"!bracket{side}")
    if _COUNTED.search(gap):
        seen.append(f"!counted{side}")
    if not gap:
        seen.append(f"!adjacent{side}")
    rest = _without_names(layout, first, last)
    seen.append(f"r{rest if len(rest) <= 4 else '…'}{side}")
    if _LISTING.fullmatch(rest):
        seen.append(f"!listed{side}")
    return seen


def _without_names(layout: Layout, first: int, last: int) -> str:
    """What is written between two names beside other names."""
    start = layout.mentions[first].end
    parts = []
    for name in layout.mentions[first + 1 : last]:
        parts.append(layout.text[start : name.start])
        start = name.end
    parts.append(layout.text[start : layout.mentions[last].start])
    return _squash("".join(parts))


def _squash(text: str) -> str:
    return _NUMBER.sub("0", text.replace(" ", ""))
