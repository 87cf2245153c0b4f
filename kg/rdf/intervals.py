"""Period notations → first and last day."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import cache
from typing import Final

__all__ = ["interval"]

_POINT: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?:(?P<month>\d\d)(?:-(?P<day>\d\d))?|H(?P<half>[12])|Q(?P<quarter>[1-4])))?"
)


@cache
def interval(notation: str) -> tuple[date, date] | None:
    """The first and the last day of a period, ``None`` if the notation is not one.

    Known forms: ``2020`` · ``2020-06`` · ``2020-06-30`` · ``2020-H1`` · ``2020-Q3`` · two
    of these joined by ``/``.

    >>> interval("2020-H1")
    (datetime.date(2020, 1, 1), datetime.date(2020, 6, 30))
    """
    points = [_point(part) for part in notation.split("/")]
    if len(points) > 2 or None in points:
        return None
    first, last = points[0], points[-1]
    if first is None or last is None or first[0] > last[1]:
        return None
    return first[0], last[1]


def _point(notation: str) -> tuple[date, date] | None:
    match = _POINT.fullmatch(notation)
    if not match:
        return None
    year = int(match["year"])
    try:
        if match["day"]:
            day = date(year, int(match["month"]), int(match["day"]))
            return day, day
        first, length = 1, 12
        if match["month"]:
            first, length = int(match["month"]), 1
        elif match["half"]:
            first, length = 6 * int(match["half"]) - 5, 6
        elif match["quarter"]:
            first, length = 3 * int(match["quarter"]) - 2, 3
        last = first + length - 1
        return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None
