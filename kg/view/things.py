"""What a network page can show, as plain data: things, links, statements and where they stand.

Nothing here knows where the data comes from or how a picture of it is drawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

__all__ = [
    "FACTS",
    "MANY",
    "MENTIONS",
    "Entity",
    "Link",
    "Milestone",
    "NetworkData",
    "Observation",
    "Passage",
    "Source",
    "latest",
    "most_told",
    "name_span",
]

MENTIONS = 60
"""How many mentions of a thing are looked at."""
FACTS = 40
"""How many stages, and how many figures, a thing shows at most in a graph of many facts."""
MANY = 6000
"""Facts from which on that holds."""

_Fact = TypeVar("_Fact")


@dataclass(frozen=True, slots=True)
class Source:
    """A report: its title, the IRI of its place, and the years it tells of."""

    iri: str
    title: str
    place: str = ""
    review_year: int | None = None
    plan_year: int | None = None
    stem: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A quoted place; ``start`` and ``end`` are code points in the report's text."""

    report: str
    quote: str
    start: int = -1
    end: int = -1
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stage an entity has reached (``actual``) or is to reach (``target``)."""

    entity: str
    stage: str
    status: str = ""
    period: str = ""
    progress: float | None = None
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure about an area."""

    indicator: str
    value: float
    unit: str = ""
    measure: str = "level"
    period: str = ""
    status: str = ""
    bound: str = "exact"
    upper: float | None = None
    area: str = ""
    scope: str = ""
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing with a name.

    Attributes:
        mentions: keys of the passages that name it, the first :data:`MENTIONS` of them.
        told: how many there are in all.
    """

    iri: str
    name: str
    kind: str
    others: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    told: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A stated relation between two entities."""

    source: str
    predicate: str
    target: str
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkData:
    """All a page can show, keyed by IRI; sequences are sorted, so pages are reproducible."""

    entities: Mapping[str, Entity]
    links: tuple[Link, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    observations: tuple[Observation, ...] = ()
    passages: Mapping[str, Passage] = field(default_factory=dict)
    reports: Mapping[str, Source] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    """Whole texts by report IRI, where they are at hand."""
    total: int = 0
    """How many entities the graph holds, of which these are all or the most told of."""
    figures: int = 0
    """How many observations there are of these; of very many only the latest are read."""

    def of_kinds(self, kinds: Iterable[str]) -> NetworkData:
        """Only the entities of these kinds and what links them."""
        wanted = set(kinds)
        return self.only(iri for iri, entity in self.entities.items() if entity.kind in wanted)

    def only(self, iris: Iterable[str]) -> NetworkData:
        """Only these entities with their links and milestones; figures all stay."""
        kept = set(iris)
        return NetworkData(
            entities={iri: entity for iri, entity in self.entities.items() if iri in kept},
            links=tuple(k for k in self.links if k.source in kept and k.target in kept),
            milestones=tuple(m for m in self.milestones if m.entity in kept),
            observations=self.observations,
            passages=self.passages,
            reports=self.reports,
            texts=self.texts,
            total=self.total,
            figures=self.figures,
        )


def most_told(told: Mapping[str, int], milestones: Mapping[str, int], most: int) -> list[str]:
    """The IRIs of the entities with most mentions, a milestone counting twice, in order.

    Args:
        told: IRI → how many mentions there are.
        milestones: IRI → how many milestones.
        most: how many entities.
    """
    weights = {iri: number + 2 * milestones.get(iri, 0) for iri, number in told.items()}
    return sorted(sorted(weights, key=lambda iri: (-weights[iri], iri))[:most])


def latest(
    facts: Iterable[_Fact], holder: Callable[[_Fact], str], when: Callable[[_Fact], Any]
) -> list[_Fact]:
    """Of each holder the latest :data:`FACTS` facts, holders in order."""
    parted: dict[str, list[_Fact]] = defaultdict(list)
    for fact in facts:
        parted[holder(fact)].append(fact)
    return [fact for _, own in sorted(parted.items()) for fact in sorted(own, key=when)[-FACTS:]]


def name_span(quote: str, forms: Iterable[str]) -> tuple[int, int] | None:
    """Where the longest of the forms that a quote holds stands in it; white space is nothing."""
    places = [place for place, letter in enumerate(quote) if not letter.isspace()]
    text = "".join(quote.split()) if len(places) < len(quote) else quote
    for form in sorted(set(forms), key=lambda item: (-len(item), item)):
        letters = "".join(form.split())
        start = text.find(letters) if letters else -1
        if start >= 0:
            return places[start], places[start + len(letters) - 1] + 1
    return None
