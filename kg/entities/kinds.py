"""Which kind a name is of where the reports of one place show it under two."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import Final

from kg.entities.model import MentionRef
from kg.entities.names import plain
from kg.entities.owners import Home, national_name, regions, resolve_place
from kg.model import KINDS

__all__ = ["better_kinds"]

_CONFUSABLE: Final = frozenset(
    frozenset(pair)
    for pair in (
        ("Zone", "Policy"),
        ("Zone", "Institution"),
        ("Zone", "Project"),
        ("Zone", "Place"),
        ("Project", "Institution"),
        ("Policy", "Honour"),
        ("Policy", "Event"),
    )
)
"""Kinds that a reader takes for each other; a Person and a Place are truly two things."""


def better_kinds(home: Home, mentions: Iterable[MentionRef]) -> dict[tuple[str, str], str]:
    """The kind to use for a name that stands under kinds one takes for each other.

    A name the whole country knows under one of the kinds is of that kind, a division is a
    Place; otherwise the kind found most often counts, of two alike the surer one.

    Args:
        home: the place that reports.
        mentions: all mentions of its reports, in any order.

    Returns:
        (kind as found, name) → kind, only where the two differ.
    """
    support: dict[str, Counter[str]] = defaultdict(Counter)
    scores: dict[tuple[str, str], float] = defaultdict(float)
    spellings: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mention in mentions:
        text = plain(mention.name)
        support[text][mention.kind] += 1
        scores[text, mention.kind] = max(scores[text, mention.kind], mention.score)
        spellings[text, mention.kind].add(mention.name)
    found: dict[tuple[str, str], str] = {}
    for text, counts in support.items():
        for kind in counts:
            best = _best(text, kind, counts, scores, home)
            if best != kind:
                found.update(((kind, name), best) for name in spellings[text, kind])
    return found


def _best(
    text: str,
    kind: str,
    counts: Counter[str],
    scores: dict[tuple[str, str], float],
    home: Home,
) -> str:
    known = [
        other
        for other in KINDS
        if frozenset((kind, other)) in _CONFUSABLE and national_name(text, other)
    ]
    if len(known) == 1 and national_name(text, kind) is None:
        return known[0]
    group = _group(kind, counts)
    if len(group) == 1:
        return kind
    if "Place" in group and (text in regions() or resolve_place(text, home)):
        return "Place"
    return max(group, key=lambda item: (counts[item], scores[text, item], -KINDS.index(item)))


def _group(kind: str, counts: Counter[str]) -> set[str]:
    """The kinds of the name that hang together with ``kind``."""
    group = {kind}
    for _ in counts:
        for left, right in combinations(counts, 2):
            if {left, right} & group and frozenset((left, right)) in _CONFUSABLE:
                group |= {left, right}
    return group
