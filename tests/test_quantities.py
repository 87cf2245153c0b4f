"""Number expressions: the corpus of spellings, and what holds of every text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.statements import quantities
from kg.statements.numerals import decimal_of, times, value_of
from kg.statements.units import unit_at, unit_kind

CORPUS = Path(__file__).parent / "corpus" / "quantities.jsonl"
CASES = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_corpus(case: dict[str, object]) -> None:
    text = str(case["text"])
    found = []
    for item in quantities.find(text):
        record: dict[str, object] = {
            "text": text[item.number_start : item.number_end],
            "kind": item.kind,
        }
        if item.is_quantity:
            record |= {"value": item.value, "unit": item.unit, "bound": item.bound}
        if item.value_max is not None:
            record["value_max"] = item.value_max
        found.append(record)
    assert found == case["found"]


@pytest.mark.parametrize(
    ("word", "value"),
    [("两", 2), ("十五", 15), ("一百二十", 120), ("百", 100), ("万亿", 1e12), ("三千亿", 3e11)],
)
def test_chinese_numerals(word: str, value: float) -> None:
    assert value_of(word) == value


def test_what_is_no_numeral_has_no_value() -> None:
    assert value_of("十百千万亿") is None


def test_multipliers_are_exact() -> None:
    assert times(529.3, "亿") == 52_930_000_000
    assert times(0.1, "万亿") == 100_000_000_000
    assert decimal_of("三点五") == 3.5


def test_longest_unit_wins() -> None:
    assert unit_at("微克/立方米", 0, chinese=False)[0] == "微克/立方米"
    assert unit_at("个工作日", 0, chinese=False)[0] == "工作日"
    assert unit_at("条件", 0, chinese=True)[0] == ""
    assert unit_kind("平方米") == "area"
    assert unit_kind("没有的单位") == "none"


@given(
    st.text(
        alphabet="0123456789.,%一二三十百千万亿余多近超个家元至-“”年月第零成半番倍以上 ",
        max_size=24,
    )
)
def test_spans_lie_in_the_text_and_never_overlap(text: str) -> None:
    end = 0
    for item in quantities.find(text):
        assert end <= item.start <= item.number_start < item.number_end <= item.end <= len(text)
        assert item.kind in quantities.KINDS
        assert item.bound in ("exact", "min", "max", "approx")
        end = item.end
