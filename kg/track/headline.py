"""Main targets: the paragraphs that set them, and those that carry no figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kg.entities.indicators import canonical, spellings
from kg.lexicon import rows
from kg.model import Extraction, Observation, Paragraph
from kg.track.model import Side

__all__ = ["headline_spans", "in_span", "worded_outcome", "worded_targets"]

_LEAD: Final = re.compile(
    r"(?:主要)?(?:预期|奋斗|总体|发展|工作|计划|经济|调控|调节)*(?:性)?(?:目标|指标)(?:任务|安排)?"
    r"[^。；]{0,24}?(?:是|为|如下|：|:)|预期目标|主要目标|目标是[：:]"
)
_FIGURE: Final = re.compile(r"\d+(?:\.\d+)?")
_SHORT_LEAD: Final = 40
_LISTED: Final = 60
_GOES_ON: Final = re.compile(
    r"^(?:[^，。]{0,4}(?:生产总值|投资|消费品|预算收入|增加值|可支配收入|失业率|进出口|价格|能耗|粮食))"
)
_ANNUAL: Final = re.compile(r"今年|明年|全年|本年|(?<!到)20\d\d年|年度")
_SAID: Final = (
    r"(?<!占)(?<![一-鿿]占)(?<!规上)(?<!规模以上){}(?:涨幅|增速|增幅|增长|总体|指数)?"
    r"(?P<how>[^，。；\d]{{0,14}}(?:持平|平稳|稳定|同步|低位|未达|不及|高于|低于|快于|增长|提高|下降|回落|下滑)"
    r"[^，。；\d]{{0,12}})"
)
_LONG_RUN: Final = re.compile(
    r"到20\d\d年|未来[三五]年|今后[三五]年|五年(?:发展|奋斗|主要)?目标|“十[^”]五”(?:时期|期间|末|期末)"
)
_ITEM: Final = re.compile(r"[^，；。：:（）()]+")
_AND: Final = re.compile(r"[、和及与]")
_WORDED: Final = re.compile(
    r"(?P<name>[一-鿿A-Za-z0-9.、]{2,40}?)(?P<how>(?:保持|实现)?(?:与|和)[^，；。]{2,24}?(?:基本)?同步"
    r"|(?:增速|增幅)?(?:高于|快于|优于|好于|不低于|达到|跑赢|力争高于)(?:全国|全省|全市|全区|省|市)[^，；。]{0,12}"
    r"|(?:保持)?(?:稳步|稳定|持续|平稳|较快|合理|同步)(?:增长|提高|提升|回升|下降|恢复性增长)"
    r"|(?:基本)?(?:保持)?(?:稳定|平稳|平衡|持平)|稳中提质|促稳提质|量稳质升|稳量提质"
    r"|(?:完成|达到|控制在)(?:国家|省|市|上级|省市|国家和省)[^，；。]{0,14}?(?:任务|目标|要求|范围内|以内|水平))"
)


def headline_spans(
    paragraphs: Sequence[Paragraph], *, long_run: bool = False
) -> dict[int, tuple[int, int]]:
    """Where the main targets stand: those of the planned year, or those of several years.

    A paragraph counts if it belongs to the plan and announces targets (预期目标, 主要指标
    安排如下); of a list set out in paragraphs, the short ones that follow count too.

    Returns:
        Paragraph number → start and end of the part that sets targets.
    """
    spans: dict[int, tuple[int, int]] = {}
    open_list = False
    for paragraph in paragraphs:
        found = _announced(paragraph, long_run) if paragraph.part != "review" else None
        if found is not None:
            spans[paragraph.number] = found
            tail = paragraph.text.rstrip()
            open_list = tail.endswith(("：", ":")) or len(tail) - found[0] < _SHORT_LEAD
            continue
        listed = len(paragraph.text) < _LISTED and not paragraph.heading_level
        if open_list and listed and not paragraph.text.endswith(("：", ":")):
            spans[paragraph.number] = (0, len(paragraph.text))
        else:
            open_list = False
    return spans


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


def worded_targets(
    extraction: Extraction, spans: dict[int, tuple[int, int]]
) -> Iterator[tuple[str, Side]]:
    """Main targets without a figure (``与经济增长基本同步``, ``高于全国``).

    Yields:
        The indicator's name in the scheme and the target.
    """
    known = _known()
    by_number = {paragraph.number: paragraph for paragraph in extraction.report.paragraphs}
    notes = dict(zip(by_number, extraction.annotations, strict=False))
    for number, (first, last) in sorted(spans.items()):
        text = by_number[number].text
        taken = [(item.start, item.end) for item in notes[number].observations]
        for item in _ITEM.finditer(text, first, last):
            match = _WORDED.search(item[0])
            if match is None:
                continue
            start, end = item.start() + match.start(), item.start() + match.end()
            if any(a < end and start < b for a, b in taken):
                continue
            side = Side(
                report=extraction.report.stem,
                paragraph=number,
                quote=text[start:end],
                start=start,
                end=end,
                bound="min",
                period=str(extraction.report.plan_year or ""),
                headline=True,
            )
            names = [match["name"], *_AND.split(match["name"])]
            for name in dict.fromkeys(map(canonical, names)):
                if name in known:
                    yield name, side


def worded_outcome(name: str, new: Extraction) -> Side | None:
    """What the review of a report says of an indicator without a figure of its own.

    “与上年持平” is a growth of 0.
    """
    for paragraph in new.report.paragraphs:
        if paragraph.part == "plan":
            continue
        for spelling in spellings(name):
            match = re.search(_SAID.format(re.escape(spelling)), paragraph.text)
            if match is None:
                continue
            level = "持平" in match["how"]
            return Side(
                report=new.report.stem,
                paragraph=paragraph.number,
                quote=match[0],
                start=match.start(),
                end=match.end(),
                value=0.0 if level else None,
                unit="%" if level else "",
                measure="growth" if level else "",
                bound="approx" if level else "exact",
                period=str(new.report.review_year or ""),
            )
    return None


def in_span(item: Observation, number: int, spans: dict[int, tuple[int, int]]) -> bool:
    """Whether an observation stands among the main targets."""
    span = spans.get(number)
    return span is not None and span[0] <= item.start < span[1]


def _known() -> frozenset[str]:
    return frozenset(row["name"] for row in rows("indicators"))
