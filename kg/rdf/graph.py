"""What was found in reports, and the things it is about → triples.

Each report has a named graph that bears the report's IRI and holds what the report says:
the report itself, its passages, ``zp:mentionedIn``, observations, milestones, relations.
What reports share stands once, in the default graph: the description of each thing
(type, names, place, code, grounds of its merges), indicators, units and periods.
``graph.ttl`` is the union of both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import astuple, dataclass
from operator import add
from typing import Final

from kg.entities import Entity, Linked
from kg.model import Annotation, Extraction, Milestone, Observation, Paragraph, Relation
from kg.rdf import vocab
from kg.rdf.describing import NO_UNIT, Describer, Triple, Used
from kg.rdf.divisions import outer_key, passages_for
from kg.rdf.sentences import sentences
from kg.rdf.vocab import Minter, Term, term

__all__ = ["Counts", "GraphBuilder", "Note", "Triple", "union"]

_OWN_AREA: Final = re.compile(r"(?:全|我|本)(?:[省市区县州盟旗乡镇])(?:域|境内|范围内)?")


@dataclass
class Counts:
    """What one report gave, and what of it had nothing to hang on.

    Attributes:
        passages: distinct quoted places.
        observations: figures, each once however often the report says it.
        milestones: stages reached or planned, each once.
        relations: stated links.
        unlinked: milestones and relations whose names are no mention of the paragraph, and
            relations between kinds of things that the ontology does not allow.
    """

    passages: int = 0
    observations: int = 0
    milestones: int = 0
    relations: int = 0
    unlinked: int = 0

    def __add__(self, other: Counts) -> Counts:
        """What two reports gave together."""
        return Counts(*map(add, astuple(self), astuple(other)))


@dataclass(frozen=True)
class Note:
    """What the rest of a graph has to know of one report.

    Attributes:
        counts: what it gave.
        used: what it uses of what reports share.
        first: key → the passage that names the thing first.
    """

    counts: Counts
    used: Set[Used]
    first: Mapping[str, Term]


class GraphBuilder:
    """Makes the graphs of one build.

    Args:
        linked: the things of all reports together.
        minter: gives the IRIs.
    """

    def __init__(self, linked: Linked, minter: Minter | None = None) -> None:
        self.linked = linked
        self.minter = minter or Minter()
        self.notes: dict[str, Note] = {}
        self._iris = {entity.key: self._entity_iri(entity) for entity in linked}

    def iri(self, entity: Entity) -> Term:
        """The IRI of a thing."""
        return self._iris[entity.key]

    def observation(self, stem: str, item: Observation) -> Term:
        """The IRI of an observation: the same wherever the report says the same."""
        area = None if not item.area or _OWN_AREA.fullmatch(item.area) else item.area
        return self.minter.fact(
            stem, "observation",
            self.indicator(item.indicator), item.value, item.value_max, item.unit, item.measure,
            item.period, item.status, item.bound, area, "".join((item.scope or "").split()),
        )  # fmt: skip

    def milestone(self, stem: str, entity: Entity, item: Milestone) -> Term:
        """The IRI of a milestone of ``entity``: the same wherever the report says the same."""
        return self.minter.fact(
            stem, "milestone",
            self.iri(entity), item.stage, item.period, item.status, item.progress,
        )  # fmt: skip

    def _entity_iri(self, entity: Entity) -> Term:
        return self.minter.entity(entity.kind, entity.label, entity.scope)

    def report(self, extraction: Extraction) -> list[Triple]:
        """The triples of one report's graph, sorted and each once."""
        graph = _ReportGraph(self, extraction)
        triples = sorted(graph.triples())
        self.notes[extraction.report.stem] = Note(graph.counts, graph.used, graph.first)
        return triples

    def shared(self) -> list[Triple]:
        """The triples of the default graph, for all reports given to :meth:`report`."""
        describer = Describer(self.minter, self._iris.get, self._passages())
        written: dict[tuple[str, str], set[str]] = defaultdict(set)
        for note in self.notes.values():
            for sort, name, form in note.used:
                written[sort, name].add(form)
        triples = set(describer.frame({sort for sort, _ in written}))
        for entity in self.linked:
            triples.update(describer.thing(entity))
        for (sort, name), forms in written.items():
            triples.update(describer.used(sort, name, forms))
        return sorted(triples)

    def _passages(self) -> Callable[[str], list[Term]]:
        """Key of a place → the passages on which it rests that it lies in another."""
        named: dict[str, set[Term]] = defaultdict(set)
        for note in self.notes.values():
            for key, passage in note.first.items():
                named[key].add(passage)
        inside: dict[str, list[str]] = defaultdict(list)
        for entity in self.linked:
            if outer := outer_key(entity):
                inside[outer].append(entity.key)
        return lambda key: passages_for(key, lambda key: named[key], lambda key: inside[key])

    def indicator(self, written: str) -> str:
        """The scheme's name of an indicator as written."""
        return "".join(self.linked.indicator("".join(written.split())).split())


class _ReportGraph:
    """The graph of one report in the making."""

    def __init__(self, builder: GraphBuilder, extraction: Extraction) -> None:
        self.builder = builder
        self.minter = builder.minter
        self.extraction = extraction
        self.report = extraction.report
        self.counts = Counts()
        self.used: set[Used] = set()
        self.first: dict[str, Term] = {}
        self.node = self.minter.report(self.report.stem)
        self.place = builder.linked.place(self.report.stem)
        self.out: set[Triple] = set()
        self.passages: dict[tuple[int, int], Term] = {}
        self.areas: dict[str, Entity] = {}
        self.issuers: dict[str, Entity] = {}
        self.scores: dict[Term, float] = {}
        self.facts: set[Term] = set()

    def triples(self) -> set[Triple]:
        pairs = list(zip(self.report.paragraphs, self.extraction.annotations, strict=False))
        for number, (paragraph, annotation) in enumerate(pairs, 1):
            self._mentions(number, paragraph, annotation)
        for number, (paragraph, annotation) in enumerate(pairs, 1):
            for observation in annotation.observations:
                self._observation(number, paragraph, observation)
            for milestone in annotation.milestones:
                self._milestone(number, paragraph, milestone)
            for relation in annotation.relations:
                self._relation(number, paragraph, relation)
        for node, score in self.scores.items():
            self.out.add((node, term("zp:score"), vocab.decimal(round(score, 4))))
        self._describe_report()
        self._witness_place()
        self.counts.passages += len(self.passages)
        return self.out

    # --- the report and its passages ----------------------------------------------------

    def _describe_report(self) -> None:
        report, node, add = self.report, self.node, self.out.add
        source = self.minter.source(report.stem)
        add((node, term("rdf:type"), term("zp:Report")))
        add((node, term("dcterms:title"), vocab.text(report.title or report.stem, "zh")))
        add((node, term("dcterms:identifier"), vocab.text(report.stem)))
        add((node, term("dcterms:source"), source))
        add((source, term("rdf:type"), term("foaf:Document")))
        add((source, term("schema:name"), vocab.text(f"texts/{report.stem}.txt")))
        if report.delivered:
            add((node, term("dcterms:issued"), vocab.day(report.delivered)))
        elif report.plan_year:  # a report is delivered in the year it plans
            add((node, term("dcterms:issued"), vocab.year(report.plan_year)))
        if self.place:
            add((node, term("zp:place"), self.builder.iri(self.place)))
        if report.review_year:
            add((node, term("zp:reviewYear"), vocab.year(report.review_year)))
        if report.plan_year:
            add((node, term("zp:planYear"), vocab.year(report.plan_year)))
        if report.session:
            add((node, term("zp:session"), vocab.text(report.session, "zh")))
        issuer = self.issuers.get("".join(report.issuer.split()))
        if issuer:
            add((node, term("dcterms:publisher"), self.builder.iri(issuer)))

    def _witness_place(self) -> None:
        """A report that never names its own place is about it from its opening on."""
        paragraphs = self.report.paragraphs
        if self.place and paragraphs and self.place.key not in self.first:
            self.first[self.place.key] = self._passage(paragraphs[0], 0, 0)

    def _passage(self, paragraph: Paragraph, start: int, end: int) -> Term:
        """The passage of ``paragraph.text[start:end]``; the whole paragraph if that is empty."""
        if not 0 <= start < end <= len(paragraph.text):
            start, end = 0, len(paragraph.text)
        span = paragraph.source_span(start, end)
        node = self.passages.get(span)
        if node is None:
            node = self.passages[span] = self.minter.passage(self.report.stem, *span)
            add = self.out.add
            add((node, term("rdf:type"), term("zp:Passage")))
            add((node, term("zp:quote"), vocab.text(self.report.source[span[0] : span[1]])))
            add((node, term("zp:startOffset"), vocab.integer(span[0])))
            add((node, term("zp:endOffset"), vocab.integer(span[1])))
            add((node, term("zp:paragraph"), vocab.integer(paragraph.number)))
            add((node, term("dcterms:isPartOf"), self.node))
        return node

    def _mentions(self, number: int, paragraph: Paragraph, annotation: Annotation) -> None:
        spans = sentences(paragraph.text)
        for mention in annotation.entities:
            entity = self.builder.linked.lookup(
                self.report.stem, number, mention.text, mention.kind
            )
            if entity is None:
                continue
            inside = [span for span in spans if span[0] < mention.end and mention.start < span[1]]
            first, last = (inside[0][0], inside[-1][1]) if inside else (mention.start, mention.end)
            passage = self._passage(paragraph, first, last)
            self.out.add((self.builder.iri(entity), term("zp:mentionedIn"), passage))
            self.first.setdefault(entity.key, passage)
            if entity.kind in ("Place", "Zone"):
                self.areas.setdefault(mention.text, entity)
                self.areas.setdefault(mention.name, entity)
            elif entity.kind == "Institution":
                self.issuers.setdefault("".join(mention.name.split()), entity)

    # --- statements ---------------------------------------------------------------------

    def _ground(
        self, node: Term, kind: str, passage: Term, item: Observation | Milestone | Relation
    ) -> None:
        add = self.out.add
        add((node, term("rdf:type"), term(kind)))
        add((node, term("prov:wasDerivedFrom"), passage))
        if item.rule:
            add((node, term("zp:rule"), vocab.text(item.rule)))
        self.scores[node] = max(item.score, self.scores.get(node, 0.0))

    def _observation(self, number: int, paragraph: Paragraph, item: Observation) -> None:
        add, builder = self.out.add, self.builder
        node = builder.observation(self.report.stem, item)
        self._ground(node, "zp:Observation", self._passage(paragraph, item.start, item.end), item)
        add((node, term("qb:dataSet"), self.minter.dataset()))
        add((node, term("zp:indicator"), self._use_indicator(item.indicator)))
        add((node, term("zp:value"), vocab.decimal(item.value)))
        if item.value_max is not None:
            add((node, term("zp:upperValue"), vocab.decimal(item.value_max)))
        if item.unit or item.measure != "rank":
            add((node, term("zp:unit"), self._use_unit(item.unit or NO_UNIT)))
        add((node, term("zp:measure"), vocab.MEASURE_TERMS[item.measure]))
        if item.period:
            add((node, term("zp:period"), self._use_period(item.period)))
        add((node, term("zp:status"), vocab.STATUS_TERMS[item.status]))
        add((node, term("zp:bound"), vocab.BOUND_TERMS[item.bound]))
        if item.scope:
            add((node, term("zp:scope"), vocab.text("".join(item.scope.split()), "zh")))
        if self._is_new(node):
            self.counts.observations += 1
            if area := self._area(number, item.area):
                add((node, *area))

    def _use_indicator(self, written: str) -> Term:
        name = self.builder.indicator(written)
        self.used.add(("indicator", name, "".join(written.split())))
        return self.minter.indicator(name)

    def _use_unit(self, name: str) -> Term:
        self.used.add(("unit", name, ""))
        return self.minter.unit(name)

    def _use_period(self, notation: str) -> Term:
        self.used.add(("period", notation, ""))
        return self.minter.period(notation)

    def _area(self, number: int, written: str | None) -> tuple[Term, Term] | None:
        """The area of a figure: the report's own place where no other is named."""
        area: Entity | None = self.place
        if written and not _OWN_AREA.fullmatch(written):
            lookup = self.builder.linked.lookup
            area = (
                lookup(self.report.stem, number, written, "Place")
                or lookup(self.report.stem, number, written, "Zone")
                or self.areas.get(written)
            )
            if area is None:
                return term("zp:areaName"), vocab.text(written, "zh")
        return (term("zp:area"), self.builder.iri(area)) if area else None

    def _milestone(self, number: int, paragraph: Paragraph, item: Milestone) -> None:
        entity = self.builder.linked.lookup(self.report.stem, number, item.entity)
        if entity is None:
            self.counts.unlinked += 1
            return
        subject = self.builder.iri(entity)
        node = self.builder.milestone(self.report.stem, entity, item)
        add = self.out.add
        self._ground(node, "zp:Milestone", self._passage(paragraph, item.start, item.end), item)
        add((node, term("zp:milestoneOf"), subject))
        add((node, term("zp:stage"), vocab.STAGE_TERMS[item.stage]))
        add((node, term("zp:status"), vocab.STATUS_TERMS[item.status]))
        if item.period:
            add((node, term("zp:period"), self._use_period(item.period)))
        if item.progress is not None:
            add((node, term("zp:progress"), vocab.decimal(item.progress)))
        self.counts.milestones += self._is_new(node)

    def _is_new(self, fact: Term) -> bool:
        new = fact not in self.facts
        self.facts.add(fact)
        return new

    def _relation(self, number: int, paragraph: Paragraph, item: Relation) -> None:
        lookup = self.builder.linked.lookup
        subject = lookup(self.report.stem, number, item.subject)
        other = lookup(self.report.stem, number, item.object)
        if subject is None or other is None or subject.key == other.key:
            self.counts.unlinked += 1
            return
        # A thing bears one kind over all reports: what a sentence calls an honour may be a
        # policy everywhere else, and then the statement is not one the ontology allows.
        if not vocab.allows(item.predicate, subject.kind, other.kind) or (
            item.predicate in ("partOf", "locatedIn") and _holds(subject, other)
        ):
            self.counts.unlinked += 1
            return
        predicate = vocab.PREDICATE_TERMS[item.predicate]
        ends = self.builder.iri(subject), self.builder.iri(other)
        node = self.minter.statement(
            self.report.stem, "relation", paragraph.number,
            ends[0], item.predicate, ends[1], item.start, item.end,
        )  # fmt: skip
        add = self.out.add
        self._ground(node, "rdf:Statement", self._passage(paragraph, item.start, item.end), item)
        add((node, term("rdf:subject"), ends[0]))
        add((node, term("rdf:predicate"), predicate))
        add((node, term("rdf:object"), ends[1]))
        add((ends[0], predicate, ends[1]))
        self.counts.relations += 1


def union(graphs: Iterable[Iterable[Triple]]) -> list[Triple]:
    """All triples of several graphs, sorted and each once."""
    triples: set[Triple] = set()
    for graph in graphs:
        triples.update(graph)
    return sorted(triples)


def _holds(place: Entity, other: Entity) -> bool:
    """Whether a thing lies in a division, so that the division is no part of it."""
    path = (*place.scope, place.label)
    return place.kind == "Place" and other.scope[: len(path)] == path
