"""``kg extract``: what reports say, as JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from kg.cli.common import MIN_SCORE, MODEL, emit, progress_bar, read_reports

if TYPE_CHECKING:
    from kg.model import Extraction


@click.command("extract")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl"]),
    default="jsonl",
    show_default=True,
    help="Form of the output.",
)
@MODEL
@MIN_SCORE
@click.option("--unexplained", is_flag=True, help="List the numbers that nothing explains instead.")
def command(
    files: tuple[str, ...], form: str, model: str, min_score: float | None, unexplained: bool
) -> None:
    r"""Read reports and print one JSON object a paragraph.

    FILE is a .txt, .md or .jsonl file, a folder, or - for stdin.

    \b
    Example:
      kg extract data/reports/tongzhou-2021.txt | head -3
      kg extract - --model light < report.txt > report.jsonl
    """
    from kg import pipeline

    # Everything is read before anything is printed: a bad file among several loses nothing.
    reports = list(read_reports(files))
    with progress_bar() as progress:
        task = progress.add_task("extracting", total=len(reports))
        for report in reports:
            extraction = pipeline.extract(report, model=model, min_score=min_score)
            if unexplained:
                emit("".join(_unexplained(extraction)))
            else:
                emit(pipeline.as_given(extraction).to_jsonl())
            progress.advance(task)


def _unexplained(extraction: Extraction) -> Iterator[str]:
    from kg.statements import observations

    for paragraph, annotation in extraction.pairs():
        numbers = observations.unexplained(paragraph, annotation.entities, annotation.observations)
        for start, end, why in numbers:
            context = paragraph.text[max(0, start - 12) : end + 12]
            record = {
                "id": paragraph.id,
                "start": start,
                "end": end,
                "number": paragraph.text[start:end],
                "why": why,
                "context": context,
            }
            yield json.dumps(record, ensure_ascii=False) + "\n"
