"""Variants of likely candidates: one word more or less, the parts of a list, a chain's links.

Taggers that find a name often miss its edge by one word.  The scorer can only choose the
right span if somebody proposes it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from kg import lexicon
from kg.mentions import candidates as cd
from kg.mentions.finders.base import PLACE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from kg.mentions.candidates import Candidates
    from kg.mentions.finders import View

__all__ = ["add", "without_chains"]

_LIKELY = 0.12
_SHORTEST = 2
_STOPS = frozenset("，。；：！？、“”‘’《》（）【】\n的等和与及")
_JOINTS = re.compile(r"[、和与及]")
_LOOSE_TAILS = frozenset({"建设", "项目", "工程", "工作", "体系", "二期", "一期", "三期"})


def add(candidates: Candidates, confidence: NDArray[np.float32], view: View) -> Candidates:
    """The candidates and the variants of the likely ones."""
    likely = np.flatnonzero(confidence > _LIKELY)
    found: set[tuple[int, int, int]] = set()
    for number in likely.tolist():
        start, end = int(candidates.start[number]), int(candidates.end[number])
        kind = int(candidates.kind[number])
        found.update((a, b, kind) for a, b in _variants(view, start, end))
    return cd.merge([candidates, cd.from_spans(sorted(found), "variants")])


def _variants(view: View, start: int, end: int) -> Iterator[tuple[int, int]]:
    words, text = view.words, view.text
    first, last = int(words.index[start]), int(words.index[end - 1])
    starts = words.starts
    inner = int(starts[first + 1])
    if end - inner >= _SHORTEST and text[inner] not in _STOPS:
        yield inner, end
    if view.edges[start] and first and words.texts[first - 1][0] not in _STOPS:
        yield int(starts[first - 1]), end
    if view.edges[end] and end < len(text):
        following = words.texts[last + 1]
        if following in _tails():
            yield start, end + len(following)
    final = words.texts[last]
    if final in _tails() and int(starts[last]) - start >= _SHORTEST:
        yield start, int(starts[last])
    if _JOINTS.search(text, start + 1, end - 1):
        yield from _parts(text, start, end)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The members of a list; one whose quotes or brackets the list's joints cut is no list."""
    begin = start
    depth = 0
    for place in range(start, end):
        char = text[place]
        depth += (char in "“（《") - (char in "”）》")
        if not depth and char in "、和与及":
            if place - begin >= _SHORTEST:
                yield begin, place
            begin = place + 1
    if begin > start and end - begin >= _SHORTEST:
        yield begin, end


@cache
def _tails() -> frozenset[str]:
    return frozenset(lexicon.words("class_nouns", "noun")) | _LOOSE_TAILS


def without_chains(candidates: Candidates) -> Candidates:
    """Leave out places that are two or more divisions in a row: each link is a name itself."""
    division = (candidates.sources & cd.BIT["divisions"]) > 0
    starts: dict[int, int] = {}
    for start, end in zip(
        candidates.start[division].tolist(), candidates.end[division].tolist(), strict=True
    ):
        starts[start] = max(starts.get(start, 0), end)
    keep = np.ones(len(candidates), bool)
    places = np.flatnonzero((candidates.kind == PLACE) & ~division)
    for number in places.tolist():
        place, end = int(candidates.start[number]), int(candidates.end[number])
        links = 0
        while place in starts and place < end:
            place = starts[place]
            links += 1
        keep[number] = not (links > 1 and place == end)
    return cd.Candidates(
        candidates.start[keep],
        candidates.end[keep],
        candidates.kind[keep],
        candidates.sources[keep],
    )
