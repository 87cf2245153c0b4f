"""The stages in order: names, then what is said of them.

``extract`` takes a :class:`~kg.model.Report` and returns an
:class:`~kg.model.Extraction`; it neither reads nor writes files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Protocol, TypeVar

from kg import mentions
from kg.errors import UsageError
from kg.model import (
    Annotation,
    Extraction,
    Mention,
    Milestone,
    Observation,
    Paragraph,
    Relation,
    Report,
)
from kg.statements import milestones, observations, relations
from kg.statements.inner_names import places_inside
from kg.statements.layout import lay_out
from kg.statements.time import UNKNOWN

__all__ = ["MODELS", "as_given", "extract", "restate"]

MODELS: Final = ("full", "light", "none")
"""Which learned tagger helps the grammar; ``none`` is the grammar alone."""


class _Scored(Protocol):
    @property
    def score(self) -> float: ...


_Item = TypeVar("_Item", bound=_Scored)
_Quoted = TypeVar("_Quoted", Observation, Milestone, Relation)


def extract(
    report: Report,
    *,
    model: str = "full",
    min_score: float | None = None,
    progress: Callable[[], None] | None = None,
) -> Extraction:
    """Find names, observations, milestones and relations in a report.

    Args:
        report: as :func:`kg.text.read` gives it.
        model: one of :data:`MODELS`.
        min_score: leave out what is less probable; ``None`` keeps each layer's own
            threshold.
        progress: called once when the report is done.

    Returns:
        One annotation a paragraph, in reading order.

    Raises:
        UsageError: the model is unknown, or ``min_score`` is no probability.
        ModelError: the model's weights are missing or damaged.
    """
    if model not in MODELS:
        raise UsageError(f"no model is called {model!r}", choices=MODELS)
    if min_score is not None and not 0 <= min_score <= 1:
        raise UsageError(f"a score lies between 0 and 1, not at {min_score}")
    named = mentions.sift(report, model=model, min_score=min_score)
    annotations = tuple(
        _annotate(paragraph, report, names, doubtful, min_score)
        for paragraph, (names, doubtful) in zip(report.paragraphs, named, strict=True)
    )
    if progress is not None:
        progress()
    return Extraction(report, annotations, _count_rules(annotations))


def restate(extraction: Extraction, names: Sequence[Sequence[Mention]]) -> Extraction:
    """The same report with other names, and what is then said of them.

    For a person's corrections: statements are found anew over the given names.
    """
    annotations = tuple(
        _annotate(paragraph, extraction.report, tuple(mentions_), (), None)
        for paragraph, mentions_ in zip(extraction.report.paragraphs, names, strict=True)
    )
    return replace(extraction, annotations=annotations, counts=_count_rules(annotations))


def as_given(extraction: Extraction) -> Extraction:
    """The extraction over the paragraphs as they were given, not as they were mended.

    A paragraph that came as a record of its own keeps its text to the letter, white space
    included, and all offsets count into that text; others stay as they are.
    """
    source = extraction.report.source
    annotations = tuple(
        annotation if paragraph.given is None else _given(paragraph, annotation, source)
        for paragraph, annotation in extraction.pairs()
    )
    return replace(extraction, annotations=annotations)


def _given(paragraph: Paragraph, annotation: Annotation, source: str) -> Annotation:
    first, last = paragraph.given or (0, 0)
    if source[first:last] == annotation.text:
        return annotation

    def moved(start: int, end: int) -> tuple[int, int, str]:
        if start >= end:
            return 0, 0, ""
        begin, finish = paragraph.source_span(start, end)
        return begin - first, finish - first, source[begin:finish]

    names: dict[str, str] = {}
    entities = []
    for item in annotation.entities:
        start, end, text = moved(item.start, item.end)
        names.setdefault(item.text, text)
        entities.append(replace(item, start=start, end=end, text=text))

    def quoted(item: _Quoted) -> _Quoted:
        start, end, quote = moved(item.start, item.end)
        return replace(item, start=start, end=end, quote=quote)

    return replace(
        annotation,
        text=source[first:last],
        entities=tuple(entities),
        observations=tuple(quoted(item) for item in annotation.observations),
        milestones=tuple(
            replace(quoted(item), entity=names.get(item.entity, item.entity))
            for item in annotation.milestones
        ),
        relations=tuple(
            replace(
                quoted(item),
                subject=names.get(item.subject, item.subject),
                object=names.get(item.object, item.object),
            )
            for item in annotation.relations
        ),
    )


def _annotate(
    paragraph: Paragraph,
    report: Report,
    names: tuple[Mention, ...],
    doubtful: tuple[Mention, ...],
    min_score: float | None,
) -> Annotation:
    found: tuple[tuple[Observation, ...], tuple[Milestone, ...], tuple[Relation, ...]] = (
        observations.find(paragraph, report, names),
        milestones.find(paragraph, report, names),
        relations.find(paragraph, report, (*names, *doubtful)),
    )
    figures, stages, links = found
    figures = tuple(_dated(item) for item in figures)
    stages = tuple(_dated(item) for item in stages)
    return Annotation(
        id=paragraph.id,
        text=paragraph.text,
        entities=_with_ends(paragraph, report, names, doubtful, _likely(links, min_score)),
        observations=_likely(figures, min_score),
        milestones=_likely(stages, min_score),
        relations=_likely(links, min_score),
    )


_SURE_LINK: Final = 0.7
"""From this probability on a relation vouches for a place inside a name."""

_Dated = TypeVar("_Dated", Observation, Milestone)


def _dated(item: _Dated) -> _Dated:
    """The item without a period that only counts from a year nobody told."""
    years = (int(year) for year in re.findall(r"\d{4}(?=$|[-/])", item.period))
    return replace(item, period="") if any(year < UNKNOWN + 100 for year in years) else item


def _with_ends(
    paragraph: Paragraph,
    report: Report,
    names: tuple[Mention, ...],
    doubtful: tuple[Mention, ...],
    links: Sequence[Relation],
) -> tuple[Mention, ...]:
    """The names, and what relations end at beside them.

    That is a doubtful name that takes part in a relation, or a place inside a name
    (六合村 in 六合村住房项目).
    """
    known = {name.text for name in (*names, *doubtful)}
    wanted = {
        end: link.score
        for link in links
        for end in (link.subject, link.object)
        if end not in known and link.score >= _SURE_LINK
    }
    linked = {end for link in links for end in (link.subject, link.object)}
    # A doubtful name is short for what the same name beside it is short for.
    whole = {(name.kind, name.text): name.canonical for name in names}
    names = (
        *names,
        *(
            replace(name, canonical=whole.get((name.kind, name.text)))
            for name in doubtful
            if name.text in linked
        ),
    )
    if not wanted:
        return tuple(sorted(names, key=_by_place))
    layout = lay_out(paragraph.text, names)
    inside = places_inside(layout, names, relations.own_names(report))
    found = (replace(name, score=wanted[name.text]) for name in inside if name.text in wanted)
    return tuple(sorted((*names, *found), key=_by_place))


def _by_place(name: Mention) -> tuple[int, int]:
    return name.start, -name.end


def _likely(items: tuple[_Item, ...], min_score: float | None) -> tuple[_Item, ...]:
    if min_score is None:
        return items
    return tuple(item for item in items if item.score >= min_score)


def _count_rules(annotations: Sequence[Annotation]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for annotation in annotations:
        for layer in (
            annotation.entities,
            annotation.observations,
            annotation.milestones,
            annotation.relations,
        ):
            counts.update(item.rule for item in layer)
    return dict(sorted(counts.items()))
