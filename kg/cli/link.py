"""``kg link``: why names are one thing or two."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.common import GRAPH, emit


@click.command("link")
@GRAPH
@click.option("--explain", "name", required=True, metavar="NAME", help="Any name of the thing.")
@click.option(
    "--links",
    type=click.Path(path_type=Path),
    help="Your table of names to join or keep apart; that of the graph if none is given.",
)
def command(graph: str, name: str, links: Path | None) -> None:
    r"""Explain why names are one thing or two.

    \b
    Example:
      kg link -g build --explain 副中心
    """
    from kg import entities, store

    decisions = store.links(Path(graph)) if links is None else entities.read_links(links)
    linked = entities.link(store.extractions(Path(graph)), decisions=decisions)
    emit(entities.explain(linked, name))
