"""The tree of headings: which paragraphs are headings, and what stands under them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from kg.text.lines import ADDRESS, Draft

__all__ = ["Heading", "level_of", "outline"]

_ORDINAL: Final = "[一二三四五六七八九十百零〇]"
_ENUMERATIONS: Final = (
    (1, re.compile(rf"(?:{_ORDINAL}{{1,4}}、|第{_ORDINAL}{{1,3}}(?:章|部分|编)[\s、：:]*)")),
    (2, re.compile(rf"(?:[（(]{_ORDINAL}{{1,4}}[）)]、?|第{_ORDINAL}{{1,3}}节[\s、：:]*)")),
    (3, re.compile(r"\d{1,2}(?:[.．、]|\s)(?!\d)")),
    (4, re.compile(r"[（(]\d{1,2}[）)]|[①-⑳]|\d{1,2}[)）]")),
)
"""Enumerations of official documents by level (GB/T 9704: 一、 （一） 1. （1）)."""

_LONGEST: Final = 70
"""Longest heading with a number; ministries' own stay below 50 characters."""

_LONGEST_BARE: Final = 32
_PART: Final = 0.75
_LEAD_IN: Final = 0.1
"""Ranks of headings without a number: above all numbers, or just above those that follow."""

_AHEAD: Final = 3
_STOP: Final = re.compile(r"[。；！？;!?]")
_TOPIC: Final = re.compile(
    r"(?:回顾|总结|工作|安排|部署|任务|目标|要求|思路|建议|计划|展望|成就|重点|打算|问题|困难|形势|情况|"
    r"特点|政府|政府自身建设|政府效能建设)$|(?:19|20)\d\d年"
)
"""How headings of whole parts end that have no number, or what they name."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The place of a paragraph in the outline.

    Attributes:
        level: 0 for text; 1, 2, … for headings.
        above: texts of the headings it stands under, outermost first.
    """

    level: int
    above: tuple[str, ...]


def outline(drafts: Sequence[Draft], head: int = 0) -> list[Heading]:
    """Place every paragraph in the outline, one to one.

    A heading with a number has the level of its kind of number.  One without is either the
    heading of a part (“2023年工作回顾”), above all numbers, or leads in to the numbers that
    follow (“呈现六大特点：” between 一、 and （一）) and has their level.

    Args:
        drafts: the paragraphs.
        head: how many of them make the title page, which has no headings.
    """
    least = min((draft.marks for draft in drafts[head:] if draft.marks), default=1)
    stack: list[tuple[float, str]] = []
    headings = []
    for place, draft in enumerate(drafts):
        rank = _rank(drafts, place, least) if place >= head else None
        if rank is None:
            headings.append(Heading(0, _texts(stack)))
            continue
        while stack and stack[-1][0] >= rank:
            stack.pop()
        headings.append(Heading(max(1, ceil(rank)), _texts(stack)))
        stack.append((rank, draft.text))
    return headings


def _texts(stack: Sequence[tuple[float, str]]) -> tuple[str, ...]:
    return tuple(text for _, text in stack)


def _rank(drafts: Sequence[Draft], place: int, least: int) -> float | None:
    """Rank of a heading among the levels of numbers; ``None`` for text."""
    draft = drafts[place]
    text = draft.text
    if place + 1 == len(drafts) or ADDRESS.match(text):
        return None
    level, rest = _number(text)
    if level:
        titled = _is_title(rest) and not _is_item(level, text, drafts[place + 1])
        return float(level) if titled else None
    if draft.marks:
        return draft.marks - least + _PART
    if not 3 < len(text) <= _LONGEST_BARE or _STOP.search(text):
        return None
    if text.endswith(("：", ":")):
        levels = [level_of(item.text) for item in drafts[place + 1 : place + 1 + _AHEAD]]
        below = next((level for level in levels if level), 0)
        return below - _LEAD_IN if below else None
    return _PART if "，" not in text and len(text) <= 24 and _TOPIC.search(text) else None


def _number(text: str) -> tuple[int, str]:
    """Level of the number a paragraph begins with, 0 if none, and what follows it."""
    for level, pattern in _ENUMERATIONS:
        match = pattern.match(text)
        if match:
            return level, text[match.end() :]
    return 0, text


def level_of(text: str) -> int:
    """Level of the number that a paragraph begins with, 0 if it has none."""
    return _number(text)[0]


def _is_title(text: str) -> bool:
    """Whether what follows a number is a heading rather than a paragraph that begins so."""
    return 0 < len(text) <= _LONGEST and not _STOP.search(text.rstrip("。；;"))


def _is_item(level: int, text: str, following: Draft) -> bool:
    """Whether a numbered line is an item of a list: a sentence with nothing under it."""
    sentence = level >= 3 or text.endswith(("。", "；", ";"))
    return sentence and 0 < level_of(following.text) <= level
