"""What became of a figure: the target's bound against the outcome."""

from __future__ import annotations

import re
from typing import Final

from kg.entities.indicators import better
from kg.track.model import Side
from kg.track.units import in_base

__all__ = ["comparable", "task_verdict", "verdict"]

_POINTS: Final = 0.3
"""How far a growth may lie from “8%左右” and still be about it, in points."""
_PART: Final = 0.03
"""How far a level may lie from “左右”, as a part of it."""
_LIMIT: Final = re.compile(r"控制在|降至|降到|压降|压减到|下降到")
"""Words by which a target is to be stayed under."""
_MEASURE: Final = {
    "level": "数值",
    "growth": "增速",
    "change": "增减量",
    "share": "占比",
    "rank": "位次",
    "progress": "进度",
    "": "文字表述",
}
_TASK: Final = re.compile(
    r"(?P<more>超额)?(?:全面|圆满|提前|如期)*完成[^，。；]{0,14}(?:任务|目标|计划)|达标"
)
_CEILINGS: Final = frozenset({"居民消费价格", "城镇调查失业率", "城镇登记失业率"})
"""Indicators whose target is read as a limit that should not be passed."""


def comparable(target: Side, outcome: Side) -> str:
    """Why two figures cannot be compared; empty if they can."""
    if target.measure != outcome.measure:
        return f"目标是{_MEASURE[target.measure]}，结果是{_MEASURE[outcome.measure]}"
    base, other = in_base(1, target.unit)[1], in_base(1, outcome.unit)[1]
    if base != other:
        return f"目标以{target.unit or '无单位'}计，结果以{outcome.unit or '无单位'}计"
    return ""


def verdict(name: str, target: Side, outcome: Side) -> tuple[str, str]:
    """Judge a comparable outcome.

    Args:
        name: the indicator's name in the scheme; it tells which way is better.
        target: with a value.
        outcome: with a value of the same measure and quantity.

    Returns:
        One of :data:`kg.track.model.VERDICTS`, and a note (may be empty).
    """
    assert target.value is not None
    assert outcome.value is not None
    aim, unit = in_base(target.value, target.unit)
    got, _ = in_base(outcome.value, outcome.unit)
    top = in_base(target.value_max, target.unit)[0] if target.value_max is not None else aim
    falling = target.measure in ("growth", "change") and aim < 0
    way = better(name) or ("down" if falling or _LIMIT.search(target.quote) else "up")
    down = way == "down" or target.measure == "rank"
    slack = _slack(target, unit)
    if target.bound == "max":
        return ("met" if got <= top + slack else "missed"), ""
    if down:
        aim, top, got = -top, -aim, -got
    kept = name in _CEILINGS and target.bound == "approx"
    if abs(got - aim) <= slack or aim <= got <= top:
        return "met", ""
    if got < aim:
        return "missed", ""
    if kept and down:
        return "met", "目标按上限理解，未突破"
    if outcome.bound == "max" and not down:
        return "not-comparable", "结果只给出上限"
    return "exceeded", ""


def task_verdict(target: Side, outcome: Side) -> str:
    """Judge in words whether a task set from above (完成国家下达任务) was completed.

    Returns:
        One of :data:`kg.track.model.VERDICTS`, empty if either does not speak of a task.
    """
    done = _TASK.search(outcome.quote)
    if done is None or not _TASK.search(target.quote):
        return ""
    return "exceeded" if done["more"] else "met"


def _slack(target: Side, unit: str) -> float:
    assert target.value is not None
    size = abs(in_base(target.value, target.unit)[0])
    if target.bound != "approx":
        return 1e-9 * max(size, 1.0)
    if target.measure in ("growth", "change") or unit in ("%", "百分点"):
        return _POINTS + 1e-9
    return _PART * size
