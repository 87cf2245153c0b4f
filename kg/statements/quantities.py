"""Number expressions of a text → value, unit and bound.

Arabic figures and Chinese numerals with 万/亿/千/百 folded in, ranges, fractions,
multiples and doublings, two-digit and zero statements, and the words that make a figure a
lower, an upper or an approximate one.  What only looks like a number (dates, ordinals,
footnote marks, list numbers, codes such as 5G) is reported too, under its own kind, so
that every digit of a text can be accounted for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from kg.statements.marks import MARK
from kg.statements.numerals import DIGITS, decimal_of, times, value_of
from kg.statements.units import unit_at, unit_kind

__all__ = ["KINDS", "Quantity", "find", "is_medal"]

KINDS: Final = (
    "amount",
    "fraction",
    "times",
    "double",
    "digits",
    "zero",
    "date",
    "ordinal",
    "footnote",
    "list",
    "code",
)
"""``amount`` … ``zero`` are quantities; the rest are numbers that measure nothing."""

_WIDE: Final = str.maketrans("０１２３４５６７８９．％", "0123456789.%")

_MULT: Final = "万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千(?![克瓦米伏卡帕升])|百"
_ARABIC: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_CHINESE: Final = "[零〇一二两三四五六七八九十百千万亿]+"
_MORE: Final = "[多余几]"
_DASH: Final = r"\s*(?:-|－|—|–|~|～|至|到)+\s*"

_MIN_BEFORE: Final = re.compile(
    r"(?:超过?了?|逾|突破了?|不低于|不少于|不小于|(?<!提)高于|大于|不下于|多于|[跨迈站登踏跃]过?[上入进]了?|迈过|跨越"
    r"|冲破|首破|[再连]破|破|(?<![通经])过|至少|(?<![以之])上|冲刺|(?<!推)进入了?)\s*$"
)
_MAX_BEFORE: Final = re.compile(
    r"(?:不超过?|不高于|不多于|不大于|(?<!不)(?:低于|少于|小于)|控制在|最多)\s*$"
)
_APPROX_BEFORE: Final = re.compile(
    r"(?:(?<![签条合节预制履公契特大])约为?|约合|折合|[接逼]?近|大约|将近|大概|近乎)\s*$"
)
_MIN_AFTER: Final = re.compile(r"\s*(?:及?以上|多)")
_MAX_AFTER: Final = re.compile(r"\s*(?:及?以[内下]|之内)")
_WITHIN_TIME: Final = re.compile(r"\s*内(?!部|地|蒙|陆|资|外|容|需|涝|河|审|生|环|科|湾)")
_APPROX_AFTER: Final = re.compile(r"\s*(?:左右|上下)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number expression.

    Attributes:
        start: where its words begin, the bound's (超过, 近) included.
        end: one past them (以上, 左右 included).
        number_start: where the figure begins.
        number_end: one past the figure and its unit.
        value: 万, 亿, … folded in.
        value_max: upper end of a range.
        unit: as noted in the table of units; empty if none is written.
        bound: ``exact``, ``min``, ``max`` or ``approx``.
        kind: one of :data:`KINDS`.
        unit_start: where the unit begins.
        chinese: whether the figure is written in Chinese numerals.
    """

    start: int
    end: int
    number_start: int
    number_end: int
    value: float
    unit: str = ""
    bound: str = "exact"
    kind: str = "amount"
    value_max: float | None = None
    unit_start: int = 0
    chinese: bool = False

    @property
    def is_quantity(self) -> bool:
        """Whether it measures or counts something."""
        return self.kind in KINDS[:6]


_SPECIAL: Final = re.compile(
    rf"(?P<over>百分之)(?P<percent>{_CHINESE}(?:点{_CHINESE})?|{_ARABIC})"
    rf"|(?P<den>[二三四五六七八九十]+)分之(?P<num>[一二三四五六七八九十]+)"
    r"|(?P<top>\d{1,2})/(?P<bottom>\d{1,2})(?![\d/])"
    r"|(?P<half>一半|半数|过半)"
    r"|(?P<tenths>[一二三四五六七八九]|(?<![\d.])[1-9])成(?P<and_half>半)?(?![立为长效果功员本品都分人就熟绩交绵渝灌])"
    r"|(?P<fan>翻(?P<times>[一二两三四])?番(?P<more>半)?|倍增(?!计划|行动|工程|战略|方案)|成倍增长|双倍|减半)"
    r"|(?P<digits>(?P<count>[两三四五六七八个])位数)"
    r"|(?P<class>(?<=[到达持在于])[ⅠⅡⅢⅣⅤ])类"
    r"|(?P<zero>(?<!个)零)(?=(?:感染|疑似|发生|增长|伤亡|事故|死亡|上访|发案|投诉|报告|新增|确诊|扩散|输入"
    r"|失误|火灾|亡人|差错|差评|污染|命案|非法|违规|反弹|进京|返贫|漏报|跨省|案件|举报))"
)
_FIGURE: Final = re.compile(
    rf"(?P<a>{_ARABIC})\s*(?P<more1>{_MORE})?(?P<mult>(?:{_MULT})(?![分亩]之))?(?P<more2>{_MORE})?"
)
_HAN_FIGURE: Final = re.compile(
    rf"(?P<some>[数几])?(?P<c>{_CHINESE}(?:点{_CHINESE})?)(?P<more>[多余几])?(?P<mult>亿|万)?"
)
_RANGE: Final = re.compile(rf"{_DASH}(?P<figure>{_ARABIC})(?P<mult>{_MULT})?")
_SPACE: Final = re.compile(r"\s*")
_COUNT: Final = r"(?:\d{1,4}|[一二两三四五六七八九十]{1,3})"
_MEDALS: Final = re.compile(
    rf"{_COUNT}枚?[金银铜](?:[、和]?{_COUNT}枚?[金银铜])+|(?<=[得获夺揽摘取])\d{{1,4}}[金银铜](?=[，。、；]|$)"
)
"""Medals by their metal: 4金7银2铜; alone only after a verb of winning (五金 is hardware)."""
_MEDAL: Final = re.compile(rf"(?P<count>{_COUNT})枚?[金银铜]")
_START: Final = re.compile(
    r"[ⅠⅡⅢⅣⅤ]|[A-Za-zＡ-Ｚα-ωΑ-Ω_&@#]*\d|[零〇一二两三四五六七八九十百千万亿数几半]|[\[［〔【（(\^①-⑳第前]|过半|翻|倍增|成倍|双倍"
    r"|减半|个位数"
)


def find(text: str) -> list[Quantity]:
    """All number expressions of a text, in order, none overlapping another."""
    found = list(_scan(text.translate(_WIDE)))
    return _share_units(found, text)


def is_medal(word: str) -> bool:
    """Whether a figure as written counts medals by their metal (7银)."""
    return _MEDAL.fullmatch(word) is not None


def _medals(text: str) -> Iterator[Quantity]:
    for group in _MEDALS.finditer(text):
        for match in _MEDAL.finditer(text, *group.span()):
            word = match["count"]
            value = float(word) if word.isdigit() else value_of(word)
            if value is not None:
                yield Quantity(
                    *match.span(), *match.span(), value, "枚", unit_start=match.end("count")
                )


def _scan(text: str) -> Iterator[Quantity]:
    medals = {medal.start: medal for medal in _medals(text)}
    done = 0
    for candidate in _START.finditer(text):
        start = candidate.start()
        if start < done:
            continue
        quantity = medals.get(start) or _at(text, start, done)
        if quantity is not None:
            done = quantity.end
            yield quantity


def _at(text: str, start: int, done: int) -> Quantity | None:
    match = MARK.match(text, start)
    if match is not None and not _is_amount_after_all(text, match):
        kind = match.lastgroup or "code"
        return Quantity(start, match.end(), start, match.end(), 0.0, kind=kind)
    special = _SPECIAL.match(text, start)
    if special is not None:
        return _special(text, special, done)
    if text[start].isdigit():
        return _arabic(text, start, done)
    return _han(text, start, done)


def _is_amount_after_all(text: str, match: re.Match[str]) -> bool:
    """Whether what looks like a list number or a date is a figure after all."""
    if match.lastgroup == "list":
        # “：三、” is a list number, “：3.5亿元” is not (held by the pattern)
        return False
    if match.lastgroup == "date":
        after = text[match.end() : match.end() + 1]
        return bool(re.fullmatch(r"(?:19|20)\d\d", match[0])) and after not in "“中·全"
    if match.lastgroup == "code":
        if re.fullmatch(r"\d+\s*[级号路期]", match[0]):
            return False
        if re.fullmatch(r"\d+\s*[×x]\d?", match[0]):
            return False
    return False


def _special(text: str, match: re.Match[str], done: int) -> Quantity | None:
    start, end = match.span()
    group = match.groupdict()
    kind, unit, maximum = "fraction", "1", None
    value: float | None
    if group["percent"]:
        word = group["percent"]
        value = float(word) if word[0].isdigit() else decimal_of(word)
        kind, unit = "amount", "%"
    elif group["den"]:
        top, bottom = value_of(group["num"]), value_of(group["den"])
        value = round(top / bottom, 4) if top and bottom else None
    elif group["top"]:
        value = round(int(group["top"]) / int(group["bottom"]), 4) if int(group["bottom"]) else None
        if value is None or value >= 1 or text[start - 1 : start].isdigit():
            return None
    elif group["half"]:
        value = 0.5
    elif group["tenths"]:
        tenths = group["tenths"]
        whole = int(tenths) if tenths.isdigit() else DIGITS[tenths]
        value = whole * 10 + (5 if group["and_half"] else 0)
        unit = "%"
    elif group["class"]:
        if "水质" not in text[max(0, start - 30) : start]:
            return None
        value, kind, unit = float("ⅠⅡⅢⅣⅤ".index(group["class"]) + 1), "amount", "类"
    elif group["fan"]:
        value, kind, unit = _doubling(match), "double", "%"
    elif group["digits"]:
        value, kind, unit = _digit_count(group["count"]), "digits", ""
    else:
        value, kind, unit = 0.0, "zero", ""
    if value is None:
        return None
    quantity = Quantity(start, end, start, end, value, unit, "exact", kind, maximum, end, True)
    quantity = _bounded(text, quantity, done)
    if group["half"] == "过半":
        return replace(quantity, bound="min")
    if kind == "digits":
        return replace(quantity, bound="max" if group["count"] == "个" else "min")
    return quantity


def _doubling(match: re.Match[str]) -> float:
    if match["fan"] == "减半":
        return -50.0
    times = DIGITS.get(match["times"] or "一", 1)
    return (2.0**times * (1.5 if match["more"] else 1) - 1) * 100


def _digit_count(word: str) -> float:
    return 9.0 if word == "个" else 10.0 ** (DIGITS[word] - 1)


def _arabic(text: str, start: int, done: int) -> Quantity | None:
    match = _FIGURE.match(text, start)
    if match is None:
        return None
    value = float(match["a"].replace(",", ""))
    multiplier = match["mult"]
    end = match.end()
    bound = "min" if match["more1"] or match["more2"] else "exact"
    unit, unit_start, unit_end = unit_at(text, end, chinese=False)
    if bound == "exact":
        span = _range(text, start, value, multiplier, unit_end if unit else end, unit)
        if span is not None:
            return _bounded(text, span, done)
    value = times(value, multiplier)
    kind = "amount"
    if not unit and text.startswith("倍", _skip(text, end)):
        unit_end, unit, kind = _skip(text, end) + 1, "倍", "times"
        unit_start = unit_end - 1
    if not unit:
        unit_start = unit_end = end
        if not multiplier and _YEAR.fullmatch(match["a"]):
            return Quantity(start, end, start, end, 0.0, kind="date")
    if unit == "微克" and text[:start].endswith("每立方米"):
        unit = "微克/立方米"
    if text[start - 1 : start] == "每":
        kind = "code"
    quantity = Quantity(
        start, unit_end, start, unit_end, value, unit, bound, kind, unit_start=unit_start
    )
    return _bounded(text, quantity, done)


_YEAR: Final = re.compile(r"(?:19[5-9]|20[0-5])\d")


def _range(
    text: str, start: int, value: float, multiplier: str | None, end: int, unit: str
) -> Quantity | None:
    """The range that a figure opens (5-10项, 8—8.5%), if it does."""
    upper = _RANGE.match(text, end)
    if upper is None or re.match(r"\.\d", text[upper.end() :]):
        return None
    last = times(float(upper["figure"].replace(",", "")), upper["mult"])
    first = times(value, multiplier or upper["mult"])
    second, unit_start, unit_end = unit_at(text, upper.end(), chinese=False)
    if (unit and second != unit) or not (second or upper["mult"]) or last <= first:
        return None
    return Quantity(
        start,
        unit_end,
        start,
        unit_end,
        first,
        second,
        value_max=last,
        unit_start=unit_start,
    )


def _han(text: str, start: int, done: int) -> Quantity | None:
    match = _HAN_FIGURE.match(text, start)
    if match is None or text[start - 1 : start] in ("第", "之", "分", "每"):
        return None
    word = match["c"]
    if word in "零〇":
        return None
    if word == "二" and not match["mult"]:
        return None  # counting says 两: 二次供水, 二类 name, they do not count
    value = decimal_of(word)
    if value is None:
        return None
    if match["mult"] and match["more"]:
        value = times(value, match["mult"])
    bound = "approx" if match["some"] else "min" if match["more"] else "exact"
    unit, unit_start, unit_end = unit_at(text, match.end(), chinese=True)
    kind = "amount"
    if not unit and text.startswith("倍", match.end()):
        unit_start, unit_end, unit, kind = match.end(), match.end() + 1, "倍", "times"
    quantity = Quantity(
        start, unit_end, start, unit_end, value, unit, bound, kind, None, unit_start, True
    )
    quantity = _bounded(text, quantity, done)
    if not unit:
        big = (value >= 1e4 and word[-1] in "万亿") or word in ("百", "千")
        spoken = len(word) > 1 and word[-1] == "亿"
        if not spoken and (quantity.bound == "exact" or not big):
            return None
        return replace(quantity, end=match.end(), number_end=match.end(), unit_start=match.end())
    return quantity


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _bounded(text: str, quantity: Quantity, done: int) -> Quantity:
    """The quantity with the bound that the words around it set."""
    start, end, bound = quantity.start, quantity.end, quantity.bound
    before = text[max(done, start - 5) : start]
    after = (
        (_MAX_AFTER, "max"),
        (_MIN_AFTER, "min"),
        (_APPROX_AFTER, "approx"),
    )
    for pattern, name in after:
        match = pattern.match(text, end)
        if match is not None:
            end, bound = match.end(), name
            break
    if bound == "exact" and unit_kind(quantity.unit) == "time":
        within = _WITHIN_TIME.match(text, end)
        if within is not None:
            end, bound = within.end(), "max"
    for pattern, name in (
        (_MAX_BEFORE, "max"),
        (_APPROX_BEFORE, "approx"),
        (_MIN_BEFORE, "min"),
    ):
        match = pattern.search(before)
        if match is not None:
            start = quantity.start - (len(before) - match.start())
            if bound == "exact":
                bound = name
            break
    return replace(quantity, start=start, end=end, bound=bound)


_JOINT: Final = re.compile(r"\s*[、和与及]\s*$")


def _share_units(found: list[Quantity], text: str) -> list[Quantity]:
    """Give the figures of a list the unit written after the last: 3.2和2.6倍."""
    for i in range(len(found) - 2, -1, -1):
        here, after = found[i], found[i + 1]
        if after.kind == "code" and not here.unit and here.kind == "amount":
            word = text[after.number_start : after.number_end].strip()
            numbered = word[-1] in "号#期" or word.isdigit()
            if numbered and _JOINT.fullmatch(text[here.end : after.start]):
                found[i] = replace(here, kind="code")  # 21、25、27号线
            continue
        if here.unit or here.kind != "amount" or not after.unit or here.chinese:
            continue
        between = text[here.end : after.start]
        if _JOINT.fullmatch(between) and unit_kind(after.unit) != "count":
            kind = after.kind if after.kind in ("times", "amount") else here.kind
            multiplier = re.search(f"{_MULT}", text[after.number_start : after.unit_start])
            value = here.value
            if multiplier and not re.search(_MULT, text[here.number_start : here.number_end]):
                value = times(value, multiplier[0])
            bound = after.bound if here.bound == "exact" else here.bound
            found[i] = replace(here, unit=after.unit, kind=kind, value=value, bound=bound)
    return found
