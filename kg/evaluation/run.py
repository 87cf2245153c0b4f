"""Extract the annotated paragraphs of reports and score them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path

from kg import pipeline, text
from kg.errors import MissingInput
from kg.evaluation.scoring import Scores, score, squeeze
from kg.model import Annotation, Paragraph, Report, read_annotations

__all__ = ["check_folder", "evaluate", "locate", "read_gold"]


def read_gold(paths: Iterable[Path]) -> dict[str, list[Annotation]]:
    """Annotations by report stem, in reading order.

    Raises:
        MissingInput: a file does not exist, or holds no annotation.
        FormatError: a line is broken.
    """
    gold: dict[str, list[Annotation]] = {}
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise MissingInput(
                f"cannot read gold file {str(path)!r} ({error.strerror})",
                remedy="name a .jsonl file of annotations",
            ) from error
        annotations = read_annotations(lines, str(path))
        if not annotations:
            raise MissingInput(f"{str(path)!r} holds no annotated paragraph")
        for stem, group in groupby(annotations, key=lambda item: item.id.rpartition("#")[0]):
            gold.setdefault(stem, []).extend(group)
    return gold


def check_folder(reports: Path) -> None:
    """See that the folder of reports is there.

    Raises:
        MissingInput: it is not.
    """
    if not reports.is_dir():
        raise MissingInput(
            f"there is no folder of reports {str(reports)!r}", remedy="check the path"
        )


def evaluate(
    paths: Sequence[Path],
    *,
    reports: Path | None = None,
    model: str = "full",
    min_score: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Scores:
    """Score extraction on gold.

    Args:
        paths: ``.jsonl`` files of annotations.
        reports: folder of whole reports (``<stem>.txt``).  A gold paragraph is then read
            in its report, which gives the headings above it and the names beside it;
            without it the paragraphs of a gold file are read as a report of their own.
        model: as for :func:`kg.pipeline.extract`.
        min_score: as there.
        progress: called with each stem when it is done.
    """
    if reports is not None:
        check_folder(reports)
    pairs: list[tuple[Annotation, Annotation]] = []
    for stem, wanted in read_gold(paths).items():
        report, places = locate(stem, wanted, reports)
        found = pipeline.extract(report, model=model, min_score=min_score).annotations
        pairs.extend((one, found[place]) for one, place in zip(wanted, places, strict=True))
        if progress is not None:
            progress(stem)
    return score(pairs)


def locate(
    stem: str, annotations: Sequence[Annotation], reports: Path | None
) -> tuple[Report, list[int]]:
    """The report to read, and where in it each gold paragraph stands."""
    path = reports / f"{stem}.txt" if reports is not None else None
    if path is not None and path.exists():
        (report,) = text.read(path)
        places = [_find(annotation, report.paragraphs) for annotation in annotations]
        if all(place is not None for place in places):
            return report, [place for place in places if place is not None]
    records = [{"id": annotation.id, "text": annotation.text} for annotation in annotations]
    (report,) = text.read_paragraphs(records)
    return report, list(range(len(annotations)))


def _find(annotation: Annotation, paragraphs: Sequence[Paragraph]) -> int | None:
    wanted = squeeze(annotation.text)
    by_id: list[int] = [
        i for i, paragraph in enumerate(paragraphs) if paragraph.id == annotation.id
    ]
    candidates: list[int] = [*by_id, *range(len(paragraphs))]
    return next((i for i in candidates if squeeze(paragraphs[i].text) == wanted), None)
