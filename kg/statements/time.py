"""When a sentence holds, and whether it tells a fact or an aim.

The default comes from the part of the report a paragraph belongs to (what was done, what
is planned) and from the section, which may be about one year or about a span of them
(五年来, “十四五”时期).  Period words and words of intent in the sentence override it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kg.model import Paragraph, Report
from kg.statements import periods
from kg.statements.periods import PeriodMention

__all__ = ["UNKNOWN", "Frame", "default_years", "frame", "part_of", "read", "span_of_section"]

UNKNOWN: Final = 1000
"""Stands for the year under review where nothing tells it; no report is that old."""

_SENTENCE_END: Final = re.compile(r"[。！？!?\n]")
_CLAUSE_END: Final = re.compile(r"[，；：,;、]")
_PLAN_NAME: Final = r"[“\"]十[一二三四五六七]五[”\"]"
_SPAN_OPENING: Final = re.compile(
    rf"(?:过去的?|这|近)五年|五年来|五年工作|的五年(?=[。，]|$)|{_PLAN_NAME}(?:时期|期间|以来|发展|工作|经济)"
)
_YEAR_OPENING: Final = re.compile(
    r"(?:刚刚)?过去的?(?:一年|(?:19|20)\d\d年)|一年来|一年工作|去年"
    r"|(?:19|20)\d\d年(?=，?(?:是|我们|面对|在[^，]{1,4}领导|.{0,6}(?:工作|回顾)))|今年(?=[是，])"
)
_COMING_OPENING: Final = re.compile(
    rf"(?:今后|未来|下一个)五年|{_PLAN_NAME}(?:时期|期间|发展|主要|经济|规划|的|，|目标)"
)
_YEAR_PLAN_OPENING: Final = re.compile(r"(?:19|20)\d\d年|今年|新的?一年")
_AIM: Final = re.compile(
    r"力争|争取|计划(?:在|于|新|完成|开工|投资|总|年)|目标(?:是|为)|确保|拟|预期目标|明年|今后|未来|下一步"
    r"|(?<![即必])将(?!军|士|乐|近|于|来)"
)
_PLAIN_PLAN: Final = re.compile(
    r"(?:主要)?预期目标|力争|争取|要坚持|我们要|将(?:以|把|继续|重点)|今年(?:工作|要|将)|加快推进|大力|着力"
)
_PLAIN_REVIEW: Final = re.compile(r"一年来|五年来|去年|全年|取得|荣获|成功|圆满|获评|同比|了")
_DONE: Final = re.compile(r"目前|截至(?!\d{4}年底)|一年来|五年来|(?<![比较年])去年(?!同期|底)")
_TO_THE_END: Final = re.compile(r"预计到?(?P<year>(?:19|20)\d\d)年(?:年底|底|末|全年)")
_OPENING: Final = 34
"""How many code points of a paragraph are its opening."""
_HEADING: Final = 40
"""A paragraph shorter than this may be a heading."""
_LEAD_IN: Final = re.compile(
    r"(?:[——\s]|各位代表[！，]?|[一二三四五六七八九十]+[是、]|[（(][^（）()]{1,3}[）)]|预计|力争|争取|确保|其中|特别是|截至|截止|到|至|自|从|在|刚刚过去的|过去的|全市|全省|全县|全区|我市|我省"
    r"|截止到|展望|回顾|同时)*"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The time of a place in the text.

    Attributes:
        period: in the contract's notation.
        status: ``actual`` or ``target``.
        explicit: whether words of the sentence gave the period.
        span: the years the section is about, if more than one.
    """

    period: str
    status: str
    explicit: bool = False
    span: str | None = None


class _Calendar:
    """Years and sections of a report, worked out once."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.review, self.plan = _years(report)
        self.parts = [_part(paragraph) for paragraph in report.paragraphs]
        if self._runs_to_plan_year():
            self.review, self.plan = self.plan, self.plan + 1
        self.spans = self._sections()

    def _runs_to_plan_year(self) -> bool:
        """Whether the review looks ahead to the end of the year it was given in.

        Reports at a change of term are given in autumn: 预计到2021年底.
        """
        year = f"预计到{self.plan}年"
        return any(
            part == "review" and year in paragraph.text and _TO_THE_END.search(paragraph.text)
            for part, paragraph in zip(self.parts, self.report.paragraphs, strict=True)
        )

    def _sections(self) -> list[str | None]:
        spans: list[str | None] = []
        span: str | None = None
        last = ""
        for part, paragraph in zip(self.parts, self.report.paragraphs, strict=True):
            if part != last:
                span, last = None, part
            opened = self.opened(paragraph.text, part)
            if opened is not None:
                span = opened or None
            spans.append(span)
        return spans

    def opened(self, text: str, part: str) -> str | None:
        """The span a text begins, empty if it begins a single year, ``None`` if neither."""
        opening = text[:_OPENING]
        if part == "plan":
            return self._opened_plan(opening, len(text) < _HEADING)
        span, year = _SPAN_OPENING.search(opening), _YEAR_OPENING.search(opening)
        if year and not (span and span.start() < year.start()):
            return ""
        if span is None:
            return None
        return self._span(span[0], self.review - 4, self.review)

    def _opened_plan(self, opening: str, heading: bool) -> str | None:
        coming, year = _COMING_OPENING.search(opening), _YEAR_PLAN_OPENING.search(opening)
        if coming and not heading and not _LEAD_IN.fullmatch(opening[: coming.start()]):
            coming = None  # 编制“十五五”规划 is a task of the year
        if coming and not (year and year.start() < coming.start()):
            first = self.plan + 1 if self.plan % 5 == 0 else self.plan
            span = self._span(coming[0], first, first + 4)
            return span if periods.last_year(span) > self.plan else None
        return "" if year else None

    def _span(self, words: str, first: int, last: int) -> str:
        name = re.search(_PLAN_NAME, words)
        if name:
            found = periods.find(name[0] + "时期", default_year=self.review)
            if found:
                return found[0].notation
        return periods.years_between(first, last)

    def span(self, paragraph: Paragraph, part: str) -> str | None:
        place = paragraph.number - 1
        paragraphs = self.report.paragraphs
        if 0 <= place < len(paragraphs) and paragraphs[place].id == paragraph.id:
            return self.spans[place]
        for text in (paragraph.text, *reversed(paragraph.headings)):
            opened = self.opened(text, part)
            if opened is not None:
                return opened or None
        return None


_latest: list[_Calendar] = []
"""The calendar of the report that was read last; reports come paragraph by paragraph."""


def _calendar(report: Report) -> _Calendar:
    if not _latest or _latest[0].report is not report:
        _latest[:] = [_Calendar(report)]
    return _latest[0]


def _years(report: Report) -> tuple[int, int]:
    review, plan = report.review_year, report.plan_year
    if review is None and plan is None:
        stem = re.search(r"(?:19|20)\d\d", report.stem)
        plan = int(stem[0]) if stem else None
    if review is None and plan is None:
        # Nothing says which year is reviewed: the latest that the text names, if any.
        named = re.findall(r"(?:19|20)\d\d(?=\s*年)", report.source)
        review = max(map(int, named), default=UNKNOWN)
    if review is None:
        review = plan - 1 if plan is not None else UNKNOWN
    return review, plan if plan is not None else review + 1


def default_years(report: Report) -> tuple[int, int]:
    """The year reviewed and the year planned, each derived from the other if unknown."""
    calendar = _calendar(report)
    return calendar.review, calendar.plan


def part_of(paragraph: Paragraph) -> str:
    """``review`` or ``plan``; where the text room does not say, the words decide."""
    return _part(paragraph)


def _part(paragraph: Paragraph) -> str:
    if paragraph.part != "other":
        return paragraph.part
    plan = len(_PLAIN_PLAN.findall(paragraph.text))
    return "plan" if plan > len(_PLAIN_REVIEW.findall(paragraph.text)) else "review"


def span_of_section(paragraph: Paragraph, report: Report) -> str | None:
    """The span of years the paragraph's section is about; ``None`` if it is one year."""
    return _calendar(report).span(paragraph, _part(paragraph))


def frame(paragraph: Paragraph, report: Report, position: int) -> tuple[str, str]:
    """Period and status that hold at a position of a paragraph.

    Args:
        paragraph: the paragraph; its ``part`` gives the default.
        report: gives the years.
        position: code-point offset into ``paragraph.text``.

    Returns:
        The period in the contract's notation and ``actual`` or ``target``.
    """
    found = read(paragraph, report, position)
    return found.period, found.status


def read(paragraph: Paragraph, report: Report, position: int) -> Frame:
    """As :func:`frame`, with what the period rests on."""
    text, calendar = paragraph.text, _calendar(report)
    planned = _part(paragraph) == "plan"
    default = calendar.plan if planned else calendar.review
    start = max((mark.end() for mark in _SENTENCE_END.finditer(text, 0, position)), default=0)
    ending = _SENTENCE_END.search(text, position)
    end = ending.start() if ending else len(text)
    found = periods.find(text[start:end], default_year=default, current_year=calendar.plan)
    span = calendar.span(paragraph, "plan" if planned else "review")
    span = _span_before(text[:start], calendar, planned, default) or span
    spoken = _spoken(text[start:end], found, position - start)
    period = spoken.notation if spoken else str(default)
    if spoken and "/" in period and _is_span_word(text[start + spoken.start : start + spoken.end]):
        span, spoken, period = period, None, str(default)
    head = text[start:position]
    status = _status(period, head, planned, calendar, spoken is not None)
    if planned and status == "actual" and spoken is None:
        period = str(calendar.review)
    return Frame(period, status, spoken is not None, span)


def _status(period: str, head: str, planned: bool, calendar: _Calendar, explicit: bool) -> str:
    aim = _AIM.search(head) is not None
    if planned:
        if explicit:
            return "actual" if periods.last_year(period) < calendar.plan and not aim else "target"
        return "actual" if _DONE.search(head) and not aim else "target"
    last = periods.last_year(period)
    return "target" if last > calendar.plan or (last > calendar.review and aim) else "actual"


_SPAN_WORD: Final = re.compile(rf"(?:{_PLAN_NAME}|五年来|(?:过去|这|近|今后|未来)的?五年)")


def _is_span_word(words: str) -> bool:
    return _SPAN_WORD.match(words) is not None


def _span_before(before: str, calendar: _Calendar, planned: bool, default: int) -> str | None:
    """A span (五年来) that an earlier sentence of the paragraph opened."""
    span = None
    for match in _SPAN_WORD.finditer(before):
        begin = max(
            (mark.end() for mark in _SENTENCE_END.finditer(before, 0, match.start())), default=0
        )
        if not _LEAD_IN.fullmatch(before[begin : match.start()]):
            continue
        found = periods.find(
            before[match.start() : match.start() + 14],
            default_year=default,
            current_year=calendar.plan,
        )
        if found and "/" in found[0].notation:
            span = found[0].notation
    return span


def _spoken(sentence: str, found: Sequence[PeriodMention], position: int) -> PeriodMention | None:
    """The last period word of a sentence that reaches a position.

    One that opens the sentence or a clause reaches to the sentence's end, any other to
    the end of its clause.
    """
    reaching = None
    for mention in found:
        if mention.start > position or mention.role in ("base", "from"):
            continue
        begin = 0
        for mark in _CLAUSE_END.finditer(sentence, 0, mention.start):
            begin = mark.end()
        opens = _LEAD_IN.fullmatch(sentence[begin : mention.start]) is not None
        close = _CLAUSE_END.search(sentence, mention.end)
        same_clause = close is None or close.start() >= position
        if opens or same_clause:
            reaching = mention
    return reaching
