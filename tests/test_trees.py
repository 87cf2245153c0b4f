"""Boosted trees: the same sums however they are computed."""

from __future__ import annotations

import numpy as np
import pytest

from kg.mentions.trees import Forest

FEATURES = 6
Node = tuple[int, float, int, int, float]


def grow(random: np.random.Generator, depth: int, nodes: list[Node]) -> int:
    """Append a tree at most ``depth`` deep; returns how deep it is."""
    number = len(nodes)
    if not depth or (number and random.random() < 0.2):
        nodes.append((0, np.inf, number, number, float(random.normal())))
        return 0
    nodes.append((0, 0.0, 0, 0, 0.0))
    left = len(nodes)
    deep_left = grow(random, depth - 1, nodes)
    right = len(nodes)
    deep_right = grow(random, depth - 1, nodes)
    # Few thresholds, so that trees ask the same questions and rows lie on them.
    question = int(random.integers(FEATURES)), float(random.integers(3))
    nodes[number] = (*question, left, right, 0.0)
    return 1 + max(deep_left, deep_right)


def forest(depth: int, trees: int = 20) -> Forest:
    random = np.random.default_rng(depth)
    nodes: list[Node] = []
    roots, depths = [], []
    for _ in range(trees):
        roots.append(len(nodes))
        depths.append(grow(random, depth, nodes))
    return Forest.of_nodes(nodes, roots, depths)


def added_up(model: Forest, row: np.ndarray) -> np.float32:
    """The leaves of one row, tree by tree."""
    total = np.float32(0)
    for root in model.roots:
        node = root
        while model.left[node] != node:
            below = row[model.feature[node]] <= model.threshold[node]
            node = model.left[node] if below else model.right[node]
        total += model.value[node]
    return total


@pytest.mark.parametrize("depth", [0, 1, 3, 7])
@pytest.mark.parametrize("rows", [0, 1, 257, 600])
def test_each_row_is_the_sum_of_its_leaves(depth: int, rows: int) -> None:
    matrix = np.random.default_rng(rows).integers(-1, 4, (rows, FEATURES)).astype(np.float32)
    matrix[::5, 2] = np.nan
    model = forest(depth)
    found = model.log_odds(matrix)
    assert found.dtype == np.float32
    assert found.tolist() == [added_up(model, row) for row in matrix]


def test_the_mean_of_forests_lies_between_them() -> None:
    one, other = forest(2), forest(3)
    matrix = np.random.default_rng(0).normal(size=(40, FEATURES)).astype(np.float32)
    mean = Forest.mean([one, other]).log_odds(matrix)
    np.testing.assert_allclose(mean, (one.log_odds(matrix) + other.log_odds(matrix)) / 2, atol=1e-5)
