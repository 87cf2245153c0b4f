"""Terms between their N-Triples form and the triple store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from kg.rdf import vocab
from kg.rdf.describing import Triple
from kg.rdf.turtle import nquads
from kg.rdf.vocab import PREFIXES, Term

if TYPE_CHECKING:
    from pyoxigraph import Quad

__all__ = ["from_quad", "quads"]

_STRING: Final = PREFIXES["xsd"] + "string"


def quads(triples: Iterable[Triple], graph: Term = "") -> list[Quad]:
    """Triples as the store takes them, in a named graph or in the default one."""
    from pyoxigraph import RdfFormat, parse

    lines = "".join(nquads(triples, graph))
    return list(parse(lines, format=RdfFormat.N_QUADS))


def from_quad(quad: Quad) -> Triple:
    """A triple of the store as the program writes it."""
    return _term(quad.subject), _term(quad.predicate), _term(quad.object)


def _term(value: object) -> Term:
    from pyoxigraph import Literal, NamedNode

    if isinstance(value, NamedNode):
        return f"<{value.value}>"
    if not isinstance(value, Literal):
        raise TypeError(f"a graph of this program holds no {type(value).__name__}")
    if value.language:
        return vocab.text(value.value, value.language)
    if value.datatype.value == _STRING:
        return vocab.text(value.value)
    return f'"{value.value}"^^<{value.datatype.value}>'
