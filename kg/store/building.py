"""The main job: report files → a folder with graph, store, texts and network page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from kg.entities import Links
from kg.errors import UsageError
from kg.model import Extraction
from kg.rdf import vocab
from kg.rdf.opened import read_manifest
from kg.store import cache, folder
from kg.store.adding import can_add, write_added
from kg.store.extracting import extract_all, unchanged
from kg.store.reading import Progress, digest, read_all, read_decisions, read_table, with_old
from kg.store.result import BuildResult, Task
from kg.store.whole import write_whole

__all__ = ["BuildResult", "build", "write"]


def build(
    paths: Iterable[Path],
    out: Path,
    *,
    jobs: int = 1,
    base: str | None = None,
    model: str = "full",
    min_score: float | None = None,
    add: bool = False,
    links: Path | None = None,
    decisions: Path | None = None,
    keep_going: bool = False,
    progress: Progress | None = None,
) -> BuildResult:
    """Read reports, extract, link, and write ``out``, whole or not at all.

    The same reports give the same ``graph.ttl``, byte for byte, in whatever order and
    number of steps they are given.

    Args:
        paths: files and folders of reports.
        out: the folder to write; what an earlier build wrote there is replaced, but its
            extractions are used again where neither report nor program has changed.
        jobs: processes that extract side by side.
        base: IRI under which resources are named; that of ``out``, or the default.
        model: as in :func:`kg.pipeline.extract`.
        min_score: as there.
        add: keep the reports ``out`` has already, beside the new ones.
        links: the user's table of names to join or keep apart.
        decisions: the user's table of reviewed names; else ``decisions.tsv`` beside the
            reports and in ``out``, where there is one.
        keep_going: leave out files that cannot be read instead of stopping.
        progress: is told how far each stage is.

    Raises:
        InputError: files cannot be read; names all of them, and nothing is written.
        UsageError: ``base`` is no IRI, or not the one of the graph that is added to.
        OutputError: ``out`` cannot be written.
    """
    out = Path(out)
    tell = progress or _silent
    old = read_manifest(out) if (out / folder.MANIFEST).exists() else {}
    if add and old and base not in (None, old["base"]):
        raise UsageError(
            f"the graph in {str(out)!r} has the base {old['base']!r}, not {base!r}",
            remedy="leave --base out, or build anew",
        )
    base = base or (old["base"] if add and old else vocab.BASE)
    vocab.Minter(base)
    paths = [Path(path) for path in paths]
    reviewed = read_decisions(decisions, paths, out)
    forced, table = read_table(links, out if add else None, reviewed)
    read, skipped = read_all(paths, keep_going, tell)
    settings = {"extractor": cache.fingerprint(), "model": model, "min_score": min_score}
    new = [job for job in read if not unchanged(job, old, settings)]
    before = old.get("reports", {}) if add else {}
    records = {
        stem: {"source": source, "sha256": sha256, **settings}
        for stem, source, sha256 in (
            *((stem, record["source"], record["sha256"]) for stem, record in before.items()),
            *((job.report.stem, job.source, job.sha256) for job in read),
        )
    }
    manifest: dict[str, Any] = {"base": base, "reports": records}
    if forced and forced.decisions:
        manifest["links"] = [asdict(item) for item in forced.decisions]
    task = Task(out, base, manifest, tell, reviewed, forced, table)
    as_before = all(record == {**record, **settings} for record in before.values())
    result = None
    if add and as_before and len(new) <= len(before) and can_add(task):
        found, fresh = extract_all(new, out, old, settings, jobs, tell)
        result = write_added(task, found)
    if result is None:
        read = with_old(read, out, old) if add else read
        found, fresh = extract_all(read, out, old, settings, jobs, tell)
        result = write_whole(task, found)
    return replace(result, extracted=fresh, skipped=tuple(skipped))


def write(
    extractions: Iterable[Extraction],
    out: Path,
    *,
    base: str = vocab.BASE,
    links: Links | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Write the folder of extractions that are at hand, e.g. of annotated reports.

    Raises:
        UsageError: ``base`` is no IRI, or two extractions have the same stem.
        OutputError: ``out`` cannot be written.
    """
    done = sorted(extractions, key=lambda item: item.report.stem)
    twice = [stem for stem, n in Counter(item.report.stem for item in done).items() if n > 1]
    if twice:
        raise UsageError(f"two reports have the stem {twice[0]!r}", remedy="rename one of them")
    manifest: dict[str, Any] = {
        "base": base,
        "reports": {
            item.report.stem: {
                "source": f"{item.report.stem}.txt",
                "sha256": digest(item.report.source.encode("utf-8")),
            }
            for item in done
        },
    }
    task = Task(Path(out), base, manifest, progress or _silent, links=links or Links())
    return replace(write_whole(task, done), extracted=len(done))


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
