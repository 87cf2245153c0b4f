"""Characters that stand twice where a page changed (“新设市 / 市场主体”)."""

from __future__ import annotations

import math
from typing import Final

__all__ = ["overlap"]

_LONGEST: Final = 6


def overlap(before: str, after: str) -> int:
    """How many characters at the start of ``after`` only repeat the end of ``before``.

    A repeated word is always a slip.  A repeated character is one when it stands as a
    word of its own in the likeliest cut (“新设 市 市场”), not when either copy belongs to
    a longer word on its side (“推进 进一步”).
    """
    for length in range(min(_LONGEST, len(before), len(after)), 1, -1):
        if before[-length:] == after[:length] and after[:length].isalpha():
            return length
    if before[-1:] != after[:1] or not after[:1].isalpha():
        return 0
    left, right = before[-8:], after[:10]
    seam = len(left)
    words = _cut(left + right)
    return int((seam - 1, seam) in words or (seam, seam + 1) in words)


def _cut(text: str) -> list[tuple[int, int]]:
    """The likeliest words of a text, as spans, by the frequencies of jieba's dictionary."""
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()
    frequencies, total = jieba.dt.FREQ, math.log(jieba.dt.total)
    best = [0.0] + [-math.inf] * len(text)
    came_from = [0] * (len(text) + 1)
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - 8), end):
            count = frequencies.get(text[start:end], 0) or (1 if end - start == 1 else 0)
            if not count:
                continue
            score = best[start] + math.log(count) - total
            if score > best[end]:
                best[end], came_from[end] = score, start
    words = []
    end = len(text)
    while end:
        words.append((came_from[end], end))
        end = came_from[end]
    return words
