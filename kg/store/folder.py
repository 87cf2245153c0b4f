"""The layout of an output folder, and how it is replaced whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from kg.entities import Decision, Links
from kg.errors import OutputError
from kg.rdf.opened import FORM, MANIFEST, STORE, TURTLE, read_manifest

__all__ = [
    "CACHE",
    "LEDGER",
    "LINKS",
    "MANIFEST",
    "NETWORK",
    "STORE",
    "TEXTS",
    "TRIG",
    "TURTLE",
    "keep",
    "links",
    "manifest_text",
    "replacing",
    "sizes",
    "write_pieces",
]

TRIG: Final = "graph.trig"
NETWORK: Final = "network.html"
TEXTS: Final = "texts"
CACHE: Final = "extractions"
LINKS: Final = "links.tsv"
LEDGER: Final = "ledger.sqlite"
_OWN: Final = (TURTLE, TRIG, NETWORK, TEXTS, STORE, CACHE, LEDGER, LINKS, MANIFEST)


def links(out: Path) -> Links:
    """What a person joined or kept apart in the graph of a folder, by links or by review.

    Raises:
        MissingInput: no build wrote the folder.
    """
    return Links(tuple(Decision(**item) for item in read_manifest(out).get("links", ())))


def manifest_text(content: Mapping[str, Any]) -> str:
    """``build.json``: keys in order, no time and no path in it."""
    record = {"form": FORM, **content}
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write_pieces(path: Path, pieces: Iterable[str]) -> None:
    """Write a text file piece by piece, as UTF-8 with the line breaks it has."""
    with path.open("w", encoding="utf-8", newline="", buffering=1 << 20) as stream:
        stream.writelines(pieces)


def sizes(out: Path) -> dict[str, int]:
    """The sizes of the graph files, by which it is seen that nobody else wrote them."""
    return {name: (out / name).stat().st_size for name in (TURTLE, TRIG)}


def keep(old: Path, new: Path, *, besides: Collection[str] = ()) -> None:
    """Take the files of a folder over into a new one, which may share their bytes.

    Only for files that are never written to again: where the disk allows it they are
    linked and not copied.

    Args:
        old: the folder.
        new: the new one; made if it is not there.
        besides: names of files to leave out.
    """
    new.mkdir(exist_ok=True)
    for item in old.iterdir():
        if item.name in besides or not item.is_file():
            continue
        try:
            os.link(item, new / item.name)
        except OSError:
            shutil.copyfile(item, new / item.name)


class _StrandedError(OSError):
    """Files of the old folder could neither be replaced nor put back."""


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A new folder to fill; on success its items take their places in ``out``.

    Files of ``out`` that no build writes stay as they are.  If the body raises, or an
    item cannot be moved, ``out`` is left as it was.

    Raises:
        OutputError: ``out`` cannot be written to, the disk is full, or a file of another
            origin has the name of one that would be written.
    """
    existed = out.is_dir()
    _refuse_foreign(out)
    made: list[Path] = []
    work: Path | None = None
    stranded = False
    try:
        made = _make_parents(out)
        home = out if existed else out.parent
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}.building-", dir=home))
        os.chmod(work, 0o777 & ~_umask())
        yield work
        if existed:
            _swap_items(work, out)
        else:
            os.rename(work, out)
            work, made = None, []
    except OSError as error:
        stranded = isinstance(error, _StrandedError)
        if isinstance(error, FileNotFoundError) and not _near(error.filename, out.parent):
            raise  # a file of the program is missing: no fault of the output
        raise OutputError(
            f"cannot write {str(out)!r} ({error.strerror or error})",
            remedy="free some space or name a folder that can be written to",
        ) from error
    finally:
        if work is not None and not stranded:
            shutil.rmtree(work, ignore_errors=True)
        if not existed and not out.exists():
            for folder in reversed(made):
                with suppress(OSError):
                    folder.rmdir()


def _near(name: object, folder: Path) -> bool:
    """Whether a path lies in a folder or on the way to it."""
    if not isinstance(name, str | Path):
        return False
    path, here = Path(name).resolve(), folder.resolve()
    return path == here or here in path.parents or path in here.parents


def _refuse_foreign(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise OutputError(f"{str(out)!r} is a file", remedy="name a folder")
    if not out.is_dir() or (out / MANIFEST).exists():
        return
    for name in _OWN:
        if (out / name).exists():
            raise OutputError(
                f"{str(out / name)!r} exists and was not written by a build",
                remedy="move it away or name another folder",
            )


def _make_parents(out: Path) -> list[Path]:
    missing = []
    parent = out.parent
    while not parent.exists():
        missing.append(parent)
        parent = parent.parent
    out.parent.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _swap_items(work: Path, out: Path) -> None:
    """Move each item into its place, and everything back if one of them fails."""
    old = Path(tempfile.mkdtemp(prefix=".replaced-", dir=work))
    done: list[tuple[Path, Path]] = []
    try:
        for name in _OWN:
            if (out / name).exists():
                os.rename(out / name, old / name)
                done.append((old / name, out / name))  # where it is now, where it was
        for item in sorted(work.iterdir()):
            if item != old:
                os.rename(item, out / item.name)
                done.append((out / item.name, item))
    except OSError as error:
        _take_back(done, old, error)
        raise


def _take_back(done: list[tuple[Path, Path]], old: Path, error: OSError) -> None:
    """Undo the moves; what cannot be moved back stays where it is and is told."""
    stuck = []
    for now, before in reversed(done):
        try:
            os.rename(now, before)
        except OSError:
            stuck.append(now)
    if any(old in path.parents for path in stuck):
        raise _StrandedError(error.errno, f"{error.strerror}; earlier files are in {str(old)!r}")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
