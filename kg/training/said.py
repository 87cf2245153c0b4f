"""Training of the scorers of what is said of names, from annotated reports to files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from kg.errors import FormatError, MissingInput
from kg.evaluation import locate
from kg.files import write_atomic
from kg.model import KINDS, Annotation, Mention
from kg.statements.relations import own_names
from kg.training import statements
from kg.training.statements import Sample

__all__ = ["Found", "read_found", "train", "write_found"]

Found = Mapping[str, Sequence[tuple[int, int, str, float]]]
"""By paragraph the names a tagger found that had not learned it: start, end, kind and
probability, the doubtful ones among them; offsets leave white space out."""

FURTHER: Final = 0.4
"""How much a paragraph counts that was annotated less carefully."""
_SHARES: Final = {"milestones": (0.7, 0.7), "relations": (1.0, 0.6)}
"""How much a paragraph counts with its names as annotated, and as found."""


def train(
    gold: Sequence[Annotation],
    further: Sequence[Annotation],
    found: Found,
    out: Path,
    *,
    reports: Path | None = None,
    folds: int = 3,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Write ``milestones.json`` and ``relations.json`` into a folder.

    Args:
        gold: annotated paragraphs; those with found names choose the thresholds, or all if
            none has.
        further: such as were annotated less carefully; they choose no threshold.
        found: names found in any of them.
        out: the folder.
        reports: folder of whole reports, which tell of what place and in which part a
            paragraph speaks.
        folds: over which thresholds are chosen.
        progress: told a line a step.

    Returns:
        the cross-validated figures of relations by predicate.
    """
    progress("scorer of milestones")
    milestones = [
        *_samples(gold, found, reports, "milestones", 1.0),
        *_samples(further, found, reports, "milestones", FURTHER),
    ]
    statements.save(statements.train_milestones(milestones), out / "milestones.json")
    progress("scorer of relations")
    relations = [
        *_samples(gold, found, reports, "relations", 1.0, judges=True),
        *_samples(further, found, reports, "relations", FURTHER),
    ]
    scorer, figures = statements.train_relations(relations, folds)
    statements.save(scorer, out / "relations.json")
    return {"relations": figures}


def _samples(
    annotations: Iterable[Annotation],
    found: Found,
    reports: Path | None,
    layer: str,
    weight: float,
    *,
    judges: bool = False,
) -> list[Sample]:
    as_annotated, as_found = _SHARES[layer]
    samples = []
    for stem, group in groupby(annotations, key=lambda one: one.id.rpartition("#")[0]):
        members = list(group)
        if not any(getattr(one, layer) for one in members):
            # Annotated for names alone: nothing can be learned from what is not stated.
            continue
        report, places = locate(stem, members, reports)
        own = own_names(report)
        for one, place in zip(members, places, strict=True):
            part = report.paragraphs[place].part
            known = one.id in found
            names = statements.all_mentions(one)
            share = weight * as_annotated
            samples.append(Sample(one, names, part, own, share, judges and not found))
            if known:
                names = _mentions(one.text, found[one.id])
                samples.append(Sample(one, names, part, own, weight * as_found, judges))
    return samples


def _mentions(text: str, found: Iterable[tuple[int, int, str, float]]) -> list[Mention]:
    places = [place for place, char in enumerate(text) if not char.isspace()]
    spans = ((places[start], places[end - 1] + 1, kind, score) for start, end, kind, score in found)
    return [Mention(first, last, text[first:last], kind, score=p) for first, last, kind, p in spans]


def write_found(found: Found, path: Path) -> None:
    """Write what :func:`read_found` reads."""
    lines = (
        json.dumps({"id": id_, "names": names}, ensure_ascii=False) + "\n"
        for id_, names in sorted(found.items())
    )
    write_atomic(path, "".join(lines))


def read_found(path: Path) -> Found:
    """The names found in paragraphs, one JSON object a paragraph.

    Raises:
        MissingInput: the file cannot be read.
        FormatError: a line is broken.
    """
    found = {}
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            found[record["id"]] = [_name(*item) for item in record["names"]]
    except OSError as error:
        raise MissingInput(
            f"cannot read found names {str(path)!r} ({error.strerror})", remedy="check the path"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise FormatError(
            f"{str(path)!r} holds no names as kg train writes them ({error})",
            remedy="name the found.jsonl of an earlier training",
        ) from error
    return found


def _name(start: int, end: int, kind: str, score: float) -> tuple[int, int, str, float]:
    if kind not in KINDS:
        raise ValueError(f"there is no kind {kind!r}")
    return int(start), int(end), kind, float(score)
