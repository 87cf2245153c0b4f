"""Figures that are read together or not as amounts: movements, series, ranks, streaks."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from kg.statements.observations import measuring, naming
from kg.statements.observations.clauses import Slot
from kg.statements.observations.measuring import Reading
from kg.statements.observations.topics import (
    EACH,
    Made,
    Topic,
    clean,
    emit,
    settle,
    subject_of,
    what_follows,
    with_implied_unit,
)
from kg.statements.quantities import Quantity

__all__ = ["medal", "movement", "moves_to", "rank", "series", "streak"]

_FROM: Final = re.compile(r"(?:从|由|自)[^，、]{0,14}?$")
_TO_VERB: Final = re.compile(
    r"^\s*(?:左右|多|余)?(?:大幅|逐步|稳步|快速|进一步|已|跃|下|上)*[\u4e00-\u9fff]{0,6}?(?:到|至|为|成)(?:了)?(?:(?:19|20)\d\d年的?|目前的|现在的|今年的)?(?:约|近|超过?)?$"
)


def moves_to(before: Slot, slot: Slot) -> bool:
    """Whether the two figures are the ends of a movement: 从3.3%提升至6.6%."""
    if not _FROM.search(before.left) or slot.joined:
        return False
    return len(slot.left) <= 14 and _TO_VERB.match(slot.left) is not None


def movement(group: list[Slot], topic: Topic) -> Made:
    """The two ends of a movement: 由28个工作日缩短至14个工作日."""
    before, after = group
    match = _FROM.search(before.left)
    head = before.left[: match.start()] if match else before.left
    reading = measuring.read(after, head, "")
    measure = "level" if reading.measure in ("progress", "change") else reading.measure
    subject = clean(reading.subject)
    growth = re.search(r"(?:增速|增幅)$", subject)
    if growth:
        measure, subject = "growth", subject[: growth.start()]
    names, inherited = settle(subject, topic, count=None, apart=False)
    candidates = []
    for slot, role in ((before, "from"), (after, "to")):
        end = replace(
            reading,
            measure=measure,
            value=slot.figure.value,
            unit=slot.figure.unit or after.figure.unit,
            value_max=slot.figure.value_max,
        )
        candidates += emit(
            names, end, slot, "movement", topic, role=role, inherited=inherited, left=before.left
        )
    return Made(candidates, names, measure, inherited)


_APART: Final = re.compile(r"分别|各自|依次")


def series(group: list[Slot], topic: Topic) -> Made:
    """Figures that stand in a row for things that stand in a row."""
    first = group[0]
    right = what_follows(group[-1])
    reading = measuring.read(first, first.left, right)
    same_unit = len({slot.figure.unit for slot in group}) == 1
    apart = _APART.search(first.left) is not None
    subject = subject_of(reading.subject, first, topic)
    aims = any(slot.listed for slot in group[1:])
    count = len(group) if (apart or same_unit) and not aims else None
    names, inherited = settle(subject, topic, count=count, apart=(apart or same_unit) and not aims)
    if subject and topic.names and not topic.old and naming.is_bare_verb(subject):
        names = tuple(subject + naming.without_verb(name) for name in topic.last(len(group)))
        inherited = True
    if right and reading.measure == "level":
        names = (_of_all(subject, right),)
    candidates = []
    group = _share_bound(group) if apart and same_unit else group
    for i, slot in enumerate(group):
        own = measuring.read(slot, first.left, right)
        if own.measure == "level" and reading.measure in ("growth", "share"):
            own = replace(own, measure=reading.measure)
        who = names[i % len(names)] if names else ""
        own = with_implied_unit(own, (who,))
        candidates += emit((who,), own, slot, "series", topic, inherited=inherited, left=first.left)
    return Made(candidates, names, reading.measure, inherited)


def _of_all(subject: str, right: str) -> str:
    """修缮改造83个、271万平方米旧住宅: what follows the last figure is what all count."""
    verb = naming.leading_verb(subject)
    rest = subject[len(verb) :]
    return verb + right if not rest or re.search("[、和]|等$", rest) else verb + rest + right


def _share_bound(group: list[Slot]) -> list[Slot]:
    """分别增长3%、8.5%、5.1%左右: what bounds the last (or first) bounds all."""
    bounds = [slot.figure.bound for slot in group]
    shared = bounds[-1] if set(bounds[:-1]) == {"exact"} else bounds[0]
    if shared == "exact" or (shared == bounds[0] and set(bounds[1:]) != {"exact"}):
        return group
    return [replace(slot, figure=replace(slot.figure, bound=shared)) for slot in group]


_RANK_ATTRIBUTE: Final = re.compile(
    r"(?:年均|平均)?(?:增速|增幅|增量|总量|数量|规模|占比|金额|总数|改善率|[\u4e00-\u9fff]{0,2}数量|排名|综合排名|总分|绩效|水平|面积|产量|单产|实力|位次)$"
)
_CONTEST: Final = re.compile(r"(?:考核|评估|评价|测评|评比|考评|排行|评选)$")
"""What is itself the thing one ranks in: 在“质量强市”考核中列第一."""
_LISTS: Final = re.compile(r"[百\d]强|强[县区市]|竞争力|指数|榜")
_LISTED: Final = re.compile(r"^(?:19|20)\d\d年?度?|\d*[百\d]强$|排行榜$|榜单?$")
_AWARDED: Final = re.compile(r"^(?:被?评[为选]?|被?授予|获评|荣获|获)$")
_PLAIN_ATTRIBUTES: Final = ("总量", "数量", "增量", "规模", "金额", "总数", "水平")


def rank(slot: Slot, topic: Topic) -> Made:
    """A place in an order: of what stands before it, or of what was named last."""
    subject = _AWARDED.sub("", clean(slot.left))
    reading = measuring.read(slot, slot.left, "")
    group = getattr(slot.figure, "group", "")
    if not subject and _CONTEST.search(group):
        subject, group = group, ""
    reading = replace(reading, scope=group)
    moved = re.match(r"^(?:同比)?(?:增长|增速|增幅)$", subject)
    each = EACH.search(slot.left) is not None
    inherited = True
    if not subject or moved:
        names = topic.both() if each else topic.names
        if moved or (topic.measure == "growth" and (slot.joined or not topic.has_level)):
            names = tuple(n if n.endswith(("增速", "增幅")) else n + "增速" for n in names)
    elif _LISTS.search(group) and len(subject) <= 4:
        names, inherited, group = (_LISTED.sub("", group),), False, ""
    elif _RANK_ATTRIBUTE.fullmatch(subject) and topic.names:
        names = topic.both() if each else topic.names
        if not subject.endswith(_PLAIN_ATTRIBUTES):
            names = tuple(naming.join_subject(name, subject) for name in names)
    else:
        inherited = False
        names = naming.subjects(subject) if re.search("、|和|与", subject) else (subject,)
        if topic.names and not topic.old and all(map(_RANK_ATTRIBUTE.fullmatch, names)):
            names = tuple(naming.join_subject(topic.names[0], name) for name in names)
    made = emit(names, reading, slot, "rank", topic, inherited=inherited)
    return Made(made, names, "rank" if not inherited else topic.measure, inherited)


def streak(text: str, slot: Slot, topic: Topic) -> Made:
    """连续三年 and what was so in all of them."""
    figure = slot.figure
    assert isinstance(figure, Quantity)
    subject = clean(slot.left)
    tail = text[figure.end : slot.clause_end]
    tail = naming.tidy(re.split(r"、(?!全)", tail)[0])
    reading = Reading("level", subject, figure.value, figure.unit)
    inherited = not subject
    if figure.unit == "连增":
        reading = replace(reading, unit="年")
        word = text[figure.number_end - 1 : figure.number_end]
        names = naming.subjects(subject) if subject else topic.names
        labels = tuple(f"{name}连{word}" for name in names)
    else:
        names = (subject,) if subject else (topic.names[:1] if not topic.old else ())
        labels = (naming.tidy(f"{names[0] if names else ''}连续{tail}"),)
    made = emit(labels, reading, slot, "streak", topic, inherited=inherited)
    return Made(made, names, "level", inherited)


def medal(slot: Slot, topic: Topic) -> Made:
    """One metal of 4金7银2铜: its medal, whoever won it."""
    names = (slot.words[-1] + "牌",)
    reading = Reading("level", "", slot.figure.value, slot.figure.unit)
    return Made(emit(names, reading, slot, "medal", topic), names, "level", False)
