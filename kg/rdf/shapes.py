"""SHACL Core shapes → SPARQL that finds what breaks them.

Validators that walk a graph node by node take minutes for a million triples.  Each
constraint of ``shapes.ttl`` is one query instead, which the store answers in well under a
second.  Covered are class targets and, on one predicate, the constraint components of
:data:`COMPONENTS`; a shape that uses another is refused, not passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg import resources
from kg.errors import FormatError
from kg.rdf import ontology
from kg.rdf.vocab import PREFIXES, prologue

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["COMPONENTS", "Constraint", "constraints"]

_SH: Final = PREFIXES["sh"]
_IGNORED: Final = frozenset({"path", "message", "property", "targetClass", "name", "severity"})


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint component of one shape.

    Attributes:
        shape: the shape's IRI.
        component: its local name, e.g. ``minCount``.
        message: in Chinese.
        query: gives ``?focus`` and, where there is one, ``?value``, a row a violation.
    """

    shape: str
    component: str
    message: str
    query: str


def constraints(turtle: str | None = None) -> tuple[Constraint, ...]:
    """The constraints of a shapes graph; of the shipped one by default.

    Raises:
        FormatError: a shape uses something that is not covered.
    """
    from pyoxigraph import NamedNode, RdfFormat, Store

    shapes = Store()
    text = resources.read("ontology/shapes.ttl") if turtle is None else turtle
    shapes.load(text.encode(), format=RdfFormat.TURTLE)
    found: list[Constraint] = []
    for quad in shapes.quads_for_pattern(None, NamedNode(_SH + "targetClass"), None):
        node = quad.subject
        target = (
            f"VALUES ?target_class {{ {_with_subclasses(quad.object)} }} ?focus a ?target_class ."
        )
        found += _of_shape(shapes, node, target, None)
        for member in shapes.quads_for_pattern(node, NamedNode(_SH + "property"), None):
            path = _values(shapes, member.object).get("path", [])
            if len(path) != 1 or not isinstance(path[0], NamedNode):
                raise FormatError(f"shape {member.object} has no plain predicate as its path")
            found += _of_shape(shapes, member.object, target, str(path[0]))
    return tuple(sorted(found, key=lambda item: (item.shape, item.component, item.query)))


def _values(shapes: Store, node: Any) -> dict[str, list[Any]]:
    """What a shape says, by local name of the SHACL term."""
    values: dict[str, list[Any]] = {}
    for quad in shapes.quads_for_pattern(node, None, None):
        if quad.predicate.value.startswith(_SH):
            values.setdefault(quad.predicate.value[len(_SH) :], []).append(quad.object)
    return values


def _of_shape(shapes: Store, node: Any, target: str, path: str | None) -> Iterator[Constraint]:
    values = _values(shapes, node)
    message = next((str(m.value) for m in values.get("message", ()) if m.language == "zh"), "")
    for component, arguments in values.items():
        if component in _IGNORED:
            continue
        make = COMPONENTS.get(component)
        if make is None:
            raise FormatError(
                f"shape {node} uses sh:{component}, which is not covered", choices=COMPONENTS
            )
        for argument in arguments:
            body = make(path, _argument(shapes, component, argument))
            yield Constraint(
                shape=str(node.value),
                component=component,
                message=message or f"sh:{component}",
                query=prologue() + body.replace("$target", target),
            )


def _argument(shapes: Store, component: str, argument: Any) -> str:
    if component == "in":
        return ", ".join(_members(shapes, argument))
    if component == "or":
        return " ".join(_datatypes(shapes, argument))
    if component == "class":
        return _with_subclasses(argument)
    return str(argument)


def _datatypes(shapes: Store, head: Any) -> Iterator[str]:
    """The datatypes of an ``sh:or`` of datatypes."""
    for member in _list(shapes, head):
        values = _values(shapes, member)
        if set(values) != {"datatype"}:
            raise FormatError("sh:or is covered for lists of sh:datatype only")
        yield str(values["datatype"][0])


def _members(shapes: Store, head: Any) -> Iterator[str]:
    yield from map(str, _list(shapes, head))


def _list(shapes: Store, head: Any) -> Iterator[Any]:
    from pyoxigraph import NamedNode

    first, rest = (NamedNode(PREFIXES["rdf"] + name) for name in ("first", "rest"))
    while head.value != PREFIXES["rdf"] + "nil":
        yield next(shapes.quads_for_pattern(head, first, None)).object
        head = next(shapes.quads_for_pattern(head, rest, None)).object


def _with_subclasses(cls: Any) -> str:
    query = f"SELECT DISTINCT ?sub WHERE {{ ?sub rdfs:subClassOf* {cls} }}"
    found = {str(cls)}
    solutions: Any = ontology.store().query(prologue() + query)
    found.update(str(row["sub"]) for row in solutions)
    return " ".join(sorted(found))


# --- one function a component -----------------------------------------------------------

_SELECT: Final = "SELECT DISTINCT ?focus ?value WHERE {{ $target {values} FILTER({broken}) }}"


def _each(broken: str) -> Callable[[str | None, str], str]:
    """A test of every value; of the node itself where there is no path."""

    def make(path: str | None, argument: str) -> str:
        values = f"?focus {path} ?value ." if path else "BIND(?focus AS ?value)"
        return _SELECT.format(values=values, broken=broken.replace("$arg", argument))

    return make


def _min_count(path: str | None, argument: str) -> str:
    number = int(argument.split('"')[1])
    if number == 1:
        return (
            f"SELECT DISTINCT ?focus WHERE {{ $target FILTER NOT EXISTS {{ ?focus {path} ?v }} }}"
        )
    return (
        f"SELECT ?focus WHERE {{ $target OPTIONAL {{ ?focus {path} ?v }} }} "
        f"GROUP BY ?focus HAVING(COUNT(DISTINCT ?v) < {number})"
    )


def _max_count(path: str | None, argument: str) -> str:
    number = int(argument.split('"')[1])
    return (
        f"SELECT ?focus (SAMPLE(?v) AS ?value) WHERE {{ $target ?focus {path} ?v }} "
        f"GROUP BY ?focus HAVING(COUNT(DISTINCT ?v) > {number})"
    )


def _datatype(path: str | None, argument: str) -> str:
    return _each(_not_of(argument))(path, argument)


def _any_datatype(path: str | None, argument: str) -> str:
    return _each(" && ".join(f"({_not_of(one)})" for one in argument.split()))(path, argument)


def _not_of(argument: str) -> str:
    broken = f"!isLiteral(?value) || DATATYPE(?value) != {argument}"
    if argument.startswith(f"<{PREFIXES['xsd']}") and not argument.endswith("string>"):
        broken += f" || !COALESCE(isLiteral({argument}(STR(?value))), false)"
    return broken


def _node_kind(path: str | None, argument: str) -> str:
    if argument != f"<{_SH}IRI>":
        raise FormatError(f"sh:nodeKind {argument} is not covered", choices=("sh:IRI",))
    return _each("!isIRI(?value)")(path, argument)


def _other(sign: str) -> Callable[[str | None, str], str]:
    def make(path: str | None, argument: str) -> str:
        values = f"?focus {path} ?value ; {argument} ?other ."
        return _SELECT.format(values=values, broken=f"!COALESCE(?value {sign} ?other, false)")

    return make


COMPONENTS: Final[Mapping[str, Callable[[str | None, str], str]]] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "datatype": _datatype,
    "or": _any_datatype,
    "class": _each("NOT EXISTS { VALUES ?class { $arg } ?value a ?class }"),
    "nodeKind": _node_kind,
    "in": _each("?value NOT IN ($arg)"),
    "pattern": _each("isBlank(?value) || !REGEX(STR(?value), $arg)"),
    "minLength": _each("isBlank(?value) || STRLEN(STR(?value)) < $arg"),
    "minInclusive": _each("!COALESCE(?value >= $arg, false)"),
    "maxInclusive": _each("!COALESCE(?value <= $arg, false)"),
    "lessThan": _other("<"),
    "lessThanOrEquals": _other("<="),
}
"""Constraint component → what makes its query of a path and an argument."""
