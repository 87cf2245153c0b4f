"""Targets, outcomes and lives of projects as one self-contained HTML page.

The page is complete as written; a small script only filters.  It loads nothing: its
Content-Security-Policy forbids it to.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Final

from kg.model import STAGES
from kg.track.labels import STAGE_LABELS, VERDICT_LABELS, said
from kg.track.model import Life, Row, Side, Step, Tracking
from kg.track.units import in_base

__all__ = ["data", "page"]

_STATIC: Final = Path(__file__).parent / "static"
_ORDER: Final = {stage: place for place, stage in enumerate(STAGES)}
_MOST_LIVES: Final = 120
_BAR: Final = (190, 22)
"""Width and height of a bar, in pixels."""


def data(result: Tracking) -> dict[str, Any]:
    """All that the page shows, as plain values."""
    return {
        "place": result.place,
        "reports": dict(result.reports),
        "verdicts": dict(Counter(row.verdict for row in result.rows)),
        "rows": [row.to_dict() for row in result.rows],
        "lives": [life.to_dict() for life in result.lives],
    }


def page(result: Tracking) -> str:
    """One HTML page: a table with bars, a table of projects, a time line by stage.

    Args:
        result: as :func:`kg.track.follow` gives it.

    Returns:
        UTF-8 text without any link to elsewhere; all names and quotes are escaped.
    """
    counts = Counter(row.verdict for row in result.rows)
    chips = "".join(
        f'<button type="button" class="chip v-{verdict}" data-verdict="{verdict}" '
        f'aria-pressed="true" title="点一下隐藏或显示">{label} {counts[verdict]}</button>'
        for verdict, label in VERDICT_LABELS.items()
        if counts[verdict]
    )
    titles = "；".join(result.reports.values())
    lead = f"{len(result.reports)}份报告，{len(result.rows)}个目标。{titles}"
    return Template(_static("track.html")).substitute(
        title=escape(f"{result.place}：目标与结果"),
        lead=escape(lead),
        chips=chips,
        indicators=_tables(result, "indicator"),
        projects=_tables(result, "project"),
        legend=_legend(),
        timeline=_timeline(result.lives),
        style=_static("track.css"),
        script=_static("track.js"),
    )


@cache
def _static(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


def _tables(result: Tracking, kind: str) -> str:
    by_year: dict[str, list[Row]] = defaultdict(list)
    for row in result.rows:
        if row.kind == kind:
            by_year[row.target.report].append(row)
    if not by_year:
        return '<p class="empty">没有可列的目标。</p>'
    parts = []
    for stem in sorted(by_year, key=list(result.reports).index):
        title = result.reports[stem]
        parts.append(f"<h3>{escape(title)}（{escape(stem)}）</h3>{_table(by_year[stem], kind)}")
    return "".join(parts)


def _table(rows: Sequence[Row], kind: str) -> str:
    bar = "<th>对比</th>" if kind == "indicator" else ""
    head = f"<tr><th>名称</th><th>目标</th><th>结果</th>{bar}<th>结论</th><th>原文</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{''.join(map(_row, rows))}</tbody></table>"


def _row(row: Row) -> str:
    bar = f"<td>{_bar(row)}</td>" if row.kind == "indicator" else ""
    note = f'<div class="note">{escape(row.note)}</div>' if row.note else ""
    quotes = _quote("目标", row.target) + _quote("结果", row.outcome)
    mark = "" if row.kind == "project" else int(row.target.headline)
    return (
        f'<tr data-name="{escape(row.name)}" data-verdict="{row.verdict}" '
        f'data-headline="{mark}">'
        f'<td class="name">{escape(row.name)}</td>'
        f'<td class="num">{escape(said(row.target))}</td>'
        f'<td class="num">{escape(said(row.outcome))}</td>{bar}'
        f'<td><span class="chip v-{row.verdict}">{VERDICT_LABELS[row.verdict]}</span></td>'
        f'<td class="quotes">{quotes}{note}</td></tr>'
    )


def _quote(label: str, side: Side | None) -> str:
    if side is None:
        return ""
    source = escape(f"{side.report}第{side.paragraph}段")
    return f"<div>{label}：<b>{escape(side.quote)}</b>（{source}）</div>"


def _bar(row: Row) -> str:
    """The outcome as a bar, the target as a mark across it; empty if they do not compare."""
    target, outcome = row.target, row.outcome
    if outcome is None or target.value is None or outcome.value is None:
        return ""
    if row.verdict == "not-comparable" or target.measure != outcome.measure:
        return ""
    aim, _ = in_base(target.value, target.unit)
    got, _ = in_base(outcome.value, outcome.unit)
    width, height = _BAR
    low, high = min(0.0, aim, got), max(0.0, aim, got)
    scale = (width - 6) / ((high - low) or 1.0)

    def at(value: float) -> float:
        return round(3 + (value - low) * scale, 1)

    left, right = sorted((at(0), at(got)))
    colour = {"missed": "#d55e00", "exceeded": "#0072b2"}.get(row.verdict, "#56b4e9")
    label = f"目标{said(target)}，结果{said(outcome)}"
    return (
        f'<svg class="bar" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(label)}"><title>{escape(label)}</title>'
        f'<line x1="{at(0)}" y1="2" x2="{at(0)}" y2="{height - 2}" stroke="#b8c0ca"/>'
        f'<rect x="{left}" y="6" width="{max(round(right - left, 1), 1)}" height="10" '
        f'fill="{colour}"/>'
        f'<line x1="{at(aim)}" y1="1" x2="{at(aim)}" y2="{height - 1}" stroke="#1c2430" '
        f'stroke-width="2.5"/></svg>'
    )


def _legend() -> str:
    steps = "".join(
        f'<span class="step s-{stage}">{STAGE_LABELS[stage]}</span>' for stage in STAGES
    )
    plan = '<span class="step target s-started">虚线框为计划</span>'
    return f"{steps} {plan}（鼠标停在格子上看原文）"


def _timeline(lives: Sequence[Life]) -> str:
    shown = [life for life in lives if life.kind in ("Project", "Zone")][:_MOST_LIVES]
    years = sorted({step.period[:4] for life in shown for step in life.steps if step.period})
    if not shown or not years:
        return '<p class="empty">没有两次以上进展的项目。</p>'
    head = "".join(f"<th>{year}</th>" for year in years)
    body = "".join(_life(life, years) for life in shown)
    more = ""
    if len(lives) > len(shown):
        more = f'<p class="lead">共{len(lives)}项，列出被说到最多的{len(shown)}项。</p>'
    table = f"<thead><tr><th>项目</th>{head}</tr></thead><tbody>{body}</tbody>"
    return f'{more}<table class="timeline">{table}</table>'


def _life(life: Life, years: Iterable[str]) -> str:
    by_year: dict[str, dict[tuple[str, str], list[Step]]] = defaultdict(lambda: defaultdict(list))
    for step in life.steps:
        by_year[step.period[:4]][step.status, step.stage].append(step)
    cells = "".join(f'<td class="year">{_steps(by_year.get(year, {}))}</td>' for year in years)
    warnings = "".join(f'<span class="warn">{escape(text)}</span>' for text in life.warnings)
    name = escape(life.name)
    return f'<tr data-name="{name}"><td class="name">{name}{warnings}</td>{cells}</tr>'


def _steps(steps: Mapping[tuple[str, str], Sequence[Step]]) -> str:
    parts = []
    for status, stage in sorted(steps, key=lambda key: (_ORDER[key[1]], key[0])):
        found = steps[status, stage]
        quotes = "\n".join(f"{step.quote}（{step.report}第{step.paragraph}段）" for step in found)
        plan = " target" if status == "target" else ""
        parts.append(
            f'<span class="step s-{stage}{plan}" title="{escape(quotes)}">'
            f"{STAGE_LABELS[stage]}</span>"
        )
    return "".join(parts)
