"""Precision, recall and F1 of annotations against gold.

White space never counts.  Counts are summed over paragraphs, matches are one to one, and
the closest pairs are matched first, so that no prediction earns two points.  Similarity
of indicators is the Dice coefficient of their character bigrams (Dice, 1945).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.model import Annotation, Mention, Milestone, Observation, Relation

__all__ = ["LAYERS", "Difference", "Score", "Scores", "bigram_dice", "score"]

LAYERS: Final = (
    "entities exact",
    "entities overlap",
    "observations core",
    "observations full",
    "milestones",
    "relations",
)
"""The six figures, in the order they are printed."""

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one figure.

    Attributes:
        right: matched pairs.
        found: predictions.
        gold: annotated items.
    """

    right: int = 0
    found: int = 0
    gold: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.found + other.found, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 0 if nothing was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found; 0 if there is no gold."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.found + self.gold
        return 2 * self.right / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """Something missed, or found without being in the gold."""

    paragraph: str
    layer: str
    problem: str
    """``missed`` or ``extra``."""
    item: str


@dataclass(frozen=True, slots=True)
class Scores:
    """All figures of a comparison.

    Attributes:
        total: by layer.
        by_kind: by layer and kind of entity, measure, stage or predicate.
        by_report: by report stem and layer.
        differences: misses and extras, in reading order.
    """

    total: Mapping[str, Score]
    by_kind: Mapping[str, Mapping[str, Score]]
    by_report: Mapping[str, Mapping[str, Score]]
    differences: Sequence[Difference] = field(default_factory=tuple)


def squeeze(text: str) -> str:
    """``text`` without white space."""
    return _SPACE.sub("", text)


def bigram_dice(left: str, right: str) -> float:
    """Dice coefficient of the character bigrams, 0 to 1."""
    pairs_left, pairs_right = (
        Counter(text[i : i + 2] for i in range(len(text) - 1)) for text in (left, right)
    )
    total = pairs_left.total() + pairs_right.total()
    return 2 * (pairs_left & pairs_right).total() / total if total else float(left == right)


def score(pairs: Iterable[tuple[Annotation, Annotation]]) -> Scores:
    """Compare gold with what was found.

    Args:
        pairs: (gold, found) of the same paragraph.

    Returns:
        The figures of :data:`LAYERS` in total, by kind and by report.
    """
    total: dict[str, Score] = dict.fromkeys(LAYERS, Score())
    by_kind: dict[str, dict[str, Score]] = {layer: defaultdict(Score) for layer in LAYERS}
    by_report: dict[str, dict[str, Score]] = {}
    differences: list[Difference] = []
    for gold, found in pairs:
        stem = gold.id.partition("#")[0]
        report = by_report.setdefault(stem, dict.fromkeys(LAYERS, Score()))
        for layer, kind, figure in _compare(gold, found, differences):
            total[layer] += figure
            report[layer] += figure
            by_kind[layer][kind] += figure
    kinds = {layer: dict(sorted(figures.items())) for layer, figures in by_kind.items()}
    return Scores(total, kinds, by_report, tuple(differences))


def _compare(
    gold: Annotation, found: Annotation, differences: list[Difference]
) -> Iterable[tuple[str, str, Score]]:
    names = (_distinct(gold.entities), _distinct(found.entities))
    comparisons: list[tuple[str, Sequence[object], Sequence[object], _Closeness, _Kind]] = [
        ("entities exact", *names, _same_name, _entity_kind),
        ("entities overlap", *names, _overlapping_name, _entity_kind),
        ("observations core", gold.observations, found.observations, _core, _measure),
        ("observations full", gold.observations, found.observations, _full, _measure),
        ("milestones", gold.milestones, found.milestones, _milestone, _stage),
        ("relations", gold.relations, found.relations, _relation, _predicate),
    ]
    for layer, wanted, given, closeness, kind in comparisons:
        matched = _match(wanted, given, closeness)
        left, right = {i for i, _ in matched}, {j for _, j in matched}
        counts: dict[str, Score] = defaultdict(Score)
        for i, item in enumerate(wanted):
            counts[kind(item)] += Score(right=int(i in left), gold=1)
            if i not in left:
                differences.append(Difference(gold.id, layer, "missed", describe(item)))
        for j, item in enumerate(given):
            counts[kind(item)] += Score(found=1)
            if j not in right:
                differences.append(Difference(gold.id, layer, "extra", describe(item)))
        yield from ((layer, name, figure) for name, figure in counts.items())


_Closeness = Callable[[object, object], float]
_Kind = Callable[[object], str]


def _match(
    wanted: Sequence[object], given: Sequence[object], closeness: _Closeness
) -> list[tuple[int, int]]:
    """Pair items one to one, the closest first; ties go to the earlier ones."""
    candidates = sorted(
        (-near, i, j)
        for i, left in enumerate(wanted)
        for j, right in enumerate(given)
        if (near := closeness(left, right)) > 0
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    matched = []
    for _, i, j in candidates:
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            matched.append((i, j))
    return matched


def _distinct(mentions: Iterable[Mention]) -> list[Mention]:
    unique: dict[tuple[str, str], Mention] = {}
    for mention in mentions:
        unique.setdefault((squeeze(mention.text), mention.kind), mention)
    return list(unique.values())


def _contains(left: str, right: str) -> float:
    """How much of the longer text the shorter one covers, 0 if it is no part of it."""
    left, right = squeeze(left), squeeze(right)
    if not left or not right or (left not in right and right not in left):
        return 0.0
    return min(len(left), len(right)) / max(len(left), len(right))


def _same_name(left: object, right: object) -> float:
    assert isinstance(left, Mention)
    assert isinstance(right, Mention)
    return float(left.kind == right.kind and squeeze(left.text) == squeeze(right.text))


def _overlapping_name(left: object, right: object) -> float:
    assert isinstance(left, Mention)
    assert isinstance(right, Mention)
    return _contains(left.text, right.text) if left.kind == right.kind else 0.0


def _core(left: object, right: object) -> float:
    assert isinstance(left, Observation)
    assert isinstance(right, Observation)
    if (
        not math.isclose(left.value, right.value, rel_tol=1e-6, abs_tol=1e-9)
        or squeeze(left.unit) != squeeze(right.unit)
        or left.measure != right.measure
    ):
        return 0.0
    names = squeeze(left.indicator), squeeze(right.indicator)
    near = max(_contains(*names), bigram_dice(*names))
    alike = _contains(*names) > 0 or near >= 0.5
    # Among several equal figures the pair that agrees in the rest comes first.
    return near + _agreement(left, right) if alike else 0.0


def _agreement(left: Observation, right: Observation) -> int:
    return sum(getattr(left, key) == getattr(right, key) for key in ("period", "status", "bound"))


def _full(left: object, right: object) -> float:
    assert isinstance(left, Observation)
    assert isinstance(right, Observation)
    return _core(left, right) if _agreement(left, right) == 3 else 0.0


def _milestone(left: object, right: object) -> float:
    assert isinstance(left, Milestone)
    assert isinstance(right, Milestone)
    if (left.stage, left.status) != (right.stage, right.status):
        return 0.0
    return _contains(left.entity, right.entity)


def _relation(left: object, right: object) -> float:
    assert isinstance(left, Relation)
    assert isinstance(right, Relation)
    if left.predicate != right.predicate:
        return 0.0
    straight = _contains(left.subject, right.subject) * _contains(left.object, right.object)
    if left.predicate != "cooperatesWith":
        return straight
    return max(
        straight, _contains(left.subject, right.object) * _contains(left.object, right.subject)
    )


def _entity_kind(item: object) -> str:
    assert isinstance(item, Mention)
    return item.kind


def _measure(item: object) -> str:
    assert isinstance(item, Observation)
    return item.measure


def _stage(item: object) -> str:
    assert isinstance(item, Milestone)
    return item.stage


def _predicate(item: object) -> str:
    assert isinstance(item, Relation)
    return item.predicate


def describe(item: object) -> str:
    """One line that tells an item to a person."""
    match item:
        case Mention():
            return f"{item.text} [{item.kind}]"
        case Observation():
            return (
                f"{item.indicator} = {item.value:g} {item.unit} [{item.measure}, {item.period}, "
                f"{item.status}, {item.bound}]"
            )
        case Milestone():
            return f"{item.entity} → {item.stage} [{item.period}, {item.status}]"
        case Relation():
            return f"{item.subject} {item.predicate} {item.object}"
    return str(item)
