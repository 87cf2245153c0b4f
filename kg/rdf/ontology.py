"""The shipped ontology, as triples."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from kg import resources
from kg.rdf.vocab import KIND_TERMS, PREDICATE_TERMS, Term, term

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["codes", "store"]

_LISTS: Final = ("zp:Stage", "zp:Measure", "zp:Status", "zp:Bound", "zp:Verdict")
_KEPT: Final = (term("rdf:type"), term("rdfs:label"), term("zp:order"))


@cache
def store() -> Store:
    """``zhengpu.ttl`` in memory."""
    from pyoxigraph import RdfFormat, Store

    ontology = Store()
    ontology.bulk_load(
        input=resources.read("ontology/zhengpu.ttl").encode(), format=RdfFormat.TURTLE
    )
    return ontology


@cache
def codes() -> tuple[tuple[Term, Term, Term], ...]:
    """What a graph repeats of the ontology, so that it can be read on its own.

    Type, labels and order of the code lists, and the labels of kinds and relations.
    """
    triples = [
        (str(quad.subject), str(quad.predicate), str(quad.object))
        for quad in store().quads_for_pattern(None, None, None)
    ]
    lists = {term(name) for name in _LISTS}
    members = {s for s, p, o in triples if p == term("rdf:type") and o in lists}
    named = {*KIND_TERMS.values(), *PREDICATE_TERMS.values()}
    return tuple(
        sorted(
            (s, p, o)
            for s, p, o in triples
            if (s in members and p in _KEPT and o != term("owl:NamedIndividual"))
            or (s in named and p == term("rdfs:label"))
        )
    )
