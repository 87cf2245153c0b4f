"""A character language model over unlabelled reports, read onward and backward.

Its states tell the tagger what a character is likely to stand in (Akbik, Blythe and
Vollgraf 2018).  Sentences are learned one by one, as the tagger will read them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from kg.mentions import chains
from kg.mentions.lookup import FIRST, LAST, Lookup
from kg.training.layers import TwoWay, backwards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["LanguageModel", "pretrain"]

_NEGATIVES = 512
_RATE = 3e-3
_BATCH = 6144


class LanguageModel(nn.Module):  # type: ignore[misc]
    """Predicts the next character from those before and the last from those behind.

    The output is tied to the input embedding (Press and Wolf 2017).
    """

    def __init__(self, characters: int, size: int = 128, hidden: int = 256) -> None:
        super().__init__()
        self.chars = nn.Embedding(characters, size)
        nn.init.normal_(self.chars.weight, std=0.1)
        self.context = TwoWay(size, hidden)
        for lstm in (self.context.onward, self.context.backward):
            lstm.bias_hh_l0.data[hidden : 2 * hidden] = 1.0
        self.onward = nn.Linear(hidden, size)
        self.backward = nn.Linear(hidden, size)
        self.bias = nn.Parameter(torch.zeros(characters))
        self.drop = nn.Dropout(0.1)

    def forward(self, codes: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """What is expected behind and before each character (sequences × steps × size)."""
        mirror = backwards(lengths, codes.shape[1])
        states = self.drop(self.context(self.drop(self.chars(codes)), mirror))
        onward, backward = states.chunk(2, -1)
        return self.onward(onward), self.backward(backward)


def pretrain(
    texts: Sequence[str],
    lookup: Lookup,
    *,
    hidden: int = 256,
    epochs: float = 1.6,
    seed: int = 0,
    progress: Callable[[str], None] = lambda line: None,
) -> LanguageModel:
    """Train a language model.

    Args:
        texts: paragraphs without white space.
        lookup: gives the characters their rows.
        hidden: units of each direction.
        epochs: passes over the texts.
        seed: of weights, order and negatives.
        progress: told a line now and then.

    The softmax is sampled: one draw of characters a batch serves all its positions, with
    the correction of Jean et al. (2015).
    """
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    sequences = [sequence for text in texts for sequence in _sequences(text, lookup)]
    model = LanguageModel(len(lookup.chars) + 4, hidden=hidden)
    noise = _noise(sequences, len(lookup.chars) + 4)
    optimiser = torch.optim.Adam(model.parameters(), lr=_RATE)
    total = epochs * sum(map(len, sequences))
    seen = step = 0
    while seen < total:
        for codes, lengths in _batches(sequences, random):
            rate = min(1.0, (step + 1) / 200) * 0.5 * (1 + math.cos(math.pi * min(1, seen / total)))
            for group in optimiser.param_groups:
                group["lr"] = _RATE * rate + 1e-5
            negatives = torch.multinomial(noise, _NEGATIVES, replacement=True)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                onward, backward = model(codes, lengths)
                loss = _sampled(model, onward[:, :-1], codes[:, 1:], negatives, noise)
                loss = loss + _sampled(model, backward[:, 1:], codes[:, :-1], negatives, noise)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            seen += int(lengths.sum())
            step += 1
            if step % 100 == 0:
                progress(f"language model {seen / total:.0%}: loss {float(loss) / 2:.3f}")
            if seen >= total:
                break
    model.eval()
    return model


def _sequences(text: str, lookup: Lookup) -> Iterator[np.ndarray]:
    codes = lookup.rows(text)[:, 0]
    for start, end in chains.sentences(text):
        yield np.concatenate([FIRST[:1], codes[start:end], LAST[:1]]).astype(np.int64)


def _noise(sequences: Sequence[np.ndarray], size: int) -> Tensor:
    """Distribution of the negatives: frequency to the power of ¾ (Mikolov et al. 2013)."""
    counts = np.bincount(np.concatenate(sequences), minlength=size).astype(float) ** 0.75
    counts[0] = 0
    return torch.from_numpy(counts / counts.sum()).float()


def _sampled(
    model: LanguageModel, expected: Tensor, truth: Tensor, negatives: Tensor, noise: Tensor
) -> Tensor:
    """Sampled softmax loss, averaged over the characters that are there."""
    there = truth != 0
    expected, truth = expected[there], truth[there]
    table, shift = model.chars.weight, model.bias - torch.log(noise + 1e-9)
    right = ((expected * table[truth]).sum(-1) + shift[truth]).float()
    wrong = (expected @ table[negatives].t() + shift[negatives]).float()
    wrong = wrong.masked_fill(truth[:, None] == negatives[None], -1e4)
    return (torch.logsumexp(torch.cat([right[:, None], wrong], 1), 1) - right).mean()


def _batches(
    sequences: Sequence[np.ndarray], random: np.random.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    order = random.permutation(len(sequences))
    groups: list[list[int]] = []
    for first in range(0, len(order), 8000):
        group: list[int] = []
        for number in sorted(order[first : first + 8000].tolist(), key=lambda n: len(sequences[n])):
            if group and (len(group) + 1) * len(sequences[number]) > _BATCH:
                groups.append(group)
                group = []
            group.append(number)
        groups.append(group)
    random.shuffle(groups)
    for group in groups:
        lengths = torch.tensor([len(sequences[number]) for number in group])
        codes = torch.zeros(len(group), int(lengths.max()), dtype=torch.int64)
        for place, number in enumerate(group):
            codes[place, : len(sequences[number])] = torch.from_numpy(sequences[number])
        yield codes, lengths
