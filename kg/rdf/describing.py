"""What reports share → triples of the default graph, piece by piece.

Each piece follows from one thing, indicator, unit or period, so a new report asks only for
the pieces it touches.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final, TypeAlias

from kg import lexicon
from kg.entities import Entity
from kg.rdf import ontology, vocab
from kg.rdf.divisions import outer_key, rule_of
from kg.rdf.intervals import interval
from kg.rdf.vocab import Minter, Term, term

__all__ = ["NO_UNIT", "Describer", "Triple", "Used"]

Triple: TypeAlias = tuple[Term, Term, Term]
"""Subject, predicate and object in N-Triples form."""

Used: TypeAlias = tuple[str, str, str]
"""What a report shares with others: ``indicator``, ``unit`` or ``period``, its name, and for
an indicator how the report writes it."""

NO_UNIT: Final = "1"


class Describer:
    """Describes what reports share.

    Args:
        minter: gives the IRIs.
        iri: key → IRI of a thing, ``None`` if there is no such thing.
        passages: key of a place → the passages on which it rests that it lies in another.
    """

    def __init__(
        self,
        minter: Minter,
        iri: Callable[[str], Term | None],
        passages: Callable[[str], list[Term]],
    ) -> None:
        self.minter = minter
        self._iri = iri
        self._passages = passages

    def thing(self, entity: Entity) -> Iterator[Triple]:
        """The description of a thing: types, names, code, place, grounds of its merges."""
        node = self.minter.entity(entity.kind, entity.label, entity.scope)
        yield node, term("rdf:type"), vocab.KIND_TERMS[entity.kind]
        yield node, term("rdf:type"), term("zp:Entity")
        yield node, term("skos:prefLabel"), vocab.text(entity.label, "zh")
        for alias in entity.aliases:
            yield node, term("skos:altLabel"), vocab.text(alias, "zh")
        if entity.code:
            yield node, term("zp:code"), vocab.text(entity.code)
        for code in entity.former_codes:
            yield node, term("zp:formerCode"), vocab.text(code)
        around = self._iri(outer) if (outer := outer_key(entity)) else None
        if around and entity.part_of:
            yield from self._lies_in(entity, node, around)
        elif around:
            yield node, term("zp:jurisdiction"), around
        for merge in entity.merges:
            grounds = self.minter.merge(entity.key, merge.left, merge.right, merge.rule)
            yield grounds, term("rdf:type"), term("zp:Merge")
            yield grounds, term("zp:mergeOf"), node
            yield grounds, term("zp:leftName"), vocab.text(merge.left, "zh")
            yield grounds, term("zp:rightName"), vocab.text(merge.right, "zh")
            yield grounds, term("zp:rule"), vocab.text(merge.rule)
            yield grounds, term("zp:score"), vocab.decimal(round(merge.score, 4))
            yield grounds, term("rdfs:comment"), vocab.text(merge.evidence)

    def _lies_in(self, entity: Entity, node: Term, whole: Term) -> Iterator[Triple]:
        """That a place is part of another: a relation as all are, by the name in the reports."""
        passages = self._passages(entity.key)
        if not passages:
            return
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

    def used(self, sort: str, name: str, written: Collection[str]) -> Iterator[Triple]:
        """The description of an indicator, unit or period.

        Args:
            sort: which of them.
            name: its name.
            written: how reports write it.
        """
        if sort == "indicator":
            yield from self._indicator(name, written)
        elif sort == "unit":
            yield from self._unit(name)
        else:
            yield from self._period(name)

    def frame(self, sorts: Collection[str]) -> Iterable[Triple]:
        """What stands once, whatever the reports say, if they use anything of these sorts."""
        yield from ontology.codes()
        if "indicator" not in sorts:
            return
        scheme = self.minter.scheme()
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

    def _indicator(self, name: str, written: Collection[str]) -> Iterator[Triple]:
        node = self.minter.indicator(name)
        if not {name, *written}.isdisjoint(lexicon.words("headline_indicators")):
            yield self.minter.headline(), term("skos:member"), node
        yield node, term("rdf:type"), term("zp:Indicator")
        yield node, term("skos:inScheme"), self.minter.scheme()
        yield node, term("skos:prefLabel"), vocab.text(name, "zh")
        for other in set(written) - {name}:
            yield node, term("skos:altLabel"), vocab.text(other, "zh")

    def _unit(self, name: str) -> Iterator[Triple]:
        node = self.minter.unit(name)
        yield node, term("rdf:type"), term("zp:Unit")
        yield node, term("skos:notation"), vocab.text(name)
        if name == NO_UNIT:
            yield node, term("rdfs:label"), vocab.text("无单位", "zh")
            yield node, term("rdfs:label"), vocab.text("no unit", "en")

    def _period(self, notation: str) -> Iterator[Triple]:
        node = self.minter.period(notation)
        yield node, term("rdf:type"), term("zp:Period")
        yield node, term("skos:notation"), vocab.text(notation)
        days = interval(notation)
        if days:
            yield node, term("zp:start"), vocab.day(days[0])
            yield node, term("zp:end"), vocab.day(days[1])
