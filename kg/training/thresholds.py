"""From which probability on a relation of each predicate is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from kg.evaluation.scoring import Score, score
from kg.model import Annotation, Relation
from kg.statements.relation_candidates import Pair
from kg.statements.relations import decide

__all__ = ["Figures", "Judged", "choose", "figures"]

Judged = tuple[Annotation, Sequence[tuple[float, Pair]]]
"""An annotated paragraph and its pairs with probabilities from a scorer that did not see it."""
Least = Callable[[str], float]
"""The threshold of a predicate."""
Figures = Mapping[str, Mapping[str, float]]
"""Precision, recall and F1 by predicate."""

_LEVELS: Final = tuple(round(0.28 + 0.04 * step, 2) for step in range(10))
"""Lower ones are now and then best on a few hundred examples, by chance."""
_ENOUGH: Final = 30
"""Examples of a predicate that are enough to choose a threshold for it."""
_ROUNDS: Final = 4


def choose(judged: Sequence[Judged], start: float) -> dict[str, float]:
    """A threshold for each predicate with enough examples, for the best F1 of all together.

    Args:
        judged: what is annotated and what was found.
        start: the threshold of the others, and where the search begins.
    """
    by_level = {level: _count(judged, _constant(level)) for level in _LEVELS}
    others = _count(judged, _constant(start))
    wanted = {name: item.gold for name, item in others.items()}
    chosen: dict[str, float] = {}

    def value(trial: Mapping[str, float]) -> float:
        counts = (
            by_level[trial[name]].get(name, Score()) if name in trial else others[name]
            for name in wanted
        )
        return sum(counts, Score()).f1

    best = value(chosen)
    for _ in range(_ROUNDS):
        before = best
        for name in sorted(name for name, count in wanted.items() if count >= _ENOUGH):
            for level in _LEVELS:
                trial = {**chosen, name: level}
                if (reached := value(trial)) > best:
                    chosen, best = trial, reached
        if best == before:
            break
    return chosen


def figures(judged: Sequence[Judged], least: Least) -> Figures:
    """Precision, recall and F1 by predicate and of all, at given thresholds."""
    counts = _count(judged, least)
    counts["all"] = sum(counts.values(), Score())
    return {
        name: {
            "gold": item.gold,
            "p": round(item.precision, 3),
            "r": round(item.recall, 3),
            "f1": round(item.f1, 3),
        }
        for name, item in sorted(counts.items())
    }


def _constant(level: float) -> Least:
    return lambda _: level


def _count(judged: Iterable[Judged], least: Least) -> dict[str, Score]:
    pairs = (
        (
            Annotation(wanted.id, wanted.text, relations=wanted.relations),
            Annotation(wanted.id, wanted.text, relations=_relations(found, least)),
        )
        for wanted, found in judged
    )
    return defaultdict(Score, score(pairs).by_kind["relations"])


def _relations(found: Iterable[tuple[float, Pair]], least: Least) -> tuple[Relation, ...]:
    return tuple(
        Relation(pair.subject.text, pair.predicate, pair.object.text, "", 0, 0, score=probability)
        for probability, pair in decide(found, least)
    )
