"""What the network page shows, read out of a graph into plain data.

Nothing here knows how a picture is drawn: :func:`read` asks a pyoxigraph store for
entities, links and statements and returns one frozen :class:`NetworkData`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

from kg.errors import MissingInput
from kg.model import KINDS, PREDICATES
from kg.rdf import vocab
from kg.view.things import (
    MANY,
    MENTIONS,
    Entity,
    Link,
    Milestone,
    NetworkData,
    Observation,
    Passage,
    Source,
    latest,
    most_told,
    name_span,
)

if TYPE_CHECKING:
    from pyoxigraph import NamedNode, Store

__all__ = ["read"]

_STAGE_OF = {value[1:-1]: name for name, value in vocab.STAGE_TERMS.items()}
_BOUND_OF = {value[1:-1]: name for name, value in vocab.BOUND_TERMS.items()}
_PLACE_QUERY = """SELECT ?report ?title ?place ?review ?plan ?issued ?file WHERE {
  ?report a zp:Report
  OPTIONAL { ?report dcterms:title ?title } OPTIONAL { ?report zp:place ?place }
  OPTIONAL { ?report zp:reviewYear ?review } OPTIONAL { ?report zp:planYear ?plan }
  OPTIONAL { ?report dcterms:issued ?issued } OPTIONAL { ?report dcterms:source ?file } }"""


_SINGLE = 5_000
"""Of so many facts the type is looked up one by one."""
_FEW = 20_000
"""Of so many things what is told is looked up one by one; of more, all is gone through."""


def read(
    store: Store | Path | str,
    *,
    most: int | None = None,
    kinds: Iterable[str] = (),
    only: Collection[str] | None = None,
) -> NetworkData:
    """Read a store, a built folder (with ``store/`` and ``texts/``) or a Turtle/TriG file.

    Args:
        store: where the graph is.
        most: read only so many entities, those most is told of, with what is told of them.
        kinds: read only entities of these kinds.
        only: read only entities of these IRIs, with what is told of them.

    Raises:
        MissingInput: the folder or file is not there, or holds no graph.
    """
    if isinstance(store, str | Path):
        opened, texts = _open(Path(store))
    else:
        opened, texts = store, {}
    return _Reader(opened).read(texts, most, frozenset(kinds), only)


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


_Values: TypeAlias = Callable[[str], tuple[str, ...]]


class _Reader:
    """Asks one store; graph names are passed over and doubles fall together.

    Statements are looked up by their subject or gone through by their predicate: joined in
    one query, those of some hundred reports take many times as long.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._notations: dict[str, str] = {}

    def read(
        self,
        texts: Mapping[str, str],
        most: int | None,
        kinds: frozenset[str],
        only: Collection[str] | None,
    ) -> NetworkData:
        reports = self._reports()
        kind_of = self._kinds(kinds, only)
        total = len(kind_of)
        values = self._values("zp:mentionedIn", only is not None)
        mentions = {iri: values(iri) for iri in kind_of}
        told = {iri: len(found) for iri, found in mentions.items()}
        cut = only is not None or (most is not None and total > most)
        if most is not None and cut:
            chosen = most_told(told, self._milestone_counts(), most)
            kind_of = {iri: kind_of[iri] for iri in chosen}
        entities = {iri: self._entity(iri, kind, mentions[iri]) for iri, kind in kind_of.items()}
        origins = self._values("prov:wasDerivedFrom", only is not None)
        milestones = self._milestones(entities, origins)
        observations, figures = self._observations(entities if cut else None, origins)
        links = tuple(
            link
            for link in self._links(origins)
            if link.source in entities and link.target in entities
        )
        needed = {iri for entity in entities.values() for iri in entity.mentions}
        for facts in (milestones, observations, links):
            needed.update(iri for fact in facts for iri in fact.passages)
        passages = {iri: found for iri in needed if (found := self._passage(iri))}
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
            figures=figures,
        )

    def _rows(self, query: str) -> Iterator[dict[str, str]]:
        """Plain values row by row."""
        whole = vocab.prologue() + query
        solutions: Any = self._store.query(whole, use_default_graph_as_union=True)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield {name: term.value for name in names if (term := solution[name]) is not None}

    def _pairs(self, predicate: str, value: str | None = None) -> Iterator[tuple[str, str]]:
        """Subject and value of the statements with a predicate, and a value if one is named."""
        from pyoxigraph import NamedNode

        other = NamedNode(value) if value is not None else None
        for quad in self._store.quads_for_pattern(None, _node(predicate), other, None):
            yield quad.subject.value, quad.object.value  # type: ignore[union-attr]

    def _gathered(self, predicate: str) -> dict[str, tuple[str, ...]]:
        """Subject → its values of a predicate, sorted."""
        found: dict[str, set[str]] = defaultdict(set)
        for subject, value in self._pairs(predicate):
            found[subject].add(value)
        return {subject: tuple(sorted(values)) for subject, values in found.items()}

    def _of_type(self, subjects: set[str], type_: str) -> set[str]:
        """Those of a type; of many it is quicker to go through all that are of it."""
        if len(subjects) > _SINGLE:
            return subjects.intersection(item for item, _ in self._pairs("rdf:type", _full(type_)))
        return {item for item in subjects if _full(type_) in self._texts(item, "rdf:type")}

    def _values(self, predicate: str, few: bool) -> _Values:
        """Gives a subject's values of a predicate; unless they are few, all are read at once."""
        if few:
            return lambda subject: tuple(self._texts(subject, predicate))
        found = self._gathered(predicate)
        return lambda subject: found.get(subject, ())

    def _told(self, subject: str) -> dict[str, str]:
        """Predicate → value of what is told of a subject, of several the last in order."""
        from pyoxigraph import NamedNode

        pairs = [
            (quad.predicate.value, quad.object.value)  # type: ignore[union-attr]
            for quad in self._store.quads_for_pattern(NamedNode(subject), None, None, None)
        ]
        return dict(sorted(pairs))

    def _texts(self, subject: str, predicate: str) -> list[str]:
        from pyoxigraph import NamedNode

        quads = self._store.quads_for_pattern(NamedNode(subject), _node(predicate), None, None)
        return sorted({quad.object.value for quad in quads})  # type: ignore[union-attr]

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

    def _kinds(self, wanted: frozenset[str], only: Collection[str] | None) -> dict[str, str]:
        """The IRI of each thing → its kind; of two kinds the first in the model's order."""
        kinds: dict[str, str] = {}
        if only is not None:
            for iri in sorted(only):
                own = {_local(type_) for type_ in self._texts(iri, "rdf:type")}
                first = next((kind for kind in KINDS if kind in own), None)
                if first and (not wanted or first in wanted):
                    kinds[iri] = first
            return kinds
        for kind in KINDS:
            if not wanted or kind in wanted:
                for iri, _ in self._pairs("rdf:type", _full(f"zp:{kind}")):
                    kinds.setdefault(iri, kind)
        return dict(sorted(kinds.items()))

    def _milestone_counts(self) -> Counter[str]:
        """How many milestones each thing has."""
        facts = {fact for fact, _ in self._pairs("rdf:type", _full("zp:Milestone"))}
        staged = {fact for fact, stage in self._pairs("zp:stage") if stage in _STAGE_OF}
        pairs = set(self._pairs("zp:milestoneOf"))
        return Counter(entity for fact, entity in pairs if fact in facts and fact in staged)

    def _entity(self, iri: str, kind: str, mentions: Sequence[str]) -> Entity:
        names = self._texts(iri, "skos:prefLabel")
        return Entity(
            iri=iri,
            name=next(iter(names), "") or unquote(re.split(r"[/#]", iri)[-1]),
            kind=kind,
            others=tuple(self._texts(iri, "skos:altLabel")),
            mentions=tuple(mentions[:MENTIONS]),
            told=len(mentions),
        )

    def _links(self, origins: _Values) -> tuple[Link, ...]:
        found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for predicate in PREDICATES:
            for source, target in self._pairs(f"zp:{predicate}"):
                found[source, predicate, target]
        subjects, objects = dict(self._pairs("rdf:subject")), dict(self._pairs("rdf:object"))
        for fact, predicate in self._pairs("rdf:predicate"):
            key = subjects.get(fact, ""), _local(predicate), objects.get(fact, "")
            if key[1] in PREDICATES and all(key):
                found[key].update(origins(fact))
        return tuple(
            Link(*key, passages=tuple(sorted(passages))) for key, passages in sorted(found.items())
        )

    def _milestones(
        self, entities: Mapping[str, Entity], origins: _Values
    ) -> tuple[Milestone, ...]:
        found = {}
        if len(entities) <= _FEW:
            facts = {fact for one in entities for fact, _ in self._pairs("zp:milestoneOf", one)}
            facts = self._of_type(facts, "zp:Milestone")
        else:
            facts = {fact for fact, _ in self._pairs("rdf:type", _full("zp:Milestone"))}
            facts &= {fact for fact, one in self._pairs("zp:milestoneOf") if one in entities}
        for fact in sorted(facts):
            told = self._told(fact)
            stage = _STAGE_OF.get(told.get(_full("zp:stage"), ""))
            if stage is None:
                continue
            found[fact] = Milestone(
                entity=told[_full("zp:milestoneOf")],
                stage=stage,
                status=_local(told.get(_full("zp:status"), "")).lower(),
                period=self._notation(told.get(_full("zp:period"), "")),
                progress=_number(told.get(_full("zp:progress"))),
                passages=origins(fact),
            )
        return tuple(found.values())

    def _observations(
        self, areas: Collection[str] | None, origins: _Values
    ) -> tuple[tuple[Observation, ...], int]:
        """Figures, of very many only the latest of each area, and how many there are in all.

        Args:
            areas: only of these, if it is not ``None``.
            origins: the passages of facts.
        """
        if areas is not None and len(areas) <= _FEW:
            area_of = {fact: one for one in areas for fact, _ in self._pairs("zp:area", one)}
            facts = self._of_type(set(area_of), "zp:Observation")
        else:
            facts = {fact for fact, _ in self._pairs("rdf:type", _full("zp:Observation"))}
            area_of = {fact: area for fact, area in self._pairs("zp:area") if fact in facts}
            if areas is not None:
                facts = {fact for fact in facts if area_of.get(fact) in areas}
        if areas is not None and len(facts) > MANY:
            periods = {
                fact: self._notation(period)
                for fact, period in self._pairs("zp:period")
                if fact in facts
            }
            kept = latest(
                sorted(facts),
                lambda fact: area_of.get(fact, ""),
                lambda fact: (periods.get(fact, ""), origins(fact)),
            )
        else:
            kept = list(facts)
        found = (self._observation(fact, origins(fact)) for fact in sorted(kept))
        return tuple(item for item in found if item is not None), len(facts)

    def _observation(self, fact: str, passages: tuple[str, ...]) -> Observation | None:
        told = self._told(fact)
        value = _number(told.get(_full("zp:value")))
        indicator = told.get(_full("zp:indicator"))
        names = self._texts(indicator, "skos:prefLabel") if indicator else []
        if value is None or not names:
            return None
        return Observation(
            indicator=names[-1],
            value=value,
            unit=self._notation(told.get(_full("zp:unit"), "")),
            measure=_local(told.get(_full("zp:measure"), "level")).lower(),
            period=self._notation(told.get(_full("zp:period"), "")),
            status=_local(told.get(_full("zp:status"), "")).lower(),
            bound=_BOUND_OF.get(told.get(_full("zp:bound"), ""), "exact"),
            upper=_number(told.get(_full("zp:upperValue"))),
            area=told.get(_full("zp:area"), ""),
            scope=told.get(_full("zp:scope"), ""),
            passages=passages,
        )

    def _notation(self, iri: str) -> str:
        """The notation of a period or unit."""
        if iri not in self._notations:
            found = self._texts(iri, "skos:notation") if iri else []
            self._notations[iri] = found[-1] if found else ""
        return self._notations[iri]

    def _passage(self, iri: str) -> Passage | None:
        told = self._told(iri)
        quote, report = told.get(_full("zp:quote")), told.get(_full("dcterms:isPartOf"))
        if quote is None or report is None:
            return None
        return Passage(
            report=report,
            quote=quote,
            start=int(told.get(_full("zp:startOffset"), -1)),
            end=int(told.get(_full("zp:endOffset"), -1)),
            paragraph=int(told.get(_full("zp:paragraph"), 0)),
        )


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


def _full(name: str) -> str:
    """The IRI of a prefixed name."""
    return vocab.term(name)[1:-1]


@cache
def _node(name: str) -> NamedNode:
    from pyoxigraph import NamedNode

    return NamedNode(_full(name))


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
