"""jieba's cut of a line, with its guesses at unknown words or without, for one search.

Both cuts rest on the same likeliest path through the dictionary, which is most of their
cost.  Here the path is searched once for both, and without the tables jieba keeps for it.
"""

from __future__ import annotations

import logging
import math
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["guessed", "known"]

_BLOCKS = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+|[^\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]")
"""What jieba cuts by its dictionary, and the characters between."""
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_BLOCKS_KEPT = 8192
"""Clauses whose path is remembered: some more than a long report has."""


def guessed(line: str) -> list[str]:
    """The words of a line as ``jieba.cut(line)`` gives them."""
    frequencies, guess = _dictionary().frequencies, _dictionary().guess
    words: list[str] = []
    for block in _BLOCKS.findall(line):
        singles = ""
        for word in (*_path(block), ""):
            if len(word) == 1:
                singles += word
                continue
            if len(singles) > 1 and not frequencies.get(singles):
                words.extend(guess(singles))
            else:
                words.extend(singles)
            singles = ""
            words.append(word)
        words.pop()
    return words


def known(line: str) -> list[str]:
    """The words of a line as ``jieba.cut(line, HMM=False)`` gives them."""
    words: list[str] = []
    for block in _BLOCKS.findall(line):
        latin = ""
        for word in _path(block):
            if word in _LATIN:
                latin += word
                continue
            if latin:
                words.append(latin)
                latin = ""
            words.append(word)
        if latin:
            words.append(latin)
    return words


@lru_cache(_BLOCKS_KEPT)
def _path(block: str) -> tuple[str, ...]:
    """The likeliest words of the dictionary that make up a block; the longer of equals."""
    if len(block) == 1:
        return (block,)
    frequencies, weights, unknown, _ = _dictionary()
    size = len(block)
    best = [0.0] * (size + 1)
    ends = [0] * size
    for start in range(size - 1, -1, -1):
        highest, chosen = -math.inf, start + 1
        for end in range(start + 1, size + 1):
            frequency = frequencies.get(block[start:end])
            if frequency is None:
                break
            if frequency:  # 0 marks what only begins a word
                weight = weights[frequency] + best[end]
                if weight >= highest:
                    highest, chosen = weight, end
        if highest == -math.inf:
            highest = unknown + best[chosen]
        best[start], ends[start] = highest, chosen
    words = []
    start = 0
    while start < size:
        words.append(block[start : ends[start]])
        start = ends[start]
    return tuple(words)


class _Dictionary(NamedTuple):
    """jieba's words with their frequencies.

    Attributes:
        frequencies: of words; 0 for what only begins one.
        weights: the logarithm of the share of each frequency.
        unknown: the weight of a character that is no word.
        guess: cuts a run of single characters.
    """

    frequencies: Mapping[str, int]
    weights: Mapping[int, float]
    unknown: float
    guess: Callable[[str], Iterable[str]]


@cache
def _dictionary() -> _Dictionary:
    import jieba
    from jieba import finalseg

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    frequencies: dict[str, int] = jieba.dt.FREQ
    whole = math.log(jieba.dt.total)
    weights = {number: math.log(number) - whole for number in {*frequencies.values()} - {0}}
    return _Dictionary(frequencies, weights, math.log(1) - whole, finalseg.cut)
