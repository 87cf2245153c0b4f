"""Training of the light tagger: a CRF with AdaGrad and half of the features left out at random.

Dropping half of the features of every character at each look keeps the weights from
leaning on one of many that say the same; it is worth two points over L2 alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kg.mentions import chains, features
from kg.mentions.light import Clusters, LightTagger
from kg.mentions.words import segment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from kg.mentions.chains import Span

__all__ = ["train"]

LARGEST = 127


def train(
    texts: Sequence[str],
    spans: Sequence[Sequence[Span]],
    clusters: Clusters,
    *,
    weights: Sequence[float] | None = None,
    epochs: int = 10,
    rate: float = 0.08,
    dropout: float = 0.6,
    decay: float = 1e-6,
    keep: int = 110_000,
    seed: int = 0,
    progress: Callable[[str], None] = lambda line: None,
) -> LightTagger:
    """Train a tagger.

    Args:
        texts: without white space.
        spans: the names of each text as (start, end, number of the kind), not overlapping.
        clusters: of words.
        weights: how much each text counts; all the same if not given.
        epochs: how often all texts are seen.
        rate: of AdaGrad.
        dropout: share of the features left out at each look.
        decay: L2 on the rows that are seen.
        keep: how many rows of the table survive, those of the largest weights.
        seed: of the order and of the dropout.
        progress: told a line an epoch.

    Returns:
        the tagger; the same for the same arguments.
    """
    joined = "\n".join(texts)
    words = segment(joined)
    used, rows = _frequent(features.rows(joined, words, clusters.of(words)))
    labels, importance = _targets(texts, spans, weights)
    learner = _Learner(len(used), rate, dropout, decay)
    random = np.random.default_rng(seed)
    mean_table, mean_transitions = np.zeros_like(learner.table), np.zeros_like(learner.transitions)
    seen = 0
    groups = list(chains.batches(chains.sentences(joined), 32))
    for epoch in range(epochs):
        loss = 0.0
        for group in random.permutation(len(groups)):
            offsets, lengths = groups[group]
            weight = importance[offsets[:, 0]]
            loss += learner.look(rows, labels[offsets], offsets, lengths, weight, random)
        if 2 * (epoch + 1) > epochs:
            # What half of the features taught last varies; the mean of many looks does not.
            seen += 1
            mean_table += (learner.table - mean_table) / seen
            mean_transitions += (learner.transitions - mean_transitions) / seen
        progress(f"epoch {epoch + 1}: loss {loss / max(len(joined), 1):.4f} a character")
    return _compact(used, mean_table, mean_transitions, clusters, keep)


class _Learner:
    """The weights while they are learned, with AdaGrad's sums of squared gradients."""

    def __init__(self, rows: int, rate: float, dropout: float, decay: float) -> None:
        follows, begins, ends = chains.allowed()
        self.lawful = np.vstack([follows, begins, ends])
        self.table = np.zeros((rows, len(chains.LABELS)), np.float32)
        self.squares = np.full_like(self.table, 1e-2)
        self.transitions = np.where(self.lawful, 0, -1e4).astype(np.float32)
        self.transition_squares = np.full_like(self.transitions, 1e-2)
        self.rate, self.dropout, self.decay = rate, dropout, decay

    def look(
        self,
        rows: NDArray[np.int32],
        truth: NDArray[np.int64],
        offsets: NDArray[np.int64],
        lengths: NDArray[np.int64],
        weight: NDArray[np.float32],
        random: np.random.Generator,
    ) -> float:
        """One step on a batch of sentences; returns its loss before the step.

        Args:
            rows: of the table for each character of all texts, -1 where there is none.
            truth: labels, sentences × steps.
            offsets: of the characters, sentences × steps.
            lengths: of the sentences, not increasing.
            weight: of the sentences.
            random: decides what is left out.
        """
        valid = np.arange(offsets.shape[1])[None, :] < lengths[:, None]
        design, touched = self._design(rows[offsets[valid]], random)
        emissions = np.zeros((*offsets.shape, self.table.shape[1]), np.float32)
        emissions[valid] = design @ self.table[touched]
        error, expected, partition = chains.forward_backward(emissions, lengths, self.transitions)
        counts = _transition_counts(truth, lengths, self.table.shape[1])
        chosen = np.take_along_axis(emissions, truth[..., None], 2)[..., 0]
        loss = partition - float(chosen[valid].sum()) - float((counts * self.transitions).sum())
        there = np.take_along_axis(error, truth[..., None], 2) - valid[..., None]
        np.put_along_axis(error, truth[..., None], there, 2)
        error *= weight[:, None, None]
        gradient = design.T @ error[valid] + self.decay * int(valid.sum()) * self.table[touched]
        self.squares[touched] += gradient**2
        self.table[touched] -= self.rate * gradient / np.sqrt(self.squares[touched])
        expected = (expected - counts) * self.lawful
        self.transition_squares += expected**2
        self.transitions -= self.rate * expected / np.sqrt(self.transition_squares) * self.lawful
        return loss

    def _design(
        self, rows: NDArray[np.int32], random: np.random.Generator
    ) -> tuple[Any, NDArray[np.int32]]:
        """Characters × touched rows as a sparse matrix, some features left out."""
        from scipy import sparse

        mask = (rows >= 0) & (random.random(rows.shape, np.float32) >= self.dropout)
        touched, local = np.unique(rows[mask], return_inverse=True)
        pointer = np.concatenate([[0], np.cumsum(mask.sum(1))])
        data = np.full(len(local), 1 / (1 - self.dropout), np.float32)
        return sparse.csr_matrix((data, local, pointer), shape=(len(rows), len(touched))), touched


def _frequent(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The rows met more than once, and ``rows`` numbered anew, -1 for those met once."""
    used, numbers, counts = np.unique(rows, return_inverse=True, return_counts=True)
    frequent = counts > 1
    renumber = np.where(frequent, np.cumsum(frequent) - 1, -1).astype(np.int32)
    return used[frequent], renumber[numbers.reshape(rows.shape)]


def _targets(
    texts: Sequence[str], spans: Sequence[Sequence[Span]], weights: Sequence[float] | None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    labels, importance = [], []
    for number, (text, names) in enumerate(zip(texts, spans, strict=True)):
        labels.append(np.append(chains.label_numbers(len(text), names), 0))
        weight = 1.0 if weights is None else weights[number]
        importance.append(np.full(len(text) + 1, weight, np.float32))
    return np.concatenate(labels), np.concatenate(importance)


def _transition_counts(
    truth: NDArray[np.int64], lengths: NDArray[np.int64], size: int
) -> NDArray[np.float32]:
    counts = np.zeros((size + 2, size), np.float32)
    steps = np.arange(truth.shape[1] - 1)[None, :] < lengths[:, None] - 1
    np.add.at(counts, (truth[:, :-1][steps], truth[:, 1:][steps]), 1)
    counts[size] = np.bincount(truth[:, 0], minlength=size)
    final = truth[np.arange(len(truth)), lengths - 1]
    counts[size + 1] = np.bincount(final, minlength=size)
    return counts


def _compact(
    used: NDArray[np.int64],
    table: NDArray[np.float32],
    transitions: NDArray[np.float32],
    clusters: Clusters,
    keep: int,
) -> LightTagger:
    strength = np.abs(table).max(1)
    kept = np.sort(np.argsort(-strength, kind="stable")[:keep])
    scale = np.full(table.shape[1], np.abs(table[kept]).max() / LARGEST, np.float32)
    weights = np.rint(table[kept] / scale).astype(np.int8)
    return LightTagger(used[kept], weights, scale, transitions, clusters)
