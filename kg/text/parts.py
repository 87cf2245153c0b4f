"""Which paragraphs tell what was done and which what is planned.

Three kinds of evidence meet: headings that say so (“一、2023年工作回顾”), a classifier that
looks at each paragraph alone (:mod:`kg.text.partmodel`), and the order of a report, whose
review comes before its plan.  The likeliest sequence is found by the Viterbi algorithm
over two states; returning from plan to review costs far more than going on to the plan.
A handful of paragraphs without their headings is read the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from kg.model import Part
from kg.text.cues import heading_part
from kg.text.lines import ADDRESS, Draft
from kg.text.metadata import Metadata
from kg.text.partmodel import plan_logit
from kg.text.structure import Heading

__all__ = ["assign"]

_CERTAIN: Final = 12.0
"""Weight in log-odds of a top heading that names a year, looks back or looks ahead."""

_LEAD_IN: Final = 8.0
"""Weight of one that ends with a colon; the part may have begun before it."""

_LIKELY: Final = 3.0
"""Weight of a top heading whose words only suggest what follows (“取得新成效”)."""

_TRUST: Final = 0.6
_SUREST: Final = 4.0
"""Neighbouring paragraphs resemble each other: their log-odds are shrunk and capped."""

_TO_PLAN: Final = 1.0
_TO_REVIEW: Final = 9.0
"""Costs of a change of part."""

_OPENING: Final = re.compile(
    r"(?:我(?:谨)?(?:受.{2,20}委托|代表)|受.{2,30}委托|现将).{0,160}(?:报告|审议|审查|意见)"
)
_APPENDIX: Final = re.compile(
    r"(?:附[：:]|附件|附录|名词解释|注释|名词注释|《政府工作报告》.{0,8}(?:解释|说明))"
)


def assign(
    drafts: Sequence[Draft], headings: Sequence[Heading], about: Metadata, head: int = 0
) -> list[Part]:
    """The part of each paragraph, one to one.

    Args:
        drafts: the paragraphs.
        headings: their places in the outline.
        about: the report's years.
        head: how many paragraphs make the title page.
    """
    others = _others(drafts, headings, head)
    inner = [place for place in range(len(drafts)) if place not in others]
    marks = _marks([drafts[place] for place in inner], [headings[place] for place in inner], about)
    odds = [
        marks[place] if place in marks else _alone(drafts[number], about)
        for place, number in enumerate(inner)
    ]
    for start, end in pairwise(sorted(marks)):  # all up to the heading of a plan is review
        if marks[start] == -_CERTAIN and marks[end] == _CERTAIN:
            odds[start:end] = [-_CERTAIN] * (end - start)
    parts: list[Part] = ["other"] * len(drafts)
    for place, plan in zip(inner, _sequence(odds), strict=True):
        parts[place] = "plan" if plan else "review"
    return parts


def _others(drafts: Sequence[Draft], headings: Sequence[Heading], head: int) -> set[int]:
    """Title page, opening words and appendix."""
    others = set(range(head))
    for place in range(head, min(head + 4, len(drafts))):
        text = drafts[place].text
        if ADDRESS.match(text) or (len(text) < 250 and _OPENING.search(text)):
            others.add(place)
        elif headings[place].level:
            break
    for place in range(len(drafts) // 2, len(drafts)):
        text = drafts[place].text
        if len(text) <= 30 and _APPENDIX.match(text):
            others.update(range(place, len(drafts)))
            break
    return others


def _marks(
    drafts: Sequence[Draft], headings: Sequence[Heading], about: Metadata
) -> dict[int, float]:
    """What top headings say, in log-odds of a plan, by their places.

    A heading that leads in to a list may come after the part has begun.
    """
    marks: dict[int, float] = {}
    for place, (draft, heading) in enumerate(zip(drafts, headings, strict=True)):
        if heading.level != 1 or heading.above:
            continue
        part, certain = heading_part(draft.text, about.plan_year)
        if part is None:
            marks[place] = _alone(draft, about)
            continue
        weight = _LIKELY
        if certain:
            weight = _LEAD_IN if draft.text.endswith(("：", ":")) else _CERTAIN
        marks[place] = weight if part == "plan" else -weight
    return marks


def _alone(draft: Draft, about: Metadata) -> float:
    """What the words of a paragraph say, in log-odds of a plan."""
    logit = plan_logit(draft.text, about.plan_year) * _TRUST
    return max(-_SUREST, min(_SUREST, logit))


def _sequence(odds: Sequence[float]) -> list[bool]:
    """The likeliest sequence of parts, ``True`` for plan."""
    if not odds:
        return []
    review, plan = 0.0, 0.0
    steps: list[tuple[bool, bool]] = []
    for value in odds:
        from_plan, from_review = plan - _TO_REVIEW > review, review - _TO_PLAN > plan
        steps.append((from_plan, not from_review))
        review, plan = (
            max(review, plan - _TO_REVIEW) - value / 2,
            max(plan, review - _TO_PLAN) + value / 2,
        )
    state = plan > review
    path = []
    for from_plan, stayed in reversed(steps):
        path.append(state)
        state = stayed if state else from_plan
    return path[::-1]
