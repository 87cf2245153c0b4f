"""Tracking over real consecutive reports, where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg import text
from kg.entities.indicators import spellings
from kg.model import Annotation, Extraction
from kg.statements import observations
from kg.track import consecutive
from kg.track.indicators import indicator_rows

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ZHENGPU_SHARED") or ROOT.parent / "shared")
REPORTS = SHARED / "reports"
SAMPLE = ("guangdong-20", "jiangsu", "zhejiang", "henan", "sichuan", "shenzhen-longhua")


def figures_of(path: Path) -> Extraction:
    (report,) = text.read(path)
    return Extraction(
        report,
        tuple(
            Annotation(
                paragraph.id, paragraph.text, observations=observations.find(paragraph, report)
            )
            for paragraph in report.paragraphs
        ),
    )


@pytest.mark.slow
def test_main_targets_are_found_and_answered():
    if not REPORTS.is_dir():
        pytest.skip(f"the consecutive reports are not here ({REPORTS})")
    files = sorted(path for path in REPORTS.glob("*.txt") if path.stem.startswith(SAMPLE))
    pairs = consecutive([figures_of(path) for path in files])
    assert len(pairs) >= 15
    paired = named = total = 0
    for old, new in pairs:
        rows = [row for row in indicator_rows(old, new) if row.target.headline]
        assert rows, f"{old.report.stem} sets no main target"
        review = "".join(item.text for item in new.report.paragraphs if item.part != "plan")
        total += len(rows)
        for row in rows:
            told = any(len(name) > 2 and name in review for name in spellings(row.name))
            paired += row.outcome is not None
            named += row.outcome is not None or told
    assert paired / named >= 0.95
    assert paired / total >= 0.7
