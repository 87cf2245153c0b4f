"""Files and folders of reports: which are read, and as what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from kg.errors import FormatError, MissingInput, UnreadableInput
from kg.model import Report
from kg.text.assemble import from_string, read_paragraphs
from kg.text.encoding import MAX_BYTES, decode
from kg.text.formats import DOCUMENTS, extract

__all__ = ["SUFFIXES", "discover", "parse_jsonl", "read"]

SUFFIXES: Final = (".txt", ".md", ".jsonl", ".html", ".docx", ".pdf")
"""File name endings that are read as reports."""

_NO_REPORT: Final = re.compile(r"\.|~\$|readme\b", re.IGNORECASE)
"""Hidden files, locks of word processors, and notes about the folder."""

_ALIASES: Final = {".htm": ".html", ".markdown": ".md", ".text": ".txt", "": ".txt"}


def read(path: Path, *, max_bytes: int = MAX_BYTES) -> list[Report]:
    """The reports of a file: one, or of JSON Lines one for each stem of its ids.

    Args:
        path: a file whose name ends in one of :data:`SUFFIXES`.
        max_bytes: largest size that is read.

    Raises:
        MissingInput: there is no such file.
        UnreadableInput: it is empty, binary, wrongly encoded or too large.
        FormatError: its form is not known, or a line of it is broken.
        MissingExtra: its form needs an optional dependency.
    """
    suffix = path.suffix.lower()
    suffix = _ALIASES.get(suffix, suffix)
    name = str(path)
    data = _bytes(path, max_bytes)
    if suffix not in SUFFIXES:
        raise FormatError(
            f"{name} has a form that is not read ({path.suffix!r})",
            choices=SUFFIXES,
            remedy="save it as one of these",
        )
    if suffix in DOCUMENTS:
        return [from_string(extract(data, suffix, name), path.stem)]
    text = decode(data, name, max_bytes=max_bytes)
    if suffix == ".jsonl":
        return read_paragraphs(parse_jsonl(text, name), stem=path.stem, name=name)
    return [from_string(text, path.stem, suffix)]


def discover(paths: Iterable[Path]) -> list[Path]:
    """The report files among files and folders, in a fixed order.

    A file that is named is taken as it is; of a folder and the folders in it those files
    are taken whose names end in one of :data:`SUFFIXES`, but no hidden ones and no README.
    A file that is named twice is read once.

    Raises:
        MissingInput: a path does not exist, or a folder holds no reports.
        FormatError: two files have the same stem, so that their paragraphs would too.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            files = sorted(_reports_in(path))
            if not files:
                raise MissingInput(
                    f"folder {str(path)!r} holds no reports",
                    choices=SUFFIXES,
                    remedy="put files of these forms into it",
                )
        elif path.exists():
            files = [path]
        else:
            raise _missing(path)
        for file in files:
            found.setdefault(file.resolve(), file)
    _check_stems(found.values())
    return list(found.values())


def _reports_in(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inner = path.relative_to(folder).parts
        if path.is_file() and not any(_NO_REPORT.match(part) for part in inner):
            suffix = path.suffix.lower()
            if suffix and _ALIASES.get(suffix, suffix) in SUFFIXES:
                yield path


def _check_stems(files: Iterable[Path]) -> None:
    stems: dict[str, Path] = {}
    for file in files:
        other = stems.setdefault(file.stem, file)
        if other is not file:
            raise FormatError(
                f"{str(other)!r} and {str(file)!r} would both be report {file.stem!r}",
                remedy="rename one of them",
            )


def _bytes(path: Path, max_bytes: int) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise FormatError(f"{str(path)!r} is a folder", remedy="name a file in it")
        if size > max_bytes:
            raise UnreadableInput(
                f"{path} is too large ({size:,} bytes, at most {max_bytes:,} are read)",
                remedy="split it into one file a report",
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _missing(path) from error
    except OSError as error:
        raise UnreadableInput(
            f"cannot read {str(path)!r} ({error.strerror})", remedy="check its permissions"
        ) from error


def _missing(path: Path) -> MissingInput:
    return MissingInput(f"there is no file or folder {str(path)!r}", remedy="check the path")


def parse_jsonl(text: str, name: str) -> Iterator[dict[str, Any]]:
    """The JSON objects of a text, one a line; blank lines are passed over.

    Raises:
        FormatError: a line is not a JSON object; it names the line.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = getattr(error, "msg", "nested too deeply")
            raise FormatError(
                f"{name}, line {number}: not JSON ({reason})",
                remedy='give one object {"id", "text"} a line',
            ) from error
        if not isinstance(record, dict):
            raise FormatError(
                f"{name}, line {number}: not a JSON object",
                remedy='give one object {"id", "text"} a line',
            )
        yield record
