"""Administrative divisions as far as reading needs them: whose report is this?

Names, levels and parents come from ``tables/divisions.tsv`` and ``tables/new_areas.tsv``;
former names stay what they were in their time (徐水县 until 2015).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Final

from kg import lexicon

__all__ = [
    "TOWN_CLASS",
    "Division",
    "by_name",
    "by_pinyin",
    "by_short",
    "find_chain",
    "province_initials",
    "short_name",
]

_CLASS: Final = re.compile(
    r"(?:自治[区州县旗]|特别行政区|特别合作区|省|市|地区|盟|新区|矿区|林区|区|县|旗)$"
)
TOWN_CLASS: Final = re.compile(r"(?:街道办事处|街道|镇|乡|苏木|地区)$")
"""The class at the end of a town's name."""
_UNKNOWN_ABOVE: Final = re.compile(
    r"(?:^|[\s《“（(]|关于)([\u4e00-\u9fff]{2,5}(?:(?<![一全我本各])[省市]|自治州|地区))$"
)
"""A province or city that opens a title; a known one would have been found before."""


@dataclass(frozen=True, slots=True)
class Division:
    """A division: its name, level (``province``, ``city``, ``county``) and those above it."""

    name: str
    level: str
    chain: tuple[str, ...]
    until: int | None = None

    @property
    def short(self) -> str:
        """The name without its class."""
        return short_name(self.name)


@cache
def short_name(name: str, *, towns: bool = False) -> str:
    """A division's name without its class and the peoples it is named by.

    At least two characters stay: 易县 is not 易, and 内蒙古自治区 is not 内.

    Args:
        name: of a division.
        towns: take off the classes of towns too: 西集镇 is 西集.

    >>> [short_name(name) for name in ("通州区", "恩施土家族苗族自治州", "易县", "内蒙古自治区")]
    ['通州', '恩施', '易县', '内蒙古']
    """
    town = TOWN_CLASS.sub("", name) if towns and len(name) > 2 else name
    rest = _CLASS.sub("", name) if town == name else town
    if "自治" in name or rest.endswith("族"):
        while people := next((one for one in _peoples() if _ends(rest, one)), ""):
            rest = rest.removesuffix(people)
    return rest if len(rest) >= 2 else name


def _ends(name: str, people: str) -> bool:
    return name.endswith(people) and len(name) - len(people) >= 2


@cache
def _peoples() -> tuple[str, ...]:
    return tuple(sorted(lexicon.words("peoples"), key=len, reverse=True))


@cache
def _divisions() -> tuple[Division, ...]:
    rows = {row["code"]: row for row in lexicon.rows("divisions") if not row["until"]}
    for row in lexicon.rows("divisions"):
        rows.setdefault(row["code"], row)

    def chain(code: str) -> tuple[str, ...]:
        names: list[str] = []
        while code and code in rows and len(names) < 3:
            names.append(rows[code]["name"])
            code = rows[code]["parent"]
        return tuple(reversed(names))

    found = [
        Division(
            name=row["name"],
            level=row["level"],
            chain=chain(row["parent"]),
            until=int(row["until"]) if row["until"] else None,
        )
        for row in lexicon.rows("divisions")
    ]
    found += [
        Division(row["name"], "county", chain(row["parent"])) for row in lexicon.rows("new_areas")
    ]
    return tuple(found)


@cache
def _index(key: str) -> dict[str, list[Division]]:
    index: dict[str, list[Division]] = defaultdict(list)
    for division in _divisions():
        index[division.name if key == "name" else division.short].append(division)
    return dict(index)


@cache
def _spellings() -> dict[str, list[str]]:
    index: dict[str, list[str]] = defaultdict(list)
    for row in lexicon.rows("division_pinyin"):
        index[row["pinyin"]].append(row["short"])
    return dict(index)


def by_name(name: str) -> list[Division]:
    """Divisions of that full name, present and former."""
    return list(_index("name").get(name, ()))


def by_short(name: str) -> list[Division]:
    """Divisions of that short name."""
    return list(_index("short").get(name, ()))


def by_pinyin(spelling: str) -> list[Division]:
    """Divisions whose short name is spelt so (``wuhan``), or with its class (``jilinshi``)."""
    found = [item for short in _spellings().get(spelling, ()) for item in by_short(short)]
    for class_, pinyin in (("市", "shi"), ("县", "xian"), ("区", "qu"), ("省", "sheng")):
        if not found and spelling.endswith(pinyin):
            found = [
                item
                for short in _spellings().get(spelling.removesuffix(pinyin), ())
                for item in by_short(short)
                if item.name.endswith(class_)
            ]
    return found


def find_chain(text: str) -> list[Division]:
    """The innermost division of the first chain that a text names in full.

    “北京市通州区发展和改革委员会” gives 通州区 below 北京市.  Several are returned where the text
    does not decide between divisions of one name.  A county right after a city that no table
    knows (云水市清河区) is the county of that city, not one of the same name elsewhere.
    """
    place = 0
    best: list[Division] = []
    while place < len(text):
        names = [
            text[place:end]
            for end in range(min(len(text), place + 12), place + 1, -1)
            if text[place:end] in _index("name")
        ]
        if not names:
            if best:
                return best
            place += 1
            continue
        inner = by_name(names[0])
        unknown = _UNKNOWN_ABOVE.search(text[:place]) if not best else None
        if unknown and inner[0].level == "county":
            return [Division(names[0], "county", (unknown[1],))]
        below = [item for item in inner if any(above.name in item.chain for above in best)]
        if best and not below:
            return best
        best = below or inner
        place += len(names[0])
    return best


def province_initials(division: Division) -> set[str]:
    """How a file name may abbreviate the province of a division: ``js`` for 江苏."""
    province = short_name(division.chain[0] if division.chain else division.name)
    spelt = _pinyin().get(province, "")
    return {spelt, "".join(_pinyin().get(char, "")[:1] for char in province)} - {""}


@cache
def _pinyin() -> dict[str, str]:
    """Spelling of each short name, and of the characters that begin one."""
    spellings: dict[str, str] = {}
    for row in lexicon.rows("division_pinyin"):
        spellings[row["short"]] = row["pinyin"]
        spellings.setdefault(row["short"][0], row["pinyin"])
    return spellings
