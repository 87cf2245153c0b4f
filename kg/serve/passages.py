"""The words around a quote, and the whole text of a report with its names marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import FormatError
from kg.model import Extraction, Paragraph
from kg.serve.catalogue import Catalogue, rows
from kg.serve.facts import Place
from kg.store.cache import read, read_report

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["Piece", "Quoted", "Reader", "Shown"]

_AROUND = 60
"""Code points shown on each side of a quote."""
_WHOLE = 8
"""Extractions kept in memory, each of some megabytes."""
_TEXTS = 1024
"""Texts kept in memory, each of some fifty kilobytes."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote with the words before and after it; ``cut`` tells if the paragraph goes on."""

    before: str
    quote: str
    after: str
    cut_before: bool
    cut_after: bool
    paragraph: int
    report: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Text:
    """The source of a report, and by number where its paragraphs begin and end there."""

    source: str
    bounds: dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph: plain, or a name with its kind and, if known, its IRI."""

    text: str
    kind: str = ""
    iri: str = ""
    start: int = 0
    end: int = 0
    lit: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph as the report page shows it."""

    number: int
    level: int
    part: str
    pieces: tuple[Piece, ...]


class Reader:
    """Reads the reports of a folder, a few at a time."""

    def __init__(self, folder: Path, store: Store, catalogue: Catalogue) -> None:
        self._folder, self._store, self._catalogue = folder, store, catalogue
        self._extraction = lru_cache(maxsize=_WHOLE)(self._read_extraction)
        self._text = lru_cache(maxsize=_TEXTS)(self._read_text)

    def _read_extraction(self, stem: str) -> Extraction | None:
        try:
            return read(self._folder, stem)
        except FormatError:
            return None

    def _read_text(self, stem: str) -> _Text | None:
        try:
            report = read_report(self._folder, stem)
        except FormatError:
            return None
        bounds = {
            paragraph.number: paragraph.source_span(0, len(paragraph.text))
            for paragraph in report.paragraphs
            if paragraph.text
        }
        return _Text(report.source, bounds)

    def extraction(self, report: str) -> Extraction | None:
        """What was found in a report; ``None`` where the folder does not hold it."""
        item = self._catalogue.reports.get(report)
        return self._extraction(item.stem) if item else None

    def quoted(self, place: Place) -> Quoted:
        """A quote inside its paragraph."""
        item = self._catalogue.reports.get(place.report)
        text = self._text(item.stem) if item else None
        before = after = ""
        # A text that was changed since the build has other words there: then the quote alone.
        if text is not None and text.source[place.start : place.end] == place.quote:
            low, high = text.bounds.get(place.paragraph, (place.start, place.end))
            before, after = text.source[low : place.start], text.source[place.end : high]
        return Quoted(
            before=before[-_AROUND:],
            quote=place.quote,
            after=after[:_AROUND],
            cut_before=len(before) > _AROUND,
            cut_after=len(after) > _AROUND,
            paragraph=place.paragraph,
            report=place.report,
            stem=item.stem if item else "",
            start=place.start,
            end=place.end,
        )

    def text(self, report: str, lit: tuple[int, int] | None = None) -> list[Shown]:
        """All paragraphs of a report with the names in them.

        Args:
            report: its IRI.
            lit: source offsets of a stretch to be highlighted.
        """
        extraction = self.extraction(report)
        if extraction is None:
            return []
        iris = self._iris(report)
        shown = []
        for paragraph, annotation in zip(
            extraction.report.paragraphs, extraction.annotations, strict=False
        ):
            names = [
                (
                    item.start,
                    item.end,
                    item.kind,
                    iris(paragraph.number, item.kind, item.name, item.text),
                )
                for item in annotation.entities
            ]
            shown.append(
                Shown(
                    number=paragraph.number,
                    level=paragraph.heading_level,
                    part=paragraph.part,
                    pieces=_pieces(paragraph, names, lit),
                )
            )
        return shown

    def _iris(self, report: str) -> _Finder:
        return _Finder(self._store, self._catalogue, report)


class _Finder:
    """Finds which thing a name in a paragraph stands for."""

    def __init__(self, store: Store, catalogue: Catalogue, report: str) -> None:
        self._known: dict[tuple[int, str, str], str] = {}
        query = """SELECT DISTINCT ?thing ?number WHERE { ?passage dcterms:isPartOf ?report ;
          zp:paragraph ?number . ?thing zp:mentionedIn ?passage }"""
        for row in rows(store, query, report=report):
            item = catalogue.by_iri.get(row["thing"])
            if item is not None:
                for form in (item.name, *item.others):
                    key = int(row["number"]), item.kind, "".join(form.split())
                    self._known.setdefault(key, item.iri)

    def __call__(self, number: int, kind: str, *forms: str) -> str:
        for form in forms:
            iri = self._known.get((number, kind, "".join(form.split())))
            if iri:
                return iri
        return ""


def _pieces(
    paragraph: Paragraph,
    names: Sequence[tuple[int, int, str, str]],
    lit: tuple[int, int] | None,
) -> tuple[Piece, ...]:
    """Cut a paragraph at its names (the longer of overlapping ones wins) and at the light."""
    chosen: list[tuple[int, int, str, str]] = []
    for name in sorted(names, key=lambda item: (item[0], -item[1])):
        if not chosen or name[0] >= chosen[-1][1]:
            chosen.append(name)
    light = _lit(paragraph, lit) if lit else (0, 0)
    owner: dict[int, tuple[int, int, str, str]] = {name[0]: name for name in chosen}
    edges = {0, len(paragraph.text), *light}
    for start, end, *_ in chosen:
        edges |= {start, end}
    cuts = sorted(edge for edge in edges if 0 <= edge <= len(paragraph.text))
    spans: dict[int, tuple[int, int, str, str]] = defaultdict(lambda: (0, 0, "", ""))
    for start, name in owner.items():
        for cut in cuts:
            if start <= cut < name[1]:
                spans[cut] = name
    return tuple(
        Piece(
            text=paragraph.text[low:high],
            kind=spans[low][2],
            iri=spans[low][3],
            start=spans[low][0],
            end=spans[low][1],
            lit=light[0] <= low and high <= light[1],
        )
        for low, high in pairwise(cuts)
        if low < high
    )


def _lit(paragraph: Paragraph, lit: tuple[int, int]) -> tuple[int, int]:
    """Source offsets as offsets into the text of a paragraph; (0, 0) where they miss it."""
    inside = [
        offset
        for segment in paragraph.segments
        for offset in range(segment.start, segment.start + segment.length)
        if lit[0] <= segment.source_start + offset - segment.start < lit[1]
    ]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)
