"""``kg build``: the main job."""

from __future__ import annotations

import time
from pathlib import Path

import click

from kg.cli.common import MIN_SCORE, MODEL, note, progress_bar


@click.command("build")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR…")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="OUT")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes that extract side by side.",
)
@click.option("--base", default=None, help="IRI under which resources are named.")
@MODEL
@MIN_SCORE
@click.option("--add", is_flag=True, help="Add to the reports that OUT already holds.")
@click.option(
    "--keep-going", is_flag=True, help="Leave out files that cannot be read; each is named."
)
@click.option(
    "--links",
    type=click.Path(path_type=Path),
    help="Your table of names to join or keep apart.",
)
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    help="Your table of reviewed names; decisions.tsv beside the reports if there is one.",
)
def command(
    files: tuple[str, ...],
    output: Path,
    jobs: int,
    base: str | None,
    model: str,
    min_score: float | None,
    add: bool,
    keep_going: bool,
    links: Path | None,
    decisions: Path | None,
) -> None:
    r"""Read reports and write graph, store and network page to OUT.

    OUT receives graph.ttl, graph.trig, network.html, texts/ and store/, all of them or
    none.

    \b
    Example:
      kg build data/reports/tongzhou-2021.txt -o build
      kg build reports/ -o build --jobs 2
    """
    from kg import store

    begun = time.perf_counter()
    if add and not output.exists():
        note(f"{str(output)!r} is not there yet: it is built from these files alone")
    with progress_bar() as progress:
        task = progress.add_task("reading", total=None)

        def show(stage: str, done: int, total: int) -> None:
            progress.update(task, description=stage, completed=done, total=total)

        result = store.build(
            [Path(name) for name in files],
            output,
            jobs=jobs,
            base=base,
            model=model,
            min_score=min_score,
            add=add,
            keep_going=keep_going,
            links=links,
            decisions=decisions,
            progress=show,
        )
    for line in result.summary():
        note(line)
    note(f"built {str(output)!r} in {time.perf_counter() - begun:.1f} s")
