"""The place or zone a figure is about, where it is not the report's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kg.model import Mention, Report
from kg.statements.observations import naming
from kg.statements.observations.candidates import Candidate

__all__ = ["Areas"]

_SENTENCE_END: Final = re.compile(r"[。！？!?\n]")
_QUARTER: Final = re.compile(
    r"(?:中心城区|主城区|县城)(?!以上|人口|和|、)(?=[\u4e00-\u9fffA-Z]{2})"
)
_BOUNDED: Final = re.compile(
    r"(?:[省市县区州盟旗镇乡村湖河江海湾港城园岛]|街道|地区|流域|片区|机场|社区)$"
)
"""How an area ends that is no mere shorthand of several (沪苏浙)."""
_LISTED: Final = ("、", "和", "与", "等", "及", "以上", "—", "-")


class Areas:
    """The areas of one paragraph's figures.

    An area stands at the head of the words before the figure, or after the verb that
    opens them; the figures of later clauses keep it while they name no other.
    """

    def __init__(self, text: str, mentions: Sequence[Mention], report: Report) -> None:
        self._text = text
        own = [name for name in (report.place, *report.place_chain) if name]
        self._mentions = [
            mention
            for mention in sorted(mentions, key=lambda item: (item.start, -item.end))
            if (
                mention.kind == "Zone"
                or (mention.kind == "Place" and _BOUNDED.search(mention.text))
            )
            and not any(mention.text in name or mention.name == name for name in own)
        ]
        self._last: tuple[int, str] | None = None

    def of(self, candidate: Candidate) -> tuple[str | None, str]:
        """The area of a candidate, if any, and its indicator without the area."""
        area, name = self._named(candidate)
        opened = self._sentence(candidate.slot.clause_start)
        if area:
            zone = any(m.text == area and m.kind == "Zone" for m in self._mentions)
            self._last = (opened, area) if zone or candidate.inherited else None
        elif self._last is not None and self._last[0] == opened:
            named_here = any(
                candidate.slot.clause_start <= mention.start < candidate.slot.figure.start
                for mention in self._mentions
            )
            if not named_here and (candidate.inherited or candidate.slot.clause_start > opened):
                area = self._last[1]
        return area, name

    def _sentence(self, position: int) -> int:
        return max(
            (mark.end() for mark in _SENTENCE_END.finditer(self._text, 0, position)), default=0
        )

    def _named(self, candidate: Candidate) -> tuple[str | None, str]:
        slot, name = candidate.slot, candidate.indicator
        start, end = slot.clause_start, slot.figure.start
        for mention in self._mentions:
            if mention.start < start or mention.end > end:
                continue
            if self._is_listed(mention) and candidate.rule != "series":
                continue
            if name.startswith(mention.text):
                return mention.text, _without(name, mention.text)
            before = self._text[start : mention.start]
            if mention.text not in name and naming.is_bare_verb(naming.strip_left(before)):
                return mention.text, name
        quarter = _QUARTER.match(name)
        if quarter:
            return quarter[0], name[quarter.end() :]
        return None, name

    def _is_listed(self, mention: Mention) -> bool:
        return self._text.startswith(_LISTED, mention.end) or self._text[: mention.start].endswith(
            ("、", "和", "与")
        )


def _without(name: str, area: str) -> str:
    rest = re.sub(r"^(?:的|内|各|全年|已)+", "", name[len(area) :])
    return rest if len(rest) >= 2 else name
