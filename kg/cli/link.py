"""``kg link``: why names are one thing or two."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.common import GRAPH, emit

if TYPE_CHECKING:
    from kg.entities import Links


@click.command("link")
@GRAPH
@click.option("--explain", "name", required=True, metavar="NAME", help="Any name of the thing.")
@click.option(
    "--links", type=click.Path(path_type=Path), help="Your table of names to join or keep apart."
)
def command(graph: str, name: str, links: Path | None) -> None:
    r"""Explain why names are one thing or two.

    \b
    Example:
      kg link -g build --explain 副中心
    """
    from kg import entities, store

    linked = entities.link(store.extractions(Path(graph)), decisions=_links(links))
    emit(entities.explain(linked, name))


def _links(path: Path | None) -> Links | None:
    from kg.entities import read_links

    return None if path is None else read_links(path)
