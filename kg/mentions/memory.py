"""The report's own memory: names found once are looked for everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kg.mentions import candidates as cd
from kg.mentions.candidates import Candidates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.mentions.finders import View

    Floats = NDArray[np.float32]

__all__ = ["recall"]

_SURE = 0.6
_SHORTEST = 2


def recall(candidates: Candidates, confidence: Floats, view: View) -> Candidates:
    """Add the other places where the strings of sure candidates stand in the report."""
    from ahocorasick_rs import AhoCorasick, MatchKind

    sure = np.flatnonzero((confidence > _SURE) & (candidates.end - candidates.start >= _SHORTEST))
    kinds: dict[str, set[int]] = {}
    for number in sure.tolist():
        text = view.text[int(candidates.start[number]) : int(candidates.end[number])]
        kinds.setdefault(text, set()).add(int(candidates.kind[number]))
    if not kinds:
        return candidates
    strings = sorted(kinds)
    automaton = AhoCorasick(strings, matchkind=MatchKind.LeftmostLongest)
    found = [
        (start, end, kind)
        for number, start, end in automaton.find_matches_as_indexes(view.text)
        for kind in kinds[strings[number]]
    ]
    return cd.merge([candidates, cd.from_spans(found, "memory")])
