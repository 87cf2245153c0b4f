"""Pairs of a name and a stage cue that may be a milestone, and what is seen of them.

High recall is the aim here: each name of a kind that has a life cycle is paired with the
cues before and after it in its sentence.  Which pairs state something is decided by a
learned scorer (:mod:`kg.statements.linear`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from kg import lexicon
from kg.model import Mention, Part
from kg.statements.layout import Layout, alternation

__all__ = ["Candidate", "Cue", "candidates", "cues"]

KINDS: Final = frozenset({"Project", "Zone", "Institution"})
_REACH: Final = 90
_BEFORE: Final = 4
_AFTER: Final = 5
_WEAK: Final = frozenset({"建设", "改造", "发展", "升级", "提升", "治理", "整治", "更新", "开发"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A stage cue in the text: ``text[start:end] == word``."""

    start: int
    end: int
    word: str
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name, a cue and the stage it may tell of."""

    mention: Mention
    cue: Cue
    stage: str
    features: tuple[str, ...]
    anchor: int
    """Where the cue's clause tells its time."""
    span: tuple[int, int]
    """The bounds of the quote."""
    same_clause: bool
    """Whether the cue stands in the clause of the name's coordination."""


def cues(layout: Layout) -> tuple[Cue, ...]:
    """All stage cues outside names, longest first where they overlap."""
    table, pattern = _table()
    begins = [name.start for name in layout.mentions]
    found = []
    position = 0
    while match := pattern.search(layout.text, position):
        place = bisect_left(begins, match.end()) - 1
        if place >= 0 and match.start() < layout.mentions[place].end:
            position = max(layout.mentions[place].end, match.start() + 1)
            continue
        cue = Cue(match.start(), match.end(), match.group(), table[match.group()])
        share = _SHARE.match(layout.text, cue.end)
        if share is not None and cue.word.endswith(_DONE):
            cue = Cue(cue.start, share.end(), _PARTLY, ("under-construction",))
        found.append(cue)
        position = cue.end
    return tuple(found)


def candidates(layout: Layout, part: Part) -> tuple[Candidate, ...]:
    """All pairs worth a decision, in reading order."""
    found = cues(layout)
    starts = [cue.start for cue in found]
    pairs: list[Candidate] = []
    for place, mention in enumerate(layout.mentions):
        if mention.kind not in KINDS:
            continue
        loose = layout.loose[place]
        low, high = layout.sentence(mention.start)
        first = bisect_left(starts, max(low, loose.start - _REACH))
        here = bisect_left(starts, mention.start)
        last = bisect_left(starts, min(high, loose.end + _REACH))
        before = [cue for cue in found[first:here] if cue.end <= mention.start][-_BEFORE:]
        after = found[here:last][:_AFTER]
        context = _Context(layout, place, mention, part, before, after)
        for rank, cue in enumerate(reversed(before)):
            pairs.extend(context.pairs(cue, rank, "b"))
        for rank, cue in enumerate(after):
            pairs.extend(context.pairs(cue, rank, "a"))
    return tuple(pairs)


@cache
def _table() -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    table = {row["cue"]: tuple(row["stages"].split(",")) for row in lexicon.rows("stage_cues")}
    return table, alternation(tuple(table))


@dataclass(slots=True)
class _Context:
    """What is seen of a name, whatever the cue."""

    layout: Layout
    place: int
    mention: Mention
    part: Part
    before: Sequence[Cue]
    after: Sequence[Cue]
    clause: tuple[int, int] = (0, 0)
    own: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        text, mention = self.layout.text, self.mention
        loose, tight = self.layout.loose[self.place], self.layout.tight[self.place]
        self.clause = low, high = self.layout.clause(mention.start)
        stages = {cue.word: cue.stages[0][:4] for cue in (*self.before, *self.after)}
        before = [cue.word for cue in self.before if cue.start >= low]
        after = [cue.word for cue in self.after if cue.end <= high]
        strong = [word for word in after if word not in _WEAK]
        kind = mention.kind[:2]
        head = _squash(text[max(low, loose.start - 12) : loose.start])
        tail = _tail(text[tight.end : high])
        self.own = [
            f"k{kind}",
            f"x{mention.text[-2:]}",
            f"p{self.part[0]}",
            f"b{before[-1] if before else '-'}",
            f"a{after[0] if after else '-'}",
            f"A{strong[0] if strong else '-'}",
            f"ba{before[-1] if before else '-'}{(strong or after or ['-'])[0]}",
            f"aS{stages[strong[0]] if strong else '-'}",
            f"bS{stages[before[-1]] if before else '-'}",
            f"aSbS{stages[strong[0]] if strong else '-'}{stages[before[-1]] if before else '-'}",
            f"t{tail}",
            f"h{head[-2:] or '^'}",
            f"n{min(len(loose.members), 4)}",
            f"f{loose.start - low < 3}",
            f"l{min(len(mention.text), 12) // 3}",
            f"!sure{min(int(mention.score * 5), 4)}",
        ]

    def pairs(self, cue: Cue, rank: int, side: str) -> list[Candidate]:
        """One candidate for each stage of the cue."""
        text = self.layout.text
        group = self.layout.loose[self.place]
        if side == "b":
            gap_start, gap_end = cue.end, group.start
        else:
            gap_start, gap_end = group.end, cue.start
        gap = text[gap_start:gap_end] if gap_start < gap_end else ""
        between = [
            other.word
            for other in (self.before if side == "b" else self.after)
            if (other.start > cue.start if side == "b" else other.start < cue.start)
        ]
        names = _names_between(self.layout, gap_start, gap_end)
        commas = len(_COMMA.findall(gap))
        low, high = self.layout.clause(cue.start)
        inside = gap_start > gap_end
        where = f"{side}{'i' if inside else min(commas, 3)}{min(names, 2)}"
        left = _squash(text[max(low, cue.start - 2) : cue.start])
        right = _squash(text[cue.end : min(high, cue.end + 2)])
        seen = [
            f"w{where}",
            f"q{cue.word}",
            f"qw{cue.word}{side}{min(commas, 1)}",
            f"r{side}{rank}",
            f"d{side}{_bucket(len(gap))}",
            f"c{side}{min(len(between), 3)}",
            f"i{side}{between[-1] if between and side == 'a' else between[0] if between else '-'}",
            f"wr{where}{rank}{min(len(between), 2)}",
            f"L{left or '^'}",
            f"R{right or '$'}",
            f"g{_squash(gap)[:3] if side == 'a' else _squash(gap)[-3:]}",
            f"G{side}{_shape(gap)}",
            f"qr{cue.word}{side}{rank}",
            f"solo{len(cue.stages)}{side}",
            f"!{side}{int(inside or not commas)}{min(rank, 2)}",
            *(f"u{part}{side}" for part in _parts(cue.word)),
        ]
        plain = [
            *seen,
            *(f"q{cue.word}{side}|{item}" for item in self.own),
            *(f"w{where}|{item}" for item in self.own),
        ]
        made = []
        for stage in cue.stages:
            features = [f"{stage[:3]}|{item}" for item in (*seen, *self.own)]
            features += plain
            made.append(
                Candidate(
                    mention=self.mention,
                    cue=cue,
                    stage=stage,
                    features=tuple(features),
                    anchor=cue.start,
                    span=(min(cue.start, group.start), max(cue.end, group.end)),
                    same_clause=not commas,
                )
            )
        return made


_SHARE = re.compile(
    r"(?:率?达到?|了|约|近|超)?\s*"
    r"(?:\d+(?:\.\d+)?\s*[%％]|[二三四五六七八九十]分之[一二三四五六七八九])"
)
_DONE = ("完成", "完工", "建成", "竣工", "进度")
_PARTLY = "完成%"
_COMMA = re.compile(r"[，：]")
_DIGITS = re.compile(r"[0-9０-９.]+")
_NOUN = re.compile(
    r"项目|工程|设施|平台|园区|片区|道路|公路|高速|铁路|线路|学校|医院|企业|机构|水库|段"
    r"|路网|通道|基地"
)


@cache
def _parts(word: str) -> tuple[str, ...]:
    """The shorter cues in a cue: 完成 and 注册 in 完成注册."""
    table, _ = _table()
    found = {word[-2:], word[:2]}
    for start in range(len(word)):
        found.update(
            word[start:end] for end in range(start + 2, len(word) + 1) if word[start:end] in table
        )
    return tuple(sorted(found))


def _squash(text: str) -> str:
    return _DIGITS.sub("0", text.replace(" ", ""))


def _bucket(length: int) -> int:
    return min(length.bit_length() * 2 + (length & 1 if length < 4 else 0), 14)


def _tail(text: str) -> str:
    squashed = _squash(text[:14])
    if squashed.startswith("等"):
        noun = _NOUN.search(squashed)
        return "等" + (noun.group() if noun else "")
    return squashed[:2]


def _shape(gap: str) -> str:
    noun = _NOUN.search(gap)
    return (
        ("等" if gap.startswith("等") else "")
        + (noun.group() if noun else "")
        + ("建设" if "建设" in gap else "")
        + ("、" if "、" in gap else "")
        + ("的" if "的" in gap else "")
    )


def _names_between(layout: Layout, start: int, end: int) -> int:
    return sum(1 for name in layout.mentions if start <= name.start and name.end <= end)
