"""What of a name tells things apart, and what is only a way of writing it.

:func:`parse` reduces a name step by step.  Two names that become equal at some step are
the same but for what that step took away; the step's name is the reason for the merge.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from kg.lexicon import rows, words

__all__ = [
    "STEPS",
    "Name",
    "hanzi_number",
    "is_generic",
    "is_soft",
    "line_alias",
    "parse",
    "plain",
    "rarity",
    "without_light",
    "without_note",
]

STEPS: Final = ("spelling", "brackets", "year", "numerals", "synonyms", "tail", "class")
"""The reductions in order; each is a reason why two names can be one."""

_QUOTES = str.maketrans("", "", "“”‘’\"'「」『』《》〈〉·•・*")
_DASHES = re.compile(r"[—–―─－\-~～]+")
_YEAR = re.compile(r"^(?:19|20)\d\d(?:年度?)?(?=\D)")
_BRACKET = re.compile(r"\(([^()]*)\)")
_HOSPITAL = re.compile(r"(?:附属?)?(\d+)(?:人民)?医院")
_SUN_YAT_SEN = re.compile(r"中山(?=\d+院)")
_SECTION = re.compile(r"(?<=[一-鿿]{2})[区县市]段")
_RAIL_PART = re.compile(r"高铁(?:站|城|新城|新区|片区|小镇|枢纽|总部|门户|东|西|南|北)|^高铁")
_HANZI_PAIR = re.compile(r"^[一-鿿]{2}$")
_PART = re.compile(r"[\d一二三四五六七八九十首]|[段期区部园院馆校楼厂线路县市省镇乡村]$")
_QUOTED = re.compile(
    r"^“([^“”]{3,})”(?:景区|政策|措施|工程|项目|机制|行动|平台|工作|活动|制度|模式|试点|改革|计划)$"
)
_DROPPED_BRACKET = re.compile(
    r"^(?:暂定名?|暂名|筹|筹建|在建|拟|名称待定|试行|草案|下称.*|简称.*|以下.*)$"
)
_DIGITS: Final = "一二三四五六七八九"
_NUMERAL = "[一二三四五六七八九十百]+"
_ORDINAL = re.compile(
    rf"(?<=第){_NUMERAL}|{_NUMERAL}(?=(?:[、和至]{_NUMERAL})*"
    r"(?:期|号|批|次(?=会议|全体|全会|党代)|阶段|标段|环(?!境|保|节|卫)|轮|届|中(?=学|$|校)"
    r"|高(?=级|中|$)|小(?=学|$)|初(?=中|$)|院|医院))"
)
_PHASE = re.compile(r"第?(\d+(?:[、和至]\d+)*)(期|批次?|阶段|标段)(?:工程|项目)?")
_DI = re.compile(r"第(?=\d)")
_LINE = re.compile(
    r"(?:城市)?(?:轨道交通|地铁|轨道|轻轨)(?=\d+号)|(?<=环)路"
    r"|(?<=[一-鿿]{2})(?<!高速)公(?=路(?:$|[^一-鿿]|改|项|工|建))"
)
_LINE_ALIAS = re.compile(r"^(.*\d+号线)\(([一-鿿]{1,4}线)\)")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    Attributes:
        text: as it was written.
        steps: the name after each of :data:`STEPS`.
        phases: the phases, batches and sections it speaks of (``("2期",)``); they tell
            things apart and stand no longer in ``core``.
        core: the name after the last step, without phases.
        year: the year it begins with, or ``""``.
    """

    text: str
    steps: tuple[str, ...]
    phases: tuple[str, ...]
    core: str
    year: str = ""


@lru_cache(maxsize=1 << 18)
def plain(name: str) -> str:
    """One spelling for widths, spaces, quotes and dashes.

    >>> plain("地铁 22 号线（平谷线）")
    '地铁22号线(平谷线)'
    """
    text = unicodedata.normalize("NFKC", name).translate(_QUOTES)
    return _DASHES.sub("-", "".join(text.split())).strip("-、，,。；;：:")


def hanzi_number(text: str) -> int | None:
    """The value of a number up to 999 written in characters, ``None`` if it is none.

    >>> hanzi_number("二十二")
    22
    """
    total, current = 0, 0
    for char in text:
        if char in _DIGITS:
            current = _DIGITS.index(char) + 1
        elif char == "十":
            total, current = total + (current or 1) * 10, 0
        elif char == "百" and current:
            total, current = total + current * 100, 0
        else:
            return None
    return total + current or None


@lru_cache(maxsize=1 << 18)
def parse(text: str) -> Name:
    """Take a name apart; the result depends on the text alone."""
    spelling = plain(text)
    brackets = _open_brackets(_LINE_ALIAS.sub(r"\1", spelling))
    year = _YEAR.match(brackets)
    undated = brackets[year.end() :] if year else brackets
    if len(undated) < 2:
        undated, year = brackets, None
    numerals = _DI.sub("", _ORDINAL.sub(_as_digits, undated))
    synonyms = _variants().sub(lambda match: _variant(match[0]), _LINE.sub("", numerals))
    synonyms = _rails(
        _SECTION.sub("段", _SUN_YAT_SEN.sub("中大", _HOSPITAL.sub(r"\1院", synonyms)))
    )
    core, phases = _phases(synonyms)
    core = _without_tail(core)
    if phases and core.endswith("扩建") and len(core) > 4:
        core = core[:-2]
    mark = "".join(f"[{phase}]" for phase in phases)
    quoted = _QUOTED.match(text)
    name = plain(quoted[1]) if quoted else core
    return Name(
        text=text,
        steps=(spelling, brackets, undated, numerals, synonyms, core + mark, name + mark),
        phases=phases,
        core=core,
        year=year[0][:4] if year else "",
    )


@lru_cache(maxsize=1 << 17)
def is_generic(core: str) -> bool:
    """Whether a name is made only of words that many things are called by."""
    return not _generic().sub("", re.sub(r"[\d\W东西南北中新老大小]", "", core))


@lru_cache(maxsize=1 << 17)
def rarity(core: str) -> int:
    """How many pairs of neighbouring characters are uncommon in names of things.

    >>> rarity("体育中心"), rarity("黄木岗交通枢纽") > 1
    (0, True)
    """
    common = _common()
    pairs = (core[place : place + 2] for place in range(len(core) - 1))
    return sum(1 for pair in pairs if pair not in common and _HANZI_PAIR.match(pair))


def line_alias(text: str) -> str | None:
    """The other name of a numbered line, if its name carries one.

    >>> line_alias("地铁 22 号线（平谷线）")
    '平谷线'
    """
    match = _LINE_ALIAS.match(plain(text))
    return match[2] if match else None


def without_note(text: str) -> str | None:
    """The core of a name without a note in brackets; ``None`` if the brackets tell a part.

    >>> without_note("S248县城改线（大南环）")
    'S248县城改线'
    """
    spelling = plain(text)
    notes = _BRACKET.findall(spelling)
    if not notes or any(_PART.search(note) for note in notes):
        return None
    return parse(_BRACKET.sub("", spelling)).core


def is_soft(words_: str) -> bool:
    """Whether a run is made of words that may be left out of a longer name."""
    return not _soft().sub("", words_)


def without_light(core: str) -> str:
    """The name without the words that come and go (``综合``, ``运营``); never empty."""
    return _light().sub("", core) or core


def _rails(text: str) -> str:
    if "高铁" in text and text[: text.index("高铁")][-2:] not in words("rail_pairs"):
        return text.replace("高铁", "铁路") if not _RAIL_PART.search(text) else text
    return text


def _open_brackets(text: str) -> str:
    return _BRACKET.sub(lambda m: "" if _DROPPED_BRACKET.match(m[1]) else m[1], text)


def _as_digits(match: re.Match[str]) -> str:
    value = hanzi_number(match[0])
    return match[0] if value is None else str(value)


def _phases(text: str) -> tuple[str, tuple[str, ...]]:
    found: list[str] = []

    def note(match: re.Match[str]) -> str:
        unit = match[2][:1] if match[2] != "标段" else "标段"
        found.extend(number + unit for number in re.split("[、和至]", match[1]))
        return ""

    rest = _PHASE.sub(note, text)
    return (rest, tuple(sorted(found))) if len(rest) >= 2 else (text, ())


def _without_tail(core: str) -> str:
    changed = True
    while changed:
        changed = False
        for tail in _tails():
            if core.endswith(tail) and len(core) - len(tail) >= 2:
                core, changed = core[: -len(tail)], True
                break
    return core


@cache
def _common() -> frozenset[str]:
    return frozenset(words("common_bigrams"))


@cache
def _tails() -> tuple[str, ...]:
    return tuple(sorted(words("name_tails"), key=lambda word: (-len(word), word)))


@cache
def _variant_table() -> dict[str, str]:
    return {row["variant"]: row["normal"] for row in rows("name_variants")}


def _variant(text: str) -> str:
    return _variant_table()[text]


@cache
def _variants() -> re.Pattern[str]:
    return _alternation(tuple(_variant_table()))


@cache
def _generic() -> re.Pattern[str]:
    return _alternation(words("name_generic"))


@cache
def _soft() -> re.Pattern[str]:
    return _alternation((*words("name_soft"), *words("name_light")))


@cache
def _light() -> re.Pattern[str]:
    return _alternation(words("name_light"))


def _alternation(choices: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(choices, key=lambda w: (-len(w), w)))))
