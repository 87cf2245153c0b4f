"""Names that reports of many places use: the table ``known_names.tsv``."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from kg import lexicon
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["known_names", "table"]

SOURCE = (
    "# Names that a tagger finds in the newest reports of at least {least} of {places} places,"
    " most often as this kind; made by kg.training.names, do not edit."
)
_LOCAL = re.compile(r"^(?:省|市|区|县|州|旗|自治区|全省|全市|人大|政协|[一-鿿]{2,3}(?:省|市)委)")


def known_names(
    reports: Iterable[Iterable[tuple[str, int]]], least: int = 6
) -> list[tuple[str, str, int]]:
    """Names with their kind and in how many reports they were found.

    Args:
        reports: for each place's report the names found in it, as (text, kind).
        least: names of fewer reports are left out, and so are names that only say the
            level of what they name (市委), and the words of ``tables/not_names.tsv``.
    """
    counts: Counter[tuple[str, int]] = Counter()
    for found in reports:
        counts.update(set(found))
    never = frozenset(lexicon.words("not_names"))
    best: dict[str, tuple[int, int]] = {}
    for (text, kind), count in counts.items():
        if count >= least and len(text) > 1 and text not in never and not _LOCAL.match(text):
            best[text] = max(best.get(text, (0, 0)), (count, kind))
    return [(text, KINDS[kind], count) for text, (count, kind) in sorted(best.items())]


def table(names: list[tuple[str, str, int]], least: int, places: int) -> str:
    """The table's text."""
    rows = [f"{text}\t{kind}\t{count}" for text, kind, count in names]
    header = "name\tkind\tplaces"
    return "\n".join([SOURCE.format(least=least, places=places), header, *rows]) + "\n"
