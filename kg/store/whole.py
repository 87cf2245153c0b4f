"""Writing a folder from all extractions at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kg import decisions as decided
from kg.entities.blocks import by_home
from kg.entities.linking import Linking, link_blocks
from kg.entities.model import Where
from kg.model import KINDS, Extraction
from kg.rdf import vocab
from kg.rdf.graph import Counts, GraphBuilder, Triple, union
from kg.rdf.turtle import Writer
from kg.store import cache, folder
from kg.store.ledger import Ledger, ReportRow, Slot, binding
from kg.store.result import BuildResult, Task
from kg.track import consecutive, track
from kg.track.graph import commitments

__all__ = ["draw", "write_extraction", "write_whole"]


def write_whole(task: Task, found: Sequence[Extraction]) -> BuildResult:
    """Link, make the graphs and fill the folder.

    Args:
        task: what is to be written.
        found: the reports by stem, as the program found them.
    """
    tell = task.tell
    done = [decided.apply(extraction, task.reviewed) for extraction in found]
    tell("linking", 0, 1)
    linking = link_blocks(done, task.links)
    tell("linking", 1, 1)
    builder = GraphBuilder(linking.linked, vocab.Minter(task.base))
    shared, graphs = _graphs(task, done, builder)
    quads = len(shared) + sum(map(len, graphs.values()))
    with folder.replacing(task.out) as work:
        tell("writing", 0, 3)
        spans = _write_trig(work / folder.TRIG, task.base, shared, graphs)
        whole = union([shared, *graphs.values()])
        folder.write_pieces(work / folder.TURTLE, Writer(task.base).turtle(whole))
        triples = len(whole)
        del shared, graphs, whole  # the store's loader wants the memory
        facts = {"triples": triples, "quads": quads, **task.grounds(), **folder.sizes(work)}
        _write_ledger(work / folder.LEDGER, done, linking, builder, spans, facts)
        if task.table:
            folder.write_pieces(work / folder.LINKS, [task.table])
        for extraction, before in zip(done, found, strict=True):
            write_extraction(work, extraction, before)
        folder.write_pieces(work / folder.MANIFEST, [folder.manifest_text(task.manifest)])
        tell("writing", 1, 3)
        _fill_store(work)
        tell("writing", 2, 3)
        draw(work)
        tell("writing", 3, 3)
    kinds = Counter(entity.kind for entity in linking.linked)
    return BuildResult(
        out=task.out,
        reports=tuple(extraction.report.stem for extraction in done),
        triples=triples,
        quads=quads,
        entities={kind: kinds[kind] for kind in KINDS},
        counts=sum((note.counts for note in builder.notes.values()), Counts()),
    )


def _graphs(
    task: Task, done: Sequence[Extraction], builder: GraphBuilder
) -> tuple[list[Triple], dict[str, list[Triple]]]:
    """The default graph, and each report's graph by its stem."""
    graphs: dict[str, list[Triple]] = {}
    for number, extraction in enumerate(done):
        graphs[extraction.report.stem] = builder.report(extraction)
        task.tell("graphs", number + 1, len(done))
    pairs = consecutive(done)
    for number, (earlier, later) in enumerate(pairs):
        verdicts = commitments(track(earlier, later, builder.linked), builder.linked, builder)
        graphs[later.report.stem] = union([graphs[later.report.stem], verdicts])
        task.tell("tracking", number + 1, len(pairs))
    return builder.shared(), graphs


def _write_trig(
    path: Path, base: str, shared: Iterable[Triple], graphs: dict[str, list[Triple]]
) -> dict[str, tuple[int, int]]:
    """Write the TriG file; gives the first byte of each report's graph and the one after."""
    writer, minter = Writer(base), vocab.Minter(base)
    spans = {}
    with path.open("wb", buffering=1 << 20) as stream:
        stream.writelines(piece.encode() for piece in writer.trig(shared, ()))
        for stem, triples in graphs.items():
            first = stream.tell()
            pieces = writer.graph(minter.report(stem), triples)
            stream.writelines(piece.encode() for piece in pieces)
            spans[stem] = first, stream.tell()
    return spans


def _write_ledger(
    path: Path,
    done: Sequence[Extraction],
    linking: Linking,
    builder: GraphBuilder,
    spans: dict[str, tuple[int, int]],
    facts: Mapping[str, object],
) -> None:
    linked = linking.linked
    keys: dict[Slot, tuple[str, Slot]] = {
        group.slot: (key, groups[0].slot) for key, groups in linking.united for group in groups
    }
    names: dict[str, dict[Where, str]] = defaultdict(dict)
    for where, key in linked.index.items():
        names[where[0]][where] = key
    follows = defaultdict(list)
    for earlier, later in consecutive(done):
        follows[later.report.stem].append(earlier.report.stem)
    with Ledger(path, "x") as ledger:
        for block in linking.blocks:
            ledger.put_block(block, keys)
        ledger.put_things(linked, builder.iri)
        for home, mine in by_home(done):
            for stem in (extraction.report.stem for extraction in mine):
                bound, place = names[stem], linked.places.get(stem)
                digest = binding(bound, place, lambda key: linked.get(key).label)
                note, answers = builder.notes[stem], tuple(follows[stem])
                row = ReportRow(stem, home.path, digest, answers, note.counts, spans[stem])
                ledger.put_report(row, {*bound.values(), *filter(None, [place])}, note)
        ledger.put_facts(facts)


def write_extraction(work: Path, extraction: Extraction, before: Extraction) -> None:
    """A report's text and extraction; what was found before a review, if that differs."""
    stem = extraction.report.stem
    for name in (folder.TEXTS, folder.CACHE):
        (work / name).mkdir(exist_ok=True)
    folder.write_pieces(work / folder.TEXTS / f"{stem}.txt", [extraction.report.source])
    folder.write_pieces(work / folder.CACHE / f"{stem}.jsonl", cache.dump(extraction))
    if before != extraction:
        (work / folder.CACHE / cache.FOUND).mkdir(exist_ok=True)
        path = work / folder.CACHE / cache.FOUND / f"{stem}.jsonl"
        folder.write_pieces(path, cache.dump(before))


def _fill_store(work: Path) -> None:
    from pyoxigraph import RdfFormat, Store

    store = Store(work / folder.STORE)
    store.bulk_load(path=work / folder.TRIG, format=RdfFormat.TRIG)
    store.flush()
    del store


def draw(work: Path) -> None:
    """The network page of a folder that is else complete."""
    from kg import view

    folder.write_pieces(work / folder.NETWORK, [view.network_page(work)])
