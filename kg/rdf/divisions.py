"""On what it rests that a place is part of another: a table, and where reports name the place."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from kg import lexicon
from kg.entities import Entity, Linked
from kg.rdf.vocab import Term

__all__ = ["Witnesses", "rule_of"]


class Witnesses:
    """Where each report first names each thing.

    Args:
        linked: the things of all reports together.
    """

    def __init__(self, linked: Linked) -> None:
        self._first: dict[str, dict[str, Term]] = defaultdict(dict)
        self._inside: dict[str, list[str]] = defaultdict(list)
        for entity in linked:
            outer = entity.part_of or _home(entity)
            if outer and outer != entity.key:
                self._inside[outer].append(entity.key)

    def note(self, key: str, stem: str, passage: Term) -> None:
        """A report names a thing; only its first time counts."""
        self._first[key].setdefault(stem, passage)

    def has(self, key: str, stem: str) -> bool:
        """Whether the report names the thing."""
        return stem in self._first.get(key, ())

    def of(self, key: str) -> list[Term]:
        """The first mention in each report; for a place no report names, of what lies in it."""
        return sorted(self._passages(key, set()))

    def _passages(self, key: str, seen: set[str]) -> set[Term]:
        if key in seen:
            return set()
        seen.add(key)
        own = set(self._first.get(key, {}).values())
        if own:
            return own
        return {found for inner in self._inside[key] for found in self._passages(inner, seen)}


def _home(entity: Entity) -> str | None:
    """The key of the place to whose jurisdiction a thing belongs."""
    if entity.kind == "Place" or not entity.scope:
        return None
    return "|".join(("Place", "/".join(entity.scope[:-1]), entity.scope[-1]))


def rule_of(place: Entity) -> tuple[str, str | None]:
    """The rule by which a place is part of another, and the table that says so, if one does."""
    if place.code:
        table = "divisions" if len(place.code) <= 6 else "towns"
    elif place.label in _new_areas():
        table = "new_areas"
    else:
        return "place.named-in-report", None
    return f"table.{table}", table


@cache
def _new_areas() -> frozenset[str]:
    return frozenset(row["name"] for row in lexicon.rows("new_areas"))
