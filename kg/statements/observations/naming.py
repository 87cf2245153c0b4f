"""The words around a figure → the shortest unambiguous name of what it measures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from kg import lexicon

__all__ = [
    "alternatives",
    "is_attribute",
    "is_bare_verb",
    "join_subject",
    "leading_verb",
    "shortened",
    "strip_left",
    "strip_right",
    "subjects",
    "thing_of",
    "tidy",
    "told_first",
    "with_verb",
    "without_examples",
    "without_verb",
]

_PERIOD_AT_START: Final = re.compile(
    r"(?:到|至|截至|截止|在|从|自)?(?:(?:19|20)\d\d年(?:度|底|末)?(?:\d{1,2}月(?:\d{1,2}日|底|末)?)?|\d{1,2}月(?:份|底|末)?|[上下]半年"
    r"|前?[一二三四]季度|第[一二三四]季度|前三季度|[“\"]?十[一二三四五六]五[”\"]?(?:时期|期间|末|以来)?"
    r"|(?:过去|近|这)?[三四五两]年(?:来|间)|[一两二三四五]年(?=新增|增加|净增)|年底前?|年末|今年以来|今年|去年|上年末?|全年|年内|当年|全年共)(?:以来|起)?[，,]?"
)
_PERIOD_AT_END: Final = re.compile(
    r"(?:(?:到|至|截至|在)?(?:(?:19|20)\d\d年(?:底|末)?|年底|全年|今年|去年|年内)(?:起|以来)?"
    r"|(?<!连续)(?<!提前)[一两二三四五]年(?:来|间|内)?)$"
)
_NUMBER_WORD: Final = re.compile(
    r"^(?:[一二三四五六七八九十]是|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、])"
)
_EDGE: Final = " 　\t、，；：。,;:－—-·"
_DANGLING: Final = re.compile(r"^的(?!士)")
_BALANCE: Final = (("“", "”"), ("（", "）"), ("《", "》"), ("(", ")"), ("［", "］"), ("【", "】"))
_FOOTNOTE: Final = re.compile(r"\^?[\[［〔【]\s*\d{1,3}\s*[\]］〕】]\^?|\s+")
_LISTING: Final = re.compile(r"^(?P<head>.*?)(?:等|等等|以及其他)$")


@cache
def _ending_links() -> re.Pattern[str]:
    words = sorted(lexicon.words("link_words"), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, words))})$")


@cache
def _leads() -> re.Pattern[str]:
    words = sorted(lexicon.words("lead_words"), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


@cache
def _verbs() -> re.Pattern[str]:
    words = sorted(lexicon.words("flow_verbs"), key=len, reverse=True)
    verb = f"(?:{'|'.join(map(re.escape, words))})"
    manner = "(?:累计|新(?!增)|再|共|已|全年|超额|成功|重点|加快|提前|集中|首次)*"
    return re.compile(rf"{manner}{verb}(?:[并和、]?{verb})?了?")


@cache
def _attributes() -> frozenset[str]:
    return frozenset(lexicon.words("attribute_nouns"))


def tidy(words: str) -> str:
    """Without footnote marks, white space, edge marks and unpaired quotes."""
    words = _FOOTNOTE.sub("", words).strip(_EDGE)
    for opening, closing in _BALANCE:
        if words.count(opening) != words.count(closing):
            if words.count(opening) > words.count(closing):
                head, _, tail = words.rpartition(opening)
                words = tail if len(tail) >= len(head) else head
            else:
                head, _, tail = words.partition(closing)
                words = head if len(head) > len(tail) else tail
    return _DANGLING.sub("", words.strip(_EDGE))


def strip_left(words: str) -> str:
    """Without the list number, the period and the adverbs it begins with."""
    previous = None
    while words and words != previous:
        previous = words
        words = _NUMBER_WORD.sub("", words.lstrip(_EDGE))
        match = _PERIOD_AT_START.match(words)
        if match and match.end() <= len(words):
            words = words[match.end() :]
        match = _leads().match(words)
        if match and not _is_word_start(words, match.end()):
            words = words[match.end() :]
    return words


@cache
def _lead_traps() -> re.Pattern[str]:
    """Words that only begin with a lead word (有机, 共享)."""
    return re.compile("|".join(map(re.escape, lexicon.words("lead_traps"))))


def _is_word_start(words: str, end: int) -> bool:
    """Whether the lead word is only the beginning of a longer word (有机 of 有)."""
    match = _lead_traps().match(words)
    return match is not None and match.end() > end


def strip_right(words: str) -> str:
    """Without the linking words it ends with (达到, 超过, 分别 …)."""
    previous = None
    while words and words != previous:
        previous = words
        words = words.rstrip(_EDGE)
        match = _ending_links().search(words)
        if match and not _is_word_end(words, match.start()):
            words = words[: match.start()]
        match = _PERIOD_AT_END.search(words)
        if match:
            words = words[: match.start()]
    return words


@cache
def _link_traps() -> re.Pattern[str]:
    """Words that only end with a linking word (项目, 实际)."""
    return re.compile(f"(?:{'|'.join(map(re.escape, lexicon.words('link_traps')))})$")


def _is_word_end(words: str, start: int) -> bool:
    """Whether the linking word is only the end of a longer word (耕地 of 地)."""
    match = _link_traps().search(words)
    return match is not None and match.start() < start


def leading_verb(words: str) -> str:
    """The flow verb it begins with, or nothing."""
    match = _verbs().match(words)
    return match[0] if match else ""


def is_bare_verb(words: str) -> bool:
    """Whether there is nothing in it but a flow verb."""
    return bool(words) and _verbs().fullmatch(words) is not None


def is_attribute(words: str) -> bool:
    """Whether it names a property that needs its thing before it (总投资, 占比)."""
    return words in _attributes()


_PROCESS: Final = re.compile(
    r"(?:共|已|将|全年|顺利|圆满)?(?:谋划|组织|抓好|加快|统筹)?(?:超额完成|完成好|完成|实施|开展|安排)了?(?:好)?"
    r"(?=[\u4e00-\u9fff“（A-Z\d][^，]{2,})(?!率|投资$|年度|情况|进度|度$|[^，]{0,3}(?:计划|任务)$|建设任务)"
)


def shortened(name: str) -> str:
    """Without a verb that says only that work was done (完成, 实施, 开展)."""
    match = _PROCESS.match(name)
    return name[match.end() :] if match else name


def without_verb(name: str) -> str:
    """The thing of a name without its flow verb, the name if nothing else is left."""
    rest = name[len(leading_verb(name)) :]
    return rest if len(rest) >= 2 else name


def with_verb(verb: str, name: str) -> str:
    """``name`` as an item of a list that ``verb`` opened."""
    if not verb or leading_verb(name) or name.startswith(verb):
        return name
    return verb + name


def join_subject(subject: str, attribute: str) -> str:
    """The property of a thing: 招引落地项目 + 总投资."""
    if not subject or attribute in subject or subject.endswith(attribute):
        return subject or attribute
    if attribute not in _RELATIVE:
        for size in range(min(6, len(subject) - 2), 1, -1):
            if subject[-size:] in _attributes() and subject[-size:] not in _RELATIVE:
                return subject[:-size] + attribute
    return subject + attribute


_RELATIVE: Final = frozenset(
    (
        "增速",
        "增幅",
        "涨幅",
        "增长率",
        "占比",
        "比重",
        "份额",
        "倍差",
        "年均增速",
        "年均增长率",
        "排名",
        "位次",
    )
)
"""Attributes that an attribute can have: 增加值增速."""
_EXAMPLES: Final = re.compile(
    r"(?P<list>[^等]*[、”》][^等]*|[^等]{4,})等(?:各类|一批|重点|多种|系列)*(?P<noun>[^等、]{2,})"
)


def without_examples(name: str) -> str:
    """举办花节、果节等活动 → 举办活动: the class, not its examples."""
    verb = leading_verb(name)
    match = _EXAMPLES.fullmatch(name[len(verb) :])
    if match is None or match["noun"] in _VAGUE:
        return name
    return verb + match["noun"]


_VAGUE: Final = frozenset(
    ("活动", "项目", "工程", "试点示范", "平台", "企业", "产业", "重点项目", "地区", "场所")
)
"""Classes that say too little without an example."""


@cache
def _predicates() -> tuple[re.Pattern[str], frozenset[str]]:
    """What may be told of counted things, and what of it is kept in their name."""
    rows = lexicon.rows("predicates")
    words = sorted((row["predicate"] for row in rows), key=len, reverse=True)
    kept = frozenset(row["predicate"] for row in rows if row["keep"] == "1")
    return (
        re.compile(
            r"(?P<thing>[^，]{2,}?)(?:已|均|都|全部|正式|成功|顺利|相继|陆续|集中|率先|高质量|实现)*"
            rf"(?P<told>(?P<verb>{'|'.join(map(re.escape, words))})(?P<object>.*))"
        ),
        kept,
    )


def thing_of(words: str) -> str:
    """The thing of 孵化园项目二期竣工 without what is told of it."""
    match = _predicates()[0].fullmatch(words)
    return match["thing"] if match else words


def told_first(words: str) -> str:
    """书屋通过市级复核 → 通过市级复核书屋; what tells nothing (加快推进) is left out."""
    pattern, kept = _predicates()
    match = pattern.fullmatch(words)
    if match is None or match["thing"].endswith(("已", "的", "未", "待", "新", "拟", "能", "可")):
        return words
    if match["verb"] not in kept:
        return match["thing"] if not match["object"] else words
    return match["told"] + match["thing"]


_SPLIT: Final = re.compile(
    r"、|(?<![总温调])和(?![谐美平睦])|(?<!参)与(?!会|试验发展)|以及|(?<![惠涉普以波级])及(?!其|时|格|以)"
)
_PAIRS: Final = (
    ("城乡居民", ("城镇居民", "农村居民")),
    ("城乡", ("城镇", "农村")),
    ("存贷款", ("存款", "贷款")),
    ("一二三产业", ("第一产业", "第二产业", "第三产业")),
    ("三次产业", ("第一产业", "第二产业", "第三产业")),
)


def alternatives(name: str) -> tuple[str, ...]:
    """A name that fuses two (城乡居民收入) as the two; one if it does not."""
    for fused, parts in _PAIRS:
        if fused in name:
            return tuple(name.replace(fused, part, 1) for part in parts)
    return (name,)


def _outside_quotes(words: str) -> Iterable[str]:
    pieces, depth, begin = [], 0, 0
    marks = {match.start(): match.end() for match in _SPLIT.finditer(words)}
    for i, char in enumerate(words):
        if char in "“（《(【":
            depth += 1
        elif char in "”）》)】":
            depth = max(0, depth - 1)
        elif i in marks and depth == 0:
            pieces.append(words[begin:i])
            begin = marks[i]
    pieces.append(words[begin:])
    return [piece for piece in (p.strip(_EDGE) for p in pieces) if piece]


def subjects(name: str, count: int | None = None, *, strict: bool = False) -> tuple[str, ...]:
    """The parts of a coordinated name, each with the head it shares.

    Args:
        name: 城镇和农村居民人均可支配收入, 刑事、治安案件.
        count: how many parts are wanted: as many figures as stand with them.
        strict: split only what is surely two indicators (A率、B率), not a thing of two.

    Returns:
        The parts; the name alone if it is not coordinated.
    """
    parts = list(_outside_quotes(name))
    if len(parts) < 2:
        both = alternatives(name)
        return both if len(both) == count or (count is None and not strict) else (name,)
    if count and len(parts) == 2 * count:
        paired = [f"{parts[i]}、{parts[i + 1]}" for i in range(0, len(parts), 2)]
        return tuple(paired)
    if count and len(parts) > count:
        head = parts[: len(parts) - count + 1]
        parts = ["、".join(head), *parts[len(parts) - count + 1 :]]
    last = parts[-1]
    per_unit = _PER_UNIT.match(parts[0])
    if per_unit and all(map(_USED.fullmatch, parts[1:])):
        return (parts[0], *(per_unit[0] + part for part in parts[1:]))
    whole = [_complete(part, last, by_attribute=not strict) for part in parts[:-1]] + [last]
    if strict and not all(len(part) > 3 and part[-1] == last[-1] for part in whole):
        return (name,)
    whole = _with_head(whole)
    verb = leading_verb(whole[0])
    if verb and len(verb) < len(whole[0]):
        whole = [
            with_verb(verb, part) if i and not _SUM.search(part) else part
            for i, part in enumerate(whole)
        ]
    return tuple(whole)


_SUM: Final = re.compile(r"(?:[总综]合?收入|消费额|销售额|总花费)$")
"""What is not received or visited: 接待游客和旅游总收入."""
_PER_UNIT: Final = re.compile(
    "(?:万元|单位)(?:GDP|地区生产总值|国内生产总值|生产总值|工业增加值|规上工业增加值)"
)
_USED: Final = re.compile("(?:综合)?能耗|水耗|电耗|用水量|建设用地|二氧化碳排放量?")
"""What is counted by the unit of output: 万元GDP能耗、水耗、建设用地."""


def _with_head(parts: list[str]) -> list[str]:
    """生产安全事故起数、死亡人数: a bare attribute takes the thing of the first part."""
    first = parts[0]
    for size in range(min(6, len(first) - 2), 1, -1):
        if first[-size:] in _attributes():
            head = first[:-size]
            return [head + part if is_attribute(part) else part for part in parts]
    return parts


def _complete(part: str, last: str, *, by_attribute: bool) -> str:
    """``part`` with the tail it shares with the last part of the coordination."""
    for size in range(min(len(part), len(last) - 1), 0, -1):
        place = last.find(part[-size:])
        if place >= 0:
            return part + last[place + size :]
    if len(part) <= 3 and len(last) >= len(part) + 2:
        return part + last[len(part) :]
    if by_attribute and part[-1] not in "率额值入资量积数比重费价":
        for size in range(min(7, len(last) - 1), 1, -1):
            if last[-size:] in _attributes():
                return part + last[-size:]
    return part
