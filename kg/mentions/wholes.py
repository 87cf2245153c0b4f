"""Names whose head stands only at the end of their list.

北苑、中仓等四家社区医疗中心 gives 北苑 the canonical name 北苑社区医疗中心, and
蓝天、碧水、净土保卫战 gives 蓝天 the name 蓝天保卫战.  A name is completed only where the head
is a noun of its own kind that it lacks: a wrong whole name is worse than a short one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from kg import lexicon
from kg.mentions.words import segment

if TYPE_CHECKING:
    from kg.model import Mention, Report

__all__ = ["whole_names"]

_ETC: Final = re.compile(
    r"等(?:一批)?(?:[0-9一二三四五六七八九十百余多两几]+[个家条座处项所类批栋段宗片]|[0-9一二三四五六七八九十两]+大)?"
    r"(?P<head>[^，。；：、“”（）等\n]{2,16})"
)
_PRAISE: Final = re.compile(
    r"^(?:亿元级?|[十百千]亿级?|重点|重大|主要|产业链|战略性?|标志性|国际性|代表性|系列|在建|外资|国家(?=试点)|传统|特色|品牌|骨干|龙头|知名|优质"
    r"|新型|省级以上|国家级|省级|市级|[一-龥]{0,4}性(?=[一-龥]{2})|大型|优秀|先进|典型|示范性?)+"
)
"""What is said of all members of a list before their head and belongs to no name."""
_JOINTS: Final = frozenset("、和及与")
_LONGEST_HEAD: Final = 10
_COMPLETED: Final = frozenset({"Project", "Zone", "Event", "Policy", "Institution"})
"""Kinds whose names are completed; a title is as it was awarded."""
_FITTING: Final = {
    "Project": frozenset({"Project", "Zone", "Institution"}),
    "Zone": frozenset({"Zone"}),
    "Event": frozenset({"Event"}),
    "Policy": frozenset({"Policy"}),
    "Institution": frozenset({"Institution"}),
}
"""Kinds of nouns that may head a name of a kind: a hospital that is built is a project."""
_CLOSED: Final = re.compile(
    r"[线段路桥站园厂楼心院馆街建修治期城区场道房库网造厅庭家地缆迁店塔港湖河山村镇会展赛坛节日周季奖行社局部办岛巷子仓]$"
    r"|[）”]$|[\dA-Za-z]$|建筑$|总部$|集群$|机组$|升级$|提升$|直达$|广场$|纪念碑$|水库$"
)
"""What ends a name that is whole as it stands."""
_KIND_WORDS: Final = frozenset({"项目", "工程", "活动"})
"""Heads that say no more than the kind."""
_STUMP: Final = 4
"""Characters of a name that may be cut off from its head though it ends like a whole one."""
_EMPTY: Final = frozenset(
    {"会议", "平台", "企业", "公司", "系统", "集团", "机制", "品牌", "措施", "政策", "行动", "要求"}
)
"""Heads that sum up a list rather than name its members."""
_CLAUSE: Final = re.compile(
    r"[的和与及为在]|入驻|签|开工|落户|落地|投产|投用|建成|获批|启动|推进|竣工|完工|签约|纳入|实现|完成|加快|取得|全面"
)
"""Words that a clause goes on with after the head of its subject."""
_NO_END: Final = re.compile(r"规划|合作|改造|连锁|整治|提升|前期|首店|更新")
"""A noun that is followed by one of these is part of another: 战略|合作, 街区|改造."""


def whole_names(report: Report, lists: list[list[Mention]]) -> list[tuple[Mention, ...]]:
    """Complete the members of the lists of each paragraph.

    Args:
        report: its paragraphs are read.
        lists: the names of each paragraph.

    Returns:
        The names of each paragraph in reading order, those completed with ``canonical``.
    """
    return [
        _complete(paragraph.text, mentions)
        for paragraph, mentions in zip(report.paragraphs, lists, strict=True)
    ]


def _complete(text: str, mentions: list[Mention]) -> tuple[Mention, ...]:
    ordered = sorted(mentions, key=lambda mention: (mention.start, -mention.end))
    done: list[Mention] = []
    for members in _lists(text, ordered):
        done += [
            replace(member, canonical=member.text + head) if head else member
            for member, head in zip(members, _heads(text, members), strict=True)
        ]
    # What a name is short for in one list of a paragraph it is short for all over it.
    whole = {(item.kind, item.text): item.canonical for item in reversed(done) if item.canonical}
    return tuple(
        replace(item, canonical=whole.get((item.kind, item.text), item.canonical)) for item in done
    )


def _lists(text: str, ordered: Sequence[Mention]) -> Iterator[list[Mention]]:
    """Runs of names of one kind that are joined by 、 or 和; most are a single name."""
    members: list[Mention] = []
    for name in ordered:
        if members:
            last = members[-1]
            if name.kind == last.kind and text[last.end : name.start] in _JOINTS:
                members.append(name)
                continue
            yield members
        members = [name]
    if members:
        yield members


def _is_open(name: Mention) -> bool:
    """Whether a name lacks a noun that says what it is."""
    return (
        name.kind in _COMPLETED
        and len(name.text) > 1
        and not _CLOSED.search(name.text)
        and not _noun_at_end(name.text)
    )


def _heads(text: str, members: Sequence[Mention]) -> list[str]:
    """What the end of a list gives each of its members; nothing to those whole already."""
    last = members[-1]
    match = _ETC.match(text, last.end)
    if match is None:
        return [_shared(member, last) for member in members]
    head = _first_noun(match["head"], last.kind)
    if not head or head in _EMPTY:
        return [""] * len(members)
    given = [_is_open(member) and head not in member.text for member in members]
    # Beside 柴务, which is no name of a work by itself, 东石桥 is none either.
    stumps = any(given) and head not in _KIND_WORDS
    return [
        head if one or (stumps and len(member.text) <= _STUMP) else ""
        for member, one in zip(members, given, strict=True)
    ]


def _shared(member: Mention, last: Mention) -> str:
    """The noun of the last of a list, for another like it: 蓝天、碧水、净土保卫战."""
    if member is last or not _is_open(member):
        return ""
    noun = _noun_at_end(last.text, member.kind)
    # Only like members share a noun, not 中债金科、三峡集团.
    alike = abs(len(member.text) - (len(last.text) - len(noun))) <= 1
    return noun if alike and noun not in _EMPTY and noun not in member.text else ""


def _noun_at_end(text: str, kind: str = "") -> str:
    """The longest class noun at the end of a name, if it fits the kind.

    >>> _noun_at_end("净土保卫战"), _noun_at_end("净土保卫战", "Event")
    ('保卫战', '')
    """
    fitting = _FITTING.get(kind)
    nouns = (
        noun
        for noun, of in _by_ending().get(text[-2:], ())
        if text.endswith(noun) and (fitting is None or of in fitting)
    )
    return max(nouns, key=len, default="")


def _first_noun(text: str, kind: str) -> str:
    """The noun phrase that heads a list, up to its class noun: 社区医疗中心|投入使用.

    >>> _first_noun("220千伏输变电工程开工建设", "Project")
    '220千伏输变电工程'
    >>> _first_noun("战略性工程纳入国家规划", "Project")
    '工程'
    >>> _first_noun("重点企业改革", "Institution"), _first_noun("品牌连锁超市", "Institution")
    ('', '')
    """
    lead = _PRAISE.match(text)
    text = text[lead.end() :] if lead else text
    clause = _CLAUSE.search(text)
    longest = min(len(text), _LONGEST_HEAD, clause.start() if clause else len(text))
    bounds = set(segment(text).starts.tolist())
    for end in range(longest, 1, -1):
        if end in bounds and _noun_at_end(text[:end], kind) and not _NO_END.match(text, end):
            return text[:end]
    return ""


@cache
def _by_ending() -> dict[str, tuple[tuple[str, str], ...]]:
    """The class nouns with their kinds, by their last two characters."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in lexicon.rows("class_nouns"):
        noun = row["noun"]
        found[noun[-2:]] = (*found.get(noun[-2:], ()), (noun, row["kind"]))
    return found
