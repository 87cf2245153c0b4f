"""Boosted decision trees, evaluated by numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["Forest"]

_FIELDS = ("feature", "threshold", "left", "right", "value", "roots", "depths")


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees that add up to the log odds of a candidate.

    All trees lie in one array of nodes.  A leaf is its own child on both sides, so that
    all rows can walk a tree for as many steps as it is deep.

    Attributes:
        feature: which feature a node looks at.
        threshold: goes left if the feature is not above it.
        left: node on the left.
        right: node on the right.
        value: what a leaf adds; 0 for inner nodes.
        roots: the first node of each tree.
        depths: how deep each tree is.
    """

    feature: NDArray[np.int16]
    threshold: Floats
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: Floats
    roots: NDArray[np.int32]
    depths: NDArray[np.int32]

    def log_odds(self, matrix: Floats) -> Floats:
        """The summed leaves for each row of ``matrix`` (candidates × features)."""
        count = len(matrix)
        # Column by column, so that the many rows at one node read neighbouring numbers.
        flat = np.ascontiguousarray(matrix.T).ravel()
        rows = np.arange(count, dtype=np.int32)
        columns = self.feature.astype(np.int32) * count
        children = np.stack([self.right, self.left], 1).ravel()
        total = np.zeros(count, np.float32)
        for root, depth in zip(self.roots.tolist(), self.depths.tolist(), strict=True):
            node = np.full(count, root, np.int32)
            for _ in range(depth):
                place = columns.take(node)
                place += rows
                below = flat.take(place) <= self.threshold.take(node)
                node = children.take(2 * node + below)
            total += self.value.take(node)
        return total

    @classmethod
    def mean(cls, forests: Sequence[Forest]) -> Forest:
        """One forest whose log odds are the mean of those of several."""
        offsets = np.cumsum([0, *(len(forest.value) for forest in forests)])
        share = np.float32(1 / len(forests))
        pairs = list(zip(forests, offsets.tolist(), strict=False))
        return cls(
            feature=np.concatenate([forest.feature for forest in forests]),
            threshold=np.concatenate([forest.threshold for forest in forests]),
            left=np.concatenate([forest.left + offset for forest, offset in pairs]),
            right=np.concatenate([forest.right + offset for forest, offset in pairs]),
            value=np.concatenate([forest.value * share for forest in forests]),
            roots=np.concatenate([forest.roots + offset for forest, offset in pairs]),
            depths=np.concatenate([forest.depths for forest in forests]),
        )

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """The forest as named arrays."""
        return {f"{prefix}_{field}": getattr(self, field) for field in _FIELDS}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> Forest:
        """The forest of named arrays."""
        return cls(**{field: arrays[f"{prefix}_{field}"] for field in _FIELDS})
