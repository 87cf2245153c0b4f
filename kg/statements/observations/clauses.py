"""A paragraph cut into sentences, clauses and slots: a figure with the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from kg.statements.observations.ranks import Rank
from kg.statements.quantities import Quantity

__all__ = ["Figure", "Slot", "sentences", "slots"]

Figure = Quantity | Rank

_SENTENCE: Final = re.compile(r"[^。！？!?\n]+[。！？!?\n]?")
_BREAK: Final = re.compile(r"[，；：,;。！？!?\n]|——|－－")
_JOINT: Final = re.compile(r"\s*(?:、|和(?![谐美平睦])|与(?!会)|以及|及(?![时其早])|或|，)\s*")
_JOINT_END: Final = re.compile(r"(?:、|以及|(?<![共温总饱])和|(?<!参)与|(?<![惠涉普以波])及)\s*$")


@dataclass(frozen=True, slots=True)
class Slot:
    """A figure and the words of its clause that belong to it.

    Attributes:
        figure: the number or rank.
        left: the words before it, from the clause's start or the figure before.
        left_start: where ``left`` begins in the paragraph.
        right: the words after it, up to the figure after or the clause's end.
        right_end: where ``right`` ends in the paragraph.
        clause_start: where the clause begins.
        clause_end: where it ends, before its mark.
        head: the words before the first figure of the clause.
        joined: nothing but 、 or 和 stands between this figure and the one before.
        listed: 、 or 和 separates it from the figure before, with words of its own.
        first: whether it is the clause's first figure.
        repeats: whether the words before it are those that follow the figure before
            (21条巷道17.3公里).
        words: the figure and its unit as written.
        tail: what follows the last of such figures and is told of all (7个片区1231户棚改).
    """

    figure: Figure
    left: str
    left_start: int
    right: str
    right_end: int
    clause_start: int
    clause_end: int
    head: str
    joined: bool
    listed: bool
    first: bool
    repeats: bool = False
    tail: str = ""
    words: str = ""


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence."""
    for match in _SENTENCE.finditer(text):
        yield match.span()


def _clauses(
    text: str, start: int, end: int, figures: Sequence[Figure]
) -> Iterator[tuple[int, int]]:
    begin = start
    for mark in _BREAK.finditer(text, start, end):
        if any(figure.start <= mark.start() < figure.end for figure in figures):
            continue
        if mark.start() > begin:
            yield begin, mark.start()
        begin = mark.end()
    if begin < end:
        yield begin, end


def slots(
    text: str, start: int, end: int, figures: Sequence[Figure]
) -> Iterator[tuple[str, list[Slot]]]:
    """Each clause of a sentence with its slots; none if it holds no figure."""
    for clause_start, clause_end in _clauses(text, start, end, figures):
        inside = [f for f in figures if clause_start <= f.start and f.end <= clause_end]
        found = _slots_of(text, clause_start, clause_end, inside) if inside else []
        yield text[clause_start:clause_end], found


def _slots_of(text: str, start: int, end: int, figures: Sequence[Figure]) -> list[Slot]:
    edges = [start]
    joints: list[tuple[bool, bool]] = [(False, False)]
    for before, after in pairwise(figures):
        cut, joined, listed = _divide(text, before.end, after.start)
        edges.append(cut)
        joints.append((joined, listed))
    edges.append(end)
    found: list[Slot] = []
    for i, figure in enumerate(figures):
        left_start = edges[i]
        right_end = edges[i + 1]
        if i > 0 and not any(joints[i]):
            left_start = figures[i - 1].end
        if i + 1 < len(figures) and not any(joints[i + 1]):
            right_end = figures[i + 1].start
        left = _without_joint(text[left_start : figure.start])
        if i > 0 and figures[i - 1].kind == "streak" and figure.kind != "streak":
            left = found[i - 1].left + left  # 连续五年 stands between a name and its figure
        found.append(
            Slot(
                figure,
                left,
                left_start,
                _JOINT_END.sub("", text[figure.end : right_end]),
                right_end,
                start,
                end,
                text[start : figures[0].start],
                joints[i][0],
                joints[i][1],
                i == 0,
                i > 0 and not any(joints[i]) and len(text[left_start : figure.start]) <= 8,
                words=text[figure.number_start : figure.number_end],
            )
        )
    for i in range(len(found) - 2, -1, -1):
        if found[i + 1].repeats and not found[i].right.endswith(("中", "的")):
            tail = found[i + 1].tail or found[i + 1].right
            found[i] = replace(found[i], tail=tail)
    return found


def _without_joint(words: str) -> str:
    match = _JOINT.match(words)
    return words[match.end() :] if match else words


def _divide(text: str, start: int, end: int) -> tuple[int, bool, bool]:
    """Where the words between two figures divide, and whether a joint stands there."""
    between = text[start:end]
    if not between.strip():
        return end, True, False
    if _JOINT.fullmatch(between):
        return end, True, False
    opening = _JOINT.match(between)
    if opening:
        return start, False, True
    closing = _JOINT_END.search(between)
    if closing:
        return end, False, True
    place = between.rfind("、")
    if place < 0:
        place = max(between.rfind("和"), between.rfind("与"))
    if place > 0 and not between[:place].endswith(("大", "总", "温")):
        return start + place, False, True
    return end, False, False
