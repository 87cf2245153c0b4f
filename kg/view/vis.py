"""The network as a pyvis ``Network``, for notebooks and for pages of one's own.

The page of :func:`kg.view.network_page` has a script of its own (see there why); whoever
works with pyvis gets the same things, colours, sizes and places here.  Nothing is written
to disk: pyvis's own ``generate_html`` and ``save_graph`` do that, and link scripts from
elsewhere unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.view import data as data_
from kg.view import graph as graph_
from kg.view.layout import arrange, radius
from kg.view.page import find
from kg.view.payload import COLOURS, labels
from kg.view.things import NetworkData

if TYPE_CHECKING:
    from pyoxigraph import Store
    from pyvis.network import Network

__all__ = ["pyvis_network"]


def pyvis_network(
    source: NetworkData | Store | Path | str,
    *,
    focus: str | None = None,
    depth: int = 1,
    types: Iterable[str] | None = None,
) -> Network:
    """Fill a pyvis network with the things of a graph and the relations between them.

    Args:
        source: a built folder, a graph file, a store, or what :func:`kg.view.read` gave.
        focus: a name or IRI; only what lies within ``depth`` steps of it is taken.
        depth: how many steps.
        types: kinds of entity to keep; all if none are named.

    Returns:
        A directed network without physics: nodes stand where the layout put them.

    Raises:
        UsageError: no such name.
        MissingInput: there is no graph at the path.
    """
    from pyvis.network import Network

    data = source if isinstance(source, NetworkData) else data_.read(source)
    if types:
        data = data.of_kinds(list(types))
    if focus is not None:
        start = find(data, focus)
        data = data.only(graph_.focus(graph_.network(data), start, depth))
    graph = graph_.network(data)
    ranks = graph_.importance(data, graph)
    parts = graph_.communities(data, graph, ranks)
    names = {iri: entity.name for iri, entity in data.entities.items()}
    layout = arrange(graph, parts, names, ranks)
    kinds, predicates = labels("kind"), labels("predicate")
    network = Network(directed=True, cdn_resources="in_line", height="800px", width="100%")
    network.toggle_physics(False)
    for part, (width, height), card in zip(parts, layout.size, layout.wide, strict=True):
        for iri in part.members:
            entity = data.entities[iri]
            x, y = layout.inner[iri]
            network.add_node(
                iri,
                label=entity.name,
                title=f"{kinds[entity.kind]} · {part.name}",
                color=COLOURS[entity.kind],
                size=radius(ranks[iri]),
                x=card.x + x * card.width / width,
                y=card.y + y * card.height / height,
            )
    known = set(data.entities)
    for link in data.links:
        if link.source in known and link.target in known:
            network.add_edge(link.source, link.target, title=predicates[link.predicate])
    return network
