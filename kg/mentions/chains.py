"""Linear chains over the labels of names: marginals and best paths of many sentences at once.

A name is labelled B I … E, a name of one character S, everything else O; each of the
eight kinds has its own four.  ``labels`` is ``O`` and then B, I, E, S of kind after kind.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Span = tuple[int, int, int]

__all__ = [
    "LABELS",
    "allowed",
    "batches",
    "best_paths",
    "forward_backward",
    "label_numbers",
    "marginals",
    "sentences",
    "spans_of",
]

LABELS: Final = ("O", *(f"{mark}-{kind}" for kind in KINDS for mark in "BIES"))
_LONGEST = 160
_SHORTEST_CUT = 60
_BATCH = 128
_FLOOR = np.float32(-1e4)


def allowed() -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which label may follow which, which may begin a sentence, which may end it."""
    size = len(LABELS)
    follows = np.zeros((size, size), bool)
    closed = np.array([label[0] in "OES" for label in LABELS])
    opening = np.array([label[0] in "OBS" for label in LABELS])
    follows[np.ix_(closed, opening)] = True
    for kind in range(len(KINDS)):
        begin, inside, end = 4 * kind + 1, 4 * kind + 2, 4 * kind + 3
        follows[np.ix_([begin, inside], [inside, end])] = True
    return follows, opening, closed


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of ``text`` begin and end; long ones are cut at a comma."""
    found = []
    for match in re.finditer(r"[^。；\n]+[。；]?|[。；]", text):
        start, end = match.span()
        while end - start > _LONGEST:
            comma = text.rfind("，", start + _SHORTEST_CUT, start + _LONGEST)
            cut = comma + 1 if comma > 0 else start + _LONGEST
            found.append((start, cut))
            start = cut
        found.append((start, end))
    return found


def batches(
    spans: Sequence[tuple[int, int]], size: int = _BATCH
) -> Iterable[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Sentences of like length together.

    Yields:
        the offsets of each sentence's characters, padded with its last (sentences ×
        longest), and the lengths, the longest sentence first.
    """
    order = sorted(range(len(spans)), key=lambda number: spans[number][0] - spans[number][1])
    for first in range(0, len(order), size):
        chosen = np.array([spans[number] for number in order[first : first + size]])
        lengths = chosen[:, 1] - chosen[:, 0]
        steps = np.arange(lengths[0])
        offsets = chosen[:, :1] + np.minimum(steps[None, :], lengths[:, None] - 1)
        yield offsets, lengths


def marginals(emissions: Floats, text: str, transitions: Floats, size: int = _BATCH) -> Floats:
    """The posteriors of a text's labels, sentence by sentence; breaks are O.

    Args:
        emissions: characters × labels, log scores.
        text: the characters.
        transitions: as :func:`forward_backward` takes them.
        size: sentences computed together; it touches no more than the last bits.
    """
    out = np.zeros_like(emissions)
    out[:, 0] = 1
    for offsets, lengths in batches(sentences(text), size):
        found = _passes(emissions[offsets], lengths, transitions)
        valid = np.arange(offsets.shape[1])[None, :] < lengths[:, None]
        out[offsets[valid]] = found.posterior[valid]
    return out


def forward_backward(
    emissions: Floats, lengths: NDArray[np.int64], transitions: Floats
) -> tuple[Floats, Floats, float]:
    """Posteriors of a batch of sentences, longest first.

    Args:
        emissions: sentences × steps × labels, log scores.
        lengths: of each sentence, not increasing.
        transitions: labels × labels, log scores; the last two rows are begin and end.

    Returns:
        posteriors of the labels (0 behind a sentence's end), expected counts of the
        transitions in the form of ``transitions``, and the summed log partition.
    """
    count, steps, size = emissions.shape
    expected = np.zeros_like(transitions)
    found = _passes(emissions, lengths, transitions, expected[:size])
    posterior = found.posterior
    expected[size] = posterior[:, 0].sum(0)
    expected[size + 1] = posterior[np.arange(count), lengths - 1].sum(0)
    valid = np.arange(steps)[None, :] < lengths[:, None]
    partition = float(
        (np.log(found.norms) * valid).sum()
        + (emissions.max(2) * valid).sum()
        + np.log(found.finals).sum()
    )
    return posterior, expected, partition


class _Passes(NamedTuple):
    """What the two passes over a batch give: posteriors, norms of the steps and of the ends."""

    posterior: Floats
    norms: Floats
    finals: Floats


def _passes(
    emissions: Floats,
    lengths: NDArray[np.int64],
    transitions: Floats,
    expected: Floats | None = None,
) -> _Passes:
    """Forward and backward pass; adds the transitions to ``expected`` if that is wanted."""
    count, steps, size = emissions.shape
    follow = np.exp(transitions[:size])
    begin, end = np.exp(transitions[size]), np.exp(transitions[size + 1])
    # Step by step, so that each step reads and writes one piece of memory.
    scores = np.ascontiguousarray(emissions.transpose(1, 0, 2))
    np.exp(scores - scores.max(2, keepdims=True), out=scores)
    active = (lengths[None, :] > np.arange(steps)[:, None]).sum(1).tolist()
    forward = np.zeros_like(scores)
    norms = np.ones((steps, count), np.float32)
    for step, n in enumerate(active):
        value = forward[step, :n]
        if step:
            np.matmul(forward[step - 1, :n], follow, out=value)
            value *= scores[step, :n]
        else:
            np.multiply(begin, scores[0], out=value)
        norms[step, :n] = value.sum(1)
        value /= norms[step, :n, None]
    finals = forward[lengths - 1, np.arange(count)] @ end
    posterior = np.zeros_like(scores)
    backward = np.zeros((count, size), np.float32)
    for step in range(steps - 1, -1, -1):
        n = active[step]
        m = active[step + 1] if step + 1 < steps else 0
        backward[m:n] = end / finals[m:n, None]
        if m:
            ahead = scores[step + 1, :m] * backward[:m]
            ahead /= norms[step + 1, :m, None]
            np.matmul(ahead, follow.T, out=backward[:m])
            if expected is not None:
                expected += (forward[step, :m].T @ ahead) * follow
        np.multiply(forward[step, :n], backward[:n], out=posterior[step, :n])
    return _Passes(posterior.transpose(1, 0, 2), norms.T, finals)


def best_paths(
    scores: Floats, lengths: NDArray[np.int64], bias: float = 0.0
) -> list[NDArray[np.int64]]:
    """For each sentence the best lawful labels under per-character scores.

    Only the law of B I E S O joins the characters, so that a step is a few comparisons a
    kind instead of all pairs of labels.

    Args:
        scores: sentences × steps × labels, log scores (posteriors for a second look).
        lengths: of each sentence, not increasing.
        bias: what is taken from the score of O.
    """
    count, steps, size = scores.shape
    active = (lengths[None, :] > np.arange(steps)[:, None]).sum(1)
    biased = scores.copy()
    biased[:, :, 0] -= bias
    starts, insides = np.arange(1, size, 4), np.arange(2, size, 4)
    ends, singles = np.arange(3, size, 4), np.arange(4, size, 4)
    closed = np.concatenate([[0], ends, singles])
    opening = np.concatenate([[0], starts, singles])
    best = np.full((count, size), _FLOOR, np.float32)
    best[:, opening] = biased[:, 0, opening]
    from_closed = np.zeros((steps, count), np.int64)
    from_inside = np.zeros((steps, count, len(starts)), bool)
    finals = np.zeros(count, np.int64)
    for step in range(1, steps + 1):
        n = active[step] if step < steps else 0
        done = slice(n, active[step - 1])
        finals[done] = closed[best[done][:, closed].argmax(1)]
        if not n:
            break
        chosen = best[:n, closed].argmax(1)
        from_closed[step, :n] = closed[chosen]
        highest = best[np.arange(n), closed[chosen]]
        goes_on = best[:n, insides] > best[:n, starts]
        from_inside[step, :n] = goes_on
        within = np.where(goes_on, best[:n, insides], best[:n, starts])
        now = biased[:n, step]
        fresh = np.empty((n, size), np.float32)
        fresh[:, opening] = highest[:, None] + now[:, opening]
        fresh[:, insides] = within + now[:, insides]
        fresh[:, ends] = within + now[:, ends]
        best[:n] = fresh
    paths = np.zeros((count, steps), np.int64)
    current = np.zeros(count, np.int64)
    for step in range(steps - 1, -1, -1):
        n = active[step]
        m = active[step + 1] if step + 1 < steps else 0
        if m:
            kind = (current[:m] - 1) // 4
            mark = (current[:m] - 1) % 4
            inner = (current[:m] > 0) & ((mark == 1) | (mark == 2))
            rows = np.arange(m)
            back = np.where(from_inside[step + 1, rows, np.maximum(kind, 0)], 2, 1) + 4 * kind
            current[:m] = np.where(inner, back, from_closed[step + 1, :m])
        current[m:n] = finals[m:n]
        paths[:n, step] = current[:n]
    return [path[:length] for path, length in zip(paths, lengths, strict=True)]


def spans_of(path: NDArray[np.int64], offset: int = 0) -> list[Span]:
    """The names of a lawful path as (start, end, number of the kind)."""
    found: list[Span] = []
    begun = 0
    for place in np.flatnonzero(path):
        kind, mark = divmod(int(path[place]) - 1, 4)
        if mark == 0:
            begun = int(place)
        elif mark == 2:
            found.append((offset + begun, offset + int(place) + 1, kind))
        elif mark == 3:
            found.append((offset + int(place), offset + int(place) + 1, kind))
    return found


def label_numbers(length: int, spans: Iterable[tuple[int, int, int]]) -> NDArray[np.int64]:
    """The labels of a text of ``length`` characters with these names; they must not overlap."""
    labels = np.zeros(length, np.int64)
    for start, end, kind in spans:
        first = 4 * kind + 1
        if end - start == 1:
            labels[start] = first + 3
        else:
            labels[start], labels[end - 1] = first, first + 2
            labels[start + 1 : end - 1] = first + 1
    return labels
