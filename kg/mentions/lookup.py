"""From text to rows of the network's embeddings: character, pair, word, place in the word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.mentions import cutting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["FIRST", "LAST", "Lookup", "fold_digits", "words_of"]

UNKNOWN: Final = 1
"""Row of a character that is not in the vocabulary; 0 pads."""
FIRST: Final = np.array([2, 0, 0, 3], np.int32)
"""What stands before the first character of a sentence."""
LAST: Final = np.array([3, 0, 0, 3], np.int32)
"""What stands behind the last."""

_RESERVED: Final = 4
_DIGIT: Final = re.compile("[0-9０-９]")
_PLANE: Final = 0x10000


class Lookup:
    """Vocabularies and how a text is written in them.

    Args:
        chars: single characters; row ``number + 4``.
        pairs: two characters, each of ``chars``; row ``number + 1``, 0 for all others.
        words: row ``number + 1``, 0 for all others.
    """

    def __init__(self, chars: str, pairs: Sequence[str], words: Sequence[str]) -> None:
        self.chars = chars
        self.pairs = tuple(pairs)
        self.words = tuple(words)
        self._char_rows = np.full(_PLANE, UNKNOWN, np.int32)
        self._char_rows[[ord(char) for char in chars]] = np.arange(len(chars)) + _RESERVED
        both = self._codes("".join(pairs))
        keys = self._key(both[0::2], both[1::2])
        order = np.argsort(keys)
        self._pair_keys = keys[order]
        self._pair_rows = (order + 1).astype(np.int32)
        self._word_rows = {word: number + 1 for number, word in enumerate(words)}

    @classmethod
    def parse(cls, about: Mapping[str, str]) -> Lookup:
        """Read the vocabularies from a model's metadata."""
        return cls(about["chars"], about["pairs"].split("\n"), about["words"].split("\n"))

    def metadata(self) -> dict[str, str]:
        """The vocabularies as a model's metadata."""
        return {
            "chars": self.chars,
            "pairs": "\n".join(self.pairs),
            "words": "\n".join(self.words),
        }

    def rows(self, text: str) -> NDArray[np.int32]:
        """Rows of the four embeddings (characters × 4) for a text without white space.

        Line breaks may part paragraphs; nothing is looked up across them.
        """
        folded = fold_digits(text)
        codes = self._codes(folded)
        out = np.zeros((len(folded), 4), np.int32)
        if not len(folded):
            return out
        out[:, 0] = codes
        out[:-1, 1] = self._pairs(codes)
        words = words_of(folded)
        lengths = np.fromiter((len(word) for word in words), np.int64, len(words))
        known = np.fromiter((self._word_rows.get(word, 0) for word in words), np.int32, len(words))
        out[:, 2] = np.repeat(known, lengths)
        out[:, 3] = _places(lengths)
        return out

    def _codes(self, text: str) -> NDArray[np.int64]:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        return self._char_rows[np.minimum(points, _PLANE - 1)].astype(np.int64)

    @staticmethod
    def _key(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
        return first * _PLANE + second

    def _pairs(self, codes: NDArray[np.int64]) -> NDArray[np.int32]:
        keys = self._key(codes[:-1], codes[1:])
        if not len(self._pair_keys):
            return np.zeros(len(keys), np.int32)
        found = np.minimum(np.searchsorted(self._pair_keys, keys), len(self._pair_keys) - 1)
        return np.where(self._pair_keys[found] == keys, self._pair_rows[found], 0)


def fold_digits(text: str) -> str:
    """Every digit as 0: the network need not tell one year from another."""
    return _DIGIT.sub("0", text)


def words_of(text: str) -> list[str]:
    """The words of jieba's dictionary in a text; line breaks are words of their own."""
    words: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            words.append("\n")
        words += cutting.known(line)
    return words


def _places(lengths: NDArray[np.int64]) -> NDArray[np.int32]:
    """For each character its place in its word: 0 first, 1 inside, 2 last, 3 alone."""
    total = int(lengths.sum())
    places = np.ones(total, np.int32)
    ends = np.cumsum(lengths)
    places[ends - lengths] = 0
    places[ends - 1] = np.where(lengths == 1, 3, 2)
    return places
