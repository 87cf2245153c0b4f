"""What the light tagger sees of each character, hashed into rows of its weight table.

Every feature is a 64-bit hash computed for all characters of a text at once.  Beside the
usual window of characters and words there are features of the clause and of the list a
character stands in: a name in a list is known by the verb before the list, by the head
after 等, and by the ends of its neighbours.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kg.mentions.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

__all__ = ["ROW_BITS", "carry", "codes", "hash_strings", "rows"]

ROW_BITS = 22
"""Rows of the weight table are numbered with this many bits."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_BREAKS = "，。；：！？\n"
_LIST_BREAKS = _BREAKS + "、“”‘’《》（）和及与"
_WINDOW = 3


def codes(text: str) -> NDArray[np.int64]:
    """The code points of ``text``, digits folded to 0 and Latin letters to A."""
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
    wide = (points >= 0xFF01) & (points <= 0xFF5E) & (points != ord("，"))
    letter_or_digit = wide & (points >= 0xFF10) & ~np.isin(points, [ord(c) for c in "：；？！（）"])
    points = np.where(letter_or_digit, points - 0xFEE0, points)
    points = np.where((points >= 48) & (points <= 57), 48, points)
    letters = ((points >= 65) & (points <= 90)) | ((points >= 97) & (points <= 122))
    return np.where(letters, 65, points)


def hash_strings(words: list[str]) -> Hashes:
    """A 64-bit hash of each string, the same in every process."""
    return np.fromiter(map(_hash, words), np.uint64, len(words))


@lru_cache(1 << 16)
def _hash(word: str) -> int:
    value = 1469598103934665603
    for char in word:
        point = 48 if "0" <= char <= "9" else ord(char)
        value = ((value ^ point) * 1099511628211) & 0xFFFFFFFFFFFFFFFF
    return value


def rows(text: str, words: Words, clusters: Mapping[int, NDArray[np.int64]]) -> NDArray[np.int64]:
    """Rows of the weight table for each character: an array characters × templates.

    Args:
        text: any text; lines are independent of one another only in the tagger.
        words: its words.
        clusters: for each granularity the cluster of each of ``words`` (0: none).
    """
    features = [
        *_characters(codes(text)),
        *_words(words, clusters),
        *_clauses(text, words),
    ]
    # Template by template, as they are made here and read by the tagger.
    out = np.empty((len(features), len(text)), np.int64)
    for number, feature in enumerate(features):
        seeded = _mix(feature, np.uint64(number + 1))
        out[number] = seeded >> np.uint64(64 - ROW_BITS)
    return out.T


def _mix(*parts: Hashes | np.uint64) -> Hashes:
    value: Hashes = np.zeros(1, np.uint64)
    for part in parts:
        value = value ^ part
        value *= _GOLDEN
        value ^= value >> np.uint64(29)
    return value * _GOLDEN


def _characters(points: NDArray[np.int64]) -> list[Hashes]:
    size = len(points)
    padded = np.pad(points, _WINDOW + 1).astype(np.uint64)

    def at(offset: int) -> Hashes:
        start = _WINDOW + 1 + offset
        return padded[start : start + size]

    single = [_mix(at(offset)) for offset in range(-3, 4)]
    pairs = [_mix(at(offset), at(offset + 1)) for offset in range(-3, 3)]
    triples = [_mix(at(offset), at(offset + 1), at(offset + 2)) for offset in (-2, -1, 0)]
    fours = [_mix(*(at(offset + step) for step in range(4))) for offset in (-3, -1, 0)]
    return [*single, *pairs, _mix(at(-1), at(1)), *triples, *fours]


def _words(words: Words, clusters: Mapping[int, NDArray[np.int64]]) -> list[Hashes]:
    index = words.index
    size = len(words.texts)
    length = np.diff(words.starts)
    within = np.arange(len(index)) - words.starts[index]
    last = within == length[index] - 1
    place = np.minimum(within, 2) * 2 + last
    position = place.astype(np.uint64)
    hashes = np.pad(hash_strings(words.texts), 3)
    tags = np.pad(words.tags.astype(np.uint64) + np.uint64(1), 3)
    lengths = np.pad(np.minimum(length, 5).astype(np.uint64), 3)

    def at(table: Hashes, offset: int) -> Hashes:
        return table[3 + offset : 3 + offset + size][index]

    found = [_mix(position, at(hashes, offset)) for offset in (-2, -1, 0, 1, 2)]
    found += [_mix(position, at(hashes, offset), at(hashes, offset + 1)) for offset in (-1, 0)]
    found += [
        _mix(position, at(tags, 0), at(lengths, 0)),
        _mix(position, at(tags, -1), at(tags, 0), at(tags, 1)),
        _mix(position, at(tags, -2), at(tags, -1), at(tags, 0)),
    ]
    for grain, labels in sorted(clusters.items()):
        table = np.pad(labels.astype(np.uint64), 3)
        found += [_mix(position, at(table, offset)) for offset in (-1, 0, 1)]
        if grain <= 256:
            found.append(_mix(position, at(table, -1), at(table, 0)))
            found.append(_mix(position, at(table, 0), at(table, 1)))
    return found


def _clauses(text: str, words: Words) -> list[Hashes]:
    """Features of the clause and of the item of a list that a character stands in."""
    texts = words.texts
    size = len(texts)
    hashes = hash_strings(texts)
    ends_clause = np.fromiter((word in _BREAKS for word in texts), bool, size)
    ends_item = np.fromiter((word in _LIST_BREAKS for word in texts), bool, size)
    zero = np.uint64(0)
    first_of_clause = _first_after(hashes, ends_clause)
    last_of_clause = _last_before(hashes, ends_clause)
    first_of_item = _first_after(hashes, ends_item)
    last_of_item = _last_before(hashes, ends_item)
    number = np.cumsum(ends_item)
    last_by_item = np.zeros(int(number[-1]) + 3 if size else 3, np.uint64)
    last_by_item[number + 1] = last_of_item
    previous, following = (
        last_by_item[number],
        last_by_item[np.minimum(number + 2, len(last_by_item) - 1)],
    )
    verbs = np.isin(words.tags, [7])
    verb = carry(np.where(verbs, hashes, zero), verbs | ends_clause)
    etc = np.fromiter((word.startswith("等") and len(word) < 3 for word in texts), bool, size)
    after = np.zeros(size, np.uint64)
    after[:-1] = np.where(etc[:-1], hashes[1:], zero)
    head = carry(after[::-1], (etc | ends_clause)[::-1])[::-1]
    index = words.index
    inside, opened, closed, quoted = _quotes(text)
    from_start = _bucket(index - _run_start(ends_item)[index])
    return [
        _mix(first_of_clause[index]),
        _mix(last_of_clause[index]),
        _mix(first_of_item[index], from_start),
        _mix(last_of_item[index], from_start),
        _mix(last_of_item[index]),
        _mix(previous[index]),
        _mix(following[index]),
        _mix(verb[index], from_start),
        _mix(head[index]),
        _mix(head[index], verb[index]),
        _mix(inside, opened),
        _mix(inside, closed),
        _mix(quoted),
    ]


def _bucket(distance: NDArray[np.int64]) -> Hashes:
    return np.minimum(distance, 4).astype(np.uint64)


def _run_start(ends: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each word the number of the first word of its run."""
    numbers = np.arange(len(ends))
    starts = np.where(np.concatenate([[True], ends[:-1]]) if len(ends) else ends, numbers, 0)
    return np.maximum.accumulate(starts) if len(ends) else starts


def _first_after(values: Hashes, ends: NDArray[np.bool_]) -> Hashes:
    return values[_run_start(ends)] if len(values) else values


def _last_before(values: Hashes, ends: NDArray[np.bool_]) -> Hashes:
    """For each word the last word of its run, the break itself left out."""
    size = len(values)
    if not size:
        return values
    numbers = np.arange(size)
    stops = np.where(ends, numbers, size)
    stop = np.minimum.accumulate(stops[::-1])[::-1]
    last: Hashes = values[np.maximum(stop - 1, 0)]
    return last


def carry(values: Hashes, marks: NDArray[np.bool_]) -> Hashes:
    """The value at the nearest mark at or before each place, 0 before the first."""
    if not len(values):
        return values
    place = np.maximum.accumulate(np.where(marks, np.arange(len(values)), 0))
    return values[place] * marks[place]


def _quotes(text: str) -> tuple[Hashes, Hashes, Hashes, Hashes]:
    """For each character: where in quotes it stands, what is before and after them, length."""
    size = len(text)
    inside = np.zeros(size, np.uint64)
    before = np.zeros(size, np.uint64)
    after = np.zeros(size, np.uint64)
    length = np.zeros(size, np.uint64)
    start = text.find("“")
    while start >= 0:
        end = text.find("”", start)
        if end < 0:
            break
        start = text.rfind("“", start, end)
        if end - start <= 40:
            inside[start : end + 1] = 2
            inside[start + 1 : start + 2] = 1
            inside[end - 1 : end] = 3
            before[start : end + 1] = _pair(text[max(start - 2, 0) : start])
            after[start : end + 1] = _pair(text[end + 1 : end + 3])
            length[start : end + 1] = min(end - start, 12)
        start = text.find("“", end)
    return inside, before, after, length


def _pair(text: str) -> int:
    return sum(ord(char) << (21 * place) for place, char in enumerate(text[:2])) + 1
