"""Titles and ratings: what follows 国家级, 全国, 省级 … and closes with what is awarded."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kg import lexicon
from kg.mentions.finders.base import HONOUR, Found, View, left_edge
from kg.rules import Rule, register

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RULES", "find"]

TITLE = register(
    Rule(
        name="entity.honour",
        gives="entity",
        summary="a title with its level: 国家森林城市, 全国文明城市, 省级旅游度假区",
        example="成功创建国家森林城市，获评全国双拥模范城。",
        found="国家森林城市|全国双拥模范城",
        counterexample="服务国家战略，建设现代城市。",
    )
)
RATING = register(
    Rule(
        name="entity.rating",
        gives="entity",
        summary="a rating: 5A级旅游景区, 三级甲等医院",
        example="争创国家5A级旅游景区，区医院通过三级甲等医院评审。",
        found="国家5A级旅游景区|三级甲等医院",
        counterexample="建成5个A类项目。",
    )
)
AWARD = register(
    Rule(
        name="entity.award",
        gives="entity",
        summary="a prize by its name: …奖, …奖提名奖",
        example="工程荣获鲁班奖。",
        found="鲁班奖",
        counterexample="对先进个人予以嘉奖。",
    )
)
RULES = (TITLE.name, RATING.name, AWARD.name)
"""What this finder may call its finds."""

_LEVELS = "国家级|国家|全国|省级|全省|市级|中国|世界|国际|全球|自治区级|首批国家|首批全国"
_RATING = re.compile(
    r"(?:国家|全国)?(?:[1-5]A级?|[1-5]A)(?:级)?(?:国家)?(?:旅游)?(?:景区|旅游区|度假区|物流企业)|"
    r"(?:二|三)级(?:甲|乙)等(?:[一-鿿]{0,6}?医院)?|三甲(?:医院)?"
)
_AWARD = re.compile(
    r"(?:科学技术|科技进步|质量|鲁班|詹天佑|环境|人居|设计|合作|金牛|飞天|文华|梁思成)奖(?!励)"
)


@cache
def _titles() -> re.Pattern[str]:
    nouns = sorted(
        (row["noun"] for row in lexicon.rows("class_nouns") if row["kind"] in ("Honour",)),
        key=len,
        reverse=True,
    )
    return re.compile(
        rf"(?:{_LEVELS})(?:[一-鿿A-Z0-9]|“[^“”]{{1,12}}”|（[^（）]{{1,8}}）){{0,18}}?"
        rf"(?:{'|'.join(nouns)}|城市|示范区|产业园|先导区|乡村|产业集群|名单)(?![市区县群院])"
    )


def find(view: View) -> Iterator[Found]:
    """Titles, ratings and prizes."""
    text = view.text
    for match in _titles().finditer(text):
        yield Found(match.start(), match.end(), HONOUR, TITLE.name)
    for match in _RATING.finditer(text):
        yield Found(match.start(), match.end(), HONOUR, RATING.name)
    for match in _AWARD.finditer(text):
        start = left_edge(view, match.start())
        yield Found(start, match.end(), HONOUR, AWARD.name)
