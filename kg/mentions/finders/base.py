"""What all finders share: the text they look at and the form of what they find."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kg import lexicon
from kg.model import KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.mentions.words import Words

__all__ = [
    "EVENT",
    "HONOUR",
    "INSTITUTION",
    "PERSON",
    "PLACE",
    "POLICY",
    "PROJECT",
    "ZONE",
    "Found",
    "View",
    "left_edge",
]

PROJECT, PLACE, ZONE, INSTITUTION, POLICY, EVENT, PERSON, HONOUR = range(len(KINDS))


class Found(NamedTuple):
    """A name a finder proposes: offsets into the view's text, number of the kind, rule."""

    start: int
    end: int
    kind: int
    rule: str


@dataclass(frozen=True)
class View:
    """A report as the finders see it: one text without white space, a line a paragraph.

    Attributes:
        text: the paragraphs joined by line breaks.
        words: its words.
        place: name of the reporting place, empty if unknown.
        place_chain: the divisions above it.
        found: what the finders proposed, once they were asked.
    """

    text: str
    words: Words
    place: str = ""
    place_chain: tuple[str, ...] = ()
    found: list[list[Found]] = field(default_factory=list, repr=False, compare=False)
    _edges: list[NDArray[np.bool_]] = field(default_factory=list, repr=False)

    @property
    def edges(self) -> NDArray[np.bool_]:
        """Whether a word begins at each offset; one longer than the text."""
        if not self._edges:
            marks = np.zeros(len(self.text) + 1, bool)
            marks[self.words.starts] = True
            self._edges.append(marks)
        return self._edges[0]


_LONGEST = 24
_STOPS = frozenset("，。；：！？、“”‘’《》【】\n")
_MEASURE_TAGS = frozenset({1, 16})
_NEVER_INSIDE_TAGS = frozenset({12, 14})


def left_edge(view: View, start: int) -> int:
    """Where the name that has its class noun at ``start`` begins.

    The word after the nearest one that never belongs to a name: a mark, a word of
    ``tables/before_names.tsv``, a particle or preposition, a count.
    """
    words, stoppers = view.words, _stoppers()
    number = int(words.index[start]) - (1 if view.edges[start] else 0)
    edge = start if view.edges[start] else int(words.starts[number])
    while number >= 0:
        word, tag = words.texts[number], int(words.tags[number])
        if word[0] in _STOPS or word in stoppers or tag in _NEVER_INSIDE_TAGS:
            break
        if tag in _MEASURE_TAGS and edge < start:
            break
        begin = int(words.starts[number])
        if start - begin > _LONGEST:
            break
        edge = begin
        number -= 1
    return edge


@cache
def _stoppers() -> frozenset[str]:
    return frozenset(lexicon.words("before_names"))
