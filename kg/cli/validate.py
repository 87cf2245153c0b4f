"""``kg validate``: shapes and hygiene queries."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.common import GRAPH, emit, note
from kg.errors import ConformanceError


@click.command("validate")
@GRAPH
@click.option(
    "--findings", is_flag=True, help="Show where reports contradict each other, with both quotes."
)
def command(graph: str, findings: bool) -> None:
    r"""Check the graph against its shapes and hygiene queries; one line a violation.

    \b
    Example:
      kg validate -g build
      kg validate -g build --findings
    """
    from kg.rdf import checks

    if findings:
        found = checks.findings(Path(graph))
        for finding in found:
            emit(f"{finding}\n")
        silent = sum(finding.check == "target-without-news" for finding in found)
        note(
            f"{len(found) - silent} contradictions and {silent} targets past their year "
            f"without news in {graph!r}"
        )
        return
    violations = checks.validate(Path(graph))
    for violation in violations:
        emit(f"{violation}\n")
    if violations:
        raise ConformanceError(f"{len(violations)} violations in {graph!r}")
    note(f"{graph!r} conforms")
