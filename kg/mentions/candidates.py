"""Candidate names: every span that a tagger or a finder holds possible, each once a kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.mentions import chains, marks
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

__all__ = [
    "BIASES",
    "BIT",
    "SOURCES",
    "Candidates",
    "from_marginals",
    "from_paths",
    "from_spans",
    "mend",
    "merge",
]

SOURCES: Final = (
    "marginals",
    "path-0",
    "path-1",
    "second-marginals",
    "memory",
    "variants",
    "divisions",
    "organs",
    "meetings",
    "quotes",
    "class-nouns",
    "honours",
    "works",
    "known",
)
"""What can propose a candidate; each is one bit of ``Candidates.sources``."""

BIT: Final = {name: 1 << number for number, name in enumerate(SOURCES)}
BIASES: Final = (0.0, 1.0)
"""What is taken from the score of O for the paths that propose candidates."""

_MARKS = np.array([ord(char) for char in "“”‘’（）()《》【】〔〕「」"], np.uint32)
_LONGEST = 48
_ENDS_TRIED = 6
_LIKELY = 0.3
_KIND_FLOOR = 0.1


@dataclass(frozen=True, slots=True)
class Candidates:
    """Spans of a text with a kind each, sorted by start, end, kind; no two the same.

    Attributes:
        start: offsets.
        end: offsets.
        kind: numbers of kinds.
        sources: bits of :data:`SOURCES`.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    kind: NDArray[np.int64]
    sources: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start)

    def texts(self, text: str) -> list[str]:
        """The strings of the candidates."""
        return [text[a:b] for a, b in zip(self.start.tolist(), self.end.tolist(), strict=True)]


def from_spans(spans: Iterable[tuple[int, int, int]], source: str) -> Candidates:
    """Candidates of given (start, end, kind)."""
    table = np.array(list(spans), np.int64).reshape(-1, 3)
    bits = np.full(len(table), BIT[source], np.int64)
    return Candidates(table[:, 0], table[:, 1], table[:, 2], bits)


def from_marginals(
    marginals: NDArray[np.float32], floor: float = 0.005, source: str = "marginals"
) -> Candidates:
    """Spans whose begin, end and inner labels of one kind all exceed ``floor``.

    Where it is likely that some name stands, kinds that are far less likely are tried too:
    taggers know edges better than kinds.
    """
    kinds = range(len(KINDS))
    found = [
        _spans([marginals[:, 4 * kind + step] for step in (1, 2, 3, 4)], floor, kind)
        for kind in kinds
    ]
    every = [marginals[:, step::4].sum(1) for step in (1, 2, 3, 4)]
    likely = _spans(every, _LIKELY, 0)
    start, end = likely[:, 0], likely[:, 1]
    alone = end - start == 1
    for kind in kinds:
        begin, _, close, single = (marginals[:, 4 * kind + step] for step in (1, 2, 3, 4))
        weakest = np.where(alone, single[start], np.minimum(begin[start], close[end - 1]))
        likely[:, 2] = kind
        found.append(likely[weakest > floor * _KIND_FLOOR].copy())
    table = np.concatenate(found)
    bits = np.full(len(table), BIT[source], np.int64)
    return Candidates(table[:, 0], table[:, 1], table[:, 2], bits)


def _spans(labels: Sequence[NDArray[np.float32]], floor: float, kind: int) -> NDArray[np.int64]:
    """(start, end, kind) of spans whose B, I, E or S exceed ``floor``; a few ends a begin."""
    begin, inside, end, single = labels
    found = []
    begins = np.flatnonzero(begin > floor)
    ends = np.flatnonzero(end > floor)
    broken = np.cumsum(inside <= floor)
    if len(begins) and len(ends):
        first = np.searchsorted(ends, begins, side="right")
        tried = first[:, None] + np.arange(_ENDS_TRIED)[None, :]
        there = tried < len(ends)
        stop = ends[np.minimum(tried, len(ends) - 1)]
        start = np.broadcast_to(begins[:, None], stop.shape)
        # No inner character between begin and end may break the run.
        whole = broken[np.maximum(stop - 1, 0)] == broken[start]
        whole |= stop == start + 1
        good = there & whole & (stop - start < _LONGEST)
        found.append(np.stack([start[good], stop[good] + 1, np.full(good.sum(), kind)], 1))
    alone = np.flatnonzero(single > floor)
    found.append(np.stack([alone, alone + 1, np.full(len(alone), kind)], 1))
    return np.concatenate(found).astype(np.int64)


def from_paths(
    marginals: NDArray[np.float32], text: str, biases: Sequence[float] = BIASES
) -> list[Candidates]:
    """The names of the best lawful paths through the marginals, one set a bias."""
    scores = np.log(np.maximum(marginals, 1e-9))
    # Sentences without any sign of a name need no path.
    lively = [
        (start, end)
        for start, end in chains.sentences(text)
        if float(marginals[start:end, 0].min(initial=1.0)) < 0.8
    ]
    spans: list[list[tuple[int, int, int]]] = [[] for _ in biases]
    for offsets, lengths in chains.batches(lively, 256):
        block = scores[offsets]
        for number, bias in enumerate(biases):
            for row, path in enumerate(chains.best_paths(block, lengths, bias)):
                spans[number].extend(chains.spans_of(path, int(offsets[row, 0])))
    return [from_spans(found, f"path-{number}") for number, found in enumerate(spans)]


def mend(candidates: Candidates, text: str) -> Candidates:
    """The candidates with whole quotes and brackets; those that cannot be mended go."""
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    marked = np.isin(points, _MARKS)
    count = np.concatenate([[0], np.cumsum(marked)])
    touched = np.flatnonzero(count[candidates.end] > count[candidates.start])
    start, end = candidates.start.copy(), candidates.end.copy()
    good = np.ones(len(candidates), bool)
    for number in touched.tolist():
        mended = marks.repair(text, int(start[number]), int(end[number]))
        if mended is None:
            good[number] = False
        else:
            start[number], end[number] = mended
    return Candidates(start[good], end[good], candidates.kind[good], candidates.sources[good])


def merge(parts: Sequence[Candidates]) -> Candidates:
    """All candidates, each span and kind once with all that proposed it."""
    start = np.concatenate([part.start for part in parts])
    end = np.concatenate([part.end for part in parts])
    kind = np.concatenate([part.kind for part in parts])
    bits = np.concatenate([part.sources for part in parts])
    keys = (start << 24) | ((end - start) << 8) | kind
    unique, place = np.unique(keys, return_inverse=True)
    sources = np.zeros(len(unique), np.int64)
    np.bitwise_or.at(sources, place, bits)
    begins = unique >> 24
    return Candidates(begins, begins + ((unique >> 8) & 0xFFFF), unique & 0xFF, sources)
