"""Quotation marks and brackets: a name holds whole pairs, and not its outer quotes."""

from __future__ import annotations

import re

__all__ = ["balanced", "repair"]

_PAIRS = {"“": "”", "‘": "’", "（": "）", "(": ")", "《": "》", "【": "】", "〔": "〕", "「": "」"}
_CLOSING = {close: begin for begin, close in _PAIRS.items()}
_MARKS = re.compile("[" + re.escape("".join([*_PAIRS, *_CLOSING])) + "]")
_REACH = 14
_STRIPPED = "“‘「"


def balanced(text: str) -> bool:
    """Whether every quotation mark and bracket has its partner in ``text``.

    >>> balanced("“一村一品”试点"), balanced("拿地即开工”机制")
    (True, False)
    """
    return _odd_mark(text, 0, len(text)) is None


def repair(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Widen or narrow a span so that it holds whole pairs; strip quotes around all of it.

    Args:
        text: the whole text.
        start: of the span.
        end: of the span.

    Returns:
        the mended span, or ``None`` if nothing is left.

    >>> text = "推行“拿地即开工”机制"
    >>> repair(text, 3, 10)
    (2, 10)
    """
    for _ in range(4):
        odd = _odd_mark(text, start, end)
        if odd is None:
            break
        if text[odd] in _CLOSING:
            start, end = _mend_closing(text, start, end, odd)
        else:
            start, end = _mend_opening(text, start, end, odd)
    while (
        end - start > 2
        and text[start] in _STRIPPED
        and text[end - 1] == _PAIRS[text[start]]
        and text[start] not in text[start + 1 : end - 1]
    ):
        start, end = start + 1, end - 1
    return (start, end) if end > start else None


def _odd_mark(text: str, start: int, end: int) -> int | None:
    """The first mark in the span without a partner in it."""
    stack: list[int] = []
    for match in _MARKS.finditer(text, start, end):
        mark = match[0]
        if mark in _PAIRS:
            stack.append(match.start())
        elif stack and text[stack[-1]] == _CLOSING[mark]:
            stack.pop()
        else:
            return match.start()
    return stack[0] if stack else None


def _mend_closing(text: str, start: int, end: int, odd: int) -> tuple[int, int]:
    partner = text.rfind(_CLOSING[text[odd]], max(0, start - _REACH), start)
    between = text[partner + 1 : start] if partner >= 0 else ""
    if partner >= 0 and not re.search("[，。；、\n]", between) and text[odd] not in between:
        return partner, end
    return (odd + 1, end) if odd - start <= end - odd - 1 else (start, odd)


def _mend_opening(text: str, start: int, end: int, odd: int) -> tuple[int, int]:
    partner = text.find(_PAIRS[text[odd]], end, end + _REACH)
    if partner >= 0 and not re.search("[，。；\n]", text[end:partner]):
        return start, partner + 1
    return (odd + 1, end) if odd == start else (start, odd)
