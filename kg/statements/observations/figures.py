"""The figures of a paragraph: quantities, ranks and streaks, in order, not overlapping."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg.model import Mention
from kg.statements import quantities
from kg.statements.numerals import value_of
from kg.statements.observations import naming, ranks
from kg.statements.observations.clauses import Figure
from kg.statements.quantities import Quantity
from kg.statements.units import unit_kind

__all__ = ["Found", "find"]

_STREAK: Final = re.compile(
    r"连续第?\s*(?P<n>\d+|[一二两三四五六七八九十]+)(?:多)?\s*(?P<unit>个季度|季度|个月|年度?|月|届|次|轮|天|周)(?:来)?"
)
_RUN: Final = re.compile(r"[“\"]?(?P<n>\d+|[一二三四五六七八九十]+)连(?P<word>[增丰])[”\"]?")


@dataclass(frozen=True, slots=True)
class Found:
    """What :func:`find` saw.

    Attributes:
        figures: what may be an observation, in order, none overlapping.
        numbers: every number expression, dates and ordinals too.
        qualifiers: numbers that only narrow a noun (投资亿元以上项目).
        named: numbers inside a name.
    """

    figures: tuple[Figure, ...]
    numbers: tuple[Quantity, ...]
    qualifiers: tuple[Quantity, ...]
    named: tuple[Quantity, ...]


def find(text: str, mentions: Sequence[Mention] = ()) -> Found:
    """The figures of a paragraph.

    Args:
        text: a paragraph.
        mentions: its names; a number inside one is no figure.
    """
    numbers = quantities.find(text)
    figures: list[Figure] = [*ranks.find(text), *_streaks(text)]
    taken = [(figure.start, figure.end) for figure in figures if figure.kind == "rank"]
    taken += [(f.number_start, f.number_end) for f in figures if f.kind != "rank"]
    qualifiers, named = [], []
    for number in numbers:
        if not number.is_quantity:
            continue
        if any(number.number_start < end and start < number.number_end for start, end in taken):
            continue
        if _inside(number, mentions):
            named.append(number)
        elif _qualifies(text, number):
            qualifiers.append(number)
        else:
            figures.append(number)
    figures.sort(key=lambda figure: (figure.start, figure.end))
    return Found(tuple(_apart(figures)), tuple(numbers), tuple(qualifiers), tuple(named))


_SURE: Final = 0.8
"""A name less likely than this does not keep a count (18项 in 县定18项惠民工程) from being one."""


def _inside(number: Quantity, mentions: Sequence[Mention]) -> bool:
    counts = unit_kind(number.unit) in ("count", "persons")
    return any(
        mention.start <= number.number_start
        and number.number_end <= mention.end
        and (mention.score >= _SURE or not counts)
        for mention in mentions
    )


def _streaks(text: str) -> list[Quantity]:
    found = []
    for match in _STREAK.finditer(text):
        value = float(match["n"]) if match["n"].isdigit() else value_of(match["n"])
        if value is not None:
            unit = {"年度": "年", "月": "个月"}.get(match["unit"], match["unit"])
            found.append(
                Quantity(*match.span(), match.start("n"), match.end(), value, unit, kind="streak")
            )
    for match in _RUN.finditer(text):
        value = float(match["n"]) if match["n"].isdigit() else value_of(match["n"])
        if value is not None:
            found.append(
                Quantity(
                    *match.span(), match.start("n"), match.end("word"), value, "连增", kind="streak"
                )
            )
    return found


_BARE: Final = re.compile(r"[十百千万亿]+")
_SIZED: Final = (
    "(?:项目|企业|产业|集群|村|镇|县|市|园区|楼宇|平台|商圈|城市|基地|银行|大户|主体|品牌|单品|乡镇"
    "|县区|市州|街道|工程|行业|公司)"
)
_NARROWS: Final = re.compile(
    rf"的?[\u4e00-\u9fff“”、]{{0,9}}?{_SIZED}"
    r"(?=\s*\d|[一二两三四五六七八九十百数近超达占共有增从由到总，。、；和]|$|突破|新增|实现)"
)
_NOUN_NEXT: Final = re.compile(
    r"的?(?!左右|大关|台阶|门槛|关口|水平|目标|增长|增速|增幅|提升|提高|和|与|及|并|的?新|用于|支持|为"
    r"|，|、|完成|实现|达标|任务|通过|的?(?:$|[，。；]))[\u4e00-\u9fffA-Z“]"
)
_TAKEN_IN: Final = re.compile(r"(?:新增|培育|引进|招引|打造|新签约|新开工|新引进|签约|储备)$")
_PEOPLED: Final = re.compile(r"的?[\u4e00-\u9fff]{0,6}?(?:村|社区|小区|县|镇|企业)")
_SIZED_SOON: Final = re.compile(rf"的?[\u4e00-\u9fff]{{0,4}}?{_SIZED}")
_EXTENTS: Final = frozenset({"length", "area", "mass", "energy", "volume"})
_NARROWING_KINDS: Final = frozenset({"money", "time", "length", "area", "mass", "energy", "volume"})


def _qualifies(text: str, number: Quantity) -> bool:
    """Whether a number only narrows the noun after it: 投资400万元以上改造项目150个."""
    if number.kind != "amount":
        return False
    after = text[number.end : number.end + 24]
    if after.startswith("级") and not after.startswith(("级城市行列", "级行列")):
        return True
    kind = unit_kind(number.unit)
    if re.match(r"或(?:者)?\d", after) or text[number.start - 1 : number.start] == "或":
        return True
    if not _NOUN_NEXT.match(after):
        return False
    suffix = text[number.number_end : number.end]
    prefix = text[number.start : number.number_start]
    bare = _BARE.fullmatch(text[number.number_start : number.unit_start].strip()) is not None
    plain = kind in ("money", "none", "mass", "area") or number.unit == "人"
    if bare and plain and number.bound == "exact":
        return True
    bounded = bool(suffix) and suffix[-1] in "上下内"
    if bounded and kind in _EXTENTS and _follows_verb(text, number.start):
        return False  # 完成37万亩以上坡耕地整治
    if bounded and (kind in _NARROWING_KINDS or (kind == "persons" and _PEOPLED.match(after))):
        return True
    if bounded and number.unit == "分":
        return True  # 600分以上人数: the mark that those counted reach
    if bare and prefix and _SIZED_SOON.match(after):
        return True
    money = kind == "money" or (kind == "none" and number.value >= 1e8)
    if money and _TAKEN_IN.search(text[: number.start]) and _NARROWS.match(after):
        return True
    return money and bool(prefix) and _NARROWS.match(after) is not None


def _follows_verb(text: str, position: int) -> bool:
    return any(naming.is_bare_verb(text[position - size : position]) for size in (2, 3, 4, 6))


def _apart(figures: list[Figure]) -> list[Figure]:
    """Trim words that two neighbours both claim (the bound of one, the verb of the next)."""
    kept: list[Figure] = []
    for figure in figures:
        if kept and figure.start < kept[-1].end:
            if figure.number_start < kept[-1].number_end:
                continue
            figure = replace(figure, start=max(figure.start, kept[-1].end))
        kept.append(figure)
    return kept
