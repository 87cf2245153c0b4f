"""What of a graph may differ after new reports: graphs of reports, and the default graph."""

from __future__ import annotations

from kg.rdf.describing import Describer, Triple
from kg.rdf.graph import GraphBuilder, union
from kg.rdf.vocab import Minter
from kg.store.ledger import Ledger, ReportRow
from kg.store.reading import Progress
from kg.store.relinking import Relinked
from kg.track import track
from kg.track.graph import commitments

__all__ = ["described", "make_graphs"]


def make_graphs(
    relinked: Relinked, ledger: Ledger, minter: Minter, tell: Progress
) -> dict[str, list[Triple]]:
    """The graphs of the touched reports; what is to know of them goes into the ledger."""
    builder = GraphBuilder(relinked.linked, minter)
    graphs = {}
    for number, (stem, item) in enumerate(sorted(relinked.touched.items()), 1):
        parts = [builder.report(item.extraction)]
        for earlier in item.answers:
            rows = track(earlier, item.extraction, relinked.linked)
            parts.append(commitments(rows, relinked.linked, builder))
        graphs[stem] = union(parts)
        note = builder.notes[stem]
        follows = tuple(earlier.report.stem for earlier in item.answers)
        row = ReportRow(stem, item.home, item.bound, follows, note.counts)
        ledger.put_report(row, item.keys, note)
        tell("graphs", number, len(relinked.touched))
    return graphs


def described(
    relinked: Relinked, old: Ledger, new: Ledger, minter: Minter
) -> tuple[set[Triple], set[Triple]]:
    """What of the default graph may differ, as it was and as it is."""
    keys = _keys(relinked, old, new)
    used = {
        item for stem in relinked.touched for ledger in (old, new) for item in ledger.used_in(stem)
    }
    was, now = (_describe(ledger, minter, keys, used) for ledger in (old, new))
    return was, now


def _keys(relinked: Relinked, old: Ledger, new: Ledger) -> set[str]:
    """Keys of the things whose description may differ."""
    keys = set(relinked.altered)
    for key in relinked.altered:
        if old.iri(key) != new.iri(key):  # what lies in it points at it
            keys.update(old.inside(key), new.inside(key))
    named = {key for stem in relinked.touched for ledger in (old, new)
             for key in ledger.named_in(stem)}  # fmt: skip
    for key in named | relinked.altered:
        # where a place is named bears out that it lies in another, and where no report
        # names it, what lies in it does so in its place
        keys.update(outer for ledger in (old, new) for outer in _outwards(ledger, key))
    iris = {iri for key in keys for ledger in (old, new) if (iri := ledger.iri(key))}
    keys.update(key for iri in iris for ledger in (old, new) for key in ledger.with_iri(iri))
    return keys


def _outwards(ledger: Ledger, key: str) -> set[str]:
    """A place and the places around it, or the places around a thing."""
    found: set[str] = set()
    row = ledger.thing(key)
    while row is not None and row.key not in found:
        if row.kind == "Place":
            found.add(row.key)
        row = ledger.thing(row.outside) if row.outside else None
    return found


def _describe(
    ledger: Ledger, minter: Minter, keys: set[str], used: set[tuple[str, str]]
) -> set[Triple]:
    describer = Describer(minter, ledger.iri, ledger.passages)
    triples = set(describer.frame(ledger.sorts()))
    for key in keys:
        entity = ledger.entity(key)
        if entity is not None:
            triples.update(describer.thing(entity))
    for sort, name in used:
        written = ledger.written(sort, name)
        if written:
            triples.update(describer.used(sort, name, written))
    return triples
