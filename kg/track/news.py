"""What a review says of a planned thing in words that name no stage of building."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cache
from typing import Final

from kg.entities import Linked
from kg.lexicon import words
from kg.model import Extraction, Mention
from kg.statements.layout import CLAUSE_MARK, Layout, alternation, lay_out
from kg.track.model import Side

__all__ = ["News", "news"]

_LEAD: Final = re.compile(
    r"(?:[（(]?[一二三四五六七八九十\d]+[）)、.]|[①-⑳]|其中|目前|全年|年内|一批|特别是|尤其是|持续|重点"
    r"|(?:计划)?(?:总?投资|占地)约?[\d.]+万?(?:亿元|元|亩|平方米)的)*(?:地铁|轨道)?"
)
"""What may stand between the beginning of a clause and its subject."""
_TAIL: Final = re.compile(
    r"等?[\d.]*(?:个|条|项|座|所)?(?:重大|重点)?(?:项目|工程|设施)?(?:的?建设)?"
)
_SLOW: Final = re.compile(r"缓慢|滞后|停滞|不快|不够|不足|受阻|停工|未能|尚未|亟待|有待")
_BEFORE_BUILDING: Final = re.compile(
    r"规划(?!建设)|审批|前期|方案|征拆|征收|拆迁|立项|选址|用地|图则|可研|整备"
)
"""Words of what is done before building; that it goes on says nothing of the building."""
_LEAST: Final = 2
"""A predicate is longer than one character."""


@dataclass(frozen=True, slots=True)
class News:
    """A clause whose subject is a planned thing.

    Attributes:
        side: the clause.
        goes_on: whether it says that work goes on (完成投资20亿元, 取得新进展).
    """

    side: Side
    goes_on: bool


def news(new: Extraction, linked: Linked, keys: Set[str]) -> dict[str, News]:
    """The clause that says most of each of some things: that work goes on, or else the first.

    Only a thing that a clause is about counts, not one that is named in passing; of an
    organisation, which does many things, only that its building goes on.

    Args:
        new: the report whose review is read.
        linked: its things.
        keys: keys of the things that are asked for.
    """
    found: dict[str, News] = {}
    if not keys:
        return found
    for number, (paragraph, annotation) in enumerate(new.pairs(), 1):
        if paragraph.part == "plan":
            continue
        layout: Layout | None = None
        for mention in annotation.entities:
            entity = linked.lookup(new.report.stem, number, mention.text, mention.kind)
            if entity is None or entity.key not in keys:
                continue
            layout = layout or lay_out(annotation.text, annotation.entities)
            for start, end, goes_on in _clauses(layout, mention):
                if mention.kind == "Institution" and not goes_on:
                    continue
                if entity.key in found and (found[entity.key].goes_on or not goes_on):
                    continue
                found[entity.key] = News(
                    Side(
                        report=new.report.stem,
                        paragraph=paragraph.number,
                        quote=annotation.text[start:end],
                        start=start,
                        end=end,
                        period=str(new.report.review_year or ""),
                        stage="under-construction" if goes_on else "",
                    ),
                    goes_on,
                )
    return found


def _clauses(layout: Layout, mention: Mention) -> Iterator[tuple[int, int, bool]]:
    """The clause of a mention if the mention is its subject, and whether work goes on."""
    if mention not in layout.mentions:
        return
    text = layout.text
    group = layout.loose[layout.mentions.index(mention)]
    low, _ = layout.clause(group.start)
    if _LEAD.fullmatch(text, low, group.start) is None:
        return
    stop = CLAUSE_MARK.search(text, group.end)
    end = stop.start() if stop else len(text)
    tail = _TAIL.match(text, group.end, end)
    rest = text[tail.end() if tail else group.end : end]
    if len(rest.strip()) < _LEAST or rest.startswith(("、", "和", "及", "的", "”")):
        return
    goes_on = not (_SLOW.search(rest) or _BEFORE_BUILDING.search(rest))
    yield low, end, goes_on and _progress().search(rest) is not None


@cache
def _progress() -> re.Pattern[str]:
    return alternation(words("progress_words"))
