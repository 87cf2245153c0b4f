"""Whose report it is: the title page says so, the opening words, the file's name, or the text.

Evidence is added up over all divisions that any of them could mean: being named in the
title or by the opening words (“我代表通州区人民政府”), the level these give where they only say
“市人民政府”, the pinyin of the file stem (``baoding-quyang-2020``), and how often the text
names a division and those above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from kg.text.places import Division, by_name, by_pinyin, by_short, find_chain, province_initials

__all__ = ["authority", "owner"]

_OPENING: Final = re.compile(
    r"我(?:谨)?(?:受[^，。]{1,15}委托，?)?代表(?P<who>[^，。：！]{0,20}?)(?:第[一二三四五六七八九十]+届)?"
    r"(?P<body>人民政府|政府|行政公署|行署|管理委员会|管委会)"
)
_ASKED: Final = re.compile(r"受(?P<who>[^，。：！]{0,20}?)(?P<body>人民政府|政府|行署|管委会)委托")
_CLASSES: Final = frozenset("省市县区州盟旗")
_STEM_PARTS: Final = re.compile(r"[a-z]{2,}|[\u4e00-\u9fff]{2,}")
_OWN: Final = (("全省", "省"), ("全市", "市"), ("全县", "县"), ("全区", "区"), ("全州", "州"))
_NAMED, _CLASS, _STEM, _STEM_CHAIN = 1000.0, 300.0, 200.0, 100.0
_FORMER: Final = 60.0
"""For a name that was still in force in the report's year, over what it became later."""


def authority(opening: str) -> tuple[str, str]:
    """The place and the kind of body that reports, as the opening words name them.

    >>> authority("现在，我代表通州区人民政府向大会报告工作")
    ('通州区', '人民政府')
    """
    match = _OPENING.search(opening) or _ASKED.search(opening)
    if match is None:
        return "", ""
    return match["who"], {"政府": "人民政府", "管委会": "管理委员会"}.get(
        match["body"], match["body"]
    )


def owner(
    title: Sequence[str], opening: str, stem: str, text: str, year: int | None = None
) -> Division | None:
    """The division whose report it is, or ``None`` if nothing tells.

    Args:
        title: lines of the title page.
        opening: the first sentences.
        stem: name of the file without its ending.
        text: the whole report.
        year: the year of the report; names that ended before it are left out.
    """
    who, body = authority(opening)
    classes = _classes(who, body)
    scores: dict[Division, float] = {}
    _add(scores, (found for line in title for found in find_chain(line)), _NAMED)
    _add(scores, _named(who), _NAMED)
    for division, value in _from_stem(stem):
        _add(scores, (division,), value)
    if not scores:
        _add(scores, _from_text(text), 1.0)
    best: tuple[float, ...] | None = None
    chosen = None
    for division, value in scores.items():
        if division.until is not None and year is not None and division.until < year:
            continue
        if division.until is not None and year is not None:
            value += _FORMER
        if classes and division.name.endswith(classes):
            value += _CLASS
        value += _mentions(division, text)
        rank = (value, -len(division.chain), division.until is None)
        if best is None or rank > best:
            best, chosen = rank, division
    return chosen


def _add(scores: dict[Division, float], found: Iterable[Division], value: float) -> None:
    for division in set(found):
        scores[division] = scores.get(division, 0.0) + value


def _classes(who: str, body: str) -> tuple[str, ...]:
    """How the name of a division may end of which the opening words tell only the class."""
    if body in ("行署", "行政公署"):
        return ("地区", "盟")
    if body == "管理委员会":
        return ("新区",)
    return (who[-1],) if who[-1:] in _CLASSES else ()


def _named(who: str) -> list[Division]:
    """Divisions that opening words mean: the end of a chain, or a short name."""
    found = find_chain(who)
    if found and who.endswith(found[0].name):
        return found
    return by_short(who) if len(who) >= 2 else []


def _from_stem(stem: str) -> list[tuple[Division, float]]:
    """Divisions a file stem may mean; parts before and after a name may tell which."""
    parts = _STEM_PARTS.findall(stem.lower())
    found = []
    for place, part in enumerate(parts):
        candidates = by_pinyin(part) if part.isascii() else find_chain(part) or by_short(part)
        for division in candidates:
            value = _STEM + place
            above = set(division.chain)
            for other in parts[:place]:
                if any(upper.name in above for upper in by_pinyin(other)):
                    value += _STEM_CHAIN
            if set(parts[place + 1 :]) & province_initials(division):
                value += _STEM_CHAIN
            found.append((division, value))
    return found


def _from_text(text: str) -> list[Division]:
    """Divisions of the level that the text calls its own (全市 …), named in full in it."""
    counts = {class_: text.count(word) for word, class_ in _OWN}
    class_ = max(counts, key=lambda key: counts[key])
    if counts[class_] < 3:
        return []
    names = set(re.findall(rf"[\u4e00-\u9fff]{{1,7}}{class_}", text))
    found = {name[start:] for name in names for start in range(len(name) - 1)}
    return [
        division
        for name in sorted(found)
        for division in by_name(name)
        if text.count(name) >= 2 and division.until is None
    ]


def _mentions(division: Division, text: str) -> float:
    """How often the text names a division, in full and in short, and those above it."""
    full = text.count(division.name)
    short = text.count(division.short)
    above = sum(text.count(name) + text.count(name[:2]) for name in division.chain)
    return min(90.0, 3.0 * full + short + 0.1 * min(above, 100))
