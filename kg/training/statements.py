"""Train the scorers of milestones and relations on annotated reports.

Candidates come from the same code that extraction uses.  A candidate is right if it is
annotated and its cue stands in the annotated quote; one that is annotated but points
elsewhere is left out.  Logistic regression with an L2 penalty (scikit-learn, liblinear).
Of relations each predicate has its own threshold, chosen over folds of whole reports.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kg import lexicon
from kg.files import write_atomic
from kg.model import Annotation, Mention, Part, Relation
from kg.statements import milestone_candidates
from kg.statements.inner_names import places_inside
from kg.statements.layout import lay_out
from kg.statements.linear import Linear
from kg.statements.relation_candidates import Pair, pairs
from kg.statements.relation_features import describe
from kg.training import thresholds
from kg.training.split import deal
from kg.training.thresholds import Figures

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "Example",
    "Sample",
    "all_mentions",
    "encode",
    "learn",
    "made_up",
    "milestone_examples",
    "relation_examples",
    "save",
    "scored_pairs",
    "train_milestones",
    "train_relations",
]

Example = tuple[tuple[str, ...], bool, float]
"""The features of a candidate, whether it is right, and how much it counts."""

_STRUCTURE: Final = 3.0
"""How much more than a word a sign of structure counts (``!`` in its name)."""
_TOLERANCE: Final = 1e-3
_STRENGTH: Final = 0.4
"""Inverse of the penalty of relations; from 0.1 to 0.4 the cross-validated F1 is level, above it
falls."""
_LEAST: Final = 0.33
"""The threshold of relations with too few examples to choose one."""
_SMALLEST: Final = 0.02
"""Weights below this change no decision and are not shipped."""


def all_mentions(annotation: Annotation) -> list[Mention]:
    """Every occurrence of the annotated names; gold lists each text once."""
    text = annotation.text
    found: list[Mention] = []
    taken = bytearray(len(text))
    for name in sorted(annotation.entities, key=lambda item: (-len(item.text), item.text)):
        start = text.find(name.text)
        while start >= 0:
            end = start + len(name.text)
            if not any(taken[start:end]):
                found.append(Mention(start, end, name.text, name.kind, name.canonical))
                taken[start:end] = b"\1" * len(name.text)
            start = text.find(name.text, end)
    return sorted(found, key=lambda item: item.start)


@dataclass(frozen=True, slots=True)
class Sample:
    """A paragraph to learn from.

    Attributes:
        annotation: what is right in it.
        mentions: its names: the annotated ones, or, so that the scorer learns to live with
            a tagger's mistakes, those a tagger found that was not trained on it.
        part: the part of the report it stands in.
        own: the names of the report's own place.
        weight: how much its candidates count.
        judges: whether what is found in it chooses thresholds.
    """

    annotation: Annotation
    mentions: Sequence[Mention]
    part: Part = "review"
    own: frozenset[str] = frozenset()
    weight: float = 1.0
    judges: bool = False

    @property
    def group(self) -> str:
        """The report; its paragraphs are never split over folds."""
        return self.annotation.id.rpartition("#")[0] or self.annotation.id


def made_up(layer: str, weight: float = 2.0) -> list[Sample]:
    """The made-up sentences of ``tables/made_up_statements.tsv`` for a layer.

    They show what annotated reports show seldom (connections, subsidiaries, suspended
    works) and what must not be taken for a statement.

    Args:
        layer: ``milestone`` or ``relation``.
        weight: how much they count.
    """
    samples = []
    for row in lexicon.rows("made_up_statements"):
        if row["layer"] != layer:
            continue
        names = [item.split(" ") for item in row["names"].split(";")]
        stated = [item.split(" ") for item in row["stated"].split(";") if item]
        record: dict[str, Any] = {
            "id": "made-up#1",
            "text": row["text"],
            "entities": [{"text": text, "type": kind} for text, kind in names],
        }
        if layer == "milestone":
            record["milestones"] = [
                {"entity": one, "stage": two, "status": "actual"} for one, two in stated
            ]
        else:
            record["relations"] = [
                {"subject": one, "predicate": two, "object": three} for one, two, three in stated
            ]
        annotation = Annotation.from_dict(record)
        part: Part = "plan" if row["part"] == "plan" else "review"
        samples.append(Sample(annotation, all_mentions(annotation), part, weight=weight))
    return samples


def milestone_examples(sample: Sample) -> list[Example]:
    """Labelled candidates of one paragraph.

    A candidate whose stage is annotated but whose cue stands outside the annotated quote
    is left out: it may be right by chance only.
    """
    layout = lay_out(sample.annotation.text, sample.mentions)
    examples: list[Example] = []
    for item in milestone_candidates.candidates(layout, sample.part):
        label: bool | None = False
        for wanted in sample.annotation.milestones:
            if wanted.stage != item.stage or not _alike(wanted.entity, item.mention.text):
                continue
            inside = wanted.start - 1 <= item.cue.start and item.cue.end <= wanted.end + 1
            label = True if inside or not wanted.quote else label or None
        if label is not None:
            examples.append((item.features, label, sample.weight))
    return examples


def relation_examples(sample: Sample) -> list[Example]:
    """Labelled pairs of one paragraph.

    A pair is right if no other is closer to an annotated relation.  What comes near it is
    left out: whether 湛江 or 湛江港 is where a work lies is not what is to be learned.
    """
    layout = lay_out(sample.annotation.text, sample.mentions)
    found = pairs(layout, places_inside(layout, sample.mentions, sample.own))
    labels: list[bool | None] = [False] * len(found)
    for wanted in sample.annotation.relations:
        near = [_nearness(wanted, pair) for pair in found]
        closest = max(near, default=0.0)
        for number, nearness in enumerate(near):
            if nearness > 0:
                labels[number] = nearness == closest or labels[number] or None
    return [
        (describe(layout, pair, sample.own, sample.part), label, sample.weight)
        for pair, label in zip(found, labels, strict=True)
        if label is not None
    ]


def _nearness(wanted: Relation, pair: Pair) -> float:
    if wanted.predicate != pair.predicate:
        return 0.0
    one, two = pair.subject.text, pair.object.text
    straight = _share(wanted.subject, one) * _share(wanted.object, two)
    if pair.predicate != "cooperatesWith":
        return straight
    return max(straight, _share(wanted.subject, two) * _share(wanted.object, one))


def _share(one: str, other: str) -> float:
    """How much of the longer name the shorter one covers if it is part of it."""
    return min(len(one), len(other)) / max(len(one), len(other)) if _alike(one, other) else 0.0


def train_milestones(samples: Iterable[Sample]) -> Linear:
    """The scorer of milestones, from annotated paragraphs and the made-up ones."""
    samples = [*samples, *made_up("milestone")]
    examples = [example for sample in samples for example in milestone_examples(sample)]
    return learn(encode(examples), 0.4, 0.45)


def train_relations(samples: Sequence[Sample], folds: int = 3) -> tuple[Linear, Figures]:
    """The scorer of relations, from annotated paragraphs and the made-up ones.

    Args:
        samples: annotated paragraphs; what is found in those that judge, by scorers that
            did not see their report, chooses the thresholds.
        folds: of whole reports.

    Returns:
        the scorer, and precision, recall and F1 by predicate at its thresholds over the
        folds.
    """
    fold_of = deal((one.group for one in samples if one.judges), folds)
    examples, fold = [], []
    for one in [*samples, *made_up("relation")]:
        found = relation_examples(one)
        examples += found
        fold += [fold_of.get(one.group, folds)] * len(found)
    known = encode(examples)
    judged = []
    for held_out in range(folds):
        rest = [number for number, other in enumerate(fold) if other != held_out]
        scorer = learn(known, _STRENGTH, _LEAST, rest)
        judged += [
            (one.annotation, scored_pairs(one, scorer))
            for one in samples
            if one.judges and fold_of[one.group] == held_out
        ]
    chosen = thresholds.choose(judged, _LEAST)
    final = replace(learn(known, _STRENGTH, _LEAST), thresholds=chosen)
    return final, thresholds.figures(judged, final.least)


def scored_pairs(sample: Sample, scorer: Linear) -> list[tuple[float, Pair]]:
    """The pairs of a paragraph with their probabilities."""
    layout = lay_out(sample.annotation.text, sample.mentions)
    return [
        (scorer.probability(describe(layout, pair, sample.own, sample.part)), pair)
        for pair in pairs(layout, places_inside(layout, sample.mentions, sample.own))
    ]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Examples as a matrix.

    Attributes:
        names: the features that more than one example has, by column.
        scale: how much each counts.
        matrix: examples × features, sparse.
        labels: whether each example is right.
        weights: how much each counts.
    """

    names: Sequence[str]
    scale: Sequence[float]
    matrix: Any
    labels: NDArray[np.bool_]
    weights: NDArray[np.float64]


def encode(examples: Sequence[Example], seen: int = 2) -> Encoded:
    """Examples as a matrix.

    Args:
        examples: labelled candidates.
        seen: how many examples a feature must be seen in.
    """
    from scipy.sparse import csr_matrix

    counts = Counter(feature for features, _, _ in examples for feature in set(features))
    names = sorted(feature for feature, count in counts.items() if count >= seen)
    place = {feature: index for index, feature in enumerate(names)}
    columns: list[int] = []
    ends = [0]
    for features, _, _ in examples:
        columns.extend(sorted({place[feature] for feature in features if feature in place}))
        ends.append(len(columns))
    scale = [_STRUCTURE if "!" in name else 1.0 for name in names]
    values = [scale[column] for column in columns]
    return Encoded(
        names,
        scale,
        csr_matrix((values, columns, ends), shape=(len(examples), len(names))),
        np.array([label for _, label, _ in examples], np.bool_),
        np.array([weight for _, _, weight in examples]),
    )


def learn(
    known: Encoded, strength: float, threshold: float, rows: Sequence[int] | None = None
) -> Linear:
    """Learn the weights.

    Args:
        known: examples.
        strength: inverse of the L2 penalty.
        threshold: the probability from which a candidate is kept.
        rows: of the examples to learn from; all if not given.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    chosen = slice(None) if rows is None else rows
    model = LogisticRegression(
        C=strength, solver="liblinear", tol=_TOLERANCE, max_iter=500, random_state=0
    )
    with threadpool_limits(1):  # sums over several threads differ in the last digits
        model.fit(known.matrix[chosen], known.labels[chosen], sample_weight=known.weights[chosen])
    weights = {
        name: round(float(weight) * factor, 3)
        for name, weight, factor in zip(known.names, model.coef_[0], known.scale, strict=True)
        if abs(weight) >= _SMALLEST
    }
    return Linear(round(float(model.intercept_[0]), 3), weights, threshold)


def save(scorer: Linear, path: Path) -> None:
    """Write a scorer as the JSON that :func:`kg.statements.linear.load` reads."""
    record = {
        "bias": scorer.bias,
        "threshold": scorer.threshold,
        "thresholds": dict(sorted(scorer.thresholds.items())),
        "weights": dict(sorted(scorer.weights.items())),
    }
    write_atomic(path, json.dumps(record, ensure_ascii=False, indent=0) + "\n")


def _alike(one: str, other: str) -> bool:
    return one in other or other in one
