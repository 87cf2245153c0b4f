"""What a graph rests on, piece by piece: ``ledger.sqlite`` of a folder.

It holds for each place the groups of names its reports use, for each thing who contributes
to it, and for each report which things it names and what else it shares with others.  So
adding a report asks for the rows that it touches and for nothing else.  Every row follows
from the reports alone; a damaged or missing ledger costs time and nothing else.
"""

from __future__ import annotations

import errno
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import astuple
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, NamedTuple, Self, TypeAlias

from kg.entities import Entity, Merge
from kg.entities.blocks import Block
from kg.entities.divisions import gazetteer
from kg.entities.drafts import Draft, absorb, entity
from kg.entities.groups import Item
from kg.entities.meeting import Group, Slot, signatures, thing
from kg.entities.model import Where
from kg.entities.owners import Home, owner
from kg.rdf.divisions import outer_key, passages_for
from kg.rdf.graph import Counts, Note
from kg.rdf.vocab import Term

__all__ = ["Ledger", "Path_", "ReportRow", "Slot", "ThingRow", "binding", "marks"]

Path_: TypeAlias = tuple[str, ...]
"""A place by the names of the divisions above it and its own."""

_SCHEMA: Final = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE home (path TEXT PRIMARY KEY, division TEXT) WITHOUT ROWID;
CREATE TABLE report (stem TEXT PRIMARY KEY, home TEXT, bound TEXT, follows TEXT, counts TEXT,
  first INTEGER, last INTEGER) WITHOUT ROWID;
CREATE INDEX report_home ON report (home);
CREATE TABLE share (key TEXT, home TEXT, draft TEXT, PRIMARY KEY (key, home)) WITHOUT ROWID;
CREATE INDEX share_home ON share (home);
CREATE TABLE member (home TEXT, number INTEGER, key TEXT, head TEXT, content TEXT,
  PRIMARY KEY (home, number)) WITHOUT ROWID;
CREATE INDEX member_key ON member (key);
CREATE TABLE mark (mark BLOB, home TEXT, number INTEGER,
  PRIMARY KEY (mark, home, number)) WITHOUT ROWID;
CREATE INDEX mark_home ON mark (home, number);
CREATE TABLE thing (key TEXT PRIMARY KEY, kind TEXT, label TEXT, iri TEXT, outside TEXT)
  WITHOUT ROWID;
CREATE INDEX thing_iri ON thing (iri);
CREATE INDEX thing_outside ON thing (outside) WHERE outside IS NOT NULL;
CREATE TABLE naming (key TEXT, stem TEXT, passage TEXT, PRIMARY KEY (key, stem)) WITHOUT ROWID;
CREATE INDEX naming_stem ON naming (stem);
CREATE TABLE used (sort TEXT, name TEXT, stem TEXT, written TEXT,
  PRIMARY KEY (sort, name, stem, written)) WITHOUT ROWID;
CREATE INDEX used_stem ON used (stem);
"""


class ThingRow(NamedTuple):
    """A thing in short."""

    key: str
    kind: str
    label: str
    iri: Term
    outside: str | None
    """Key of the place it lies in or belongs to, be it known or not."""


class ReportRow(NamedTuple):
    """A report in short.

    ``bound`` is a digest of what its names are bound to, ``follows`` the reports whose
    targets it answers; ``span`` is where its graph stands in the TriG file: the first byte and
    the one after the last.
    """

    stem: str
    home: Path_
    bound: str
    follows: tuple[str, ...]
    counts: Counts
    span: tuple[int, int] = (0, 0)


class Ledger:
    """The ledger of one folder.

    Args:
        path: its file.
        mode: ``r`` to read it, ``w`` to change it, ``x`` to make it.
    """

    def __init__(self, path: Path, mode: Literal["r", "w", "x"] = "r") -> None:
        access = {"r": "ro", "w": "rw", "x": "rwc"}[mode]
        self._writes = mode != "r"
        self._database = sqlite3.connect(f"{path.absolute().as_uri()}?mode={access}", uri=True)
        # the folder is switched whole or not at all, so no half written file is ever met
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        if mode == "x":
            self._database.executescript(_SCHEMA)
        self._home = lru_cache(maxsize=None)(self._read_home)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Write what is pending and let go of the file.

        Raises:
            OSError: it cannot be written, as for any other file.
        """
        try:
            if error is None:
                self._database.commit()
        except sqlite3.OperationalError as failed:
            error = failed
        finally:
            self._database.close()
        if self._writes and isinstance(error, sqlite3.OperationalError):
            raise OSError(errno.EIO, str(error)) from error

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows, in order: two ledgers of the same graph hold the same."""
        names = [row[0] for row in self._all("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(self._all(f"SELECT * FROM {name}"), key=repr) for name in names}

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._database.execute(query, values).fetchall()

    def _write(self, table: str, rows: Iterable[tuple[object, ...]]) -> None:
        rows = list(rows)
        if rows:
            holes = ", ".join("?" * len(rows[0]))
            self._database.executemany(f"REPLACE INTO {table} VALUES ({holes})", rows)

    # --- facts on the whole -------------------------------------------------------------

    def facts(self) -> dict[str, str]:
        """What is told of the whole: versions, sizes, sums."""
        return dict(self._all("SELECT name, value FROM fact"))

    def put_facts(self, facts: Mapping[str, object]) -> None:
        """Take down facts on the whole."""
        self._write("fact", ((name, str(value)) for name, value in facts.items()))

    def kinds(self) -> dict[str, int]:
        """How many things there are of each kind."""
        return dict(self._all("SELECT kind, COUNT(*) FROM thing GROUP BY kind"))

    def counts(self) -> Counts:
        """What all reports gave."""
        whole = Counts()
        for (counts,) in self._all("SELECT counts FROM report"):
            whole = whole + Counts(*json.loads(counts))
        return whole

    # --- places -------------------------------------------------------------------------

    def put_block(self, block: Block, keys: Mapping[Slot, tuple[str, Slot]]) -> None:
        """Take down what the reports of a place say, with the key of each group."""
        home = block.home
        self.drop_block(home.path)
        place = _text(home.path)
        self._write("home", [(place, _division(home.division))])
        self._write("share", ((key, place, _draft(draft)) for key, draft in block.drafts.items()))
        self._write(
            "member",
            (
                (place, group.number, *_bound(keys[group.slot]), _content(group))
                for group in block.groups
            ),
        )
        self._write(
            "mark",
            ((mark, place, group.number) for group in block.groups for mark in marks(group)),
        )
        self._home.cache_clear()

    def drop_block(self, path: Path_) -> None:
        """Forget what the reports of a place say."""
        for table, column in (
            ("home", "path"),
            ("share", "home"),
            ("member", "home"),
            ("mark", "home"),
        ):
            self._database.execute(f"DELETE FROM {table} WHERE {column} = ?", (_text(path),))

    def rebind(self, keys: Mapping[Slot, tuple[str, Slot]]) -> None:
        """Give groups other keys."""
        self._database.executemany(
            "UPDATE member SET key = ?, head = ? WHERE home = ? AND number = ?",
            ((*_bound(bound), _text(path), number) for (path, number), bound in keys.items()),
        )

    def keys_of(self, path: Path_) -> list[str]:
        """The key of each group of a place."""
        query = "SELECT key FROM member WHERE home = ? ORDER BY number"
        return [key for (key,) in self._all(query, _text(path))]

    def direct_keys(self, path: Path_) -> set[str]:
        """Keys of the things whose identity is their name in a place's reports."""
        return {key for (key,) in self._all("SELECT key FROM share WHERE home = ?", _text(path))}

    def near(self, marks: Iterable[bytes], without: Set[Path_]) -> dict[Slot, str]:
        """The groups that hang together with signatures, and their keys.

        Args:
            marks: digests of signatures.
            without: places whose groups are left out.
        """
        left, seen, found = list(marks), set(marks), {}
        skipped = {_text(path) for path in without}
        while left:
            mark = left.pop()
            for home, number in self._all("SELECT home, number FROM mark WHERE mark = ?", mark):
                slot = (_path(home), number)
                if home in skipped or slot in found:
                    continue
                query = "SELECT key FROM member WHERE home = ? AND number = ?"
                found[slot] = self._all(query, home, number)[0][0]
                query = "SELECT mark FROM mark WHERE home = ? AND number = ?"
                new = {other for (other,) in self._all(query, home, number)} - seen
                seen |= new
                left += sorted(new)
        return found

    def marks_of(self, path: Path_) -> set[bytes]:
        """Digests of the signatures of a place's groups."""
        return {mark for (mark,) in self._all("SELECT mark FROM mark WHERE home = ?", _text(path))}

    def group(self, slot: Slot) -> Group:
        """A group."""
        query = "SELECT content FROM member WHERE home = ? AND number = ?"
        content = self._all(query, _text(slot[0]), slot[1])[0][0]
        return self._group(_text(slot[0]), slot[1], content)

    def _group(self, place: str, number: int, content: str) -> Group:
        home = self._home(place)
        items, merges, written = json.loads(content)
        return Group(
            home,
            number,
            tuple(
                Item(kind, name, owner(name, kind, home), (), frozenset(), count)
                for kind, name, count in items
            ),
            tuple(Merge(*merge) for merge in merges),
            frozenset(written),
        )

    def _read_home(self, place: str) -> Home:
        path = _path(place)
        found = self._all("SELECT division FROM home WHERE path = ?", place)[0][0]
        if found is None:
            return Home(None, path)
        division = gazetteer().division(found)
        return Home(division, division.path, division.codes)

    # --- things -------------------------------------------------------------------------

    def sources(self, key: str) -> tuple[list[tuple[str, str]], list[list[tuple[str, str]]]]:
        """All that a thing is made of, in order: what stays the same leaves it the same.

        Returns:
            What places say of it by name, and the runs of groups that are it.
        """
        shares = self._all("SELECT home, draft FROM share WHERE key = ?", key)
        members = self._all("SELECT head, home, number, content FROM member WHERE key = ?", key)
        shares.sort(key=lambda row: _path(row[0]))
        members.sort(key=lambda row: (_slot(row[0]), _path(row[1]), row[2]))
        runs = groupby(members, key=lambda row: row[0])
        return shares, [[(home, content) for _, home, _, content in run] for _, run in runs]

    def entity(self, key: str) -> Entity | None:
        """The thing of a key, without its mentions."""
        shares, runs = self.sources(key)
        drafts: dict[str, Draft] = {}
        for _, draft in shares:
            absorb(drafts, _read_draft(draft))
        for run in runs:
            absorb(drafts, thing([self._group(home, 0, content) for home, content in run]))
        return entity(drafts[key]) if drafts else None

    def thing(self, key: str) -> ThingRow | None:
        """The thing of a key in short."""
        rows = self._all("SELECT * FROM thing WHERE key = ?", key)
        return ThingRow(*rows[0]) if rows else None

    def label(self, key: str) -> str:
        """The label of a thing that is there."""
        return str(self._all("SELECT label FROM thing WHERE key = ?", key)[0][0])

    def iri(self, key: str) -> Term | None:
        """The IRI of the thing of a key."""
        row = self.thing(key)
        return row.iri if row else None

    def put_things(self, entities: Iterable[Entity], iri: Callable[[Entity], Term]) -> None:
        """Take down things in short."""
        self._write(
            "thing",
            ((item.key, item.kind, item.label, iri(item), outer_key(item)) for item in entities),
        )

    def drop_thing(self, key: str) -> None:
        """Forget a thing."""
        self._database.execute("DELETE FROM thing WHERE key = ?", (key,))

    def with_iri(self, iri: Term) -> set[str]:
        """Keys of the things that have an IRI."""
        return {key for (key,) in self._all("SELECT key FROM thing WHERE iri = ?", iri)}

    def inside(self, key: str) -> list[str]:
        """Keys of the things that lie in a place or belong to it."""
        return [found for (found,) in self._all("SELECT key FROM thing WHERE outside = ?", key)]

    def passages(self, key: str) -> list[Term]:
        """The passages on which it rests that a place lies in another."""
        return passages_for(key, self._named, self.inside)

    def _named(self, key: str) -> set[Term]:
        query = "SELECT passage FROM naming WHERE key = ? AND passage IS NOT NULL"
        return {passage for (passage,) in self._all(query, key)}

    # --- reports ------------------------------------------------------------------------

    def report(self, stem: str) -> ReportRow | None:
        """A report in short."""
        rows = self._all("SELECT * FROM report WHERE stem = ?", stem)
        return _report(rows[0]) if rows else None

    def reports(self) -> Iterator[ReportRow]:
        """All reports in short, by stem."""
        rows = self._all("SELECT * FROM report")
        return map(_report, sorted(rows))

    def stems(self, path: Path_) -> set[str]:
        """The reports of a place."""
        return {
            stem for (stem,) in self._all("SELECT stem FROM report WHERE home = ?", _text(path))
        }

    def naming_reports(self, key: str) -> list[ReportRow]:
        """The reports that name a thing."""
        query = "SELECT report.* FROM naming JOIN report USING (stem) WHERE key = ?"
        return [_report(row) for row in self._all(query, key)]

    def named_in(self, stem: str) -> set[str]:
        """Keys of what a report names."""
        return {key for (key,) in self._all("SELECT key FROM naming WHERE stem = ?", stem)}

    def used_in(self, stem: str) -> set[tuple[str, str]]:
        """Sort and name of the indicators, units and periods that a report uses."""
        return set(self._all("SELECT DISTINCT sort, name FROM used WHERE stem = ?", stem))

    def written(self, sort: str, name: str) -> set[str]:
        """How reports write an indicator, unit or period; empty if none uses it."""
        query = "SELECT DISTINCT written FROM used WHERE sort = ? AND name = ?"
        return {form for (form,) in self._all(query, sort, name)}

    def sorts(self) -> set[str]:
        """What of indicators, units and periods is used at all."""
        found = {"indicator", "unit", "period"}
        return {
            sort for sort in found if self._all("SELECT 1 FROM used WHERE sort = ? LIMIT 1", sort)
        }

    def put_report(self, row: ReportRow, keys: Set[str], note: Note) -> None:
        """Take down a report, the keys of what it names, and what is to know of its graph."""
        counts = json.dumps(astuple(row.counts))
        record = (row.stem, _text(row.home), row.bound, json.dumps(row.follows), counts, *row.span)
        self._write("report", [record])
        for table in ("naming", "used"):
            self._database.execute(f"DELETE FROM {table} WHERE stem = ?", (row.stem,))
        self._write("naming", ((key, row.stem, note.first.get(key)) for key in keys))
        self._write("used", ((sort, name, row.stem, form) for sort, name, form in note.used))

    def put_spans(self, spans: Mapping[str, tuple[int, int]]) -> None:
        """Take down where the graphs of reports stand in the TriG file."""
        self._database.executemany(
            "UPDATE report SET first = ?, last = ? WHERE stem = ?",
            ((*span, stem) for stem, span in spans.items()),
        )


def binding(names: Mapping[Where, str], place: str | None, label: Callable[[str], str]) -> str:
    """A digest of what the names of a report are bound to.

    Args:
        names: where each stands → key of the thing.
        place: key of the place that reports.
        label: key → name of the thing, on which its IRI depends.
    """
    lines = sorted(f"{where[1:]}\t{key}\t{label(key)}" for where, key in names.items())
    lines.append(f"{place}\t{label(place) if place else ''}")
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


# --- rows -------------------------------------------------------------------------------


def _text(path: Path_) -> str:
    return json.dumps(path, ensure_ascii=False)


@lru_cache(maxsize=1 << 12)
def _path(place: str) -> Path_:
    return tuple(json.loads(place))


def _slot(head: str) -> Slot:
    path, number = json.loads(head)
    return tuple(path), number


def _bound(bound: tuple[str, Slot]) -> tuple[str, str]:
    return bound[0], json.dumps(bound[1], ensure_ascii=False)


def _division(division: Any) -> str | None:
    return (division.code or division.name) if division else None


def _draft(draft: Draft) -> str:
    record = [
        draft.kind,
        draft.label,
        draft.scope,
        _division(draft.division),
        draft.placed,
        sorted(draft.names),
    ]
    return json.dumps(record, ensure_ascii=False)


def _read_draft(record: str) -> Draft:
    kind, label, scope, division, placed, names = json.loads(record)
    return Draft(
        kind,
        label,
        tuple(scope),
        names=set(names),
        division=gazetteer().division(division) if division else None,
        placed=placed,
    )


def _content(group: Group) -> str:
    items = [(item.kind, item.name, item.count) for item in group.items]
    merges = [astuple(merge) for merge in group.merges]
    return json.dumps([items, merges, sorted(group.written)], ensure_ascii=False)


def marks(group: Group) -> set[bytes]:
    """Short digests of signatures; two that meet by chance only widen what is looked at."""
    return {
        hashlib.blake2b(repr(signature).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        for signature in signatures(group)
    }


def _report(row: tuple[Any, ...]) -> ReportRow:
    stem, home, bound, follows, counts, first, last = row
    return ReportRow(
        stem,
        _path(home),
        bound,
        tuple(json.loads(follows)),
        Counts(*json.loads(counts)),
        (first, last),
    )
