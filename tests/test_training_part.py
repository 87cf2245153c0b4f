"""What teaches the classifier of parts, and what it learns."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import lexicon, text
from kg.text.partmodel import TABLE, normalise, plan_logit
from kg.training import part

TONGZHOU = Path(__file__).resolve().parent.parent / "data" / "reports" / "tongzhou-2021.txt"


def test_headings_label_the_paragraphs_under_them() -> None:
    texts, labels, groups = part.examples(text.read(TONGZHOU))
    assert len(texts) == len(labels) == len(groups)
    assert set(groups) == {"tongzhou-2021"}
    assert labels == sorted(labels)
    assert 0 < sum(labels) < len(labels)


def test_reports_without_both_parts_teach_nothing() -> None:
    report = text.from_string(
        "一、2020年工作回顾\n经济平稳增长，就业总体稳定，物价基本平稳。\n好。\n", "x-2021"
    )
    assert part.examples([report]) == ([], [], [])


def test_normal_form() -> None:
    assert normalise("2020年增长3.4%；2021年力争6%", 2021) == "。Ｒ年增长0%。Ｐ年力争0%。"
    assert normalise("到2025年", 2021) == "。到Ｆ年。"
    assert normalise("到2025年", None) == "。到Ｙ年。"


def test_table_is_the_model() -> None:
    rows = lexicon.rows(TABLE)
    assert rows[0]["gram"] == ""
    assert 1000 < len(rows) <= 6001
    weights = {row["gram"]: float(row["weight"]) for row in rows[1:]}
    for line in ("力争新增就业1万人以上。", "获评全国文明城市。", "增长"):
        expected = part.logit(normalise(line, 2021), weights, float(rows[0]["weight"]))
        assert plan_logit(line, 2021) == pytest.approx(expected)


@pytest.mark.slow
def test_learning_tells_the_parts_of_a_report(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    texts, labels, _ = part.examples(text.read(TONGZHOU))
    weights, bias = part.fit(texts * 20, labels * 20)
    right = sum(
        (part.logit(line, weights, bias) > 0) == label
        for line, label in zip(texts, labels, strict=True)
    )
    assert right == len(texts)
    part.write(weights, bias, tmp_path / "weights.tsv")
    lines = (tmp_path / "weights.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[3:] == sorted(lines[3:])
