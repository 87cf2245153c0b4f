"""Marks and stray spaces out of a paragraph, with the way back to the source.

A paragraph is put together from spans of the source and what is deleted between and
within them; nothing is ever inserted, so each run of its text stands as it is in the
source (:class:`kg.model.Segment`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kg.model import Segment

__all__ = ["mend", "mend_title"]

_BOLD: Final = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_LEAD: Final = re.compile(r"\s*(?:(?:[-*+>]|#{1,6})\s+|[•●■◆▪◇□◎]\s*)+")
"""List dashes, bullets, quote and heading marks at the start of a Markdown line."""

_SPACE: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]+")
_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
_DOUBLED: Final = re.compile(r"(\w{2,6})\s+(?=\1)")


def mend(source: str, spans: Sequence[tuple[int, int]]) -> tuple[str, tuple[Segment, ...]]:
    """Join spans of ``source`` into one text without marks and stray spaces.

    Deleted are ``**`` marks, list dashes, invisible characters, and white space except
    between two Latin words or figures and, as an ideographic space, between two words.

    Args:
        source: the report as read.
        spans: start and end offsets, in order.

    Returns:
        The text and its runs in the source; no runs for an empty text.
    """
    pieces = [source[start:end] for start, end in spans]
    joined = "".join(pieces)
    cuts = _cuts(joined, _joints(pieces))
    if not cuts and len(spans) == 1:
        start, end = spans[0]
        return joined, (Segment(0, start, end - start),) if joined else ()
    text: list[str] = []
    segments: list[Segment] = []
    length = 0
    for start, end in _kept(spans, cuts):
        text.append(source[start:end])
        if segments and segments[-1].source_start + segments[-1].length == start:
            last = segments.pop()
            segments.append(Segment(last.start, last.source_start, last.length + end - start))
        else:
            segments.append(Segment(length, start, end - start))
        length += end - start
    return "".join(text), tuple(segments)


def mend_title(lines: Sequence[str]) -> str:
    """A title of one or more lines with its spaces and its doubled words mended.

    >>> mend_title(["2020 年国民经济和社会 社会发展计划", "执行情况的报告"])
    '2020年国民经济和社会发展计划执行情况的报告'
    """
    whole = "\n".join(line.strip() for line in lines)
    whole = _DOUBLED.sub("", whole)
    return mend(whole, [(0, len(whole))])[0]


def _joints(pieces: Sequence[str]) -> set[int]:
    places: set[int] = set()
    place = 0
    for piece in pieces[:-1]:
        place += len(piece)
        places.add(place)
    return places


def _cuts(text: str, joints: set[int]) -> list[tuple[int, int]]:
    """What to delete of ``text``: disjoint spans in order."""
    cuts: list[tuple[int, int]] = []
    lead = _LEAD.match(text)
    first = 0
    if lead and lead.end() < len(text):
        cuts.append((0, lead.end()))
        first = lead.end()
    if "**" in text or "__" in text:
        for mark in _BOLD.finditer(text, first):
            cuts.append((mark.start(), mark.start(2)))
            cuts.append((mark.end(2), mark.end()))
    for space in _SPACE.finditer(text, first):
        if not _space_counts(text, space, joints):
            cuts.append(space.span())
    cuts.sort()
    return cuts


def _space_counts(text: str, space: re.Match[str], joints: set[int]) -> bool:
    start, end = space.span()
    if start == 0 or end == len(text) or _INVISIBLE.search(space.group()):
        return False
    before, after = text[start - 1], text[end]
    if before.isascii() and after.isascii():
        return True
    if "\u3000" in space.group() and not joints.intersection(range(start, end + 1)):
        return before.isalpha() and after.isalpha()
    return False


def _kept(
    spans: Sequence[tuple[int, int]], cuts: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The spans of the source that stay, given cuts that count into the joined spans."""
    kept: list[tuple[int, int]] = []
    place = 0
    pending = list(reversed(cuts))
    for start, end in spans:
        here = place
        stop = place + end - start
        while pending and pending[-1][0] < stop:
            cut_start, cut_end = pending[-1]
            if cut_start > here:
                kept.append((start + here - place, start + cut_start - place))
            here = max(here, min(cut_end, stop))
            if cut_end > stop:
                break
            pending.pop()
        if here < stop:
            kept.append((start + here - place, start + stop - place))
        place = stop
    return kept
