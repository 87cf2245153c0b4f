"""How likely a paragraph on its own tells a plan: logistic regression on character n-grams.

The weights come from :mod:`kg.training.part`.  All n-grams of the table that occur in a
paragraph are found in one pass (Aho–Corasick) and count once, divided by the square root
of their number, so that long paragraphs are not surer than their words allow.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import TYPE_CHECKING, Final

from kg import lexicon

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

__all__ = ["LENGTHS", "TABLE", "normalise", "plan_logit"]

LENGTHS: Final = (1, 2, 3)
"""Lengths of the n-grams."""

TABLE: Final = "part_weights"
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)")
_DIGIT: Final = re.compile(r"\d+(?:\.\d+)?")
_STOP: Final = re.compile(r"[。；！？!?;]")


def normalise(text: str, plan_year: int | None) -> str:
    """A paragraph with years told by their distance from the plan and figures as one sign.

    ``Ｐ`` is the year planned, ``Ｒ`` the year before it, ``Ｆ`` later, ``Ｅ`` earlier; sentence
    starts are marked, since a plan's sentences begin with bare verbs.
    """

    def year(match: re.Match[str]) -> str:
        if plan_year is None:
            return "Ｙ"
        distance = int(match.group()) - plan_year
        if distance == 0:
            return "Ｐ"
        return "Ｒ" if distance == -1 else "Ｆ" if distance > 0 else "Ｅ"

    text = _DIGIT.sub("0", _YEAR.sub(year, text))
    return "。" + _STOP.sub("。", text).strip("。") + "。"


def plan_logit(text: str, plan_year: int | None) -> float:
    """Log-odds that a paragraph tells a plan rather than a review."""
    finder, weights, bias = _model()
    found = {
        place
        for place, _, _ in finder.find_matches_as_indexes(
            normalise(text, plan_year), overlapping=True
        )
    }
    if not found:
        return bias
    return bias + sum(map(weights.__getitem__, found)) / math.sqrt(len(found))


@cache
def _model() -> tuple[AhoCorasick, list[float], float]:
    from ahocorasick_rs import AhoCorasick

    rows = lexicon.rows(TABLE)
    grams = [row["gram"] for row in rows[1:]]
    weights = [float(row["weight"]) for row in rows[1:]]
    return AhoCorasick(grams), weights, float(rows[0]["weight"])
