"""What the network page shows, read out of a graph by SPARQL into plain data.

Nothing here knows how a picture is drawn: :func:`read` asks a pyoxigraph store for
entities, links and statements and returns one frozen :class:`NetworkData`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from kg.errors import MissingInput
from kg.model import KINDS, PREDICATES
from kg.rdf import vocab
from kg.view.things import (
    MENTIONS,
    Entity,
    Link,
    Milestone,
    NetworkData,
    Observation,
    Passage,
    Source,
    most_told,
    name_span,
)

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["read"]

_STAGE_OF = {value[1:-1]: name for name, value in vocab.STAGE_TERMS.items()}
_BOUND_OF = {value[1:-1]: name for name, value in vocab.BOUND_TERMS.items()}
_PLACE_QUERY = """SELECT ?report ?title ?place ?review ?plan ?issued ?file WHERE {
  ?report a zp:Report
  OPTIONAL { ?report dcterms:title ?title } OPTIONAL { ?report zp:place ?place }
  OPTIONAL { ?report zp:reviewYear ?review } OPTIONAL { ?report zp:planYear ?plan }
  OPTIONAL { ?report dcterms:issued ?issued } OPTIONAL { ?report dcterms:source ?file } }"""
_PASSAGE_QUERY = """SELECT ?passage ?quote ?start ?end ?paragraph ?report WHERE {
  ?passage zp:quote ?quote ; dcterms:isPartOf ?report .
  OPTIONAL { ?passage zp:startOffset ?start ; zp:endOffset ?end }
  OPTIONAL { ?passage zp:paragraph ?paragraph } }"""
_MILESTONE_QUERY = """SELECT ?fact ?entity ?stage ?status ?period ?progress WHERE {
  ?fact a zp:Milestone ; zp:milestoneOf ?entity ; zp:stage ?stage .
  OPTIONAL { ?fact zp:status ?status } OPTIONAL { ?fact zp:progress ?progress }
  OPTIONAL { ?fact zp:period/skos:notation ?period } }"""
_OBSERVATION_QUERY = """SELECT ?fact ?indicator ?value ?upper ?unit ?measure ?status ?bound
  ?period ?area ?scope WHERE {
  ?fact a zp:Observation ; zp:value ?value ; zp:indicator/skos:prefLabel ?indicator .
  OPTIONAL { ?fact zp:upperValue ?upper } OPTIONAL { ?fact zp:unit/skos:notation ?unit }
  OPTIONAL { ?fact zp:measure ?measure } OPTIONAL { ?fact zp:status ?status }
  OPTIONAL { ?fact zp:bound ?bound } OPTIONAL { ?fact zp:period/skos:notation ?period }
  OPTIONAL { ?fact zp:area ?area } OPTIONAL { ?fact zp:scope ?scope } }"""


def read(
    store: Store | Path | str, *, most: int | None = None, kinds: Iterable[str] = ()
) -> NetworkData:
    """Read a store, a built folder (with ``store/`` and ``texts/``) or a Turtle/TriG file.

    Args:
        store: where the graph is.
        most: read only so many entities, those most is told of, with what is told of them.
        kinds: read only entities of these kinds.

    Raises:
        MissingInput: the folder or file is not there, or holds no graph.
    """
    if isinstance(store, str | Path):
        opened, texts = _open(Path(store))
    else:
        opened, texts = store, {}
    return _Reader(opened).read(texts, most, frozenset(kinds))


def _open(path: Path) -> tuple[Store, dict[str, str]]:
    from pyoxigraph import RdfFormat, Store

    if (path / "store").is_dir():
        opened = Store.read_only(str(path / "store"))
    else:
        file = path if path.is_file() else path / "graph.ttl"
        if not file.is_file():
            raise MissingInput(
                f"no graph at {str(path)!r}", remedy="build one with kg build REPORT -o OUT"
            )
        opened = Store()
        format_ = RdfFormat.from_extension(file.suffix[1:]) or RdfFormat.TURTLE
        opened.bulk_load(path=str(file), format=format_)
    folder = path / "texts"
    files = sorted(folder.glob("*.txt")) if folder.is_dir() else []
    return opened, {file.stem: _read_exactly(file) for file in files}


def _read_exactly(file: Path) -> str:
    """A text with its line breaks as they are, for offsets count them."""
    return file.read_bytes().decode("utf-8")


class _Reader:
    """Asks one store; graph names are passed over and doubles fall together."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(
        self, texts: Mapping[str, str], most: int | None, kinds: frozenset[str]
    ) -> NetworkData:
        reports = self._reports()
        origins = self._origins()
        entities = self._entities(kinds)
        milestones = self._milestones(origins)
        total = len(entities)
        if most is not None and total > most:
            entities = most_told(entities, milestones, most)
        milestones = tuple(item for item in milestones if item.entity in entities)
        observations = self._observations(origins)
        if len(entities) < total:
            observations = tuple(item for item in observations if item.area in entities)
        links = tuple(
            link
            for link in self._links(origins)
            if link.source in entities and link.target in entities
        )
        needed = {passage for entity in entities.values() for passage in entity.mentions}
        for facts in (milestones, observations, links):
            needed.update(passage for fact in facts for passage in fact.passages)
        passages = self._passages(needed)
        by_stem = {report.stem: report.iri for report in reports.values()}
        return NetworkData(
            entities=_narrowed(entities, passages),
            links=links,
            milestones=milestones,
            observations=observations,
            passages=passages,
            reports=reports,
            texts={by_stem[stem]: text for stem, text in texts.items() if stem in by_stem},
            total=total,
        )

    def _rows(self, query: str, wanted: set[str] | None = None) -> Iterator[dict[str, str]]:
        """Plain values row by row; only rows whose first value is wanted, if that is said."""
        whole = vocab.prologue() + query
        solutions: Any = self._store.query(whole, use_default_graph_as_union=True)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            if wanted is not None and solution[0].value not in wanted:
                continue
            yield {name: term.value for name in names if (term := solution[name]) is not None}

    def _reports(self) -> dict[str, Source]:
        found = {}
        for row in self._rows(_PLACE_QUERY):
            iri = row["report"]
            found[iri] = Source(
                iri=iri,
                title=row.get("title") or unquote(re.split(r"[/#]", iri)[-1]),
                place=row.get("place", ""),
                review_year=_year(row.get("review", "")),
                plan_year=_year(row.get("plan", "")),
                stem=unquote(re.split(r"[/#]", iri)[-1]),
            )
        return dict(sorted(found.items()))

    def _entities(self, wanted: frozenset[str]) -> dict[str, Entity]:
        kinds: dict[str, str] = {}
        for row in self._rows(
            f"SELECT ?entity ?kind {{ VALUES ?kind {{ {_terms(KINDS)} }} ?entity a ?kind }}"
        ):
            kind = _local(row["kind"])
            if not wanted or kind in wanted:
                kinds[row["entity"]] = min(kind, kinds.get(row["entity"], kind), key=KINDS.index)
        names = self._texts_of("skos:prefLabel")
        others = self._texts_of("skos:altLabel")
        mentions: dict[str, set[str]] = defaultdict(set)
        for row in self._rows("SELECT ?entity ?passage { ?entity zp:mentionedIn ?passage }"):
            mentions[row["entity"]].add(row["passage"])
        return {
            iri: Entity(
                iri=iri,
                name=next(iter(names.get(iri, ())), "") or unquote(re.split(r"[/#]", iri)[-1]),
                kind=kinds[iri],
                others=tuple(others.get(iri, ())),
                mentions=tuple(sorted(mentions.get(iri, ()))[:MENTIONS]),
                told=len(mentions.get(iri, ())),
            )
            for iri in sorted(kinds)
        }

    def _texts_of(self, predicate: str) -> dict[str, list[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._rows(f"SELECT ?thing ?text {{ ?thing {predicate} ?text }}"):
            found[row["thing"]].add(row["text"])
        return {thing: sorted(texts) for thing, texts in found.items()}

    def _origins(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._rows("SELECT ?fact ?passage { ?fact prov:wasDerivedFrom ?passage }"):
            found[row["fact"]].add(row["passage"])
        return {fact: tuple(sorted(passages)) for fact, passages in found.items()}

    def _links(self, origins: Mapping[str, tuple[str, ...]]) -> tuple[Link, ...]:
        found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for row in self._rows(
            f"SELECT ?s ?p ?o {{ VALUES ?p {{ {_terms(PREDICATES)} }} ?s ?p ?o }}"
        ):
            found[row["s"], _local(row["p"]), row["o"]]
        for row in self._rows(
            "SELECT ?fact ?s ?p ?o { ?fact rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }"
        ):
            key = row["s"], _local(row["p"]), row["o"]
            if key[1] in PREDICATES:
                found[key].update(origins.get(row["fact"], ()))
        return tuple(
            Link(*key, passages=tuple(sorted(passages))) for key, passages in sorted(found.items())
        )

    def _milestones(self, origins: Mapping[str, tuple[str, ...]]) -> tuple[Milestone, ...]:
        found = {}
        for row in self._rows(_MILESTONE_QUERY):
            stage = _STAGE_OF.get(row["stage"])
            if stage is None:
                continue
            found[row["fact"]] = Milestone(
                entity=row["entity"],
                stage=stage,
                status=_local(row.get("status", "")).lower(),
                period=row.get("period", ""),
                progress=_number(row.get("progress")),
                passages=origins.get(row["fact"], ()),
            )
        return tuple(found[fact] for fact in sorted(found))

    def _observations(self, origins: Mapping[str, tuple[str, ...]]) -> tuple[Observation, ...]:
        found = {}
        for row in self._rows(_OBSERVATION_QUERY):
            value = _number(row["value"])
            if value is None:
                continue
            found[row["fact"]] = Observation(
                indicator=row["indicator"],
                value=value,
                unit=row.get("unit", ""),
                measure=_local(row.get("measure", "level")).lower(),
                period=row.get("period", ""),
                status=_local(row.get("status", "")).lower(),
                bound=_BOUND_OF.get(row.get("bound", ""), "exact"),
                upper=_number(row.get("upper")),
                area=row.get("area", ""),
                scope=row.get("scope", ""),
                passages=origins.get(row["fact"], ()),
            )
        return tuple(found[fact] for fact in sorted(found))

    def _passages(self, needed: set[str]) -> dict[str, Passage]:
        found = {}
        for row in self._rows(_PASSAGE_QUERY, needed):
            found[row["passage"]] = Passage(
                report=row["report"],
                quote=row["quote"],
                start=int(row.get("start", -1)),
                end=int(row.get("end", -1)),
                paragraph=int(row.get("paragraph", 0)),
            )
        return found


def _narrowed(entities: dict[str, Entity], passages: dict[str, Passage]) -> dict[str, Entity]:
    """Entities whose mentions point at the very name instead of the sentence it stands in.

    The narrower passages are added to ``passages``.
    """
    narrowed = {}
    for iri, entity in entities.items():
        mentions = []
        forms = (entity.name, *entity.others)
        for mention in entity.mentions:
            whole = passages.get(mention)
            if whole is None:
                continue
            span = name_span(whole.quote, forms)
            if span is None or whole.start < 0:
                mentions.append(mention)
                continue
            start, end = span
            key = f"{mention}@{start}-{end}"
            passages[key] = replace(
                whole,
                quote=whole.quote[start:end],
                start=whole.start + start,
                end=whole.start + end,
            )
            mentions.append(key)
        narrowed[iri] = replace(entity, mentions=tuple(mentions))
    return narrowed


def _terms(names: Iterable[str]) -> str:
    return " ".join(f"zp:{name}" for name in names)


def _local(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def _year(text: str) -> int | None:
    match = re.match(r"-?\d{4}", text)
    return int(match[0]) if match else None


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
