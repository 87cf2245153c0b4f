"""The shipped report with its annotations by hand, as an extraction and as a built folder."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

from kg import text
from kg.model import Annotation, Extraction, Mention, Paragraph, read_annotations

DATA = Path(__file__).resolve().parent.parent / "data"
REPORT = DATA / "reports" / "tongzhou-2021.txt"
GOLD = DATA / "gold" / "tongzhou-2021.jsonl"

_Item = TypeVar("_Item")


def plain(value: str) -> str:
    """Without white space, which never counts."""
    return "".join(value.split())


@cache
def extraction() -> Extraction:
    """The annotations on the report as it is read."""
    (report,) = text.read(REPORT)
    with GOLD.open(encoding="utf-8") as lines:
        gold = {annotation.id: annotation for annotation in read_annotations(lines, GOLD.name)}
    annotations = tuple(
        _on(paragraph, gold.get(paragraph.id, Annotation(paragraph.id, paragraph.text)))
        for paragraph in report.paragraphs
    )
    return Extraction(report, annotations)


def _on(paragraph: Paragraph, gold: Annotation) -> Annotation:
    """The annotation with its spans moved onto the paragraph as it was read."""
    places = [offset for offset, char in enumerate(paragraph.text) if not char.isspace()]
    squeezed, written_ = plain(paragraph.text), plain(gold.text)
    if squeezed == written_:
        moved = dict(enumerate(places))
    else:  # a doubled character that the reading mends
        blocks = SequenceMatcher(None, written_, squeezed, autojunk=False).get_matching_blocks()
        moved = {
            block.a + step: places[block.b + step] for block in blocks for step in range(block.size)
        }

    def span(quote: str) -> tuple[int, int]:
        start = written_.find(plain(quote))
        assert start >= 0, (paragraph.id, quote)
        inside = [moved[i] for i in range(start, start + len(plain(quote))) if i in moved]
        return inside[0], inside[-1] + 1

    def mention(item: Mention) -> Mention:
        start, end = span(item.text)
        name = plain(item.canonical) if item.canonical else None
        return replace(
            item, start=start, end=end, text=paragraph.text[start:end], canonical=name, rule="gold"
        )

    def statement(item: _Item, **fields: str) -> _Item:
        start, end = span(item.quote)  # type: ignore[attr-defined]
        quote = paragraph.text[start:end]
        return replace(item, start=start, end=end, quote=quote, rule="gold", **fields)  # type: ignore[type-var]

    def written(name: str | None) -> str | None:
        if not name:
            return None
        start, end = span(name)
        return paragraph.text[start:end]

    return Annotation(
        id=paragraph.id,
        text=paragraph.text,
        entities=tuple(mention(item) for item in gold.entities),
        observations=tuple(statement(item, area=written(item.area)) for item in gold.observations),
        milestones=tuple(statement(item, entity=written(item.entity)) for item in gold.milestones),
        relations=tuple(
            statement(item, subject=written(item.subject), object=written(item.object))
            for item in gold.relations
        ),
    )


@cache
def built() -> Path:
    """A folder with the graph of the annotations, made once a test run."""
    import atexit
    import shutil

    from kg import store

    parent = Path(mkdtemp(prefix="zhengpu-"))
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    store.write([extraction()], parent / "build")
    return parent / "build"
