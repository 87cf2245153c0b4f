"""How names stand in a paragraph: sentences, clauses and coordinations.

A paragraph of a report is a chain of clauses, and a verb governs every name of the
coordination it stands at.  Milestones and relations both ask where a name stands in
this layout, so it is worked out once a paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kg.model import Mention

__all__ = ["CLAUSE_MARK", "Group", "Layout", "alternation", "lay_out"]

CLAUSE_MARK: Final = re.compile(r"[，。；：！？]")
"""A mark that ends a clause, for quotes that run up to it."""

_SENTENCE_END: Final = re.compile(r"[。；！？;!?\n]")
_CLAUSE_END: Final = re.compile(r"[，：。；！？;!?\n,:]|——")
_TIGHT: Final = re.compile(r"[“”\"《》\s]*(?:、|和|与|及|以及|暨|或)[“”\"《》\s]*|[”》]\s*[“《]")
_LOOSE: Final = re.compile(r"[^，。；！？：\n]{0,24}?(?:、|和|与|及|以及)[^，。；！？：\n]{0,12}")
_FUSED: Final = frozenset({"", "“", "的", "的“", " "})
_BARS: Final = re.compile(r"[，。；！？：\n]")


@dataclass(frozen=True, slots=True)
class Group:
    """Names side by side in one coordination.

    Attributes:
        start: where the first name begins.
        end: where the last name ends.
        members: places of the names in the paragraph's mentions.
    """

    start: int
    end: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of one paragraph.

    Attributes:
        text: the paragraph's text.
        mentions: its names, by place, without those inside another one.
        sentences: where each sentence begins; the last entry is the length of the text.
        clauses: where each clause begins, likewise.
        chains: for each name the names that stand right before it as where it is
            (北京市, 通州区 before a project), outermost first.
        tight: for each name its group of names with nothing but 、 or 和 between.
        loose: for each name its group, with other words allowed between.
    """

    text: str
    mentions: tuple[Mention, ...]
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]
    chains: tuple[tuple[int, ...], ...]
    tight: tuple[Group, ...]
    loose: tuple[Group, ...]

    def sentence(self, position: int) -> tuple[int, int]:
        """The bounds of the sentence at ``position``."""
        return _bounds(self.sentences, position)

    def clause(self, position: int) -> tuple[int, int]:
        """The bounds of the clause at ``position``, its closing mark included."""
        return _bounds(self.clauses, position)


def lay_out(text: str, mentions: Sequence[Mention]) -> Layout:
    """Work out the layout of a paragraph.

    Args:
        text: the paragraph.
        mentions: its names; where they nest the outer one is kept.
    """
    names = outermost(mentions)
    chains = _chains(text, names)
    return Layout(
        text=text,
        mentions=names,
        sentences=_starts(_SENTENCE_END, text, names),
        clauses=_starts(_CLAUSE_END, text, names),
        chains=chains,
        tight=_groups(text, names, chains, tight=True),
        loose=_groups(text, names, chains, tight=False),
    )


def outermost(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mentions by place; where two overlap the longer one."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda item: (item.start, -item.end)):
        if mention.start >= mention.end:
            continue
        if kept and mention.start < kept[-1].end:
            if mention.end - mention.start > kept[-1].end - kept[-1].start:
                kept[-1] = mention
            continue
        kept.append(mention)
    return tuple(kept)


def alternation(words: Sequence[str]) -> re.Pattern[str]:
    """A pattern that finds the longest of many words, quickly.

    Words are gathered by first character, so that a place in the text is held against
    few of them.
    """
    by_first: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda item: (-len(item), item)):
        by_first.setdefault(word[0], []).append(re.escape(word[1:]))
    return re.compile(
        "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items())
    )


def _bounds(starts: tuple[int, ...], position: int) -> tuple[int, int]:
    place = min(bisect_right(starts, position), len(starts) - 1)
    return starts[place - 1], starts[place]


def _starts(end: re.Pattern[str], text: str, names: Sequence[Mention]) -> tuple[int, ...]:
    """Beginnings of the parts that ``end`` closes; a mark inside a name closes nothing."""
    begins = [name.start for name in names]
    starts = [0]
    for match in end.finditer(text):
        place = bisect_right(begins, match.start()) - 1
        if place >= 0 and match.start() < names[place].end:
            continue
        if match.end() < len(text):
            starts.append(match.end())
    starts.append(len(text))
    return tuple(starts)


def _chains(text: str, names: Sequence[Mention]) -> tuple[tuple[int, ...], ...]:
    chains: list[tuple[int, ...]] = []
    for place, name in enumerate(names):
        before = names[place - 1] if place else None
        if (
            before is not None
            and before.kind in ("Place", "Zone")
            and text[before.end : name.start] in _FUSED
        ):
            chains.append((*chains[place - 1], place - 1))
        else:
            chains.append(())
    return tuple(chains)


def _groups(
    text: str, names: Sequence[Mention], chains: Sequence[tuple[int, ...]], *, tight: bool
) -> tuple[Group, ...]:
    """Coordinations of the last names of chains; a name before them is a group of its own."""
    prefixes = {place for chain in chains for place in chain}
    runs: list[list[int]] = []
    for place in range(len(names)):
        if place in prefixes:
            continue
        begin = names[chains[place][0]].start if chains[place] else names[place].start
        if runs and _joined(text[names[runs[-1][-1]].end : begin], tight=tight):
            runs[-1].append(place)
        else:
            runs.append([place])
    groups: dict[int, Group] = {
        place: Group(names[place].start, names[place].end, (place,)) for place in prefixes
    }
    for run in runs:
        head = chains[run[0]]
        start = names[head[0]].start if head else names[run[0]].start
        group = Group(start, names[run[-1]].end, tuple(run))
        groups.update(dict.fromkeys(run, group))
    return tuple(groups[place] for place in range(len(names)))


def _joined(gap: str, *, tight: bool) -> bool:
    if tight:
        return _TIGHT.fullmatch(gap) is not None
    return len(gap) <= 36 and _BARS.search(gap) is None and _LOOSE.fullmatch(gap) is not None
