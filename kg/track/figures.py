"""Figures of a report where they stand, and how well one answers another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.entities import Linked
from kg.entities.indicators import canonical, spellings
from kg.model import Extraction, Observation
from kg.track.model import Side
from kg.track.units import in_base

__all__ = ["Figure", "figures", "fit"]

_OWN: Final = re.compile(r"^(?:我|本|全)?(?:省|市|区|县|州|盟|旗|自治区)(?:域|级)?$")

_ABOVE: Final = re.compile(r"^(?:全国|全球|世界|全省|全市|国内|[^，。]{2,}(?:省|自治区))$")
"""Areas that a report speaks of for comparison and sets no target for."""
_MODAL: Final = re.compile(r"(?<=..)(?:今年|全年|年内)?(?:要|将)?(?:力争|争取|确保)?$")
"""What is left of the verb at the end of an indicator's words (固定资产投资今年要)."""

_MEASURED: Final = {"growth": "增长", "level": "总量"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure where it stands.

    Attributes:
        name: the indicator's name in the scheme.
        side: the figure as one side of a row.
        item: what was extracted.
        part: the part of the report.
        area: the zone, institution or place it is of, by its full name; empty if it speaks
            of the whole place that reports.
    """

    name: str
    side: Side
    item: Observation
    part: str
    area: str = ""

    @property
    def title(self) -> str:
        """What a row is called: the indicator's name, after the area's where it has one."""
        return self.name if self.name.startswith(self.area) else self.area + self.name


def figures(extraction: Extraction, linked: Linked | None = None) -> Iterator[Figure]:
    """The figures of a report that speak of the whole place or of a part of it.

    Args:
        extraction: the report.
        linked: its things, by which a part has one name in all reports; as written if not
            given.
    """
    report = extraction.report
    for number, (paragraph, annotation) in enumerate(
        zip(report.paragraphs, extraction.annotations, strict=False), 1
    ):
        for item in annotation.observations:
            area = item.area or ""
            if _OWN.match(area) or area == report.place:
                area = ""
            if area in report.place_chain or _ABOVE.match(area):
                continue
            if area and linked is not None:
                entity = linked.lookup(report.stem, number, area)
                area = entity.label if entity else area
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
            yield Figure(_name(item), side, item, paragraph.part, area)


def _name(item: Observation) -> str:
    """The name in the scheme.

    Where the indicator's own words are not in it: those with what was measured (经济 that
    grew is 经济增长), or the last of words that still hold what stood before.
    """
    words = _MODAL.sub("", item.indicator)
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
