"""Reports → extractions, taken from the folder where neither report nor program has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kg.errors import FormatError, ZhengpuError
from kg.model import Extraction, Report
from kg.store import cache
from kg.store.reading import Job, Progress

__all__ = ["extract_all", "unchanged"]


def unchanged(job: Job, old: dict[str, Any], settings: dict[str, Any]) -> bool:
    """Whether the folder holds the report as it is, extracted with the same settings."""
    record = old.get("reports", {}).get(job.report.stem)
    return bool(record == {"source": job.source, "sha256": job.sha256, **settings})


def extract_all(
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
        if unchanged(job, old, settings):
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
