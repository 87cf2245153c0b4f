"""Why names are one thing or two, in words."""

from __future__ import annotations

from kg.entities.model import Entity, Linked
from kg.entities.names import plain
from kg.errors import UsageError, nearest

__all__ = ["explain"]


def explain(linked: Linked, name: str) -> str:
    """Say what things bear a name, under what other names, and on what grounds.

    Args:
        linked: the things.
        name: a name as written somewhere, or the key of an entity.

    Returns:
        Lines of text: for each thing its names, the place it belongs to, its official
        code, how often each name is used and where first, and the grounds of each merge.

    Raises:
        UsageError: nothing is called that; names that come close are given.
    """
    wanted = plain(name)
    found = [
        entity
        for entity in linked
        if entity.key == name or any(plain(alias) == wanted for alias in entity.names)
    ]
    if not found:
        names = (alias for entity in linked for alias in entity.names)
        raise UsageError(f"nothing is called {name!r}", choices=nearest(name, names))
    parts = [_describe(entity) for entity in found]
    if len(found) > 1:
        places = "; ".join(f"{item.label} ({item.kind}, {_scope(item)})" for item in found)
        parts.insert(0, f"{len(found)} things are called {name}: {places}\n")
    return "\n".join(parts)


def _scope(entity: Entity) -> str:
    return "".join(entity.scope) or "nationwide"


def _describe(entity: Entity) -> str:
    lines = [f"{entity.label}  [{entity.kind}, {_scope(entity)}]", f"  key: {entity.key}"]
    if entity.code:
        former = f", formerly {', '.join(entity.former_codes)}" if entity.former_codes else ""
        lines.append(f"  official code: {entity.code}{former}")
    if entity.part_of:
        lines.append(f"  part of: {entity.part_of.rsplit('|', 1)[-1]}")
    uses: dict[str, list[str]] = {}
    for mention in entity.mentions:
        uses.setdefault(mention.name, []).append(f"{mention.stem}#{mention.paragraph}")
    for written, places in sorted(uses.items(), key=lambda item: (-len(item[1]), item[0])):
        lines.append(f"  named {written} {len(places)} times, first in {places[0]}")
    if not entity.merges:
        lines.append("  one name, or one name for each kind: nothing was joined")
    for merge in entity.merges:
        lines.append(f"  joined by {merge.rule} ({merge.score:.2f}): {merge.evidence}")
    return "\n".join(lines) + "\n"
