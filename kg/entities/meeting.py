"""Groups of names of several places: which are one thing, and what that thing is called.

Two groups can meet only over a signature that both have, so whether they do follows from
the groups that hang together over signatures and from nothing else: a new report asks for
no more of the rest than these.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from kg.entities.decisions import Links
from kg.entities.drafts import Draft, plain_label
from kg.entities.groups import Item, bans
from kg.entities.model import Merge
from kg.entities.names import is_generic, plain, rarity
from kg.entities.owners import Home
from kg.model import KINDS

__all__ = ["Group", "Signature", "Slot", "signatures", "thing", "unite"]

Slot: TypeAlias = tuple[tuple[str, ...], int]
"""A group by its place and number."""

Signature: TypeAlias = tuple[object, ...]
"""What groups of two places must share to be one thing."""

_METRO = re.compile(r"^\d+号线(?![一-鿿]*段)")
_LONG_NAME: Final = 4
_RARE: Final = 2


@dataclass(frozen=True, slots=True)
class Group:
    """Names that the reports of one place use for one thing.

    Attributes:
        home: the place that reports.
        number: its number among the groups of the place.
        items: the names.
        merges: the grounds on which they were joined.
        written: every form in which they stand in the text.
    """

    home: Home
    number: int
    items: tuple[Item, ...]
    merges: tuple[Merge, ...]
    written: frozenset[str]

    @property
    def slot(self) -> Slot:
        """Its place and number."""
        return self.home.path, self.number


def unite(groups: Sequence[Group], links: Links) -> list[list[Group]]:
    """The groups that are one thing, together, in order of the first of them.

    Args:
        groups: by place and number; with a group all that share a signature with it.
        links: the user's own links and bans.
    """
    parent = list(range(len(groups)))

    def find(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    banned = bans(links)
    names = [{plain(item.name) for item in group.items} for group in groups]
    shared: dict[Signature, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        for signature in signatures(group):
            shared[signature].append(index)
    for signature, indexes in sorted(shared.items(), key=lambda item: item[1]):
        homes = [groups[index].home for index in indexes]
        if signature[1] == "root" and not any(home.path == home.root for home in homes):
            continue
        by_home = {groups[index].home.path: index for index in reversed(indexes)}
        for index in by_home.values():
            other, here = find(indexes[0]), find(index)
            if other != here and not _apart(names[other], names[here], banned):
                parent[max(other, here)] = min(other, here)
                names[min(other, here)] |= names[max(other, here)]
    members: dict[int, list[Group]] = defaultdict(list)
    for index, group in enumerate(groups):
        members[find(index)].append(group)
    return list(members.values())


def _apart(left: set[str], right: set[str], banned: dict[str, set[str]]) -> bool:
    """Whether the user keeps a name of one group from a name of the other."""
    return bool(banned) and any(banned.get(name, set()) & right for name in left)


def signatures(group: Group) -> set[Signature]:
    """The signatures of a group."""
    home = group.home
    found: set[Signature] = set()
    scope = _scope(group)
    for item in group.items:
        bare, phases = item.owner.bare, item.parsed.phases
        found.add((item.family, scope, bare, phases, item.year))
        if _distinctive(bare) and not is_generic(bare) and item.family in ("Thing", "Policy"):
            found.add((item.family, "root", home.root, bare, phases, item.year))
    return found


def _distinctive(bare: str) -> bool:
    """Whether two places of a prefecture that use the name will mean one thing by it."""
    return (len(bare) >= _LONG_NAME and rarity(bare) >= _RARE) or bool(_METRO.match(bare))


def _scope(group: Group) -> tuple[str, ...]:
    named = [item.owner for item in group.items if item.owner.division]
    if named:
        return max((item.scope for item in named), key=lambda path: (len(path), path))
    scopes = Counter(item.owner.scope for item in group.items)
    return max(scopes, key=lambda path: (scopes[path], len(path), path))


def thing(groups: Sequence[Group]) -> Draft:
    """The thing that groups of several places are, without its mentions."""
    scopes = sorted({_scope(group) for group in groups}, key=lambda path: (len(path), path))
    scope = scopes[0] if len(scopes) == 1 else _common(scopes)
    items = [item for group in groups for item in group.items]
    kinds: Counter[str] = Counter()
    for item in items:
        kinds[item.kind] += item.count
    kind = max(kinds, key=lambda name: (kinds[name], -KINDS.index(name)))
    draft = Draft(kind, _label(items), scope)
    for group in groups:
        draft.merges.update(group.merges)
        draft.names.update(group.written)
    return draft


def _common(paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    shared: list[str] = []
    for names in zip(*paths, strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    return tuple(shared)


def _label(items: list[Item]) -> str:
    """The full name.

    The one that says most beside its place; of those one that names its place; of those
    the most used.
    """
    counts: Counter[str] = Counter()
    for item in items:
        counts[item.name] += item.count

    def rank(item: Item) -> tuple[object, ...]:
        owner_ = item.owner
        rest = len(plain(item.name)) - len(owner_.written) if item.kind == "Institution" else 0
        placed = owner_.division is not None
        return (-len(owner_.bare), not placed, -rest, -counts[item.name], len(item.name), item.name)

    best = min(items, key=rank)
    return plain_label(best.owner.full or best.name)
