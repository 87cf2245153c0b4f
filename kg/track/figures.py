"""Figures of a report where they stand, and how well one answers another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.entities.indicators import canonical, spellings
from kg.model import Extraction, Observation
from kg.track.model import Side
from kg.track.units import in_base

__all__ = ["Figure", "figures", "fit"]

_OWN: Final = re.compile(r"^(?:我|本|全)?(?:省|市|区|县|州|盟|旗|自治区)(?:域|级)?$")

_MEASURED: Final = {"growth": "增长", "level": "总量"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure where it stands.

    Attributes:
        name: the indicator's name in the scheme.
        side: the figure as one side of a row.
        item: what was extracted.
        part: the part of the report.
    """

    name: str
    side: Side
    item: Observation
    part: str


def figures(extraction: Extraction) -> Iterator[Figure]:
    """The figures of a report that speak of the whole place."""
    for paragraph, annotation in zip(
        extraction.report.paragraphs, extraction.annotations, strict=False
    ):
        for item in annotation.observations:
            if item.area and not _OWN.match(item.area) and item.area != extraction.report.place:
                continue
            side = Side(
                report=extraction.report.stem,
                paragraph=paragraph.number,
                quote=item.quote,
                start=item.start,
                end=item.end,
                value=item.value,
                value_max=item.value_max,
                unit=item.unit,
                measure=item.measure,
                bound=item.bound,
                period=item.period,
                statement=item,
            )
            yield Figure(_name(item), side, item, paragraph.part)


def _name(item: Observation) -> str:
    """The name in the scheme.

    Where the indicator's own words are not in it: those with what was measured (经济 that
    grew is 经济增长), or the last of words that still hold what stood before.
    """
    words = item.indicator
    forms = (words, words + _MEASURED.get(item.measure, ""), words.rpartition("、")[2])
    names = map(canonical, forms)
    return next((name for name in names if spellings(name)), canonical(words))


def fit(target: Figure, outcome: Figure) -> tuple[float, ...]:
    """How well an outcome answers a target; greater is better."""
    return (
        float(outcome.side.measure == target.side.measure),
        float(in_base(1, outcome.side.unit)[1] == in_base(1, target.side.unit)[1]),
        float((outcome.item.scope or "") == (target.item.scope or "")),
        float(outcome.item.period == target.item.period),
        float("".join(outcome.item.indicator.split()) == "".join(target.item.indicator.split())),
        float(outcome.part == "review"),
        -outcome.side.paragraph,
        float(outcome.side.bound == "exact"),
        outcome.item.score,
        -outcome.side.start,
    )
