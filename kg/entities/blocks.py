"""What the reports of one place say, by themselves: a pure function of these reports.

Things whose identity is their name are told at once; other names are grouped within the
place.  What other places say never changes a block, so it can be kept and used again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.entities.clusters import cluster
from kg.entities.decisions import Links
from kg.entities.drafts import Draft, Drafts
from kg.entities.groups import Item
from kg.entities.indicators import canonical
from kg.entities.kinds import better_kinds
from kg.entities.meeting import Group
from kg.entities.model import MentionRef, Where
from kg.entities.names import is_generic, parse, plain
from kg.entities.owners import Home, national_name, owner, regions, resolve_place
from kg.model import Extraction

__all__ = ["Block", "block", "by_home"]

_PHASE_ONLY = re.compile(
    r"^第?[\d一二三四五六七八九十首、和]+(?:期|批|阶段|标段)(?:工程|项目|建设)*$"
)
_PHASE_END = re.compile(
    r"[（(]?第?[\d一二三四五六七八九十首、和]+(?:期|批|阶段|标段)[）)]?(?:工程|项目|建设)*$"
)


@dataclass(frozen=True)
class Block:
    """What the reports of one place say.

    Attributes:
        home: the place.
        drafts: key → thing whose identity is its name, in the order it is first met.
        groups: the names of other things, grouped, in the order of their first name.
        mentions: the mentions of each group.
        index: where a thing stands whose identity is its name → its key.
        places: report stem → key of the place, where it is known.
        indicators: indicator as written → its name in the scheme of indicators.
    """

    home: Home
    drafts: Mapping[str, Draft]
    groups: tuple[Group, ...]
    mentions: tuple[tuple[MentionRef, ...], ...]
    index: Mapping[Where, str]
    places: Mapping[str, str]
    indicators: Mapping[str, str]

    def keys(self, of_group: Sequence[str]) -> dict[Where, str]:
        """Where anything stands → its key, given the key of each group."""
        index = dict(self.index)
        for key, mentions in zip(of_group, self.mentions, strict=True):
            index.update((mention.where, key) for mention in mentions)
        return index


def by_home(extractions: Iterable[Extraction]) -> list[tuple[Home, list[Extraction]]]:
    """Reports by the place that reports, places and reports in order."""
    parted: dict[tuple[str, ...], list[Extraction]] = defaultdict(list)
    homes: dict[tuple[str, ...], Home] = {}
    for extraction in sorted(extractions, key=lambda item: item.report.stem):
        home = Home.of(extraction.report.place, tuple(extraction.report.place_chain))
        parted[home.path].append(extraction)
        homes[home.path] = home
    return [(homes[path], parted[path]) for path in sorted(parted)]


def block(home: Home, extractions: Sequence[Extraction], links: Links) -> Block:
    """The block of a place.

    Args:
        home: the place.
        extractions: all reports of it, by stem.
        links: the user's own links and bans.
    """
    scan = _Scan(home)
    mentions = scan.mentions(extractions)
    fitting = Links(
        tuple(item for item in links.decisions if not item.place or item.place in home.path)
    )
    clusters = cluster(_items(home, mentions, extractions), home.path, fitting, home.codes)
    hung = [
        tuple(found for item in each.items for found in mentions[item.kind, item.name])
        for each in clusters
    ]
    groups = tuple(
        Group(home, number, each.items, each.merges, _written(found))
        for number, (each, found) in enumerate(zip(clusters, hung, strict=True))
    )
    drafts = scan.drafts
    return Block(
        home, drafts.by_key, groups, tuple(hung), drafts.index, scan.places, scan.indicators
    )


def _written(mentions: Iterable[MentionRef]) -> frozenset[str]:
    return frozenset(name for mention in mentions for name in (mention.name, mention.text))


def _items(
    home: Home,
    mentions: Mapping[tuple[str, str], Sequence[MentionRef]],
    extractions: Sequence[Extraction],
) -> list[Item]:
    years = {item.report.stem: item.report.plan_year for item in extractions}
    items = []
    for (kind, name), found in mentions.items():
        stems = frozenset(mention.stem for mention in found)
        dated = sorted({year for stem in stems if (year := years[stem])})
        items.append(Item(kind, name, owner(name, kind, home), tuple(dated), stems, len(found)))
    return items


class _Scan:
    """Goes through the reports of one place."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.drafts = Drafts()
        self.places: dict[str, str] = {}
        self.indicators: dict[str, str] = {}

    def mentions(
        self, extractions: Sequence[Extraction]
    ) -> dict[tuple[str, str], list[MentionRef]]:
        """Place what stands for itself; return the mentions that must be compared."""
        home, drafts = self.home, self.drafts
        if home.path:
            own = drafts.division(home.division) if home.division else drafts.place(home.path)
        mentions: dict[tuple[str, str], list[MentionRef]] = defaultdict(list)
        kinds = better_kinds(home, (item for each in extractions for item in _mentions(each)))
        for extraction in extractions:
            if home.path:
                self.places[extraction.report.stem] = own.key
            full = _full_names(extraction)
            before: MentionRef | None = None
            year = extraction.report.plan_year
            for mention in _mentions(extraction):
                if _PHASE_ONLY.match(mention.text) and mention.canonical is None:
                    mention = replace(mention, canonical=_whole(mention, before, year))
                elif mention.kind in ("Project", "Zone"):
                    before = mention
                kind = kinds.get((mention.kind, mention.name), mention.kind)
                name = full.get((kind, mention.name), mention.name)
                text = extraction.annotations[mention.paragraph - 1].text
                draft = self._direct(kind, name, text)
                if draft is not None:
                    drafts.add(draft, mention)
                else:
                    mentions[kind, mention.name].append(mention)
            self._statements(extraction)
        return mentions

    def _statements(self, extraction: Extraction) -> None:
        stem = extraction.report.stem
        for number, annotation in enumerate(extraction.annotations, 1):
            for observation in annotation.observations:
                name = "".join(observation.indicator.split())
                self.indicators.setdefault(name, canonical(name))
                where = (stem, number, observation.area or "", "Place")
                if observation.area and where not in self.drafts.index:
                    draft = self._place(observation.area, annotation.text)
                    if draft is not None:
                        self.drafts.index[where] = draft.key

    def _place(self, name: str, text: str) -> Draft | None:
        region = regions().get(plain(name))
        if region:
            return self.drafts.direct("Place", region, ())
        if self.home.division is None and self.home.means(plain(name)):
            return self.drafts.place(self.home.path)
        division = resolve_place(name, self.home, text)
        return self.drafts.division(division) if division else None

    def _direct(self, kind: str, name: str, text: str) -> Draft | None:
        """The draft of a name that needs no comparison: a division or a thing of the country."""
        if kind in ("Place", "Zone") and (draft := self._place(name, text)) is not None:
            return draft
        known = national_name(name, kind)
        if known is not None:
            return self.drafts.direct(kind, known, ())
        if owner(name, kind, self.home).scope == ():
            return self.drafts.direct(kind, _national_label(name, kind), ())
        return None


def _mentions(extraction: Extraction) -> Iterator[MentionRef]:
    stem = extraction.report.stem
    for number, annotation in enumerate(extraction.annotations, 1):
        for mention in annotation.entities:
            yield MentionRef(
                stem=stem,
                paragraph=number,
                start=mention.start,
                end=mention.end,
                text=mention.text,
                kind=mention.kind,
                canonical=mention.canonical,
                score=mention.score,
            )


def _whole(mention: MentionRef, before: MentionRef | None, year: int | None) -> str:
    """The full name of a bare “二期”: that of the thing named before it in the paragraph.

    Where none is named, the name says in which paragraph it stands.
    """
    if before is not None and before.paragraph == mention.paragraph:
        return (_PHASE_END.sub("", before.name) or before.name) + mention.text
    said = f"{year}年报告" if year else "报告"
    return f"{mention.text}（{said}第{mention.paragraph}段）"


def _full_names(extraction: Extraction) -> dict[tuple[str, str], str]:
    """Short names of companies → the one full name the same report gives."""
    names = sorted(
        {
            item.name
            for annotation in extraction.annotations
            for item in annotation.entities
            if item.kind == "Institution"
        }
    )
    full: dict[tuple[str, str], str] = {}
    for short in names:
        longer = [
            name
            for name in names
            if name != short
            and name.startswith(short)
            and len(short) >= 3
            and name.endswith(("公司", "银行", "集团"))
            and not is_generic(parse(short).core)
        ]
        if len(longer) == 1:
            full["Institution", short] = longer[0]
    return full


def _national_label(name: str, kind: str) -> str:
    """A label that follows from the name alone, so that reports agree on it."""
    if kind == "Project":
        return parse(name).steps[-1]
    return plain(name)
