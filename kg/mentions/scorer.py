"""The span scorer: how probable each candidate is, and which of them are kept.

Two forests look at every candidate.  The first judges it by itself; the second also
knows how the first judged the same string elsewhere in the report, the neighbours in a
list, and the rivals on the same characters.  Trained by :mod:`kg.training.scorer`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg import resources
from kg.mentions import archive, spans
from kg.mentions.candidates import Candidates
from kg.mentions.evidence import Evidence
from kg.mentions.trees import Forest
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["Scorer", "choose", "second_look"]

FORMAT = 1
_NESTING = frozenset({KINDS.index("Place"), KINDS.index("Zone")})


class Scorer:
    """Judges candidates.

    Args:
        first: forest on the features of :func:`kg.mentions.spans.matrix`.
        second: forest on those and :func:`second_look`.
        table: counts from annotated reports.
        corpus: counts from reports at large.
        thresholds: of each kind.
        curve: points (log odds, probability) of the calibration, both rising.
    """

    def __init__(
        self,
        first: Forest,
        second: Forest,
        table: Evidence,
        corpus: Evidence,
        thresholds: Floats,
        curve: tuple[Floats, Floats],
    ) -> None:
        self.first = first
        self.second = second
        self.table = table
        self.corpus = corpus
        self.thresholds = thresholds
        self.curve = curve

    def probabilities(
        self, candidates: Candidates, setting: spans.Setting, keys: NDArray[np.uint64]
    ) -> Floats:
        """The calibrated probability of each candidate."""
        if not len(candidates):
            return np.zeros(0, np.float32)
        matrix = spans.matrix(candidates, setting, keys)
        first = sigmoid(self.first.log_odds(matrix))
        context = second_look(candidates, keys, first, setting.text)
        odds = self.second.log_odds(np.concatenate([matrix, context], 1))
        return np.interp(odds, *self.curve).astype(np.float32)

    @classmethod
    def load(cls, name: str, path: Path | None = None) -> Scorer:
        """Read the scorer that goes with a tagger (``full`` or ``light``).

        Raises:
            ModelError: the file is missing, damaged or of another format.
        """
        source = path or resources.path(f"models/scorer-{name}.npz")
        with archive.reading(source, "span scorer", FORMAT) as data:
            return cls(
                Forest.of(data, "first"),
                Forest.of(data, "second"),
                _evidence(data, "table"),
                _evidence(data, "corpus"),
                data["thresholds"],
                (data["curve_odds"], data["curve_probability"]),
            )

    def save(self, path: Path) -> Path:
        """Write the scorer as one compressed ``.npz`` file."""
        arrays: dict[str, Any] = {
            "thresholds": self.thresholds,
            "curve_odds": self.curve[0],
            "curve_probability": self.curve[1],
            **self.first.arrays("first"),
            **self.second.arrays("second"),
            **_evidence_arrays("table", self.table),
            **_evidence_arrays("corpus", self.corpus),
        }
        return archive.write(path, FORMAT, arrays)


def _evidence(data: Mapping[str, NDArray[Any]], name: str) -> Evidence:
    counts = (data[f"{name}_{part}"].astype(np.float32) for part in ("names", "total"))
    return Evidence(data[f"{name}_keys"], *counts)


def _evidence_arrays(name: str, evidence: Evidence) -> dict[str, NDArray[Any]]:
    return {
        f"{name}_keys": evidence.keys,
        f"{name}_names": evidence.names.astype(np.uint16),
        f"{name}_total": evidence.total.astype(np.uint16),
    }


def sigmoid(odds: Floats) -> Floats:
    """Log odds as probabilities."""
    return (1 / (1 + np.exp(-odds))).astype(np.float32)


CONTEXT = (
    "first",
    "same-highest",
    "same-mean",
    "same-number",
    "same-other-kind",
    "rival-first",
    "span-other-kind",
    "left-sibling",
    "right-sibling",
    "sibling-other-kind",
    "inside-of",
    "holds",
)
"""The features of :func:`second_look`."""


def second_look(
    candidates: Candidates, keys: NDArray[np.uint64], first: Floats, text: str
) -> Floats:
    """What the first judgement of all candidates says about each of them.

    Returns:
        candidates × :data:`CONTEXT`.
    """
    count, start, end, kind = len(candidates), candidates.start, candidates.end, candidates.kind
    rows = np.arange(count)
    _, group = np.unique(keys[:, 0], return_inverse=True)
    size = np.bincount(group)
    total = np.bincount(group, first)
    highest, runner_up = spans.two_best(group, first, len(size))
    elsewhere = np.where(first >= highest[group], runner_up[group], highest[group])
    others = np.maximum(size[group] - 1, 1)
    _, string = np.unique(keys[:, 1], return_inverse=True)
    by_string = np.zeros((int(string.max()) + 1, len(KINDS)), np.float32)
    np.maximum.at(by_string, (string, kind), first)
    string_other = by_string[string]
    string_other[rows, kind] = 0
    rival, _ = spans.rivals(candidates, first)
    _, span = np.unique((start << 16) | (end - start), return_inverse=True)
    by_span = np.zeros((int(span.max()) + 1, len(KINDS)), np.float32)
    np.maximum.at(by_span, (span, kind), first)
    span_other = by_span[span]
    span_other[rows, kind] = 0
    left, right, sibling_other = _siblings(candidates, first, text)
    outer, inner = _nested(candidates, first)
    return np.stack(
        [
            first,
            elsewhere,
            (total[group] - first) / others,
            np.minimum(size[group], 20),
            string_other.max(1),
            rival,
            span_other.max(1),
            left,
            right,
            sibling_other,
            outer,
            inner,
        ],
        1,
    ).astype(np.float32)


def _siblings(candidates: Candidates, first: Floats, text: str) -> tuple[Floats, Floats, Floats]:
    """The best candidate of the same kind across the 、 on each side, and of another kind."""
    size = len(text) + 4
    ending, starting = np.zeros((2, size, len(KINDS)), np.float32)
    np.maximum.at(ending, (candidates.end, candidates.kind), first)
    np.maximum.at(starting, (candidates.start, candidates.kind), first)
    joint = np.fromiter((char in "、和与及" for char in text), bool, len(text))
    joint = np.concatenate([joint, np.zeros(4, bool)])
    closing = np.fromiter((char == "”" for char in text), bool, len(text))
    opening = np.fromiter((char == "“" for char in text), bool, len(text))
    closing, opening = (np.concatenate([mark, np.zeros(4, bool)]) for mark in (closing, opening))
    start, end = candidates.start, candidates.end
    before = np.where(opening[start - 1], start - 2, start - 1)
    left_stop = np.where(closing[before - 1], before - 1, before)
    left = np.where((joint[before] & (before > 0))[:, None], ending[left_stop], 0)
    after = np.where(closing[end], end + 1, end)
    right_start = np.where(opening[after + 1], after + 2, after + 1)
    right = np.where(joint[after][:, None], starting[right_start], 0)
    rows = np.arange(len(candidates))
    same_left, same_right = left[rows, candidates.kind], right[rows, candidates.kind]
    other = np.maximum(left, right)
    other[rows, candidates.kind] = 0
    return same_left, same_right, other.max(1)


def _nested(candidates: Candidates, first: Floats) -> tuple[Floats, Floats]:
    """The best candidate that holds each one, and the best that lies within it."""
    count = len(candidates)
    outer, inner = np.zeros((2, count), np.float32)
    strong = np.flatnonzero(first > 0.15)
    starts = candidates.start
    for number in strong.tolist():
        a, b = int(starts[number]), int(candidates.end[number])
        low, high = np.searchsorted(starts, [a, b])
        window = slice(int(low), int(high))
        within = (candidates.end[window] <= b) & (candidates.end[window] - starts[window] < b - a)
        value = first[number]
        target = outer[window]
        target[within] = np.maximum(target[within], value)
        if within.any():
            inner[number] = max(inner[number], float(first[window][within].max()))
    return outer, inner


def choose(
    candidates: Candidates, probabilities: Floats, thresholds: Floats, nesting: bool = True
) -> list[int]:
    """The candidates that are kept: above their threshold, the best first, none overlapping.

    A place or zone within the name of something else may stay beside it.

    Returns:
        numbers of candidates in order of text.
    """
    margin = probabilities - thresholds[candidates.kind]
    ranked = np.argsort(-margin, kind="stable")
    starts, ends = candidates.start.tolist(), candidates.end.tolist()
    kinds = candidates.kind.tolist()
    owners: dict[int, list[int]] = {}
    kept: list[int] = []

    def stands_beside(one: int, other: int) -> bool:
        shorter = ends[one] - starts[one] < ends[other] - starts[other]
        inner, outer = (one, other) if shorter else (other, one)
        return (
            nesting
            and kinds[inner] in _NESTING
            and kinds[outer] not in _NESTING
            and starts[outer] <= starts[inner]
            and ends[inner] <= ends[outer]
            and ends[outer] - starts[outer] > ends[inner] - starts[inner]
        )

    for number in ranked[: int((margin >= 0).sum())].tolist():
        places = range(starts[number], ends[number])
        touched = {owner for place in places for owner in owners.get(place, ())}
        if all(stands_beside(number, other) for other in touched):
            kept.append(number)
            for place in places:
                owners.setdefault(place, []).append(number)
    return sorted(kept, key=lambda number: (starts[number], -ends[number]))
