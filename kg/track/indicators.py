"""Targets of one report paired with the outcomes of the next."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from kg.entities import Linked
from kg.entities.indicators import canonical, spellings
from kg.lexicon import words
from kg.model import Extraction
from kg.track.figures import Figure, figures, fit
from kg.track.headline import headline_spans, in_span
from kg.track.kin import answer_by_kin, answer_in_words
from kg.track.model import Row, Side
from kg.track.units import in_base
from kg.track.verdicts import comparable, task_verdict, verdict
from kg.track.wording import worded_outcome, worded_targets

__all__ = ["indicator_rows"]

_STOCK: Final = re.compile(r"累计|总数|总量|增至|有效期内|保有")
_REVISED: Final = re.compile(
    r"调整后|修订后|同口径|可比口径|剔除|扣除|可比价|快报|预计|初步核算|预算调整"
)
_PREFIX: Final = re.compile(
    r"^(?:新增|新建|新改扩建|新改建|完成|建成|新开工|开工|竣工|实施|推进|累计|实现|培育|打造|引进|引育|集聚|"
    r"认定|创建|建设|改造|筹集|供应|发放|安排|争取|力争|确保|举办|开展)+"
)
_NEW: Final = re.compile(r"^(?:新增|净增|新引进|新培育|新认定)")
_DEFINING: Final = re.compile(
    r"全社会|不含|工业|城镇|农村|本级|地方|可比|同口径|登记|户籍|限额|常住|全口径"
)
_SEVERAL: Final = 3
_LEAST_ALIKE: Final = 0.62
_LEAST_KNOWN: Final = 0.8
_LEAST_RETOLD: Final = 0.8
_LEAST_RETOLD_EXACT: Final = 0.5
"""Of values that are hardly the same by chance, as they have three digits or more."""
_FINISHED: Final = re.compile(r"建成|竣工|供应|投产")
_BEGUN: Final = re.compile(r"开工|筹集|安排|实施|推进")
_WILD: Final = 4
"""Growth so many times the target's is taken to be against another year."""
_FAR: Final = 10
"""An amount so many times the target's, or so small a part of it, is taken to be of a part."""
_MONEY: Final = frozenset({"元", "美元"})


def indicator_rows(old: Extraction, new: Extraction, linked: Linked | None = None) -> list[Row]:
    """Hold each figure that ``old`` plans against what ``new`` says was reached.

    A figure of a zone or an institution answers only a target of the same one.

    Args:
        old: the report that plans.
        new: the next report of the same place.
        linked: the things of both, by which a zone is known again under another name.

    Returns:
        One row a target: main targets first, each by its place in the report.
    """
    year = str(old.report.plan_year or "")
    spans = headline_spans(old.report.paragraphs)
    targets = list(_targets(old, year, spans, linked))
    if not any(item.side.headline for item in targets):
        targets = _without_headline(old, targets)
    targets = _told_once(old, targets)
    outcomes = _by_area(_outcomes(new, year, linked))
    texts = {item.number: item.text for item in new.report.paragraphs}
    for item in targets:
        if item.area and item.name not in outcomes[item.area]:
            outcomes[item.area][item.name] = _after_name(item, texts, outcomes[""])
    restated = _by_area(_restated(new, year, linked))
    before = _by_area(_outcomes(old, str(old.report.review_year or ""), linked))
    rows = [
        _row(item, new, outcomes[item.area], restated[item.area], before[item.area])
        for item in targets
    ]
    own = outcomes[""]
    rows += [_worded_row(name, side, new, own) for name, side in worded_targets(old, spans)]
    return sorted(
        rows, key=lambda row: (not row.target.headline, row.target.paragraph, row.target.start)
    )


def _targets(
    old: Extraction, year: str, spans: dict[int, tuple[int, int]], linked: Linked | None
) -> Iterator[Figure]:
    seen: set[tuple[object, ...]] = set()
    found = [
        _marked(figure, spans)
        for figure in figures(old, linked)
        if figure.item.status == "target"
        and figure.item.period in (year, "")
        and "。" not in figure.side.quote[:-1]
        and figure.name not in words("vague_indicators")
    ]
    for figure in sorted(found, key=lambda item: not item.side.headline):
        same = (
            figure.area,
            figure.name,
            figure.item.measure,
            figure.item.value,
            figure.item.unit,
            figure.item.scope,
        )
        if same not in seen:
            seen.add(same)
            yield figure


def _told_once(old: Extraction, targets: list[Figure]) -> list[Figure]:
    """Leave out what a summary and the detail both tell, in slightly other words.

    The main target stays, then the one whose indicator is in the scheme, then the first.
    """
    texts = {item.number: item.text for item in old.report.paragraphs}
    by_value: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    ordered = sorted(
        enumerate(targets),
        key=lambda pair: (not pair[1].side.headline, not spellings(pair[1].name), pair[0]),
    )
    kept = []
    for place, item in ordered:
        side = item.side
        amount = None if side.value is None else in_base(side.value, side.unit)
        same = by_value[item.area, side.measure, amount, side.value_max, item.item.scope or ""]
        if not any(_is_retold(item, other, texts) for other in same):
            same.append(item)
            kept.append(place)
    return [targets[place] for place in sorted(kept)]


def _is_retold(item: Figure, other: Figure, texts: dict[int, str]) -> bool:
    """Whether two targets of one value are one and the same, told in two sentences.

    One sentence that sets a value twice sets it for two things (开工5000套、竣工5000套).
    """
    if spellings(item.name) and spellings(other.name):
        return False  # the scheme holds them apart
    first, last = sorted((item.side, other.side), key=lambda side: (side.paragraph, side.start))
    if first.paragraph == last.paragraph:
        between = texts[first.paragraph][first.end : last.start]
        if "。" not in between:
            return False
    verbs = [_PREFIX.match(figure.name) for figure in (item, other)]
    done, begun = zip(*(_ends(match[0] if match else "") for match in verbs), strict=True)
    if (done[0] and begun[1]) or (done[1] and begun[0]):
        return False
    digits = len(f"{item.side.value:g}".replace(".", "").strip("0-"))
    least = _LEAST_RETOLD if digits < _SEVERAL else _LEAST_RETOLD_EXACT
    return _dice(_PREFIX.sub("", item.name), _PREFIX.sub("", other.name)) >= least


def _ends(verbs: str) -> tuple[bool, bool]:
    """Whether verbs say that something is finished, and that it is begun."""
    return bool(_FINISHED.search(verbs)), bool(_BEGUN.search(verbs))


def _after_name(
    target: Figure, texts: Mapping[int, str], own: Mapping[str, Sequence[Figure]]
) -> list[Figure]:
    """Figures in a sentence that begins with the zone a target is of (A区加快建设，新增企业9家)."""
    names = tuple({target.area, target.item.area or target.area})
    found = []
    for item in own.get(target.name, ()):
        text = texts[item.side.paragraph]
        if text[text.rfind("。", 0, item.side.start) + 1 :].startswith(names):
            found.append(item)
    return found


def _without_headline(old: Extraction, targets: list[Figure]) -> list[Figure]:
    """Main targets of a report that announces none for its year.

    The paragraph that sets the most known indicators for the year counts as its main
    targets; where there is none, the targets announced for several years do.
    """
    known: dict[int, set[str]] = defaultdict(set)
    for item in targets:
        if spellings(item.name) and not item.area:
            known[item.side.paragraph].add(item.name)
    best = max(known, key=lambda number: (len(known[number]), -number), default=0)
    if best and len(known[best]) >= _SEVERAL:
        main = {best: (0, len(old.annotations[best - 1].text) + 1)}
        return [_marked(item, main) for item in targets]
    spans = headline_spans(old.report.paragraphs, long_run=True)
    later = [
        _marked(item, spans)
        for item in figures(old)
        if item.item.status == "target"
        and not item.area
        and in_span(item.item, item.side.paragraph, spans)
    ]
    return later + [item for item in targets if not in_span(item.item, item.side.paragraph, spans)]


def _marked(item: Figure, spans: dict[int, tuple[int, int]]) -> Figure:
    headline = not item.area and in_span(item.item, item.side.paragraph, spans)
    return replace(item, side=replace(item.side, headline=headline))


def _outcomes(extraction: Extraction, year: str, linked: Linked | None) -> Iterator[Figure]:
    """Figures of what was reached in the year, in a part of it, or in years around it."""
    for figure in figures(extraction, linked):
        if figure.item.status == "actual" and _covers(figure.item.period, year):
            yield figure


def _covers(period: str, year: str) -> bool:
    first, _, last = period.partition("/")
    return not year or first[:4] <= year <= (last or first)[:4]


def _restated(new: Extraction, year: str, linked: Linked | None) -> Iterator[Figure]:
    """What the newer report says the target had been."""
    for figure in figures(new, linked):
        if figure.item.status == "target" and figure.item.period == year:
            yield figure


def _by_area(found: Iterable[Figure]) -> dict[str, dict[str, list[Figure]]]:
    """The figures by what they are of, then by name."""
    table: dict[str, dict[str, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    for figure in found:
        table[figure.area][figure.name].append(figure)
    return table


def _row(
    target: Figure,
    new: Extraction,
    outcomes: dict[str, list[Figure]],
    restated: dict[str, list[Figure]],
    before: dict[str, list[Figure]],
) -> Row:
    candidates = outcomes.get(target.name) or _alike(target, outcomes)
    likely = [item for item in candidates if not _wild(target.side, item.side)]
    best = max(likely or candidates, key=lambda item: fit(target, item), default=None)
    if best is None and target.area:
        return Row("indicator", target.title, target.side, None, "not-reported")
    if best is None:
        return answer_by_kin(target, outcomes) or _worded(target, new)
    notes = _notes(target, best, restated)
    reason = comparable(target.side, best.side)
    if (target.item.scope or "") != (best.item.scope or "") and not reason:
        reason = "两者的范围不同"
    if best.item.period != target.item.period and not reason and target.item.period:
        reason = f"目标期为{target.item.period}，结果期为{best.item.period}"
    if not reason and _is_stock(target, best):
        reason = "目标是增量，结果是总量"
    if not reason:
        reason = _wild(target.side, best.side)
    if reason:
        notes += _implied(target, best, before)
        return Row(
            "indicator", target.title, target.side, best.side, "not-comparable",
            "；".join([reason, *notes]),
        )  # fmt: skip
    judged, said = verdict(target.name, target.side, best.side)
    notes = ([said] if said else []) + notes
    return Row("indicator", target.title, target.side, best.side, judged, "；".join(notes))


def _alike(target: Figure, outcomes: dict[str, list[Figure]]) -> list[Figure]:
    """Outcomes of an indicator that is worded almost alike and counted alike."""
    aim = _PREFIX.sub("", target.name)
    least = _LEAST_KNOWN if spellings(target.name) else _LEAST_ALIKE
    found: list[tuple[float, Figure]] = []
    for name, same in outcomes.items():
        score = _dice(aim, _PREFIX.sub("", name))
        if spellings(name) or score < least or _flow(target.name) != _flow(name):
            continue
        found += [(score, item) for item in same if not comparable(target.side, item.side)]
    best = max((score for score, _ in found), default=0.0)
    return [item for score, item in found if score == best]


def _flow(name: str) -> str:
    """Whether a name counts what came new, what was made, or what there is."""
    if _NEW.match(name):
        return "new"
    return "made" if _PREFIX.match(name) else "there"


def _dice(left: str, right: str) -> float:
    a = {left[i : i + 2] for i in range(len(left) - 1)}
    b = {right[i : i + 2] for i in range(len(right) - 1)}
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else float(left == right)


def _notes(target: Figure, outcome: Figure, restated: dict[str, list[Figure]]) -> list[str]:
    notes = []
    mine, theirs = target.item.indicator, outcome.item.indicator
    if _differs(target.name, mine, theirs):
        notes.append(f"目标称“{mine}”，结果称“{theirs}”")
    cue = _REVISED.search(outcome.side.quote)
    if cue:
        notes.append(f"结果注明“{cue[0]}”")
    for item in restated.get(target.name, ()):
        other = item.side
        if not comparable(target.side, other) and other.value != target.side.value:
            notes.append(f"后一份报告把目标说成“{other.quote}”")
            break
    return notes


def _differs(name: str, mine: str, theirs: str) -> bool:
    """Whether two wordings may mean two quantities."""
    if canonical(theirs) != name:
        return True
    return set(_DEFINING.findall(mine)) != set(_DEFINING.findall(theirs))


def _implied(target: Figure, outcome: Figure, before: dict[str, list[Figure]]) -> list[str]:
    """The growth that two levels imply, where only a level answers a growth target."""
    if target.side.measure != "growth" or outcome.side.measure != "level":
        return []
    value, unit = in_base(outcome.side.value or 0.0, outcome.side.unit)
    for item in before.get(target.name, ()):
        if item.side.measure != "level" or item.side.value is None:
            continue
        base, other = in_base(item.side.value, item.side.unit)
        if other == unit and base > 0 and 0.5 < value / base < 2:
            return [f"按两年数值推算为{(value / base - 1) * 100:+.1f}%"]
    return []


def _worded_row(name: str, side: Side, new: Extraction, outcomes: dict[str, list[Figure]]) -> Row:
    """What became of a target without a figure."""
    note = "目标没有给出数字"
    figure = answer_in_words(name, outcomes)
    if figure is not None:
        answer, more = figure
        note = "，".join(filter(None, [note, more]))
        return Row("indicator", name, side, answer, "not-comparable", note)
    said = worded_outcome(name, new)
    if said is None:
        return Row("indicator", name, side, None, "not-reported", note)
    judged = task_verdict(side, said.side)
    if judged:
        return Row("indicator", name, side, said.side, judged, said.note)
    note = "；".join(filter(None, [note, said.note]))
    return Row("indicator", name, side, said.side, "not-comparable", note)


def _is_stock(target: Figure, outcome: Figure) -> bool:
    """Whether the outcome is a total where the target is what comes new."""
    if _flow(target.item.indicator) == "there" or _STOCK.search(target.side.quote):
        return False
    return bool(_STOCK.search(outcome.side.quote))


def _wild(target: Side, outcome: Side) -> str:
    """Why an outcome is so far from its target that it speaks of something else, or nothing."""
    if target.value is None or outcome.value is None or comparable(target, outcome):
        return ""
    if target.measure == "growth" and outcome.value >= 60:
        return "增幅过大，基期可能不同" if abs(target.value) * _WILD < outcome.value else ""
    aim, unit = in_base(target.value, target.unit)
    got, _ = in_base(outcome.value, outcome.unit)
    if target.measure == "level" and unit in _MONEY and got > 0:
        return "" if 1 / _FAR < aim / got < _FAR else "数额相差过大，范围可能不同"
    return ""


def _worded(target: Figure, new: Extraction) -> Row:
    """What the newer report says of an indicator in words."""
    said = worded_outcome(target.name, new)
    if said is None:
        due = target.item.period.rpartition("/")[2][:4]
        early = due > str(new.report.review_year or due)
        note = f"目标到{due}年，尚未到期" if early else ""
        return Row("indicator", target.name, target.side, None, "not-reported", note)
    if said.side.value is not None and not comparable(target.side, said.side):
        judged, note = verdict(target.name, target.side, said.side)
        return Row("indicator", target.name, target.side, said.side, judged, note)
    note = said.note or "后一份报告没有给出可以对照的数字"
    return Row("indicator", target.name, target.side, said.side, "not-comparable", note)
