"""Targets against outcomes, and the life of each project."""

from kg.track.model import VERDICTS, Life, Row, Side, Step, Tracking
from kg.track.page import data, page
from kg.track.rendering import FORMS, render
from kg.track.tracking import consecutive, follow, track

__all__ = [
    "FORMS",
    "VERDICTS",
    "Life",
    "Row",
    "Side",
    "Step",
    "Tracking",
    "consecutive",
    "data",
    "follow",
    "page",
    "render",
    "track",
]
