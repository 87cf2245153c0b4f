"""Period words and dates of a text → the contract's period notation.

Notations: ``"2020"`` a year, ``"2020-06"`` a month, ``"2020-H1"`` and ``"2020-Q1"`` a half
and a quarter, ``"2016/2020"`` a span of years, ``"2020-01/2020-11"`` a span of months.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["PeriodMention", "find", "last_year", "years_between"]

_PLAN_FIVE_FIRST: Final = 1951
"""The first five-year plan ran 1953 to 1957; from the sixth (1981) on they have no gaps."""

_ORDINALS: Final = {char: value for value, char in enumerate("一二三四五六七八九", 1)}
_SMALL: Final = _ORDINALS | {"两": 2, "十": 10}

_YEAR: Final = r"(?:19|20)\d\d"
_PART_OF_YEAR: Final = (
    r"(?:(?P<half>[上下]半年)|(?P<quarter>第?[一二三四1-4]季度|首季)"
    r"|(?P<three>前三季度|[1１][-－—~～至][9９]月)"
    r"|(?P<months>1\s*[-－—~～至]\s*1?\d月)"
    r"|(?P<month>1[0-2]|0?[1-9])\s*月)"
)


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """A period word in a text.

    Attributes:
        start: first code point.
        end: one past the last code point.
        notation: the period in the contract's notation.
        role: ``in`` (during it), ``by`` (a deadline: 到2025年), ``since`` (from it to now),
            ``asof`` (a reading at its end: 年末, 截至), ``from`` (the earlier of two
            readings: 从2011年的), ``base`` (what is compared with: 比2019年) or
            ``rate`` (a year's mean over a span: 年均).
    """

    start: int
    end: int
    notation: str
    role: str = "in"


@dataclass(frozen=True, slots=True)
class _Years:
    """What the relative words are relative to."""

    default: int
    """The year the text is about: 全年, 上半年, 本年."""
    current: int
    """The year in which it is spoken: 今年."""


def years_between(first: int, last: int) -> str:
    """The notation of the years from ``first`` to ``last``, both included."""
    return str(last) if first >= last else f"{first}/{last}"


def last_year(notation: str) -> int:
    """The year in which a period ends.

    Args:
        notation: a period in the contract's notation.
    """
    return int(notation.rpartition("/")[2][:4])


def _plan(ordinal: str) -> tuple[int, int]:
    """The years of a five-year plan from the sixth on: ``十三`` → 2016, 2020."""
    tens, _, ones = ordinal.rpartition("十") if "十" in ordinal else ("", "", ordinal)
    number = (10 if "十" in ordinal else 0) + (_ORDINALS.get(ones, 0) if ones else 0)
    del tens
    first = _PLAN_FIVE_FIRST + 5 * number
    return first, first + 4


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _SMALL[word]


def _in_year(match: re.Match[str], year: int) -> str:
    """The part of ``year`` that the named groups of ``_PART_OF_YEAR`` matched."""
    groups = match.groupdict()
    if groups.get("half"):
        return f"{year}-H{1 if groups['half'][0] == '上' else 2}"
    if groups.get("quarter"):
        word = groups["quarter"].removeprefix("第")
        return f"{year}-Q{1 if word[0] == '首' else _count(word[0])}"
    if groups.get("three"):
        return f"{year}-01/{year}-09"
    if groups.get("months"):
        last = int(re.findall(r"\d+", groups["months"])[1])
        return f"{year}-01/{year}-{last:02d}"
    if groups.get("month"):
        return f"{year}-{int(groups['month']):02d}"
    return str(year)


def _whole_date(match: re.Match[str], years: _Years) -> str:
    return _in_year(match, int(match["year"]))


def _month_only(match: re.Match[str], years: _Years) -> str:
    return _in_year(match, years.default)


def _relative(match: re.Match[str], years: _Years) -> str:
    word = match["word"]
    if word in ("今年", "本年", "本年度", "今年以来"):
        year = years.current if word.startswith("今年") else years.default
    elif word in ("明年", "来年"):
        year = years.current + 1
    elif word == "前年":
        year = years.current - 2
    elif word.startswith("去年"):
        year = years.current - 1
    else:
        year = years.default - 1
    return _in_year(match, year)


def _span(match: re.Match[str], years: _Years) -> str:
    return years_between(int(match["first"]), int(match["last"]))


def _five_year_plan(match: re.Match[str], years: _Years) -> str:
    first, last = _plan(match["plan"])
    if match["when"] and match["when"][0] in "末收":
        return str(last)
    return years_between(first, last)


def _past_years(match: re.Match[str], years: _Years) -> str:
    past = min(years.default, years.current)
    return years_between(past - _count(match["count"]) + 1, past)


def _coming_years(match: re.Match[str], years: _Years) -> str:
    return years_between(years.current, years.current + _count(match["count"]) - 1)


def _since_year(match: re.Match[str], years: _Years) -> str:
    return years_between(int(match["year"]), max(int(match["year"]), years.default))


def _default(match: re.Match[str], years: _Years) -> str:
    return str(years.default)


_Reading = Callable[[re.Match[str], _Years], str]

_FORMS: Final[tuple[tuple[str, _Reading, str], ...]] = (
    # the order is the order of trial at one place: the longer form first
    (rf"(?P<first>{_YEAR})\s*年?\s*[-－—–~～至到]+\s*(?P<last>{_YEAR})\s*年", _span, ""),
    (rf"(?P<year>{_YEAR})\s*年?\s*(?:(?!以来)[^，。；、\d]){{0,14}}以来", _since_year, "since"),
    (rf"(?P<year>{_YEAR})\s*年[度]?\s*(?:{_PART_OF_YEAR})?", _whole_date, ""),
    (
        r"[“\"]?(?P<plan>十?[一二三四五六七八九])五[”\"]?(?:规划)?(?P<when>末|收官|时期|期间|以来(?![首最]))?",
        _five_year_plan,
        "",
    ),
    (
        r"(?:过去的?|近|这|最近)(?P<count>[三四五])年(?!多|[^来，]{0,3}[首最])"
        r"|(?P<count2>[三四五])年来(?![首最])",
        _past_years,
        "",
    ),
    (r"(?:今后|未来|下一个|往后)(?P<count>[两三四五六七八九十]|\d)年", _coming_years, ""),
    (
        r"(?P<word>今年以来|今年|本年度?|明年|来年|前年|去年|上年度?|上一?年)"
        rf"(?!级|生)(?:{_PART_OF_YEAR})?",
        _relative,
        "",
    ),
    (_PART_OF_YEAR + r"(?!\d*日)", _month_only, ""),
    (r"全年|年内|当年|年(?:底|末)|一年来|(?:刚刚)?过去的?一年", _default, ""),
)

_FIRST: Final = re.compile(
    r"(?:19|20)\d\d|[“\"]?十?[一二三四五六七八九]五|[过近这最前上今未下往本明来去全年当一刚]|第?[一二三四1-4]季"
    r"|首季|[三四五六七八九十]年来|1?\d\s*月|1\s*[-－—~～至]"
)
_COMPILED: Final = tuple((re.compile(form), reading, role) for form, reading, role in _FORMS)

_BASE_BEFORE: Final = re.compile(r"(?:比|较|于|与|同|是|为|超过|[占按以])$")
_FROM_BEFORE: Final = re.compile(r"(?:从|由|自)$")
_BY_BEFORE: Final = re.compile(r"(?:到|至|截至|截止|截止到|在)$")
_ASOF_AFTER: Final = re.compile(r"\s*(?:年?末|年?底|止|以?前)")
_SINCE_AFTER: Final = re.compile(r"\s*(?:以来|起)")
_COMPARED_AFTER: Final = re.compile(
    r"(?:同期|水平)?(?:相比|增长|提高|增加|减少|下降|翻|的?[\d.]+倍)"
)


def find(text: str, *, default_year: int, current_year: int | None = None) -> list[PeriodMention]:
    """All period words of a text, in order, none overlapping another.

    Args:
        text: a paragraph or a piece of one.
        default_year: the year the text is about (全年, 上半年, 年底, 上年 are relative to it).
        current_year: the year in which it is spoken (今年, 去年); ``default_year`` if ``None``.
    """
    years = _Years(default_year, default_year if current_year is None else current_year)
    return list(_scan(text, years))


def _scan(text: str, years: _Years) -> Iterator[PeriodMention]:
    done = 0
    for candidate in _FIRST.finditer(text):
        start = candidate.start()
        if start < done:
            continue
        mention = _at(text, start, years)
        if mention is not None:
            done = mention.end
            yield mention


def _at(text: str, start: int, years: _Years) -> PeriodMention | None:
    for form, reading, role in _COMPILED:
        match = form.match(text, start)
        if match is None or _is_inside_number(text, match, reading):
            continue
        if reading is _past_years and match["count"] is None:
            past = min(years.default, years.current)
            notation = years_between(past - _count(match["count2"]) + 1, past)
        else:
            notation = reading(match, years)
        return PeriodMention(
            start, match.end(), notation, role or _role(text, start, match.end(), reading)
        )
    return None


def _is_inside_number(text: str, match: re.Match[str], reading: _Reading) -> bool:
    before = text[match.start() - 1 : match.start()]
    if match[0][0].isdigit() and (before.isdigit() or before in (".", "．", "-", "号")):
        return True
    if reading is _five_year_plan:
        return not _is_plan_period(text, match)
    if reading is _month_only and match.groupdict().get("month"):
        return text[match.end() : match.end() + 1] in ("个", "租", "薪", "度", "均", "产")
    return False


def _is_plan_period(text: str, match: re.Match[str]) -> bool:
    """Whether 十三五 is a period here, not the name of a plan (“十三五”规划)."""
    if match["plan"][0] != "十" and match["plan"] not in "六七八九":
        return False
    if match["when"]:
        return True
    opens = text[max(0, match.start() - 1) : match.start()] in ("", "，", "。", "；", "、")
    return opens and match[0][0] in '“"' and "规划" not in match[0]


def _role(text: str, start: int, end: int, reading: _Reading) -> str:
    before = text[max(0, start - 3) : start]
    if _FROM_BEFORE.search(before):
        return "from"
    if _BASE_BEFORE.search(before):
        return "base"
    if _BY_BEFORE.search(before):
        return "by"
    if _SINCE_AFTER.match(text, end):
        return "since"
    if _ASOF_AFTER.match(text, end):
        return "asof"
    return "in"
