"""The report's own memory: names found once are looked for everywhere, and are completed."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from kg import lexicon
from kg.mentions import candidates as cd
from kg.mentions.candidates import Candidates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.mentions.finders import View
    from kg.model import Mention, Report

    Floats = NDArray[np.float32]

__all__ = ["recall", "whole_names"]

_SURE = 0.6
_SHORTEST = 2


def recall(candidates: Candidates, confidence: Floats, view: View) -> Candidates:
    """Add the other places where the strings of sure candidates stand in the report."""
    from ahocorasick_rs import AhoCorasick, MatchKind

    sure = np.flatnonzero((confidence > _SURE) & (candidates.end - candidates.start >= _SHORTEST))
    kinds: dict[str, set[int]] = {}
    for number in sure.tolist():
        text = view.text[int(candidates.start[number]) : int(candidates.end[number])]
        kinds.setdefault(text, set()).add(int(candidates.kind[number]))
    if not kinds:
        return candidates
    strings = sorted(kinds)
    automaton = AhoCorasick(strings, matchkind=MatchKind.LeftmostLongest)
    found = [
        (start, end, kind)
        for number, start, end in automaton.find_matches_as_indexes(view.text)
        for kind in kinds[strings[number]]
    ]
    return cd.merge([candidates, cd.from_spans(found, "memory")])


_ETC = re.compile(
    r"等(?:一批)?(?:[0-9一二三四五六七八九十百余多两几]+[个家条座处项所类批栋段宗片]|[0-9一二三四五六七八九十两]+大)?"
    r"(?:亿元级?|百亿级?|重点|重大|主要|产业链)*([^，。；：、“”（）等\n]{2,16})"
)
_JOINTS = frozenset("、和及与")
_COMPLETED = frozenset({"Project", "Zone", "Event", "Policy", "Institution", "Honour"})
_LONGEST_HEAD = 10
_BODY = re.compile(r"(?:政府|人大|政协|公司|集团|银行|法院|[党市县区省]委|[局办部厅会])$")
"""What ends the full name of an institution."""
_GENERIC = frozenset({"项目", "工程", "改造"})
_NO_HEAD = re.compile(
    r"[的和与及为在]|入驻|签|因素|疫情|区域|国家|世界|展会|文化品牌|平台$|行动$|政策$|措施$|.+项目$"
)
_FINISHED = re.compile(r"[线段路桥站园厂楼心院馆街建修治期城区场道房库网造厅庭家地缆迁]$|[）”]$")


def whole_names(report: Report, lists: list[list[Mention]]) -> list[tuple[Mention, ...]]:
    """Complete the members of a list whose head stands only at its end.

    北苑、中仓等四家社区医疗中心 gives 北苑 the canonical name 北苑社区医疗中心, and
    蓝天、碧水、净土保卫战 gives 蓝天 the name 蓝天保卫战.
    """
    return [
        _complete(paragraph.text, mentions)
        for paragraph, mentions in zip(report.paragraphs, lists, strict=True)
    ]


def _complete(text: str, mentions: list[Mention]) -> tuple[Mention, ...]:
    ordered = sorted(mentions, key=lambda mention: (mention.start, -mention.end))
    done: list[Mention] = []
    number = 0
    while number < len(ordered):
        members = _list_from(text, ordered, number)
        for member in members:
            open_end = (
                member.kind in _COMPLETED
                and not _class_noun(member.text)
                and not (member.kind == "Institution" and _BODY.search(member.text))
            )
            head = _head(text, members, member) if open_end else ""
            done.append(replace(member, canonical=member.text + head) if head else member)
        number += len(members)
    # What a name is short for in one list of a paragraph it is short for all over it.
    whole = {(item.kind, item.text): item.canonical for item in reversed(done) if item.canonical}
    return tuple(
        replace(item, canonical=whole.get((item.kind, item.text), item.canonical)) for item in done
    )


def _list_from(text: str, ordered: list[Mention], number: int) -> list[Mention]:
    """The names of one kind that are joined by 、 or 和, from one of them on."""
    members = [ordered[number]]
    for other in ordered[number + 1 :]:
        last = members[-1]
        if other.kind != last.kind or text[last.end : other.start] not in _JOINTS:
            break
        members.append(other)
    return members


def _head(text: str, members: list[Mention], member: Mention) -> str:
    """What the end of a list gives a member that has no class noun of its own."""
    last = members[-1]
    match = _ETC.match(text, last.end)
    if match:
        head = _class_noun(match[1], whole=True)
        if _NO_HEAD.search(head) or (head in _GENERIC and _FINISHED.search(member.text)):
            return ""
        return head
    noun = _class_noun(last.text)
    # Only like members share a noun: 蓝天、碧水、净土保卫战, but not 中债金科、三峡集团.
    alike = abs(len(member.text) - (len(last.text) - len(noun))) <= 1
    return noun if member is not last and noun and alike else ""


def _class_noun(text: str, whole: bool = False) -> str:
    """The class noun at the end of ``text``; of a ``whole`` head all up to its first noun.

    >>> _class_noun("净土保卫战"), _class_noun("220千伏输变电工程开工建设", whole=True)
    ('保卫战', '220千伏输变电工程')
    """
    if whole:
        best = ""
        for end in range(2, min(len(text), _LONGEST_HEAD) + 1):
            if any(text[:end].endswith(noun) for noun in _nouns(text[end - 2 : end])):
                best = text[:end]
        return best
    nouns = [noun for noun in _nouns(text[-2:]) if text.endswith(noun)]
    return max(nouns, key=len, default="")


def _nouns(ending: str) -> tuple[str, ...]:
    return _by_ending().get(ending, ())


@cache
def _by_ending() -> dict[str, tuple[str, ...]]:
    """The class nouns by their last two characters."""
    found: dict[str, tuple[str, ...]] = {}
    for noun in lexicon.words("class_nouns", "noun"):
        found[noun[-2:]] = (*found.get(noun[-2:], ()), noun)
    return found
