"""Period words and years in the contract's notation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kg.statements import periods

CORPUS = Path(__file__).parent / "corpus" / "periods.jsonl"
CASES = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
NOTATION = re.compile(r"\d{4}(-(H[12]|Q[1-4]|(0[1-9]|1[0-2])))?(/\d{4}(-(0[1-9]|1[0-2]))?)?")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_corpus(case: dict[str, object]) -> None:
    text = str(case["text"])
    found = periods.find(text, default_year=2020, current_year=2021)
    assert [
        {"text": text[item.start : item.end], "notation": item.notation, "role": item.role}
        for item in found
    ] == case["found"]
    assert all(NOTATION.fullmatch(item.notation) for item in found)


def test_years_in_the_plan_are_its_own() -> None:
    (item,) = periods.find("今年上半年", default_year=2021, current_year=2021)
    assert item.notation == "2021-H1"


def test_spans_of_years() -> None:
    assert periods.years_between(2016, 2020) == "2016/2020"
    assert periods.years_between(2020, 2020) == "2020"
    assert periods.last_year("2016/2020") == 2020
    assert periods.last_year("2020-06") == 2020
    assert periods.last_year("2020-01/2020-09") == 2020
