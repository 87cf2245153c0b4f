r"""What a person has decided on names: ``decisions.tsv``.

A plain table that can be kept under version control, tab-separated with a header line::

    report  paragraph  start  end  text  kind  verdict  other  note  date

- ``report`` is a file stem, ``paragraph`` its number; ``start`` and ``end`` are code points
  in the paragraph's text, and ``text`` is what stands between them.
- ``verdict`` is one of

  - ``accept``: the name is right as it is;
  - ``reject``: it is no name;
  - ``retype``: it is one, of kind ``kind`` (``other`` is the kind it had);
  - ``respan``: it is one, from ``start`` to ``end`` (``other`` is ``<start>-<end>`` as it was);
  - ``add``: a name that was missed;
  - ``join``: it is the same thing as the one named ``other``;
  - ``part``: it is another thing than the one named ``other``.

- ``date`` is the day of the decision (ISO 8601).

A tab, line break or backslash inside a cell is written ``\t``, ``\n``, ``\r``, ``\\``.  Of
two decisions on the same name the later line holds.  Take a line out and the decision is
undone; nothing else ever takes one out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

from kg.errors import FormatError, MissingInput, UnreadableInput
from kg.files import write_atomic
from kg.model import KINDS, Annotation, Extraction, Mention

__all__ = [
    "NAME",
    "ON_NAMES",
    "VERDICTS",
    "Decision",
    "apply",
    "holds",
    "joins",
    "named",
    "put",
    "read",
    "write",
]

NAME: Final = "decisions.tsv"
ON_NAMES: Final = ("accept", "reject", "retype", "respan", "add")
"""Verdicts on a name by itself; the others are on a pair of names."""
VERDICTS: Final = (*ON_NAMES, "join", "part")
_ESCAPES: Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPED: Final = {value: key for key, value in _ESCAPES.items()}
_RULE: Final = "decision"


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the table."""

    report: str
    paragraph: int
    start: int
    end: int
    text: str
    kind: str
    verdict: str
    other: str = ""
    note: str = ""
    date: str = ""

    @property
    def key(self) -> tuple[str, int, int, int, str]:
        """What it is about: two decisions with one key cannot both hold.

        Decisions on joining speak of a pair, so they stand beside those on the name.
        """
        pair = self.other if self.verdict in ("join", "part") else ""
        return self.report, self.paragraph, *self.span, pair

    @property
    def span(self) -> tuple[int, int]:
        """The span as the program found it: before a ``respan``."""
        if self.verdict == "respan" and (match := re.fullmatch(r"(\d+)-(\d+)", self.other)):
            return int(match[1]), int(match[2])
        return self.start, self.end


_COLUMNS: Final = tuple(field.name for field in fields(Decision))
_REQUIRED: Final = _COLUMNS[:7]


def read(path: Path) -> tuple[Decision, ...]:
    """Read the table; a file that is not there is an empty one.

    Raises:
        UnreadableInput: the file cannot be read as UTF-8 text.
        FormatError: a column is missing or a cell makes no sense; names the line.
    """
    if not path.exists():
        return ()
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"cannot read {str(path)!r} ({error})") from error
    rows = [
        (number, line.rstrip("\r").split("\t"))
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.startswith("#")
    ]
    if not rows:
        return ()
    header = [cell.strip() for cell in rows[0][1]]
    for column in _REQUIRED:
        if column not in header:
            raise FormatError(
                f"{path.name} lacks the column {column!r}",
                remedy=f"begin it with the line {', '.join(_COLUMNS)} (tab-separated)",
            )
    return tuple(_parse(path.name, number, header, cells) for number, cells in rows[1:])


def _parse(name: str, number: int, header: Sequence[str], cells: Sequence[str]) -> Decision:
    record = {
        column: re.sub(r"\\[\\tnr]", lambda match: _ESCAPED[match[0]], cell)
        for column, cell in zip(header, cells, strict=False)
        if column in _COLUMNS
    }
    where = f"{name}, line {number}"
    for column in _REQUIRED:
        if not record.get(column) and not (column == "kind" and record.get("verdict") == "reject"):
            raise FormatError(f"{where}: {column} is missing")
    numbers = {}
    for column in ("paragraph", "start", "end"):
        if not re.fullmatch(r"\d{1,9}", record[column]):
            raise FormatError(f"{where}: {column} is {record[column]!r} and not a number")
        numbers[column] = int(record[column])
    if record["verdict"] not in VERDICTS:
        raise FormatError(f"{where}: unknown verdict {record['verdict']!r}", choices=VERDICTS)
    if record["kind"] and record["kind"] not in KINDS:
        raise FormatError(f"{where}: unknown kind {record['kind']!r}", choices=KINDS)
    if numbers["start"] >= numbers["end"]:
        raise FormatError(f"{where}: start {numbers['start']} is not before end {numbers['end']}")
    return Decision(**{**record, **numbers})  # type: ignore[arg-type]


def named(path: Path) -> tuple[Decision, ...]:
    """Read a table that the user has named, which then must be there.

    Raises:
        MissingInput: it is not.
        UnreadableInput: as :func:`read`.
        FormatError: as :func:`read`.
    """
    if not path.is_file():
        raise MissingInput(f"there is no {str(path)!r}", remedy="name a table of decisions")
    return read(path)


def write(path: Path, decisions: Iterable[Decision]) -> Path:
    """Write the table, sorted by report, paragraph and place, whole or not at all.

    Raises:
        OutputError: the place cannot be written to.
    """
    ordered = sorted(decisions, key=lambda item: (item.report, item.paragraph, item.start))
    lines = ["\t".join(_COLUMNS)]
    lines += ["\t".join(_cell(getattr(item, column)) for column in _COLUMNS) for item in ordered]
    return write_atomic(path, "\n".join(lines) + "\n")


def _cell(value: str | int) -> str:
    return re.sub(r"[\\\t\n\r]", lambda match: _ESCAPES[match[0]], str(value))


def put(decisions: Iterable[Decision], new: Decision) -> tuple[Decision, ...]:
    """The decisions with a new one, which takes the place of one on the same name."""
    return (*(item for item in decisions if item.key != new.key), new)


def joins(decisions: Iterable[Decision]) -> tuple[tuple[str, str, str, str], ...]:
    """Pairs of names to be one thing or two, as rows of a ``links.tsv``.

    Returns:
        ``(left, right, verdict, kind)`` with the verdict ``same`` or ``different``.
    """
    verdicts = {"join": "same", "part": "different"}
    return tuple(
        (item.text, item.other, verdicts[item.verdict], item.kind)
        for item in decisions
        if item.verdict in verdicts and item.other
    )


def apply(extraction: Extraction, decisions: Iterable[Decision]) -> Extraction:
    """An extraction with the names as a person decided.

    A decision finds its name by place and text; if the text has moved inside its paragraph,
    by text.  Statements about a name that was rejected go with it, statements about one whose
    span was changed follow it.  What finds nothing is counted under
    ``decision.without-effect``.

    Args:
        extraction: as the program found it.
        decisions: of any reports; only those of this report are used.
    """
    own = [item for item in decisions if item.report == extraction.report.stem]
    if not own:
        return extraction
    by_paragraph: dict[int, dict[tuple[str, int, int, int, str], Decision]] = {}
    for item in own:
        by_paragraph.setdefault(item.paragraph, {})[item.key] = item
    counts = dict(extraction.counts)
    annotations = []
    for paragraph, annotation in extraction.pairs():
        for decision in by_paragraph.pop(paragraph.number, {}).values():
            changed = _decide(annotation, decision)
            name = "decision.without-effect" if changed is None else f"decision.{decision.verdict}"
            counts[name] = counts.get(name, 0) + 1
            annotation = changed or annotation
        annotations.append(annotation)
    lost = sum(len(items) for items in by_paragraph.values())
    if lost:
        counts["decision.without-effect"] = counts.get("decision.without-effect", 0) + lost
    return replace(extraction, annotations=tuple(annotations), counts=counts)


def holds(annotation: Annotation, decision: Decision) -> bool | None:
    """Whether names were found as a decision wants them.

    Args:
        annotation: of the paragraph that the decision is on.
        decision: one of :data:`ON_NAMES`.

    Returns:
        ``None`` where the paragraph does not hold the text.
    """
    span = _locate(annotation.text, decision.text, decision.start)
    if span is None:
        return None
    kinds = [item.kind for item in annotation.entities if (item.start, item.end) == span]
    return not kinds if decision.verdict == "reject" else decision.kind in kinds


def _decide(annotation: Annotation, decision: Decision) -> Annotation | None:
    """The annotation after one decision; ``None`` where it finds nothing to decide on."""
    if decision.verdict in ("join", "part"):
        return annotation
    span = _locate(annotation.text, decision.text, decision.start)
    if span is None:
        return None
    if decision.verdict in ("add", "respan", "retype"):
        return _set(annotation, decision, span)
    found = [item for item in annotation.entities if (item.start, item.end) == span]
    if not found:
        return None if decision.verdict == "reject" else _set(annotation, decision, span)
    if decision.verdict == "accept":
        accepted = tuple(
            replace(item, score=1.0) if item in found else item for item in annotation.entities
        )
        return replace(annotation, entities=accepted)
    kept = tuple(item for item in annotation.entities if item not in found)
    return _without(replace(annotation, entities=kept), decision.text)


def _locate(text: str, name: str, start: int) -> tuple[int, int] | None:
    """Where a name stands: at ``start``, else at its nearest occurrence."""
    places = [match.start() for match in re.finditer(re.escape(name), text)] if name else []
    if not places:
        return None
    nearest = min(places, key=lambda place: (abs(place - start), place))
    return nearest, nearest + len(name)


def _set(annotation: Annotation, decision: Decision, span: tuple[int, int]) -> Annotation:
    """Put a name in; whatever overlapped it gives way, and its statements follow."""
    start, end = span
    gone = [
        item
        for item in annotation.entities
        if (item.start < end and start < item.end) or (item.start, item.end) == decision.span
    ]
    before = next((item for item in gone if (item.start, item.end) == span), None)
    name = Mention(
        start=start,
        end=end,
        text=annotation.text[start:end],
        kind=decision.kind,
        canonical=before.canonical if before else None,
        rule=_RULE,
    )
    kept = [item for item in annotation.entities if item not in gone]
    entities = tuple(sorted([*kept, name], key=lambda item: (item.start, item.end)))
    changed = replace(annotation, entities=entities)
    texts = {item.text for item in entities}
    for text in sorted({item.text for item in gone} - texts):
        changed = _renamed(changed, text, name.text)
    return changed


def _renamed(annotation: Annotation, old: str, new: str) -> Annotation:
    return replace(
        annotation,
        milestones=tuple(
            replace(item, entity=new) if item.entity == old else item
            for item in annotation.milestones
        ),
        relations=tuple(
            replace(
                item,
                subject=new if item.subject == old else item.subject,
                object=new if item.object == old else item.object,
            )
            for item in annotation.relations
        ),
    )


def _without(annotation: Annotation, text: str) -> Annotation:
    """Statements about a name go when no mention of it is left in the paragraph."""
    if any(item.text == text for item in annotation.entities):
        return annotation
    return replace(
        annotation,
        milestones=tuple(item for item in annotation.milestones if item.entity != text),
        relations=tuple(
            item for item in annotation.relations if text not in (item.subject, item.object)
        ),
    )
