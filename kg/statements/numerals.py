"""Numerals → values: Arabic with 万/亿 folded in, Chinese ones, by table or by cn2an."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Final

__all__ = ["DIGITS", "MULTIPLIERS", "decimal_of", "times", "value_of"]

MULTIPLIERS: Final = {
    "十": 10.0,
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "十万": 1e5,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "十亿": 1e9,
    "百亿": 1e10,
    "千亿": 1e11,
    "万亿": 1e12,
}
DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
"""The digits; 两 is what counting says for 二."""


@cache
def value_of(word: str) -> float | None:
    """The value of Chinese numerals; ``None`` if they are not a number.

    A bare multiplier stands for one of it (百 → 100, 万亿 → 1e12); compounds are read by
    cn2an in its ``smart`` mode, which wants a leading digit.
    """
    if word in DIGITS:
        return float(DIGITS[word])
    if word in MULTIPLIERS:
        return MULTIPLIERS[word]
    if len(word) == 2 and word[0] == "十" and word[1] in DIGITS:
        return 10.0 + DIGITS[word[1]]
    for tail in ("万亿", "千亿", "百亿", "千万", "百万"):
        head = word.removesuffix(tail)
        if head in DIGITS and head != word:
            return DIGITS[head] * MULTIPLIERS[tail]
    import cn2an

    try:
        return float(cn2an.cn2an(word, "smart"))
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def times(value: float, multiplier: str | None) -> float:
    """``value`` times a multiplier in decimal arithmetic: 529.3亿 is 52930000000 exactly."""
    if not multiplier:
        return value
    return float(Decimal(str(value)) * int(MULTIPLIERS[multiplier]))


def decimal_of(word: str) -> float | None:
    """Chinese numerals with a decimal part: 三点五 → 3.5."""
    whole, _, part = word.partition("点")
    value = value_of(whole)
    if value is None or not part:
        return value
    return value + float("0." + "".join(str(DIGITS.get(char, 0)) for char in part))
