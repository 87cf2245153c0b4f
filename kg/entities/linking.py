"""From the mentions of many reports to things.

What a thing is follows from its kind, its name and the place it belongs to.  Names are
grouped within the reports of one place; groups of several places meet only where they
name the same owner, or share a name that says more than what it is, within one
prefecture.  So a new report touches its own prefecture and nothing else, and the order of
reports does not matter.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from kg.entities.clusters import cluster
from kg.entities.decisions import Links
from kg.entities.drafts import Draft, Linker, entity, plain_label
from kg.entities.groups import Cluster, Item, bans
from kg.entities.indicators import canonical
from kg.entities.kinds import better_kinds
from kg.entities.model import Linked, MentionRef
from kg.entities.names import is_generic, parse, plain, rarity
from kg.entities.owners import Home, national_name, owner, regions, resolve_place
from kg.model import KINDS, Extraction

__all__ = ["link"]

_PHASE_ONLY = re.compile(
    r"^第?[\d一二三四五六七八九十首、和]+(?:期|批|阶段|标段)(?:工程|项目|建设)*$"
)
_PHASE_END = re.compile(
    r"[（(]?第?[\d一二三四五六七八九十首、和]+(?:期|批|阶段|标段)[）)]?(?:工程|项目|建设)*$"
)

_METRO = re.compile(r"^\d+号线(?![一-鿿]*段)")
_LONG_NAME: Final = 4
_RARE: Final = 2


def link(extractions: Iterable[Extraction], *, decisions: Links | None = None) -> Linked:
    """Join the mentions of one or many reports into things.

    Args:
        extractions: any number of reports with what was found in them; the result does
            not depend on their order.
        decisions: the user's own links and bans.

    Returns:
        The things, with lookups from a paragraph's text to them.
    """
    linker = Linker(decisions or Links())
    blocks: dict[tuple[str, ...], list[Extraction]] = defaultdict(list)
    homes: dict[tuple[str, ...], Home] = {}
    for extraction in sorted(extractions, key=lambda item: item.report.stem):
        home = Home.of(extraction.report.place, tuple(extraction.report.place_chain))
        blocks[home.path].append(extraction)
        homes[home.path] = home
    clusters: list[tuple[Home, Cluster]] = []
    where: dict[tuple[tuple[str, ...], str, str], list[MentionRef]] = {}
    for path in sorted(blocks):
        home = homes[path]
        mentions = _scan(linker, home, blocks[path])
        found = _block(linker, home, mentions, blocks[path])
        clusters += [(home, item) for item in found]
        where.update(((path, kind, name), refs) for (kind, name), refs in mentions.items())
    _finish(linker, clusters, where)
    entities = tuple(entity(draft) for _, draft in sorted(linker.drafts.items()))
    return Linked(entities, linker.indicators, linker.places, linker.index)


def _scan(
    linker: Linker, home: Home, extractions: list[Extraction]
) -> dict[tuple[str, str], list[MentionRef]]:
    """Place what stands for itself; return the mentions that must be compared."""
    if home.path:
        own = linker.division(home.division) if home.division else linker.place(home.path)
    mentions: dict[tuple[str, str], list[MentionRef]] = defaultdict(list)
    kinds = better_kinds(home, (item for each in extractions for item in _mentions(each)))
    for extraction in extractions:
        if home.path:
            linker.places[extraction.report.stem] = own.key
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
            draft = _direct(linker, home, kind, name, text)
            if draft is not None:
                linker.add(draft, mention)
            else:
                mentions[kind, mention.name].append(mention)
        _scan_statements(linker, home, extraction)
    return mentions


def _scan_statements(linker: Linker, home: Home, extraction: Extraction) -> None:
    stem = extraction.report.stem
    for number, annotation in enumerate(extraction.annotations, 1):
        for observation in annotation.observations:
            name = "".join(observation.indicator.split())
            linker.indicators.setdefault(name, canonical(name))
            where = (stem, number, observation.area or "", "Place")
            if observation.area and where not in linker.index:
                draft = _place(linker, home, observation.area, annotation.text)
                if draft is not None:
                    linker.index[where] = draft.key


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


def _place(linker: Linker, home: Home, name: str, text: str) -> Draft | None:
    region = regions().get(plain(name))
    if region:
        return linker.direct("Place", region, ())
    division = resolve_place(name, home, text)
    return linker.division(division) if division else None


def _direct(linker: Linker, home: Home, kind: str, name: str, text: str) -> Draft | None:
    """The draft of a name that needs no comparison: a division or a thing of the country."""
    if kind in ("Place", "Zone") and (draft := _place(linker, home, name, text)) is not None:
        return draft
    known = national_name(name, kind)
    if known is not None:
        return linker.direct(kind, known, ())
    if owner(name, kind, home).scope == ():
        return linker.direct(kind, _national_label(name, kind), ())
    return None


def _national_label(name: str, kind: str) -> str:
    """A label that follows from the name alone, so that reports agree on it."""
    if kind == "Project":
        return parse(name).steps[-1]
    return plain(name)


def _block(
    linker: Linker,
    home: Home,
    mentions: dict[tuple[str, str], list[MentionRef]],
    extractions: list[Extraction],
) -> list[Cluster]:
    years = {item.report.stem: item.report.plan_year for item in extractions}
    items = []
    for (kind, name), found in mentions.items():
        stems = frozenset(mention.stem for mention in found)
        dated = sorted({year for stem in stems if (year := years[stem])})
        items.append(Item(kind, name, owner(name, kind, home), tuple(dated), stems, len(found)))
    fitting = Links(
        tuple(item for item in linker.links.decisions if not item.place or item.place in home.path)
    )
    return cluster(items, home.path, fitting, home.codes)


def _finish(
    linker: Linker,
    clusters: list[tuple[Home, Cluster]],
    where: dict[tuple[tuple[str, ...], str, str], list[MentionRef]],
) -> None:
    """Join groups over places, then make their drafts."""
    parent = list(range(len(clusters)))

    def find(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    banned = bans(linker.links)
    names = [{plain(item.name) for item in group.items} for _, group in clusters]
    shared: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, (home, group) in enumerate(clusters):
        for signature in _signatures(home, group):
            shared[signature].append(index)
    for signature, indexes in sorted(shared.items(), key=lambda item: item[1]):
        if signature[1] == "root" and not any(
            clusters[index][0].path == clusters[index][0].root for index in indexes
        ):
            continue
        by_home = {clusters[index][0].path: index for index in reversed(indexes)}
        for index in by_home.values():
            other, here = find(indexes[0]), find(index)
            if other != here and not _apart(names[other], names[here], banned):
                parent[max(other, here)] = min(other, here)
                names[min(other, here)] |= names[max(other, here)]
    members: dict[int, list[int]] = defaultdict(list)
    for index in range(len(clusters)):
        members[find(index)].append(index)
    for indexes in members.values():
        _draft(linker, [clusters[index] for index in indexes], where)


def _apart(left: set[str], right: set[str], banned: dict[str, set[str]]) -> bool:
    """Whether the user keeps a name of one group from a name of the other."""
    return bool(banned) and any(banned.get(name, set()) & right for name in left)


def _signatures(home: Home, group: Cluster) -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    scope = _scope(home, group)
    for item in group.items:
        bare, phases = item.owner.bare, item.parsed.phases
        found.add((item.family, scope, bare, phases, item.year))
        if _distinctive(bare) and not is_generic(bare) and item.family in ("Thing", "Policy"):
            found.add((item.family, "root", home.root, bare, phases, item.year))
    return found


def _distinctive(bare: str) -> bool:
    """Whether two places of a prefecture that use the name will mean one thing by it."""
    return (len(bare) >= _LONG_NAME and rarity(bare) >= _RARE) or bool(_METRO.match(bare))


def _scope(home: Home, group: Cluster) -> tuple[str, ...]:
    named = [item.owner for item in group.items if item.owner.division]
    if named:
        return max((item.scope for item in named), key=lambda path: (len(path), path))
    scopes = Counter(item.owner.scope for item in group.items)
    return max(scopes, key=lambda path: (scopes[path], len(path), path))


def _draft(
    linker: Linker,
    groups: list[tuple[Home, Cluster]],
    where: dict[tuple[tuple[str, ...], str, str], list[MentionRef]],
) -> None:
    scopes = sorted(
        {_scope(home, group) for home, group in groups}, key=lambda path: (len(path), path)
    )
    scope = scopes[0] if len(scopes) == 1 else _common(scopes)
    items = [item for _, group in groups for item in group.items]
    kinds: Counter[str] = Counter()
    for item in items:
        kinds[item.kind] += item.count
    kind = max(kinds, key=lambda name: (kinds[name], -KINDS.index(name)))
    draft = linker.direct(kind, _label(items), scope)
    for home, group in groups:
        draft.merges.update(group.merges)
        for item in group.items:
            for mention in where[home.path, item.kind, item.name]:
                linker.add(draft, mention)


def _common(paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    shared: list[str] = []
    for names in zip(*paths, strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    return tuple(shared)


def _label(items: list[Item]) -> str:
    """The full name.

    The one that says most beside its place; of those one that names its place; of those
    the most used.
    """
    counts: Counter[str] = Counter()
    for item in items:
        counts[item.name] += item.count

    def rank(item: Item) -> tuple[object, ...]:
        owner_ = item.owner
        rest = len(plain(item.name)) - len(owner_.written) if item.kind == "Institution" else 0
        placed = owner_.division is not None
        return (-len(owner_.bare), not placed, -rest, -counts[item.name], len(item.name), item.name)

    best = min(items, key=rank)
    return plain_label(best.owner.full or best.name)
