"""The exceptions zhengpu raises, all under one root.

Our exception hierarchy::

    ZhengpuError
      ├─ InputError          a file that cannot be read as a report       (exit 2)
      │    ├─ MissingInput       no such file or folder, or nothing in it
      │    ├─ UnreadableInput    binary, empty, wrongly encoded, too large
      │    └─ FormatError        a broken line, an unknown format
      ├─ UsageError          a value outside the choices it has           (exit 2)
      ├─ ModelError          a tagger's weights missing or damaged        (exit 2)
      ├─ MissingExtra        an optional dependency is not installed      (exit 2)
      ├─ OutputError         an output that cannot be written             (exit 2)
      ├─ QueryError          SPARQL that does not parse or run            (exit 2)
      └─ ConformanceError    data that breaks a shape or a threshold      (exit 1)

Each message names the value, the choices where there are any, and the way out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = [
    "ConformanceError",
    "FormatError",
    "InputError",
    "MissingExtra",
    "MissingInput",
    "ModelError",
    "OutputError",
    "QueryError",
    "UnreadableInput",
    "UsageError",
    "ZhengpuError",
    "nearest",
]


class ZhengpuError(Exception):
    """Root of all errors that are told to the user in one line.

    Args:
        problem: what is wrong, with the offending value in it.
        choices: the values that would have been accepted.
        remedy: what to do about it, as an imperative sentence.
    """

    exit_status = 2

    def __init__(self, problem: str, *, choices: Iterable[str] = (), remedy: str = "") -> None:
        self.problem = problem
        self.choices = tuple(choices)
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = [self.problem]
        if self.choices:
            parts.append(f"choose from: {', '.join(self.choices)}")
        if self.remedy:
            parts.append(self.remedy)
        return "; ".join(parts)


class InputError(ZhengpuError):
    """A file that cannot be read as a report."""


class MissingInput(InputError):
    """No such file or folder, or a folder with nothing to read in it."""


class UnreadableInput(InputError):
    """A file that is binary, empty, wrongly encoded or too large."""


class FormatError(InputError):
    """A file whose form is broken or not known."""


class UsageError(ZhengpuError):
    """A value outside the choices it has."""


class ModelError(ZhengpuError):
    """A tagger's weights are missing, damaged or of another version."""


class MissingExtra(ZhengpuError):
    """An optional dependency is not installed."""


class OutputError(ZhengpuError):
    """An output that cannot be written."""


class QueryError(ZhengpuError):
    """A SPARQL query that does not parse or does not run."""


class ConformanceError(ZhengpuError):
    """Data that breaks a shape, or a figure below its threshold."""

    exit_status = 1


_NEAR: Final = 5
_ALIKE: Final = 0.4
"""Least likeness (difflib's ratio) of a name that is offered instead of another."""


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """Some names to choose from instead of one that is not there: those that hold it, or like it.

    Args:
        name: what was asked for.
        names: what there is.
    """
    from difflib import get_close_matches

    known = sorted(set(names))
    inside = [item for item in known if name in item]
    return inside[:_NEAR] or get_close_matches(name, known, n=_NEAR, cutoff=_ALIKE)
