"""The user's own word on what is one thing and what is two: ``links.tsv``.

Columns, tab-separated with a header line: ``left``, ``right``, ``verdict`` (``same`` or
``different``; ``force`` and ``forbid`` are understood too), and, where wanted, ``kind``,
``place`` and ``note``.  Take a line out and the decision is undone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.errors import FormatError, UnreadableInput

__all__ = ["VERDICTS", "Decision", "Links", "read_links"]

VERDICTS: Final = ("same", "different")
_SYNONYMS: Final = {"force": "same", "forbid": "different"}
_REQUIRED: Final = ("left", "right", "verdict")


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the file; an empty ``kind`` or ``place`` fits all."""

    left: str
    right: str
    verdict: str
    kind: str = ""
    place: str = ""
    note: str = ""

    def fits(self, kind: str, scope: tuple[str, ...]) -> bool:
        """Whether it speaks of things of that kind and place."""
        return self.kind in ("", kind) and (not self.place or self.place in scope)


@dataclass(frozen=True, slots=True)
class Links:
    """The user's decisions in the order of the file."""

    decisions: tuple[Decision, ...] = ()

    def of(self, verdict: str) -> Iterable[Decision]:
        """The decisions of that verdict."""
        return (item for item in self.decisions if item.verdict == verdict)


def read_links(path: Path) -> Links:
    """Read a ``links.tsv``.

    Raises:
        UnreadableInput: the file cannot be read as UTF-8 text.
        FormatError: a column is missing, or a line lacks a name or has another verdict.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"cannot read {str(path)!r} ({error})") from error
    rows = [
        (number, line.split("\t"))
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.startswith("#")
    ]
    if not rows:
        return Links()
    header = [column.strip() for column in rows[0][1]]
    missing = [column for column in _REQUIRED if column not in header]
    if missing:
        raise FormatError(
            f"{path.name} lacks the column {missing[0]!r}",
            remedy="begin it with the line left, right, verdict (tab-separated)",
        )
    return Links(tuple(_decision(path.name, number, header, cells) for number, cells in rows[1:]))


def _decision(name: str, number: int, header: list[str], cells: list[str]) -> Decision:
    record = {column: cell.strip() for column, cell in zip(header, cells, strict=False)}
    known = {key: record.get(key, "") for key in (*_REQUIRED, "kind", "place", "note")}
    if not known["left"] or not known["right"]:
        raise FormatError(f"{name}, line {number}: a name is missing")
    known["verdict"] = _SYNONYMS.get(known["verdict"], known["verdict"])
    if known["verdict"] not in VERDICTS:
        raise FormatError(
            f"{name}, line {number}: unknown verdict {known['verdict']!r}", choices=VERDICTS
        )
    return Decision(**known)
