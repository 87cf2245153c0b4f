"""The full tagger: two bidirectional LSTMs under a chain of lawful labels, run by onnxruntime.

The lower LSTM began as a character language model and gives each character its context
(Akbik, Blythe and Vollgraf 2018); the upper one reads that context beside the vectors of
the character pair and of the word around it, and scores the labels (Lample et al. 2016).
No transition is learned: the chain only forbids what no labelling may hold, so that its
forward-backward pass turns scores into probabilities of whole lawful paths.

Sentences are read apart from one another and computed in 32-bit floats, hence a text has
the same marginals whatever stands beside it.  Trained by :mod:`kg.training.network`.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kg import resources
from kg.errors import MissingExtra, ModelError
from kg.mentions import chains, marks
from kg.mentions.lookup import FIRST, LAST, Lookup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["FORMAT", "NetworkTagger"]

FORMAT: Final = "1"
"""Of the inputs and of the metadata of the model file."""

_THREADS: Final = 2
"""Batches computed at a time.  Each is computed by one thread: two threads for one batch
would mostly wait for one another, and onnxruntime's wait by turning round and round."""
_BATCH: Final = 12
"""Sentences computed together; more would mostly add padding."""
_SURE: Final = np.float32(0.9999)
_SPACE: Final = re.compile(r"\s")


class NetworkTagger:
    """Gives each character of a text the probabilities of its labels.

    Args:
        session: an onnxruntime session; from ``features`` (steps × sentences × 4) and
            ``lengths`` (sentences) it makes ``scores`` (steps × sentences × labels).
        lookup: from text to the rows of the embeddings.
    """

    labels: tuple[str, ...] = chains.LABELS

    def __init__(self, session: Any, lookup: Lookup) -> None:
        self._session = session
        self._lookup = lookup
        self._lawful = _lawful()

    @classmethod
    def load(cls, path: str | Path | None = None) -> NetworkTagger:
        """Read a tagger; the shipped one if no file is named.

        Raises:
            ModelError: the file is missing, damaged or of another format.
            MissingExtra: onnxruntime is not installed.
        """
        try:
            source = Path(path) if path is not None else resources.path("models/full.onnx")
            content = source.read_bytes()
        except OSError as error:
            raise ModelError(
                f"no network tagger can be read ({error})",
                remedy="train one with kg train or use --model light",
            ) from error
        session = _session(content, source)
        about = session.get_modelmeta().custom_metadata_map
        if about.get("format") != FORMAT:
            raise ModelError(
                f"{source} is a network tagger of format {about.get('format', 'unknown')}",
                choices=[FORMAT],
                remedy="train it anew",
            )
        return cls(session, Lookup.parse(about))

    def marginals(self, texts: Sequence[str]) -> list[Floats]:
        """The probabilities of the labels: for each text an array characters × labels.

        White space is not read.  A blank within a name carries on the name, any other is O.
        """
        kept = [_visible(text) for text in texts]
        tight = [
            text if places is None else "".join(text.split())
            for text, places in zip(texts, kept, strict=True)
        ]
        joined = "\n".join(tight)
        rows = chains.marginals(self._scores(joined), joined, self._lawful, _BATCH)
        out, start = [], 0
        for text, short, places in zip(texts, tight, kept, strict=True):
            part = rows[start : start + len(short)]
            out.append(part if places is None else _spread(part, places, len(text)))
            start += len(short) + 1
        return out

    def decode(self, marginals: Floats, text: str | None = None) -> list[tuple[int, int, str]]:
        """The names of the best lawful path through one text's marginals.

        Args:
            marginals: characters × labels.
            text: the text itself; if given, a name never holds half a pair of quotes.

        Returns:
            (start, end, kind), in order and without overlaps.
        """
        spans = []
        for begin, finish in _unsure(marginals):
            scores = np.log(np.maximum(marginals[begin:finish], 1e-9))[None]
            (path,) = chains.best_paths(scores, np.array([finish - begin]))
            spans.extend(chains.spans_of(path, begin))
        named, last = [], 0
        for start, end, kind in spans:
            mended = marks.repair(text, start, end) if text is not None else (start, end)
            if mended is not None and mended[0] >= last:
                named.append((*mended, self.labels[4 * kind + 1][2:]))
                last = mended[1]
        return named

    def _scores(self, text: str) -> Floats:
        """The scores of a text's labels, a row a character."""
        features = self._lookup.rows(text)
        scores = np.zeros((len(text), len(self.labels)), np.float32)

        def run(batch: tuple[NDArray[np.int64], NDArray[np.int64]]) -> None:
            offsets, lengths = batch
            valid = np.arange(offsets.shape[1])[None, :] < lengths[:, None]
            scores[offsets[valid]] = self._run(features[offsets.T], lengths)[valid]

        with ThreadPoolExecutor(_THREADS) as pool:
            for _ in pool.map(run, chains.batches(chains.sentences(text), _BATCH)):
                pass
        return scores

    def _run(self, features: NDArray[np.int32], lengths: NDArray[np.int64]) -> Floats:
        """Scores of a batch of sentences (sentences × steps × labels)."""
        steps, count, width = features.shape
        given = np.zeros((steps + 2, count, width), np.int32)
        given[0] = FIRST
        given[1:-1] = features
        given[lengths + 1, np.arange(count)] = LAST
        feed = {"features": given, "lengths": (lengths + 2).astype(np.int32)}
        (scores,) = self._session.run(["scores"], feed)
        turned: Floats = scores[1:-1].transpose(1, 0, 2)
        return turned


def _session(content: bytes, source: Path) -> Any:
    """An onnxruntime session that computes in the thread that runs it."""
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtra(
            "the full tagger needs onnxruntime", remedy="pip install onnxruntime"
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions share no public base class
        raise ModelError(
            f"{source} is no network that can be run ({error})", remedy="train it anew"
        ) from error


def _lawful() -> Floats:
    """Transitions as :func:`chains.forward_backward` takes them: 0 if lawful, else -10,000."""
    follows, begins, ends = chains.allowed()
    return np.where(np.vstack([follows, begins, ends]), 0, -1e4).astype(np.float32)


def _visible(text: str) -> NDArray[np.int64] | None:
    """Offsets of the characters that are not white space; ``None`` if all are."""
    if not _SPACE.search(text):
        return None
    return np.array([place for place, char in enumerate(text) if not char.isspace()], np.int64)


def _spread(part: Floats, places: NDArray[np.int64], length: int) -> Floats:
    """Rows of the visible characters as rows of all; white space is inside what goes on."""
    before = np.searchsorted(places, np.arange(length), side="right") - 1
    out = np.zeros((length, part.shape[1]), np.float32)
    known = before >= 0
    rows = part[before[known]]
    inside = np.zeros_like(rows)
    inside[:, 2::4] = rows[:, 1::4] + rows[:, 2::4]
    inside[:, 0] = 1 - inside.sum(1)
    out[~known, 0] = 1
    out[known] = inside
    out[places] = part
    return out


def _unsure(marginals: Floats) -> list[tuple[int, int]]:
    """Runs of characters that are not all but certainly O; no name crosses their edges."""
    doubtful = np.flatnonzero(marginals[:, 0] < _SURE)
    if not len(doubtful):
        return []
    breaks = np.flatnonzero(np.diff(doubtful) > 1)
    starts = doubtful[np.concatenate([[0], breaks + 1])]
    ends = doubtful[np.concatenate([breaks, [len(doubtful) - 1]])] + 1
    return list(zip(starts.tolist(), ends.tolist(), strict=True))
