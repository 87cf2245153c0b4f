"""``kg view``: the network as one page."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.common import GRAPH, emit
from kg.model import KINDS


@click.command("view")
@GRAPH
@click.option("--focus", default=None, metavar="NAME", help="Show what surrounds one thing.")
@click.option(
    "--depth", type=click.IntRange(1, 5), default=1, show_default=True, help="Steps around it."
)
@click.option(
    "--type", "types", multiple=True, type=click.Choice(KINDS), help="Show only these kinds."
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE.html")
def command(
    graph: str, focus: str | None, depth: int, types: tuple[str, ...], output: Path
) -> None:
    r"""Write the network as one self-contained HTML page.

    \b
    Example:
      kg view -g build -o network.html
      kg view -g build --focus 运河商务区 --depth 2 -o canal.html
    """
    from kg import view

    emit(view.network_page(Path(graph), focus=focus, depth=depth, types=types or None), output)
