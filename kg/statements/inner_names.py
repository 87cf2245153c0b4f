"""Places written inside other names: 云山 in 云山青河石化, 通州 in 17号线通州段.

A tagger gives names that do not nest, but a place in a project's name says where the
project lies.  Such places are known from the divisions of China, from the paragraph's own
names and from the report's place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import Final

from kg import lexicon
from kg.model import Mention
from kg.statements.layout import Layout, alternation
from kg.text.places import short_name

__all__ = ["INNER", "division_level", "is_under", "places_inside"]

_CLASSED: Final = re.compile(
    r"[县镇乡村河江湖湾港岛]|街道|片区|园区|新区|老城|新城|小镇|流域|机场|景区|商务区|旅游区"
    r"|核心区|中心区|开发区|保税区|配套区|物流园|产业园|科技城|古城|老城区|中心城区"
)
_PART: Final = re.compile(
    r"(?:教学楼|综合楼|门诊楼|住院楼|宿舍楼|实训楼|航站楼|航站区|主塔楼|隧道|主桥|跑道|(?:东|南|西|北)延(?:段|线|伸段)"
    r"|延长线|支线|联络线|再生水管线|住宅|商业街|地下车库)$"
)
_NAMED: Final = re.compile(r"[“\"]?[一-龥]{2,14}")
_GENERIC: Final = re.compile(
    r"[及和与等]|城中村|小流域|小城镇|农村|乡村|单村|城乡|中小河|重点|老旧|^[东南西北]部"
)
_NO_END: Final = re.compile(r"^(?:办|人民|政府|委|发展|局|公司|集团|大学|学院|至|到|—)")
_HOLDERS: Final = frozenset({"Project", "Zone", "Institution", "Place"})
_PLACED: Final = frozenset({"Place", "Zone"})
_MOST_HEADS: Final = 3
_GEOGRAPHIC: Final = "县镇乡村道河江湖湾岛域城"
INNER: Final = "entity.place-in-name"
"""Names what found a place inside another name."""
_RANK: Final = {"province": 3, "city": 2, "county": 1}
_COUNTRY: Final = 4


def division_level(name: str) -> int:
    """4 for a country, 3 for a province, 2 for a city, 1 for a county, 0 for anything else."""
    return _levels().get(name, 0)


def is_under(name: str, above: str) -> bool:
    """Whether a division of that name lies in one of the other name."""
    return any(short_name(above) == short_name(parent) for parent in _parents().get(name, ()))


@cache
def _levels() -> dict[str, int]:
    levels: dict[str, int] = {}
    common = set(lexicon.words("not_inner_places"))
    for row in lexicon.rows("divisions"):
        rank = _RANK.get(row["level"], 0)
        for name in {row["name"], short_name(row["name"])} - common:
            if len(name) > 1:
                levels[name] = max(rank, levels.get(name, 0))
    levels.update(dict.fromkeys(lexicon.words("countries"), _COUNTRY))
    return levels


@cache
def _parents() -> dict[str, tuple[str, ...]]:
    """The divisions above each name, of all that bear it."""
    rows = {row["code"]: row for row in lexicon.rows("divisions")}
    above: dict[str, set[str]] = {}
    for row in rows.values():
        chain = []
        parent = rows.get(row["parent"])
        while parent is not None:
            chain.append(parent["name"])
            parent = rows.get(parent["parent"])
        for name in (row["name"], short_name(row["name"])):
            above.setdefault(name, set()).update(chain)
    return {name: tuple(sorted(parents)) for name, parents in above.items()}


@cache
def _divisions() -> re.Pattern[str]:
    return alternation(tuple(_levels()))


def places_inside(
    layout: Layout, mentions: Iterable[Mention], known: Iterable[str] = ()
) -> tuple[Mention, ...]:
    """Places and zones written inside other names, by place.

    Args:
        layout: the paragraph with its outermost names.
        mentions: all its names; those inside others are kept as they are.
        known: further place names, such as the report's own place.
    """
    outer = set(layout.mentions)
    found = {(item.start, item.end): item for item in mentions if item not in outer}
    kinds = {
        item.text: item.kind
        for item in layout.mentions
        if item.kind in _PLACED and len(item.text) > 1
    }
    projects = {item.text for item in layout.mentions if item.kind == "Project"}
    for place in known:
        kinds.setdefault(place, "Place")
    for name in layout.mentions:
        if name.kind not in _HOLDERS:
            continue
        for item in (*_classed_heads(name), *_wholes(name, projects)):
            found.setdefault((item.start, item.end), item)
        for pattern in (_divisions(), *_written_in(name.text, kinds)):
            for match in pattern.finditer(name.text):
                start, end = name.start + match.start(), name.start + match.end()
                if end - start < len(name.text) and (start, end) not in found:
                    kind = kinds.get(match.group(), "Place")
                    found[start, end] = Mention(
                        start, end, match.group(), kind, rule=INNER, score=0.5
                    )
    return tuple(found[key] for key in sorted(found))


def _written_in(text: str, places: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """A pattern of those places that are written in a name beside itself."""
    written = tuple(place for place in places if place in text)
    # Making a pattern is what costs most here, and few names hold a place of the paragraph.
    return (alternation(written),) if set(written) - {text} else ()


def _classed_heads(name: Mention) -> list[Mention]:
    """Beginnings of a project's name that end in a class of places: 台湖演艺小镇|临时会客厅."""
    if name.kind not in ("Project", "Zone"):
        return []
    heads: list[Mention] = []
    for match in _CLASSED.finditer(name.text, 1, len(name.text) - 2):
        head, rest = name.text[: match.end()], name.text[match.end() :]
        if (
            _NAMED.fullmatch(head) is None
            or _GENERIC.search(head)
            or _NO_END.match(rest)
            or len(heads) == _MOST_HEADS
        ):
            continue
        kind = "Place" if head[-1] in _GEOGRAPHIC else "Zone"
        heads.append(
            Mention(name.start, name.start + match.end(), head, kind, rule=INNER, score=0.5)
        )
    return heads


def _wholes(name: Mention, projects: Collection[str]) -> list[Mention]:
    """The project of which a project's name names a part: 光明高中园|教学楼."""
    if name.kind != "Project":
        return []
    part = _PART.search(name.text)
    heads = {name.text[: part.start()]} if part is not None and part.start() > 3 else set()
    heads |= {text for text in projects if text != name.text and name.text.startswith(text)}
    return [
        Mention(name.start, name.start + len(head), head, "Project", rule=INNER, score=0.5)
        for head in sorted(heads)
    ]
