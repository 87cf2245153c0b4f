"""Adding reports to a folder at a cost in proportion to what they touch.

The result is what building from all reports at once would write: the ledger tells which
things and reports the new ones touch, only these are made again, the triple store is given
the difference, and of the graph files only the touched subjects are written anew while the
rest is copied as bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from sqlite3 import DatabaseError

from kg import decisions as decided
from kg.model import KINDS, Extraction
from kg.rdf.vocab import Minter
from kg.store import cache, folder
from kg.store.differing import described, make_graphs
from kg.store.ledger import Ledger
from kg.store.patching import Patch
from kg.store.relinking import relink
from kg.store.result import BuildResult, Task
from kg.store.whole import draw, write_extraction

__all__ = ["can_add", "write_added"]

_FILES = (folder.TURTLE, folder.TRIG, folder.STORE, folder.NETWORK, folder.TEXTS, folder.CACHE)


def can_add(task: Task) -> bool:
    """Whether the folder was written whole on the same grounds and by the same program."""
    if not all((task.out / name).exists() for name in (folder.LEDGER, *_FILES)):
        return False
    try:
        with Ledger(task.out / folder.LEDGER) as ledger:
            facts = ledger.facts()
    except DatabaseError:
        return False
    wanted = {**task.grounds(), **folder.sizes(task.out)}
    return all(facts.get(name) == str(value) for name, value in wanted.items())


def _result(task: Task, ledger: Ledger) -> BuildResult:
    facts, kinds = ledger.facts(), ledger.kinds()
    return BuildResult(
        out=task.out,
        reports=tuple(row.stem for row in ledger.reports()),
        triples=int(facts["triples"]),
        quads=int(facts["quads"]),
        entities={kind: kinds.get(kind, 0) for kind in KINDS},
        counts=ledger.counts(),
    )


def write_added(task: Task, found: Sequence[Extraction]) -> BuildResult | None:
    """Write the folder anew with more reports, or with others in the place of some.

    Args:
        task: what is to be written.
        found: the new reports, as the program found them.

    Returns:
        What the folder holds now, or ``None`` if its ledger is damaged; then nothing is
        written.
    """
    try:
        if found:
            return _write_added(task, found)
        with Ledger(task.out / folder.LEDGER) as ledger:
            return _result(task, ledger)
    except DatabaseError:
        return None


def _write_added(task: Task, found: Sequence[Extraction]) -> BuildResult:
    out, tell = task.out, task.tell
    done = [decided.apply(extraction, task.reviewed) for extraction in found]
    fresh = {extraction.report.stem: extraction for extraction in done}
    minter = Minter(task.base)
    with folder.replacing(out) as work:
        shutil.copyfile(out / folder.LEDGER, work / folder.LEDGER)
        with Ledger(out / folder.LEDGER) as old, Ledger(work / folder.LEDGER, "w") as new:
            tell("linking", 0, 1)
            relinked = relink(
                old, new, fresh, task.links, lambda stem: cache.read(out, stem),
                lambda entity: minter.entity(entity.kind, entity.label, entity.scope),
            )  # fmt: skip
            tell("linking", 1, 1)
            graphs = make_graphs(relinked, new, minter, tell)
            shared = described(relinked, old, new, minter)
            tell("writing", 0, 3)
            _keep(task, work, done, found)
            patch = Patch(out, work, task.base)
            more = patch.store(shared, graphs)
            patch.turtle()
            new.put_spans(patch.trig(graphs, {row.stem: row.span for row in old.reports()}))
            tell("writing", 1, 3)
            facts = old.facts()
            sums = {name: int(facts[name]) + growth for name, growth in more.items()}
            new.put_facts({**sums, **folder.sizes(work)})
            result = _result(task, new)
        tell("writing", 2, 3)
        draw(work)
        tell("writing", 3, 3)
    return result


def _keep(task: Task, work: Path, done: Sequence[Extraction], found: Sequence[Extraction]) -> None:
    """Texts and extractions of the old reports and of the new ones; the small files."""
    for name in (folder.TEXTS, folder.CACHE):
        suffix = ".txt" if name == folder.TEXTS else ".jsonl"
        besides = {extraction.report.stem + suffix for extraction in done}
        folder.keep(task.out / name, work / name, besides=besides)
        if (task.out / name / cache.FOUND).is_dir():
            folder.keep(task.out / name / cache.FOUND, work / name / cache.FOUND, besides=besides)
    for extraction, before in zip(done, found, strict=True):
        write_extraction(work, extraction, before)
    if task.table:
        folder.write_pieces(work / folder.LINKS, [task.table])
    folder.write_pieces(work / folder.MANIFEST, [folder.manifest_text(task.manifest)])
