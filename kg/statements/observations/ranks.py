"""Ranks: 居全省第一, 排名全市第二, 全国首位, 荣获…冠军 → place and group compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.statements.numerals import value_of

__all__ = ["Rank", "find"]

_GROUP: Final = (
    r"(?:全国|全省|全市|全区|全县|全球|全州|全盟|全自治区|全疆|世界|亚洲|国内|省内|市内|区内|中部|西部|东部|东北|西北|华北"
    r"|华东|华南|西南|苏南|苏北|长三角|珠三角|京津冀|大湾区|粤港澳大湾区|同类|同级|[\u4e00-\u9fff]{0,10}?"
    r"(?:城市|地区|省份|省市|区县|县市|市州|地市|港口|机场|单位|榜|百强|强县|联赛|大赛|内地|城区|高校|省区|片区|经济区|中上游))"
)
_PLACE: Final = (
    r"(?P<nth>第\s*(?P<n>\d+|[一二三四五六七八九十]{1,3})(?P<m>[位名城])?)(?![\u4e00-\u9fff\d])"
    r"|(?P<named>第\s*(?P<n2>\d+|[一二三四五六七八九十]{1,3})[位名])"
    r"|(?P<first>双?第一|首位|榜首|之首|冠军|首名)(?![\u4e00-\u9fff\d](?<![并和的]))"
    r"|(?P<second>亚军|第二(?=并))|(?P<third>季军)|(?P<row>[一二三四五六七八九十]+连冠)"
    r"|(?P<top>前\s*(?P<n3>\d+|[两三四五六七八九十百]{1,3})(?:[位名强])?)(?![\u4e00-\u9fff\d%‰％])"
)
_FORM: Final = re.compile(_PLACE)
_VERB: Final = re.compile(
    r"(?:稳居|位居|跃居|高居|跻居|居于|居|位列|名列|列|排名|排在|排|保持|蝉联|[提上跃攀]?升[至到]|跃升|跻身|进入|迈入"
    r"|荣获|勇夺|夺得|获得|获|入选|晋级|继续|始终)"
)
_GROUP_END: Final = re.compile(_GROUP + r"$")
_WITHIN: Final = re.compile(r"(?:在|于)(?P<group>[^，、]{2,20}?)(?:中)?$")
_SEPARATE: Final = re.compile(r"[，。；：、！？,;\n]")
_LEAVE: Final = re.compile(r"(?:再次|首次|连续|总体|仍|稳步|继续)+$")


@dataclass(frozen=True, slots=True)
class Rank:
    """A place in an order.

    Attributes:
        start: where its verb or group begins.
        end: one past its last word.
        number_start: where the place word begins.
        number_end: one past it.
        value: the place; 1 is best.
        group: what is compared with (全省), empty if not said.
        bound: ``max`` for 前十, otherwise ``exact``.
    """

    start: int
    end: int
    number_start: int
    number_end: int
    value: float
    group: str = ""
    bound: str = "exact"
    unit: str = ""
    kind: str = "rank"
    value_max: float | None = None
    chinese: bool = False


def find(text: str) -> Iterator[Rank]:
    """All ranks of a text, in order."""
    for match in _FORM.finditer(text):
        rank = _rank(text, match)
        if rank is not None:
            yield rank


def _rank(text: str, match: re.Match[str]) -> Rank | None:
    start = match.start()
    floor = 0
    for mark in _SEPARATE.finditer(text, max(0, start - 40), start):
        floor = mark.end()
    before = text[max(floor, start - 40) : start]
    begin, group = _opening(before)
    if begin is None:
        return None
    value, bound = _value(match)
    if value is None:
        return None
    if match["top"] and not group:
        return None
    return Rank(start - len(before) + begin, match.end(), start, match.end(), value, group, bound)


def _opening(before: str) -> tuple[int | None, str]:
    """Where the rank's words begin in ``before``, and its group; ``None``: it is no rank."""
    verbs = list(_VERB.finditer(before))
    if verbs and len(before) - verbs[-1].end() <= 22:
        begin = len(before)
        place = len(verbs) - 1
        begin = verbs[place].start()
        while place > 0 and verbs[place - 1].end() == begin:
            place -= 1
            begin = verbs[place].start()
        group = before[verbs[-1].end() :]
        begin -= len(before[:begin]) - len(_LEAVE.sub("", before[:begin]))
        within = _WITHIN.search(before[:begin])
        if within and not group:
            begin, group = within.start(), within["group"]
        elif not group:
            named = _GROUP_END.search(before[:begin])
            if named:
                begin, group = named.start(), named[0]
        return begin, group.strip('“”"《》')
    group_match = _GROUP_END.search(before)
    if group_match:
        return group_match.start(), group_match[0]
    return None, ""


def _value(match: re.Match[str]) -> tuple[float | None, str]:
    if match["first"] or match["row"]:
        return 1.0, "exact"
    if match["second"]:
        return 2.0, "exact"
    if match["third"]:
        return 3.0, "exact"
    word = match["n"] or match["n2"] or match["n3"]
    value = float(word) if word.isdigit() else value_of(word)
    return value, "max" if match["top"] else "exact"
