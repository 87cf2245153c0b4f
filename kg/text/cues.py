"""What a heading says of the text under it: a year's review or a plan, and of which year."""

from __future__ import annotations

import re
from typing import Final

from kg.model import Part

__all__ = ["five_years_in", "heading_part", "looks_back", "years_in"]

_REVIEW: Final = re.compile(
    r"取得.{0,6}(?:成就|成效|成绩|进展|步伐)|主要成[就绩]|发展情况|(?:一|五|四|三)年来|迈[出上]|"
    r"存在的.{0,8}问题|困难和问题|问题和不足|经验体会"
)
_PLAN: Final = re.compile(
    r"目标|任务|部署|主要措施|打算|今年|努力建设|人民满意|政府自身建设|预期|战略举措|主要考虑|蓝图"
)
_LOOKS_BACK: Final = re.compile(
    r"回顾|总结|执行情况|完成情况|基本情况|发展成[就绩]|以来的?工作|过去.{1,3}年.{0,2}工作"
)
_LOOKS_AHEAD: Final = re.compile(
    r"安排|今后|未来|展望|新一届政府|(?:目标|主要|重点|战略)任务|奋斗目标|重点工作|总体(?:要求|思路)|"
    r"工作(?:思路|建议|重点|打算|计划|任务|谋划)"
)
_PERIOD: Final = re.compile(r"[“\"](?P<ten>十?)(?P<unit>[一二三四五六七八九]?)五[”\"]")
_YEAR: Final = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?=\s*年)|((?:[一二]|二[〇○零oO])[〇○零一二三四五六七八九oO]{3})(?=年)"
)
_DIGITS: Final = str.maketrans("〇○零oO一二三四五六七八九", "00000123456789")


def years_in(text: str) -> list[int]:
    """The years that a text names, in order (“二〇二四年” is 2024)."""
    years = []
    for match in _YEAR.finditer(text):
        year = int((match[1] or match[2]).translate(_DIGITS))
        if 1949 <= year < 2100:
            years.append(year)
    return years


def five_years_in(text: str) -> list[tuple[int, int]]:
    """First and last years of the five-year plans that a text quotes.

    >>> five_years_in("“十四五”时期发展成就"), five_years_in("关于“十五”计划")
    ([(2021, 2025)], [(2001, 2005)])
    """
    spans = []
    for match in _PERIOD.finditer(text):
        number = 10 * bool(match["ten"]) + " 一二三四五六七八九".index(match["unit"] or " ")
        if 6 <= number <= 20:
            spans.append((1951 + 5 * number, 1955 + 5 * number))
    return spans


def heading_part(text: str, plan_year: int | None = None) -> tuple[Part | None, bool]:
    """What the paragraphs under a heading tell, and whether that is certain.

    Args:
        text: the heading.
        plan_year: the year that is planned, if it is known.
    """
    if _LOOKS_BACK.search(text):
        return "review", True
    years = years_in(text)
    if years and plan_year is not None:
        return ("plan" if max(years) >= plan_year else "review"), True
    if plan_year is not None:
        for first, last in five_years_in(text):
            if first >= plan_year or last < plan_year:
                return ("plan" if first >= plan_year else "review"), True
    if _LOOKS_AHEAD.search(text):
        return "plan", True
    if _REVIEW.search(text):
        return "review", False
    return ("plan", False) if _PLAN.search(text) else (None, False)


def looks_back(heading: str) -> bool:
    """Whether a heading announces a review (“2023年工作回顾”)."""
    return bool(_LOOKS_BACK.search(heading))
