"""Learns which candidate figures are observations, and how sure their reading is.

Two logistic regressions over the same features: whether an annotator noted the figure at
all (``fact``), and whether value, unit, measure and indicator agree with what was noted
(``right``).  The candidates come from the grammar; what an annotator noted decides which
of them later figures may refer to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kg.evaluation.scoring import bigram_dice
from kg.model import Annotation, Mention, Observation, Paragraph
from kg.statements.observations import accepting, candidates, figures
from kg.statements.observations.candidates import Candidate

__all__ = ["Example", "examples", "table"]

STRENGTH: Final = 1.0
"""Inverse of the penalty on the weights; chosen over whole-report folds."""
_SMALLEST: Final = 0.05
_HEADER: Final = (
    "# Weights by which a candidate figure is taken for an observation (fact) and by which its\n"
    "# reading is trusted (right).  Learned by kg.training.accepting; not edited by hand.\n"
    "feature\tfact\tright\n"
)


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate with what gold says of it.

    Attributes:
        features: names of the features that hold.
        fact: whether gold notes a figure of this value and unit.
        right: whether measure and indicator agree too.
    """

    features: tuple[str, ...]
    fact: bool
    right: bool


def examples(
    paragraph: Paragraph, gold: Annotation, mentions: Sequence[Mention] = ()
) -> list[Example]:
    """The candidates of an annotated paragraph as examples.

    They are read twice, as at run time: with all figures, and without those that are none.
    """
    text = paragraph.text
    found = figures.find(text, mentions)

    def fact(candidate: Candidate) -> bool:
        return any(_same_figure(candidate, item) for item in gold.observations)

    first = list(candidates.find(text, found.figures, fact))
    kept = [item for item in first if fact(item)]
    noted = {id(item.slot.figure) for item in kept}
    rest = [figure for figure in found.figures if id(figure) in noted]
    second = list(candidates.find(text, rest, fact)) if len(rest) < len(found.figures) else []
    return [
        Example(
            tuple(accepting.features(item, text)),
            fact(item),
            any(_agrees(item, noted_item) for noted_item in gold.observations),
        )
        for item in first + second
    ]


def _same_figure(candidate: Candidate, item: Observation) -> bool:
    value = abs(candidate.reading.value)
    close = abs(abs(item.value) - value) <= 1e-6 * max(1.0, abs(item.value))
    return close and item.unit in (candidate.reading.unit, candidate.slot.figure.unit)


def _agrees(candidate: Candidate, item: Observation) -> bool:
    reading, name = candidate.reading, candidate.indicator
    if not name or (reading.measure, reading.unit) != (item.measure, item.unit):
        return False
    if abs(item.value - reading.value) > 1e-6 * max(1.0, abs(item.value)):
        return False
    alike = name in item.indicator or item.indicator in name
    return alike or bigram_dice(name, item.indicator) >= 0.5


def table(training: Iterable[Example]) -> str:
    """The table of weights, as it is shipped.

    Raises:
        ModuleNotFoundError: scikit-learn, of the ``train`` extra, is not installed.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    chosen = list(training)
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(item.features, 1.0) for item in chosen])
    columns = []
    for label in ("fact", "right"):
        model = LogisticRegression(C=STRENGTH, max_iter=4000, fit_intercept=False)
        model.fit(matrix, [int(getattr(item, label)) for item in chosen])
        columns.append([float(weight) for weight in model.coef_[0]])
    rows = sorted(
        f"{name}\t{fact:.3f}\t{right:.3f}\n"
        for name, fact, right in zip(vectorizer.get_feature_names_out(), *columns, strict=True)
        if max(abs(fact), abs(right)) >= _SMALLEST
    )
    return _HEADER + "".join(rows)
