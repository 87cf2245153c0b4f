"""Train the scorers of milestones and relations on annotated reports.

Candidates come from the same code that extraction uses.  A candidate is right if it is
annotated and its cue stands in the annotated quote; one that is annotated but points
elsewhere is left out.  Logistic regression with an L2 penalty (scikit-learn, liblinear).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kg import lexicon
from kg.files import write_atomic
from kg.model import Annotation, Mention, Part
from kg.statements import milestone_candidates
from kg.statements.inner_names import places_inside
from kg.statements.layout import lay_out
from kg.statements.linear import Linear
from kg.statements.relation_candidates import pairs
from kg.statements.relation_features import describe

__all__ = [
    "Example",
    "Sample",
    "all_mentions",
    "fit",
    "made_up",
    "milestone_examples",
    "relation_examples",
    "save",
    "train_milestones",
    "train_relations",
]

Example = tuple[tuple[str, ...], bool, float]
"""The features of a candidate, whether it is right, and how much it counts."""

_STRUCTURE: Final = 3.0
"""How much more than a word a sign of structure counts (``!`` in its name)."""
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
    """

    annotation: Annotation
    mentions: Sequence[Mention]
    part: Part = "review"
    own: frozenset[str] = frozenset()
    weight: float = 1.0


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
    """Labelled pairs of one paragraph."""
    layout = lay_out(sample.annotation.text, sample.mentions)
    right = {(item.subject, item.predicate, item.object) for item in sample.annotation.relations}
    right |= {
        (item.object, item.predicate, item.subject)
        for item in sample.annotation.relations
        if item.predicate == "cooperatesWith"
    }
    return [
        (
            describe(layout, pair, sample.own, sample.part),
            any(
                predicate == pair.predicate
                and _alike(subject, pair.subject.text)
                and _alike(item, pair.object.text)
                for subject, predicate, item in right
            ),
            sample.weight,
        )
        for pair in pairs(layout, places_inside(layout, sample.mentions, sample.own))
    ]


def train_milestones(samples: Iterable[Sample]) -> Linear:
    """The scorer of milestones, from annotated paragraphs and the made-up ones."""
    samples = [*samples, *made_up("milestone")]
    examples = [example for sample in samples for example in milestone_examples(sample)]
    return fit(examples, strength=0.4, threshold=0.45)


def train_relations(samples: Iterable[Sample]) -> Linear:
    """The scorer of relations, from annotated paragraphs and the made-up ones."""
    samples = [*samples, *made_up("relation")]
    examples = [example for sample in samples for example in relation_examples(sample)]
    return fit(examples, strength=1.0, threshold=0.33)


def fit(
    examples: Iterable[Example],
    *,
    strength: float = 0.3,
    seen: int = 2,
    threshold: float = 0.5,
) -> Linear:
    """Learn the weights.

    Args:
        examples: labelled candidates.
        strength: inverse of the L2 penalty.
        seen: how many examples a feature must be seen in.
        threshold: the probability from which a candidate is kept.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    rows = [(sorted(set(features)), label, weight) for features, label, weight in examples]
    counts = Counter(feature for features, _, _ in rows for feature in features)
    names = sorted(feature for feature, count in counts.items() if count >= seen)
    place = {feature: index for index, feature in enumerate(names)}
    columns: list[int] = []
    ends = [0]
    for features, _, _ in rows:
        columns.extend(place[feature] for feature in features if feature in place)
        ends.append(len(columns))
    scale = [_STRUCTURE if "!" in name else 1.0 for name in names]
    values = [scale[column] for column in columns]
    matrix = csr_matrix((values, columns, ends), shape=(len(rows), len(names)))
    model = LogisticRegression(C=strength, solver="liblinear", max_iter=500, random_state=0)
    model.fit(
        matrix,
        [label for _, label, _ in rows],
        sample_weight=[weight for _, _, weight in rows],
    )
    weights = {
        name: round(float(weight) * factor, 3)
        for name, weight, factor in zip(names, model.coef_[0], scale, strict=True)
        if abs(weight) >= _SMALLEST
    }
    return Linear(round(float(model.intercept_[0]), 3), weights, threshold)


def save(scorer: Linear, path: Path) -> None:
    """Write a scorer as the JSON that :func:`kg.statements.linear.load` reads."""
    record = {
        "bias": scorer.bias,
        "threshold": scorer.threshold,
        "weights": dict(sorted(scorer.weights.items())),
    }
    write_atomic(path, json.dumps(record, ensure_ascii=False, indent=0) + "\n")


def _alike(one: str, other: str) -> bool:
    return one in other or other in one
