"""The data that travels through the pipeline, and its JSON Lines form.

text → :class:`Report` of :class:`Paragraph` → :class:`Mention` → :class:`Observation`,
:class:`Milestone`, :class:`Relation` → :class:`Annotation` a paragraph →
:class:`Extraction` a report.  All are frozen: a stage returns new objects, it never
changes what an earlier one gave it.

Offsets are code points.  Within a paragraph they count into ``Paragraph.text``; a
paragraph's :meth:`~Paragraph.source_span` leads from there to the text as it was read.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, TypeAlias

from kg.errors import FormatError

__all__ = [
    "BOUNDS",
    "KINDS",
    "MEASURES",
    "PREDICATES",
    "STAGES",
    "STATUSES",
    "Annotation",
    "Extraction",
    "Mention",
    "Milestone",
    "Observation",
    "Paragraph",
    "Part",
    "Relation",
    "Report",
    "Segment",
]

KINDS: Final = (
    "Project",
    "Place",
    "Zone",
    "Institution",
    "Policy",
    "Event",
    "Person",
    "Honour",
)
"""The eight kinds of entity."""

MEASURES: Final = ("level", "growth", "change", "share", "rank", "progress")
STATUSES: Final = ("actual", "target")
BOUNDS: Final = ("exact", "min", "max", "approx")
STAGES: Final = (
    "proposed",
    "approved",
    "signed",
    "preparing",
    "started",
    "under-construction",
    "topped-out",
    "completed",
    "in-operation",
    "established",
    "suspended",
)
"""The stages of a life cycle, in order."""

PREDICATES: Final = (
    "locatedIn",
    "partOf",
    "settledIn",
    "subsidiaryOf",
    "issuedBy",
    "undertakenBy",
    "cooperatesWith",
    "connects",
    "awarded",
)

Part: TypeAlias = Literal["review", "plan", "other"]
"""Whether a paragraph tells what was done, what is planned, or neither (title, address)."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of paragraph text that stands unbroken in the source.

    ``text[start : start + length]`` of the paragraph is
    ``source[source_start : source_start + length]`` of the report.
    """

    start: int
    source_start: int
    length: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a report, repaired, with the way back to the source.

    Attributes:
        id: ``<file stem>#<number>``.
        number: 1-based number in reading order.
        text: the paragraph as it is annotated; marks and broken lines are mended.
        part: what was done (``review``), what is planned (``plan``) or neither.
        headings: the headings above it, outermost first.
        heading_level: 0 for body text, 1 for 一、, 2 for （一）, 3 for 1. and so on.
        segments: runs of ``text`` in the source, in order and together all of ``text``.
        given: where the paragraph stands in the source, where it was given as a record of
            its own; ``None`` where it was cut out of a file.
    """

    id: str
    number: int
    text: str
    part: Part = "other"
    headings: tuple[str, ...] = ()
    heading_level: int = 0
    segments: tuple[Segment, ...] = ()
    given: tuple[int, int] | None = None

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The source offsets of ``text[start:end]``; ``start < end`` is required.

        A span over a repaired break comes back with the break inside it.
        """
        return self._source_offset(start), self._source_offset(end - 1) + 1

    def _source_offset(self, offset: int) -> int:
        if not self.segments:
            return offset
        place = bisect_right(self.segments, offset, key=lambda segment: segment.start) - 1
        segment = self.segments[place]
        return segment.source_start + offset - segment.start


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it was read.

    Attributes:
        stem: file stem; unique in a graph.
        source: the whole text as read; every source offset counts into it.
        paragraphs: in reading order.
        title: the title with its breaks and doubled words mended.
        place: name of the reporting place (``通州区``), empty if unknown.
        place_chain: the divisions above it, outermost first (``("北京市",)``).
        issuer: the body that reports (``北京市通州区发展和改革委员会``).
        session: the meeting it was given at.
        delivered: day of delivery.
        review_year: the year that is reviewed, ``None`` if unknown.
        plan_year: the year that is planned.
    """

    stem: str
    source: str
    paragraphs: tuple[Paragraph, ...]
    title: str = ""
    place: str = ""
    place_chain: tuple[str, ...] = ()
    issuer: str = ""
    session: str = ""
    delivered: date | None = None
    review_year: int | None = None
    plan_year: int | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a paragraph: ``paragraph.text[start:end] == text``.

    ``canonical`` is the whole name where the text is only part of it (a shared head in a
    coordination), otherwise ``None``.  ``rule`` names what found it; ``score`` is a
    probability.
    """

    start: int
    end: int
    text: str
    kind: str
    canonical: str | None = None
    rule: str = ""
    score: float = 1.0

    @property
    def name(self) -> str:
        """The full name."""
        return self.canonical or self.text


@dataclass(frozen=True, slots=True)
class Observation:
    """A number that states a fact or a target; fields as in the contract.

    ``start`` and ``end`` bound the quote in the paragraph, ``number_start`` and
    ``number_end`` the number with its unit.
    """

    indicator: str
    value: float
    unit: str
    measure: str
    period: str
    status: str
    bound: str
    quote: str
    start: int
    end: int
    value_max: float | None = None
    area: str | None = None
    scope: str | None = None
    number_start: int = 0
    number_end: int = 0
    rule: str = ""
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Milestone:
    """A statement about a stage in the life of ``entity`` (its text as written)."""

    entity: str
    stage: str
    period: str
    status: str
    quote: str
    start: int
    end: int
    progress: float | None = None
    rule: str = ""
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Relation:
    """A stated link between two names of one paragraph (texts as written)."""

    subject: str
    predicate: str
    object: str
    quote: str
    start: int
    end: int
    rule: str = ""
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Annotation:
    """All that was found in one paragraph."""

    id: str
    text: str
    entities: tuple[Mention, ...] = ()
    observations: tuple[Observation, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    relations: tuple[Relation, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON object: an entity's text once for each kind."""
        seen: set[tuple[str, str]] = set()
        entities = []
        for mention in self.entities:
            if (mention.text, mention.kind) in seen:
                continue
            seen.add((mention.text, mention.kind))
            record: dict[str, Any] = {"text": mention.text, "type": mention.kind}
            if mention.canonical:
                record["canonical"] = mention.canonical
            record |= {"start": mention.start, "end": mention.end}
            entities.append(record | _grounds(mention))
        return {
            "id": self.id,
            "text": self.text,
            "entities": entities,
            "observations": [_observation_dict(item) for item in self.observations],
            "milestones": [_milestone_dict(item) for item in self.milestones],
            "relations": [_relation_dict(item) for item in self.relations],
        }

    def to_json(self) -> str:
        """One line of JSON Lines, without the line break."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Annotation:
        """Read the contract's JSON object; keys beyond the contract are optional.

        Raises:
            FormatError: a required key is missing or of the wrong type.
        """
        try:
            text = record["text"]
            return cls(
                id=record["id"],
                text=text,
                entities=tuple(_mention(item, text) for item in record.get("entities", ())),
                observations=tuple(
                    _observation(item, text) for item in record.get("observations", ())
                ),
                milestones=tuple(_milestone(item, text) for item in record.get("milestones", ())),
                relations=tuple(_relation(item, text) for item in record.get("relations", ())),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise FormatError(
                f"annotation {record.get('id', '?')!r} lacks or misuses {error}",
                remedy="see the annotation form in the documentation",
            ) from error


@dataclass(frozen=True, slots=True)
class Extraction:
    """A report with what was found in each of its paragraphs, one to one."""

    report: Report
    annotations: tuple[Annotation, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many results each rule gave."""

    def pairs(self) -> Iterator[tuple[Paragraph, Annotation]]:
        """Each paragraph with what was found in it."""
        return zip(self.report.paragraphs, self.annotations, strict=True)

    def to_jsonl(self) -> str:
        """The contract's JSON Lines."""
        return "".join(annotation.to_json() + "\n" for annotation in self.annotations)


def number(value: float) -> int | float:
    """``value`` as JSON writes it: whole numbers without a decimal point."""
    return int(value) if float(value).is_integer() else value


_SCALES: Final = ((1e8, "亿"), (1e4, "万"))


def scaled(value: float, unit: str) -> str:
    """A value as people write it before its unit: in 万 and 亿, to four decimals.

    >>> scaled(110300000000, "元"), scaled(23000, "人"), scaled(8, "%")
    ('1103亿', '2.3万', '8')
    """
    for scale, word in _SCALES:
        if abs(value) >= scale and unit not in ("%", "百分点"):
            return f"{number(round(value / scale, 4))}{word}"
    return f"{number(round(value, 4))}"


def _grounds(item: Mention | Observation | Milestone | Relation) -> dict[str, Any]:
    return {"rule": item.rule, "score": round(item.score, 4)}


def _observation_dict(item: Observation) -> dict[str, Any]:
    record: dict[str, Any] = {"indicator": item.indicator, "value": number(item.value)}
    if item.value_max is not None:
        record["value_max"] = number(item.value_max)
    for key in ("unit", "measure", "period", "status", "bound"):
        record[key] = getattr(item, key)
    for key in ("area", "scope"):
        if getattr(item, key):
            record[key] = getattr(item, key)
    record |= {"quote": item.quote, "start": item.start, "end": item.end}
    return record | _grounds(item)


def _milestone_dict(item: Milestone) -> dict[str, Any]:
    record: dict[str, Any] = {
        key: getattr(item, key) for key in ("entity", "stage", "period", "status")
    }
    if item.progress is not None:
        record["progress"] = number(item.progress)
    record |= {"quote": item.quote, "start": item.start, "end": item.end}
    return record | _grounds(item)


def _relation_dict(item: Relation) -> dict[str, Any]:
    record: dict[str, Any] = {
        key: getattr(item, key) for key in ("subject", "predicate", "object", "quote")
    }
    record |= {"start": item.start, "end": item.end}
    return record | _grounds(item)


def _span(record: Mapping[str, Any], text: str, key: str) -> tuple[int, int]:
    if "start" in record and "end" in record:
        return record["start"], record["end"]
    quote = record.get(key) or ""
    start = text.find(quote)
    return (start, start + len(quote)) if start >= 0 else (0, 0)


def _common(record: Mapping[str, Any]) -> dict[str, Any]:
    return {"rule": record.get("rule", ""), "score": record.get("score", 1.0)}


def _mention(record: Mapping[str, Any], text: str) -> Mention:
    start, end = _span(record, text, "text")
    return Mention(
        start=start,
        end=end,
        text=record["text"],
        kind=record["type"],
        canonical=record.get("canonical"),
        **_common(record),
    )


def _observation(record: Mapping[str, Any], text: str) -> Observation:
    start, end = _span(record, text, "quote")
    return Observation(
        indicator=record["indicator"],
        value=record["value"],
        value_max=record.get("value_max"),
        unit=record["unit"],
        measure=record["measure"],
        period=record["period"],
        status=record["status"],
        bound=record.get("bound", "exact"),
        area=record.get("area"),
        scope=record.get("scope"),
        quote=record.get("quote", ""),
        start=start,
        end=end,
        **_common(record),
    )


def _milestone(record: Mapping[str, Any], text: str) -> Milestone:
    start, end = _span(record, text, "quote")
    return Milestone(
        entity=record["entity"],
        stage=record["stage"],
        period=record.get("period", ""),
        status=record["status"],
        progress=record.get("progress"),
        quote=record.get("quote", ""),
        start=start,
        end=end,
        **_common(record),
    )


def _relation(record: Mapping[str, Any], text: str) -> Relation:
    start, end = _span(record, text, "quote")
    return Relation(
        subject=record["subject"],
        predicate=record["predicate"],
        object=record["object"],
        quote=record.get("quote", ""),
        start=start,
        end=end,
        **_common(record),
    )


def read_annotations(lines: Iterable[str], name: str) -> list[Annotation]:
    """Parse JSON Lines of annotations; blank lines are passed over.

    Raises:
        FormatError: a line is not a JSON object of the contract's form; names the line.
    """
    annotations = []
    for number_, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise FormatError(f"{name}, line {number_}: not JSON ({error})") from error
        if not isinstance(record, dict):
            raise FormatError(f"{name}, line {number_}: not a JSON object")
        annotations.append(Annotation.from_dict(record))
    return annotations
