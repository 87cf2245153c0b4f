"""Sentences the network learns from: rows of its embeddings and a distribution over labels.

Gold names give one label a character; a teacher's marginals give a soft one.  Both are
the same thing to the loss, so that annotated and machine-labelled text mix freely.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kg.mentions import chains
from kg.mentions.lookup import FIRST, LAST, Lookup, fold_digits, words_of
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.mentions.chains import Span
    from kg.training.encoder import Encoder

__all__ = [
    "Batch",
    "Sentence",
    "Text",
    "Window",
    "batches",
    "lookup_of",
    "read_gold",
    "read_reports",
    "targets_of",
    "windows_of",
]


@dataclass(frozen=True, slots=True)
class Text:
    """An annotated paragraph without white space.

    Attributes:
        id: ``<file stem>#<number>``.
        text: without white space.
        spans: its names as (start, end, number of the kind), in order, not overlapping.
    """

    id: str
    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence to learn.

    Attributes:
        rows: characters + 2 × 4, rows of the embeddings with both ends.
        targets: characters × labels, the wanted distribution of each character.
        origin: number of its text, start and end there.
    """

    rows: NDArray[np.int32]
    targets: NDArray[np.float16]
    origin: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences that are read together: neighbours if an encoder reads them, else one.

    Attributes:
        sentences: in order.
        pieces: numbers of the encoder's pieces; none without an encoder.
        owners: for each sentence the places of its characters' pieces in ``pieces``.
    """

    sentences: tuple[Sentence, ...]
    pieces: tuple[int, ...] = ()
    owners: tuple[NDArray[np.int64], ...] = ()

    def __len__(self) -> int:
        return len(self.pieces) or len(self.sentences[0].rows)


@dataclass(frozen=True, slots=True)
class Batch:
    """Sentences of like length, padded.

    Attributes:
        rows: sentences × steps + 2 × 4, padded with zeros.
        targets: sentences × steps × labels; zero behind a sentence's end.
        lengths: characters of each sentence, without its ends.
        origins: of each sentence.
        pieces: windows × pieces, padded with ``PAD``; ``None`` without an encoder.
        owners: sentences × steps + 2, places in the flattened ``pieces``, -1 for none.
    """

    rows: NDArray[np.int64]
    targets: NDArray[np.float32]
    lengths: NDArray[np.int64]
    origins: tuple[tuple[int, int, int], ...]
    pieces: NDArray[np.int64] | None = None
    owners: NDArray[np.int64] | None = None


def read_gold(paths: Iterable[Path]) -> list[Text]:
    """The annotated paragraphs; every occurrence of a name counts, the longest name first."""
    texts = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                record = json.loads(line)
                text = "".join(record["text"].split())
                names = {("".join(e["text"].split()), e["type"]) for e in record["entities"]}
                texts.append(Text(record["id"], text, _occurrences(text, names)))
    return texts


def _occurrences(text: str, names: set[tuple[str, str]]) -> tuple[Span, ...]:
    taken = np.zeros(len(text), bool)
    spans: list[Span] = []
    for name, kind in sorted(names, key=lambda pair: (-len(pair[0]), pair)):
        start = text.find(name) if name else -1
        while start >= 0:
            end = start + len(name)
            if not taken[start:end].any():
                taken[start:end] = True
                spans.append((start, end, KINDS.index(kind)))
            start = text.find(name, start + 1)
    return tuple(sorted(spans))


def read_reports(paths: Iterable[Path], shortest: int = 30, longest: int = 900) -> list[Text]:
    """Paragraphs of reports without annotations, each opening once, ids as in the gold."""
    seen: set[str] = set()
    texts = []
    for path in sorted(paths):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            text = "".join(line.split())
            if shortest <= len(text) <= longest and text[:40] not in seen:
                seen.add(text[:40])
                texts.append(Text(f"{path.stem}#{number}", text))
    return texts


def lookup_of(
    texts: Iterable[str], *, chars: int = 4, pairs: tuple[int, int], words: tuple[int, int]
) -> Lookup:
    """Vocabularies of a body of texts.

    Args:
        texts: without white space.
        chars: how often a character must stand in it.
        pairs: the most pairs of characters that are kept, and how often each must stand.
        words: the same for words.
    """
    char_counts: Counter[str] = Counter()
    pair_counts: Counter[str] = Counter()
    word_counts: Counter[str] = Counter()
    for text in map(fold_digits, texts):
        char_counts.update(text)
        pair_counts.update(map("".join, pairwise(text)))
        word_counts.update(words_of(text))
    kept = "".join(c for c, n in char_counts.most_common() if n >= chars and ord(c) < 0x10000)
    known = set(kept)
    return Lookup(
        kept,
        [p for p, n in pair_counts.most_common(pairs[0]) if n >= pairs[1] and set(p) <= known],
        [w for w, n in word_counts.most_common(words[0]) if n >= words[1]],
    )


def targets_of(text: Text) -> NDArray[np.float16]:
    """The labels of an annotated text as distributions (characters × labels)."""
    labels = chains.label_numbers(len(text.text), text.spans)
    return np.eye(len(chains.LABELS), dtype=np.float16)[labels]


def windows_of(
    texts: Sequence[Text],
    lookup: Lookup,
    targets: Sequence[NDArray[np.float16]],
    encoder: Encoder | None = None,
) -> list[Window]:
    """The sentences of texts with the distribution of each of their characters.

    Args:
        texts: without white space.
        lookup: vocabularies.
        targets: for each text an array characters × labels.
        encoder: what cuts the text into pieces, if one is to read it too.
    """
    found: list[Window] = []
    for number, (text, target) in enumerate(zip(texts, targets, strict=True)):
        rows = lookup.rows(text.text)
        sentences = [
            Sentence(np.vstack([FIRST, rows[a:b], LAST]), target[a:b], (number, a, b))
            for a, b in chains.sentences(text.text)
        ]
        if encoder is None:
            found += [Window((sentence,)) for sentence in sentences]
        else:
            found += _read_by(encoder, text.text, sentences)
    return found


def _read_by(encoder: Encoder, text: str, sentences: Sequence[Sentence]) -> Iterator[Window]:
    from kg.training.encoder import windows

    for start, end in windows(text):
        pieces, owner = encoder.cut(text[start:end])
        inside = tuple(one for one in sentences if start <= one.origin[1] and one.origin[2] <= end)
        owners = tuple(owner[one.origin[1] - start : one.origin[2] - start] for one in inside)
        yield Window(inside, tuple(pieces), owners)


def batches(
    windows: Sequence[Window], size: int, random: np.random.Generator | None = None
) -> Iterator[Batch]:
    """Batches of about so many characters, or pieces; in random order if a generator is given."""
    order = np.arange(len(windows))
    pool = len(order)
    if random is not None:
        random.shuffle(order)
        pool = max(400, size // 4)
    groups: list[list[int]] = []
    for first in range(0, len(order), max(pool, 1)):
        near = sorted(order[first : first + pool].tolist(), key=lambda n: len(windows[n]))
        group: list[int] = []
        for number in near:
            if group and (len(group) + 1) * len(windows[number]) > size:
                groups.append(group)
                group = []
            group.append(number)
        groups.append(group)
    if random is not None:
        random.shuffle(groups)
    for group in groups:
        yield _pad([windows[number] for number in group])


_ROUND = 8
"""Sizes are rounded up to it, since each new shape costs torch time and memory."""


def _pad(group: Sequence[Window]) -> Batch:
    sentences = [sentence for window in group for sentence in window.sentences]
    lengths = np.array([len(sentence.targets) for sentence in sentences], np.int64)
    steps = _rounded(int(lengths.max()) + 2) - 2
    rows = np.zeros((len(sentences), steps + 2, 4), np.int64)
    targets = np.zeros((len(sentences), steps, len(chains.LABELS)), np.float32)
    for place, sentence in enumerate(sentences):
        rows[place, : len(sentence.rows)] = sentence.rows
        targets[place, : len(sentence.targets)] = sentence.targets
    origins = tuple(sentence.origin for sentence in sentences)
    if not group[0].pieces:
        return Batch(rows, targets, lengths, origins)
    return Batch(rows, targets, lengths, origins, *_pieces(group, steps))


def _pieces(group: Sequence[Window], steps: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pieces of windows, and where those of each sentence's characters stand in them."""
    from kg.training.encoder import PAD

    width = _rounded(max(len(window.pieces) for window in group))
    pieces = np.full((len(group), width), PAD, np.int64)
    owners = np.full((sum(len(window.owners) for window in group), steps + 2), -1, np.int64)
    place = 0
    for number, window in enumerate(group):
        pieces[number, : len(window.pieces)] = window.pieces
        for owner in window.owners:
            owners[place, 1 : len(owner) + 1] = number * width + owner
            place += 1
    return pieces, owners


def _rounded(size: int) -> int:
    return -(-size // _ROUND) * _ROUND
