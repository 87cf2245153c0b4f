"""The light tagger: a linear-chain CRF over hashed features, run by numpy alone.

It needs nothing but numpy and jieba, and stands in where the network's runtime is not
installed.  Trained by :mod:`kg.training.light`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg import resources
from kg.mentions import archive, chains, features
from kg.mentions.words import Words, segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Clusters", "LightTagger"]

FORMAT = 1
_CHARACTERS = 512
"""Characters whose weights are summed at a time, so that the sums stay in the cache."""


class Clusters:
    """Clusters of words by the company they keep, at several grains.

    Args:
        keys: sorted 64-bit hashes of the words.
        labels: grain → cluster of each word, counted from 1.
    """

    def __init__(self, keys: NDArray[np.uint64], labels: dict[int, NDArray[np.int64]]) -> None:
        self.keys = keys
        self.labels = labels

    def of(self, words: Words) -> dict[int, NDArray[np.int64]]:
        """The clusters of a text's words; 0 for a word that has none."""
        hashes = features.hash_strings(words.texts)
        place = np.searchsorted(self.keys, hashes)
        place = np.minimum(place, max(len(self.keys) - 1, 0))
        known = self.keys[place] == hashes if len(self.keys) else np.zeros(len(hashes), bool)
        return {
            grain: np.where(known, labels[place], 0)
            if len(self.keys)
            else np.zeros(len(hashes), int)
            for grain, labels in self.labels.items()
        }


class LightTagger:
    """Gives each character of a text the probabilities of its labels.

    Args:
        kept: sorted numbers of the rows that have weights.
        weights: rows × labels, in units of ``scale``.
        scale: of each label.
        transitions: labels + 2 (begin, end) × labels.
        clusters: of words.
    """

    labels = chains.LABELS

    def __init__(
        self,
        kept: NDArray[np.int64],
        weights: NDArray[np.int8],
        scale: NDArray[np.float32],
        transitions: NDArray[np.float32],
        clusters: Clusters,
    ) -> None:
        self.kept = kept
        self.weights = weights
        self.scale = scale
        self.transitions = transitions
        self.clusters = clusters
        self._place = np.full(1 << features.ROW_BITS, len(kept), np.int32)
        self._place[kept] = np.arange(len(kept), dtype=np.int32)
        self._table = np.vstack([weights, np.zeros((1, weights.shape[1]), np.int8)]).astype(
            np.int16
        )

    @classmethod
    def load(cls, path: Path | None = None) -> LightTagger:
        """Read a tagger; the shipped one if no file is named.

        Raises:
            ModelError: the file is missing, damaged or of another format.
        """
        source = path or resources.path("models/light.npz")
        with archive.reading(source, "light tagger", FORMAT) as data:
            grains = [int(grain) for grain in data["grains"]]
            labels = {grain: data[f"clusters_{grain}"].astype(np.int64) for grain in grains}
            return cls(
                data["kept"].astype(np.int64),
                data["weights"],
                data["scale"],
                data["transitions"],
                Clusters(data["words"], labels),
            )

    def save(self, path: Path) -> Path:
        """Write the tagger as one compressed ``.npz`` file."""
        arrays: dict[str, Any] = {
            "kept": self.kept.astype(np.uint32),
            "weights": self.weights,
            "scale": self.scale,
            "transitions": self.transitions,
            "words": self.clusters.keys,
            "grains": np.array(sorted(self.clusters.labels), np.int64),
        }
        for grain, labels in self.clusters.labels.items():
            arrays[f"clusters_{grain}"] = labels.astype(np.uint16)
        return archive.write(path, FORMAT, arrays)

    def marginals(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """The probabilities of the labels: for each text an array characters × labels."""
        if not texts:
            return []
        joined = "\n".join(texts)
        out = self.of_text(joined, segment(joined))
        starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
        return [out[start : start + len(text)] for start, text in zip(starts, texts, strict=False)]

    def of_text(self, text: str, words: Words) -> NDArray[np.float32]:
        """The probabilities for one text of many lines that is cut into words already."""
        emissions = self._emissions(features.rows(text, words, self.clusters.of(words)))
        return chains.marginals(emissions, text, self.transitions)

    def decode(self, marginals: NDArray[np.float32]) -> list[tuple[int, int, str]]:
        """The names of the best lawful path through one text's marginals."""
        if not len(marginals):
            return []
        scores = np.log(np.maximum(marginals, 1e-9))[None]
        (path,) = chains.best_paths(scores, np.array([len(marginals)]))
        return [
            (start, end, chains.LABELS[4 * kind + 1][2:])
            for start, end, kind in chains.spans_of(path)
        ]

    def _emissions(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        total = np.zeros((len(rows), len(self.scale)), np.int16)
        for first in range(0, len(rows), _CHARACTERS):
            part = total[first : first + _CHARACTERS]
            # All rows are in the table; numpy checks that faster when it may clip.
            places = self._place.take(rows[first : first + _CHARACTERS].T, mode="clip")
            for place in places:
                part += self._table.take(place, 0, mode="clip")
        return total * self.scale
