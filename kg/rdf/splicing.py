"""A sorted Turtle or TriG file with some of its subjects written anew, the rest copied as bytes.

In what :mod:`kg.rdf.turtle` writes an empty line stands before each subject and nowhere
else, and subjects are in order; so a subject is found by halving, and its place is known
even where it is not there yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from kg.rdf.vocab import PREFIXES, Term

__all__ = ["copy", "splice"]

_READ: Final = 1 << 13
_COPIED: Final = 1 << 20
_GAP: Final = b"\n\n"


def copy(source: BinaryIO, target: BinaryIO, start: int, end: int) -> None:
    """Copy the bytes from ``start`` to ``end``."""
    source.seek(start)
    while start < end:
        data = source.read(min(_COPIED, end - start))
        if not data:
            raise EOFError(f"the file ends at byte {start}, not {end}")
        target.write(data)
        start += len(data)


def splice(
    source: BinaryIO,
    target: BinaryIO,
    span: tuple[int, int],
    base: str,
    blocks: Mapping[Term, str],
) -> None:
    """Copy subjects, putting new blocks in the place of old ones.

    Args:
        source: where sorted subjects stand.
        target: is written to.
        span: the first byte of the first subject, and the byte after the last.
        base: under which the file is written.
        blocks: subject → its new text as the writer gives it, empty to leave it out.
    """
    found = _Subjects(source, span[1], base)
    done = span[0]
    for subject in sorted(blocks):
        start, end = found.find(subject, done)
        copy(source, target, done, start)
        target.write(blocks[subject].encode())
        done = end
    copy(source, target, done, span[1])


class _Subjects:
    """Finds subjects in a part of a file."""

    def __init__(self, source: BinaryIO, end: int, base: str) -> None:
        self._source = source
        self._end = end
        self._base = base

    def find(self, subject: Term, low: int) -> tuple[int, int]:
        """Where a subject's block begins and ends; twice where it would begin if it is not there.

        Args:
            subject: what is sought.
            low: the first byte of a block that is not behind it.
        """
        step, high = _READ, low
        while high < self._end and self._before(high, subject):
            low, high = high + 1, min(high + step, self._end)
            step *= 2
        while low < high:
            middle = (low + high) // 2
            if self._before(middle, subject):
                low = middle + 1
            else:
                high = middle
        start = self._next(low)
        there = start < self._end and self._subject(start) == subject
        return start, self._next(start + 1) if there else start

    def _before(self, position: int, subject: Term) -> bool:
        """Whether the first block from a position on is one of an earlier subject."""
        start = self._next(position)
        return start < self._end and self._subject(start) < subject

    def _next(self, position: int) -> int:
        """Where the first block from a position on begins; the end if there is none."""
        at = position - 1  # the empty line is the end of one line and the beginning of a block
        for data in self._pieces(at):
            found = data.find(_GAP)
            if found >= 0:
                return min(at + found + 1, self._end)
            at += len(data) - 1
        return self._end

    def _pieces(self, position: int) -> Iterator[bytes]:
        """The bytes from a position on; each piece begins with the last byte of the one before."""
        while position < self._end:
            self._source.seek(position)
            data = self._source.read(_READ)
            if len(data) < len(_GAP):
                return
            yield data
            position += len(data) - 1

    def _subject(self, start: int) -> Term:
        """The subject of the block that begins at a position."""
        written = b""
        for data in self._pieces(start + 1):
            head, space, _ = data.partition(b" ")
            written += head[1:] if written else head
            if space:
                break
        return self._term(written.decode())

    def _term(self, written: str) -> Term:
        if written[0] != "<":
            prefix, _, local = written.partition(":")
            return f"<{PREFIXES[prefix]}{local}>"
        plain = written[1:-1]
        # as the writer has it: what is relative has no colon in its first segment
        return written if ":" in plain.partition("/")[0] else f"<{self._base}{plain}>"
