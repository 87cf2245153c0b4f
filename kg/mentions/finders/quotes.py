"""Names in quotation marks and in title marks, with or without the noun after them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kg import lexicon
from kg.mentions.finders.base import EVENT, HONOUR, POLICY, PROJECT, ZONE, Found, View
from kg.rules import Rule, register

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RULES", "find"]

QUOTED = register(
    Rule(
        name="entity.quoted",
        gives="entity",
        summary="a programme named by a quoted phrase alone",
        example="扎实做好“六稳”工作，落实“通八条”。",
        found="六稳|通八条",
        counterexample="坚持绿色发展。",
    )
)
QUOTED_NOUN = register(
    Rule(
        name="entity.quoted-with-noun",
        gives="entity",
        summary="a quoted phrase and the class noun that belongs to the name",
        example="推进“一村一品”试点，深化“放管服”改革。",
        found="“一村一品”试点|“放管服”改革",
        counterexample="发挥“领头雁”作用。",
    )
)
TITLE = register(
    Rule(
        name="entity.title",
        gives="entity",
        summary="a document by its title in title marks",
        example="出台《通州区促进金融业发展若干措施》。",
        found="《通州区促进金融业发展若干措施》",
        counterexample="出台促进金融业发展的措施。",
    )
)
RULES = (QUOTED.name, QUOTED_NOUN.name, TITLE.name)
"""What this finder may call its finds."""

_QUOTED = re.compile(r"“([^“”\n。；]{1,24})”")
_TITLE = re.compile(r"《[^《》\n]{2,50}》")
_KINDS = {"Policy": POLICY, "Project": PROJECT, "Honour": HONOUR, "Event": EVENT, "Zone": ZONE}


@cache
def _nouns() -> tuple[re.Pattern[str], dict[str, int]]:
    kinds = {
        row["noun"]: _KINDS[row["kind"]]
        for row in lexicon.rows("class_nouns")
        if row["kind"] in _KINDS
    }
    longest_first = sorted(kinds, key=len, reverse=True)
    return re.compile(rf"[一-鿿0-9]{{0,6}}?({'|'.join(longest_first)})"), kinds


def find(view: View) -> Iterator[Found]:
    """Quoted names and titles."""
    text = view.text
    pattern, kinds = _nouns()
    for match in _QUOTED.finditer(text):
        start, end = match.span()
        yield Found(start + 1, end - 1, POLICY, QUOTED.name)
        noun = pattern.match(text, end)
        if noun:
            yield Found(start, noun.end(), kinds[noun[1]], QUOTED_NOUN.name)
    for match in _TITLE.finditer(text):
        yield Found(match.start(), match.end(), POLICY, TITLE.name)
        yield Found(match.start() + 1, match.end() - 1, POLICY, TITLE.name)
