"""The network as one self-contained HTML page.

networkx holds the graph, parts it and lays it out; the page draws it on a canvas with a
script of its own.  (vis-network, which pyvis brings, drew 5,000 names with 8,000 links at
11 frames a second where this draws them at more than 30, and has no labels that make way
for each other.)  The page loads nothing: its Content-Security-Policy forbids it to.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError, nearest
from kg.model import KINDS
from kg.view import data as data_
from kg.view import graph as graph_
from kg.view.layout import arrange
from kg.view.payload import labels, payload
from kg.view.things import NetworkData, most_told

if TYPE_CHECKING:
    import networkx as nx
    from pyoxigraph import Store

__all__ = ["LIMIT", "content_policy", "find", "network_page"]

LIMIT = 5000
"""Of more names than this the page shows those most is told of, and says so."""
_STATIC = Path(__file__).parent / "static"
_SCRIPTS = ("model.js", "scene.js", "canvas.js", "panel.js", "export.js", "main.js")


def network_page(
    source: NetworkData | Store | Path | str,
    *,
    focus: str | None = None,
    depth: int = 1,
    types: Iterable[str] | None = None,
    title: str | None = None,
) -> str:
    """Write the network of a graph as one HTML page.

    Args:
        source: a pyoxigraph store, a built folder, a Turtle file, or what
            :func:`kg.view.data.read` gave.
        focus: a name or IRI; only what lies within ``depth`` steps of it is shown.
        depth: how many steps, at least 1.
        types: kinds of entity to keep; all if none are named.
        title: heading of the page; the report's title if there is one report.

    Raises:
        UsageError: no such name, kind or depth.
        MissingInput: there is no graph at the path.
    """
    wanted = _kinds(types)
    most = None if focus is not None else LIMIT
    if isinstance(source, NetworkData):
        data = source.of_kinds(wanted) if wanted else source
    else:
        data = data_.read(source, most=most, kinds=wanted)
    if not data.entities:
        raise UsageError("the graph holds no names to show", remedy="build it from a report")
    total = max(data.total, len(data.entities)) if not wanted else len(data.entities)
    start = None
    if focus is not None:
        data, start = _focused(data, focus, depth)
    elif len(data.entities) > LIMIT:
        told = {iri: entity.told for iri, entity in data.entities.items()}
        milestones = Counter(item.entity for item in data.milestones)
        data = data.only(most_told(told, milestones, LIMIT))
    graph = graph_.network(data)
    ranks = graph_.importance(data, graph)
    parts = graph_.communities(data, graph, ranks)
    names = {iri: entity.name for iri, entity in data.entities.items()}
    content = payload(data, graph, parts, ranks, arrange(graph, parts, names, ranks))
    heading = title or _heading(data)
    content |= {"title": heading, "total": total, "focus": start, "depth": depth}
    return _render(heading, content)


def find(data: NetworkData, name: str) -> str:
    """The IRI of what bears this name: its full name, else another form, else its IRI.

    Raises:
        UsageError: nothing bears it; names the nearest.
    """
    if name in data.entities:
        return name
    for forms in (lambda item: (item.name,), lambda item: item.others):
        found = [item for item in data.entities.values() if name in forms(item)]
        if found:
            return max(found, key=lambda item: (item.told, item.iri)).iri
    raise UsageError(
        f"nothing is named {name!r}",
        choices=nearest(name, (item.name for item in data.entities.values())),
        remedy="give a name as written",
    )


def _kinds(types: Iterable[str] | None) -> list[str]:
    by_label = {label: kind for kind, label in labels("kind").items()}
    wanted = []
    for name in types or ():
        kind = by_label.get(name, name)
        if kind not in KINDS:
            raise UsageError(f"no kind {name!r}", choices=KINDS)
        wanted.append(kind)
    return wanted


def _focused(data: NetworkData, name: str, depth: int) -> tuple[NetworkData, str]:
    if depth < 1:
        raise UsageError(f"depth {depth} is too small", remedy="give 1 or more")
    start = find(data, name)
    return data.only(graph_.focus(graph_.network(data), start, depth)), start


def _heading(data: NetworkData) -> str:
    titles = [source.title for source in data.reports.values()]
    return titles[0] if len(titles) == 1 else f"政谱 · {len(titles)} 份报告的知识网络"


def _render(heading: str, content: dict[str, Any]) -> str:
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Template(_read("network.html")).substitute(
        policy=content_policy(),
        title=html.escape(heading),
        style=_read("network.css"),
        script=_script(),
        # Inside a script element only "<" could end the data, so none is left in it.
        data=plain.replace("<", "\\u003c").replace("\u2028", "\\u2028"),
    )


def content_policy() -> str:
    """The Content-Security-Policy of the page: its own script and style and nothing else."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {_digest(_script())}",
            f"style-src {_digest(_read('network.css'))}",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _digest(content: str) -> str:
    value = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"'sha256-{value}'"


@cache
def _script() -> str:
    parts = "\n".join(_read(name) for name in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}\n}})();\n'


@cache
def _read(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


def graph_of(data: NetworkData) -> nx.Graph[str]:
    """The network with names and kinds on its nodes, for work in networkx."""
    graph = graph_.network(data)
    for iri, entity in data.entities.items():
        graph.nodes[iri].update(name=entity.name, kind=entity.kind)
    return graph
