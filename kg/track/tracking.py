"""Targets of one report, or of a place's whole row of reports, against the outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from kg.entities import Linked, Links, link
from kg.entities.owners import Home
from kg.errors import UsageError
from kg.model import Extraction
from kg.track.indicators import indicator_rows
from kg.track.model import Row, Tracking
from kg.track.projects import lives, project_rows

__all__ = ["consecutive", "follow", "track"]

_PAIR: Final = 2


def track(old: Extraction, new: Extraction, linked: Linked | None = None) -> list[Row]:
    """Hold the targets of ``old`` against what ``new`` says of them.

    Args:
        old: the report that plans.
        new: the next report of the same place.
        linked: the things of both reports (and perhaps others); made here if not given.

    Returns:
        Rows of indicators (main targets first), then of projects.
    """
    linked = linked or link([old, new])
    rows = [*indicator_rows(old, new, linked), *project_rows(old, new, linked)]
    return [replace(row, newer=new.report.stem) for row in rows]


def consecutive(extractions: Iterable[Extraction]) -> list[tuple[Extraction, Extraction]]:
    """Pairs of reports of one place where the later reviews the year the earlier plans."""
    by_place: dict[tuple[str, ...], list[Extraction]] = defaultdict(list)
    for extraction in sorted(extractions, key=_when):
        by_place[_home(extraction).path].append(extraction)
    pairs = [pair for _, mine in sorted(by_place.items()) for pair in _followers(mine)]
    return sorted(pairs, key=lambda pair: (_when(pair[0]), _when(pair[1])))


def _followers(mine: Sequence[Extraction]) -> list[tuple[Extraction, Extraction]]:
    pairs = []
    for old in mine:
        year = old.report.plan_year
        others = [new for new in mine if new is not old and year and new.report.review_year == year]
        if others:
            pairs.append((old, others[0]))
    return pairs


def _when(extraction: Extraction) -> tuple[object, ...]:
    report = extraction.report
    return (report.plan_year or 0, str(report.delivered or ""), report.stem)


def follow(
    extractions: Sequence[Extraction],
    linked: Linked | None = None,
    *,
    place: str = "",
    links: Links | None = None,
) -> Tracking:
    """Hold all reports of one place together.

    Args:
        extractions: reports; of several places only those of ``place`` count.
        linked: the things of at least these reports; made here if not given.
        place: name of the place (full, short, former, or with the divisions above it); may
            be empty if all reports are of one place.
        links: names that a person joined or kept apart, for linking here.

    Returns:
        The rows of each report and its follower, and the lives of things.  Two reports
        alone are held against each other whatever their years.

    Raises:
        UsageError: no report is of that place, or reports are of several places and none
            is named.
    """
    homes = {item.report.stem: _home(item) for item in extractions}
    wanted = {home.path for home in homes.values() if not place or place in _names(home)}
    if len(wanted) != 1:
        known = sorted({"".join(home.path) for home in homes.values()})
        problem = f"no report is of {place!r}" if place else "these are reports of several places"
        if place and wanted:
            problem = f"several places are called {place!r}"
        raise UsageError(problem, choices=known, remedy="name one place")
    path = wanted.pop()
    mine = sorted((item for item in extractions if homes[item.report.stem].path == path), key=_when)
    linked = linked or link(mine, decisions=links)
    rows = [row for old, new in _chain(mine) for row in track(old, new, linked)]
    titles = {item.report.stem: item.report.title or item.report.stem for item in mine}
    name = path[-1] if path else ""
    return Tracking(name, titles, tuple(rows), tuple(lives(mine, linked)), linked)


def _home(extraction: Extraction) -> Home:
    return Home.of(extraction.report.place, tuple(extraction.report.place_chain))


def _names(home: Home) -> set[str]:
    """Every way to name a place that reports."""
    names = {"".join(home.path), "/".join(home.path)} | set(home.path[-1:])
    if home.division:
        names |= {home.division.short, home.division.code, *home.division.former_names}
    return names - {""}


def _chain(mine: Sequence[Extraction]) -> list[tuple[Extraction, Extraction]]:
    """Pairs of reports of one place; two reports alone are a pair whatever their years."""
    pairs = _followers(mine)
    return [(mine[0], mine[1])] if not pairs and len(mine) == _PAIR else pairs
