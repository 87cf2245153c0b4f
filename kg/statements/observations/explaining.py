"""Why each number of a paragraph stands there; what remains is unexplained, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from kg.model import Mention, Observation, Paragraph
from kg.statements import periods
from kg.statements.observations import figures
from kg.statements.quantities import Quantity
from kg.statements.units import unit_kind

__all__ = ["LEFT", "REASONS", "Unexplained", "explain", "unexplained"]

REASONS: Final = (
    "observation",
    "name",
    "date",
    "ordinal",
    "footnote",
    "list",
    "code",
    "qualifier",
    "slogan",
    "sum",
    "wording",
    "",
)
"""What may explain a number; the empty string if nothing does."""

LEFT: Final = {
    "list": "sums up in Chinese numerals what is named or quoted beside it",
    "count": "another count in Chinese numerals: a fact in one report, a phrase in the next",
    "grade": "a grade, such as Ⅲ类 of water, that was not taken for a figure",
    "duration": "a stretch of time that was not taken for a figure",
    "figure": "a figure whose name or reading was too unsure",
}
"""Why a number that nothing explains was left; only the last may be a figure that is missed."""

_NUMBERED_BODY: Final = re.compile(
    r"[十二三四五六七八九]*[一二三四五六七八九十](?:届|大(?=[精召胜以报、和闭会]|$)|次(?=全|会|党|人))"
)
_ONE: Final = re.compile(
    r"(?<![十百])一(?:批|次|个|轮|年|期|条|套|张|种|份|座|大|名|位|场|项|家|户|件|片|支|所|处|类|届|天|段|块|门|面|本|台|层|级|例|道|组|部|头|口|起|栋|人|亩)"
)
_DURATION: Final = re.compile(
    r"[一二两三四五六七八九十百]+(?:个)?(?:多)?(?:年|月|季度|天|周|小时|分钟)|百年|千年"
)
_PHASE: Final = re.compile(r"[一二三四五六七八九十]+(?:期|轮|批(?:次)?|级|类|线|区|带)")
_OWN_POINTS: Final = re.compile(
    r"(?:方面|方向|关键点|关系|办法|路子|动力|转变|渠道|要求|原则|环节|维度|层面|抓手)"
)
"""What a text counts of its own points: 做好七个方面."""
_POINTS: Final = 20
"""A text does not make more points than this."""
_BELOW: Final = re.compile(r"(?:以下|下列|如下)$")
_SECTORS: Final = re.compile(r"三次产业")
_MEASURES: Final = re.compile(r"[二三四五六七八九]?十[一二三四五六七八九]?条(?=[、，。；：”])")
"""Measures that go by their number: 新十条, 二十条."""
_REACH: Final = re.compile(
    r"的|新高|最|再|首次|以来|来|间|里|之|左右的|工作|(?:伟大)?(?:变革|历程)|过渡期"
    r"|一遇|如一日|未|通关|过境|开放|不打烊|随身|昼夜|到达"
    r"|[\u4e00-\u9fff]{0,6}?(?:圈|带|半径)"
)
"""After a stretch of time that measures nothing: 15分钟健身圈, 时隔9年再次, 24小时通关."""
_ADDRESSED: Final = re.compile(
    r"[\u4e00-\u9fff]{0,6}?(?:人民|儿女|父老|各族群众|干部群众|党员干部)(?![币生医团])"
)
"""After a number of people who are addressed, not counted: 全市300万人民."""
_ROUND_MARK: Final = re.compile(r"元?(?:大关|台阶|关口|门槛|俱乐部)")
"""After a round number that is passed; the exact figure stands beside it."""
_SET_PHRASE: Final = re.compile(
    r"[三四五六]位一体|千头万绪|万家(?=[忧难灯团欢])|两个市场|两种资源|百分之百(?=[、地落兑])"
)
_QUOTED: Final = re.compile(r"[三四五六七八九十]+个“")
"""Numerals of a slogan whose words are quoted after them: 四个“必须坚持”."""
_OFTEN: Final = re.compile(r"(?:[两三四五六七八九]|十)次(?=[获优降莅亲荣入召调进到赴来对登被上])")
"""How often a thing was done, before the verb: 两次优化调整政策."""
_IDIOM: Final = re.compile(r"千方|百计|万户|千家|百舸|千帆|千钧|万众|万象|万千|千年|百年|百姓")


def explain(
    paragraph: Paragraph, mentions: Sequence[Mention], observations: Sequence[Observation]
) -> list[tuple[int, int, str]]:
    """Start, end and reason of every number expression of a paragraph.

    Args:
        paragraph: the paragraph.
        mentions: its names; a number inside one belongs to it.
        observations: what was found in it.
    """
    text = paragraph.text
    found = figures.find(text, mentions)
    noted = [(item.number_start, item.number_end) for item in observations]
    dates = [(item.start, item.end) for item in periods.find(text, default_year=2000)]
    ranked = [(figure.start, figure.end) for figure in found.figures if figure.kind == "rank"]
    explained = []
    for number in found.numbers:
        reason = _reason(text, number, noted, dates, ranked, mentions, found)
        explained.append((number.number_start, number.number_end, reason))
    return explained


class Unexplained(NamedTuple):
    """A number that nothing explains, and which of :data:`LEFT` it is."""

    start: int
    end: int
    why: str


def unexplained(
    paragraph: Paragraph, mentions: Sequence[Mention], observations: Sequence[Observation]
) -> tuple[Unexplained, ...]:
    """The numbers of a paragraph that :func:`explain` has no reason for."""
    numbers = {
        (number.number_start, number.number_end): number
        for number in figures.find(paragraph.text, mentions).numbers
    }
    return tuple(
        Unexplained(start, end, _left(paragraph.text, numbers[start, end]))
        for start, end, reason in explain(paragraph, mentions, observations)
        if not reason
    )


_NAMED_BEFORE: Final = re.compile(r"”$|[、和与及][^，。；：、]{1,14}$")


def _left(text: str, number: Quantity) -> str:
    """Which of :data:`LEFT` a number without a reason is."""
    kind = unit_kind(number.unit)
    if text[number.number_start] in "ⅠⅡⅢⅣⅤ":
        return "grade"
    if number.chinese and kind in ("count", "persons", "none") and number.kind == "amount":
        quoted = text.startswith("“", number.end)
        return "list" if quoted or _NAMED_BEFORE.search(text[: number.start]) else "count"
    return "duration" if kind == "time" else "figure"


def _reason(
    text: str,
    number: Quantity,
    noted: Sequence[tuple[int, int]],
    dates: Sequence[tuple[int, int]],
    ranked: Sequence[tuple[int, int]],
    mentions: Sequence[Mention],
    found: figures.Found,
) -> str:
    start, end = number.number_start, number.number_end
    if _touches(start, end, noted) or _touches(start, end, ranked):
        return "observation"
    if any(m.start <= start and end <= m.end for m in mentions) or number in found.named:
        return "name"
    if not number.is_quantity:
        return number.kind
    if number in found.qualifiers:
        return "qualifier"
    if _touches(start, end, dates):
        return "date"
    return _wording(text, number)


def _touches(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < last and first < end for first, last in spans)


def _wording(text: str, number: Quantity) -> str:
    """Numerals that count nothing: 一批, 十九届, 两个维护, 三年行动."""
    start, end = number.number_start, number.number_end
    if _in_quotes(text, start):
        return "slogan"
    if unit_kind(number.unit) == "time" and _REACH.match(text, number.end):
        return "qualifier"
    if _ADDRESSED.match(text, end):
        return "qualifier"
    if _ROUND_MARK.match(text, number.unit_start):
        return "wording"
    if not number.unit and number.value < _POINTS and _OWN_POINTS.match(text, number.end):
        return "wording"
    if not number.chinese:
        return ""
    if _QUOTED.match(text, start):
        return "slogan"
    if _SET_PHRASE.match(text, start) or _OFTEN.match(text, start):
        return "wording"
    if _sums_up(text, number):
        return "sum"
    if _OWN_POINTS.match(text, number.end) or _BELOW.search(text[:start]):
        return "wording"
    if _MEASURES.match(text, start):
        return "name"
    if _NUMBERED_BODY.match(text, start):
        return "ordinal"
    word = text[start:end]
    if _ONE.match(text, start) or _SECTORS.match(text, start) or _IDIOM.match(word):
        return "wording"
    if _PHASE.fullmatch(word):
        return "ordinal"
    if _DURATION.fullmatch(word):
        return "wording"
    if number.kind == "double" or word.endswith(("大", "大类")):
        return "wording"
    return ""


_CLAUSE: Final = re.compile(r"[，。；：！？,;\n]")
_MEMBERS: Final = re.compile(r"、|(?<=”)(?=“)|和|与|及")


def _sums_up(text: str, number: Quantity) -> bool:
    """Whether it counts the members of the list it closes: 产业、就业两个关键."""
    if unit_kind(number.unit) != "count" or number.bound != "exact" or number.value < 2:
        return False
    start = 0
    for mark in _CLAUSE.finditer(text, 0, number.start):
        start = mark.end()
    members = _MEMBERS.split(text[start : number.start])
    return len(members) == number.value and all(member.strip() for member in members)


def _in_quotes(text: str, start: int) -> bool:
    before = text[max(0, start - 30) : start]
    # Only the nearest marks count: the far ones may have lost their partners.
    return any(before.rfind(mark) > before.rfind(close) for mark, close in ("“”", "《》"))
