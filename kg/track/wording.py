"""What is said of an indicator without a figure: targets (与经济增长同步) and outcomes (持平)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from kg.entities.indicators import canonical, spellings
from kg.lexicon import rows, words
from kg.model import Extraction
from kg.track.model import Side

__all__ = ["Said", "worded_outcome", "worded_targets"]

_ITEM: Final = re.compile(r"[^，；。：:（）()]+")
_AND: Final = re.compile(r"[、和及与]")
_WORDED: Final = re.compile(
    r"(?P<name>[一-鿿A-Za-z0-9.、]{2,60}?)(?:均|都)?(?P<how>(?:保持|实现)?(?:与|和)[^，；。]{2,24}?(?:基本)?同步"
    r"|(?:增速|增幅)?(?:高于|快于|优于|好于|不低于|达到|跑赢|力争高于)(?:全国|全省|全市|全区|省|市)[^，；。]{0,12}"
    r"|(?:保持)?(?:稳步|稳定|持续|平稳|较快|合理|同步)(?:增长|提高|提升|回升|下降|恢复性增长)"
    r"|(?:基本)?(?:保持)?(?:稳定|平稳|平衡|持平)|稳中提质|促稳提质|量稳质升|稳量提质"
    r"|(?:完成|达到|控制在)(?:国家|省|市|上级|省市|国家和省)[^，；。]{0,14}?(?:任务|目标|要求|范围内|以内|水平))"
)
_HOW: Final = (
    r"持平|平稳|稳定|同步|低位|未达|不及|高于|低于|快于|优于|增长|提高|提升|下降|回落|回升|下滑"
    r"|领先|前列|新高|最好水平|最低水平|达标|(?:超额|全面|圆满|提前|如期)*完成[^，。；\d]{0,18}(?:任务|目标|计划)"
)
_BEFORE: Final = r"(?<!占)(?<!规上)(?<!规模以上)"
_AFTER: Final = (
    r"(?!企业|方式)(?:涨幅|增速|增幅|增长|总体|指数)?(?:、[^，。；、\d]{2,10}){0,5}"
    rf"(?P<how>(?:[^，。；\d]|\d{{1,4}}年){{0,20}}(?:{_HOW})[^，。；\d]{{0,12}}"
    r"(?:，超额完成[^，。；\d]{0,12}(?:任务|目标))?)"
)
_ALONE: Final = r"(?:^|(?<=[{}]))(?:全年|全[省市区县]|我[省市区县])?"
"""Where a short word is a subject and no part of a longer one (投资, 进出口)."""
_SHORT: Final = 3
_CLAUSE: Final = "，。；：！"
_PROBLEMS: Final = re.compile(
    r"清醒|(?:困难|挑战|矛盾|短板|不足)(?:和|与|、)|存在[^。]{0,12}(?:问题|不足)|主要是："
)
_FELL: Final = re.compile(r"未达|不及|低于|下降|下滑|回落")
_CITY_AND_COUNTRY: Final = "居民人均可支配收入"
_HALVES: Final = frozenset({"城镇居民人均可支配收入", "农村居民人均可支配收入"})


@dataclass(frozen=True, slots=True)
class Said:
    """What a review says in words, and what a reader should know besides."""

    side: Side
    note: str = ""


def worded_targets(
    extraction: Extraction, spans: dict[int, tuple[int, int]]
) -> Iterator[tuple[str, Side]]:
    """Main targets without a figure (``与经济增长基本同步``, ``高于全国``).

    Yields:
        The indicator's name in the scheme and the target.
    """
    known = frozenset(words("indicators"))
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


def worded_outcome(name: str, new: Extraction) -> Said | None:
    """What the review of a report says of an indicator without a figure of its own.

    “与上年持平” is a growth of 0.  What is told of the subject of an indicator (就业形势总体
    稳定) counts where nothing is told of the indicator itself; what is told as a problem
    that remains does not.
    """
    for pattern, note in _patterns(name):
        for paragraph in new.report.paragraphs:
            if paragraph.part == "plan":
                continue
            match = pattern.search(paragraph.text)
            if match is None or _is_problem(paragraph.text, match):
                continue
            level = "持平" in match["how"]
            side = Side(
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
            return Said(side, note)
    return None


def _is_problem(text: str, match: re.Match[str]) -> bool:
    """Whether it is told among what is still hard, and does not say what happened (下滑)."""
    return bool(_PROBLEMS.search(text, 0, match.end())) and not _FELL.search(match["how"])


@cache
def _patterns(name: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """How reports speak of an indicator: by its names, by kindred ones, by its subject."""
    names = list(spellings(name))
    if name in _HALVES:
        names += [item for item in spellings(_CITY_AND_COUNTRY) if item.startswith("城乡")]
    kin = [
        (item, row["note"])
        for row in rows("indicator_kin")
        if row["name"] == name
        for item in spellings(row["kin"])
    ]
    topics = [row for row in rows("indicator_topics") if row["name"] == name]
    return (
        *((_pattern(item, after=_CLAUSE + "、和与及"), "") for item in names),
        *((_pattern(item, after=_CLAUSE + "、和与及"), note) for item, note in kin),
        *((_pattern(row["topic"], after=_CLAUSE), row["note"]) for row in topics),
    )


def _pattern(subject: str, *, after: str) -> re.Pattern[str]:
    alone = _ALONE.format(after) if len(subject) <= _SHORT else ""
    return re.compile(_BEFORE + alone + re.escape(subject) + _AFTER)
