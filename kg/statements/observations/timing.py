"""Period and status of a candidate: the sentence's, bent by what the figure says."""

from __future__ import annotations

import re
from typing import Final

from kg.model import Paragraph, Report
from kg.statements import periods, time
from kg.statements.observations import naming
from kg.statements.observations.candidates import Candidate

__all__ = ["period_and_status"]

_CUMULATED: Final = re.compile(r"年均|累计|五年共|共计|五年[^，]{0,4}增长")
_MEAN: Final = re.compile(r"年均(?:[增递下提]|实际|净|$)")
_REACHED: Final = re.compile(
    r"(?:达到?|为|至|到|突破|超过?|稳定在|保持在|增至|总[量数额]|拥有|现有|存栏|余额|目前|占地|在建[^，]{0,4})[约近]?$"
)


def period_and_status(
    candidate: Candidate, paragraph: Paragraph, report: Report
) -> tuple[str, str]:
    """Period in the contract's notation, and ``actual`` or ``target``."""
    found = time.read(paragraph, report, candidate.slot.figure.number_start)
    review, plan = time.default_years(report)
    period, status = found.period, found.status
    end = periods.last_year(period)
    if candidate.role == "from":
        return _earlier(candidate, found, period), "actual"
    if candidate.role == "to" and "/" in period:
        return str(end), status
    base = _base_year(candidate, end)
    if base is not None and candidate.reading.measure in ("growth", "change"):
        return periods.years_between(base + 1, end), status
    if found.span and not found.explicit and period in (str(review), str(plan)):
        flows = _is_flow(candidate)
        return (found.span if flows else str(periods.last_year(found.span))), status
    if found.span and found.explicit and "/" not in period and _MEAN.search(candidate.left):
        return found.span, status
    return period, status


def _is_flow(candidate: Candidate) -> bool:
    """Whether in a section about years it sums all of them rather than reads the last."""
    if candidate.reading.measure in ("growth", "change"):
        return True
    if candidate.reading.measure in ("rank", "share") or candidate.role == "to":
        return False
    left = candidate.left + candidate.slot.left
    if _CUMULATED.search(left):
        return True
    figure = candidate.slot.figure
    passed = figure.bound == "min" and figure.start < figure.number_start
    if passed and not naming.leading_verb(naming.strip_left(left)):
        return False  # 突破3万亿元: a mark that was passed is a reading
    return not _REACHED.search(left) and candidate.reading.unit not in ("%", "‰")


_BASE_YEAR: Final = re.compile(r"(?:比|较|是|为|于)[^，、]{0,4}?(?P<year>(?:19|20)\d\d)年")


def _base_year(candidate: Candidate, end: int) -> int | None:
    match = _BASE_YEAR.search(candidate.left)
    if match is None or int(match["year"]) >= end - 1:
        return None
    return int(match["year"])


_FROM_YEAR: Final = re.compile(r"(?:从|由|自)(?P<year>(?:19|20)\d\d)年")


def _earlier(candidate: Candidate, found: time.Frame, period: str) -> str:
    """The period of the first end of a movement."""
    match = _FROM_YEAR.search(candidate.left)
    if match:
        return match["year"]
    if found.span:
        return str(int(found.span[:4]) - 1)
    return str(periods.last_year(period) - 1)
