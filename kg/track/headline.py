"""Main targets: the sentences and lists that set them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from kg.entities.indicators import spellings
from kg.lexicon import words
from kg.model import Observation, Paragraph

__all__ = ["headline_spans", "in_span"]

_LEAD: Final = re.compile(
    r"(?:主要)?(?:预期|奋斗|总体|发展|工作|计划|经济|调控|调节)*(?:性)?(?:目标|指标)(?:任务|安排)?"
    r"(?:[^。；，]{0,24}?(?:是|为)|[^。；]{0,24}?(?:如下|：|:))|预期目标|主要目标|目标是[：:]"
)
_FIGURE: Final = re.compile(r"\d+(?:\.\d+)?")
_SHORT_LEAD: Final = 40
_LISTED: Final = 60
_COMMON: Final = 2
"""Names of the scheme up to so many characters are also common words (税收, 粮食)."""
_GOES_ON: Final = re.compile(
    r"^(?:[^，。]{0,4}(?:生产总值|投资|消费品|预算收入|增加值|可支配收入|失业率|进出口|价格|能耗|粮食))"
)
_ANNUAL: Final = re.compile(r"今年|明年|全年|本年|(?<!到)20\d\d年|年度")
_LONG_RUN: Final = re.compile(
    r"到20\d\d年|未来[三五]年|今后[三五]年|五年(?:发展|奋斗|主要)?目标|“十[^”]五”(?:时期|期间|末|期末)"
)


def headline_spans(
    paragraphs: Sequence[Paragraph], *, long_run: bool = False
) -> dict[int, tuple[int, int]]:
    """Where the main targets stand: those of the planned year, or those of several years.

    A paragraph counts if it belongs to the plan and announces targets (预期目标, 主要指标
    安排如下); of a list set out in paragraphs, the short ones that follow count too.

    An announcement that names no indicator of the scheme, nor does its list (目标是干出来的),
    is none where others do.

    Returns:
        Paragraph number → start and end of the part that sets targets.
    """
    groups: list[dict[int, tuple[int, int]]] = []
    open_list = False
    for paragraph in paragraphs:
        found = _announced(paragraph, long_run) if paragraph.part != "review" else None
        if found is not None:
            groups.append({paragraph.number: found})
            tail = paragraph.text.rstrip()
            open_list = tail.endswith(("：", ":")) or len(tail) - found[0] < _SHORT_LEAD
            continue
        listed = len(paragraph.text) < _LISTED and not paragraph.heading_level
        if open_list and listed and not paragraph.text.endswith(("：", ":")):
            groups[-1][paragraph.number] = (0, len(paragraph.text))
        else:
            open_list = False
    texts = {paragraph.number: paragraph.text for paragraph in paragraphs}
    naming = [group for group in groups if _names_indicator(group, texts)]
    return {number: span for group in naming or groups for number, span in group.items()}


def _names_indicator(spans: dict[int, tuple[int, int]], texts: dict[int, str]) -> bool:
    return any(_indicators().search(texts[number], *span) for number, span in spans.items())


@cache
def _indicators() -> re.Pattern[str]:
    """Any name of the scheme that is no common word."""
    names = [item for head in words("indicators") for item in spellings(head)]
    return re.compile("|".join(re.escape(item) for item in names if len(item) > _COMMON))


def _announced(paragraph: Paragraph, long_run: bool) -> tuple[int, int] | None:
    """The sentence that announces targets and holds the most figures."""
    spans = [
        (match.start(), _sentence_end(paragraph.text, match.end()))
        for match in _LEAD.finditer(paragraph.text)
        if _is_long_run(paragraph.text, match.start()) == long_run
    ]
    text = paragraph.text
    return max(spans, key=lambda span: len(_FIGURE.findall(text, *span)), default=None)


def _sentence_end(text: str, position: int) -> int:
    """The end of the sentence, or of the run of sentences that go on listing figures."""
    end = text.find("。", position)
    while 0 <= end < len(text) - 1:
        following = text[end + 1 : (text.find("。", end + 1) + 1 or len(text))]
        if not _GOES_ON.match(following):
            return end + 1
        end = text.find("。", end + 1)
    return len(text)


def _is_long_run(text: str, position: int) -> bool:
    """Whether the targets announced at ``position`` are those of several years."""
    start = max(text.rfind("。", 0, position), 0)
    sentence = text[start : position + 12]
    last = max((m.start() for m in _LONG_RUN.finditer(sentence)), default=-1)
    return last >= 0 and last > max((m.start() for m in _ANNUAL.finditer(sentence)), default=-1)


def in_span(item: Observation, number: int, spans: dict[int, tuple[int, int]]) -> bool:
    """Whether an observation stands among the main targets."""
    span = spans.get(number)
    return span is not None and span[0] <= item.start < span[1]
