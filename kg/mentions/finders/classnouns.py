"""Names that end in a class noun: what stands between the verb before them and the noun.

The left edge is the word after the nearest one that never belongs to a name (a verb of
doing, a preposition, a count).  Names need a modifier of their own: 5个项目 has none.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from kg import lexicon
from kg.mentions.finders.base import (
    EVENT,
    HONOUR,
    INSTITUTION,
    POLICY,
    PROJECT,
    ZONE,
    Found,
    View,
    left_edge,
)
from kg.rules import Rule, register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ahocorasick_rs import AhoCorasick

__all__ = ["RULES", "find"]

RULE = register(
    Rule(
        name="entity.class-noun",
        gives="entity",
        summary="a modifier and a class noun after a verb of doing: 实施…行动, 建设…高速",
        example="深入实施农村人居环境整治三年行动，加快建设京秦高速公路。",
        found="农村人居环境整治三年行动|京秦高速公路",
        counterexample="推进5个项目，开展活动。",
    )
)
RULES = (RULE.name,)
"""What this finder may call its finds."""

_KINDS = {
    "Project": PROJECT,
    "Zone": ZONE,
    "Institution": INSTITUTION,
    "Policy": POLICY,
    "Event": EVENT,
    "Honour": HONOUR,
}
_TAILS = (
    "一期",
    "二期",
    "三期",
    "（一期）",
    "（二期）",
    "（三期）",
    "一期工程",
    "二期工程",
    "三期工程",
)


@cache
def _nouns() -> tuple[AhoCorasick, tuple[int, ...]]:
    from ahocorasick_rs import AhoCorasick, MatchKind

    rows = lexicon.rows("class_nouns")
    automaton = AhoCorasick([row["noun"] for row in rows], matchkind=MatchKind.LeftmostLongest)
    return automaton, tuple(_KINDS[row["kind"]] for row in rows)


def find(view: View) -> Iterator[Found]:
    """Names closed by a class noun."""
    automaton, kinds = _nouns()
    edges = view.edges
    text = view.text
    for number, start, end in automaton.find_matches_as_indexes(text):
        if not edges[end]:
            continue
        begin = left_edge(view, start)
        if text[begin].isdigit():
            continue
        if start - begin < 2:
            continue
        kind = kinds[number]
        yield Found(begin, end, kind, RULE.name)
        for tail in _TAILS:
            if text.startswith(tail, end):
                yield Found(begin, end + len(tail), PROJECT, RULE.name)
