"""Names of one place in groups that refuse to mix what must stay apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.entities.decisions import Links
from kg.entities.model import Merge
from kg.entities.names import Name, parse, plain
from kg.entities.owners import Owner

__all__ = ["Cluster", "Groups", "Item", "bans"]

_THING: Final = frozenset({"Project", "Zone", "Place", "Institution"})
_DATED_KINDS: Final = frozenset({"Event", "Policy"})
_DATED_ENDS: Final = (
    "计划",
    "规划",
    "报告",
    "要点",
    "方案",
    "预算",
    "清单",
    "决算",
    "草案",
    "大赛",
    "大会",
)


@dataclass(frozen=True, slots=True)
class Item:
    """A name under which reports of one place speak of a thing.

    Attributes:
        kind: the kind it was found as.
        name: as written, or the whole name of a coordinated part.
        owner: whose thing it is.
        years: years of the reports that use it; ``()`` if unknown.
        stems: reports that use it.
        count: how often it is used.
    """

    kind: str
    name: str
    owner: Owner
    years: tuple[int, ...]
    stems: frozenset[str]
    count: int

    @property
    def parsed(self) -> Name:
        """The name taken apart."""
        return parse(self.name)

    @property
    def family(self) -> str:
        """Kinds that one thing may be seen as."""
        return "Thing" if self.kind in _THING else self.kind

    @property
    def year(self) -> str:
        """The year that tells editions apart, ``""`` where a year only dates."""
        name = self.parsed
        if self.kind in _DATED_KINDS and name.year:
            return name.year if self.kind == "Event" or name.core.endswith(_DATED_ENDS) else ""
        return ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Names that are one thing, with the grounds."""

    items: tuple[Item, ...]
    merges: tuple[Merge, ...]


class Groups:
    """Disjoint sets of items that refuse joins across a mark that tells things apart."""

    def __init__(self, items: Sequence[Item], links: Links) -> None:
        self.items = items
        self._parent = list(range(len(items)))
        self._owners: list[frozenset[tuple[str, ...]]] = [
            frozenset({item.owner.division.path}) if item.owner.division else frozenset()
            for item in items
        ]
        self._years = [frozenset({item.year} - {""}) for item in items]
        self._names: list[frozenset[str]] = [frozenset({plain(item.name)}) for item in items]
        self._banned = bans(links)
        self.merges: dict[int, list[Merge]] = defaultdict(list)

    def find(self, index: int) -> int:
        """The root of an item's group."""
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index

    def join(self, left: int, right: int, rule: str, score: float, evidence: str) -> bool:
        """Join the groups of two items; ``False`` if they may not be joined."""
        a, b = self.find(left), self.find(right)
        if a == b:
            return False
        if rule != "user" and not self._may_join(a, b):
            return False
        a, b = min(a, b), max(a, b)
        self._parent[b] = a
        self._owners[a] |= self._owners[b]
        self._years[a] |= self._years[b]
        self._names[a] |= self._names[b]
        names = sorted((self.items[left].name, self.items[right].name))
        self.merges[a] += self.merges.pop(b, [])
        if names[0] != names[1]:
            self.merges[a].append(Merge(names[0], names[1], rule, score, evidence))
        return True

    def _may_join(self, a: int, b: int) -> bool:
        if len(self._owners[a] | self._owners[b]) > 1 or len(self._years[a] | self._years[b]) > 1:
            return False
        if self.items[a].parsed.phases != self.items[b].parsed.phases:
            return False
        first, second = sorted((self._names[a], self._names[b]), key=len)
        return not any(other in second for name in first for other in self._banned.get(name, ()))

    def owners(self, index: int) -> frozenset[tuple[str, ...]]:
        """The places by which the names of an item's group begin."""
        return self._owners[self.find(index)]

    def groups(self) -> Iterator[tuple[int, list[int]]]:
        """Root and members of each group, in order of the items."""
        members: dict[int, list[int]] = defaultdict(list)
        for index in range(len(self.items)):
            members[self.find(index)].append(index)
        return iter(members.items())


def bans(links: Links) -> dict[str, set[str]]:
    """Name in one spelling → the names the user keeps apart from it."""
    banned: dict[str, set[str]] = defaultdict(set)
    for decision in links.of("different"):
        left, right = plain(decision.left), plain(decision.right)
        banned[left].add(right)
        banned[right].add(left)
    return banned
