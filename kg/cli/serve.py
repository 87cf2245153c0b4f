"""``kg serve``: SPARQL endpoint and explorer."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.common import GRAPH
from kg.errors import UsageError


@click.command("serve")
@GRAPH
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port."
)
@click.option("--review", is_flag=True, help="Let a person correct names (loopback only).")
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    help="Table that decisions go to with --review; decisions.tsv in the graph's folder if none.",
)
def command(graph: str, host: str, port: int, review: bool, decisions: Path | None) -> None:
    r"""Run the SPARQL 1.1 endpoint at /sparql and the explorer at /.

    \b
    Example:
      kg serve -g build --port 8000
      kg serve -g build --review --decisions reports/decisions.tsv
    """
    from kg import serve

    if decisions is not None and not review:
        raise UsageError("--decisions goes with --review", remedy="give both or neither")
    serve.serve(Path(graph), host=host, port=port, review=review, decisions=decisions)
