"""A report as one text without white space, and the way back to its paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kg.model import Report

__all__ = ["Layout"]

_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Layout:
    """The paragraphs of a report, white space left out, joined by line breaks.

    Attributes:
        text: the joined text.
        texts: the paragraphs without white space.
        starts: offset of each paragraph in ``text``, with the end of the last one more.
        maps: for each paragraph that held white space the offset of each character that
            is left, ``None`` for the others.
    """

    text: str
    texts: tuple[str, ...]
    starts: NDArray[np.int64]
    maps: tuple[NDArray[np.int64] | None, ...]

    @classmethod
    def of(cls, report: Report) -> Layout:
        """Lay out a report."""
        texts: list[str] = []
        maps: list[NDArray[np.int64] | None] = []
        for paragraph in report.paragraphs:
            text = paragraph.text
            if _SPACE.search(text):
                kept = [place for place, char in enumerate(text) if not char.isspace()]
                texts.append("".join(text[place] for place in kept))
                maps.append(np.array(kept, np.int64))
            else:
                texts.append(text)
                maps.append(None)
        lengths = [len(text) + 1 for text in texts]
        return cls("\n".join(texts), tuple(texts), np.cumsum([0, *lengths]), tuple(maps))

    def paragraph_of(self, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
        """The number of the paragraph each offset lies in."""
        return np.searchsorted(self.starts, offsets, side="right") - 1

    def source(self, paragraph: int, start: int, end: int) -> tuple[int, int]:
        """Offsets into the joined text as offsets into the paragraph's own text."""
        first, last = start - int(self.starts[paragraph]), end - int(self.starts[paragraph]) - 1
        kept = self.maps[paragraph]
        if kept is not None:
            first, last = int(kept[first]), int(kept[last])
        return first, last + 1

    def join(self, parts: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Rows a character of each paragraph as rows of the joined text; breaks are O."""
        width = parts[0].shape[1] if parts else 1
        rows = np.zeros((len(self.text), width), np.float32)
        rows[:, 0] = 1
        for start, part in zip(self.starts, parts, strict=False):
            rows[start : start + len(part)] = part
        return rows
