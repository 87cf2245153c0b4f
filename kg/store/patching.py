"""Store and graph files of a folder, changed in copies where triples go or come.

The store's sorted tables are never written to again once they are there, so the copy may
share them; of the files only the subjects of which something differs are written anew, and
the rest is copied as bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kg.rdf.describing import Triple
from kg.rdf.splicing import copy, splice
from kg.rdf.terms import from_quad, quads
from kg.rdf.turtle import Writer
from kg.rdf.vocab import Minter, Term
from kg.store import folder

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["Patch"]

_DEFAULT: Term = ""
"""Stands for the name of the default graph."""


class Patch:
    """Brings store and files to what a graph has become.

    Args:
        out: the folder as it is.
        work: the folder that will take its place.
        base: IRI under which resources are named.
    """

    def __init__(self, out: Path, work: Path, base: str) -> None:
        self._out = out
        self._work = work
        self._writer = Writer(base)
        self._minter = Minter(base)
        self._base = base
        self._head = len(self._writer.head().encode())
        self._whole: dict[Term, str] = {}
        self._shared: dict[Term, str] = {}

    def store(
        self, shared: tuple[set[Triple], set[Triple]], graphs: Mapping[str, Iterable[Triple]]
    ) -> dict[str, int]:
        """Copy the store and give it the difference.

        Args:
            shared: what of the default graph may differ, as it was and as it is.
            graphs: the graphs of touched reports by stem, as they are.

        Returns:
            How many triples and quads there are more.
        """
        from pyoxigraph import Store

        store = Store(self._copied())
        gone, come = {_DEFAULT: shared[0] - shared[1]}, {_DEFAULT: shared[1] - shared[0]}
        for stem, triples in graphs.items():
            name = self._minter.report(stem)
            before, after = _triples(store, graph=name), set(triples)
            gone[name], come[name] = before - after, after - before
        subjects = _subjects([*gone.values(), *come.values()])
        before_ = sum(len(_triples(store, subject=subject)) for subject in subjects)
        for name, lost in gone.items():
            for quad in quads(lost, name):
                store.remove(quad)
        store.extend([quad for name, won in come.items() for quad in quads(won, name)])
        store.flush()
        after_ = 0
        for subject in subjects:
            found = _triples(store, subject=subject)
            after_ += len(found)
            self._whole[subject] = self._block(found)
        for subject in _subjects([gone[_DEFAULT], come[_DEFAULT]]):
            self._shared[subject] = self._block(_triples(store, subject=subject, graph=_DEFAULT))
        return {
            "triples": after_ - before_,
            "quads": sum(map(len, come.values())) - sum(map(len, gone.values())),
        }

    def _copied(self) -> Path:
        source, target = self._out / folder.STORE, self._work / folder.STORE
        others = {item.name for item in source.iterdir() if item.suffix != ".sst"}
        folder.keep(source, target, besides=others)
        for name in others - {"LOCK"}:
            shutil.copyfile(source / name, target / name)
        return target

    def _block(self, triples: Iterable[Triple]) -> str:
        return "".join(self._writer.blocks(sorted(triples)))

    def turtle(self) -> None:
        """Write the Turtle file with the subjects of the difference."""
        with self._opened(folder.TURTLE) as (source, target):
            copy(source, target, 0, self._head)
            span = self._head, source.seek(0, 2)
            splice(source, target, span, self._base, self._whole)

    def trig(
        self, graphs: Mapping[str, Iterable[Triple]], spans: Mapping[str, tuple[int, int]]
    ) -> dict[str, tuple[int, int]]:
        """Write the TriG file with the subjects of the difference and the touched reports.

        Args:
            graphs: the graphs of touched reports by stem, as they are.
            spans: first byte of each report's graph as it was, and the byte after its last.

        Returns:
            The same as it is.
        """
        found = {}
        with self._opened(folder.TRIG) as (source, target):
            copy(source, target, 0, self._head)
            end = min(first for first, _ in spans.values())
            splice(source, target, (self._head, end), self._base, self._shared)
            for stem in sorted({*graphs, *spans}):
                first = target.tell()
                if stem in graphs:
                    name = self._minter.report(stem)
                    pieces = self._writer.graph(name, graphs[stem])
                    target.writelines(piece.encode() for piece in pieces)
                else:
                    copy(source, target, *spans[stem])
                found[stem] = first, target.tell()
        return found

    @contextmanager
    def _opened(self, name: str) -> Iterator[tuple[BinaryIO, BinaryIO]]:
        """A file of the old folder and that of the new one."""
        with (
            (self._out / name).open("rb", buffering=0) as source,
            (self._work / name).open("wb", buffering=1 << 20) as target,
        ):
            yield source, target


def _subjects(parts: Iterable[Iterable[Triple]]) -> set[Term]:
    return {triple[0] for triples in parts for triple in triples}


def _triples(
    store: Store, *, subject: Term | None = None, graph: Term | None = None
) -> set[Triple]:
    """Triples of a subject over all graphs, of a graph, or of a subject in a graph."""
    from pyoxigraph import DefaultGraph, NamedNode

    about = NamedNode(subject[1:-1]) if subject is not None else None
    name = None if graph is None else NamedNode(graph[1:-1]) if graph else DefaultGraph()
    return {from_quad(quad) for quad in store.quads_for_pattern(about, None, None, name)}
