"""Checks of a graph: its shapes, and hygiene queries in which a row is a violation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg import resources
from kg.rdf import shapes
from kg.rdf.opened import open_store
from kg.rdf.vocab import PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["Check", "Violation", "checks", "findings", "validate"]

_HEAD: Final = re.compile(r"# (title|about|severity): (.*)")


@dataclass(frozen=True, slots=True)
class Check:
    """A query of ``ontology/checks``.

    Attributes:
        name: the file's stem.
        title: in Chinese.
        about: what must hold, in Chinese.
        severity: ``violation``, or ``finding`` for what reports contradict themselves in.
        query: gives ``?focus``, ``?message`` and where there is one ``?value``.
    """

    name: str
    title: str
    about: str
    severity: str
    query: str


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """Something in the graph that should not be.

    Attributes:
        check: name of the check, or ``<shape> <component>``.
        focus: IRI of the resource it is about.
        message: what is wrong, in Chinese.
        value: the value it is about, or empty.
        quotes: the passages that contradict each other, if it is about what they say.
    """

    check: str
    focus: str
    message: str
    value: str = ""
    quotes: tuple[str, ...] = ()

    def __str__(self) -> str:
        value = f" [{' '.join(self.value.split())}]" if self.value else ""
        quotes = "".join(f"｜{' '.join(quote.split())}" for quote in self.quotes)
        return f"{self.check}\t{self.focus}\t{self.message}{value}{quotes}"


@cache
def checks(severity: str | None = None) -> tuple[Check, ...]:
    """The shipped checks, or those of one severity, by name."""
    found = []
    for path in sorted(resources.path("ontology/checks").glob("*.rq")):
        query = path.read_text(encoding="utf-8")
        lines = filter(None, map(_HEAD.fullmatch, query.splitlines()))
        head = {match[1]: match[2] for match in lines}
        found.append(Check(path.stem, head["title"], head["about"], head["severity"], query))
    return tuple(check for check in found if severity in (None, check.severity))


def validate(graph: Path | Store) -> list[Violation]:
    """All violations of shapes and hygiene queries, sorted; none if the graph conforms.

    Args:
        graph: a folder that a build wrote, a graph file, or an open store.

    Raises:
        MissingInput: there is no such graph.
        FormatError: it does not parse.
    """
    store = _open(graph)
    found = set()
    for constraint in shapes.constraints():
        name = f"{constraint.shape.rpartition('#')[2]} {constraint.component}"
        for row in _rows(store, constraint.query):
            found.add(Violation(name, row["focus"], constraint.message, row.get("value", "")))
    for check in checks("violation"):
        found.update(_run(store, check))
    return sorted(found)


def findings(graph: Path | Store) -> list[Violation]:
    """Where reports contradict each other or fall silent; shown, never repaired.

    Raises:
        MissingInput: there is no such graph.
        FormatError: it does not parse.
    """
    store = _open(graph)
    return sorted({row for check in checks("finding") for row in _run(store, check)})


def _run(store: Store, check: Check) -> Iterator[Violation]:
    for row in _rows(store, check.query):
        quotes = tuple(row[name] for name in ("quote", "later_quote") if name in row)
        yield Violation(check.name, row["focus"], row["message"], row.get("value", ""), quotes)


def _rows(store: Store, query: str) -> Iterator[dict[str, str]]:
    solutions: Any = store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {
            name: str(getattr(solution[name], "value", solution[name]))
            for name in names
            if solution[name] is not None
        }


def _open(graph: Path | Store) -> Store:
    from pyoxigraph import Store

    return graph if isinstance(graph, Store) else open_store(graph)
