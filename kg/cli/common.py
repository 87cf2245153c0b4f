"""What several verbs share: options, output, progress."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kg.files import write_atomic

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from kg.model import Report

__all__ = [
    "GRAPH",
    "MIN_SCORE",
    "MODEL",
    "emit",
    "note",
    "progress_bar",
    "read_reports",
    "stdout_console",
]

MODEL: Final = click.option(
    "--model",
    type=click.Choice(["full", "light", "none"]),
    default="full",
    show_default=True,
    help="The learned tagger beside the grammar.",
)
MIN_SCORE: Final = click.option(
    "--min-score",
    type=click.FloatRange(0, 1),
    default=None,
    help="Leave out what is less probable than this.",
)
GRAPH: Final = click.option(
    "-g",
    "--graph",
    "graph",
    default="build",
    show_default=True,
    help="Folder that `kg build` wrote.",
)


def note(message: str) -> None:
    """Tell something to the person, beside the data."""
    click.echo(message, err=True)


def emit(content: str | bytes, output: Path | None = None) -> None:
    """Write data to stdout, or whole into a file."""
    if output is not None:
        write_atomic(output, content)
    elif isinstance(content, bytes):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        click.echo(content, nl=False)


def stdout_console() -> Console:
    """A console for tables; plain and wide where stdout is no terminal."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 240, highlight=False)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on stderr, shown only to people."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        yield progress


def read_reports(files: tuple[str, ...]) -> Iterator[Report]:
    """Read files, folders and ``-`` (stdin: JSON Lines, or plain text) in order."""
    from kg import text

    for name in files:
        if name == "-":
            yield from _read_stdin()
        else:
            for path in text.discover([Path(name)]):
                yield from text.read(path)


def _read_stdin() -> list[Report]:
    from kg import text
    from kg.text.encoding import decode
    from kg.text.files import parse_jsonl

    content = decode(sys.stdin.buffer.read(), "stdin")
    if content.lstrip().startswith("{"):
        return text.read_paragraphs(parse_jsonl(content, "stdin"), stem="stdin", name="stdin")
    return [text.from_string(content, "stdin")]
