"""The network behind the picture: weighted links, importance, communities with names.

Two things are near each other when a relation joins them, or when a paragraph names them
close together.  Louvain's method (Blondel et al. 2008, networkx) finds the communities,
PageRank (Page et al. 1999, networkx) over the same weights the importance.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kg.view.things import NetworkData

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "Community",
    "backbone",
    "communities",
    "focus",
    "importance",
    "network",
    "quotient",
]

_SEED = 20210114
_RELATION = 3.0
"""Weight of a stated relation; two names side by side have at most 1."""
_REACH = 120
"""Code points between two names of a paragraph that still count as close."""
_HALF = 30
"""Distance in code points at which closeness has fallen to a half."""
_NEXT = 4
"""How many of the names that follow a name count as its neighbours."""
_THREAD = 0.05
"""Weight of merely standing next in the report: it keeps the report together."""
_REST = "其他"
_ANCHOR = {
    "Zone": 1.6,
    "Place": 1.4,
    "Policy": 1.1,
    "Project": 1.0,
    "Event": 0.9,
    "Institution": 0.9,
    "Honour": 0.7,
    "Person": 0.2,
}
"""How well a kind of thing serves as the name of a community."""


@dataclass(frozen=True, slots=True)
class Community:
    """Things that belong together, the most important first, with a name made of theirs."""

    name: str
    members: tuple[str, ...]


def network(data: NetworkData) -> nx.Graph[str]:
    """The weighted graph of all entities.

    Edges carry ``weight`` and ``stated`` (whether a relation joins the two).
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sorted(data.entities))
    for link in data.links:
        if link.source != link.target and {link.source, link.target} <= data.entities.keys():
            _join(graph, link.source, link.target, _RELATION, stated=True)
    before: tuple[str, str] | None = None
    for report, row in _paragraphs(data):
        if before and before[0] == report and before[1] != row[0][2]:
            _join(graph, before[1], row[0][2], _THREAD, stated=False)
        before = report, row[-1][2]
        for place, (start, _, iri) in enumerate(row):
            for other_start, _, other in row[place + 1 : place + 1 + _NEXT]:
                distance = other_start - start
                if other != iri and distance <= _REACH:
                    _join(graph, iri, other, 1 / (1 + distance / _HALF), stated=False)
        for (_, _, iri), (_, _, other) in pairwise(row):
            if other != iri and not graph.has_edge(iri, other):
                _join(graph, iri, other, 2 * _THREAD, stated=False)
    return graph


def _join(graph: nx.Graph[str], one: str, two: str, weight: float, *, stated: bool) -> None:
    edge: dict[str, Any] = graph.get_edge_data(one, two) or {"weight": 0.0, "stated": False}
    graph.add_edge(one, two, weight=edge["weight"] + weight, stated=edge["stated"] or stated)


def _paragraphs(data: NetworkData) -> Iterable[tuple[str, list[tuple[int, int, str]]]]:
    """The report and the names, as (start, end, IRI) in reading order, of each paragraph."""
    rows: dict[tuple[str, int], list[tuple[int, int, str]]] = defaultdict(list)
    for iri, entity in data.entities.items():
        for mention in entity.mentions:
            passage = data.passages.get(mention)
            if passage is not None:
                rows[passage.report, passage.paragraph].append((passage.start, passage.end, iri))
    for key in sorted(rows):
        yield key[0], sorted(rows[key])


def importance(data: NetworkData, graph: nx.Graph[str]) -> dict[str, float]:
    """A figure from 0 to 1 for each entity: half its rank in the network, half how much is told.

    What is told counts mentions once, milestones and relations twice, by their logarithm.
    """
    import networkx as nx

    told: Counter[str] = Counter()
    for iri, entity in data.entities.items():
        told[iri] += max(1, entity.told)
    for milestone in data.milestones:
        told[milestone.entity] += 2
    for link in data.links:
        told[link.source] += 2
        told[link.target] += 2
    rank: dict[str, float] = nx.pagerank(graph, weight="weight") if graph else {}
    top_rank = max(rank.values(), default=1.0)
    top_told = max((math.log1p(told[iri]) for iri in graph), default=1.0)
    return {
        iri: round(
            0.5 * math.sqrt(rank[iri] / top_rank) + 0.5 * math.log1p(told[iri]) / top_told, 4
        )
        for iri in graph
    }


def focus(graph: nx.Graph[str], iri: str, depth: int) -> set[str]:
    """What lies within ``depth`` steps: all stated links and, of the rest, each one's closest."""
    reached, edge = {iri}, {iri}
    for _ in range(depth):
        edge = {other for one in edge for other in _neighbours(graph, one)} - reached
        reached |= edge
    return reached


def _neighbours(graph: nx.Graph[str], iri: str, most: int = 24) -> list[str]:
    ranked = sorted(
        graph[iri],
        key=lambda other: (
            not graph[iri][other]["stated"],
            -graph[iri][other]["weight"],
            other,
        ),
    )
    stated = sum(graph[iri][other]["stated"] for other in ranked)
    return ranked[: max(stated, most)]


def communities(
    data: NetworkData, graph: nx.Graph[str], ranks: dict[str, float]
) -> list[Community]:
    """Part the network into about ¾·√n communities, the largest first."""
    import networkx as nx

    if not graph:
        return []
    wanted = min(40, max(1, round(0.75 * math.sqrt(len(graph)))))
    found = nx.community.louvain_communities(graph, weight="weight", seed=_SEED)
    parts, rest = _merge(graph, [set(part) for part in found], wanted)
    result = [
        Community(
            name=_REST if part is rest else _name(data, graph, ranks, part),
            members=tuple(sorted(part, key=lambda iri: (-ranks[iri], iri))),
        )
        for part in parts
    ]
    return sorted(result, key=lambda item: (-len(item.members), item.members))


def _merge(
    graph: nx.Graph[str], parts: list[set[str]], wanted: int
) -> tuple[list[set[str]], set[str] | None]:
    """Join the smallest to whatever they hang on to most until few enough, none of them tiny.

    Returns:
        The parts, and the one among them that gathers what hangs on to nothing.
    """
    least = max(4, len(graph) // (wanted * 4))
    home = {iri: number for number, part in enumerate(parts) for iri in part}
    alive = dict(enumerate(parts))
    loose: int | None = None
    while len(alive) > 1:
        number = min(alive, key=lambda key: (key == loose, len(alive[key]), min(alive[key])))
        if number == loose or (len(alive) <= wanted and len(alive[number]) >= least):
            break
        pull: Counter[int] = Counter()
        for iri in sorted(alive[number]):
            for other, edge in graph[iri].items():
                if home[other] != number:
                    pull[home[other]] += edge["weight"]
        if pull:
            target = max(pull, key=lambda key: (pull[key] / math.sqrt(len(alive[key])), -key))
        elif loose is None:
            loose = number
            continue
        else:
            target = loose
        for iri in alive[number]:
            home[iri] = target
        alive[target] |= alive.pop(number)
    return list(alive.values()), None if loose is None else alive[loose]


def _name(data: NetworkData, graph: nx.Graph[str], ranks: dict[str, float], part: set[str]) -> str:
    """The one or two members that stand most for the community and least for others."""

    def standing(iri: str) -> float:
        inside = sum(edge["weight"] for other, edge in graph[iri].items() if other in part)
        whole = sum(edge["weight"] for edge in graph[iri].values()) or 1.0
        entity = data.entities[iri]
        length = 1.0 if len(entity.name) <= 10 else 10 / len(entity.name)
        alone = float(inside / whole)
        return _ANCHOR[entity.kind] * ranks[iri] * alone * alone * length

    ranked = sorted(part, key=lambda iri: (-standing(iri), iri))
    names: list[str] = []
    for iri in ranked[:6]:
        name = data.entities[iri].name
        if not any(name in other or other in name for other in names):
            names.append(name)
        if len(names) == 2:
            break
    return _title(names)


def _title(names: Sequence[str]) -> str:
    return " · ".join(name if len(name) <= 12 else name[:11] + "…" for name in names)


def backbone(graph: nx.Graph[str], each: int = 1) -> list[tuple[str, str]]:
    """The unstated links worth drawing: of each thing the closest ``each``."""
    kept = set()
    for iri in graph:
        near = sorted(
            (other for other in graph[iri] if not graph[iri][other]["stated"]),
            key=lambda other: (-graph[iri][other]["weight"], other),
        )
        kept |= {tuple(sorted((iri, other))) for other in near[:each]}
    return sorted((one, two) for one, two in kept)


def quotient(graph: nx.Graph[str], parts: Sequence[Community]) -> nx.Graph[int]:
    """One node a community, weighted by all that joins them."""
    import networkx as nx

    home = {iri: number for number, part in enumerate(parts) for iri in part.members}
    result: nx.Graph[int] = nx.Graph()
    result.add_nodes_from(range(len(parts)))
    weights: Counter[tuple[int, int]] = Counter()
    for one, two, edge in graph.edges(data=True):
        if home[one] != home[two]:
            weights[min(home[one], home[two]), max(home[one], home[two])] += edge["weight"]
    for (one, two), weight in sorted(weights.items()):
        sizes = len(parts[one].members) * len(parts[two].members)
        result.add_edge(one, two, weight=weight / math.sqrt(sizes))
    return result
