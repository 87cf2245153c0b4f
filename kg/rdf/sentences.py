"""Where the sentences of a paragraph begin and end."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["sentences"]

_SENTENCE: Final = re.compile(r"[^。；！？;!?]*[。；！？;!?]?[”’」』）)]*")


def sentences(text: str) -> list[tuple[int, int]]:
    """The spans of the sentences of a paragraph, without white space at their edges."""
    spans = []
    for match in _SENTENCE.finditer(text):
        whole = match.group()
        if stripped := whole.strip():
            start = match.start() + len(whole) - len(whole.lstrip())
            spans.append((start, start + len(stripped)))
    return spans
