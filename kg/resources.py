"""The data the package ships: ontology, queries, word tables, models.

In a checkout ``ontology/`` stands beside the package; in a wheel it lies inside it.  Models
of one's own (``kg train``) are taken from the folder that ``ZHENGPU_MODELS`` names.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

__all__ = ["path", "read"]

_PACKAGE = Path(__file__).resolve().parent


@cache
def path(name: str) -> Path:
    """The place of a shipped file or folder, e.g. ``ontology/zhengpu.ttl``, ``tables/units.tsv``.

    Raises:
        FileNotFoundError: nothing of that name is shipped.
    """
    own = os.environ.get("ZHENGPU_MODELS")
    if own and name.startswith("models/"):
        candidate = Path(own) / name.removeprefix("models/")
        if candidate.exists():
            return candidate
    for root in (_PACKAGE, _PACKAGE.parent):
        candidate = root / name
        if candidate.exists():
            return candidate
    raise FileNotFoundError(f"the package ships no {name!r}")


def read(name: str) -> str:
    """The text of a shipped file."""
    return path(name).read_text(encoding="utf-8")
