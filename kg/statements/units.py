"""Units and counters: which stand in a text, how they are noted, what they measure."""

from __future__ import annotations

import re
from functools import cache

from kg import lexicon

__all__ = ["unit_at", "unit_kind"]


@cache
def _units() -> tuple[dict[str, str], dict[str, str], re.Pattern[str], re.Pattern[str]]:
    """Written → noted, noted → kind, and the patterns of all and of the Chinese-counted."""
    rows = lexicon.rows("units")
    noted = {row["written"]: row["unit"] for row in rows}
    kinds = {row["unit"]: row["kind"] for row in rows}

    def pattern(words: list[str]) -> re.Pattern[str]:
        words.sort(key=len, reverse=True)
        return re.compile(r"\s*(" + "|".join(map(re.escape, words)) + ")")

    counted = [row["written"] for row in rows if row["chinese"] == "1"]
    return noted, kinds, pattern(list(noted)), pattern(counted)


def unit_kind(unit: str) -> str:
    """What a unit measures: ``money``, ``percent``, ``count``, …; ``none`` if unknown."""
    return _units()[1].get(unit, "none")


@cache
def _traps() -> re.Pattern[str]:
    """Words that only begin with a counter (条件, 家园)."""
    return re.compile("|".join(map(re.escape, lexicon.words("unit_traps"))))


def unit_at(text: str, position: int, *, chinese: bool) -> tuple[str, int, int]:
    """The unit at a position: as noted, its start and its end; empty if there is none."""
    noted, _, every, counted = _units()
    match = (counted if chinese else every).match(text, position)
    if match is None:
        return "", position, position
    word, start = match[1], match.start(1)
    if len(word) == 1 and _traps().match(text, start) and (chinese or word not in "家个项"):
        return "", position, position
    return noted[word], start, match.end()
