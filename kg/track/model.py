"""Rows that hold a target against what became of it, and the life of a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kg.entities import Linked
from kg.model import Milestone, Observation, number

__all__ = ["VERDICTS", "Life", "Row", "Side", "Step", "Tracking"]

VERDICTS: Final = ("met", "exceeded", "missed", "partly", "not-reported", "not-comparable")
"""What can become of a target."""


@dataclass(frozen=True, slots=True)
class Side:
    """A target or an outcome as a report words it.

    Attributes:
        report: stem of the report.
        paragraph: number of the paragraph.
        quote: the words it rests on.
        start: where the quote begins in the paragraph.
        end: where it ends.
        value: the figure, ``None`` where there is none (``稳步增长``).
        value_max: the upper end of a range.
        unit: the figure's unit.
        measure: one of :data:`kg.model.MEASURES`, or ``stage`` for projects.
        bound: one of :data:`kg.model.BOUNDS`.
        period: the period it speaks of.
        stage: the stage of a project.
        headline: whether it stands among the report's main targets.
        statement: what was extracted, ``None`` for a target without a figure.
    """

    report: str
    paragraph: int
    quote: str
    start: int = 0
    end: int = 0
    value: float | None = None
    value_max: float | None = None
    unit: str = ""
    measure: str = ""
    bound: str = "exact"
    period: str = ""
    stage: str = ""
    headline: bool = False
    statement: Observation | Milestone | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the row form."""
        record: dict[str, Any] = {
            "value": None if self.value is None else number(self.value),
            "unit": self.unit,
            "measure": self.measure,
            "bound": self.bound,
            "report": self.report,
            "paragraph": self.paragraph,
            "quote": self.quote,
            "period": self.period,
        }
        if self.value_max is not None:
            record["value_max"] = number(self.value_max)
        if self.stage:
            record["stage"] = self.stage
        if self.headline:
            record["headline"] = True
        return record


@dataclass(frozen=True, slots=True)
class Row:
    """One target and what the newer report says of it.

    Attributes:
        kind: ``indicator`` or ``project``.
        name: the indicator's name in the scheme, or the project's full name.
        target: as the older report words it.
        outcome: as the newer report words it, ``None`` if it says nothing.
        verdict: one of :data:`VERDICTS`.
        note: what a reader should know besides, empty if nothing.
        key: key of the project's entity.
        newer: stem of the report by which it is judged.
    """

    kind: str
    name: str
    target: Side
    outcome: Side | None
    verdict: str
    note: str = ""
    key: str = ""
    newer: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the row form."""
        record: dict[str, Any] = {
            "kind": self.kind,
            "name": self.name,
            "target": self.target.to_dict(),
            "outcome": self.outcome.to_dict() if self.outcome else None,
            "verdict": self.verdict,
        }
        if self.note:
            record["note"] = self.note
        return record


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone in the life of a thing."""

    stage: str
    status: str
    period: str
    report: str
    paragraph: int
    quote: str
    progress: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """A JSON object."""
        record: dict[str, Any] = {
            "stage": self.stage,
            "status": self.status,
            "period": self.period,
            "report": self.report,
            "paragraph": self.paragraph,
            "quote": self.quote,
        }
        if self.progress is not None:
            record["progress"] = number(self.progress)
        return record


@dataclass(frozen=True, slots=True)
class Life:
    """What reports said of one thing, in order.

    Attributes:
        name: full name.
        kind: kind of entity.
        key: key of the entity.
        steps: by period and report.
        warnings: what does not fit together, said and not repaired.
    """

    name: str
    kind: str
    key: str
    steps: tuple[Step, ...]
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """A JSON object."""
        return {
            "name": self.name,
            "kind": self.kind,
            "steps": [step.to_dict() for step in self.steps],
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class Tracking:
    """All that is told about a place's targets.

    Attributes:
        place: its name.
        reports: stem → title, in order of time.
        rows: indicators first, then projects; by the older report.
        lives: things that more than one milestone speaks of.
        linked: the things of the reports, for the graph.
    """

    place: str
    reports: Mapping[str, str]
    rows: tuple[Row, ...]
    lives: tuple[Life, ...] = ()
    linked: Linked | None = field(default=None, repr=False, compare=False)
