"""``kg query``: SPARQL and named questions."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli.common import GRAPH, emit, note
from kg.errors import UsageError


@click.command("query")
@click.argument("query", required=False, metavar="[QUERY.rq | NAME | 'SELECT …']")
@GRAPH
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json", "ttl"]),
    default=None,
    help="Form of the answer; a table for people, CSV for pipes.",
)
@click.option("--list", "show_list", is_flag=True, help="List the named questions.")
@click.option(
    "-p", "--param", multiple=True, metavar="SLOT=VALUE", help="Fill a slot of a named question."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to a file.")
def command(
    query: str | None,
    graph: str,
    form: str | None,
    show_list: bool,
    param: tuple[str, ...],
    output: Path | None,
) -> None:
    r"""Ask the graph: SPARQL 1.1, or a question by its name.

    -g is a folder that `kg build` wrote, a Turtle or TriG file, or the URL of an endpoint.

    \b
    Example:
      kg query 主要指标目标 -g build
      kg query 'SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }' -g build --format csv
    """
    from kg import query as queries

    if show_list:
        for named in queries.named():
            emit(f"{named.name}\t{named.title}\t{named.description}\n")
        return
    if not query:
        raise UsageError("no query is given", remedy="name one, or see them with --list")
    if query == "-":
        query = sys.stdin.read()
    for item in param:
        if "=" not in item:
            raise UsageError(f"{item!r} fills no slot", remedy="write -p SLOT=VALUE")
    slots = dict(item.split("=", 1) for item in param)
    answer = queries.run(query, graph, slots=slots)
    emit(answer.render(form or ("table" if sys.stdout.isatty() else "csv")), output)
    if slots and answer.kind == "rows" and not answer.truth:
        for hint in queries.unknown(slots, graph):
            note(hint)
