"""``kg track``: targets against outcomes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.common import emit, read_reports
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.model import Extraction


@click.command("track")
@click.argument("reports", nargs=-1, metavar="[OLD NEW]")
@click.option("-g", "--graph", default=None, help="Folder that `kg build` wrote.")
@click.option("--place", default=None, help="The place whose reports are held together.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default=None,
    help="Form of the rows; a table for people, JSON for pipes.",
)
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    default=None,
    help="Write a page with bars and a time line.",
)
@click.option(
    "--model",
    type=click.Choice(["full", "light", "none"]),
    default="full",
    show_default=True,
    help="The learned tagger beside the grammar.",
)
def command(
    reports: tuple[str, ...],
    graph: str | None,
    place: str | None,
    form: str | None,
    html: Path | None,
    model: str,
) -> None:
    r"""Hold the targets of one report against what the next one says of them.

    \b
    Example:
      kg track guangdong-2023.txt guangdong-2024.txt
      kg track -g build --place 通州区 --html track.html
    """
    from kg import track

    if len(reports) == 2 and graph is None:
        result = track.follow(_extract(reports, model), place=place or "")
    elif graph is not None and place is not None and not reports:
        from kg import store

        result = track.follow(
            list(store.extractions(Path(graph))), place=place, links=store.links(Path(graph))
        )
    else:
        raise UsageError(
            "what to hold against what is not clear", remedy="give OLD NEW, or -g OUT --place NAME"
        )
    if html is not None:
        emit(track.page(result), html)
        return
    emit(track.render(result, form or ("table" if sys.stdout.isatty() else "json")))


def _extract(reports: tuple[str, ...], model: str) -> list[Extraction]:
    from kg import pipeline

    return [pipeline.extract(report, model=model) for report in read_reports(reports)]
