"""Pinyin initials, by which a Chinese name can be typed on any keyboard."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["initials"]


@lru_cache(maxsize=65536)
def initials(name: str) -> str:
    """The first letters of the syllables, e.g. ``cqs`` for 重庆市; other letters stay.

    Empty where pypinyin is not installed: names are then found by their characters only.
    """
    try:
        from pypinyin import Style, lazy_pinyin
    except ImportError:
        return ""
    letters = lazy_pinyin(name, style=Style.FIRST_LETTER, errors="default")
    return "".join(letter for letter in "".join(letters).lower() if letter.isalnum())
