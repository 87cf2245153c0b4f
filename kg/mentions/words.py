"""A text cut into words with their parts of speech, as arrays over its characters.

jieba's plain segmentation and the tags of its dictionary are enough here and several
times faster than its tagger.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from kg.mentions import cutting

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["TAGS", "Words", "segment"]

TAGS = ("x", "m", "n", "nr", "ns", "nt", "nz", "v", "vn", "a", "ad", "d", "p", "c", "u", "f", "q")
"""Coarse parts of speech; ``x`` is everything else."""

_FINE = {tag: number for number, tag in enumerate(TAGS)}
_COARSE = {
    tag: _FINE.get(tag, _FINE.get(tag[:1], 0))
    for tag in [
        "a",
        "ad",
        "ag",
        "an",
        "b",
        "c",
        "d",
        "dg",
        "df",
        "e",
        "f",
        "g",
        "h",
        "i",
        "j",
        "k",
        "l",
        "m",
        "mg",
        "mq",
        "n",
        "ng",
        "nr",
        "nrfg",
        "nrt",
        "ns",
        "nt",
        "nz",
        "o",
        "p",
        "q",
        "r",
        "rg",
        "rr",
        "rz",
        "s",
        "t",
        "tg",
        "u",
        "ud",
        "ug",
        "uj",
        "ul",
        "uv",
        "uz",
        "v",
        "vd",
        "vg",
        "vi",
        "vn",
        "vq",
        "x",
        "y",
        "yg",
        "z",
        "zg",
    ]
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text.

    Attributes:
        texts: the words in order; together they are the text.
        starts: offset of each, with the text's length at the end.
        tags: number of each in :data:`TAGS`.
        index: for each character the number of its word.
    """

    texts: list[str]
    starts: NDArray[np.int64]
    tags: NDArray[np.int64]
    index: NDArray[np.int64]


def segment(text: str) -> Words:
    """Cut ``text`` into words; line breaks are words of their own."""
    texts: list[str] = []
    tags = _tags()
    for number, line in enumerate(text.split("\n")):
        if number:
            texts.append("\n")
        texts += cutting.guessed(line)
    lengths = np.fromiter((len(word) for word in texts), np.int64, len(texts))
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return Words(
        texts=texts,
        starts=starts,
        tags=np.fromiter((tags.get(word, 0) for word in texts), np.int64, len(texts)),
        index=np.repeat(np.arange(len(texts)), lengths),
    )


@cache
def _tags() -> dict[str, int]:
    """The coarse tag of each word of jieba's dictionary that has one."""
    import jieba

    tags = {}
    with jieba.get_dict_file() as lines:
        for line in lines:
            word, _, tag = line.decode("utf-8").rstrip().split(" ")
            coarse = _COARSE.get(tag, 0)
            if coarse:
                tags[word] = coarse
    return tags
