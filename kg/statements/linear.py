"""A logistic scorer over named features, evaluated without any library.

Weights are learned by :mod:`kg.training.statements` and shipped as JSON: a bias and a
weight for each feature.  A feature that was not seen in training weighs nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kg import resources
from kg.errors import ModelError

__all__ = ["Linear", "load"]


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights of a logistic regression.

    Attributes:
        bias: the score of an item without features, in log odds.
        weights: log odds each feature adds.
        threshold: the probability from which an item is kept.
        thresholds: that of the kinds of items that have one of their own.
    """

    bias: float
    weights: Mapping[str, float]
    threshold: float = 0.5
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def least(self, kind: str) -> float:
        """The probability from which an item of that kind is kept."""
        return self.thresholds.get(kind, self.threshold)

    def probability(self, features: Iterable[str]) -> float:
        """The probability that an item with these features is right; each counts once."""
        known = filter(None, map(self.weights.get, set(features)))
        return 1 / (1 + math.exp(-self.bias - math.fsum(known)))


@cache
def load(name: str) -> Linear:
    """The shipped scorer ``models/<name>.json``.

    Raises:
        ModelError: it is missing or damaged.
    """
    try:
        record: dict[str, Any] = json.loads(resources.read(f"models/{name}.json"))
        return Linear(
            float(record["bias"]),
            record["weights"],
            float(record["threshold"]),
            record.get("thresholds", {}),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"the scorer {name!r} cannot be read ({error})",
            remedy="reinstall zhengpu, or train it with kg train",
        ) from error
