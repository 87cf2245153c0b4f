"""Trained arrays on disk: one compressed ``.npz`` file that says its format."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.errors import ModelError
from kg.files import write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["reading", "write"]


@contextmanager
def reading(source: Path, what: str, form: int) -> Iterator[Mapping[str, NDArray[Any]]]:
    """The arrays of a file, for as long as the block runs.

    Args:
        source: the file.
        what: what it should hold, as errors call it.
        form: the number of the format that is understood.

    Raises:
        ModelError: the file is missing, damaged or of another format, or the block asks for
            an array that is not in it.
    """
    try:
        with np.load(source, allow_pickle=False) as data:
            if int(data["format"]) != form:
                raise ModelError(
                    f"{source} is a {what} of format {int(data['format'])}",
                    choices=[str(form)],
                    remedy="train it anew",
                )
            yield data
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(
            f"no {what} can be read ({error})", remedy="train one or use --model none"
        ) from error


def write(path: Path, form: int, arrays: Mapping[str, NDArray[Any]]) -> Path:
    """Write arrays with the number of their format, whole or not at all."""
    buffer = io.BytesIO()
    named: dict[str, Any] = {"format": np.int64(form), **arrays}
    np.savez_compressed(buffer, **named)
    return write_atomic(path, buffer.getvalue())
