"""Clusters of words by the company they keep, learned from reports without annotations.

Positive pointwise mutual information of a word with its neighbours (two on each side,
sides apart), reduced by a truncated SVD, then k-means at several grains.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from kg.mentions import features
from kg.mentions.light import Clusters
from kg.mentions.words import segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

__all__ = ["train"]

_CONTEXTS = 8000
_DIMENSIONS = 96
_DIGITS = re.compile(r"[0-9０-９]")


def train(
    texts: Iterable[str], *, grains: Sequence[int] = (64, 256, 1024), least: int = 5, seed: int = 0
) -> Clusters:
    """Cluster the words of ``texts``.

    Args:
        texts: without white space inside their lines.
        grains: numbers of clusters.
        least: words met more rarely have no cluster.
        seed: of the SVD and of k-means.
    """
    from sklearn.cluster import MiniBatchKMeans

    lines = [
        [_DIGITS.sub("0", word) for word in segment(line).texts]
        for text in texts
        for line in text.split("\n")
    ]
    counts = Counter(word for line in lines for word in line)
    vocabulary = [word for word, count in counts.most_common() if count >= least]
    vectors = _vectors(lines, vocabulary, seed)
    weight = np.sqrt([counts[word] for word in vocabulary])
    keys = features.hash_strings(vocabulary)
    order = np.argsort(keys)
    labels = {}
    for grain in grains:
        means = MiniBatchKMeans(
            min(grain, len(vocabulary)), random_state=seed, batch_size=4096, n_init=1, max_iter=60
        )
        found = means.fit(vectors, sample_weight=weight).labels_
        labels[grain] = found[order].astype(np.int64) + 1
    return Clusters(keys[order], labels)


def _vectors(
    lines: Sequence[Sequence[str]], vocabulary: Sequence[str], seed: int
) -> NDArray[np.float64]:
    from scipy import sparse
    from sklearn.utils.extmath import randomized_svd

    number = {word: place for place, word in enumerate(vocabulary)}
    stream: list[int] = []
    for line in lines:
        stream.extend(number.get(word, -1) for word in line)
        stream.extend((-1, -1, -1))
    ids = np.array(stream)
    width = min(_CONTEXTS, len(vocabulary))
    table = sparse.csr_matrix((len(vocabulary), 2 * width))
    for offset, weight in ((1, 1.0), (2, 0.5)):
        for side in (0, 1):
            word, context = ids[:-offset], ids[offset:]
            if side:
                word, context = context, word
            good = (word >= 0) & (context >= 0) & (context < width)
            cells = (word[good], context[good] + side * width)
            values = np.full(int(good.sum()), weight)
            table = table + sparse.csr_matrix((values, cells), shape=table.shape)
    rows = np.asarray(table.sum(1)).ravel()
    columns = np.asarray(table.sum(0)).ravel() ** 0.75
    total = table.sum()
    columns *= total / columns.sum()
    cells = table.tocoo()
    information = np.log(cells.data * total / (rows[cells.row] * columns[cells.col]))
    kept = information > 0
    positive = sparse.csr_matrix(
        (information[kept], (cells.row[kept], cells.col[kept])), shape=table.shape
    )
    size = min(_DIMENSIONS, min(positive.shape) - 1)
    left, strength, _ = randomized_svd(positive, size, n_iter=3, random_state=seed)
    vectors = left * np.sqrt(strength)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9))
