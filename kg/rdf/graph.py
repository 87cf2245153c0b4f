"""What was found in reports, and the things it is about → triples.

Each report has a named graph that bears the report's IRI and holds what the report says:
the report itself, its passages, ``zp:mentionedIn``, observations, milestones, relations.
What reports share stands once, in the default graph: the description of each thing
(type, names, place, code, grounds of its merges), indicators, units and periods.
``graph.ttl`` is the union of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from kg import lexicon
from kg.entities import Entity, Linked
from kg.model import Annotation, Extraction, Milestone, Observation, Paragraph, Relation
from kg.rdf import ontology, vocab
from kg.rdf.divisions import Witnesses, rule_of
from kg.rdf.intervals import interval
from kg.rdf.sentences import sentences
from kg.rdf.vocab import Minter, Term, term

__all__ = ["Counts", "GraphBuilder", "Triple"]

Triple: TypeAlias = tuple[Term, Term, Term]
"""Subject, predicate and object in N-Triples form."""

_NO_UNIT: Final = "1"
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


@dataclass
class _Used:
    """What the reports seen so far share."""

    indicators: dict[str, set[str]] = field(default_factory=dict)
    units: set[str] = field(default_factory=set)
    periods: set[str] = field(default_factory=set)


class GraphBuilder:
    """Makes the graphs of one build.

    Args:
        linked: the things of all reports together.
        minter: gives the IRIs.
    """

    def __init__(self, linked: Linked, minter: Minter | None = None) -> None:
        self.linked = linked
        self.minter = minter or Minter()
        self.witnesses = Witnesses(linked)
        self._used = _Used()
        self._iris = {entity.key: self._entity_iri(entity) for entity in linked}

    def iri(self, entity: Entity) -> Term:
        """The IRI of a thing."""
        return self._iris[entity.key]

    def observation(self, stem: str, item: Observation) -> Term:
        """The IRI of an observation: the same wherever the report says the same."""
        area = None if not item.area or _OWN_AREA.fullmatch(item.area) else item.area
        return self.minter.fact(
            stem, "observation",
            self._indicator(item.indicator), item.value, item.value_max, item.unit, item.measure,
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

    def report(self, extraction: Extraction, counts: Counts | None = None) -> list[Triple]:
        """The triples of one report's graph, sorted and each once."""
        return sorted(_ReportGraph(self, extraction, counts or Counts()).triples())

    def shared(self) -> list[Triple]:
        """The triples of the default graph, for all reports given to :meth:`report`."""
        triples: set[Triple] = set(ontology.codes())
        for entity in self.linked:
            triples.update(self._describe(entity))
        triples.update(self._indicators())
        for unit in self._used.units:
            node = self.minter.unit(unit)
            triples.add((node, term("rdf:type"), term("zp:Unit")))
            triples.add((node, term("skos:notation"), vocab.text(unit)))
            if unit == _NO_UNIT:
                triples.add((node, term("rdfs:label"), vocab.text("无单位", "zh")))
                triples.add((node, term("rdfs:label"), vocab.text("no unit", "en")))
        for period in self._used.periods:
            triples.update(self._period(period))
        return sorted(triples)

    def _describe(self, entity: Entity) -> Iterator[Triple]:
        node = self.iri(entity)
        yield node, term("rdf:type"), vocab.KIND_TERMS[entity.kind]
        yield node, term("rdf:type"), term("zp:Entity")
        yield node, term("skos:prefLabel"), vocab.text(entity.label, "zh")
        for alias in entity.aliases:
            yield node, term("skos:altLabel"), vocab.text(alias, "zh")
        if entity.code:
            yield node, term("zp:code"), vocab.text(entity.code)
        for code in entity.former_codes:
            yield node, term("zp:formerCode"), vocab.text(code)
        if entity.part_of:
            yield from self._lies_in(entity, self._iris[entity.part_of])
        if entity.scope and entity.kind != "Place":
            home = self._iris.get(
                "|".join(("Place", "/".join(entity.scope[:-1]), entity.scope[-1]))
            )
            if home:
                yield node, term("zp:jurisdiction"), home
        for merge in entity.merges:
            grounds = self.minter.merge(entity.key, merge.left, merge.right, merge.rule)
            yield grounds, term("rdf:type"), term("zp:Merge")
            yield grounds, term("zp:mergeOf"), node
            yield grounds, term("zp:leftName"), vocab.text(merge.left, "zh")
            yield grounds, term("zp:rightName"), vocab.text(merge.right, "zh")
            yield grounds, term("zp:rule"), vocab.text(merge.rule)
            yield grounds, term("zp:score"), vocab.decimal(round(merge.score, 4))
            yield grounds, term("rdfs:comment"), vocab.text(merge.evidence)

    def _lies_in(self, entity: Entity, whole: Term) -> Iterator[Triple]:
        """That a place is part of another: a relation as all are, by the name in the reports."""
        passages = self.witnesses.of(entity.key)
        if not passages:
            return
        node = self.iri(entity)
        yield node, term("zp:partOf"), whole
        statement = self.minter.known(node, "partOf", whole)
        yield statement, term("rdf:type"), term("rdf:Statement")
        yield statement, term("rdf:subject"), node
        yield statement, term("rdf:predicate"), term("zp:partOf")
        yield statement, term("rdf:object"), whole
        rule, table = rule_of(entity)
        yield statement, term("zp:rule"), vocab.text(rule)
        if table:
            yield statement, term("dcterms:source"), self.minter.table(table)
        for passage in passages:
            yield statement, term("prov:wasDerivedFrom"), passage

    def _indicators(self) -> Iterator[Triple]:
        scheme = self.minter.scheme()
        if not self._used.indicators:
            return
        yield scheme, term("rdf:type"), term("skos:ConceptScheme")
        yield scheme, term("skos:prefLabel"), vocab.text("指标", "zh")
        yield scheme, term("skos:prefLabel"), vocab.text("Indicators", "en")
        dataset = self.minter.dataset()
        yield dataset, term("rdf:type"), term("qb:DataSet")
        yield dataset, term("qb:structure"), term("zp:ObservationStructure")
        yield dataset, term("rdfs:label"), vocab.text("全部数据", "zh")
        headline = self.minter.headline()
        yield headline, term("rdf:type"), term("skos:Collection")
        yield headline, term("skos:prefLabel"), vocab.text("主要指标", "zh")
        chief = {self.linked.indicator(name) for name in lexicon.words("headline_indicators")}
        for name, written in self._used.indicators.items():
            if name in chief:
                yield headline, term("skos:member"), self.minter.indicator(name)
            node = self.minter.indicator(name)
            yield node, term("rdf:type"), term("zp:Indicator")
            yield node, term("skos:inScheme"), scheme
            yield node, term("skos:prefLabel"), vocab.text(name, "zh")
            for other in written - {name}:
                yield node, term("skos:altLabel"), vocab.text(other, "zh")

    def _period(self, notation: str) -> Iterator[Triple]:
        node = self.minter.period(notation)
        yield node, term("rdf:type"), term("zp:Period")
        yield node, term("skos:notation"), vocab.text(notation)
        days = interval(notation)
        if days:
            yield node, term("zp:start"), vocab.day(days[0])
            yield node, term("zp:end"), vocab.day(days[1])

    def use_indicator(self, written: str) -> Term:
        """The concept of an indicator as written."""
        name = self._indicator(written)
        self._used.indicators.setdefault(name, set()).add("".join(written.split()))
        return self.minter.indicator(name)

    def _indicator(self, written: str) -> str:
        return "".join(self.linked.indicator("".join(written.split())).split())

    def use_unit(self, name: str) -> Term:
        """The node of a unit."""
        self._used.units.add(name)
        return self.minter.unit(name)

    def use_period(self, notation: str) -> Term:
        """The node of a period."""
        self._used.periods.add(notation)
        return self.minter.period(notation)


class _ReportGraph:
    """The graph of one report in the making."""

    def __init__(self, builder: GraphBuilder, extraction: Extraction, counts: Counts) -> None:
        self.builder = builder
        self.minter = builder.minter
        self.extraction = extraction
        self.report = extraction.report
        self.counts = counts
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
        stem, paragraphs = self.report.stem, self.report.paragraphs
        if self.place and paragraphs and not self.builder.witnesses.has(self.place.key, stem):
            passage = self._passage(paragraphs[0], 0, 0)
            self.builder.witnesses.note(self.place.key, stem, passage)

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
            self.builder.witnesses.note(entity.key, self.report.stem, passage)
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
        add((node, term("zp:indicator"), builder.use_indicator(item.indicator)))
        add((node, term("zp:value"), vocab.decimal(item.value)))
        if item.value_max is not None:
            add((node, term("zp:upperValue"), vocab.decimal(item.value_max)))
        if item.unit or item.measure != "rank":
            add((node, term("zp:unit"), builder.use_unit(item.unit or _NO_UNIT)))
        add((node, term("zp:measure"), vocab.MEASURE_TERMS[item.measure]))
        if item.period:
            add((node, term("zp:period"), builder.use_period(item.period)))
        add((node, term("zp:status"), vocab.STATUS_TERMS[item.status]))
        add((node, term("zp:bound"), vocab.BOUND_TERMS[item.bound]))
        if item.scope:
            add((node, term("zp:scope"), vocab.text("".join(item.scope.split()), "zh")))
        if self._is_new(node):
            self.counts.observations += 1
            if area := self._area(number, item.area):
                add((node, *area))

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
            add((node, term("zp:period"), self.builder.use_period(item.period)))
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
        if not vocab.allows(item.predicate, subject.kind, other.kind):
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
