"""The word tables: small TSV files that are read once, when first asked for.

A table has a header line; columns are separated by tabs; lines that start with ``#``
say where the words come from.
"""

from __future__ import annotations

from functools import cache

from kg import resources

__all__ = ["rows", "words"]


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of ``tables/<table>.tsv`` as dictionaries by column.

    Raises:
        FileNotFoundError: no such table.
    """
    lines = [
        line
        for line in resources.read(f"tables/{table}.tsv").splitlines()
        if line and not line.startswith("#")
    ]
    header = lines[0].split("\t")
    return tuple(
        dict(zip(header, line.split("\t") + [""] * len(header), strict=False)) for line in lines[1:]
    )


@cache
def words(table: str, column: str | None = None) -> tuple[str, ...]:
    """One column of a table, in the table's order; the first if none is named."""
    records = rows(table)
    if not records:
        return ()
    key = column or next(iter(records[0]))
    return tuple(record[key] for record in records)
