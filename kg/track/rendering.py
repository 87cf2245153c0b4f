"""Rows as JSON, CSV or a table for people."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Final

from kg.errors import UsageError
from kg.track.labels import cells
from kg.track.model import Row, Tracking

__all__ = ["FORMS", "render"]

FORMS: Final = ("table", "csv", "json", "ttl")
_HEADS: Final = ("类别", "名称", "目标", "结果", "结论", "说明", "目标出处", "结果出处")
_CSV: Final = (
    "kind", "name", "verdict", "note",
    "target_value", "target_unit", "target_measure", "target_bound", "target_stage",
    "target_report", "target_paragraph", "target_quote",
    "outcome_value", "outcome_unit", "outcome_measure", "outcome_bound", "outcome_stage",
    "outcome_report", "outcome_paragraph", "outcome_quote",
)  # fmt: skip


def render(result: Tracking | Sequence[Row], form: str) -> str:
    """The rows in one of :data:`FORMS`.

    Raises:
        UsageError: the form is unknown.
    """
    rows = result.rows if isinstance(result, Tracking) else tuple(result)
    if form == "json":
        return json.dumps([row.to_dict() for row in rows], ensure_ascii=False, indent=1) + "\n"
    if form == "csv":
        return _csv(rows)
    if form == "table":
        return _table(rows)
    if form == "ttl":
        return _turtle(result)
    raise UsageError(f"rows have no form {form!r}", choices=FORMS)


def _turtle(result: Tracking | Sequence[Row]) -> str:
    from kg.rdf.graph import GraphBuilder, union
    from kg.rdf.turtle import Writer
    from kg.track.graph import commitments

    if not isinstance(result, Tracking) or result.linked is None:
        raise UsageError("rows alone have no graph", remedy="give what `follow` returns")
    builder = GraphBuilder(result.linked)
    by_report: dict[str, list[Row]] = {}
    for row in result.rows:
        by_report.setdefault(row.newer, []).append(row)
    graphs = (commitments(rows, result.linked, builder) for rows in by_report.values())
    return "".join(Writer(builder.minter.base).turtle(union(graphs)))


def _csv(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, _CSV, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        record = row.to_dict()
        flat = {key: record.get(key, "") for key in _CSV[:4]}
        for side in ("target", "outcome"):
            for key, value in (record[side] or {}).items():
                if f"{side}_{key}" in _CSV:
                    flat[f"{side}_{key}"] = "" if value is None else value
        writer.writerow(flat)
    return out.getvalue()


def _table(rows: Sequence[Row]) -> str:
    from rich.console import Console
    from rich.table import Table

    table = Table(*_HEADS, show_lines=False, pad_edge=False)
    for row in rows:
        table.add_row(*cells(row))
    console = Console(file=io.StringIO(), width=200, highlight=False)
    console.print(table)
    output = console.file
    assert isinstance(output, io.StringIO)
    return output.getvalue()
