"""Planned stages of projects against the stages reached, and lives of things."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.entities import Entity, Linked
from kg.model import STAGES, Extraction, Milestone
from kg.track.model import Life, Row, Side, Step
from kg.track.news import News, news

__all__ = ["lives", "project_rows"]

_ORDER: Final = {stage: place for place, stage in enumerate(STAGES)}
_PREPARATION: Final = re.compile(
    r"选址|前期|设计|规划|招标|招投标|拆迁|征拆|征收|整备|方案|立项|编制|概算|可研|报批|论证|签约|征占|核查|场平|桩基"
)
_BUILT: Final = re.compile(r"建成|竣工|完工|投用|投入使用|投产|通车|开园|开馆|交付|封顶")
_GOING_ON: Final = "仍在推进，未见达到计划阶段"
_IN_WORDS: Final = "后一份报告没有点明阶段，按所述进展判断"
_NO_STAGE: Final = "后一份报告提到，但没有说建设到了哪一步"
_FINISHED: Final = frozenset({"completed", "in-operation"})
_BUILT_KINDS: Final = frozenset({"Project", "Zone", "Institution"})
_BEING_BUILT: Final = frozenset({"started", "under-construction"})


@dataclass(frozen=True, slots=True)
class _Stage:
    """A milestone where it stands."""

    entity: Entity
    item: Milestone
    report: str
    paragraph: int
    part: str


def _stages(extraction: Extraction, linked: Linked) -> Iterator[_Stage]:
    report = extraction.report
    for number, (paragraph, annotation) in enumerate(
        zip(report.paragraphs, extraction.annotations, strict=False), 1
    ):
        for item in annotation.milestones:
            entity = linked.lookup(report.stem, number, item.entity)
            if entity is not None and not _prepares(item):
                yield _Stage(entity, item, report.stem, paragraph.number, paragraph.part)


def _prepares(item: Milestone) -> bool:
    """Whether what is called completed is only the preparation (完成选址)."""
    if item.stage not in _FINISHED or _BUILT.search(item.quote):
        return False
    return bool(_PREPARATION.search(item.quote))


def _is_built(stage: _Stage) -> bool:
    """Whether the thing is of a kind that is built, and no region of the country."""
    entity = stage.entity
    return entity.kind in _BUILT_KINDS and not (entity.kind == "Zone" and not entity.scope)


def _side(stage: _Stage) -> Side:
    item = stage.item
    return Side(
        report=stage.report,
        paragraph=stage.paragraph,
        quote=item.quote,
        start=item.start,
        end=item.end,
        value=item.progress,
        unit="%" if item.progress is not None else "",
        measure="stage",
        bound="min",
        period=item.period,
        stage=item.stage,
        statement=item,
    )


def project_rows(old: Extraction, new: Extraction, linked: Linked) -> list[Row]:
    """Hold each stage that ``old`` plans against the stages that ``new`` reports.

    Only what is built counts (Project, Zone, Institution); of a thing with several planned
    stages the furthest.  Where no stage is told, what the review says of the thing counts:
    work that goes on (完成投资20亿元) is judged as being built, other news is only given.

    Returns:
        One row a thing, by its place in the older report.
    """
    year = str(old.report.plan_year or "")
    planned: dict[str, list[_Stage]] = defaultdict(list)
    for stage in _stages(old, linked):
        if not _is_built(stage):
            continue
        if stage.item.status == "target" and stage.item.period[:4] in (year, ""):
            planned[stage.entity.key].append(stage)
    reached: dict[str, list[_Stage]] = defaultdict(list)
    again: dict[str, list[_Stage]] = defaultdict(list)
    for stage in _stages(new, linked):
        (reached if stage.item.status == "actual" else again)[stage.entity.key].append(stage)
    in_words = news(new, linked, planned.keys() - reached.keys())
    rows = []
    for key, stages in planned.items():
        target = max(stages, key=lambda stage: (_ORDER[stage.item.stage], -stage.paragraph))
        if key in in_words:
            rows.append(_row_in_words(key, target, in_words[key], again.get(key, [])))
        else:
            rows.append(_row(key, target, reached.get(key, []), again.get(key, []), year))
    return sorted(rows, key=lambda row: (row.target.paragraph, row.target.start, row.name))


def _row(
    key: str, target: _Stage, reached: Sequence[_Stage], again: Sequence[_Stage], year: str
) -> Row:
    name, side = target.entity.label, _side(target)
    timely = [stage for stage in reached if not stage.item.period or stage.item.period[:4] <= year]
    best = max(
        timely,
        key=lambda stage: (
            stage.item.stage != "suspended",
            _ORDER[stage.item.stage],
            -stage.paragraph,
        ),
        default=None,
    )
    if best is None and reached:
        late = max(reached, key=lambda stage: _ORDER[stage.item.stage])
        note = f"目标期为{year}，结果期为{late.item.period}"
        return Row("project", name, side, _side(late), "not-comparable", note, key)
    if best is None:
        note = ""
        if again:
            note = f"后一份报告又列入计划：{again[0].item.quote}"
        return Row("project", name, side, None, "not-reported", note, key)
    judged, note = _judge(target.item, best.item)
    if judged != "met" and again:
        note = "；".join(filter(None, [note, f"又列入计划：{again[0].item.quote}"]))
    return Row("project", name, side, _side(best), judged, note, key)


def _row_in_words(key: str, target: _Stage, told: News, again: Sequence[_Stage]) -> Row:
    """A row whose outcome names no stage."""
    judged, note = "not-comparable", _NO_STAGE
    if told.goes_on:
        reached = _rank(target.item.stage) <= _ORDER["under-construction"]
        judged, note = ("met" if reached else "partly"), _IN_WORDS
    if judged != "met" and again:
        note = f"{note}；又列入计划：{again[0].item.quote}"
    return Row("project", target.entity.label, _side(target), told.side, judged, note, key)


def _judge(target: Milestone, outcome: Milestone) -> tuple[str, str]:
    if outcome.stage == "suspended":
        return "missed", "已暂停"
    if outcome.stage == target.stage:
        if target.progress is None or outcome.progress is None:
            return "met", ""
        if outcome.progress < target.progress:
            return "partly", ""
        return ("exceeded" if outcome.progress > target.progress else "met"), ""
    if {outcome.stage, target.stage} <= _BEING_BUILT:
        return "met", ""
    if outcome.stage == "established":  # it is there: no earlier stage of building
        return ("partly", _GOING_ON) if target.stage in _FINISHED else ("met", "")
    planned, reached = _rank(target.stage), _rank(outcome.stage)
    if reached > planned:
        return "met", ""
    if reached >= _ORDER["started"] and planned >= _ORDER["started"]:
        return "partly", _GOING_ON
    return "missed", "只报告了更早的阶段"


def _rank(stage: str) -> float:
    """The place of a stage in the life of a work; to land somewhere comes before building."""
    return _ORDER["signed"] + 0.5 if stage == "established" else _ORDER[stage]


def lives(extractions: Iterable[Extraction], linked: Linked, *, least: int = 2) -> list[Life]:
    """The ordered milestones of each thing over all reports.

    Args:
        extractions: reports of one place or of many.
        linked: their things.
        least: how many milestones a thing must have.

    Returns:
        By number of reports that speak of it (most first), then by name.
    """
    steps: dict[str, list[Step]] = defaultdict(list)
    for extraction in extractions:
        for stage in _stages(extraction, linked):
            steps[stage.entity.key].append(
                Step(
                    stage=stage.item.stage,
                    status=stage.item.status,
                    period=stage.item.period,
                    report=stage.report,
                    paragraph=stage.paragraph,
                    quote=stage.item.quote,
                    progress=stage.item.progress,
                )
            )
    found = []
    for key, items in steps.items():
        if len(items) < least:
            continue
        entity = linked.get(key)
        ordered = tuple(sorted(items, key=_when))
        found.append(Life(entity.label, entity.kind, key, ordered, _warnings(ordered)))
    return sorted(
        found, key=lambda life: (-len({s.report for s in life.steps}), life.name, life.key)
    )


def _when(step: Step) -> tuple[object, ...]:
    return (
        step.period[:4],
        step.status == "target",
        _ORDER[step.stage],
        step.report,
        step.paragraph,
    )


def _warnings(steps: Sequence[Step]) -> tuple[str, ...]:
    """What does not fit together in a life."""
    said = []
    actual = [step for step in steps if step.status == "actual" and step.period]
    finished = [step for step in actual if step.stage in _FINISHED]
    started = [step for step in actual if step.stage == "started"]
    for step in finished:
        later = [other for other in started if other.period[:4] > step.period[:4]]
        if later:
            said.append(
                f"{step.period}年已说建成或投用（{step.report}），"
                f"{later[0].period}年又说开工（{later[0].report}）"
            )
            break
    done = sorted({step.period[:4] for step in actual if step.stage == "completed"})
    if len(done) > 1:
        said.append(f"{'、'.join(done)}年都说建成")
    return tuple(said)
