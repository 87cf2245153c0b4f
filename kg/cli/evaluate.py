"""``kg evaluate``: precision, recall and F1 against gold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from statistics import mean, pstdev
from typing import TYPE_CHECKING, Any

import click

from kg.cli.common import MIN_SCORE, MODEL, emit, note, progress_bar, stdout_console
from kg.errors import ConformanceError, UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from kg.evaluation import Agreement, Score, Scores


@click.command("evaluate")
@click.argument("gold", nargs=-1, metavar="GOLD.jsonl…")
@click.option(
    "--reports",
    type=click.Path(path_type=Path),
    help="Folder of the whole reports (<stem>.txt) the gold paragraphs come from.",
)
@MODEL
@MIN_SCORE
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Form of the output.",
)
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    help="Your table of reviewed names: how many of them are found as you decided.",
)
@click.option("--errors", is_flag=True, help="List misses and extras.")
@click.option(
    "--require",
    multiple=True,
    metavar="LAYER=F1",
    help="Exit with status 1 if the F1 of a layer is lower, e.g. 'entities exact=0.5'.",
)
def command(
    gold: tuple[str, ...],
    reports: Path | None,
    model: str,
    min_score: float | None,
    form: str,
    decisions: Path | None,
    errors: bool,
    require: tuple[str, ...],
) -> None:
    r"""Score the extraction against annotated paragraphs, or against a person's decisions.

    \b
    Example:
      kg evaluate data/gold/tongzhou-2021.jsonl --reports data/reports --errors
      kg evaluate --decisions build/decisions.tsv --reports data/reports
    """
    from kg import decisions as decided
    from kg import evaluation

    thresholds = _thresholds(require, evaluation.LAYERS)
    paths = [Path(name) for name in gold]
    if not paths and decisions is None:
        raise UsageError("there is nothing to score against", remedy="name GOLD.jsonl files")
    if decisions is not None and reports is None:
        raise UsageError("decisions are on whole reports", remedy="name their folder by --reports")
    table = () if decisions is None else decided.named(decisions)
    agreement = None
    with progress_bar() as progress:
        stems = list(evaluation.read_gold(paths))
        total = len(stems) + len({item.report for item in table})
        task = progress.add_task("evaluating", total=total)

        def advance(_: str) -> None:
            progress.advance(task)

        scores = evaluation.evaluate(
            paths, reports=reports, model=model, min_score=min_score, progress=advance
        )
        if reports is not None and decisions is not None:
            agreement = evaluation.judge(
                table, reports, model=model, min_score=min_score, progress=advance
            )
    alone = [stem for stem in stems if reports and not (reports / f"{stem}.txt").is_file()]
    if alone:
        note(
            f"{len(alone)} of {len(stems)} annotated reports are not in {str(reports)!r} "
            f"({alone[0]}.txt); their paragraphs were read alone"
        )
    if form == "json":
        record = _as_dict(scores, errors) if paths else {}
        if agreement is not None:
            record["decisions"] = asdict(agreement)
        emit(json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    else:
        if paths:
            _print_tables(scores, errors)
        if agreement is not None:
            _print_agreement(agreement)
    short = [
        f"{layer} reaches {scores.total[layer].f1:.3f} of {wanted}"
        for layer, wanted in thresholds.items()
        if scores.total[layer].f1 < wanted
    ]
    if short:
        raise ConformanceError("; ".join(short))


def _thresholds(require: tuple[str, ...], layers: tuple[str, ...]) -> dict[str, float]:
    thresholds = {}
    for item in require:
        layer, _, figure = item.partition("=")
        if layer not in layers:
            raise UsageError(f"no layer is called {layer!r}", choices=layers)
        try:
            thresholds[layer] = float(figure)
        except ValueError:
            raise UsageError(f"{figure!r} is no F1 to require", remedy="write LAYER=0.5") from None
    return thresholds


def _figures(score: Score) -> dict[str, Any]:
    return {
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "f1": round(score.f1, 4),
        "right": score.right,
        "found": score.found,
        "gold": score.gold,
    }


def _as_dict(scores: Scores, errors: bool) -> dict[str, Any]:
    def nested(figures: Mapping[str, Mapping[str, Score]]) -> dict[str, Any]:
        return {
            name: {key: _figures(score) for key, score in inner.items()}
            for name, inner in figures.items()
        }

    record: dict[str, Any] = {
        "total": {layer: _figures(score) for layer, score in scores.total.items()},
        "by_kind": nested(scores.by_kind),
        "by_report": nested(scores.by_report),
    }
    if errors:
        record["errors"] = [
            {
                "id": item.paragraph,
                "layer": item.layer,
                "problem": item.problem,
                "item": item.item,
            }
            for item in scores.differences
        ]
    return record


def _print_tables(scores: Scores, errors: bool) -> None:
    console = stdout_console()
    table = _table("total", "layer")
    for layer, score in scores.total.items():
        _row(table, layer, score)
    console.print(table)
    for layer, kinds in scores.by_kind.items():
        table = _table(f"{layer}, by kind", "kind")
        for kind, score in kinds.items():
            _row(table, kind, score)
        console.print(table)
    console.print(_report_table(scores))
    if errors:
        for item in scores.differences:
            console.print(
                f"{item.paragraph}\t{item.layer}\t{item.problem}\t{item.item}", markup=False
            )


def _print_agreement(agreement: Agreement) -> None:
    from rich.table import Table

    table = Table(title="decisions", title_justify="left")
    table.add_column("verdict")
    for column in ("agreed", "decided"):
        table.add_column(column, justify="right")
    for verdict, count in agreement.decided.items():
        table.add_row(verdict, str(agreement.agreed[verdict]), str(count))
    if agreement.lost:
        table.caption = f"{agreement.lost} on reports or words that are not there"
    stdout_console().print(table)


def _table(title: str, first: str) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for column in ("P", "R", "F1", "right", "found", "gold"):
        table.add_column(column, justify="right")
    return table


def _row(table: Table, name: str, score: Score) -> None:
    table.add_row(
        name,
        *(f"{figure:.3f}" for figure in (score.precision, score.recall, score.f1)),
        *(str(count) for count in (score.right, score.found, score.gold)),
    )


def _report_table(scores: Scores) -> Table:
    from rich.table import Table

    table = Table(title="F1 by report", title_justify="left")
    table.add_column("report")
    layers = list(scores.total)
    for layer in layers:
        table.add_column(layer, justify="right")
    for stem, figures in scores.by_report.items():
        table.add_row(stem, *(f"{figures[layer].f1:.3f}" for layer in layers))
    columns = [[figures[layer].f1 for figures in scores.by_report.values()] for layer in layers]
    table.add_section()
    table.add_row("mean ± spread", *(f"{mean(c):.3f} ± {pstdev(c):.3f}" for c in columns))
    return table
