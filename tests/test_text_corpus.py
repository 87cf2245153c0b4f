"""Reading of whole corpora: the shipped report always, the others where they are at hand.

``ZHENGPU_SHARED`` names the folder with ``reports/`` and ``gold/``; by default the one
called ``shared`` beside the checkout.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from kg import text
from kg.model import Report

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ZHENGPU_SHARED") or ROOT.parent / "shared")
REPORTS, GOLD = SHARED / "reports", SHARED / "gold"

needs_corpus = pytest.mark.skipif(
    not REPORTS.is_dir() or not GOLD.is_dir(), reason="no corpus at ZHENGPU_SHARED"
)


def plain(line: str) -> str:
    """A gold paragraph as it is mended: no spaces, no marks, no list dash."""
    return re.sub(r"\s|\*\*|^-\s", "", line)


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def assert_gold_is_met(report: Report, gold: list[dict[str, object]]) -> None:
    found = {item.id: item.text for item in report.paragraphs}
    for record in gold:
        assert plain(found[str(record["id"])]) == plain(str(record["text"])), record["id"]


def test_tongzhou_has_every_annotated_paragraph() -> None:
    (report,) = text.read(ROOT / "data" / "reports" / "tongzhou-2021.txt")
    assert_gold_is_met(report, records(ROOT / "data" / "gold" / "tongzhou-2021.jsonl"))


def test_tongzhou_reads_the_same_from_json_lines() -> None:
    (whole,) = text.read(ROOT / "data" / "reports" / "tongzhou-2021.txt")
    (part,) = text.read(ROOT / "data" / "gold" / "tongzhou-2021.jsonl")
    body = {item.id: (item.text, item.part) for item in whole.paragraphs}
    assert all(body[item.id] == (item.text, item.part) for item in part.paragraphs)
    for name in ("title", "place", "place_chain", "issuer", "session", "delivered", "plan_year"):
        assert getattr(part, name) == getattr(whole, name)


@pytest.fixture(scope="module")
def corpus() -> dict[str, Report]:
    return {path.stem: text.read(path)[0] for path in text.discover([REPORTS])}


@needs_corpus
@pytest.mark.slow
def test_every_annotated_paragraph_is_found(corpus: dict[str, Report]) -> None:
    for path in sorted(GOLD.glob("*.jsonl")):
        if path.stem in corpus:
            assert_gold_is_met(corpus[path.stem], records(path))


@needs_corpus
@pytest.mark.slow
def test_every_line_is_a_paragraph_and_leads_back(corpus: dict[str, Report]) -> None:
    for stem, report in corpus.items():
        assert report.source == (REPORTS / f"{stem}.txt").read_bytes().decode("utf-8")
        assert [item.number for item in report.paragraphs] == list(
            range(1, len(report.source.split("\n")))
        )
        for item in report.paragraphs:
            assert item.text == "".join(
                report.source[run.source_start : run.source_start + run.length]
                for run in item.segments
            )


@needs_corpus
@pytest.mark.slow
def test_place_and_year(corpus: dict[str, Report]) -> None:
    lines = (REPORTS / "INDEX.tsv").read_text(encoding="utf-8").splitlines()
    header = lines[0].split("\t")
    rows = [dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:]]
    places = years = 0
    for row in rows:
        report = corpus[row["file"].removesuffix(".txt")]
        years += report.plan_year == int(row["year"])
        places += "".join((*report.place_chain, report.place)).startswith(row["place"])
    # The index calls some new areas by what they became later, and two by the city above.
    assert years == len(rows)
    assert places >= len(rows) - 10


def agreement(reports: dict[str, Report]) -> float:
    """Share of annotated paragraphs whose statements mostly have the status of their part."""
    right = total = 0
    for path in sorted(GOLD.glob("*.jsonl")):
        if path.stem not in reports:
            continue
        parts = {item.id: item.part for item in reports[path.stem].paragraphs}
        for record in records(path):
            statements = [*record["observations"], *record["milestones"]]  # type: ignore[misc]
            count = Counter(item["status"] for item in statements)
            if count["actual"] != count["target"]:
                part = "review" if count["actual"] > count["target"] else "plan"
                total += 1
                right += parts[str(record["id"])] == part
    return right / total


@needs_corpus
@pytest.mark.slow
def test_parts_of_whole_reports(corpus: dict[str, Report]) -> None:
    assert agreement(corpus) >= 0.97


@needs_corpus
@pytest.mark.slow
def test_parts_of_paragraphs_out_of_reports() -> None:
    assert agreement({path.stem: text.read(path)[0] for path in GOLD.glob("*.jsonl")}) >= 0.95
