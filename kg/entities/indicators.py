"""One name for each indicator, whatever a report calls it."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from kg.lexicon import rows

__all__ = ["better", "canonical", "spellings"]

_LEAD = re.compile(
    r"^(?:（[^（）]{1,6}）|预期|预计|力争|确保|全年|全[省市区县州盟旗]|我[省市区县]|本[省市区县]|累计|年度|实现|完成|推动|"
    r"保持|促进|其中|同期|当年|在|[三四五]年来?|(?:主要)?(?:预期)?目标[是为]?[:：])+"
)
_TAIL = re.compile(
    r"(?:的?(?:年均)?(?:增速|增幅|增长率|涨幅|增长)|预期目标|目标|预期|同口径|可比|按|约|微|每年均|年均|均值|平均值|平均|"
    r"总体|达到|达|关|预计|之间|实现)+$"
)
_ASIDE = re.compile(r"（[^（）]*）$|比(?:19|20)\d\d年[^，]*$")
"""What only says how it is counted, or against what: （1990年价）, 比2019年调整预算收入."""
_MADE = re.compile(r"(?:预计)?实现(?=增加值|总产值|产值)")
"""The verb inside a name: 金融业实现增加值."""


@cache
def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for row in rows("indicators"):
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            table[name] = row["name"]
    return table


@cache
def _directions() -> dict[str, str]:
    return {row["name"]: row["better"] for row in rows("indicators")}


@lru_cache(maxsize=1 << 16)
def canonical(name: str) -> str:
    """The scheme's name of an indicator; the name itself if the scheme has none.

    >>> canonical("GDP"), canonical("规上工业增加值增速"), canonical("听海图书馆")
    ('地区生产总值', '规模以上工业增加值', '听海图书馆')
    """
    table = _table()
    bare = "".join(name.split())
    if "累计" in bare and bare.replace("累计", "") in table:
        return table[bare.replace("累计", "")]
    short = _MADE.sub("", _LEAD.sub("", bare))
    plain = _TAIL.sub("", _ASIDE.sub("", short))
    for form in (bare, short, _TAIL.sub("", short), plain, plain.removeprefix("地方")):
        if form in table:
            return table[form]
    return bare


def better(name: str) -> str:
    """Whether more (``up``) or less (``down``) of an indicator is better; ``""`` if unknown."""
    return _directions().get(canonical(name), "")


@cache
def spellings(name: str) -> tuple[str, ...]:
    """Every name of an indicator of the scheme, longest first; ``()`` if it is not in it."""
    found = [alias for alias, head in _table().items() if head == name]
    return tuple(sorted(found, key=lambda alias: (-len(alias), alias)))
