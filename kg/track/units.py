"""Figures brought to one unit, where their units measure one quantity."""

from __future__ import annotations

from functools import cache

from kg.lexicon import rows

__all__ = ["in_base"]


@cache
def _factors() -> dict[str, tuple[str, float]]:
    return {row["unit"]: (row["base"], float(row["factor"])) for row in rows("unit_factors")}


def in_base(value: float, unit: str) -> tuple[float, str]:
    """The value and unit in the base unit of its quantity; unchanged if it is not known.

    >>> in_base(2.5, "公里")
    (2500.0, '米')
    """
    base, factor = _factors().get(unit, (unit, 1.0))
    return value * factor, base
