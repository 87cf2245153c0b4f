"""Everything that can be looked up by name, read once from the store and kept in memory."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.model import KINDS
from kg.rdf import vocab
from kg.view.pinyin import initials

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["Catalogue", "Indicator", "Item", "ReportItem", "bind", "rows"]

_LATIN = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Item:
    """A thing with a name.

    Attributes:
        mentions: passages that name it.
        reports: IRIs of the reports they stand in, the most telling first.
    """

    iri: str
    name: str
    kind: str
    others: tuple[str, ...]
    initials: str
    mentions: int
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportItem:
    """A report: who reports on which years."""

    iri: str
    stem: str
    title: str
    place: str
    place_name: str
    review_year: int | None
    plan_year: int | None
    issued: str

    @property
    def years(self) -> tuple[int, ...]:
        """The years it tells of."""
        return tuple(year for year in (self.review_year, self.plan_year) if year)


@dataclass(frozen=True, slots=True)
class Indicator:
    """Something that is measured, with the number of its figures."""

    iri: str
    name: str
    figures: int
    initials: str


def bind(query: str, bound: Mapping[str, str]) -> str:
    """A query of our own with variables set to IRIs, and the known prefixes.

    The values are put behind its first ``WHERE {``.

    Raises:
        ValueError: a value is no IRI.
    """
    try:
        values = "".join(f"VALUES ?{name} {{ {vocab.iri(iri)} }} " for name, iri in bound.items())
    except UsageError as error:
        raise ValueError(str(error)) from error
    return vocab.prologue() + query.replace("WHERE {", f"WHERE {{ {values}", 1)


def rows(store: Store, query: str, **bound: str) -> Iterator[dict[str, str]]:
    """Plain values of a SELECT over the union of all graphs; unbound ones are left out.

    Args:
        store: an opened store.
        query: SPARQL without prefixes.
        bound: IRIs of variables.

    Raises:
        ValueError: a bound value is no IRI.
    """
    solutions: Any = store.query(bind(query, bound), use_default_graph_as_union=True)
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {name: term.value for name in names if (term := solution[name]) is not None}


class Catalogue:
    """Search and browsing over one store."""

    def __init__(self, store: Store) -> None:
        self.reports = _reports(store)
        self.items = _items(store, {iri: iri for iri in self.reports})
        self.indicators = _indicators(store)
        self.by_iri: Mapping[str, Item] = {item.iri: item for item in self.items}
        self._of_kind: dict[str, list[Item]] = defaultdict(list)
        for item in self.items:
            self._of_kind[item.kind].append(item)
        self._names = _Lines(_typed(item.name) for item in self.items)
        self._others = _Lines(" ".join(map(_typed, item.others)) for item in self.items)
        self._letters = _Lines(item.initials for item in self.items)

    def kinds(self) -> dict[str, int]:
        """How many things there are of each kind."""
        return {kind: len(self._of_kind[kind]) for kind in KINDS if self._of_kind[kind]}

    def places(self) -> list[tuple[str, str, int]]:
        """IRI and name of each reporting place, and its number of reports."""
        counts = Counter((report.place, report.place_name) for report in self.reports.values())
        ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0][1]))
        return [(iri, name, count) for (iri, name), count in ranked if iri]

    def years(self) -> list[int]:
        """The years told of, the latest first."""
        return sorted({year for item in self.reports.values() for year in item.years}, reverse=True)

    def named(self, name: str) -> Item | None:
        """The thing of an IRI or a name, by its full name or else by another of its names."""
        if name in self.by_iri:
            return self.by_iri[name]
        # Whole names come first in a search, so the first that bears the name bears it so if any.
        found = self.search(name, limit=200)
        return next((item for item in found if name in (item.name, *item.others)), None)

    def search(self, typed: str, *, kind: str = "", limit: int = 20) -> list[Item]:
        """Things whose name, other names or pinyin initials match what is typed.

        Whole names come first, then beginnings, parts, other names and initials; of equal
        ones the one named most often.
        """
        text = _typed(typed)
        if not text:
            return []
        scores: dict[int, int] = {}
        for number, name in self._names.holding(text):
            scores[number] = 6 if name == text else 5 if name.startswith(text) else 4
        for number, _ in self._others.holding(text):
            scores.setdefault(number, 3)
        if _LATIN.fullmatch(text):
            for number, letters in self._letters.holding(text):
                if letters.startswith(text):
                    scores.setdefault(number, 2)
                elif len(text) > 1:
                    scores.setdefault(number, 1)
        ranked = (
            (-score, number)
            for number, score in scores.items()
            if not kind or self.items[number].kind == kind
        )
        return [self.items[number] for _, number in nsmallest(limit, ranked)]

    def browse(self, *, kind: str = "", place: str = "", year: int | None = None) -> Sequence[Item]:
        """Things of a kind that reports of a place and on a year name, most named first."""
        items = self._of_kind[kind] if kind else self.items
        if not place and year is None:
            return items
        wanted = {
            iri
            for iri, report in self.reports.items()
            if (not place or report.place == place) and (year is None or year in report.years)
        }
        return [item for item in items if not wanted.isdisjoint(item.reports)]


def _typed(name: str) -> str:
    """A name as it is typed: small letters, no white space."""
    return "".join(name.lower().split())


class _Lines:
    """Lines in one string: one search through it is some thirty times quicker than one a line."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._text = "".join(f"{line}\n" for line in lines)
        ends = (place for place, char in enumerate(self._text) if char == "\n")
        self._starts = [0, *(end + 1 for end in ends)]

    def holding(self, text: str) -> Iterator[tuple[int, str]]:
        """Number and words of each line that holds a text without line breaks."""
        place = self._text.find(text)
        while place >= 0:
            number = bisect_right(self._starts, place) - 1
            start, following = self._starts[number], self._starts[number + 1]
            yield number, self._text[start : following - 1]
            place = self._text.find(text, following)


def _local(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def _reports(store: Store) -> dict[str, ReportItem]:
    found = {}
    for row in rows(
        store,
        """SELECT * { ?report a zp:Report OPTIONAL { ?report dcterms:title ?title }
        OPTIONAL { ?report dcterms:identifier ?stem } OPTIONAL { ?report dcterms:issued ?issued }
        OPTIONAL { ?report zp:place ?place . ?place skos:prefLabel ?name }
        OPTIONAL { ?report zp:reviewYear ?review } OPTIONAL { ?report zp:planYear ?plan } }""",
    ):
        iri = row["report"]
        stem = row.get("stem") or _local(iri)
        found[iri] = ReportItem(
            iri=iri,
            stem=stem,
            title=row.get("title") or stem,
            place=row.get("place", ""),
            place_name=row.get("name", ""),
            review_year=int(row["review"][:4]) if "review" in row else None,
            plan_year=int(row["plan"][:4]) if "plan" in row else None,
            issued=row.get("issued", ""),
        )
    return dict(sorted(found.items(), key=lambda entry: entry[1].stem))


def _items(store: Store, known: Mapping[str, str]) -> list[Item]:
    """The things of the store; ``known`` keeps one string a report instead of one a mention."""
    kinds: dict[str, str] = {}
    terms = " ".join(f"zp:{kind}" for kind in KINDS)
    for row in rows(store, f"SELECT * {{ VALUES ?kind {{ {terms} }} ?thing a ?kind }}"):
        kind = _local(row["kind"])
        kinds[row["thing"]] = min(kind, kinds.get(row["thing"], kind), key=KINDS.index)
    names, others = _forms(store, "skos:prefLabel"), _forms(store, "skos:altLabel")
    mentions: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows(
        store, "SELECT DISTINCT * { ?thing zp:mentionedIn ?passage . ?passage dcterms:isPartOf ?r }"
    ):
        mentions[row["thing"]][known.get(row["r"], row["r"])] += 1
    items = [
        Item(
            iri=iri,
            name=name,
            kind=kind,
            others=tuple(form for form in others.get(iri, ()) if form != name),
            initials=initials(name),
            mentions=mentions[iri].total(),
            reports=tuple(report for report, _ in mentions[iri].most_common()),
        )
        for iri, kind in kinds.items()
        for name in [names.get(iri, [_local(iri)])[0]]
    ]
    return sorted(items, key=lambda item: (-item.mentions, item.name, item.iri))


def _forms(store: Store, predicate: str) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows(store, f"SELECT * {{ ?thing {predicate} ?form }}"):
        found[row["thing"]].add(row["form"])
    return {iri: sorted(forms) for iri, forms in found.items()}


def _indicators(store: Store) -> list[Indicator]:
    query = """SELECT ?indicator ?name (COUNT(DISTINCT ?fact) AS ?count) {
      ?fact zp:indicator ?indicator . ?indicator skos:prefLabel ?name } GROUP BY ?indicator ?name"""
    found = [
        Indicator(row["indicator"], row["name"], int(row["count"]), initials(row["name"]))
        for row in rows(store, query)
    ]
    return sorted(found, key=lambda item: (-item.figures, item.name))
