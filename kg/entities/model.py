"""Things, the mentions that name them, and why two names are one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kg.errors import UsageError

__all__ = ["Entity", "Linked", "MentionRef", "Merge", "Where"]

Where: TypeAlias = tuple[str, int, str, str]
"""Stem, paragraph number, text and kind of a mention."""


@dataclass(frozen=True, slots=True)
class MentionRef:
    """Where a thing is named: a mention with its report and paragraph number.

    ``start`` and ``end`` count code points in the paragraph's text.
    """

    stem: str
    paragraph: int
    start: int
    end: int
    text: str
    kind: str
    canonical: str | None = None
    score: float = 1.0

    @property
    def name(self) -> str:
        """The full name."""
        return self.canonical or self.text

    @property
    def where(self) -> Where:
        """Under what the thing it names is looked up."""
        return self.stem, self.paragraph, self.text, self.kind


@dataclass(frozen=True, slots=True)
class Merge:
    """Two names that were found to be one thing, and on what grounds.

    Attributes:
        left: a name as written.
        right: the other name as written.
        rule: what joined them, e.g. ``place-prefix``; ``user`` for a forced link.
        score: how sure the rule is, from 0 to 1.
        evidence: one sentence for people, with the part on which the rule rests.
    """

    left: str
    right: str
    rule: str
    score: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing.

    Attributes:
        key: stable and unique: ``kind|division/division/…|name``; two graphs that hold
            the same reports give the same key, in whatever order they were read.
        kind: one of :data:`kg.model.KINDS`.
        label: the full name.
        aliases: every other form under which it is named, sorted.
        scope: the divisions the thing belongs to, outermost first; ``()`` for things
            that are one and the same for the whole country.
        code: the official code of an administrative division, otherwise ``None``.
        mentions: by stem, paragraph and position; empty for a division that is there
            only because another lies in it.
        merges: the grounds on which its names were joined.
        part_of: key of the division that a division lies in, otherwise ``None``; that a
            report speaks of a place says nothing of where it lies.
        former_codes: codes a division had before.
    """

    key: str
    kind: str
    label: str
    aliases: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    code: str | None = None
    mentions: tuple[MentionRef, ...] = ()
    merges: tuple[Merge, ...] = ()
    part_of: str | None = None
    former_codes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The label and all aliases."""
        return (self.label, *self.aliases)


@dataclass(frozen=True)
class Linked:
    """All things of a set of reports.

    Attributes:
        entities: sorted by key.
        indicators: indicator as written → its name in the scheme of indicators.
        places: report stem → key of the place that reports.
        index: (stem, paragraph number, text, kind) → key.
    """

    entities: tuple[Entity, ...]
    indicators: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    index: Mapping[Where, str] = field(default_factory=dict)
    _by_key: dict[str, Entity] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Fill the way from key to entity."""
        self._by_key.update((entity.key, entity) for entity in self.entities)

    def __iter__(self) -> Iterator[Entity]:
        return iter(self.entities)

    def __len__(self) -> int:
        return len(self.entities)

    def get(self, key: str) -> Entity:
        """The entity of that key.

        Raises:
            UsageError: there is none.
        """
        try:
            return self._by_key[key]
        except KeyError:
            raise UsageError(f"no entity has the key {key!r}") from None

    def lookup(
        self, stem: str, paragraph: int, text: str, kind: str | None = None
    ) -> Entity | None:
        """What ``text``, as written in that paragraph, is; ``None`` if it names nothing.

        Without ``kind`` the first kind in the order of :data:`kg.model.KINDS` that was
        found for the text there.  A milestone's ``entity``, a relation's ends and an
        observation's ``area`` are looked up this way.
        """
        from kg.model import KINDS

        for choice in (kind,) if kind else KINDS:
            key = self.index.get((stem, paragraph, text, choice))
            if key is not None:
                return self._by_key[key]
        return None

    def place(self, stem: str) -> Entity | None:
        """The place that reports in ``stem``, if it is known."""
        key = self.places.get(stem)
        return self._by_key[key] if key else None

    def named(self, name: str) -> tuple[Entity, ...]:
        """Every entity that bears ``name`` as label or alias, by key."""
        return tuple(entity for entity in self.entities if name in entity.names)

    def indicator(self, name: str) -> str:
        """The scheme's name of an indicator, or the name itself."""
        return self.indicators.get(name, name)
