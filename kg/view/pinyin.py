"""Pinyin initials, by which a Chinese name can be typed on any keyboard."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

__all__ = ["initials"]


def initials(name: str) -> str:
    """The first letters of the syllables, e.g. ``cqs`` for 重庆市; other letters stay.

    Empty where pypinyin is not installed: names are then found by their characters only.
    """
    return "".join(_letters(word) for word in _words(name))


def _words(name: str) -> Iterable[str]:
    """The words whose reading the dictionary of pypinyin knows, and what is between them."""
    try:
        from pypinyin.seg.mmseg import seg
        from pypinyin.seg.simpleseg import simple_seg
    except ImportError:
        return ()
    return (word for part in simple_seg(name) for word in seg.cut(part))


# Names of a hundred thousand things share some twenty thousand words.
@lru_cache(maxsize=65536)
def _letters(word: str) -> str:
    from pypinyin import Style, lazy_pinyin

    letters = lazy_pinyin(word, style=Style.FIRST_LETTER, errors="default")
    return "".join(letter for letter in "".join(letters).lower() if letter.isalnum())
