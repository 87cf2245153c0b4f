"""The features by which the scorer judges a candidate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kg.mentions import evidence
from kg.mentions.candidates import SOURCES, Candidates
from kg.mentions.features import codes
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kg.mentions.evidence import Evidence
    from kg.mentions.words import Words

    Floats = NDArray[np.float32]

__all__ = [
    "Setting",
    "confidence",
    "evidence_columns",
    "matrix",
    "names",
    "plain_columns",
    "rivals",
    "two_best",
]

_CLASSES: Final = (
    "，",
    "。",
    "；",
    "：",
    "、",
    "“",
    "”",
    "（",
    "）",
    "《",
    "》",
    "和",
    "与",
    "及",
    "等",
    "的",
    "\n",
    "0",
    "A",
)
_CLASS_OF: Final = {ord(char): number + 1 for number, char in enumerate(_CLASSES)}
_INSIDE: Final = ("、", "“", "（", "0", "A", "的", "和与及", "，", "·-—～~")
_OPENING: Final = tuple(ord(char) for char in "“（《")
_CLOSING: Final = tuple(ord(char) for char in "”）》")
_JOINTS: Final = tuple(ord(char) for char in "、和与及")
_BASIC: Final = (
    "begin",
    "end",
    "inner",
    "begin-any",
    "end-any",
    "least-open",
    "kind-share",
    "name-share",
    "product",
    "least",
    "other-kind",
)
_OUTSIDE: Final = (
    "o-before",
    "o-after",
    "kind-before",
    "kind-after",
    "begins-after",
    "ends-before",
)


@dataclass(frozen=True)
class Setting:
    """What the features of a report's candidates are taken from.

    Attributes:
        text: the joined text.
        words: its words.
        marginals: characters × labels of the first tagger.
        second: of another tagger, ``None`` if there is none.
        table: counts from annotated reports.
        corpus: counts from reports at large.
    """

    text: str
    words: Words
    marginals: Floats
    second: Floats | None
    table: Evidence
    corpus: Evidence


def names(second: bool) -> list[str]:
    """The names of the features, in the order of :func:`matrix`."""
    found = [*_BASIC, *_OUTSIDE, "rival", "rival-kind"]
    if second:
        found += [f"second-{name}" for name in _BASIC]
    found += [f"from-{source}" for source in SOURCES]
    found += ["sources", "kind", "length", "words", "starts-word", "ends-word"]
    found += ["tag-first", "tag-last", "tag-before", "tag-after", "class-before", "class-after"]
    found += [f"holds-{marks}" for marks in _INSIDE]
    found += ["bare-joints", "quoted", "from-sentence", "list-items", "clause"]
    found += ["same-count", "same-best", "same-sum", "same-other-kind"]
    found += [f"share-{slot}" for slot in evidence.SLOTS]
    found += [f"weight-{slot}" for slot in evidence.SLOTS]
    found += ["corpus-share", "corpus-weight", "corpus-share-any", "corpus-weight-any"]
    return found


def matrix(candidates: Candidates, setting: Setting, keys: NDArray[np.uint64]) -> Floats:
    """The features without what comes from ``table`` and ``corpus`` … with them appended.

    Args:
        candidates: sorted.
        setting: of the report.
        keys: candidates × slots, of :func:`kg.mentions.evidence.slots`.

    Returns:
        candidates × features.
    """
    columns = plain_columns(candidates, setting, keys)
    columns += evidence_columns(setting.table.look_up(keys), setting.corpus.look_up(keys[:, :2]))
    return np.stack(columns, 1).astype(np.float32)


def evidence_columns(table: tuple[Floats, Floats], corpus: tuple[Floats, Floats]) -> list[Floats]:
    """The features that rest on counts."""
    columns = evidence.Evidence.columns(*table)
    seen_names, seen = corpus
    rest = [
        seen_names[:, 0] / np.maximum(seen[:, 1], 1),
        np.log1p(seen_names[:, 0]),
        seen_names[:, 1] / np.maximum(seen[:, 1], 1),
        np.log1p(seen[:, 1]),
    ]
    return [*columns, *(column.astype(np.float32) for column in rest)]


def plain_columns(
    candidates: Candidates, setting: Setting, keys: NDArray[np.uint64]
) -> list[Floats]:
    """The features that come from the report itself."""
    basic = _basic(candidates, setting.marginals)
    least = basic[_BASIC.index("least")]
    columns: list[NDArray[Any]] = [
        *basic,
        *_outside(candidates, setting.marginals),
        *rivals(candidates, least),
    ]
    if setting.second is not None:
        columns += _basic(candidates, setting.second)
    bits = [(candidates.sources >> number) & 1 for number in range(len(SOURCES))]
    columns += [*bits, np.add.reduce(bits), candidates.kind]
    columns += _shape(candidates, setting)
    columns += _same(keys, candidates.kind, least)
    return [np.asarray(column, np.float32) for column in columns]


def confidence(candidates: Candidates, marginals: Floats) -> Floats:
    """A first guess of each candidate's probability: its weakest label."""
    return _basic(candidates, marginals)[_BASIC.index("least")]


def _basic(candidates: Candidates, marginals: Floats) -> list[Floats]:
    start, last, kind = candidates.start, candidates.end - 1, candidates.kind
    size = len(marginals)
    begins, insides = marginals[:, 1::4], marginals[:, 2::4]
    ends, singles = marginals[:, 3::4], marginals[:, 4::4]
    alone = last == start
    begin_each = np.where(alone[:, None], singles[start], begins[start])
    end_each = np.where(alone[:, None], singles[last], ends[last])
    rows = np.arange(len(candidates))
    begin, end = begin_each[rows, kind], end_each[rows, kind]
    flat = np.append(np.ascontiguousarray(insides.T).ravel(), np.float32(1))
    offset = kind * size
    inner = _reduce(np.minimum, flat, offset + start + 1, offset + last, 1.0)
    outside = np.append(marginals[:, 0], np.float32(0))
    most_o = _reduce(np.maximum, outside, start, last + 1, 0.0)
    kinds = np.add.reduce([begins, insides, ends, singles])
    share = np.concatenate([np.zeros((1, kinds.shape[1])), np.cumsum(kinds, 0, np.float64)])
    length = (last + 1 - start).astype(np.float64)
    kind_share = (share[last + 1, kind] - share[start, kind]) / length
    total = share.sum(1)
    name_share = (total[last + 1] - total[start]) / length
    others = np.minimum(begin_each, end_each)
    others[rows, kind] = 0
    least = np.minimum(np.minimum(begin, end), inner)
    return [
        begin,
        end,
        inner,
        begin_each.sum(1),
        end_each.sum(1),
        1 - most_o,
        kind_share.astype(np.float32),
        name_share.astype(np.float32),
        begin * end,
        least,
        others.max(1, initial=0),
    ]


def _reduce(
    function: np.ufunc,
    values: Floats,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    empty: float,
) -> Floats:
    """``function`` over ``values[start:stop]`` of each row; ``values`` has one spare entry."""
    if not len(start):
        return np.zeros(0, np.float32)
    bounds = np.stack([start, np.maximum(stop, start)], 1).ravel()
    bounds = np.minimum(bounds, len(values) - 1)
    reduced = function.reduceat(values, bounds)[::2]
    filled = np.full(len(start), empty, np.float32)
    np.copyto(filled, reduced, where=stop > start)
    return filled


def _outside(candidates: Candidates, marginals: Floats) -> list[Floats]:
    padded = np.vstack([marginals[:1] * 0, marginals, marginals[:1] * 0])
    padded[[0, -1], 0] = 1
    before, after = padded[candidates.start], padded[candidates.end + 1]
    rows = np.arange(len(candidates))
    first = 4 * candidates.kind + 1

    def of_kind(block: Floats) -> Floats:
        total: Floats = np.add.reduce([block[rows, first + step] for step in range(4)])
        return total

    return [
        before[:, 0],
        after[:, 0],
        of_kind(before),
        of_kind(after),
        after[:, 1::4].sum(1),
        before[:, 3::4].sum(1),
    ]


def rivals(candidates: Candidates, least: Floats) -> list[Floats]:
    """The strongest candidate that overlaps each one, on another span and on any span."""
    count = len(candidates)
    if not count:
        return [least, least]
    spans, number = np.unique(
        (candidates.start << 16) | (candidates.end - candidates.start), return_inverse=True
    )
    best = np.zeros(len(spans), np.float32)
    np.maximum.at(best, number, least)
    begin, length = spans >> 16, spans & 0xFFFF
    owner = np.repeat(np.arange(len(spans)), length)
    pointer = np.concatenate([[0], np.cumsum(length)[:-1]])
    place = np.repeat(begin, length) + np.arange(length.sum()) - np.repeat(pointer, length)
    order = np.lexsort((-best[owner], place))
    place, owner_sorted = place[order], owner[order]
    fresh = np.concatenate([[True], place[1:] != place[:-1]])
    heads = np.flatnonzero(fresh)
    size = int(place[-1]) + 1
    top, runner = np.zeros((2, size), np.float32)
    holder = np.full(size, -1)
    top[place[heads]] = best[owner_sorted[heads]]
    holder[place[heads]] = owner_sorted[heads]
    following = heads + 1
    following = following[following < len(place)]
    following = following[~fresh[following]]
    runner[place[following]] = best[owner_sorted[following]]
    positions = np.repeat(begin, length) + np.arange(len(owner)) - np.repeat(pointer, length)
    rival = np.where(holder[positions] == owner, runner[positions], top[positions])
    strongest = np.maximum.reduceat(rival, pointer)[number]
    return [strongest, np.maximum(best[number], strongest)]


def _shape(candidates: Candidates, setting: Setting) -> list[NDArray[np.int64] | Floats]:
    start, end = candidates.start, candidates.end
    text, words = setting.text, setting.words
    size = len(text)
    points = codes(text)
    index = words.index
    edges = np.zeros(size + 1, bool)
    edges[words.starts] = True
    first, last = index[start], index[end - 1]
    before, after = np.maximum(start - 1, 0), np.minimum(end, size - 1)
    classes = np.zeros(size, np.int64)
    for char, number in _CLASS_OF.items():
        classes[points == char] = number
    columns: list[NDArray[np.int64] | Floats] = [
        end - start,
        last - first + 1,
        edges[start],
        edges[end],
        words.tags[first],
        words.tags[last],
        words.tags[index[before]],
        words.tags[index[after]],
        np.where(start > 0, classes[before], 17),
        np.where(end < size, classes[after], 17),
    ]
    for marks in _INSIDE:
        hits = np.concatenate([[0], np.cumsum(np.isin(points, [ord(mark) for mark in marks]))])
        columns.append(hits[end] - hits[start])
    depth = np.cumsum(np.isin(points, _OPENING).astype(int) - np.isin(points, _CLOSING))
    bare = np.concatenate([[0], np.cumsum(np.isin(points, _JOINTS) & (depth <= 0))])
    columns.append(bare[end] - bare[start])
    quoted = (points[before] == ord("“")) & (points[after] == ord("”"))
    stops = np.isin(points, [ord(mark) for mark in "。；\n"])
    clause_stops = stops | np.isin(points, [ord("，"), ord("：")])
    commas = np.concatenate([[0], np.cumsum(points == ord("、"))])
    begins, finishes = _runs(clause_stops)
    sentence, _ = _runs(stops)
    columns += [
        quoted,
        np.minimum(start - sentence[start], 60),
        commas[finishes[start]] - commas[begins[start]],
        finishes[start] - begins[start],
    ]
    return columns


def _runs(stops: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each character where its run between stops begins and where it ends."""
    size = len(stops)
    numbers = np.arange(size)
    opened = np.concatenate([[True], stops[:-1]])
    begins = np.maximum.accumulate(np.where(opened, numbers, 0))
    closing = np.where(stops, numbers, size)
    ends = np.minimum.accumulate(closing[::-1])[::-1]
    return begins, ends


def _same(keys: NDArray[np.uint64], kind: NDArray[np.int64], least: Floats) -> Sequence[Floats]:
    """What the report's other candidates with the same string look like."""
    count = len(keys)
    if not count:
        return [least] * 4
    _, number = np.unique(keys[:, 0], return_inverse=True)
    groups = int(number.max()) + 1
    total = np.bincount(number, least, groups)
    size = np.bincount(number, minlength=groups)
    highest, second = two_best(number, least, groups)
    best = np.where(least >= highest[number], second[number], highest[number])
    _, strings = np.unique(keys[:, 1], return_inverse=True)
    by_kind = np.zeros((int(strings.max()) + 1, len(KINDS)), np.float32)
    np.maximum.at(by_kind, (strings, kind), least)
    other = by_kind[strings]
    other[np.arange(count), kind] = 0
    return [size[number], best, total[number] - least, other.max(1)]


def two_best(number: NDArray[np.int64], values: Floats, groups: int) -> tuple[Floats, Floats]:
    """The highest value of each group, and the next."""
    highest, second = np.zeros((2, groups), np.float32)
    order = np.lexsort((-values, number))
    ordered = number[order]
    heads = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    highest[ordered[heads]] = values[order[heads]]
    follow = heads + 1
    follow = follow[follow < len(order)]
    follow = follow[ordered[follow] == ordered[follow - 1]]
    second[ordered[follow]] = values[order[follow]]
    return highest, second
