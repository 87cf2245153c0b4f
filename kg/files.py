"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from kg.errors import OutputError

__all__ = ["make_folder", "write_atomic"]


def make_folder(path: Path) -> Path:
    """Create a folder with its parents.

    Raises:
        OutputError: it cannot be created, or a file stands in its place.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot create folder {str(path)!r} ({error.strerror})",
            remedy="name a folder that can be written to",
        ) from error
    return path


def write_atomic(path: Path, content: str | bytes) -> Path:
    """Write a file by way of a temporary one beside it, so that no half file is seen.

    Text is written as UTF-8 with the line breaks it has.

    Raises:
        OutputError: the disk is full, or the place cannot be written to; whatever stood
            at ``path`` is untouched.
    """
    data = content.encode() if isinstance(content, str) else content
    temporary: str | None = None
    try:
        if path.exists() and not path.is_file():
            # A device or a pipe is written to; replacing it would take it away.
            with path.open("wb") as stream:
                stream.write(data)
            return path
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
        raise OutputError(
            f"cannot write {str(path)!r} ({error.strerror})",
            remedy="free some space or name another place",
        ) from error
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
