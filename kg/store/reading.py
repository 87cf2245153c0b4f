"""What a build reads: reports, those the folder has already, and the user's tables."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from kg import decisions as decided
from kg.entities import Decision as LinkDecision
from kg.entities import Links, read_links
from kg.errors import FormatError, InputError, UnreadableInput
from kg.model import Report
from kg.store import cache, folder

__all__ = ["Job", "Progress", "digest", "read_all", "read_decisions", "read_table", "with_old"]

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and how much there is."""

_SHOWN: Final = 8


@dataclass(frozen=True)
class Job:
    """A report to extract, and where it came from."""

    report: Report
    source: str
    sha256: str


def digest(content: bytes) -> str:
    """SHA-256 of a file as it was read."""
    return hashlib.sha256(content).hexdigest()


def read_all(
    paths: Iterable[Path], keep_going: bool, tell: Progress
) -> tuple[list[Job], list[str]]:
    """The reports of files and folders by stem, and why some were passed over.

    Raises:
        InputError: files cannot be read; names all of them.
    """
    from kg import text

    files = text.discover(Path(path) for path in paths)
    jobs: dict[str, Job] = {}
    problems: list[InputError] = []
    for number, path in enumerate(files):
        tell("reading", number, len(files))
        try:
            for report in text.read(path):
                _check_stem(report.stem, path, jobs)
                jobs[report.stem] = Job(report, path.name, digest(path.read_bytes()))
        except InputError as error:
            problems.append(error)
        except OSError as error:
            problems.append(UnreadableInput(f"cannot read {str(path)!r} ({error.strerror})"))
    tell("reading", len(files), len(files))
    if problems and not (keep_going and jobs):
        raise _all_of(problems)
    return [jobs[stem] for stem in sorted(jobs)], [str(problem) for problem in problems]


def _check_stem(stem: str, path: Path, jobs: dict[str, Job]) -> None:
    if not stem or stem.startswith(".") or any(char in "/\\\0\n\r" for char in stem):
        raise FormatError(
            f"{str(path)!r} names a report {stem!r}, which is no file name",
            remedy="let ids read <name>#<number>",
        )
    if stem in jobs:
        raise FormatError(
            f"{str(path)!r} and {jobs[stem].source!r} both hold a report {stem!r}",
            remedy="rename one of them",
        )


def _all_of(problems: Sequence[InputError]) -> InputError:
    if len(problems) == 1:
        return problems[0]
    shown = [str(problem) for problem in problems[:_SHOWN]]
    if len(problems) > _SHOWN:
        shown.append(f"and {len(problems) - _SHOWN} more")
    return UnreadableInput(f"{len(problems)} files cannot be read: " + " | ".join(shown))


def with_old(read: list[Job], out: Path, old: dict[str, Any]) -> list[Job]:
    """The new reports and, of the old ones, those that are not replaced by them."""
    jobs = {job.report.stem: job for job in read}
    for stem, record in old.get("reports", {}).items():
        if stem not in jobs:
            report = cache.read(out, stem).report
            jobs[stem] = Job(report, record["source"], record["sha256"])
    return [jobs[stem] for stem in sorted(jobs)]


def read_decisions(
    path: Path | None, paths: Sequence[Path], out: Path
) -> tuple[decided.Decision, ...]:
    """The reviewed names; where the same is decided twice, what stands in ``out`` holds."""
    if path is not None:
        return decided.named(path)
    folders = [item if item.is_dir() else item.parent for item in paths]
    tables = dict.fromkeys((folder_ / decided.NAME).absolute() for folder_ in (*folders, out))
    return tuple(item for table in tables for item in decided.read(table))


def read_table(
    path: Path | None, out: Path | None, reviewed: Sequence[decided.Decision]
) -> tuple[Links | None, str | None]:
    """The user's links and the text of their file; those of ``out`` where none are named."""
    if path is None and out is not None and (out / folder.LINKS).is_file():
        path = out / folder.LINKS
    links = read_links(path) if path else Links()
    text = path.read_text(encoding="utf-8-sig") if path else None
    pairs = tuple(
        LinkDecision(left, right, verdict, kind)
        for left, right, verdict, kind in decided.joins(reviewed)
    )
    return Links((*links.decisions, *pairs)), text
