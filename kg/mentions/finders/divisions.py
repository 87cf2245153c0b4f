"""Administrative divisions: full names, short names, and villages and streets by their suffix.

The names come from ``tables/divisions.tsv`` and ``towns.tsv``.  In a chain (北京市通州区)
each division is found by itself.  A short name (海淀) must stand where words begin and
end, because many are ordinary words as well; the words that are never meant as a place
in these reports are in ``tables/not_places.tsv``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kg import lexicon
from kg.mentions.finders.base import PLACE, Found, View, left_edge
from kg.rules import Rule, register
from kg.text.places import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ahocorasick_rs import AhoCorasick

__all__ = ["RULES", "find"]

FULL = register(
    Rule(
        name="entity.division",
        gives="entity",
        summary="a province, city, county or town by its full name, each link of a chain",
        example="北京市通州区西集镇的项目加快建设。",
        found="北京市|通州区|西集镇",
        counterexample="全区城镇新增就业明显好转。",
    )
)
SHORT = register(
    Rule(
        name="entity.division-short",
        gives="entity",
        summary="a province, city or county without its suffix",
        example="深化与海淀、西城的合作。",
        found="海淀|西城",
        counterexample="建设和平安宁的社区。",
    )
)
SUFFIX = register(
    Rule(
        name="entity.village",
        gives="entity",
        summary="a village, town or street by its suffix",
        example="完成沙古堆村污水治理。",
        found="沙古堆村",
        counterexample="完成98个行政村污水治理，打造美丽乡村。",
    )
)
RULES = (FULL.name, SHORT.name, SUFFIX.name)
"""What this finder may call its finds."""

_VILLAGE = re.compile(r"村|镇|乡|街道|社区")
_NOT_VILLAGE = re.compile(
    r"[美丽好强新全各该示范数字行政传统特色乡城老智慧中和富幸福]{1,4}[村镇乡社]"
    r"|.*(?:个|条|处|家|座|化|型|级|街镇|农|全|每|各|居|区)"
)
_LONGEST_VILLAGE = 4


@cache
def _automaton() -> tuple[AhoCorasick, tuple[bool, ...], tuple[str, ...]]:
    from ahocorasick_rs import AhoCorasick, MatchKind

    rows = lexicon.rows("divisions")
    full = {row["name"] for row in rows} | {
        name for name in lexicon.words("towns", "name") if len(name) > 2
    }
    never = frozenset(lexicon.words("not_places"))
    short = {stem for row in rows if not row["until"] and len(stem := short_name(row["name"])) >= 2}
    names = sorted((full | short) - never)
    automaton = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)
    return automaton, tuple(name in full for name in names), tuple(names)


def find(view: View) -> Iterator[Found]:
    """The divisions a text names."""
    automaton, full, _ = _automaton()
    edges = view.edges
    for number, start, end in automaton.find_matches_as_indexes(view.text):
        if full[number]:
            yield Found(start, end, PLACE, FULL.name)
        elif edges[start] and edges[end]:
            yield Found(start, end, PLACE, SHORT.name)
    for match in _VILLAGE.finditer(view.text):
        start, end = match.span()
        begin = left_edge(view, start)
        if 2 <= start - begin <= _LONGEST_VILLAGE and edges[end]:
            name = view.text[begin:end]
            if not _NOT_VILLAGE.match(name):
                yield Found(begin, end, PLACE, SUFFIX.name)
