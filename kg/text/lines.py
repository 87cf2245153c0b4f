"""The lines of a text → its paragraphs, whatever form the text has.

Three forms are met.  In *lines* each line is a paragraph, and paragraph *n* is line *n*.
In *blocks* empty lines part the paragraphs, whose own lines may be wrapped and which may
be torn where a page changed; they are numbered in order.  In *wrapped* text, as it comes
out of a PDF, lines break at one width and nothing parts the paragraphs but short lines
and indents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.model import Segment
from kg.text.repair import mend
from kg.text.seams import overlap

__all__ = ["ADDRESS", "Draft", "split"]

_BREAK: Final = re.compile(r"\r\n|[\r\n\f]")
_TERMINAL: Final = "。！？；：…!?;:"
_CLOSING: Final = "”’』」）》】)\"'*"
_ITEM: Final = re.compile(
    r"\s*(?:[-*+•●■◆▪◇□◎]\s|#{1,6}\s|第?[一二三四五六七八九十百]+(?:[、，：]|是)|"
    r"[（(][一二三四五六七八九十\d]+[）)]|\d{1,2}[.．、](?!\d)|[①-⑳]|——)"
)
ADDRESS: Final = re.compile(r"^(?:各位|尊敬的|同志们|主席团)[^。；]{0,30}[：:！!，]?$")
_NUMBERED: Final = re.compile(r"[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]")
_LONG: Final = 30
"""Shorter text without a comma is a heading rather than a torn paragraph."""

_SLACK: Final = 8
_SLACK_ENDED: Final = 3
"""Columns by which the last line of a wrapped paragraph is shorter than the others at
least: lines may break before a word or a closing mark, sentences seldom end right there."""

_TITLE: Final = 80
"""Longest numbered heading."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A paragraph before anything is known of its place in the report."""

    number: int
    text: str
    segments: tuple[Segment, ...]
    marks: int = 0
    """Number of ``#`` in front of it, the Markdown heading level."""


def split(source: str) -> list[Draft]:
    """The paragraphs of a text, mended, none of them empty."""
    lines = list(_lines(source))
    filled = [line for line in lines if source[line[0] : line[1]].strip()]
    if not filled:
        return []
    if _is_blocks(source, lines):
        groups = list(enumerate(_blocks(source, lines), 1))
    elif _is_wrapped(source, filled):
        groups = list(enumerate(_unwrapped(source, filled), 1))
    else:
        groups = [
            (number, [line])
            for number, line in enumerate(lines, 1)
            if source[line[0] : line[1]].strip()
        ]
    drafts = []
    for number, spans in groups:
        text, segments = mend(source, spans)
        if text:
            first = source[spans[0][0] : spans[0][1]].lstrip()
            drafts.append(Draft(number, text, segments, len(first) - len(first.lstrip("#"))))
    return drafts


def _lines(source: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _BREAK.finditer(source):
        yield start, mark.start()
        start = mark.end()
    if start < len(source):
        yield start, len(source)


def _is_blocks(source: str, lines: Sequence[tuple[int, int]]) -> bool:
    """Whether empty lines part the paragraphs.

    They do when more lines are parted by empty ones than follow each other, or when those
    that follow each other mostly break off amid a sentence.
    """
    parted = adjacent = amid = 0
    last: int | None = None
    for place, (start, end) in enumerate(lines):
        if not source[start:end].strip():
            continue
        if last is not None and place == last + 1:
            adjacent += 1
            amid += not _ended(source[slice(*lines[last])])
        elif last is not None:
            parted += 1
        last = place
    return parted > adjacent or (parted > 1 and amid * 3 > adjacent * 2)


def _ended(line: str) -> bool:
    """Whether a line ends with the end of a sentence or clause that may stand alone."""
    return line.rstrip().rstrip(_CLOSING)[-1:] in tuple(_TERMINAL)


def _blocks(source: str, lines: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    blocks: list[list[tuple[int, int]]] = [[]]
    for start, end in lines:
        if source[start:end].strip():
            if blocks[-1] and _ITEM.match(source, start, end):
                blocks.append([])
            blocks[-1].append((start, end))
        elif blocks[-1]:
            blocks.append([])
    blocks = [block for block in blocks if block]
    head = _head_length(source, blocks)
    opened = [[line] for block in blocks[:head] for line in block]
    return opened + _rejoined(source, blocks[head:])


def _head_length(source: str, blocks: Sequence[Sequence[tuple[int, int]]]) -> int:
    """How many blocks make the title page; its lines stay one to one."""
    for place, block in enumerate(blocks[:15]):
        text = _text(source, block).lstrip("#* ")
        if ADDRESS.match(text):
            return place + 1
        if _NUMBERED.match(text) or len(text) > 120 or text.endswith("。"):
            return place
    return 0


def _rejoined(source: str, blocks: Sequence[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """Put blocks together that a page change tore apart."""
    whole: list[list[tuple[int, int]]] = []
    for block in blocks:
        if whole and _torn(source, whole[-1], block):
            before, after = _text(source, whole[-1]), _text(source, block)
            start, end = block[0]
            start += len(source[start:end]) - len(source[start:end].lstrip())
            start += overlap(before, after)
            whole[-1] = [*whole[-1], (start, end), *block[1:]]
        else:
            whole.append(list(block))
    return whole


def _torn(source: str, before: Sequence[tuple[int, int]], after: Sequence[tuple[int, int]]) -> bool:
    text = _text(source, before)
    if text.startswith("#") or _ITEM.match(source, after[0][0], after[0][1]):
        return False
    if len(text) < _LONG and "，" not in text and "。" not in text:
        return False
    if len(text) < _TITLE and "。" not in text and _NUMBERED.match(text):
        return False
    return not _ended(text) and not ADDRESS.match(_text(source, after))


def _text(source: str, spans: Sequence[tuple[int, int]]) -> str:
    return "".join(source[start:end].strip() for start, end in spans)


def _is_wrapped(source: str, filled: Sequence[tuple[int, int]]) -> bool:
    """Whether lines break at one width: most long lines stop amid a sentence."""
    widths = sorted(_width(source[start:end]) for start, end in filled)
    width = widths[int(len(widths) * 0.9)]
    if len(filled) < 8 or not 30 <= width <= 240 or widths[-1] > width * 1.5:
        return False
    lines = [source[start:end] for start, end in filled]
    full = [line for line in lines if _width(line) >= width * 0.85]
    amid = sum(not _ended(line) for line in full)
    return len(full) * 2 >= len(filled) and amid * 2 >= len(full)


def _unwrapped(source: str, filled: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Put wrapped lines together: a paragraph ends with a short line or before an indent."""
    width = sorted(_width(source[start:end]) for start, end in filled)[int(len(filled) * 0.9)]
    paragraphs: list[list[tuple[int, int]]] = []
    last = ""
    for start, end in filled:
        line = source[start:end]
        indented = line.startswith(("\u3000\u3000", "    ", "\t"))
        ended = _ended(last)
        short = _width(last) < width - (_SLACK_ENDED if ended else _SLACK)
        numbered = ended and bool(_NUMBERED.match(line.lstrip()))
        if not paragraphs or indented or short or numbered:
            paragraphs.append([(start, end)])
        else:
            paragraphs[-1].append((start, end))
        last = line
    return paragraphs


def _width(line: str) -> int:
    """Width in half-width columns: a Chinese character takes two, a digit one."""
    return len(line.rstrip().encode("gb18030", "replace"))
