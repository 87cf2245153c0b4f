"""Organs of government, Party and congress: a level or a place and what the organ is."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kg import lexicon
from kg.mentions.finders.base import INSTITUTION, PERSON, Found, View
from kg.rules import Rule, register

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RULES", "find"]

ORGAN = register(
    Rule(
        name="entity.organ",
        gives="entity",
        summary="an organ with its level: 市委, 区人大, 省发展改革委",
        example="在市委坚强领导和区人大、区政协监督支持下，区人民政府认真履职。",
        found="市委|区人大|区政协|区人民政府",
        counterexample="全市委托办理事项增多，政府投资项目加快。",
    )
)
NATIONAL = register(
    Rule(
        name="entity.national-organ",
        gives="entity",
        summary="a national organ by its known name",
        example="党中央、国务院作出决策，国家发展改革委印发方案。",
        found="党中央|国务院|国家发展改革委",
        counterexample="国家战略深入实施。",
    )
)
LEADER = register(
    Rule(
        name="entity.leader",
        gives="entity",
        summary="the general secretary by name, not where the name is part of a thought's",
        example="认真学习习近平总书记重要讲话。",
        found="习近平",
        counterexample="坚持以习近平新时代中国特色社会主义思想为指导。",
    )
)
RULES = (ORGAN.name, NATIONAL.name, LEADER.name)
"""What this finder may call its finds."""

_LEVELS = "国家|自治区|自治州|自治县|省|市|区|县|州|盟|旗|镇|乡"
_LEADER = re.compile(r"习近平(?!新时代|(?:生态文明|经济|法治|外交|强军|文化|总体)思想|关于)")
_WHOLE = re.compile(
    r"(?:党中央|(?<![民党])中央军委|国务院(?!批复)|中共中央|中宣部|中组部|中央网信办|国家(?:发展改革委|发改委|"
    r"卫生健康委|税务总局|统计局|能源局|林草局|知识产权局|文物局|药监局|民委)|"
    r"(?:工业和信息化|生态环境|农业农村|自然资源|交通运输|应急管理|人力资源社会保障|"
    r"住房城乡建设|文化和旅游|财政|教育|科技|公安|民政|司法|水利|商务)部(?![门分署队位])|"
    r"中国证监会|证监会|银保监会|中国人民银行|全国人大(?:常委会)?|全国政协)"
)


@cache
def _organ() -> re.Pattern[str]:
    departments = sorted(lexicon.words("departments"), key=len, reverse=True)
    return re.compile(rf"({_LEVELS})(委(?![托员任派屈曲婉培])|{'|'.join(departments)})")


_NOT_BEFORE = re.compile(r"[全各本我该两多个城地社小园校新片市辖]$|示范$|开发$|高新$")


def find(view: View) -> Iterator[Found]:
    """The organs a text names."""
    text = view.text
    for match in _organ().finditer(text):
        start, end = match.span()
        before = text[max(start - 2, 0) : start]
        level = match[1]
        if level in "市区县州镇乡旗盟" and _NOT_BEFORE.search(before):
            continue
        if match[2] in ("政府", "人民政府") and text[end : end + 2] in ("投资", "性债", "债务"):
            continue
        yield Found(start, end, INSTITUTION, ORGAN.name)
    for match in _WHOLE.finditer(text):
        yield Found(match.start(), match.end(), INSTITUTION, NATIONAL.name)
    for match in _LEADER.finditer(text):
        yield Found(match.start(), match.start() + 3, PERSON, LEADER.name)
