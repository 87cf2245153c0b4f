"""Which places, things and reports new reports touch, and what becomes of them.

The blocks of the places that report are made anew.  Their groups are united again with the
groups that hang together with them over signatures, before or now; no other group can meet
another one than before.  A thing is made anew if what it is made of differs, and a report
is touched if a name in it is bound to another thing, or to one with another label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from kg.entities import Entity, Linked, Links
from kg.entities.blocks import Block, block, by_home
from kg.entities.meeting import Slot, thing, unite
from kg.entities.model import Where
from kg.entities.owners import Home
from kg.model import Extraction
from kg.rdf.vocab import Term
from kg.store.ledger import Ledger, Path_, binding, marks
from kg.track import consecutive

__all__ = ["Relinked", "Touched", "relink"]


@dataclass(frozen=True)
class Touched:
    """A report whose graph may differ.

    Attributes:
        extraction: the report.
        answers: the reports whose targets it answers.
        home: the place that reports.
        bound: a digest of what its names are bound to.
        keys: keys of all that it names, and of the place that reports.
    """

    extraction: Extraction
    answers: tuple[Extraction, ...]
    home: Path_
    bound: str
    keys: frozenset[str]


@dataclass(frozen=True)
class Relinked:
    """What new reports touch.

    Attributes:
        altered: keys of the things that are made of something else than before.
        touched: the reports whose graph may differ, by stem.
        linked: the things that they and those they answer name.
    """

    altered: frozenset[str]
    touched: Mapping[str, Touched]
    linked: Linked


def relink(
    old: Ledger,
    new: Ledger,
    fresh: Mapping[str, Extraction],
    links: Links,
    read: Callable[[str], Extraction],
    iri: Callable[[Entity], Term],
) -> Relinked:
    """Bring places and things of a ledger up to date.

    Args:
        old: the ledger as it was.
        new: its copy, which is changed.
        fresh: the new reports by stem.
        links: the user's own links and bans.
        read: gives a report that the folder holds already.
        iri: gives the IRI of a thing.
    """
    places = _Places(old, fresh, read)
    changed = {path: places.block(path, links) for path in places.changed()}
    rebound, touched = _unite(old, new, changed, links)
    altered = {key for key in touched if old.sources(key) != new.sources(key)}
    renamed = set()
    for key in sorted(altered):
        entity, before = new.entity(key), old.thing(key)
        if entity is None:
            new.drop_thing(key)
            continue
        new.put_things([entity], iri)
        if before and before.label != entity.label:
            renamed.add(key)
    homes = {row.home for key in renamed for row in old.naming_reports(key)} | rebound
    blocks = changed | {path: places.block(path, links) for path in homes - changed.keys()}
    bound = _Bound()
    for path, found in sorted(blocks.items()):
        if found is not None:
            bound.take(found, new.keys_of(path), places.reports(path))
    reports = _touched(bound, old, new, fresh.keys())
    return Relinked(frozenset(altered), reports, _linked(bound, reports, new))


class _Places:
    """The reports of places, those that are new among them."""

    def __init__(
        self,
        old: Ledger,
        fresh: Mapping[str, Extraction],
        read: Callable[[str], Extraction],
    ) -> None:
        self.fresh = fresh
        self._old = old
        self._read = read
        self._known: dict[str, Extraction] = dict(fresh)
        self._homes = {stem: _home(extraction) for stem, extraction in fresh.items()}

    def changed(self) -> set[Path_]:
        """The places whose reports are not what they were."""
        return set(self._homes.values()) | {
            row.home for stem in self.fresh if (row := self._old.report(stem))
        }

    def reports(self, path: Path_) -> list[Extraction]:
        """All reports of a place."""
        stems = self._old.stems(path) - self.fresh.keys()
        stems |= {stem for stem, home in self._homes.items() if home == path}
        for stem in stems - self._known.keys():
            self._known[stem] = self._read(stem)
        return [self._known[stem] for stem in sorted(stems)]

    def block(self, path: Path_, links: Links) -> Block | None:
        """What the reports of a place say; ``None`` if there are none."""
        for home, reports in by_home(self.reports(path)):
            return block(home, reports, links)
        return None


def _home(extraction: Extraction) -> Path_:
    return Home.of(extraction.report.place, tuple(extraction.report.place_chain)).path


def _unite(
    old: Ledger, new: Ledger, changed: Mapping[Path_, Block | None], links: Links
) -> tuple[set[Path_], set[str]]:
    """Unite the groups of changed places with those that hang together with them.

    Returns:
        Other places with a group that is another thing now, and the keys of all things that
        may be made of something else.
    """
    shared = {mark for path in changed for mark in old.marks_of(path)}
    touched = {key for path in changed for key in (*old.keys_of(path), *old.direct_keys(path))}
    groups = [group for found in changed.values() if found for group in found.groups]
    shared.update(mark for group in groups for mark in marks(group))
    near = old.near(shared, without=changed.keys())
    groups += [old.group(slot) for slot in near]
    bound: dict[Slot, tuple[str, Slot]] = {}
    for united in unite(sorted(groups, key=lambda group: group.slot), links):
        key = thing(united).key
        bound.update((group.slot, (key, united[0].slot)) for group in united)
    for path, found in changed.items():
        if found is None:
            new.drop_block(path)
        else:
            new.put_block(found, bound)
            touched.update(found.drafts)
    new.rebind({slot: bound[slot] for slot in near})
    touched.update(key for key, _ in bound.values())
    touched.update(near.values())
    return {slot[0] for slot, key in near.items() if bound[slot][0] != key}, touched


@dataclass
class _Bound:
    """Reports of the places that were looked at, with what their names are bound to."""

    names: dict[str, dict[Where, str]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    indicators: dict[str, str] = field(default_factory=dict)
    reports: dict[str, Extraction] = field(default_factory=dict)
    homes: dict[str, Path_] = field(default_factory=dict)
    pairs: list[tuple[Extraction, Extraction]] = field(default_factory=list)

    def take(self, found: Block, keys: list[str], reports: list[Extraction]) -> None:
        """Take in the reports of a place."""
        names: dict[str, dict[Where, str]] = defaultdict(dict)
        for where, key in found.keys(keys).items():
            names[where[0]][where] = key
        for extraction in reports:
            stem = extraction.report.stem
            self.names[stem] = names[stem]
            self.reports[stem] = extraction
            self.homes[stem] = found.home.path
        self.places.update(found.places)
        self.indicators.update(found.indicators)
        self.pairs += consecutive(reports)

    def keys(self, stem: str) -> set[str]:
        """Keys of all that a report names, and of the place that reports."""
        place = self.places.get(stem)
        return {*self.names[stem].values(), *([place] if place else ())}


def _touched(bound: _Bound, old: Ledger, new: Ledger, fresh: Collection[str]) -> dict[str, Touched]:
    """The reports whose graph may differ."""
    digests = {
        stem: binding(names, bound.places.get(stem), new.label)
        for stem, names in bound.names.items()
    }
    rows = {stem: old.report(stem) for stem in bound.names}
    other = {
        stem
        for stem, row in rows.items()
        if stem in fresh or row is None or row.bound != digests[stem]
    }
    follows: dict[str, list[str]] = defaultdict(list)
    for earlier, later in bound.pairs:
        follows[later.report.stem].append(earlier.report.stem)
    found = {}
    for stem, row in rows.items():
        answers = tuple(follows[stem])
        if stem in other or not other.isdisjoint(answers) or (row and row.follows != answers):
            found[stem] = Touched(
                bound.reports[stem],
                tuple(bound.reports[earlier] for earlier in answers),
                bound.homes[stem],
                digests[stem],
                frozenset(bound.keys(stem)),
            )
    return found


def _linked(bound: _Bound, touched: Mapping[str, Touched], new: Ledger) -> Linked:
    """The things that reports and those they answer name."""
    stems = {item.report.stem for each in touched.values() for item in each.answers}
    index = {
        where: key for stem in stems | touched.keys() for where, key in bound.names[stem].items()
    }
    keys = {key for stem in stems | touched.keys() for key in bound.keys(stem)}
    entities = tuple(entity for key in sorted(keys) if (entity := new.entity(key)))
    return Linked(entities, bound.indicators, bound.places, index)
