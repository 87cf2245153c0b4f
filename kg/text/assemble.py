"""Text or records → whole reports: the steps of reading in their order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from kg.errors import FormatError, UnreadableInput
from kg.model import Paragraph, Report
from kg.text.lines import Draft, split
from kg.text.metadata import Metadata, describe, reviewed_year, title_page
from kg.text.parts import assign
from kg.text.repair import mend
from kg.text.structure import Heading, outline

__all__ = ["from_string", "read_paragraphs"]

_ID: Final = re.compile(r"(?P<stem>.+)#(?P<number>\d{1,9})")
_UNFIT: Final = re.compile(r"[/\\\x00-\x1f\x7f]|^\.{0,2}$")


def from_string(text: str, stem: str, suffix: str = ".txt") -> Report:
    """Read a report from its text.

    Args:
        text: the decoded content of a file; a byte order mark is dropped.
        stem: what paragraph ids begin with.
        suffix: form of the text: ``.txt``, ``.md``, or ``.jsonl`` with one report in it.

    Raises:
        UnreadableInput: there is no text in it.
        FormatError: a broken line of ``.jsonl``, or more than one report in it.
    """
    text = text.removeprefix("\ufeff")
    if suffix == ".jsonl":
        from kg.text.files import parse_jsonl

        reports = read_paragraphs(parse_jsonl(text, stem), stem=stem, name=stem)
        if len(reports) != 1:
            raise FormatError(f"{stem} holds {len(reports)} reports where one is expected")
        return reports[0]
    drafts = split(text)
    if not drafts:
        raise UnreadableInput(f"{stem} is empty", remedy="give a text with a report in it")
    return _assemble(stem, text, drafts, [f"{stem}#{draft.number}" for draft in drafts])


def read_paragraphs(
    records: Iterable[Mapping[str, Any]], *, stem: str = "report", name: str = "input"
) -> list[Report]:
    """Read reports from records ``{"id", "text"}``, one a paragraph; other keys are ignored.

    Ids are kept as they are.  Records whose ids begin with the same ``<stem>#`` make one
    report, in the order of their numbers; ids of another form belong to ``stem`` in the
    order given.  The source of such a report is its paragraphs, one a line.

    Args:
        records: the paragraphs, of one or several reports.
        stem: the report of ids without one.
        name: what messages call the input.

    Raises:
        UnreadableInput: there are no records.
        FormatError: a record lacks ``id`` or ``text``, or an id comes twice.
    """
    groups: dict[str, list[tuple[int, str, str]]] = {}
    seen: set[str] = set()
    for place, record in enumerate(records, 1):
        id_, text = _fields(record, place, name)
        if id_ in seen:
            raise FormatError(f"{name}: paragraph id {id_!r} comes twice", remedy="number anew")
        seen.add(id_)
        match = _ID.fullmatch(id_)
        group = groups.setdefault(match["stem"] if match else stem, [])
        group.append((int(match["number"]) if match else len(group) + 1, id_, text))
    if not groups:
        raise UnreadableInput(f"{name} is empty", remedy='give one object {"id", "text"} a line')
    return [_from_rows(key, sorted(rows, key=lambda row: row[0])) for key, rows in groups.items()]


def _fields(record: Mapping[str, Any], place: int, name: str) -> tuple[str, str]:
    values = []
    for key in ("id", "text"):
        value = record.get(key)
        if not isinstance(value, str):
            problem = "lacks" if value is None else "misuses"
            raise FormatError(
                f"{name}, record {place} {problem} {key!r}",
                remedy='give one object {"id", "text"} a line, both strings',
            )
        values.append(value)
    id_, text = values
    match = _ID.fullmatch(id_)
    if not id_ or _UNFIT.search(match["stem"] if match else id_):
        raise FormatError(
            f"{name}, record {place}: {id_!r} cannot be an id",
            remedy="write <file stem>#<number>",
        )
    return id_, text


def _from_rows(stem: str, rows: Sequence[tuple[int, str, str]]) -> Report:
    drafts = []
    given = []
    place = 0
    source = "".join(text + "\n" for _, _, text in rows)
    for number, _, text in rows:
        mended, segments = mend(source, [(place, place + len(text))])
        drafts.append(Draft(number, mended, segments))
        given.append((place, place + len(text)))
        place += len(text) + 1
    report = _assemble(stem, source, drafts, [id_ for _, id_, _ in rows])
    paragraphs = tuple(
        replace(paragraph, given=bounds)
        for paragraph, bounds in zip(report.paragraphs, given, strict=True)
    )
    return replace(report, paragraphs=paragraphs)


def _assemble(stem: str, source: str, drafts: Sequence[Draft], ids: Sequence[str]) -> Report:
    head = title_page(drafts)
    headings: list[Heading] = outline(drafts, head)
    about: Metadata = describe(stem, source, drafts, headings, head)
    parts = assign(drafts, headings, about, head)
    paragraphs = tuple(
        Paragraph(
            id=id_,
            number=draft.number,
            text=draft.text,
            part=part,
            headings=heading.above,
            heading_level=heading.level,
            segments=draft.segments,
        )
        for id_, draft, heading, part in zip(ids, drafts, headings, parts, strict=True)
    )
    return Report(
        stem=stem,
        source=source,
        paragraphs=paragraphs,
        title=about.title,
        place=about.place,
        place_chain=about.place_chain,
        issuer=about.issuer,
        session=about.session,
        delivered=about.delivered,
        review_year=reviewed_year(about.plan_year, drafts, headings, parts),
        plan_year=about.plan_year,
    )
