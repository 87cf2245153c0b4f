"""On what it rests that a place is part of another: a table, and where reports name the place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from functools import cache

from kg import lexicon
from kg.entities import Entity
from kg.rdf.vocab import Term

__all__ = ["outer_key", "passages_for", "rule_of"]


def outer_key(entity: Entity) -> str | None:
    """The key of the place a thing lies in or belongs to; whether it is known is not said."""
    if entity.part_of:
        return entity.part_of
    if entity.kind == "Place" or not entity.scope:
        return None
    return "|".join(("Place", "/".join(entity.scope[:-1]), entity.scope[-1]))


def passages_for(
    key: str,
    named: Callable[[str], Set[Term]],
    inside: Callable[[str], Iterable[str]],
) -> list[Term]:
    """The passages on which it rests that a place lies in another.

    Args:
        key: of the place.
        named: key → where each report first names the thing.
        inside: key → keys of the things that lie in the place or belong to it.

    Returns:
        The first mention in each report; for a place no report names, of what lies in it.
    """
    seen: set[str] = set()

    def found(key: str) -> Set[Term]:
        if key in seen:
            return set()
        seen.add(key)
        return named(key) or {passage for inner in inside(key) for passage in found(inner)}

    return sorted(found(key))


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
