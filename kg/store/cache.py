"""Extractions on disk, nothing of them lost, so that a report is not extracted twice.

``extractions/<stem>.jsonl``: the first line is the report without its text (that is in
``texts/<stem>.txt``), then one line a paragraph with every mention and statement.  Where a
person decided on names, ``extractions/found/<stem>.jsonl`` keeps what was found before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from kg import resources
from kg.errors import FormatError
from kg.model import (
    Annotation,
    Extraction,
    Mention,
    Milestone,
    Observation,
    Paragraph,
    Relation,
    Report,
    Segment,
)
from kg.rdf.opened import read_manifest
from kg.store.folder import CACHE, TEXTS

__all__ = ["FOUND", "dump", "extractions", "fingerprint", "read", "read_report"]

_LAYERS: Final = {
    "entities": Mention,
    "observations": Observation,
    "milestones": Milestone,
    "relations": Relation,
}
FOUND: Final = "found"
"""Folder of extractions as they were before a person decided on them."""
_CODE: Final = ("text", "mentions", "statements", "tables", "models")


@cache
def fingerprint() -> str:
    """A digest of all code, tables and weights that an extraction depends on."""
    root = resources.path("model.py").parent
    files = [root / name for name in ("model.py", "lexicon.py", "rules.py", "pipeline.py")]
    for folder in _CODE:
        if (root / folder).is_dir():
            files += [path for path in (root / folder).rglob("*") if path.is_file()]
    state = hashlib.sha256()
    for path in sorted(files):
        if path.suffix != ".pyc" and path.exists():
            state.update(path.relative_to(root).as_posix().encode() + b"\0")
            state.update(hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()


def dump(extraction: Extraction) -> Iterator[str]:
    """The lines of an extraction's file."""
    record = asdict(extraction.report)
    del record["source"]
    if extraction.report.delivered:
        record["delivered"] = extraction.report.delivered.isoformat()
    for paragraph in record["paragraphs"]:
        paragraph["segments"] = [list(segment.values()) for segment in paragraph["segments"]]
    yield _line({"report": record, "counts": dict(extraction.counts)})
    for annotation in extraction.annotations:
        yield _line(asdict(annotation))


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def read(out: Path, stem: str, *, found: bool = False) -> Extraction:
    """The cached extraction of one report.

    Args:
        out: the folder.
        stem: the report's.
        found: as the program found it, without what a person decided on it.

    Raises:
        FormatError: its file is missing or damaged.
    """
    path = out / CACHE / f"{stem}.jsonl"
    if found and (out / CACHE / FOUND / f"{stem}.jsonl").exists():
        path = out / CACHE / FOUND / f"{stem}.jsonl"
    with _damage(path), path.open(encoding="utf-8", newline="\n") as stream:
        head = json.loads(next(stream))
        annotations = tuple(_annotation(json.loads(line)) for line in stream)
        return Extraction(_report(head["report"], _source(out, stem)), annotations, head["counts"])


def read_report(out: Path, stem: str) -> Report:
    """A report alone, ten times quicker than with what was found in it.

    Raises:
        FormatError: its file is missing or damaged.
    """
    path = out / CACHE / f"{stem}.jsonl"
    with _damage(path), path.open(encoding="utf-8", newline="\n") as stream:
        return _report(json.loads(next(stream))["report"], _source(out, stem))


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Whatever goes wrong while ``path`` is read, told as damage of that file."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        raise FormatError(
            f"{str(path)!r} is missing or damaged ({error})", remedy="build the folder again"
        ) from error


def _source(out: Path, stem: str) -> str:
    return (out / TEXTS / f"{stem}.txt").read_bytes().decode("utf-8")


def extractions(out: Path) -> Iterator[Extraction]:
    """All extractions of a folder that a build wrote, by stem.

    Raises:
        MissingInput: no build wrote the folder.
        FormatError: a file is missing or damaged.
    """
    for stem in sorted(read_manifest(Path(out))["reports"]):
        yield read(Path(out), stem)


def _report(record: dict[str, Any], source: str) -> Report:
    paragraphs = tuple(
        Paragraph(
            **{
                **item,
                "headings": tuple(item["headings"]),
                "segments": tuple(Segment(*segment) for segment in item["segments"]),
            }
        )
        for item in record["paragraphs"]
    )
    delivered = record["delivered"]
    return Report(
        **{
            **record,
            "source": source,
            "paragraphs": paragraphs,
            "place_chain": tuple(record["place_chain"]),
            "delivered": date.fromisoformat(delivered) if delivered else None,
        }
    )


def _annotation(record: dict[str, Any]) -> Annotation:
    layers = {key: tuple(make(**item) for item in record[key]) for key, make in _LAYERS.items()}
    return Annotation(id=record["id"], text=record["text"], **layers)
