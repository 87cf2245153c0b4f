"""Scores are those of the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import FormatError, MissingInput
from kg.evaluation import LAYERS, bigram_dice, read_gold, score
from kg.model import Annotation

GOLD = Path(__file__).resolve().parent.parent / "data/gold/tongzhou-2021.jsonl"


def annotation(**layers: object) -> Annotation:
    return Annotation.from_dict({"id": "a-2021#1", "text": "运河商务区9个项目完工", **layers})


def test_gold_against_itself_is_perfect() -> None:
    gold = [item for items in read_gold([GOLD]).values() for item in items]
    scores = score((item, item) for item in gold)
    assert {layer: figure.f1 for layer, figure in scores.total.items()} == dict.fromkeys(LAYERS, 1)
    assert not scores.differences


def test_white_space_never_counts_and_text_counts_once() -> None:
    gold = annotation(entities=[{"text": "运河 商务区", "type": "Zone"}])
    found = annotation(
        entities=[{"text": "运河商务区", "type": "Zone"}, {"text": "运河商务区", "type": "Zone"}]
    )
    assert score([(gold, found)]).total["entities exact"].f1 == 1


def test_overlap_needs_the_same_kind() -> None:
    gold = annotation(entities=[{"text": "运河商务区", "type": "Zone"}])
    part = annotation(entities=[{"text": "商务区", "type": "Zone"}])
    other = annotation(entities=[{"text": "运河商务区", "type": "Place"}])
    assert score([(gold, part)]).total["entities overlap"].f1 == 1
    assert score([(gold, part)]).total["entities exact"].f1 == 0
    assert score([(gold, other)]).total["entities overlap"].f1 == 0


def observation(**changes: object) -> dict[str, object]:
    return {
        "indicator": "完工项目",
        "value": 9,
        "unit": "个",
        "measure": "level",
        "period": "2020",
        "status": "actual",
        "bound": "exact",
    } | changes


@pytest.mark.parametrize(
    ("changes", "core", "full"),
    [
        ({}, 1, 1),
        ({"indicator": "项目"}, 1, 1),
        ({"period": "2021"}, 1, 0),
        ({"unit": "家"}, 0, 0),
        ({"value": 8}, 0, 0),
        ({"indicator": "税收"}, 0, 0),
    ],
)
def test_observations(changes: dict[str, object], core: int, full: int) -> None:
    gold = annotation(observations=[observation()])
    found = annotation(observations=[observation(**changes)])
    total = score([(gold, found)]).total
    assert (total["observations core"].right, total["observations full"].right) == (core, full)


def test_cooperation_goes_either_way_and_location_does_not() -> None:
    def both(predicate: str) -> int:
        left = {"subject": "甲区", "predicate": predicate, "object": "乙区"}
        right = {"subject": "乙区", "predicate": predicate, "object": "甲区"}
        pair = (annotation(relations=[left]), annotation(relations=[right]))
        return score([pair]).total["relations"].right

    assert both("cooperatesWith") == 1
    assert both("locatedIn") == 0


def test_no_prediction_earns_two_points() -> None:
    gold = annotation(entities=[{"text": t, "type": "Zone"} for t in ("商务区", "运河商务区一期")])
    found = annotation(entities=[{"text": "运河商务区", "type": "Zone"}])
    assert score([(gold, found)]).total["entities overlap"].right == 1


def test_dice() -> None:
    assert bigram_dice("地区生产总值", "地区生产总值") == 1
    assert bigram_dice("地区生产", "生产总值") == pytest.approx(1 / 3)


def test_broken_gold_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": "a#1", "text": "甲"}\n{"id": \n', encoding="utf-8")
    with pytest.raises(FormatError, match="line 2"):
        read_gold([broken])
    with pytest.raises(MissingInput, match="cannot read gold"):
        read_gold([tmp_path / "none.jsonl"])
