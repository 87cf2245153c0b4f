"""Targets answered by figures of a kindred indicator: its parts, or another range of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from kg.lexicon import rows
from kg.track.figures import Figure, fit
from kg.track.model import Row, Side
from kg.track.verdicts import comparable, verdict

__all__ = ["answer_by_kin", "answer_in_words"]

_ALL: Final = "居民人均可支配收入"
_HALVES: Final = ("城镇居民人均可支配收入", "农村居民人均可支配收入")
_APART: Final = "后一份报告把城镇和农村分开说"
_TOLD: Final = ("growth", "level")
"""Measures of a kindred indicator that say something of the target; a share does not."""

Outcomes = Mapping[str, Sequence[Figure]]


def answer_by_kin(target: Figure, outcomes: Outcomes) -> Row | None:
    """Answer a target that no figure of its own indicator answers.

    Incomes of town and country judge a target for all residents; other kindred figures
    are given for the reader and not judged.
    """
    if target.name == _ALL:
        return _both_halves(target, outcomes)
    for name, note in _kin(target.name):
        told = [item for item in outcomes.get(name, ()) if item.side.measure in _TOLD]
        best = max(told, key=lambda item: fit(target, item), default=None)
        if best is not None:
            return Row("indicator", target.name, target.side, best.side, "not-comparable", note)
    return None


def answer_in_words(name: str, outcomes: Outcomes) -> tuple[Side, str] | None:
    """The figure that says most of a target without one, and what a reader should know."""
    kin = [(half, _APART) for half in _HALVES] if name == _ALL else _kin(name)
    for other, note in [(name, ""), *kin]:
        told = [item for item in outcomes.get(other, ()) if not note or item.side.measure in _TOLD]
        best = max(told, key=_says, default=None)
        if best is not None:
            return best.side, note
    return None


def _kin(name: str) -> list[tuple[str, str]]:
    return [(row["kin"], row["note"]) for row in rows("indicator_kin") if row["name"] == name]


def _says(item: Figure) -> tuple[int, bool, int]:
    order = {"growth": 2, "level": 1}
    return order.get(item.side.measure, 0), item.part == "review", -item.side.paragraph


def _both_halves(target: Figure, outcomes: Outcomes) -> Row | None:
    """Judge a target for all residents by what town and country reached."""
    judged: list[tuple[str, Side]] = []
    for half in _HALVES:
        fitting = [
            item
            for item in outcomes.get(half, ())
            if item.item.period == target.item.period and not comparable(target.side, item.side)
        ]
        if fitting:
            best = max(fitting, key=lambda item: fit(target, item))
            judged.append((verdict(half, target.side, best.side)[0], best.side))
    if not judged:
        rest = [item for half in _HALVES for item in outcomes.get(half, ())]
        other = max(rest, key=lambda item: fit(target, item), default=None)
        if other is None:
            return None
        reason = comparable(target.side, other.side) or "结果属于其他年份"
        note = f"{reason}；{_APART}"
        return Row("indicator", _ALL, target.side, other.side, "not-comparable", note)
    verdicts = {said for said, _ in judged}
    if len(judged) == 1 or (len(verdicts) > 1 and "城乡" not in target.item.indicator):
        return Row("indicator", _ALL, target.side, judged[0][1], "not-comparable", _APART)
    if len(verdicts) == 1:
        return Row("indicator", _ALL, target.side, judged[0][1], verdicts.pop(), _APART)
    said = "partly" if "missed" in verdicts else "met"
    return Row("indicator", _ALL, target.side, judged[0][1], said, _APART)
