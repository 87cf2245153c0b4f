"""Works with a form of their own: lines from X to Y, numbered roads and lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.mentions.finders.base import PROJECT, Found, View
from kg.rules import Rule, register

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RULES", "find"]

LINE = register(
    Rule(
        name="entity.line-between",
        gives="entity",
        summary="a road or railway named by its two ends: 上林至横县高速公路",
        example="加快上林至横县高速公路建设。",
        found="上林至横县高速公路",
        counterexample="由2020年至今，公路里程增加。",
    )
)
NUMBERED = register(
    Rule(
        name="entity.numbered-line",
        gives="entity",
        summary="a numbered road or metro line with its section",
        example="17号线通州段全面施工，G103改造启动。",
        found="17号线通州段|G103改造",
        counterexample="楼号线索不清。",
    )
)
RULES = (LINE.name, NUMBERED.name)
"""What this finder may call its finds."""

_WORK = (
    "高速公路|高速铁路|高速|高铁|铁路|城际铁路|城际|公路|快速路|大道|天然气管道|输气管道|航线|客专|"
    "改扩建工程|改扩建|段"
)
_LINE = re.compile(
    rf"([一-鿿]{{2,5}}(?:至|—|-|到)[一-鿿]{{2,5}}?(?:经[一-鿿]{{2,5}}?)?(?:{_WORK})"
    r"(?:[一二三四]期)?(?:[一-鿿]{1,4}段)?(?:（[^（）\n]{1,8}）)?(?:改扩建)?(?:工程|项目)?)"
)
_NUMBERED = re.compile(
    r"((?:轨道交通|地铁|省道|国道|县道)?(?:[GSXY][0-9]{2,4}|[0-9]{1,2}号线|[0-9]{3}(?:国|省)道)"
    r"(?:[一二三四]期)?(?:[一-鿿]{2,4}段)?(?:[东南西北]?延(?:长?线|伸)?)?(?:改扩建|改建|改造|升级改造|扩建)?(?:工程|项目)?)"
)
_HEAD = re.compile(
    r"^.*?(?:加快|推进|建设|启动|建成|完成|实施|开工|推动|谋划|和|及|新建|的)(?=..+[至—到-])"
)


def find(view: View) -> Iterator[Found]:
    """Lines between two ends and numbered lines."""
    for match in _LINE.finditer(view.text):
        head = _HEAD.match(match[1])
        start = match.start() + (head.end() if head else 0)
        yield Found(start, match.end(), PROJECT, LINE.name)
    for match in _NUMBERED.finditer(view.text):
        yield Found(match.start(), match.end(), PROJECT, NUMBERED.name)
