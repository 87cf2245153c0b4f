"""Growing boosted trees by LightGBM, and their form without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.mentions.trees import Forest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["fit_forest"]


def fit_forest(
    matrix: Floats, labels: NDArray[np.bool_], weight: Floats, parameters: dict[str, Any]
) -> Forest:
    """Fit a forest by gradient boosting.

    Args:
        matrix: rows × features.
        labels: which rows are names.
        weight: of the rows; those of weight 0 are left out.
        parameters: of LightGBM; ``num_trees`` is how many trees are grown.
    """
    import lightgbm

    used = weight > 0
    data = lightgbm.Dataset(matrix[used], labels[used], weight=weight[used], free_raw_data=True)
    rounds = parameters["num_trees"]
    settings = {name: value for name, value in parameters.items() if name != "num_trees"}
    booster = lightgbm.train(settings, data, num_boost_round=rounds)
    return _forest(booster.dump_model()["tree_info"])


def _forest(trees: Sequence[dict[str, Any]]) -> Forest:
    nodes: list[tuple[int, float, int, int, float]] = []
    roots = []
    depths = []
    for tree in trees:
        roots.append(len(nodes))
        depths.append(_add(tree["tree_structure"], nodes))
    return Forest.of_nodes(nodes, roots, depths)


def _add(node: dict[str, Any], nodes: list[tuple[int, float, int, int, float]]) -> int:
    """Append a node and all below it; returns its depth."""
    number = len(nodes)
    if "leaf_value" in node:
        nodes.append((0, np.inf, number, number, node["leaf_value"]))
        return 0
    nodes.append((0, 0.0, 0, 0, 0.0))
    left = len(nodes)
    depth_left = _add(node["left_child"], nodes)
    right = len(nodes)
    depth_right = _add(node["right_child"], nodes)
    nodes[number] = (node["split_feature"], node["threshold"], left, right, 0.0)
    return 1 + max(depth_left, depth_right)
