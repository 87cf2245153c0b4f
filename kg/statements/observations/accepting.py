"""Which candidates are observations: a logistic model over what stands around the figure.

The weights are learned by :mod:`kg.training.accepting` over annotated reports and shipped
as a table; here they are only added up, once for whether the figure is a fact at all and
once for whether it is rightly read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from kg import lexicon
from kg.statements.observations import naming
from kg.statements.observations.candidates import Candidate
from kg.statements.quantities import Quantity
from kg.statements.units import unit_kind

__all__ = ["THRESHOLD", "Verdict", "features", "judge"]

THRESHOLD: Final = 0.5
"""Candidates less likely to be a fact are left out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model thinks of a candidate.

    Attributes:
        fact: probability that a careful reader would note the figure.
        right: probability that indicator, value, unit and measure are as he would note
            them; the score of the observation.
    """

    fact: float
    right: float

    @property
    def accepted(self) -> bool:
        """Whether the candidate is kept."""
        return self.fact >= THRESHOLD


@cache
def _weights() -> dict[str, tuple[float, float]]:
    rows = lexicon.rows("observation_weights")
    return {row["feature"]: (float(row["fact"]), float(row["right"])) for row in rows}


def judge(candidate: Candidate, text: str) -> Verdict:
    """How likely a candidate is a fact, and rightly read.

    Args:
        candidate: what the grammar found.
        text: its paragraph.
    """
    weights = _weights()
    fact = right = 0.0
    for feature in features(candidate, text):
        if feature in weights:
            fact += weights[feature][0]
            right += weights[feature][1]
    return Verdict(_logistic(fact), _logistic(right))


def _logistic(total: float) -> float:
    return 1.0 / (1.0 + math.exp(-total))


def features(candidate: Candidate, text: str) -> Iterator[str]:
    """The names of the features that hold of a candidate."""
    figure, slot, reading = candidate.slot.figure, candidate.slot, candidate.reading
    chinese = isinstance(figure, Quantity) and figure.chinese and figure.kind == "amount"
    script = "汉" if chinese else figure.kind
    unit = figure.unit or reading.unit
    before, after = text[: figure.start][-2:], text[figure.end : figure.end + 2]
    yield "bias"
    yield f"script={script}"
    yield f"unit={script}:{unit}"
    yield f"kind={script}:{unit_kind(unit)}"
    yield f"rule={candidate.rule}"
    yield f"measure={script}:{reading.measure}"
    yield f"before1={script}:{before[-1:]}"
    yield f"before2={before}"
    yield f"after1={script}:{after[:1]}"
    yield f"after2={after}"
    yield f"bound={script}:{figure.bound}"
    if chinese:
        yield f"value={figure.value if figure.value < 4 else 'more'}"
        yield f"one={figure.value == 1}:{unit}"
    if not unit:
        yield f"unitless={'万' in slot.words}"
    if candidate.inherited:
        yield f"inherited={script}"
    if not slot.left.strip():
        yield f"no-left={script}"
    if not slot.right.strip():
        yield f"no-right={script}"
    if not candidate.indicator:
        yield "nameless"
    yield f"verb={script}:{bool(naming.leading_verb(candidate.indicator))}"
    yield f"name-end={script}:{candidate.indicator[-2:]}"
    yield f"name-length={script}:{min(len(candidate.indicator) // 4, 6)}"
    if before.endswith("“") or _in_quotes(text, slot.clause_start, figure.start):
        yield f"quoted={script}"
    if after.startswith("”"):
        yield f"quote-end={script}"


def _in_quotes(text: str, start: int, position: int) -> bool:
    part = text[start:position]
    return part.count("“") > part.count("”")
