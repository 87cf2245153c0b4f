"""Training of all that is learned: what finds names, and what is said of them.

The only room that may use torch, scikit-learn and LightGBM, and it imports them at use.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.mentions.tagger import Tagger
    from kg.model import Annotation
    from kg.training.said import Found

__all__ = ["train"]

_FOLDS, _STATEMENT_FOLDS, _QUICK_FOLDS = 5, 3, 2


def train(
    gold: Sequence[Path],
    *,
    reports: Path,
    out: Path,
    decisions: Path | None = None,
    further: Sequence[Path] = (),
    found: Path | None = None,
    quick: bool = False,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Train what finds names and what is said of them, and write it into a folder.

    The folder receives ``full.onnx``, ``light.npz``, ``scorer-<tagger>.npz``, then
    ``milestones.json`` and ``relations.json``, and ``found.jsonl``, the names that these
    learned on; set ``ZHENGPU_MODELS`` to it to have ``kg`` use them instead of those it
    ships.

    Args:
        gold: files of annotated paragraphs; the measure-only reports among them are used
            like any other.
        reports: folder of reports without annotation (``*.txt``).
        out: folder to write into.
        decisions: a person's table of reviewed names; paragraphs of ``reports`` that it
            speaks of are learned as the person left them, unless ``gold`` holds them.
        further: files of paragraphs that were annotated less carefully, of other reports;
            they choose no threshold.
        found: the ``found.jsonl`` of an earlier training; what finds names is then left
            alone, and only milestones and relations are trained.
        quick: tiny models that show that all parts fit together.
        progress: told a line a step.

    Returns:
        What the network was made of, and for each scorer the cross-validated figures.

    Raises:
        MissingExtra: what training needs is not installed.
        MissingInput: there is no gold, or there are no reports.
    """
    from kg.evaluation import read_gold
    from kg.files import make_folder
    from kg.training import said

    careful = [one for group in read_gold(gold).values() for one in group]
    if decisions is not None:
        careful += _reviewed(decisions, reports, {one.id for one in careful}, progress)
    less = [one for group in read_gold(further).values() for one in group]
    make_folder(out)
    figures: dict[str, Any] = {}
    if found is None:
        figures, names = _train_names(careful, less, reports, out, quick, progress)
        said.write_found(names, out / "found.jsonl")
    else:
        names = said.read_found(found)
    folds = _QUICK_FOLDS if quick else _STATEMENT_FOLDS
    return figures | said.train(
        careful, less, names, out, reports=reports, folds=folds, progress=progress
    )


def _train_names(
    careful: Sequence[Annotation],
    less: Sequence[Annotation],
    reports: Path,
    out: Path,
    quick: bool,
    progress: Callable[[str], None],
) -> tuple[dict[str, Any], Found]:
    """Train what finds names; returns its figures, and the names found out of fold."""
    from kg.mentions.network import NetworkTagger
    from kg.training import mentions, split
    from kg.training.examples import read_reports

    paragraphs = [*careful, *less]
    annotated = mentions.annotated(paragraphs)
    folds = _QUICK_FOLDS if quick else _FOLDS
    fold_of = split.deal((one.group for one in annotated), folds)
    with TemporaryDirectory() as folder:
        notes = _network(careful, less, reports, out / "full.onnx", Path(folder), quick, progress)

        def of_fold(fold: int) -> Tagger:
            progress(f"network, fold {fold + 1} of {folds}")
            rest, more = (
                [one for one in part if fold_of.get(_group(one)) != fold]
                for part in (careful, less)
            )
            model = Path(folder) / f"{fold}.onnx"
            _network(rest, more, reports, model, Path(folder), quick, progress)
            return NetworkTagger.load(str(model))

        trained = mentions.train(
            annotated,
            _texts(read_reports(sorted(reports.glob("*.txt")), shortest=1, longest=10**6)),
            network=of_fold,
            judged={_group(one) for one in careful},
            folds=folds,
            progress=progress,
        )
    trained.save(out)
    return {"network": notes, "scorers": trained.figures}, trained.found


def _group(annotation: Annotation) -> str:
    return annotation.id.rpartition("#")[0] or annotation.id


def _texts(paragraphs: Sequence[Any]) -> list[str]:
    by_report: dict[str, list[str]] = {}
    for one in paragraphs:
        by_report.setdefault(one.id.rpartition("#")[0], []).append(one.text)
    return ["\n".join(lines) for _, lines in sorted(by_report.items())]


def _reviewed(
    decisions: Path, reports: Path, known: set[str], progress: Callable[[str], None]
) -> list[Annotation]:
    from kg import decisions as decided
    from kg.evaluation import reviewed

    found = reviewed(decided.named(decisions), reports)
    new = [one for one in found if one.id not in known]
    progress(f"{len(new)} paragraphs as a person reviewed them")
    return new


def _write(paragraphs: Sequence[Annotation], path: Path) -> Path:
    path.write_text("".join(one.to_json() + "\n" for one in paragraphs), encoding="utf-8")
    return path


def _network(
    careful: Sequence[Annotation],
    less: Sequence[Annotation],
    reports: Path,
    model: Path,
    folder: Path,
    quick: bool,
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Train a network and write it to ``model``; ``folder`` holds what it reads."""
    from kg.training import network

    gold = _write(careful, folder / "careful.jsonl")
    further = [_write(less, folder / "less.jsonl")] if less else []
    return network.train([gold], reports, model, further=further, quick=quick, progress=progress)
