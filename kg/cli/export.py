"""``kg export``: the graph for other systems."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli.common import GRAPH, emit
from kg.errors import UsageError


@click.command("export")
@GRAPH
@click.option(
    "--format",
    "form",
    required=True,
    type=click.Choice(
        ["turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml", "graphml", "gexf", "csv"]
    ),
    help="Form of the output; csv is a ZIP of four tables.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write; stdout if none."
)
def command(graph: str, form: str, output: Path | None) -> None:
    r"""Hand the graph to other systems.

    csv is a ZIP of four tables: entities, relations, observations and milestones.

    \b
    Example:
      kg export -g build --format jsonld -o graph.jsonld
    """
    from kg import store

    if form == "csv" and output is None and sys.stdout.isatty():
        raise UsageError("csv is a ZIP, which no terminal shows", remedy="name a file with -o")

    emit(store.export(Path(graph), form), output)
