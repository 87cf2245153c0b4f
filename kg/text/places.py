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
_PEOPLES: Final = re.compile(
    r"(?:土家族|布依族|哈尼族|维吾尔|蒙古族?|哈萨克|柯尔克孜|达斡尔族|鄂温克族|仫佬族|毛南族|仡佬族|"
    r"傈僳族|拉祜族|纳西族|景颇族|朝鲜族|保安族|东乡族|撒拉族|裕固族|塔吉克|锡伯|各族|独龙族|普米族|"
    r"布朗族|回族|[壮回藏苗侗彝傣白羌黎满瑶畲水佤怒土]族)+$"
)


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


def short_name(name: str) -> str:
    """A name without its class, or the whole where that would leave one character.

    >>> [short_name(name) for name in ("通州区", "恩施土家族苗族自治州", "易县", "内蒙古自治区")]
    ['通州', '恩施', '易县', '内蒙古']
    """
    rest = _CLASS.sub("", name)
    if "自治" in name and rest != "内蒙古":
        stripped = _PEOPLES.sub("", rest)
        rest = stripped if len(stripped) >= 2 else rest
    return rest if len(rest) >= 2 else name


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
