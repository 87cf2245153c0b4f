"""Meetings and sessions with a fixed form, censuses, anniversaries, and five-year plans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.mentions.finders.base import EVENT, POLICY, Found, View
from kg.rules import Rule, register

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RULES", "find"]

CONGRESS = register(
    Rule(
        name="entity.party-congress",
        gives="entity",
        summary="a congress of the Party and the plenary sessions of its committee, each by itself",
        example="贯彻党的十九大和十九届二中、三中、四中、五中全会精神。",
        found="党的十九大|十九届二中|三中|四中|五中全会",
        counterexample="成立党的建设工作领导小组，全会高度评价。",
    )
)
CONFERENCE = register(
    Rule(
        name="entity.conference",
        gives="entity",
        summary="a work conference of the Party or a numbered congress",
        example="落实中央经济工作会议和市委经济工作会议部署，迎接市第十三次党代会。",
        found="中央经济工作会议|市委经济工作会议|市第十三次党代会",
        counterexample="召开工作会议部署任务。",
    )
)
NUMBERED = register(
    Rule(
        name="entity.numbered-event",
        gives="entity",
        summary="an event with its number or an anniversary: 第X届…, …周年",
        example="庆祝中国共产党成立100周年，办好第三届国际湿地大会。",
        found="中国共产党成立100周年|第三届国际湿地大会",
        counterexample="第三届任期届满，周年庆典从简。",
    )
)
PERIOD = register(
    Rule(
        name="entity.five-year-plan",
        gives="entity",
        summary="a five-year plan or its period as a programme",
        example="圆满完成“十三五”规划，科学编制“十四五”规划纲要。",
        found="“十三五”规划|“十四五”规划纲要",
        counterexample="十五个项目竣工。",
    )
)
RULES = (CONGRESS.name, CONFERENCE.name, NUMBERED.name, PERIOD.name)
"""What this finder may call its finds."""

_CN = "一二三四五六七八九十"
_PARTY = re.compile(rf"党的(?:二十|十[{_CN}])大")
_PLENARY = re.compile(
    rf"(?:(?:党的)?(?:二十|十[{_CN}])届)((?:历次|[{_CN}]中)(?:、[{_CN}]中)*(?:和[{_CN}]中)?)全会"
)
_CONFERENCE = re.compile(
    r"(?:中央|省委|市委|区委|县委|自治区党委|自治州党委|州委|全国|省|市)"
    r"(?:[一-鿿]{2,10})?(?:工作(?:座谈)?会议|全会)|"
    rf"(?:党的)?(?:全国|自治区|省|市|区|县|州|旗)?(?:委|第?[{_CN}]+届)?第?[{_CN}]+(?:届|次)"
    r"(?:[一二三四五六七八九十]次)?(?:党代会|人民代表大会|党代表大会|人代会|全体会议|全会)|"
    r"(?:全国|省|市|区|县)委?(?:[一二三四五六七八九十]届)[一二三四五六七八九十]+次(?:全会|党代会|全体\(扩大\)会议)|"
    r"全国两会|(?:全国|省|市)两会"
)
_EVENT_NOUN = (
    "运动会|博览会|大会|论坛|峰会|洽谈会|交易会|艺术节|文化节|旅游节|电影节|联赛|锦标赛|"
    "博鳌|园博会|年会|花博会|进博会|冬奥会|亚运会|大运会|残运会|全运会|省运会|市运会|民运会|普查"
)
_NUMBERED = re.compile(
    rf"(?:[全省市][国省市]?)?第[{_CN}0-9]{{1,3}}[届次][一-鿿]{{0,16}}?(?:{_EVENT_NOUN})|"
    r"(?:中国共产党成立|新中国成立|中华人民共和国成立|改革开放|建党|建国|建军|深圳经济特区(?:建立|成立))[0-9]{1,3}周年"
)
_PERIOD = re.compile(
    r"“十[一二三四五]五”(?:(?:发展)?规划(?:纲要)?)?|(?<![0-9二三四五六七八九])十[一二三四五]五(?=规划|时期|期间|末|收官|开局)(?:规划(?:纲要)?)?"
)


def find(view: View) -> Iterator[Found]:
    """Meetings and plans with a fixed form."""
    text = view.text
    for match in _PARTY.finditer(text):
        yield Found(match.start(), match.end(), EVENT, CONGRESS.name)
    for match in _PLENARY.finditer(text):
        yield from _sessions(match)
    for match in _CONFERENCE.finditer(text):
        yield Found(match.start(), match.end(), EVENT, CONFERENCE.name)
    for match in _NUMBERED.finditer(text):
        yield Found(match.start(), match.end(), EVENT, NUMBERED.name)
    for match in _PERIOD.finditer(text):
        start, end = match.span()
        if text[start] == "“" and text[end - 1] == "”":
            start, end = start + 1, end - 1
        yield Found(start, end, POLICY, PERIOD.name)


def _sessions(match: re.Match[str]) -> Iterator[Found]:
    """Split 十九届二中、三中全会 as its parts are written; the last keeps 全会."""
    begin = match.start()
    numbers_end = match.end(1)
    place = begin
    for part in re.finditer(r"[、和]", match[1]):
        cut = match.start(1) + part.start()
        yield Found(place, cut, EVENT, CONGRESS.name)
        place = cut + 1
    yield Found(place, numbers_end + 2, EVENT, CONGRESS.name)
