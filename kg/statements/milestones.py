"""Statements about a stage in the life of a project, zone or institution.

Rules propose (:mod:`kg.statements.milestone_candidates`): every name with every stage
cue of its sentence.  A logistic scorer learned from annotated reports decides which pair
states something, so that 加快推进A前期工作 gives ``proposed`` by 前期工作 and not
``under-construction`` by 加快推进.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kg.model import Mention, Milestone, Paragraph, Report
from kg.rules import Rule, register
from kg.statements import linear, time
from kg.statements.layout import CLAUSE_MARK, lay_out
from kg.statements.milestone_candidates import Candidate, candidates

__all__ = ["find"]

BEFORE: Final = register(
    Rule(
        name="milestone.cue-before",
        gives="milestone",
        summary="a cue in the same clause before the name or its coordination",
        example="加快建设首都博物馆东馆、潞城全民健身中心。",
        found="首都博物馆东馆 under-construction|潞城全民健身中心 under-construction",
        counterexample="首都博物馆东馆位于绿心。",
    )
)
AFTER: Final = register(
    Rule(
        name="milestone.cue-after",
        gives="milestone",
        summary="a cue in the same clause after the name or its coordination",
        example="中国艺术品交易中心开工建设。",
        found="中国艺术品交易中心 started",
        counterexample="中国艺术品交易中心前景广阔。",
    )
)
SHARED: Final = register(
    Rule(
        name="milestone.cue-shared",
        gives="milestone",
        summary="a cue in another clause of the sentence that governs the name as well",
        example="潞城全民健身中心进展顺利，主体结构封顶。",
        found="潞城全民健身中心 topped-out",
        counterexample="潞城全民健身中心远近闻名，群众健康水平稳步提升。",
    )
)

_PROGRESS: Final = re.compile(
    r"(?:完成|完工|达|进度|过)[^，。；%％]{0,8}?(?P<number>\d+(?:\.\d+)?)\s*[%％]"
)
_PARTIAL: Final = frozenset({"under-construction", "preparing", "started"})
_QUOTE_TAIL: Final = 16


def find(
    paragraph: Paragraph, report: Report, mentions: Sequence[Mention]
) -> tuple[Milestone, ...]:
    """The milestones stated in a paragraph.

    Args:
        paragraph: where to look.
        report: what it stands in; gives the years.
        mentions: the names of the paragraph.

    Returns:
        At most one milestone for each name and stage, in reading order.  ``score`` is the
        probability that the name reaches that stage in the text.

    Raises:
        ModelError: the scorer's weights are missing or damaged.
    """
    layout = lay_out(paragraph.text, mentions)
    scorer = linear.load("milestones")
    best: dict[tuple[str, str], tuple[float, Candidate]] = {}
    for candidate in candidates(layout, paragraph.part):
        score = scorer.probability(candidate.features)
        key = (candidate.mention.text, candidate.stage)
        if score >= scorer.threshold and score > best.get(key, (0.0,))[0]:
            best[key] = (score, candidate)
    ordered = sorted(best.values(), key=lambda item: (item[1].mention.start, item[1].cue.start))
    return tuple(_milestone(item, score, paragraph, report) for score, item in ordered)


def _milestone(
    candidate: Candidate, score: float, paragraph: Paragraph, report: Report
) -> Milestone:
    text = paragraph.text
    start, end = candidate.span
    tail = CLAUSE_MARK.search(text, end)
    if tail is not None and tail.start() - end <= _QUOTE_TAIL:
        end = tail.start()
    period, status = time.frame(paragraph, report, candidate.anchor)
    return Milestone(
        entity=candidate.mention.text,
        stage=candidate.stage,
        period=period,
        status=status,
        progress=_progress(candidate, text),
        quote=text[start:end],
        start=start,
        end=end,
        rule=_rule(candidate).name,
        score=score,
    )


def _rule(candidate: Candidate) -> Rule:
    if not candidate.same_clause:
        return SHARED
    return BEFORE if candidate.cue.start < candidate.mention.start else AFTER


def _progress(candidate: Candidate, text: str) -> float | None:
    if candidate.stage not in _PARTIAL:
        return None
    match = _PROGRESS.search(text, candidate.mention.end, candidate.mention.end + 24)
    if match is None or "，" in text[candidate.mention.end : match.start()]:
        return None
    return float(match["number"])
