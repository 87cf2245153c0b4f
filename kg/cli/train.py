"""``kg train``: all that is learned, from annotated reports."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kg.cli.common import emit, note


@click.command("train")
@click.argument("gold", nargs=-1, required=True, metavar="GOLD.jsonl…")
@click.option(
    "--reports",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder of reports without annotation, to learn the language from.",
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="MODEL")
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    help="Your table of reviewed names; their paragraphs are learned from as well.",
)
@click.option(
    "--further",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="GOLD.jsonl",
    help="Paragraphs of other reports annotated less carefully: they count less and choose no"
    " threshold.  May be given again.",
)
@click.option(
    "--found",
    type=click.Path(path_type=Path),
    metavar="NAMES.jsonl",
    help="The found.jsonl of an earlier training: only milestones and relations are trained.",
)
@click.option("--quick", is_flag=True, help="A tiny model in a minute, to try the way.")
def command(
    gold: tuple[str, ...],
    reports: Path,
    output: Path,
    decisions: Path | None,
    further: tuple[Path, ...],
    found: Path | None,
    quick: bool,
) -> None:
    r"""Train taggers and scorers on annotated reports.

    Needs the extra `train`: pip install 'zhengpu[train]'.

    \b
    Example:
      kg train data/gold/*.jsonl --reports reports/ -o models/
      kg train data/gold/*.jsonl --reports reports/ --found models/found.jsonl -o new/
    """
    from kg import training

    figures = training.train(
        [Path(name) for name in gold],
        reports=reports,
        out=output,
        decisions=decisions,
        further=further,
        found=found,
        quick=quick,
        progress=note,
    )
    emit(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
