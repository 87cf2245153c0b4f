"""Names known beyond one report: policies, campaigns, events, bodies and regions.

``tables/known_names.tsv`` lists names that reports of many places use; it is made by a
script from the reports themselves and says in how many places each was met.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from kg import lexicon
from kg.mentions.finders.base import PLACE, Found, View
from kg.model import KINDS
from kg.rules import Rule, register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ahocorasick_rs import AhoCorasick

__all__ = ["RULES", "find"]

RULE = register(
    Rule(
        name="entity.known-name",
        gives="entity",
        summary="a name that reports of many places use",
        example="落实乡村振兴战略，推进京津冀协同发展。",
        found="乡村振兴战略|京津冀协同发展",
        counterexample="乡村面貌一新。",
    )
)
REGION = register(
    Rule(
        name="entity.region",
        gives="entity",
        summary="a region or a natural feature known by its name",
        example="服务京津冀和长三角。",
        found="京津冀|长三角",
        counterexample="中部区域亮点纷呈。",
    )
)
RULES = (RULE.name, REGION.name)
"""What this finder may call its finds."""


@cache
def _names() -> tuple[AhoCorasick, tuple[int, ...]]:
    from ahocorasick_rs import AhoCorasick, MatchKind

    kinds = {row["name"]: KINDS.index(row["kind"]) for row in lexicon.rows("known_names")}
    names = sorted(kinds)
    automaton = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)
    return automaton, tuple(kinds[name] for name in names)


@cache
def _regions() -> AhoCorasick:
    from ahocorasick_rs import AhoCorasick, MatchKind

    names = set()
    for row in lexicon.rows("regions"):
        names |= {row["name"], *row["aliases"].split("|")}
    never = {"", "中国", "我国", "全国", "中华人民共和国", "世界", "全球"}
    return AhoCorasick(sorted(names - never), matchkind=MatchKind.LeftmostLongest)


def find(view: View) -> Iterator[Found]:
    """The known names in a text."""
    automaton, kinds = _names()
    edges = view.edges
    for number, start, end in automaton.find_matches_as_indexes(view.text):
        yield Found(start, end, kinds[number], RULE.name)
    for _, start, end in _regions().find_matches_as_indexes(view.text):
        if edges[start]:
            yield Found(start, end, PLACE, REGION.name)
