"""``kg ask``: a question in Chinese."""

from __future__ import annotations

import sys

import click

from kg.cli.common import GRAPH, emit, note
from kg.errors import UsageError


@click.command("ask")
@click.argument("question")
@GRAPH
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json"]),
    default=None,
    help="Form of the answer; a table for people, CSV for pipes.",
)
def command(question: str, graph: str, form: str | None) -> None:
    r"""Answer a question in Chinese by the named query that fits it.

    Which query was taken, and with which values, is told on stderr; where none fits, the
    nearest ones are named instead of an answer.

    \b
    Example:
      kg ask '2021年哪些学校投入使用？' -g build
    """
    from kg import query as queries

    reply = queries.ask(question, graph)
    if reply.answer is None:
        raise UsageError(reply.explanation)
    note(reply.explanation)
    emit(reply.answer.render(form or ("table" if sys.stdout.isatty() else "csv")))
