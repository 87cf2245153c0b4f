"""Which annotated reports are developed on, and which only measure.

Extraction is judged on reports nobody has looked at, so figures are made over
whole reports: never do paragraphs of one report stand on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable

MEASURE_ONLY = frozenset(
    {
        "baoding-boye-2021",
        "chongqing-2026",
        "gansu-2026",
        "hangzhou-2024",
        "hunan-2025",
        "nantong-2024",
        "shenzhen-dapeng-2022",
        "shenzhen-pingshan-2019",
        "xuzhou-2024",
    }
)
"""Annotated reports no rule, word or weight was chosen on; they measure at the end."""


def folds(stems: Iterable[str], k: int = 5) -> list[frozenset[str]]:
    """Deal the development reports into ``k`` test folds, always the same way.

    Args:
        stems: file stems of annotated reports; the measure-only ones are left out.
        k: number of folds.

    Returns:
        ``k`` disjoint sets that together hold every development report once.
    """
    ordered = sorted(set(stems) - MEASURE_ONLY)
    return [frozenset(ordered[i::k]) for i in range(k)]


def deal(groups: Iterable[str], folds: int) -> dict[str, int]:
    """The fold of each report, always the same for the same reports."""
    return {group: number % folds for number, group in enumerate(sorted(set(groups)))}
