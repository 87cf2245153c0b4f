"""A question in Chinese → the named question it means, with its slots filled.

The question is read against the graph: the names and indicators that stand in it, years,
words for classes of things.  What is left is compared with the patterns each named question
declares.  Where one fits clearly better than the others it is asked; otherwise the nearest
ones are named and nothing is answered.  The same question gives the same reply every time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg import lexicon
from kg.entities.indicators import canonical
from kg.query.answer import Answer
from kg.query.named import Named, named
from kg.query.running import run
from kg.rdf.vocab import PREFIXES, prologue, text
from kg.statements.inner_names import division_level
from kg.text.places import short_name

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["Reply", "ask"]

_ENOUGH: Final = 1.4
"""A question that scores less is not understood."""
_CLEAR: Final = 0.5
"""A question must score that much more than the next one."""
_UNREAD: Final = 2
"""As many characters may stay without a meaning."""
_OFFERED: Final = 3
_ASKED: Final = 0.75
"""What a character of a question's own pattern is worth, and one without meaning costs."""
_BESIDE: Final = 0.25
"""What a character of the words beside it is worth."""
_GAIN: Final = {"name": 1.5, "area": 1.5, "indicator": 1.5}
"""What a part is worth that fills a slot; the others are worth 1."""
_LONGEST: Final = 6
_DIVISION: Final = 4
"""Characters of the beginning by which a division is known."""
_MASK: Final = "□"
_NAMED: Final = ("name", "place", "area", "indicator", "year")
_PLACE: Final = f"{PREFIXES['zp']}Place"
_KINDS: Final = frozenset({"项目", "工程", "机构", "单位", "政策", "规划", "活动", "会议", "荣誉"})
"""Words for what a graph holds; reports count some of them, as an indicator of that name."""

_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)年?")
_RELATIVE: Final = {
    "今年": "plan",
    "本年": "plan",
    "明年": "next",
    "去年": "review",
    "上年": "review",
}
_PLAN: Final = re.compile(r"[“\"]?(十[一二三四五])五[”\"]?(?:时期|规划期|期间)?")
_ORDINAL: Final = {"十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026}

_SHORTEST_BEGINNING: Final = 4
"""Characters by which a name is known that goes on; fewer begin a name by chance."""
_LONGEST_NAME: Final = 200
"""Characters of a stretch that may be a name; more would be a sentence."""
# Both go from each form to what bears it, by the index of the store.  A condition on the labels
# would read every label of the graph: seconds for some hundred reports.
_NAMES: Final = """
SELECT ?form ?kind (COUNT(?passage) AS ?mentions) (SAMPLE(?r) AS ?report) WHERE {
  VALUES ?form { $forms }
  ?thing skos:prefLabel|skos:altLabel ?form ; a zp:Entity , ?kind . FILTER(?kind != zp:Entity)
  OPTIONAL { ?thing zp:mentionedIn ?passage } OPTIONAL { ?r zp:place ?thing }
} GROUP BY ?thing ?form ?kind ORDER BY ?form DESC(?mentions) ?thing
"""
_INDICATORS: Final = """
SELECT DISTINCT ?form ?label WHERE {
  VALUES ?form { $forms }
  ?concept skos:prefLabel|skos:altLabel ?form ; a zp:Indicator ; skos:prefLabel ?label .
} ORDER BY ?form ?label
"""
# The kind is compared, not matched: so the labels, most of which do not hold the words, come
# first, and few things are left whose kind is looked up.
_IN_A_NAME: Final = """
ASK { ?thing skos:prefLabel ?label ; a ?kind .
  FILTER(CONTAINS(STR(?label), $words) && ?kind = zp:Entity) }
"""
_PLACES: Final = """
SELECT DISTINCT ?label WHERE { ?r a zp:Report ; zp:place/skos:prefLabel ?label } ORDER BY ?label
"""
_YEARS: Final = """
SELECT (MAX(?p) AS ?plan) (MAX(?r) AS ?review) WHERE {
  ?report a zp:Report . OPTIONAL { ?report zp:planYear ?p } OPTIONAL { ?report zp:reviewYear ?r }
}
"""
_BEGINNING: Final = """
SELECT DISTINCT ?thing ?label WHERE { ?thing skos:prefLabel ?label ; a ?kind .
  FILTER(REGEX(STR(?label), $beginning) && ?kind = zp:Entity) } LIMIT 2
"""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was made of a question.

    Attributes:
        question: as it was asked.
        asked: the named question that was taken, ``None`` if none fits clearly.
        slots: what was put into its slots.
        explanation: which question and values were taken, or what is nearest, in Chinese.
        answer: the answer, ``None`` if the question was not understood.
        nearest: titles of the questions that come near, best first.
    """

    question: str
    asked: Named | None
    slots: dict[str, str]
    explanation: str
    answer: Answer | None
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of the question that was understood, and the slots it may fill."""

    start: int
    end: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a named question fits."""

    score: float
    named: Named
    slots: dict[str, str]
    unread: str


def ask(question: str, target: str | Path | Store) -> Reply:
    """Answer a question in Chinese by the named question that fits it.

    Args:
        question: e.g. ``2021年哪些学校投入使用？``.
        target: as for :func:`kg.query.run`.

    Raises:
        InputError: there is no such graph.
    """
    plain = _plain(question)
    parts = _understand(plain, target)
    refused = next((part for part in parts if part.kind == "refuse"), None)
    if refused:
        word = plain[refused.start : refused.end]
        return _unsure(question, f"图中只有事实，答不了“{word}”", ())
    # Reports count projects, firms and schools: a graph has indicators of these very names.
    classes = [part for part in parts if not _is_class_word(plain, part)]
    fits = _fits(plain, classes, target)
    if len(classes) < len(parts) and (not fits or fits[0].score < _ENOUGH):
        fits = _fits(plain, parts, target)
    nearest = tuple(fit.named.title for fit in fits[:_OFFERED])
    # What leaves words unread is no answer, so it casts no doubt on one that reads them all.
    fits = [fit for fit in fits if len(fit.unread) < _UNREAD] or fits
    best = fits[0] if fits else None
    if best is None or best.score < _ENOUGH:
        return _unsure(question, "没有听懂这个问题", nearest)
    if len(fits) > 1 and best.score - fits[1].score < _CLEAR:
        return _unsure(question, "这个问题可以有几种理解", nearest)
    if len(best.unread) >= _UNREAD:
        return _unsure(question, f"没有听懂“{best.unread}”", nearest)
    answer = run(best.named.name, target, slots=best.slots)
    values = "，".join(f"{name}={value}" for name, value in sorted(best.slots.items()))
    explanation = f"理解为：{best.named.title}（{best.named.name}）"
    if values:
        explanation += f"；{values}"
    if not answer.truth:
        explanation += "；图中没有这样的记录"
    return Reply(question, best.named, best.slots, explanation, answer, nearest)


def _is_class_word(question: str, part: _Part) -> bool:
    """Whether an indicator is called by a word for a class of things, such as 项目."""
    return part.kind == "indicator" and question[part.start : part.end] in _class_words()


@cache
def _class_words() -> frozenset[str]:
    classes = {row["word"] for row in lexicon.rows("ask_words") if row["slot"] in ("word", "kind")}
    return frozenset(classes | _KINDS)


def _completed(
    fit: _Fit, in_a_name: Callable[[str], bool], beginning_with: Callable[[str], str | None]
) -> _Fit | None:
    """The fit with what was left unread in the slot that needs it; ``None`` if it stays empty."""
    if not fit.named.needs or fit.named.needs in fit.slots:
        return _with_word(fit, in_a_name)
    name = beginning_with(fit.unread) if fit.named.needs == "name" else None
    if name is None:
        return None
    score = fit.score + _ASKED * len(fit.unread) + _GAIN["name"]
    return _Fit(score, fit.named, {**fit.slots, "name": name}, "")


def _with_word(fit: _Fit, in_a_name: Callable[[str], bool]) -> _Fit:
    """The fit with what was left unread as part of names, if names of the graph hold it."""
    free = "word" not in fit.slots and any(slot.name == "word" for slot in fit.named.slots)
    if not free or len(fit.unread) < _UNREAD or not in_a_name(fit.unread):
        return fit
    score = fit.score + _ASKED * len(fit.unread)
    return _Fit(score, fit.named, {**fit.slots, "word": re.escape(fit.unread)}, "")


def _unsure(question: str, why: str, nearest: tuple[str, ...]) -> Reply:
    if not nearest:
        nearest = ("主要指标目标", "投入使用", "提及最多")
    explanation = f"{why}；相近的问题：{'、'.join(nearest)}（用 kg query 直接提问）"
    return Reply(question, None, {}, explanation, None, nearest)


def _plain(question: str) -> str:
    """Full-width digits and letters folded, white space gone; other characters as they are."""
    folded = "".join(
        unicodedata.normalize("NFKC", char) if char.isalnum() or char == "％" else char
        for char in question
    )
    return "".join(folded.split())


# --- reading the question ---------------------------------------------------------------


def _understand(question: str, target: str | Path | Store) -> list[_Part]:
    """The stretches with a meaning, longest first where they overlap, in reading order."""
    found = [*_things(question, target), *_years(question, target), *_words(question)]
    # on equal length a name is a name before it is a word
    order = {"name": 0, "place": 0, "area": 0, "indicator": 1, "year": 2}
    found.sort(key=lambda part: (part.start - part.end, order.get(part.kind, 3), part.start))
    taken: list[_Part] = []
    for part in found:
        if all(part.end <= other.start or other.end <= part.start for other in taken):
            taken.append(part)
    return sorted(taken, key=lambda part: part.start)


def _things(question: str, target: str | Path | Store) -> Iterable[_Part]:
    for (place,) in run(prologue() + _PLACES, target).rows():
        if place and (short := short_name(place)) != place and place not in question:
            yield from _at(question, short, "place", place)
    forms = " ".join(text(form, "zh") for form in _stretches(question))
    names = run(prologue() + _NAMES.replace("$forms", forms), target)
    seen = set()
    for form, kind, _mentions, report in names.rows():
        if form and form not in seen:
            seen.add(form)
            place = "place" if report else "area"
            yield from _at(question, form, place if kind == _PLACE else "name", form)
    indicators = run(prologue() + _INDICATORS.replace("$forms", forms), target)
    known = {
        form: label for form, label in indicators.rows() if form and label and not _qualified(form)
    }
    for form, label in known.items():
        yield from _at(question, form, "indicator", label)
    for match in re.finditer(r"[A-Za-z]+[\d.]*|[\u4e00-\u9fff]{2,12}", question):
        yield from _by_other_name(match.group(), match.start(), known, target)


def _stretches(question: str) -> list[str]:
    """All of the question that may be a name: stretches of two characters and more."""
    length = len(question)
    return sorted(
        {
            question[start:end]
            for start in range(length)
            for end in range(start + 2, min(length, start + _LONGEST_NAME) + 1)
        }
    )


def _by_other_name(
    run_: str, offset: int, known: dict[str, str], target: str | Path | Store
) -> Iterable[_Part]:
    """Indicators under a name that the graph does not use but the scheme knows."""
    for start in range(len(run_)):
        for end in range(len(run_), start + 1, -1):
            written = run_[start:end]
            label = canonical(written)
            if label != written and written not in known and not _qualified(written):
                check = f"ASK {{ ?c a zp:Indicator ; skos:prefLabel {text(label, 'zh')} }}"
                if run(prologue() + check, target).truth:
                    yield _Part(offset + start, offset + end, "indicator", label)


def _qualified(written: str) -> bool:
    """Whether a name of an indicator ends in a word that asks for one side of it.

    In 地区生产总值目标 and 地区生产总值增长 the last word fills a slot of its own.
    """
    return any(
        written.endswith(row["word"])
        and canonical(written.removesuffix(row["word"])) == canonical(written)
        for row in lexicon.rows("ask_words")
        if row["slot"] in ("status", "measure")
    )


def _years(question: str, target: str | Path | Store) -> Iterable[_Part]:
    for match in _YEAR.finditer(question):
        yield _Part(match.start(), match.end(), "year", match[1])
    for match in _PLAN.finditer(question):
        first = _ORDINAL[match[1]]
        yield _Part(match.start(), match.end(), "year", f"{first}/{first + 4}")
    for word, which in _RELATIVE.items():
        if word in question:
            ((plan, review),) = run(prologue() + _YEARS, target).rows()
            year = plan if which in ("plan", "next") else review
            if year:
                value = str(int(year) + 1) if which == "next" else year
                yield from _at(question, word, "year", value)


def _words(question: str) -> Iterable[_Part]:
    for row in lexicon.rows("ask_words"):
        yield from _at(question, row["word"], row["slot"], row["value"])


def _at(question: str, form: str, kind: str, value: str) -> Iterable[_Part]:
    for match in re.finditer(re.escape(form), question):
        yield _Part(match.start(), match.end(), kind, value)


# --- choosing a question ----------------------------------------------------------------


def _fits(question: str, parts: Sequence[_Part], target: str | Path | Store) -> list[_Fit]:
    """Named questions whose patterns stand in the question, best first."""
    masked = list(question)
    for part in parts:
        if part.kind in _NAMED:
            masked[part.start : part.end] = _MASK * (part.end - part.start)
    rest = "".join(masked)

    @cache  # several questions leave the same words unread, and every look goes through all names
    def in_a_name(words: str) -> bool:
        return run(prologue() + _IN_A_NAME.replace("$words", text(words)), target).truth

    @cache
    def beginning_with(words: str) -> str | None:
        """The name that begins with the words and goes on, if only one does (景区|提升改造)."""
        if len(words) < _SHORTEST_BEGINNING:
            return None
        pattern = "".join(rf"\W*{re.escape(char)}" for char in words)  # 三庙一塔 is “三庙一塔”
        names = _BEGINNING.replace("$beginning", text(f"^{pattern}"))
        labels = [label for _, label in run(prologue() + names, target).rows()]
        return labels[0] if len(labels) == 1 else None

    fits = [fit for item in named() if (fit := _fit(item, rest, parts))]
    found = [
        whole for fit in fits if (whole := _completed(fit, in_a_name, beginning_with)) is not None
    ]
    return sorted(found, key=lambda fit: (-fit.score, fit.named.name))


def _fit(item: Named, rest: str, parts: Sequence[_Part]) -> _Fit | None:
    score, unread = 0.0, list(rest)
    for pattern in item.patterns:
        hits = [hit for hit in re.finditer(pattern, rest) if hit.group()]
        score += _ASKED * min(sum(_length(hit) for hit in hits), _LONGEST)
        _blank(unread, hits)
    if score == 0:
        return None
    for pattern in item.company:
        hits = list(re.finditer(pattern, "".join(unread)))
        score += _BESIDE * sum(len(hit.group()) for hit in hits)
        _blank(unread, hits)
    slots, gain, used = _fill(item, parts)
    for part in used:
        unread[part.start : part.end] = _MASK * (part.end - part.start)
    for part in used:
        _blank_repeated(unread, part)
    content = _content("".join(unread))
    return _Fit(score + gain - _ASKED * len(content), item, slots, content)


def _length(hit: re.Match[str]) -> int:
    """Characters that were matched; a name that stands for itself counts as one."""
    spelled = len(hit.group().replace(_MASK, ""))
    return spelled + (spelled < len(hit.group()))


def _blank_repeated(unread: list[str], part: _Part) -> None:
    """Take the words behind an indicator that only repeat its own as read (就业困难人员|就业)."""
    behind = re.compile(r"\w+").match("".join(unread), part.end)
    if part.kind == "indicator" and behind and _content(behind.group()) in part.value:
        _blank(unread, [behind])


def _blank(characters: list[str], hits: Iterable[re.Match[str]]) -> None:
    for hit in hits:
        characters[hit.start() : hit.end()] = _MASK * len(hit.group())


def _fill(item: Named, parts: Sequence[_Part]) -> tuple[dict[str, str], float, list[_Part]]:
    """The slots that parts of the question fill, and what that is worth."""
    names = {slot.name for slot in item.slots}
    slots: dict[str, str] = {}
    used, gain = [], 0.0
    for part in parts:
        slot = _slot_for(part, names, slots)
        if slot:
            slots[slot] = re.escape(part.value) if part.kind != slot == "word" else part.value
            used.append(part)
            gain += _GAIN.get(part.kind, 1.0)
        elif part.kind in ("name", "area", "indicator"):
            gain -= 2.0
        elif part.kind in ("year", "kind", "verdict"):
            gain -= 1.0
    return slots, gain, used


def _slot_for(part: _Part, names: set[str], slots: dict[str, str]) -> str | None:
    choices = {
        "place": ("place", "name"),
        "area": ("name",),
        "name": ("name", "word"),
    }.get(part.kind, (part.kind,))
    return next((slot for slot in choices if slot in names and slot not in slots), None)


@cache
def _fillers() -> re.Pattern[str]:
    words = sorted(lexicon.words("ask_fillers"), key=lambda word: (-len(word), word))
    some = f"(?:{'|'.join(map(re.escape, words))})+"
    return re.compile(f"^{some}|{some}$")


def _content(unread: str) -> str:
    """What is left of a question without masks, fillers and punctuation.

    Fillers stand inside names too (家 in 张家湾, 上 in 上海): they are taken off the ends only,
    and names of divisions stay whole.
    """
    runs = []
    for run_ in re.findall(r"[\w%]+", unread):
        known = [
            run_[start:end]
            for start in range(len(run_))
            for end in range(start + 2, min(len(run_), start + _DIVISION) + 1)
            if division_level(run_[start:end])
        ]
        runs += known[:1] or [_fillers().sub("", run_)]
    return "".join(runs)
