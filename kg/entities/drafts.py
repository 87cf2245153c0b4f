"""Entities in the making, while the mentions of reports are gone through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kg.entities.divisions import Division, gazetteer
from kg.entities.model import Entity, MentionRef, Merge, Where
from kg.entities.names import plain

__all__ = ["Draft", "Drafts", "absorb", "entity", "plain_label"]


@dataclass
class Draft:
    """An entity in the making."""

    kind: str
    label: str
    scope: tuple[str, ...]
    mentions: list[MentionRef] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    merges: set[Merge] = field(default_factory=set)
    division: Division | None = None
    placed: bool = False
    """Whether the divisions above it are known, and not only who speaks of it."""

    @property
    def key(self) -> str:
        """The key its entity will have."""
        return "|".join((self.kind, "/".join(self.scope), plain(self.label)))


class Drafts:
    """Collects the drafts of things whose identity is their name."""

    def __init__(self) -> None:
        self.by_key: dict[str, Draft] = {}
        self.index: dict[Where, str] = {}

    def division(self, division: Division) -> Draft:
        """The draft of a division, with those above it."""
        if division.chain:
            self._above(division.codes[:-1], division.chain)
        draft = Draft("Place", division.name, division.chain, division=division, placed=True)
        draft.names.update(division.former_names)
        return self.by_key.setdefault(draft.key, draft)

    def _above(self, codes: tuple[str, ...], chain: tuple[str, ...]) -> None:
        if codes:
            self.division(gazetteer().division(codes[-1]))
        else:
            self.place(chain)

    def place(self, path: tuple[str, ...]) -> Draft:
        """The draft of a place that is no known division."""
        if len(path) > 1:
            self.place(path[:-1])
        draft = Draft("Place", path[-1], path[:-1], placed=True)
        return self.by_key.setdefault(draft.key, draft)

    def direct(self, kind: str, label: str, scope: tuple[str, ...]) -> Draft:
        """The draft of a thing whose identity is its name."""
        draft = Draft(kind, label, scope)
        return self.by_key.setdefault(draft.key, draft)

    def add(self, draft: Draft, mention: MentionRef) -> None:
        """Hang a mention on a draft."""
        draft.mentions.append(mention)
        draft.names.update((mention.name, mention.text))
        self.index[mention.where] = draft.key


def absorb(drafts: dict[str, Draft], draft: Draft) -> Draft:
    """Take a draft into those of other places; what comes first says what the thing is.

    Returns:
        The draft that holds both.
    """
    held = drafts.setdefault(draft.key, replace(draft, mentions=[], names=set(), merges=set()))
    held.mentions.extend(draft.mentions)
    held.names.update(draft.names)
    held.merges.update(draft.merges)
    return held


def plain_label(name: str) -> str:
    """A name for display: no white space, widths as written."""
    return "".join(name.split())


def entity(draft: Draft) -> Entity:
    """The finished entity."""
    names = {plain_label(name) for name in draft.names} - {draft.label}
    division = draft.division
    part_of = None
    if draft.placed and draft.scope:
        part_of = "|".join(("Place", "/".join(draft.scope[:-1]), plain(draft.scope[-1])))
    return Entity(
        key=draft.key,
        kind=draft.kind,
        label=draft.label,
        aliases=tuple(sorted(names)),
        scope=draft.scope,
        code=(division.code or None) if division else None,
        mentions=tuple(
            sorted(
                draft.mentions, key=lambda item: (item.stem, item.paragraph, item.start, item.kind)
            )
        ),
        merges=_surest(draft.merges),
        part_of=part_of,
        former_codes=division.former if division else (),
    )


def _surest(merges: Iterable[Merge]) -> tuple[Merge, ...]:
    """Of the times a rule joined the same two names the surest one, in order of the names."""
    found: dict[tuple[str, str, str], Merge] = {}
    for merge in sorted(merges, key=lambda item: (item.score, item.evidence)):
        found[merge.left, merge.right, merge.rule] = merge
    return tuple(found[key] for key in sorted(found))
