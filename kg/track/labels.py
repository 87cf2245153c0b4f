"""What people read for the codes of rows."""

from __future__ import annotations

from typing import Final

from kg.model import number, scaled
from kg.track.model import Row, Side

__all__ = ["STAGE_LABELS", "VERDICT_LABELS", "amount", "said"]

VERDICT_LABELS: Final = {
    "met": "完成",
    "exceeded": "超额完成",
    "missed": "未完成",
    "partly": "部分完成",
    "not-reported": "未提及",
    "not-comparable": "不可比",
}
STAGE_LABELS: Final = {
    "proposed": "谋划",
    "approved": "获批",
    "signed": "签约",
    "preparing": "前期",
    "started": "开工",
    "under-construction": "在建",
    "topped-out": "封顶",
    "completed": "竣工",
    "in-operation": "投用",
    "established": "设立",
    "suspended": "暂停",
}
_BOUNDS: Final = {"exact": "", "min": "以上", "max": "以内", "approx": "左右"}


def amount(value: float, unit: str) -> str:
    """A value with its unit, in 万 and 亿.

    >>> amount(110300000000, "元"), amount(8, "%")
    ('1103亿元', '8%')
    """
    return scaled(value, unit) + unit


def said(side: Side | None) -> str:
    """A target or an outcome in short: ``增长8%左右``, ``开工``, or its words."""
    if side is None:
        return "—"
    if side.stage:
        done = f"{number(side.value)}%" if side.value is not None else ""
        return STAGE_LABELS[side.stage] + done
    if side.value is None:
        return side.quote
    value, top = side.value, side.value_max
    lead = ""
    if side.measure == "growth":
        lead = "增长" if value >= 0 else "下降"
        value, top = abs(value), abs(top) if top is not None else None
    elif side.measure == "change":
        lead = "增加" if value >= 0 else "减少"
        value, top = abs(value), abs(top) if top is not None else None
    elif side.measure == "rank":
        return f"第{number(value)}位"
    elif side.measure == "share":
        lead = "占"
        value, unit = (value * 100, "%") if side.unit == "1" else (value, side.unit)
        return f"{lead}{amount(value, unit)}{_BOUNDS[side.bound]}"
    tail = f"—{amount(top, side.unit)}" if top is not None else ""
    return f"{lead}{amount(value, side.unit)}{tail}{_BOUNDS[side.bound]}"


def where(side: Side | None) -> str:
    """Report and paragraph of a side."""
    return f"{side.report}#{side.paragraph}" if side else ""


def cells(row: Row) -> tuple[str, ...]:
    """A row as text cells, in the order of the table's columns."""
    return (
        "指标" if row.kind == "indicator" else "项目",
        row.name,
        said(row.target),
        said(row.outcome),
        VERDICT_LABELS[row.verdict],
        row.note,
        where(row.target),
        where(row.outcome),
    )
