"""What a report says of itself: title, place, issuer, session, day and years."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kg.model import Part
from kg.text.cues import looks_back, years_in
from kg.text.lines import ADDRESS, Draft
from kg.text.owner import authority, owner
from kg.text.places import Division
from kg.text.repair import mend_title
from kg.text.structure import Heading, level_of

__all__ = ["Metadata", "describe", "reviewed_year", "title_page"]

_DAY: Final = re.compile(r"((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_STEM_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_TITLE: Final = re.compile(r"报告|计划|规划|意见|方案|讲话")
_ISSUER: Final = re.compile(r"[\w（）]{2,30}(?:委员会|人民政府|政府|局|办公室|行政公署)")
_SESSION: Final = re.compile(r"在(?P<session>[^。，]{2,40}?(?:次|回)(?:全体)?会议)上?")
_WORK_REPORT: Final = re.compile(r"报告.{0,4}工作|政府工作|工作报告")
_REPORT_END: Final = re.compile(r"报告\s*(?:[（(].{1,12}[）)])?\s*$")
_TITLE_END: Final = re.compile(r"(?:计划|规划|纲要|意见|方案|讲话)\s*(?:[（(].{1,12}[）)])?\s*$")
_TITLE_LINES: Final = 4
_HEAD_LINES: Final = 12
_OPENING: Final = 6
"""Paragraphs after the title page in which the opening words stand."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What can be told of a report before its parts are known; see :class:`kg.model.Report`."""

    title: str = ""
    place: str = ""
    place_chain: tuple[str, ...] = ()
    issuer: str = ""
    session: str = ""
    delivered: date | None = None
    plan_year: int | None = None


def describe(
    stem: str,
    source: str,
    drafts: Sequence[Draft],
    headings: Sequence[Heading],
    head_length: int = 0,
) -> Metadata:
    """Find what a report says of itself on its title page, in headings, and in its name.

    A work report without a title page gets the name such reports have (“通州区2021年政府工作
    报告”) when place and year are known.
    """
    head = drafts[:head_length]
    joined = "".join(draft.text for draft in head)
    opening = "".join(draft.text for draft in drafts[len(head) : len(head) + _OPENING])
    delivered = _day(joined)
    year = _plan_year(joined, delivered, stem, drafts, headings)
    place = owner([draft.text for draft in head], opening, stem, source, year)
    session = _SESSION.search(joined)
    title = _title(source, head)
    to_deputies = _WORK_REPORT.search(opening) or "各位代表" in source
    if not title and place and year and to_deputies:
        title = f"{place.name}{year}年政府工作报告"
    return Metadata(
        title=title,
        place=place.name if place else "",
        place_chain=place.chain if place else (),
        issuer=_issuer(head, opening, place),
        session=session["session"] if session else "",
        delivered=delivered,
        plan_year=year,
    )


def title_page(drafts: Sequence[Draft]) -> int:
    """How many paragraphs stand before the salutation or the first sentence, as a title."""
    length = 0
    for draft in drafts[:_HEAD_LINES]:
        if ADDRESS.match(draft.text):
            break
        if len(draft.text) > 120 or draft.text.endswith(("。", "：")):
            break
        if level_of(draft.text):
            break
        length += 1
    return length if any(_TITLE.search(draft.text) for draft in drafts[: min(length, 3)]) else 0


def _title(source: str, head: Sequence[Draft]) -> str:
    """The title, which may run over several lines."""
    for place, draft in enumerate(head):
        if not (_TITLE.search(draft.text) or draft.text.startswith("关于")):
            continue
        lines = [_as_written(source, item) for item in head[place : place + _TITLE_LINES]]
        ends = [count for count, line in enumerate(lines, 1) if _REPORT_END.search(line)]
        ends += [count for count, line in enumerate(lines, 1) if _TITLE_END.search(line)]
        return mend_title(lines[: (ends or [1])[0]])
    return ""


def _as_written(source: str, draft: Draft) -> str:
    last = draft.segments[-1]
    return source[draft.segments[0].source_start : last.source_start + last.length]


def reviewed_year(
    plan_year: int | None,
    drafts: Sequence[Draft],
    headings: Sequence[Heading],
    parts: Sequence[Part],
) -> int | None:
    """The year that is reviewed: the one before the plan's.

    A government at the end of its term reports in the middle of a year and reviews that
    year too: no heading names a year, and the review looks to this year's end (“预计到2016年
    底”) and speaks of it more than of the last.
    """
    if plan_year is None:
        return None
    tops = [
        draft.text
        for draft, heading in zip(drafts, headings, strict=True)
        if heading.level and not heading.above
    ]
    if any(map(years_in, tops)):
        return plan_year - 1
    review = "".join(
        draft.text for draft, part in zip(drafts, parts, strict=True) if part == "review"
    )
    ahead = re.search(rf"(?:预计|截至|截止).{{0,3}}(?:{plan_year}年|今年)", review)
    counts = Counter(years_in(review))
    return plan_year if ahead and counts[plan_year] > counts[plan_year - 1] else plan_year - 1


def _day(text: str) -> date | None:
    for match in _DAY.finditer(text):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            continue
    return None


def _plan_year(
    page: str,
    delivered: date | None,
    stem: str,
    drafts: Sequence[Draft],
    headings: Sequence[Heading],
) -> int | None:
    """The year that is planned: that of delivery, or as top headings and the stem say."""
    if delivered is not None:
        return delivered.year if delivered.month < 10 else delivered.year + 1
    votes: Counter[int] = Counter()
    for draft, heading in zip(drafts, headings, strict=True):
        years = years_in(draft.text) if heading.level and not heading.above else []
        if years:
            votes[max(years) + 1 if looks_back(draft.text) else max(years)] += 2
    stem_year = _STEM_YEAR.search(stem)
    if stem_year:
        votes[int(stem_year[1])] += 5
    if page and (years := years_in(page)):
        votes[max(years)] += 3
    if not votes:
        return None
    return max(votes, key=lambda year: (votes[year], year))


def _issuer(head: Sequence[Draft], opening: str, place: Division | None) -> str:
    line = next((draft.text for draft in head if _ISSUER.fullmatch(draft.text)), "")
    if line:
        return line
    who, body = authority(opening)
    if not body:
        return ""
    return f"{place.name}{body}" if place else who + body
