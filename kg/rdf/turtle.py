"""Sorted triples → Turtle, TriG and N-Quads, byte for byte the same each time.

Subjects stand in the order of their IRIs, the type first, then predicates and objects in
order.  Terms of the vocabularies are written with prefixes, resources relative to
``@base``, everything else in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final, TypeAlias

from kg.rdf.vocab import PREFIXES, Term, term

__all__ = ["Writer", "nquads"]

Triple: TypeAlias = tuple[Term, Term, Term]

_LOCAL: Final = re.compile(r"[A-Za-z_\u3001-\ud7ff][A-Za-z0-9_\-\u3001-\ud7ff]*")
_INTEGER: Final = f"^^<{PREFIXES['xsd']}integer>"
_DECIMAL: Final = f"^^<{PREFIXES['xsd']}decimal>"
_TYPE: Final = term("rdf:type")


class Writer:
    """Writes the Turtle family under one base.

    Args:
        base: resources under it are written relative to it.
        prefixes: prefix → namespace; all of them are declared.
    """

    def __init__(self, base: str, prefixes: Mapping[str, str] = PREFIXES) -> None:
        self._base = base
        self._prefixes = sorted(prefixes.items())
        self._memo: dict[Term, str] = {}

    def turtle(self, triples: Iterable[Triple]) -> Iterator[str]:
        """A Turtle file, piece by piece, of triples that are sorted and unique."""
        yield self.head()
        yield from self.blocks(triples)

    def trig(
        self, shared: Iterable[Triple], graphs: Iterable[tuple[Term, Iterable[Triple]]]
    ) -> Iterator[str]:
        """A TriG file: the default graph, then the named ones in the order they come."""
        yield self.head()
        yield from self.blocks(shared)
        for name, triples in graphs:
            yield from self.graph(name, triples)

    def graph(self, name: Term, triples: Iterable[Triple]) -> Iterator[str]:
        """A named graph of a TriG file, of triples that are sorted and unique."""
        yield f"\n{self._term(name)} {{\n"
        yield from self.blocks(triples, "  ")
        yield "}\n"

    def head(self) -> str:
        """The lines that declare base and prefixes."""
        lines = [f"@base <{self._base}> .\n"]
        lines += [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in self._prefixes]
        return "".join(lines)

    def blocks(self, triples: Iterable[Triple], indent: str = "") -> Iterator[str]:
        """One piece a subject, of triples that are sorted and unique."""
        inner, deeper = f" ;\n{indent}    ", f"\n{indent}        "
        for subject, group in groupby(triples, key=_subject):
            by_predicate: dict[Term, list[str]] = {}
            for _, predicate, other in group:
                by_predicate.setdefault(predicate, []).append(self._term(other))
            kinds = by_predicate.pop(_TYPE, None)
            parts = [f"a {', '.join(kinds)}"] if kinds else []
            for predicate, objects in by_predicate.items():
                first = deeper if len(objects) > 1 else " "
                parts.append(f"{self._iri(predicate)}{first}{f' ,{deeper}'.join(objects)}")
            yield f"\n{indent}{self._term(subject)} {inner.join(parts)} .\n"

    def _term(self, value: Term) -> str:
        if value[0] == "<":
            return self._iri(value)
        if value.endswith(_INTEGER):
            return value[1 : -len(_INTEGER) - 1]
        if value.endswith(_DECIMAL):
            plain = value[1 : -len(_DECIMAL) - 1]
            return plain if "." in plain else f'"{plain}"^^xsd:decimal'
        if value[-1] == ">":
            quoted, _, datatype = value.rpartition('"^^<')
            return f'{quoted}"^^{self._iri("<" + datatype)}'
        return value

    def _iri(self, value: Term) -> str:
        plain = value[1:-1]
        if plain.startswith(self._base):
            rest = plain[len(self._base) :]
            # a first segment with a colon would read as a scheme, an empty one as the base
            if rest and rest[0] not in "/?#" and ":" not in rest.partition("/")[0]:
                return f"<{rest}>"
            return value
        known = self._memo.get(value)
        if known is None:
            known = self._memo[value] = self._short(plain)
        return known

    def _short(self, plain: str) -> str:
        for prefix, namespace in self._prefixes:
            if plain.startswith(namespace) and _LOCAL.fullmatch(plain[len(namespace) :]):
                return f"{prefix}:{plain[len(namespace) :]}"
        return f"<{plain}>"


def nquads(triples: Iterable[Triple], graph: Term = "") -> Iterator[str]:
    """N-Quads lines; N-Triples if no graph is named."""
    tail = f" {graph} .\n" if graph else " .\n"
    for triple in triples:
        yield " ".join(triple) + tail


def _subject(triple: Triple) -> Term:
    return triple[0]
