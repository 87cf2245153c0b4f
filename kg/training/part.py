"""Training of the classifier that tells review paragraphs from plan paragraphs.

The labels cost nothing: most reports say in a heading where the review ends (“一、2023年工作
回顾”, “二、2024年工作安排”).  Paragraphs of such reports
teach a logistic regression on the character n-grams in them; its heaviest n-grams make the
table ``kg/tables/part_weights.tsv`` that :mod:`kg.text.parts` reads.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.files import write_atomic
from kg.model import Report
from kg.text.partmodel import LENGTHS, normalise

__all__ = ["examples", "fit", "train", "write"]

_UNFIT = re.compile(r"[\s#]")
_MIN_COUNT = 40
_SIZE = 6000
_SURE = 3.0
"""A paragraph this far on the other side of its label has a heading missing above it."""


def examples(reports: Iterable[Report]) -> tuple[list[str], list[int], list[str]]:
    """Paragraphs of reports whose headings part review and plan for certain.

    Returns:
        Normalised texts, labels (1 is plan) and the report each comes from.
    """
    from kg.text.cues import heading_part

    texts: list[str] = []
    labels: list[int] = []
    groups: list[str] = []
    for report in reports:
        marks = [
            (place, part)
            for place, paragraph in enumerate(report.paragraphs)
            if paragraph.heading_level
            and not paragraph.headings
            and (part := heading_part(paragraph.text, report.plan_year)[0])
        ]
        parts = "".join(part[0] for _, part in marks)
        if not re.fullmatch("r+p+", parts):
            continue
        change = next(place for place, part in marks if part == "plan")
        for place, paragraph in enumerate(report.paragraphs):
            if place <= marks[0][0] or paragraph.heading_level or len(paragraph.text) < 15:
                continue
            texts.append(normalise(paragraph.text, report.plan_year))
            labels.append(int(place > change))
            groups.append(report.stem)
    return texts, labels, groups


def fit(texts: Sequence[str], labels: Sequence[int]) -> tuple[dict[str, float], float]:
    """Weights of n-grams and the bias: positive speaks for a plan."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    counts: Counter[str] = Counter()
    grams = [_grams(text) for text in texts]
    for found in grams:
        counts.update(found)
    names = [gram for gram, count in sorted(counts.items()) if count >= _MIN_COUNT]

    def matrix(vocabulary: Sequence[str]) -> csr_matrix:
        index = {gram: place for place, gram in enumerate(vocabulary)}
        rows = [[index[gram] for gram in found if gram in index] for found in grams]
        pointers = np.cumsum([0, *map(len, rows)])
        columns = [column for row in rows for column in row]
        values = [1 / math.sqrt(len(row)) for row in rows for _ in row]
        return csr_matrix((values, columns, pointers), shape=(len(rows), len(vocabulary)))

    target = np.array(labels)
    first = LogisticRegression(C=3.0, max_iter=200).fit(matrix(names), target)
    weight = np.abs(first.coef_[0]) * np.sqrt([counts[name] for name in names])
    chosen = sorted(names[place] for place in np.argsort(-weight, kind="stable")[:_SIZE])
    final = LogisticRegression(C=3.0, max_iter=200).fit(matrix(chosen), target)
    weights = dict(zip(chosen, map(float, final.coef_[0]), strict=True))
    return weights, float(final.intercept_[0])


def train(reports: Iterable[Report], output: Path) -> int:
    """Learn from reports and write the table; returns the number of paragraphs used.

    Paragraphs that a first fit is sure are labelled wrongly are left out of the second.
    """
    texts, labels, _ = examples(reports)
    weights, bias = fit(texts, labels)
    kept = [
        place
        for place, text in enumerate(texts)
        if abs(logit(text, weights, bias)) < _SURE
        or (logit(text, weights, bias) > 0) == bool(labels[place])
    ]
    weights, bias = fit([texts[place] for place in kept], [labels[place] for place in kept])
    write(weights, bias, output)
    return len(kept)


def logit(text: str, weights: dict[str, float], bias: float) -> float:
    """Log-odds of a normalised text, as :func:`kg.text.partmodel.plan_logit` gives them."""
    found = [weights[gram] for gram in _grams(text) if gram in weights]
    return bias + math.fsum(found) / math.sqrt(len(found) or 1)


def write(weights: dict[str, float], bias: float, output: Path) -> None:
    """Write the table, sorted by n-gram; the bias stands at the empty n-gram."""
    rows = [("", bias), *sorted(weights.items())]
    lines = [
        "# Made by kg.training.part from reports whose headings part review and plan.",
        "# Positive weights speak for a plan; Ｐ is the year planned, Ｒ the year before it.",
        "gram\tweight",
        *(f"{gram}\t{weight:.2f}" for gram, weight in rows),
    ]
    write_atomic(output, "\n".join(lines) + "\n")


def _grams(text: str) -> set[str]:
    return {
        text[place : place + length]
        for length in LENGTHS
        for place in range(len(text) - length + 1)
        if not _UNFIT.search(text[place : place + length])
    }
