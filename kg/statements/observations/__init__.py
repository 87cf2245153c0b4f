"""Numbers that state a fact or an aim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kg.model import Mention, Observation, Paragraph, Report
from kg.statements.observations import accepting, candidates, explaining, figures, rules, timing
from kg.statements.observations.accepting import Verdict
from kg.statements.observations.areas import Areas
from kg.statements.observations.candidates import Candidate
from kg.statements.observations.clauses import Figure
from kg.statements.observations.explaining import LEFT, Unexplained

__all__ = ["LEFT", "Unexplained", "explain", "find", "unexplained"]


def find(
    paragraph: Paragraph, report: Report, mentions: Sequence[Mention] = ()
) -> tuple[Observation, ...]:
    """The observations of a paragraph, in the order of their figures.

    Args:
        paragraph: where to look.
        report: gives the years and the place.
        mentions: the names of the paragraph; a number inside a name is no observation.
    """
    found = figures.find(paragraph.text, mentions)
    judged = _judged(paragraph.text, found.figures)
    doubtful = {id(item.slot.figure) for item, verdict in judged if verdict.fact < _OUT}
    doubtful -= {id(item.slot.figure) for item, verdict in judged if verdict.fact >= _OUT}
    if doubtful:  # what is no figure must not part the words of those that are
        kept = [figure for figure in found.figures if id(figure) not in doubtful]
        judged = _judged(paragraph.text, kept)
    accepted = [(item, verdict) for item, verdict in judged if verdict.accepted]
    kept_candidates = candidates.named_ahead([item for item, _ in accepted], paragraph.text)
    areas = Areas(paragraph.text, mentions, report)
    return tuple(
        _observation(candidate, paragraph, report, verdict.right, areas)
        for candidate, (_, verdict) in zip(kept_candidates, accepted, strict=True)
    )


_AT_LEAST: Final = re.compile(r"(?:至少|不少于|不低于)[^，]{0,4}$")


def _bound(figure: Figure, left: str) -> str:
    if figure.bound == "exact" and _AT_LEAST.search(left):
        return "min"
    return figure.bound


_OUT: Final = 0.3
"""Figures less likely to be a fact are read as words."""


def _judged(text: str, kept: Sequence[Figure]) -> list[tuple[Candidate, Verdict]]:
    """The candidates of a paragraph with what is thought of them."""
    verdicts: dict[int, Verdict] = {}

    def accept(candidate: Candidate) -> bool:
        verdict = accepting.judge(candidate, text)
        verdicts[id(candidate)] = verdict
        return verdict.accepted

    found = list(candidates.find(text, kept, accept))
    return [(item, verdicts[id(item)]) for item in found]


def _observation(
    candidate: Candidate, paragraph: Paragraph, report: Report, score: float, areas: Areas
) -> Observation:
    area, indicator = areas.of(candidate)
    period, status = timing.period_and_status(candidate, paragraph, report)
    figure, reading, slot = candidate.slot.figure, candidate.reading, candidate.slot
    start = min(candidate.quote_start, figure.start)
    while paragraph.text[start : start + 1].isspace():
        start += 1
    end = max(figure.end, slot.right_end if slot.right.strip() else figure.end)
    return Observation(
        indicator=indicator,
        value=reading.value,
        value_max=reading.value_max,
        unit=reading.unit,
        measure=reading.measure,
        period=period,
        status=status,
        bound=_bound(figure, slot.left),
        area=area,
        scope=reading.scope or None,
        quote=paragraph.text[start:end],
        start=start,
        end=end,
        number_start=figure.number_start,
        number_end=figure.number_end,
        rule=f"{rules.LAYER}.{candidate.rule}",
        score=score,
    )


def explain(
    paragraph: Paragraph, mentions: Sequence[Mention], observations: Sequence[Observation]
) -> list[tuple[int, int, str]]:
    """Every number of a paragraph with what explains it: start, end, reason.

    The reasons are those of :data:`kg.statements.observations.explaining.REASONS`.
    """
    return explaining.explain(paragraph, mentions, observations)


def unexplained(
    paragraph: Paragraph, mentions: Sequence[Mention], observations: Sequence[Observation]
) -> tuple[Unexplained, ...]:
    """Start and end of each number that neither an observation nor a name explains, and why.

    Dates, ordinals, footnote marks, list numbers, codes (5G), numbers that only narrow a
    noun (亿元以上项目), slogans and idioms are explained by their form; why others are left
    is one of :data:`LEFT`.
    """
    return explaining.unexplained(paragraph, mentions, observations)
