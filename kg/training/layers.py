"""The parts of the networks in torch: two-way LSTM, lawful chain, character language model."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from kg.mentions import chains

__all__ = ["EXTRA", "Chain", "Student", "Teacher", "TwoWay", "backwards", "blur"]

EXTRA = 256
"""Size of what a teacher makes of an encoder's states."""

DROPOUT = {"context": 0.3, "inputs": 0.5, "upper": 0.3}
"""Share left out at random when only the gold is learned."""


def backwards(lengths: Tensor, steps: int) -> Tensor:
    """For each step the step that mirrors it within its sequence (sequences × steps).

    Reversing by index and running two one-way LSTMs is 1.6 times as fast on a processor
    as torch's packed sequences.
    """
    step = torch.arange(steps)[None]
    length = lengths[:, None]
    return torch.where(step < length, length - 1 - step, step)


class TwoWay(nn.Module):  # type: ignore[misc]
    """An LSTM each way over padded sequences (sequences × steps × size)."""

    def __init__(self, size: int, hidden: int) -> None:
        super().__init__()
        self.onward = nn.LSTM(size, hidden, batch_first=True)
        self.backward = nn.LSTM(size, hidden, batch_first=True)

    def forward(self, inputs: Tensor, mirror: Tensor) -> Tensor:
        """States of both directions side by side."""
        onward, _ = self.onward(inputs)
        turned, _ = self.backward(_take(inputs, mirror))
        return torch.cat([onward, _take(turned, mirror)], -1)


def _take(values: Tensor, steps: Tensor) -> Tensor:
    return values.gather(1, steps[..., None].expand(-1, -1, values.shape[-1]))


class Chain(nn.Module):  # type: ignore[misc]
    """A linear chain whose transitions are lawful or not, none better than another.

    As no transition carries a weight, the cross entropy to a distribution over paths
    needs only the marginals of that distribution: a teacher's whole knowledge of a
    sentence fits an array characters × labels.
    """

    def __init__(self) -> None:
        super().__init__()
        follows, begins, ends = chains.allowed()
        self.register_buffer("follows", torch.from_numpy(follows).float(), persistent=False)
        self.register_buffer("begins", torch.from_numpy(begins).float(), persistent=False)
        self.register_buffer("ends", torch.from_numpy(ends).float(), persistent=False)

    def partition(self, scores: Tensor, lengths: Tensor) -> Tensor:
        """Log partition of each sentence; scores are sentences × steps × labels.

        The recursion runs on scaled probabilities, as in Rabiner (1989), which costs a
        matrix product a step where log-sum-exp costs labels² exponentials.
        """
        steps = scores.shape[1]
        highest = scores.detach().amax(-1, keepdim=True)
        weights = torch.exp((scores - highest).clamp(min=-40)).unbind(1)
        live = (torch.arange(steps)[None] < lengths[:, None]).unbind(1)
        state: Any = None
        scales = []
        for step, weight in enumerate(weights):
            ahead = (self.begins if state is None else state @ self.follows) * weight
            scale = ahead.sum(-1) + 1e-30
            ahead = ahead / scale[:, None]
            on = live[step]
            state = ahead if state is None else torch.where(on[:, None], ahead, state)
            scales.append(torch.where(on, torch.log(scale), 0.0))
        offset = torch.where(torch.stack(live, 1), highest.squeeze(-1), 0.0).sum(1)
        last = torch.log((state * self.ends).sum(-1) + 1e-30)
        return torch.stack(scales, 1).sum(1) + last + offset

    def loss(self, scores: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
        """Summed cross entropy between wanted distributions and the chain's."""
        return self.partition(scores, lengths).sum() - (scores * targets).sum()

    def marginals(self, scores: Tensor, lengths: Tensor) -> Tensor:
        """Posteriors, as the gradient of the log partition (Eisner 2016)."""
        with torch.enable_grad():
            leaf = scores.detach().float().requires_grad_(True)
            (gradient,) = torch.autograd.grad(self.partition(leaf, lengths).sum(), leaf)
        return torch.as_tensor(gradient)


class Student(nn.Module):  # type: ignore[misc]
    """The tagger that ships.

    Args:
        sizes: rows of the embeddings of characters, pairs and words.
        context: hidden units each way of the lower LSTM, the language model's.
        hidden: hidden units each way of the upper LSTM.
        extra: size of a teacher's further input; 0 for none.
    """

    char_size, pair_size, word_size, place_size, middle = 128, 48, 64, 8, 192

    def __init__(
        self, sizes: tuple[int, int, int], context: int = 256, hidden: int = 192, extra: int = 0
    ) -> None:
        super().__init__()
        self.chars = nn.Embedding(sizes[0], self.char_size)
        self.pairs = nn.Embedding(sizes[1], self.pair_size)
        self.words = nn.Embedding(sizes[2], self.word_size)
        self.places = nn.Embedding(4, self.place_size)
        for table in (self.pairs, self.words):
            nn.init.normal_(table.weight, std=0.3)
        self.context = TwoWay(self.char_size, context)
        self.narrow = nn.Linear(2 * context, self.middle)
        size = self.middle + 2 * self.pair_size + self.word_size + self.place_size + extra
        self.upper = TwoWay(size, hidden)
        self.scores = nn.Linear(2 * hidden, len(chains.LABELS))
        self.chain = Chain()
        self.drop = nn.ModuleDict({name: nn.Dropout(share) for name, share in DROPOUT.items()})

    def quieten(self, share: float) -> None:
        """Scale the dropout: much text labelled by a teacher needs less of it."""
        for name, usual in DROPOUT.items():
            self.drop[name].p = usual * share

    def borrowed(self) -> list[nn.Parameter]:
        """What comes from the language model and learns slower."""
        return [*self.chars.parameters(), *self.context.parameters()]

    def forward(self, rows: Tensor, lengths: Tensor, extra: Tensor | None = None) -> Tensor:
        """Scores (sentences × steps × labels) of rows (sentences × steps + 2 × 4)."""
        mirror = backwards(lengths + 2, rows.shape[1])
        chars, pairs, words, places = rows.unbind(-1)
        after = self.pairs(pairs)
        before = nn.functional.pad(after, (0, 0, 1, 0))[:, :-1]
        context = self.context(self.chars(chars), mirror)
        inputs = [torch.tanh(self.narrow(self.drop["context"](context)))]
        inputs += [after, before, self.words(words), self.places(places)]
        if extra is not None:
            inputs.append(extra)
        upper = self.upper(self.drop["inputs"](torch.cat(inputs, -1)), mirror)
        scored: Tensor = self.scores(self.drop["upper"](upper)).float()
        return scored[:, 1:-1]


class Teacher(nn.Module):  # type: ignore[misc]
    """A tagger that may also read with a pretrained encoder, which learns with it.

    Args:
        student: the tagger; it has :data:`EXTRA` more inputs if there is an encoder.
        encoder: from pieces (texts × pieces) to states (texts × pieces × width).
        width: size of a state.
    """

    def __init__(
        self, student: Student, encoder: nn.Module | None = None, width: int = 384
    ) -> None:
        super().__init__()
        self.student = student
        self.encoder = encoder
        self.even = nn.LayerNorm(width)
        self.drop = nn.Dropout(0.2)
        self.narrow = nn.Linear(width, EXTRA)

    def forward(
        self, rows: Tensor, lengths: Tensor, pieces: Tensor | None = None, owners: Any = None
    ) -> Tensor:
        """Scores (sentences × steps × labels).

        Args:
            rows: sentences × steps + 2 × 4, rows of the embeddings.
            lengths: of the sentences.
            pieces: of the windows that the sentences stand in (windows × pieces).
            owners: sentences × steps + 2, for each character the place of its piece among
                all of ``pieces``, -1 for none.
        """
        extra = None
        if self.encoder is not None and pieces is not None:
            states = self.encoder(pieces).flatten(0, 1)[owners.clamp(min=0)]
            states = states * (owners >= 0)[..., None]
            extra = torch.tanh(self.narrow(self.drop(self.even(states))))
        scores: Tensor = self.student(rows, lengths, extra)
        return scores


def blur(rows: Tensor, generator: np.random.Generator) -> Tensor:
    """Hide some words, pairs and characters, so that none is leaned on alone."""
    shape = rows.shape[:2]
    out = rows.clone()
    for column, share, hidden in ((2, 0.05, 0), (1, 0.1, 0), (0, 0.02, 1)):
        chosen = torch.from_numpy(generator.random(shape) < share) & (rows[..., 0] > 3)
        out[..., column][chosen] = hidden
    return out
