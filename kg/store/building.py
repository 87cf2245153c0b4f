"""The main job: report files → a folder with graph, store, texts and network page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg import decisions as decided
from kg.entities import Linked, Links, link
from kg.errors import (
    FormatError,
    UsageError,
    ZhengpuError,
)
from kg.model import KINDS, Extraction, Report
from kg.rdf import vocab
from kg.rdf.graph import Counts, GraphBuilder, Triple, union
from kg.rdf.opened import read_manifest
from kg.rdf.turtle import Writer
from kg.store import cache, folder
from kg.store.reading import Job, Progress, digest, read_all, read_decisions, read_table, with_old
from kg.track import consecutive, track
from kg.track.graph import commitments

__all__ = ["BuildResult", "build", "write"]


@dataclass(frozen=True)
class BuildResult:
    """What a build wrote.

    Attributes:
        out: the folder.
        reports: stems of the reports in it, sorted.
        extracted: how many of them were extracted now; the others came from the cache.
        skipped: files that could not be read, with the reason, if they were let pass.
        triples: distinct triples of ``graph.ttl``.
        quads: statements of ``graph.trig``: the default graph and one graph a report.
        entities: things by kind.
        counts: passages, observations, milestones, relations and what had no mention.
    """

    out: Path
    reports: tuple[str, ...]
    extracted: int
    skipped: tuple[str, ...]
    triples: int
    quads: int
    entities: dict[str, int] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)

    def summary(self) -> list[str]:
        """A few lines for people."""
        kinds = " · ".join(f"{kind} {number:,}" for kind, number in self.entities.items())
        counts = self.counts
        lines = [
            f"{len(self.reports):,} reports ({self.extracted:,} extracted now), "
            f"{self.triples:,} triples, {self.quads:,} quads",
            f"{sum(self.entities.values()):,} things: {kinds}",
            f"{counts.observations:,} observations · {counts.milestones:,} milestones · "
            f"{counts.relations:,} relations · {counts.passages:,} passages",
        ]
        return lines + [f"left out: {reason}" for reason in self.skipped]


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
    forced = read_table(links, out if add else None, reviewed)
    read, skipped = read_all(paths, keep_going, tell)
    if add:
        read = with_old(read, out, old)
    settings = {"extractor": cache.fingerprint(), "model": model, "min_score": min_score}
    found, fresh = _extract_all(read, out, old, settings, jobs, tell)
    manifest = {
        "base": base,
        "reports": {
            job.report.stem: {"source": job.source, "sha256": job.sha256, **settings}
            for job in read
        },
    }
    result = _write(found, reviewed, out, base, forced, manifest, tell)
    return BuildResult(**{**result, "extracted": fresh, "skipped": tuple(skipped)})


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
    text = None
    result = _write(done, (), Path(out), base, (links, text), manifest, progress or _silent)
    return BuildResult(**result)


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


# --- extraction -------------------------------------------------------------------------


def _extract_all(
    read: Sequence[Job],
    out: Path,
    old: dict[str, Any],
    settings: dict[str, Any],
    jobs: int,
    tell: Progress,
) -> tuple[list[Extraction], int]:
    """The extractions by stem, and how many of them are new."""
    done: dict[str, Extraction] = {}
    for job in read:
        record = old.get("reports", {}).get(job.report.stem)
        if record == {"source": job.source, "sha256": job.sha256, **settings}:
            try:
                done[job.report.stem] = cache.read(out, job.report.stem, found=True)
            except FormatError:
                continue  # a damaged cache costs time, not the build
    todo = [job.report for job in read if job.report.stem not in done]
    for number, extraction in enumerate(_extract(todo, settings, jobs)):
        done[extraction.report.stem] = extraction
        tell("extracting", number + 1, len(todo))
    return [done[stem] for stem in sorted(done)], len(todo)


def _extract(
    reports: Sequence[Report], settings: dict[str, Any], jobs: int
) -> Iterator[Extraction]:
    wanted = settings["model"], settings["min_score"]
    if jobs == 1 or len(reports) < 2:
        for report in reports:
            yield _extract_one(report, *wanted)
        return
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
    # the longest first, so that no process is left with one at the end
    ordered = sorted(reports, key=lambda report: -len(report.source))
    yield from parallel(delayed(_extract_one)(report, *wanted) for report in ordered)


def _extract_one(report: Report, model: str, min_score: float | None) -> Extraction:
    from kg import pipeline

    try:
        return pipeline.extract(report, model=model, min_score=min_score)
    except ZhengpuError:
        raise
    except Exception as error:
        error.add_note(f"while extracting report {report.stem!r}")
        raise


# --- writing ----------------------------------------------------------------------------


def _write(
    found: Sequence[Extraction],
    reviewed: Sequence[decided.Decision],
    out: Path,
    base: str,
    links: tuple[Links | None, str | None],
    manifest: dict[str, Any],
    tell: Progress,
) -> dict[str, Any]:
    """Link, make the graphs and fill the folder; gives the fields of the result."""
    done = [decided.apply(extraction, reviewed) for extraction in found]
    tell("linking", 0, 1)
    linked = link(done, decisions=links[0])
    tell("linking", 1, 1)
    counts = Counts()
    shared, graphs = _graphs(done, linked, base, counts, tell)
    quads = len(shared) + sum(len(triples) for _, triples in graphs)
    with folder.replacing(out) as work:
        tell("writing", 0, 3)
        folder.write_pieces(work / folder.TRIG, Writer(base).trig(shared, graphs))
        whole = union([shared, *(triples for _, triples in graphs)])
        folder.write_pieces(work / folder.TURTLE, Writer(base).turtle(whole))
        triples = len(whole)
        del shared, graphs, whole  # the store's loader wants the memory
        if links[1]:
            folder.write_pieces(work / folder.LINKS, [links[1]])
        _write_texts(work, done, found)
        folder.write_pieces(work / folder.MANIFEST, [folder.manifest_text(manifest)])
        tell("writing", 1, 3)
        _fill_store(work)
        tell("writing", 2, 3)
        _draw(work)
        tell("writing", 3, 3)
    return {
        "out": out,
        "reports": tuple(extraction.report.stem for extraction in done),
        "extracted": len(done),
        "skipped": (),
        "triples": triples,
        "quads": quads,
        "entities": _by_kind(linked),
        "counts": counts,
    }


def _graphs(
    done: Sequence[Extraction], linked: Linked, base: str, counts: Counts, tell: Progress
) -> tuple[list[Triple], list[tuple[vocab.Term, list[Triple]]]]:
    """The default graph, and each report's graph under its name."""
    builder = GraphBuilder(linked, vocab.Minter(base))
    by_stem: dict[str, list[Triple]] = {}
    for number, extraction in enumerate(done):
        by_stem[extraction.report.stem] = builder.report(extraction, counts)
        tell("graphs", number + 1, len(done))
    pairs = consecutive(done)
    for number, (earlier, later) in enumerate(pairs):
        verdicts = commitments(track(earlier, later, linked), linked, builder)
        by_stem[later.report.stem] = union([by_stem[later.report.stem], verdicts])
        tell("tracking", number + 1, len(pairs))
    named = [(builder.minter.report(stem), triples) for stem, triples in by_stem.items()]
    return builder.shared(), named


def _by_kind(linked: Linked) -> dict[str, int]:
    counts = Counter(entity.kind for entity in linked)
    return {kind: counts[kind] for kind in KINDS}


def _write_texts(work: Path, done: Sequence[Extraction], found: Sequence[Extraction]) -> None:
    """Texts and extractions; what was found before a review beside what holds after it."""
    for name in (folder.TEXTS, folder.CACHE):
        (work / name).mkdir()
    for extraction, before in zip(done, found, strict=True):
        stem = extraction.report.stem
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


def _draw(work: Path) -> None:
    from kg import view

    folder.write_pieces(work / folder.NETWORK, [view.network_page(work)])
