"""Finders: grammars and tables that propose names; a scorer decides between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.mentions.finders import (
    classnouns,
    divisions,
    honours,
    known,
    meetings,
    organs,
    quotes,
    works,
)
from kg.mentions.finders.base import Found, View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["FAMILY", "FINDERS", "Found", "View", "find"]

FINDERS: dict[str, Callable[[View], Iterator[Found]]] = {
    "divisions": divisions.find,
    "organs": organs.find,
    "meetings": meetings.find,
    "quotes": quotes.find,
    "class-nouns": classnouns.find,
    "honours": honours.find,
    "works": works.find,
    "known": known.find,
}
"""The families of finders by name; each can be left out."""

_MODULES = (divisions, organs, meetings, quotes, classnouns, honours, works, known)
FAMILY: dict[str, str] = {
    rule: family for family, module in zip(FINDERS, _MODULES, strict=True) for rule in module.RULES
}
"""The family each rule belongs to."""


def find(view: View) -> list[Found]:
    """All that the finders propose, overlaps included; asked once a view."""
    if not view.found:
        view.found.append([found for finder in FINDERS.values() for found in finder(view)])
    return view.found[0]
