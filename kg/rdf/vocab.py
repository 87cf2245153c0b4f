"""The only place where an IRI is written or minted.

Terms travel as strings in N-Triples form (``<https://…>``, ``"北京学校"@zh``): they sort,
hash and pass between processes at no cost, and two of them are equal exactly when the RDF
terms are.  :func:`term` gives the terms of the vocabularies by their prefixed names,
:class:`Minter` gives the IRIs of resources.

Resources get readable IRIs (RFC 3987) with Chinese characters in NFC:
``<base>北京市/通州区/project/北京学校``.  A character is percent-encoded only where it
may not stand in a segment of an IRI.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Final, TypeAlias
from urllib.parse import quote, unquote

from kg.errors import UsageError
from kg.model import KINDS, MEASURES, PREDICATES, STAGES, STATUSES

__all__ = [
    "BASE",
    "BOUND_TERMS",
    "KIND_TERMS",
    "MEASURE_TERMS",
    "ONTOLOGY",
    "PREDICATE_TERMS",
    "PREFIXES",
    "RELATION_ENDS",
    "STAGE_TERMS",
    "STATUS_TERMS",
    "Minter",
    "Term",
    "allows",
    "day",
    "decimal",
    "integer",
    "iri",
    "prologue",
    "segment",
    "term",
    "text",
    "year",
]

Term: TypeAlias = str
"""An RDF term in N-Triples form."""

BASE: Final = "https://w3id.org/zhengpu/id/"
"""Where resources are minted unless another base is named."""

ONTOLOGY: Final = "https://w3id.org/zhengpu/ontology"
"""The ontology; its terms lie under it with ``#``."""

PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "geo": "http://www.opengis.net/ont/geosparql#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "qb": "http://purl.org/linked-data/cube#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "time": "http://www.w3.org/2006/time#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "zp": f"{ONTOLOGY}#",
    }
)
"""The prefixes used in everything that is written, and known to every query."""


@cache
def term(name: str) -> Term:
    """The term of a prefixed name, e.g. ``zp:Project``.

    Raises:
        UsageError: the prefix is not one of :data:`PREFIXES`.
    """
    prefix, colon, local = name.partition(":")
    if not colon or prefix not in PREFIXES:
        raise UsageError(f"no prefix {prefix!r} in {name!r}", choices=PREFIXES)
    return f"<{PREFIXES[prefix]}{local}>"


def _terms(names: Mapping[str, str]) -> Mapping[str, Term]:
    return MappingProxyType({key: term(f"zp:{name}") for key, name in names.items()})


def _camel(names: Iterable[str]) -> dict[str, str]:
    return {name: "".join(part.capitalize() for part in name.split("-")) for name in names}


KIND_TERMS: Final = _terms({name: name for name in KINDS})
MEASURE_TERMS: Final = _terms(_camel(MEASURES))
STATUS_TERMS: Final = _terms(_camel(STATUSES))
BOUND_TERMS: Final = _terms(
    {"exact": "Exact", "min": "AtLeast", "max": "AtMost", "approx": "Approximate"}
)
STAGE_TERMS: Final = _terms(_camel(STAGES))
PREDICATE_TERMS: Final = _terms({name: name for name in PREDICATES})

RELATION_ENDS: Final[Mapping[str, tuple[str, str]]] = {
    "settledIn": ("Institution", ""),
    "subsidiaryOf": ("Institution", "Institution"),
    "connects": ("Project", ""),
    "awarded": ("", "Honour"),
}
"""Kinds a relation asks of its subject and object, as in the shapes; empty for any kind."""


def allows(predicate: str, subject: str, other: str) -> bool:
    """Whether a relation may hold between a thing of kind *subject* and one of kind *other*."""
    first, second = RELATION_ENDS.get(predicate, ("", ""))
    return first in ("", subject) and second in ("", other)


def prologue(names: Iterable[str] = PREFIXES) -> str:
    """``PREFIX`` lines for SPARQL."""
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in sorted(names))


# --- literals ---------------------------------------------------------------------------

_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def text(value: str, language: str = "") -> Term:
    """A string, or with ``language`` a string in that language.

    Lone surrogates, which no file can hold, become U+FFFD.
    """
    quoted = f'"{_SURROGATE.sub(chr(0xFFFD), value).translate(_ESCAPES)}"'
    return f"{quoted}@{language}" if language else quoted


@cache
def decimal(value: float) -> Term:
    """An ``xsd:decimal`` in canonical form: no exponent, no idle zeros."""
    plain = format(Decimal(repr(value)), "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    if plain == "-0":
        plain = "0"
    return _typed(plain, "decimal")


@cache
def integer(value: int) -> Term:
    """An ``xsd:integer``."""
    return _typed(str(value), "integer")


def day(value: date) -> Term:
    """An ``xsd:date``."""
    return _typed(value.isoformat(), "date")


def year(value: int) -> Term:
    """An ``xsd:gYear``."""
    return _typed(f"{value:04d}", "gYear")


def _typed(value: str, datatype: str) -> Term:
    return f'"{value}"^^<{PREFIXES["xsd"]}{datatype}>'


# --- IRIs -------------------------------------------------------------------------------

_NOT_IN_SEGMENT: Final = re.compile(
    "[^A-Za-z0-9._~!$&'()*+,;=:@\\-"
    "\u00a0-\u167f\u1681-\u1fff\u200b-\u200d\u2010-\u2027\u202f-\u205e\u2060-\u2fff\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    "\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd]"
)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]+")


@cache
def segment(value: str) -> str:
    """A name as one segment of an IRI: NFC, and ``/ ? # % [ ]`` and spaces encoded.

    >>> segment("微克/立方米"), segment("“十四五”规划"), segment("17 号线")
    ('微克%2F立方米', '“十四五”规划', '17%20号线')
    """
    normal = _SURROGATE.sub(chr(0xFFFD), unicodedata.normalize("NFC", value))
    encoded = _NOT_IN_SEGMENT.sub(_percent, normal)
    return encoded.replace(".", "%2E") if encoded in (".", "..") else encoded


def _percent(match: re.Match[str]) -> str:
    return quote(match.group(), safe="")


def iri(value: str) -> Term:
    """An absolute IRI as a term.

    Raises:
        UsageError: it is not absolute, or holds a character no IRI may hold.
    """
    if not _ABSOLUTE.fullmatch(value):
        raise UsageError(f"{value!r} is not an absolute IRI", remedy=f"give one such as {BASE}")
    return f"<{value}>"


@dataclass(frozen=True)
class Minter:
    """Gives resources their IRIs under one base.

    The same thing gets the same IRI from build to build: names and offsets make it, or a
    digest of all that a statement says, never a counter.

    Raises:
        UsageError: the base is not an absolute IRI that ends in ``/``, ``#`` or ``:``.
    """

    base: str = BASE

    def __post_init__(self) -> None:
        """Refuse a base that cannot carry names."""
        iri(self.base)
        if self.base[-1] not in "/#:":
            raise UsageError(
                f"the base {self.base!r} ends in {self.base[-1]!r}",
                remedy="let it end in '/' or '#'",
            )

    def _mint(self, *segments: str) -> Term:
        return f"<{self.base}{'/'.join(map(segment, segments))}>"

    def entity(self, kind: str, name: str, scope: Iterable[str] = ()) -> Term:
        """A thing: ``北京市/通州区/project/北京学校``; without scope ``policy/六稳``."""
        return self._mint(*scope, kind.lower(), name)

    def report(self, stem: str) -> Term:
        """A report, which is also the name of its graph: ``report/tongzhou-2021``."""
        return self._mint("report", stem)

    def source(self, stem: str) -> Term:
        """The text of a report, to which offsets refer."""
        return self._mint("report", stem, "text")

    def passage(self, stem: str, start: int, end: int) -> Term:
        """A quoted place: ``report/tongzhou-2021/passage/120-168``."""
        return self._mint("report", stem, "passage", f"{start}-{end}")

    def statement(self, stem: str, layer: str, paragraph: int, *content: object) -> Term:
        """What one paragraph states: ``report/…/relation/12-5f0c91ab22``."""
        return self._mint("report", stem, layer, f"{paragraph}-{digest(*content)}")

    def fact(self, stem: str, layer: str, *content: object) -> Term:
        """What a report states, in one place or in several: ``report/…/milestone/5f0c91ab22``."""
        return self._mint("report", stem, layer, digest(*content))

    def known(self, *content: object) -> Term:
        """A statement that rests on a table and not on a report."""
        return self._mint("statement", digest(*content))

    def merge(self, *content: object) -> Term:
        """The grounds on which two names are one thing."""
        return self._mint("merge", digest(*content))

    def scheme(self) -> Term:
        """The scheme of all indicators."""
        return self._mint("indicator")

    def headline(self) -> Term:
        """The collection of headline indicators."""
        return self._mint("indicators", "主要指标")

    def dataset(self) -> Term:
        """The data set of all observations."""
        return self._mint("observations")

    def indicator(self, name: str) -> Term:
        """An indicator: ``indicator/地区生产总值``."""
        return self._mint("indicator", "".join(name.split()))

    def unit(self, name: str) -> Term:
        """A unit: ``unit/平方米``; ``unit/1`` for a number that has none."""
        return self._mint("unit", name)

    def period(self, notation: str) -> Term:
        """An interval: ``period/2020-H1``, ``period/2016/2020``."""
        return self._mint("period", *notation.split("/"))

    def table(self, name: str) -> Term:
        """A table of known facts that ships with the package."""
        return self._mint("table", name)

    def readable(self, value: Term) -> str:
        """What stands behind the base, percent-decoded; other IRIs as they are."""
        plain = value.strip("<>")
        return unquote(plain[len(self.base) :]) if plain.startswith(self.base) else plain


def digest(*content: object) -> str:
    """Ten hexadecimal digits that follow from the content alone."""
    joined = "\x1f".join("" if item is None else str(item) for item in content)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:10]
