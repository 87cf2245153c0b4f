"""An answer and the forms it is shown in."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import unquote

from kg import lexicon
from kg.errors import UsageError
from kg.model import scaled
from kg.rdf.turtle import Writer
from kg.rdf.vocab import BASE, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FORMATS", "Answer"]

FORMATS: Final = ("table", "csv", "tsv", "json", "ttl")
_TRIPLE: Final = ("subject", "predicate", "object")
_AMOUNTS: Final = frozenset({"value", "upper"})
"""Columns of amounts whose unit stands in the column ``unit``."""
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave.

    Attributes:
        kind: ``rows`` of a SELECT, ``truth`` of an ASK, ``triples`` of a CONSTRUCT or
            DESCRIBE.
        content: SPARQL JSON results; of triples N-Triples.
        base: where resources lie; a table shows them without it.
    """

    kind: Literal["rows", "truth", "triples"]
    content: bytes
    base: str = BASE

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns; none for a truth value."""
        if self.kind == "triples":
            return _TRIPLE
        if self.kind == "truth":
            return ()
        return tuple(variable.value for variable in self._results().variables)

    @property
    def truth(self) -> bool:
        """The value of an ASK; otherwise whether there is anything."""
        return bool(self._results()) if self.kind == "truth" else any(True for _ in self.rows())

    def rows(self) -> Iterator[tuple[str | None, ...]]:
        """Plain values row by row, ``None`` where nothing is bound."""
        for row in self._terms():
            yield tuple(None if term is None else str(getattr(term, "value", term)) for term in row)

    def render(self, form: str = "table", *, width: int | None = None) -> str:
        """The answer as text that ends in a line break.

        Args:
            form: one of :data:`FORMATS`; ``ttl`` only for triples.
            width: columns of the terminal, for tables.

        Raises:
            UsageError: the form is not known, or does not fit the kind of answer.
        """
        if form not in FORMATS:
            raise UsageError(f"there is no format {form!r}", choices=FORMATS)
        if form == "table":
            return self._table(width)
        if self.kind == "triples":
            return self._triples(form)
        if form == "ttl":
            raise UsageError(
                "ttl holds triples, and the query gives rows",
                choices=FORMATS[:-1],
                remedy="ask with CONSTRUCT or DESCRIBE",
            )
        from pyoxigraph import QueryResultsFormat

        wanted = getattr(QueryResultsFormat, form.upper())
        content: bytes = self._results().serialize(format=wanted)
        plain = content.decode()
        if form == "csv":  # the standard's line ends are for the wire, not for pipes
            plain = plain.replace("\r\n", "\n")
        return plain if plain.endswith("\n") else plain + "\n"

    def _results(self) -> Any:
        from pyoxigraph import QueryResultsFormat, parse_query_results

        return parse_query_results(self.content, format=QueryResultsFormat.JSON)

    def _terms(self) -> Iterator[tuple[Any, ...]]:
        if self.kind == "triples":
            from pyoxigraph import RdfFormat, parse

            for quad in parse(self.content, format=RdfFormat.N_TRIPLES):
                yield quad.subject, quad.predicate, quad.object
        elif self.kind == "rows":
            results = self._results()
            names = [variable.value for variable in results.variables]
            for solution in results:
                yield tuple(solution[name] for name in names)

    def _triples(self, form: str) -> str:
        from pyoxigraph import RdfFormat, parse, serialize

        if form in ("csv", "tsv"):
            import csv

            table = io.StringIO()
            writer = csv.writer(
                table, lineterminator="\n", delimiter="," if form == "csv" else "\t"
            )
            writer.writerow(_TRIPLE)
            writer.writerows(self.rows())
            return table.getvalue()
        text = self.content.decode()
        prefixes = {key: space for key, space in PREFIXES.items() if f"<{space}" in text}
        if form == "ttl":
            triples = sorted((str(s), str(p), str(o)) for s, p, o in self._terms())
            return "".join(Writer(self.base, prefixes).turtle(triples))
        quads = parse(self.content, format=RdfFormat.N_TRIPLES)
        content = serialize(
            (quad.triple for quad in quads), format=RdfFormat.JSON_LD, prefixes=prefixes
        )
        return (content or b"[]").decode() + "\n"

    def _table(self, width: int | None) -> str:
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table

        if self.kind == "truth":
            return "是\n" if self.truth else "否\n"
        titles = {row["name"]: row["title"] for row in lexicon.rows("query_columns")}
        table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
        columns = self.columns
        for name in columns:
            table.add_column(titles.get(name, name), overflow="fold")
        number = 0
        measured = columns.index("unit") if "unit" in columns else None
        for row in self._terms():
            unit = None if measured is None else str(getattr(row[measured], "value", ""))
            table.add_row(
                *(
                    self._cell(term, unit if name in _AMOUNTS else None)
                    for name, term in zip(columns, row, strict=True)
                )
            )
            number += 1
        stream = io.StringIO()
        console = Console(
            file=stream, width=width or shutil.get_terminal_size((120, 24)).columns,
            color_system=None, highlight=False, markup=False, emoji=False,
        )  # fmt: skip
        console.print(table)
        lines = [line.rstrip() for line in stream.getvalue().splitlines()]
        return "\n".join([*lines, f"{number} 行", ""])

    def _cell(self, term: Any, unit: str | None = None) -> Any:
        """What a table shows of a term; an amount, whose unit is told, in 万 and 亿."""
        from rich.text import Text

        if term is None:
            return Text("")
        value = str(getattr(term, "value", term))
        if hasattr(term, "datatype"):
            if unit is not None and _NUMBER.fullmatch(value):
                return Text(scaled(float(value), unit))
            return Text(" ".join(value.split()))
        if value.startswith(self.base):
            return Text(unquote(value[len(self.base) :]))
        for prefix, namespace in PREFIXES.items():
            if value.startswith(namespace):
                return Text(f"{prefix}:{value[len(namespace) :]}")
        return Text(value)
