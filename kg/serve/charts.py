"""Figures over the years as small SVG charts that need no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from kg.serve.facts import Figure

__all__ = ["chart", "series"]

_WIDTH, _HEIGHT = 460, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 16, 16, 26, 24


def series(figures: Iterable[Figure]) -> list[list[Figure]]:
    """Figures that can share an axis: same measure, unit and scope, from two years on."""
    parted: dict[tuple[str, str, str], list[Figure]] = {}
    for figure in figures:
        if figure.year is not None and "/" not in figure.period:
            key = figure.measure, figure.unit, figure.scope
            parted.setdefault(key, []).append(figure)
    return [
        sorted(group, key=lambda item: (item.year or 0, item.planned, item.period))
        for _, group in sorted(parted.items())
        if len({item.year for item in group}) > 1
    ]


def chart(figures: Sequence[Figure], title: str) -> str:
    """One series as SVG: what was reached as a line with dots, what is planned as rings.

    Args:
        figures: from :func:`series`.
        title: what a screen reader says.
    """
    years = sorted({item.year for item in figures if item.year is not None})
    values = [item.value for item in figures]
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0

    def spot(figure: Figure) -> tuple[float, float]:
        share = (years.index(figure.year or 0) + 0.5) / len(years)
        x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * share
        y = _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - (figure.value - low) / span)
        return round(x, 1), round(y, 1)

    zero = round(_TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - (0 - low) / span), 1)
    parts = [f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{zero}" y2="{zero}"/>']
    for year in years:
        x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * (years.index(year) + 0.5) / len(years)
        parts.append(f'<text class="year" x="{x:.1f}" y="{_HEIGHT - 6}">{year}</text>')
    done = [item for item in figures if not item.planned]
    first_of_year = {item.year: item for item in reversed(done)}
    line = " ".join(
        "{},{}".format(*spot(first_of_year[year]))
        for year in sorted(first_of_year, key=lambda y: y or 0)
    )
    if len(first_of_year) > 1:
        parts.append(f'<polyline class="line" points="{line}"/>')
    taken: list[tuple[float, float]] = []
    for item in figures:
        x, y = spot(item)
        state = "target" if item.planned else "actual"
        words = f"{item.period} {'计划' if item.planned else '实际'} {item.text}"
        parts.append(
            f'<circle class="{state}" cx="{x}" cy="{y}" r="4">'
            f"<title>{escape(words)}</title></circle>"
        )
        if all(abs(x - a) > 50 or abs(y - b) > 13 for a, b in taken):
            taken.append((x, y))
            parts.append(
                f'<text class="value" x="{x}" y="{max(12, y - 8)}">{escape(item.text)}</text>'
            )
    return (
        f'<svg class="chart" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'aria-label="{escape(title, quote=True)}">{"".join(parts)}</svg>'
    )
