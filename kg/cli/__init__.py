"""The command line: one verb a module, loaded when it is called.

Only this room prints or exits.  Data goes to stdout, notes and progress to stderr.
Exit status: 0 fine, 1 the data does not conform, 2 wrong use or unreadable input,
3 internal fault.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Final

import click

from kg.errors import ZhengpuError

__all__ = ["VERBS", "main", "program"]

VERBS: Final = {
    "build": "read reports and write graph, store and network page",
    "extract": "print what reports say, one JSON object a paragraph",
    "query": "ask the graph by SPARQL or by a named question",
    "ask": "ask the graph a question in Chinese",
    "view": "write the network as one HTML page",
    "track": "hold targets of one report against the outcomes of the next",
    "link": "explain why names are one thing or two",
    "export": "hand the graph to other systems",
    "validate": "check the graph against its shapes",
    "evaluate": "score the extraction against gold",
    "serve": "run the SPARQL endpoint and the explorer",
    "train": "train the tagger and the span scorer",
}
"""The verbs, in the order of ``kg --help``."""

_INTERRUPTED = 130


class _LazyGroup(click.Group):
    """A group that imports a verb's module only when the verb is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command = importlib.import_module(f"kg.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        command.help = _unwrapped(command.help)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS:
            raise click.UsageError(
                f"no verb is called {args[0]!r}; choose from: {', '.join(VERBS)}", ctx
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zhengpu", prog_name="kg")
def program() -> None:
    r"""Read Chinese local-government reports and build a knowledge graph of them.

    \b
    Example:
      kg build data/reports/tongzhou-2021.txt -o build
      kg query 主要指标目标 -g build
    """


def _unwrapped(text: str | None) -> str | None:
    """The help with the mark that keeps click from wrapping the paragraph behind it."""
    return text and text.replace("\\b\n", "\b\n")


program.help = _unwrapped(program.help)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its status."""
    for stream in (sys.stdout, sys.stderr):
        # A pipe or an old console may be set to another encoding; Chinese needs UTF-8.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        status = program.main(args=arguments, prog_name="kg", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except click.ClickException as error:
        path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
        told = " ".join(error.format_message().split()).rstrip(".")
        click.echo(f"kg: {told}" + (f"; see {path} --help" if path else ""), err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("kg: interrupted", err=True)
        return _INTERRUPTED
    except ZhengpuError as error:
        click.echo(f"kg: {error}", err=True)
        return error.exit_status
    except BrokenPipeError:
        # The reader of the pipe has seen enough.
        _close_stdout()
        return 0
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG):
            return _fault(error)
        _close_stdout()
        click.echo(f"kg: the output cannot be written ({error.strerror})", err=True)
        return 2
    except Exception as error:
        return _fault(error)


def _fault(error: Exception) -> int:
    if os.environ.get("KG_TRACEBACK"):
        traceback.print_exc()
    click.echo(
        f"kg: internal fault ({type(error).__name__}: {error}); "
        "set KG_TRACEBACK=1 to see where, and please report it",
        err=True,
    )
    return 3


def _close_stdout() -> None:
    """Let what is left in the buffer go nowhere, so that Python does not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
