"""Every figure of a paragraph as a possible observation: what it measures.

The grammar is generous here; :mod:`kg.statements.observations.accepting` weighs which of
the candidates state a fact or an aim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from kg.statements.observations import measuring, naming
from kg.statements.observations.clauses import Figure, Slot, sentences, slots
from kg.statements.observations.measuring import Reading
from kg.statements.observations.together import (
    medal,
    movement,
    moves_to,
    rank,
    series,
    streak,
)
from kg.statements.observations.topics import (
    EACH,
    Candidate,
    Made,
    Topic,
    clean,
    complete_verb,
    emit,
    settle,
    subject_of,
    tells_of,
    what_follows,
    with_implied_unit,
)
from kg.statements.quantities import is_medal
from kg.statements.units import unit_kind

__all__ = ["Candidate", "find", "named_ahead"]


def find(
    text: str, figures: Sequence[Figure], accept: Callable[[Candidate], bool]
) -> Iterator[Candidate]:
    """The candidates of a paragraph, in order.

    Args:
        text: the paragraph.
        figures: its quantities and ranks, in order, none overlapping.
        accept: says which candidates hold; what follows may refer to those only.
    """
    topic = Topic()
    for start, end in sentences(text):
        topic.next_sentence()
        for clause, found in slots(text, start, end, figures):
            if not found:
                topic.announce(clause, start)
            for group in _groups(found):
                made = _read(text, group, topic)
                accepted = [accept(candidate) for candidate in made.candidates]
                if any(accepted):
                    topic.remember(made, group[0])
                yield from made.candidates


def _groups(found: list[Slot]) -> Iterator[list[Slot]]:
    """Runs of figures that share the words before the first of them."""
    group: list[Slot] = []
    for slot in found:
        if group and _continues(group[-1], slot):
            group.append(slot)
            continue
        if group:
            yield group
        group = [slot]
    if group:
        yield group


_ONLY_AIM: Final = re.compile(r"(?:力争|争取|确保|目标)(?:达到?|为|在)?$")


def _continues(before: Slot, slot: Slot) -> bool:
    if is_medal(slot.words):
        return False
    kinds = {before.figure.kind, slot.figure.kind}
    if kinds & {"rank", "streak"}:
        return False
    if slot.joined and not before.right.strip():
        return not _of_two_kinds(before, slot)
    if (
        slot.listed
        and _ONLY_AIM.fullmatch(slot.left.strip())
        and before.figure.unit == slot.figure.unit
    ):
        return True
    return moves_to(before, slot)


def _of_two_kinds(before: Slot, slot: Slot) -> bool:
    """达标率95%、62个社区…: a percentage and a count are not told of the same thing."""
    counts = unit_kind(slot.figure.unit) in ("count", "persons")
    return counts and before.figure.unit == "%" and bool(slot.right.strip())


def _read(text: str, group: list[Slot], topic: Topic) -> Made:
    first = group[0]
    if first.figure.kind == "rank":
        return rank(first, topic)
    if first.figure.kind == "streak":
        return streak(text, first, topic)
    if is_medal(first.words):
        return medal(first, topic)
    if len(group) == 2 and not group[1].joined and not group[1].listed:
        return movement(group, topic)
    if len(group) > 1:
        return series(group, topic)
    return _single(first, topic)


def _single(slot: Slot, topic: Topic) -> Made:
    right = what_follows(slot)
    left = slot.left
    told = tells_of(left)
    if slot.repeats and not told and not right and topic.names and not topic.old:
        left = ""
    reading = measuring.read(slot, left, right)
    if reading.measure in ("level", "share") and right and _counts_what_follows(slot, reading):
        return _counted(slot, reading, right, topic)
    subject = subject_of(reading.subject, slot, topic)
    if reading.measure == "level" and right and not subject:
        subject = right
    elif slot.figure.kind == "zero" and reading.measure == "level":
        subject += right
    if reading.measure == "change" and right and not reading.unit.endswith("点"):
        subject += right
    each = EACH.search(left) is not None
    apart = each or (reading.unit == "%" and reading.measure != "progress")
    names, inherited = settle(subject, topic, count=None, apart=apart, each=each)
    names, inherited = complete_verb(names, subject, inherited, topic)
    if inherited and reading.measure == "level" and _IN_ALL.search(left):
        names = tuple(map(naming.without_verb, names))
    names = _spent_on(names, slot, right)
    reading = with_implied_unit(reading, names)
    if inherited and topic.measure == "share" and reading.unit == "百分点":
        names = tuple(name if name.endswith(("占比", "比重")) else name + "占比" for name in names)
    rule = _rule_of(reading, slot.figure, inherited)
    if inherited and _only_passes(slot, reading, topic):
        return Made([], names, reading.measure, inherited)
    made = emit(names, reading, slot, rule, topic, inherited=inherited)
    return Made(made, names, reading.measure, inherited)


_IN_ALL: Final = re.compile(r"总[数量](?:已?[达超为到]|突破|增至|$)")
"""新增企业8家，总数达20家: the total is not of those that are new."""
_ROUND: Final = re.compile(r"[两三四五六七八九]?[十百千万亿]+元?|[两三四五六七八]位数")


def _only_passes(slot: Slot, reading: Reading, topic: Topic) -> bool:
    """首次突破百亿大关 after the exact figure says nothing new."""
    figure = slot.figure
    word = slot.words.strip()
    return (
        figure.bound == "min"
        and topic.measure == reading.measure
        and not topic.old
        and any(item.unit == reading.unit for item in topic.history[-1:])
        and _ROUND.fullmatch(word) is not None
    )


def named_ahead(found: Sequence[Candidate], text: str) -> list[Candidate]:
    """投资6.8亿元，实施23个道路项目: the money is that of what the next clause counts."""
    named = list(found)
    for i, (here, after) in enumerate(pairwise(found)):
        follows = text[here.slot.clause_end : after.slot.clause_start] == "，"
        plain = here.indicator in _SPENT and not here.inherited and not here.slot.listed
        if follows and plain and after.rule == "counted":
            name = naming.without_verb(after.indicator)
            if name != after.indicator or not naming.leading_verb(name):
                slot = replace(here.slot, right="，", right_end=after.slot.right_end)
                named[i] = replace(here, indicator=name + here.indicator, slot=slot)
    return named


_SPENT: Final = frozenset(("投资", "投入", "斥资", "投入资金", "总投资", "安排资金", "完成投资"))


def _spent_on(names: tuple[str, ...], slot: Slot, right: str) -> tuple[str, ...]:
    """投资3亿元实施置换工程 is the 投资 of 实施置换工程."""
    if (
        len(names) == 1
        and names[0] in _SPENT
        and len(right) >= 4
        and slot.right_end == slot.clause_end
    ):
        thing = naming.thing_of(right) if slot.right.lstrip().startswith("的") else right
        return (_SPENT_LEAD.sub("", thing) + names[0],)
    return names


_SPENT_LEAD: Final = re.compile(r"^(?:用于|对|了|一批|为)+")


def _rule_of(reading: Reading, figure: Figure, inherited: bool) -> str:
    if figure.kind in ("zero", "double", "times", "digits", "fraction"):
        return figure.kind
    return f"{reading.measure}-of-topic" if inherited else reading.measure


def _counts_what_follows(slot: Slot, reading: Reading) -> bool:
    """Whether the figure counts the words after it rather than those before."""
    figure, left = slot.figure, slot.left
    kind = unit_kind(figure.unit)
    if figure.kind == "fraction":
        return (
            _WHOLE.fullmatch(left.strip()) is not None and _OF_THING.match(slot.right) is not None
        )
    if figure.kind == "zero":
        return False
    if kind in ("count", "persons", "none", "time"):
        return True
    if kind == "percent":
        return reading.measure == "level" and not re.search(r"率[^，]{0,6}$", left)
    if left.rstrip().endswith("等"):
        return True
    cleaned = clean(left)
    if kind in ("area", "length", "volume", "mass", "energy") and _THING.search(cleaned):
        return slot.right_end == slot.clause_end and len(slot.right) >= 3
    return not cleaned or naming.is_bare_verb(cleaned) or left.endswith(("的", "了"))


_WHOLE: Final = re.compile(r"(?:全[市省县区国]|其中|已|有|将|把|使|让|支持|完成|实现|约|近)*")
_OF_THING: Final = re.compile(r"的?[\u4e00-\u9fff“]{4,}")
"""1/3以上的财政资金投向民生: the part is one of the thing named after it."""
_THING: Final = re.compile(
    r"[\u4e00-\u9fff]{2}"
    r"(?<![率额值入资量积价费金款税本债机力粮粒容模程度长林草田])$"
)
"""A thing, not a measurable: 河西片区370亩坡地整治."""
_LIST_BEFORE: Final = re.compile(r"、|等$|和[^，]{2,}$|（[^）]*）$")
_STATE: Final = re.compile(r"(?:复工|覆盖|达标|实现|完成|到位|整改|办结|开工|投产|落实|通过|移交)")


def _counted(slot: Slot, reading: Reading, right: str, topic: Topic) -> Made:
    """A figure before the thing it counts: 完成23个山区村庄供水改造."""
    figure = slot.figure
    left = naming.tidy(naming.strip_left(naming.tidy(slot.left)))
    name = _counted_name(slot, left, right)
    if slot.listed and topic.verb and topic.clause == slot.clause_start and not left:
        name = naming.with_verb(topic.verb, right)
    measure = reading.measure
    if figure.unit == "%" or figure.kind == "fraction":
        measure = "level" if _STATE.match(right) else "share"
    reading = with_implied_unit(replace(reading, measure=measure), (name,))
    many = figure.value >= _MANY and _PERSONS.match(right)
    if not reading.unit and (many or re.search(r"人口|群众", right)):
        reading = replace(reading, unit="人")
    elif not reading.unit and re.match(r"[\u4e00-\u9fff]{0,4}?(?:农户|用户|商户)", right):
        reading = replace(reading, unit="户")
    rule = "counted" if measure == "level" else "share-counted"
    names = naming.subjects(name) if EACH.search(slot.left) else (name,)
    return Made(emit(names, reading, slot, rule, topic), (name,), measure, False)


_MANY: Final = 1000
_PERSONS: Final = re.compile(
    r"[\u4e00-\u9fff]{0,10}?(?:人员|毕业生|监测对象|救助对象|学生|学子|师生|职工|员工|工人|老年人|老人"
    r"|残疾人|劳动者|劳动力|农民工|务工者|重点群体|困难群体|人才)"
)
"""People counted without a counter: 17万高校毕业生."""


_MEANS: Final = re.compile(
    r"(?P<thing>.{2,})为(?:抓手|载体|支撑|重点|引领|主线|主体|依托|基础|核心|目标|导向|牵引|契机)"
)


_PREPOSITIONS: Final = frozenset("对将把由让使")
_CAUSES: Final = re.compile(
    r"(?:帮助|帮扶|吸引|引导|推动|支持|带动|组织|指导|鼓励|助力|促成|促进)$"
)
"""Before those who are brought to do something: 帮助8家企业上市 is not about 上市企业."""


def _counted_name(slot: Slot, left: str, right: str) -> str:
    if slot.right_end == slot.clause_end:
        right = right if _CAUSES.search(left) else naming.told_first(right)
    elif slot.tail.strip():
        right += naming.tidy(slot.tail)
    means = _MEANS.fullmatch(right)
    if means:
        left, right = left.removeprefix("以"), means["thing"]
    verb = naming.leading_verb(left)
    rest = clean(left[len(verb) :])
    rest = "" if rest in _PREPOSITIONS else rest
    if slot.right.lstrip().startswith("的") and naming.is_attribute(rest):
        return verb + naming.join_subject(right, rest)
    if slot.left.rstrip().endswith("等") or (rest and _LIST_BEFORE.search(rest)):
        return verb + right
    if rest and not verb and slot.figure.unit == "%":
        return rest + right if not rest.startswith(("全", "占")) else right
    if naming.is_bare_verb(left):
        return left + right
    return verb + rest + right
