"""The data inside a page: numbers instead of names, every sentence once."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from kg import lexicon
from kg.model import KINDS, MEASURES, PREDICATES, STAGES, STATUSES, number
from kg.view.graph import Community, backbone
from kg.view.layout import Card, Layout, radius
from kg.view.pinyin import initials
from kg.view.things import (
    FACTS,
    MANY,
    Milestone,
    NetworkData,
    Observation,
    Passage,
    latest,
)

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["COLOURS", "labels", "payload"]

_Fact = TypeVar("_Fact", Milestone, Observation)
COLOURS = {
    "Project": "#0072B2",
    "Place": "#009E73",
    "Zone": "#E69F00",
    "Institution": "#D55E00",
    "Policy": "#CC79A7",
    "Event": "#56B4E9",
    "Person": "#000000",
    "Honour": "#F0E442",
}
"""Okabe and Ito's palette (2008), told apart by all kinds of colour vision."""
_SHAPES = {
    "Project": "circle",
    "Place": "square",
    "Zone": "hexagon",
    "Institution": "triangle",
    "Policy": "diamond",
    "Event": "star",
    "Person": "wedge",
    "Honour": "cross",
}
_ORDERS = {
    "kind": KINDS,
    "measure": MEASURES,
    "predicate": PREDICATES,
    "stage": STAGES,
    "status": STATUSES,
}
_QUOTES = 12
"""How many quoted sentences a thing shows at most."""
_SENTENCE_END = re.compile(r"[。！？；\n]+")
_LONGEST = 220
"""Sentences are cut to this many code points around the quote."""


def labels(group: str) -> dict[str, str]:
    """The Chinese labels of a group of terms: ``kind``, ``stage``, ``predicate`` and so on.

    They come in the order the data model has, where it has one.
    """
    found = {
        row["term"]: row["label"] for row in lexicon.rows("view_labels") if row["group"] == group
    }
    order = _ORDERS.get(group, tuple(found))
    return {term: found[term] for term in order}


def payload(
    data: NetworkData,
    graph: nx.Graph[str],
    parts: Sequence[Community],
    ranks: Mapping[str, float],
    layout: Layout,
) -> dict[str, Any]:
    """What the page's script reads; places of lists stand for IRIs throughout."""
    order = [iri for part in parts for iri in part.members]
    order.sort(key=lambda iri: (-ranks[iri], iri))
    places = {iri: place for place, iri in enumerate(order)}
    home = {iri: number_ for number_, part in enumerate(parts) for iri in part.members}
    base = _common(order)
    quotes = _Quotes(data)
    kinds, stages = labels("kind"), labels("stage")
    result: dict[str, Any] = {
        "base": base,
        "kinds": [
            {"id": kind, "label": kinds[kind], "colour": COLOURS[kind], "shape": _SHAPES[kind]}
            for kind in KINDS
        ],
        "stages": [{"id": stage, "label": stages[stage]} for stage in STAGES],
        "statuses": [{"id": status, "label": labels("status")[status]} for status in STATUSES],
        "predicates": [{"id": name, "label": labels("predicate")[name]} for name in PREDICATES],
        "measures": [{"id": name, "label": labels("measure")[name]} for name in MEASURES],
        "bounds": labels("bound"),
        "few": FACTS if max(len(data.milestones), _figures(data)) > MANY else 0,
        "communities": [
            {"name": part.name, "size": size, "wide": _card(wide), "tall": _card(tall)}
            for part, size, wide, tall in zip(
                parts, layout.size, layout.wide, layout.tall, strict=True
            )
        ],
        "nodes": [
            [
                data.entities[iri].name,
                KINDS.index(data.entities[iri].kind),
                iri[len(base) :],
                ranks[iri],
                radius(ranks[iri]),
                home[iri],
                *layout.inner[iri],
                initials(data.entities[iri].name),
                [other for other in data.entities[iri].others if other != data.entities[iri].name],
                quotes.refer(data.entities[iri].mentions),
                data.entities[iri].told,
                _years(data, iri),
            ]
            for iri in order
        ],
        "links": [
            [
                places[link.source],
                PREDICATES.index(link.predicate),
                places[link.target],
                quotes.refer(link.passages),
            ]
            for link in data.links
            if link.source in places and link.target in places
        ],
        "near": [[places[one], places[two]] for one, two in backbone(graph)],
        "milestones": [
            [
                places[item.entity],
                STAGES.index(item.stage),
                STATUSES.index(item.status) if item.status in STATUSES else -1,
                item.period,
                item.progress if item.progress is None else number(item.progress),
                quotes.refer(item.passages),
            ]
            for item in _few(data.milestones, len(data.milestones), lambda item: item.entity)
            if item.entity in places
        ],
        "observations": _observations(data, places, quotes),
    }
    result["reports"] = quotes.reports()
    result["sentences"] = quotes.sentences
    return result


def _few(facts: Sequence[_Fact], total: int, holder: Callable[[_Fact], str]) -> Sequence[_Fact]:
    """The facts; of very many in all only the latest of each holder."""
    if total <= MANY:
        return facts
    return latest(facts, holder, lambda item: (item.period, item.passages))


def _figures(data: NetworkData) -> int:
    return max(data.figures, len(data.observations))


def _card(card: Card) -> list[float]:
    return [card.x, card.y, card.width, card.height]


def _observations(data: NetworkData, places: Mapping[str, int], quotes: _Quotes) -> list[list[Any]]:
    """Figures under their area, and under what is named inside their quote."""
    named = _Named(data, places)
    rows = []
    for item in _few(data.observations, _figures(data), lambda item: item.area):
        holders = set(named.inside(item.passages))
        if item.area in places:
            holders.add(places[item.area])
        if not holders:
            continue
        rows.append(
            [
                sorted(holders),
                item.indicator,
                number(item.value),
                item.upper if item.upper is None else number(item.upper),
                item.unit,
                MEASURES.index(item.measure) if item.measure in MEASURES else 0,
                item.period,
                STATUSES.index(item.status) if item.status in STATUSES else -1,
                item.bound,
                item.scope,
                quotes.refer(item.passages),
            ]
        )
    return rows


class _Named:
    """Finds which names stand inside a passage."""

    def __init__(self, data: NetworkData, places: Mapping[str, int]) -> None:
        self._passages = data.passages
        rows: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for iri, place in places.items():
            for mention in data.entities[iri].mentions:
                passage = data.passages.get(mention)
                if passage is not None and passage.start >= 0:
                    rows[passage.report].append((passage.start, passage.end, place))
        self._rows = {report: sorted(row) for report, row in rows.items()}

    def inside(self, passages: Iterable[str]) -> Iterable[int]:
        for iri in passages:
            passage = self._passages.get(iri)
            if passage is None or passage.start < 0:
                continue
            row = self._rows.get(passage.report, [])
            low = bisect_left(row, (passage.start, -1, -1))
            for start, end, place in row[low:]:
                if start >= passage.end:
                    break
                if end <= passage.end:
                    yield place


class _Quotes:
    """Gives passages as places in a list of sentences that holds each sentence once."""

    def __init__(self, data: NetworkData) -> None:
        self._data = data
        self._order = {iri: place for place, iri in enumerate(data.reports)}
        self._known: dict[tuple[str, int, int] | str, int] = {}
        self._ends: dict[str, list[tuple[int, int]]] = {}
        self.sentences: list[list[Any]] = []

    def refer(self, passages: Iterable[str]) -> list[list[int]]:
        """``[sentence, start, end]`` of each passage, in reading order, not too many."""
        found = [self._data.passages[iri] for iri in passages if iri in self._data.passages]
        found.sort(key=lambda item: (item.report, item.start, item.quote))
        return [self._place(item) for item in found[:_QUOTES]]

    def reports(self) -> list[dict[str, Any]]:
        """The reports as the sentences number them."""
        return [
            {
                "iri": source.iri,
                "title": source.title,
                "stem": source.stem,
                "review": source.review_year,
                "plan": source.plan_year,
            }
            for source in self._data.reports.values()
        ]

    def _place(self, passage: Passage) -> list[int]:
        text = self._data.texts.get(passage.report)
        if text is None or text[passage.start : passage.end] != passage.quote:
            start, end, sentence = passage.start, passage.end, passage.quote
        else:
            start, end = self._bounds(passage, text)
            sentence = text[start:end]
        key = (passage.report, start, end)
        if key not in self._known:
            self._known[key] = len(self.sentences)
            report = self._order.get(passage.report, -1)
            self.sentences.append([report, passage.paragraph, start, sentence])
        return [self._known[key], passage.start - start, passage.end - start]

    def _bounds(self, passage: Passage, text: str) -> tuple[int, int]:
        """From the end of the sentence before to the end of this one."""
        ends = self._ends.get(passage.report)
        if ends is None:
            ends = [match.span() for match in _SENTENCE_END.finditer(text)]
            self._ends[passage.report] = ends
        before = bisect_right(ends, (passage.start, len(text))) - 1
        start = ends[before][1] if before >= 0 else 0
        after = bisect_left(ends, (passage.end, 0)) if ends else 0
        end = ends[after][1] if after < len(ends) else len(text)
        spare = max(0, _LONGEST - (passage.end - passage.start)) // 2
        start = max(min(start, passage.start), passage.start - spare)
        end = min(max(end, passage.end), passage.end + spare)
        return start, max(passage.end, start + len(text[start:end].rstrip()))


def _common(iris: Sequence[str]) -> str:
    """What all IRIs begin with, up to a slash."""
    low, high = min(iris), max(iris)
    same = next((k for k, pair in enumerate(zip(low, high, strict=False)) if len(set(pair)) > 1), 0)
    return low[: low.rfind("/", 0, same) + 1]


def _years(data: NetworkData, iri: str) -> list[int]:
    """The years of the reports that name a thing."""
    found: set[int] = set()
    for mention in data.entities[iri].mentions:
        passage = data.passages.get(mention)
        source = data.reports.get(passage.report) if passage else None
        if source:
            found |= {year for year in (source.review_year, source.plan_year) if year}
    return sorted(found)
