"""What annotated reports say about strings and their surroundings, as small hashed tables.

For each thing a candidate has (its string, its last word, the word before it …) the
table holds in how many candidates of that kind it was met and in how many of them the
candidate was a name.  Only hashes are kept, no text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.mentions.candidates import Candidates
    from kg.mentions.words import Words

__all__ = ["GRAIN", "SLOTS", "Evidence", "Hasher", "slots", "string_keys"]

_BASE = np.uint64(0x9E3779B97F4A7C15 | 1)
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15 | 1, -1, 1 << 64))
_MIX = np.uint64(0xD6E8FEB86659FD93)

SLOTS = (
    "text",
    "text-any",
    "last-word",
    "last-two",
    "first-word",
    "before",
    "after",
    "before-last",
    "after-last",
    "before-two",
    "after-two",
    "before-after",
    "list-verb",
    "list-head",
    "last-cluster",
    "before-cluster",
    "after-cluster",
    "before-last-cluster",
)
"""What is looked up of each candidate, all but ``text-any`` together with its kind."""

GRAIN = 256
"""Which clusters of words are looked up."""


class Hasher:
    """Hashes of any substrings of a text, each in constant time.

    Args:
        points: code points of the text.
    """

    def __init__(self, points: NDArray[np.int64]) -> None:
        size = len(points)
        powers = np.full(size + 1, _BASE, np.uint64)
        powers[0] = 1
        inverses = np.full(size + 1, _INVERSE, np.uint64)
        inverses[0] = 1
        self._inverses = np.multiply.accumulate(inverses)
        terms = (points.astype(np.uint64) + np.uint64(1)) * np.multiply.accumulate(powers)[:size]
        self._sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)])

    def of(self, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Hashes of the substrings; the same string has the same hash in every text."""
        value: NDArray[np.uint64] = (self._sums[end] - self._sums[start]) * self._inverses[start]
        value ^= value >> np.uint64(31)
        value *= _MIX
        value ^= value >> np.uint64(29)
        return value


def combine(*parts: NDArray[np.uint64] | int) -> NDArray[np.uint64]:
    """One hash of several."""
    value = np.zeros(1, np.uint64)
    for part in parts:
        value = (value ^ (np.uint64(part) if isinstance(part, int) else part)) * _BASE
        value = value ^ (value >> np.uint64(32))
    return value


def string_keys(candidates: Candidates, text: str) -> NDArray[np.uint64]:
    """The keys of each candidate's string with its kind and by itself: candidates × 2."""
    raw = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
    whole = Hasher(raw).of(candidates.start, candidates.end)
    kind = candidates.kind.astype(np.uint64) + np.uint64(1)
    return np.stack([combine(0, whole, kind), combine(1, whole)], 1)


def slots(
    candidates: Candidates,
    points: NDArray[np.int64],
    words: Words,
    text: str,
    clusters: NDArray[np.int64],
) -> NDArray[np.uint64]:
    """The keys of each candidate: candidates × :data:`SLOTS`.

    Args:
        candidates: of the text.
        points: its code points, folded.
        words: its words.
        text: itself.
        clusters: of each word.
    """
    folded = Hasher(points)
    size = len(text)
    start, end = candidates.start, candidates.end
    kind = candidates.kind.astype(np.uint64) + np.uint64(1)
    starts = words.starts
    first = words.index[start]
    last = words.index[end - 1]
    before = words.index[np.maximum(start - 1, 0)]
    after = words.index[np.minimum(end, size - 1)]
    last_word = folded.of(np.maximum(starts[last], start), end)
    first_word = folded.of(start, np.minimum(starts[first + 1], end))
    before_word = folded.of(np.minimum(starts[before], start), start)
    after_word = folded.of(end, np.maximum(np.minimum(starts[after + 1], size), end))
    before_two = folded.of(np.maximum(start - 2, 0), start)
    after_two = folded.of(end, np.minimum(end + 2, size))
    verbs, heads = _list_context(words, folded)
    group = clusters.astype(np.uint64)
    columns = [
        *string_keys(candidates, text).T,
        combine(2, last_word, kind),
        combine(3, folded.of(np.maximum(end - 2, start), end), kind),
        combine(4, first_word, kind),
        combine(5, before_word, kind),
        combine(6, after_word, kind),
        combine(7, before_word, last_word, kind),
        combine(8, after_word, last_word, kind),
        combine(9, before_two, kind),
        combine(10, after_two, kind),
        combine(11, before_two, after_two, kind),
        combine(12, verbs[first], kind),
        combine(13, heads[last], kind),
        combine(14, group[last], kind),
        combine(15, group[before], kind),
        combine(16, group[after], kind),
        combine(17, group[before], group[last], kind),
    ]
    return np.stack(columns, 1)


def _list_context(words: Words, folded: Hasher) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """For each word the verb before its list and the word after the 等 that ends the list."""
    from kg.mentions import features

    starts = words.starts
    hashes = folded.of(starts[:-1], starts[1:])
    texts = words.texts
    ends = np.fromiter((word in "，。；：\n" for word in texts), bool, len(texts))
    verb = words.tags == 7
    verbs = features.carry(np.where(verb, hashes, np.uint64(0)), verb | ends)
    etc = np.fromiter((word[0] == "等" and len(word) < 3 for word in texts), bool, len(texts))
    follow = np.zeros(len(texts), np.uint64)
    follow[:-1] = np.where(etc[:-1], hashes[1:], np.uint64(0))
    heads = features.carry(follow[::-1], (etc | ends)[::-1])[::-1]
    return verbs, heads


class Evidence:
    """Counts by key.

    Args:
        keys: sorted.
        names: how many candidates with that key were names.
        total: how many candidates had it.
    """

    def __init__(
        self, keys: NDArray[np.uint64], names: NDArray[np.float32], total: NDArray[np.float32]
    ) -> None:
        self.keys = keys
        self.names = names
        self.total = total

    def look_up(self, keys: NDArray[np.uint64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Names and total for an array of keys of any shape; 0 and 0 where unknown."""
        if not len(self.keys):
            nothing = np.zeros(keys.shape, np.float32)
            return nothing, nothing
        # In their order, so that each search begins near where the last one ended.
        order = keys.argsort(axis=None)
        nearest = np.empty(keys.size, np.int64)
        nearest[order] = np.searchsorted(self.keys, keys.ravel()[order])
        place = np.minimum(nearest, len(self.keys) - 1).reshape(keys.shape)
        known = self.keys[place] == keys
        return np.where(known, self.names[place], 0), np.where(known, self.total[place], 0)

    @staticmethod
    def columns(
        names: NDArray[np.float32], total: NDArray[np.float32], prior: float = 0.15
    ) -> list[NDArray[np.float32]]:
        """Two features a slot: the smoothed share of names, and how much it rests on."""
        share = (names + 2 * prior) / (total + 2)
        weight = np.log1p(total)
        return [*share.T, *weight.T]
