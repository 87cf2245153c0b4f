"""The word tables are sorted, unique and whole; the failure says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import lexicon

TABLES = sorted((Path(lexicon.__file__).parent / "tables").glob("*.tsv"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_table_is_in_order(path: Path) -> None:
    lines = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    columns = lines[0].count("\t")
    for line in lines[1:]:
        assert line.count("\t") == columns, f"{path.name}: {line!r} has not {columns + 1} columns"
    assert len(set(lines)) == len(lines), f"{path.name} has a row twice; remove one"
    assert lines[1:] == sorted(lines[1:]), (
        f"{path.name} is not sorted; run LC_ALL=C sort on its rows"
    )


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_table_says_where_it_comes_from(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("#"), f"{path.name} names no origin"
