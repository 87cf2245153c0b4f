"""Boosted decision trees, evaluated by numpy alone.

Walking trees node by node costs numpy a handful of scattered reads a step.  Small trees are
therefore asked all their questions at once: the answers of a tree, read as a number, are
looked up in a table of its leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["Forest"]

_FIELDS = ("feature", "threshold", "left", "right", "value", "roots", "depths")
_MOST_QUESTIONS = 12
"""Of a tree whose leaves are looked up: each more doubles the table."""
_ROWS = 256
"""Rows asked at a time, so that their answers stay in the processor's cache."""


@dataclass(frozen=True)
class Forest:
    """Trees that add up to the log odds of a candidate.

    All trees lie in one array of nodes, each tree's together and its root first.  A leaf is
    its own child on both sides, so that all rows can walk a tree for as many steps as it is
    deep.

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
        # Column by column, so that the many rows at one node read neighbouring numbers.
        columns = np.ascontiguousarray(matrix.T)
        if self._most_questions > _MOST_QUESTIONS:
            return self._walk(columns)
        total = np.empty(len(matrix), np.float32)
        for first in range(0, len(matrix), _ROWS):
            rows = slice(first, first + _ROWS)
            total[rows] = self._questions.log_odds(columns[:, rows])
        return total

    def _walk(self, columns: Floats) -> Floats:
        count = columns.shape[1]
        flat = columns.ravel()
        rows = np.arange(count, dtype=np.int32)
        column = self.feature.astype(np.int32) * count
        children = np.stack([self.right, self.left], 1).ravel()
        total = np.zeros(count, np.float32)
        for root, depth in zip(self.roots.tolist(), self.depths.tolist(), strict=True):
            node = np.full(count, root, np.int32)
            for _ in range(depth):
                place = column.take(node)
                place += rows
                below = flat.take(place) <= self.threshold.take(node)
                node = children.take(2 * node + below)
            total += self.value.take(node)
        return total

    @cached_property
    def _inner(self) -> NDArray[np.int64]:
        """The nodes that ask something."""
        return np.flatnonzero(self.left != np.arange(len(self.left)))

    @cached_property
    def _most_questions(self) -> int:
        """How many nodes of one tree ask something, at most."""
        tree = np.searchsorted(self.roots, self._inner, side="right")
        return int(np.bincount(tree).max(initial=0))

    @cached_property
    def _questions(self) -> _Questions:
        return _Questions.of(self)

    @classmethod
    def of_nodes(
        cls,
        nodes: Iterable[tuple[int, float, int, int, float]],
        roots: Sequence[int],
        depths: Sequence[int],
    ) -> Forest:
        """A forest of nodes (feature, threshold, left, right, value), each tree's together."""
        feature, threshold, left, right, value = zip(*nodes, strict=True)
        return cls(
            np.array(feature, np.int16),
            np.array(threshold, np.float32),
            np.array(left, np.int32),
            np.array(right, np.int32),
            np.array(value, np.float32),
            np.array(roots, np.int32),
            np.array(depths, np.int32),
        )

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


@dataclass(frozen=True, slots=True)
class _Questions:
    """A forest of small trees as questions and tables of leaves.

    Many nodes ask the same; each question is asked once.

    Attributes:
        feature: what each question looks at.
        threshold: yes, if the feature is not above it.
        asked: questions of the trees: most questions a tree × trees.
        first: where the leaves of each tree begin in ``leaves``: trees × 1.
        leaves: for each tree what it adds by its answers, the first question in the lowest bit.
    """

    feature: NDArray[np.int64]
    threshold: Floats
    asked: NDArray[np.int64]
    first: NDArray[np.int64]
    leaves: Floats

    @classmethod
    def of(cls, forest: Forest) -> _Questions:
        inner, trees = forest._inner, len(forest.roots)
        pairs = np.stack([forest.feature[inner], forest.threshold[inner]], 1)
        questions, number = np.unique(pairs, axis=0, return_inverse=True)
        tree = np.searchsorted(forest.roots, inner, side="right") - 1
        place = np.arange(len(inner)) - np.searchsorted(tree, tree)
        asked = np.zeros((forest._most_questions, trees), np.int64)
        asked[place, tree] = number
        bit = np.zeros(len(forest.left), np.int32)
        bit[inner] = place
        answers = np.arange(1 << len(asked), dtype=np.int32)
        children = np.stack([forest.right, forest.left], 1).ravel()
        leaves = np.zeros((trees, len(answers)), np.float32)
        for row, root, depth in zip(leaves, forest.roots, forest.depths, strict=True):
            node = np.full(len(answers), root, np.int32)
            for _ in range(depth):
                node = children.take(2 * node + (answers >> bit.take(node) & 1))
            forest.value.take(node, out=row)
        return cls(
            questions[:, 0].astype(np.int64),
            questions[:, 1].astype(np.float32),
            asked,
            np.arange(trees)[:, None] * len(answers),
            leaves.ravel(),
        )

    def log_odds(self, columns: Floats) -> Floats:
        """The summed leaves of a few rows (features × rows)."""
        yes = (columns.take(self.feature, 0) <= self.threshold[:, None]).view(np.uint8)
        answers = np.zeros((self.asked.shape[1], columns.shape[1]), np.uint16)
        for bit, asked in enumerate(self.asked):
            answers |= np.left_shift(yes.take(asked, 0), bit, dtype=np.uint16)
        leaves = self.leaves.take(answers + self.first)
        # A lone column numpy would reduce in another order than one among others.
        alone = leaves.shape[1] == 1
        added: Floats = np.cumsum(leaves, 0)[-1] if alone else np.add.reduce(leaves, 0)
        return added
