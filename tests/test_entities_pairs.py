"""Identity measured on pairs of mentions that people judged by reading."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

import annotated
import pytest

from kg import text
from kg.entities import link
from kg.model import Annotation, Extraction, Mention

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ZHENGPU_SHARED") or ROOT.parent / "shared")
REPORTS = SHARED / "reports"
PAIRS = ROOT / "data" / "gold" / "pairs.tsv"


def pairs() -> list[dict[str, str]]:
    lines = [line for line in PAIRS.read_text("utf-8").splitlines() if not line.startswith("#")]
    header = lines[0].split("\t")
    return [dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:]]


def ends(records):
    for record in records:
        for side in "ab":
            yield {key[:-2]: value for key, value in record.items() if key.endswith(f"_{side}")}


def test_the_pairs_are_well_formed():
    records = pairs()
    assert len(records) >= 300
    verdicts = [record["verdict"] for record in records]
    assert set(verdicts) == {"same", "different"}
    assert verdicts.count("different") * 2 >= len(verdicts)
    assert {record["half"] for record in records} == {"tune", "test"}
    for end in ends(records):
        assert int(end["start"]) < int(end["end"])
        assert bool(end["name"]) == (end["file"] == "tongzhou-2021")


@pytest.fixture(scope="module")
def linked():
    if not REPORTS.is_dir():
        pytest.skip(f"the reports that the pairs point into are not here ({REPORTS})")
    wanted = defaultdict(lambda: defaultdict(set))
    for end in ends(pairs()):
        place = (int(end["start"]), int(end["end"]), end["kind"])
        wanted[end["file"]][int(end["paragraph"])].add(place)
    extractions = [annotated.extraction()]
    for stem, paragraphs in sorted(wanted.items()):
        if stem == "tongzhou-2021":
            continue
        (report,) = text.read(REPORTS / f"{stem}.txt")
        annotations = tuple(
            Annotation(
                paragraph.id,
                paragraph.text,
                tuple(
                    Mention(start, end, paragraph.text[start:end], kind)
                    for start, end, kind in sorted(paragraphs[paragraph.number])
                ),
            )
            for paragraph in report.paragraphs
        )
        extractions.append(Extraction(report, annotations))
    return link(extractions), {item.report.stem: item for item in extractions}


def key(linked, end) -> str:
    things, extractions = linked
    number = int(end["paragraph"])
    annotation = extractions[end["file"]].annotations[number - 1]
    squeezed = "".join(end["name"].split())
    for mention in annotation.entities:
        name = "".join(mention.name.split())
        here = name == squeezed if squeezed else mention.start == int(end["start"])
        if here and mention.kind == end["kind"]:
            return things.lookup(end["file"], number, mention.text, mention.kind).key
    raise AssertionError(end)


@pytest.mark.parametrize("half", ["tune", "test"])
def test_pairwise_f1(linked, half):
    right = wrong = missed = 0
    for record in pairs():
        if record["half"] != half:
            continue
        one, other = (key(linked, end) for end in ends([record]))
        if record["verdict"] == "same":
            right, missed = right + (one == other), missed + (one != other)
        else:
            wrong += one == other
    precision, recall = right / (right + wrong), right / (right + missed)
    assert 2 * precision * recall / (precision + recall) >= 0.95


@pytest.mark.parametrize("half", ["tune", "test"])
def test_b_cubed_f1(linked, half):
    gold: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    where: dict[tuple[str, ...], tuple[str, str]] = {}
    for end in ends(record for record in pairs() if record["half"] == half):
        mention = (end["file"], end["paragraph"], end["start"], end["kind"], end["name"])
        where[mention] = end["cluster"], key(linked, end)
        gold[end["cluster"]].add(mention)
        found[where[mention][1]].add(mention)
    precision = recall = 0.0
    for cluster, entity in where.values():
        shared = len(gold[cluster] & found[entity])
        precision += shared / len(found[entity]) / len(where)
        recall += shared / len(gold[cluster]) / len(where)
    assert 2 * precision * recall / (precision + recall) >= 0.95
