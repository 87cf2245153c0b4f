"""Reports that a person reviewed: how far the program agrees, and what can be learned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg import decisions, pipeline, text
from kg.decisions import ON_NAMES, Decision
from kg.evaluation.run import check_folder
from kg.model import Annotation, Extraction

__all__ = ["Agreement", "judge", "reviewed"]


@dataclass(frozen=True)
class Agreement:
    """How many of a person's decisions the program comes to by itself.

    Attributes:
        agreed: by verdict.
        decided: by verdict, those whose words stand in the paragraph.
        lost: decisions on reports or words that are not there.
    """

    agreed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ON_NAMES, 0))
    decided: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ON_NAMES, 0))
    lost: int = 0


def judge(
    table: Sequence[Decision],
    reports: Path,
    *,
    model: str = "full",
    min_score: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Agreement:
    """Read the reviewed reports without the decisions and compare.

    Args:
        table: the decisions; those on pairs of names are passed over.
        reports: folder of the reports (``<stem>.txt``).
        model: as for :func:`kg.pipeline.extract`.
        min_score: as there.
        progress: called with each stem when it is done.

    Raises:
        MissingInput: there is no such folder.
    """
    agreed, decided = dict.fromkeys(ON_NAMES, 0), dict.fromkeys(ON_NAMES, 0)
    wanted = [item for item in table if item.verdict in ON_NAMES]
    seen = 0
    for own, extraction in _read(wanted, reports, model, min_score):
        found = {paragraph.number: annotation for paragraph, annotation in extraction.pairs()}
        for item in own:
            annotation = found.get(item.paragraph)
            verdict = None if annotation is None else decisions.holds(annotation, item)
            if verdict is not None:
                seen += 1
                decided[item.verdict] += 1
                agreed[item.verdict] += verdict
        if progress is not None:
            progress(extraction.report.stem)
    return Agreement(agreed, decided, len(wanted) - seen)


def reviewed(
    table: Sequence[Decision], reports: Path, *, model: str = "full"
) -> tuple[Annotation, ...]:
    """The paragraphs in which names were decided on, as the person left them.

    What the person did not touch in such a paragraph is taken to be right.

    Args:
        table: the decisions.
        reports: folder of the reports (``<stem>.txt``).
        model: as for :func:`kg.pipeline.extract`.

    Raises:
        MissingInput: there is no such folder.
    """
    wanted = [item for item in table if item.verdict in ON_NAMES]
    kept = []
    for own, extraction in _read(wanted, reports, model, None):
        numbers = {item.paragraph for item in own}
        corrected = decisions.apply(extraction, own)
        kept += [one for paragraph, one in corrected.pairs() if paragraph.number in numbers]
    return tuple(kept)


def _read(
    table: Sequence[Decision], reports: Path, model: str, min_score: float | None
) -> Iterator[tuple[list[Decision], Extraction]]:
    """The decisions on each report that the folder holds, with what is found in it."""
    check_folder(reports)
    for stem in sorted({item.report for item in table}):
        path = reports / f"{stem}.txt"
        if path.is_file():
            (report,) = text.read(path)
            own = [item for item in table if item.report == stem]
            yield own, pipeline.extract(report, model=model, min_score=min_score)
