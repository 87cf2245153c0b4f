"""Where everything stands, computed beforehand and always the same.

Communities and the things inside each are placed by ForceAtlas2 (Jacomy et al. 2014,
networkx).  Then boxes, of names with their labels and of communities with their titles,
are pushed apart until none covers another.  The communities are packed twice, for a wide
and for a tall window; inside they look the same in both.  The unit is one screen pixel of
the picture at its natural size.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.view.graph import Community, quotient

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["LABEL_LETTERS", "Card", "Layout", "arrange", "radius", "shorten"]

_SEED = 20210114
_FONT = 12.0
LABEL_LETTERS = 12
"""Labels in the overview are cut to this many full-width letters."""
_LABELS = 90
"""How many names have room for their label in the overview."""
_GAP = 5.0
_SPACE = 14.0
_WIDE, _TALL = (1.66, 30.0), (0.54, 50.0)
"""Width to height of the two arrangements, and the room above each card for its title."""


@dataclass(frozen=True, slots=True)
class Card:
    """Where a community stands: its centre, and its size with its title left out."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions in pixels.

    Attributes:
        inner: of each thing, from the centre of its community, in a card of ``size``.
        size: the natural width and height of each community.
        wide: the card of each community in a wide window; its content is stretched to it.
        tall: the same in a tall one.
    """

    inner: Mapping[str, tuple[float, float]]
    size: tuple[tuple[float, float], ...]
    wide: tuple[Card, ...]
    tall: tuple[Card, ...]


def radius(rank: float) -> float:
    """The radius of a node of this importance (0 to 1)."""
    return round(2.5 + 9.5 * rank * math.sqrt(rank), 1)


def shorten(name: str, letters: int = LABEL_LETTERS) -> str:
    """A label of at most ``letters`` full-width letters."""
    width = 0.0
    for place, letter in enumerate(name):
        width += 1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.55
        if width > letters:
            return name[: max(1, place - 1)] + "…"
    return name


def arrange(
    graph: nx.Graph[str],
    parts: Sequence[Community],
    names: Mapping[str, str],
    ranks: Mapping[str, float],
) -> Layout:
    """Place every community and everything inside it."""
    import numpy as np

    inner: dict[str, tuple[float, float]] = {}
    sizes = []
    labelled = _labelled(parts, ranks)
    for part in parts:
        boxes = _boxes(part.members, names, ranks, labelled)
        places = _inside(graph, part, boxes)
        low = (places - boxes / 2).min(axis=0)
        high = (places + boxes / 2).max(axis=0)
        centre = (low + high) / 2
        for iri, place in zip(part.members, places - centre, strict=True):
            inner[iri] = (round(float(place[0]), 1), round(float(place[1]), 1))
        width, height = high - low
        title = _FONT * 1.2 * min(16.0, _letters(part.name))
        sizes.append((round(max(float(width) + 12, title), 1), round(float(height) + 12, 1)))
    between = quotient(graph, parts)
    natural = np.array(sizes, dtype=float).reshape(-1, 2)
    return Layout(
        inner=inner,
        size=tuple(sizes),
        wide=_pack(between, natural, _WIDE),
        tall=_pack(between, natural, _TALL),
    )


def _labelled(parts: Sequence[Community], ranks: Mapping[str, float]) -> frozenset[str]:
    """The names that get room for a label: some of each community, by the root of its size."""
    whole = sum(math.sqrt(len(part.members)) for part in parts) or 1.0
    chosen: list[str] = []
    for part in parts:
        share = max(3, round(_LABELS * math.sqrt(len(part.members)) / whole))
        chosen += part.members[:share]
    return frozenset(chosen)


def _boxes(
    members: Sequence[str],
    names: Mapping[str, str],
    ranks: Mapping[str, float],
    labelled: frozenset[str],
) -> Floats:
    """Width and height of each thing: its dot, and its label below where it has one."""
    import numpy as np

    boxes = []
    for iri in members:
        size = 2 * radius(ranks[iri]) + _GAP
        if iri in labelled:
            label = _FONT * _letters(shorten(names[iri])) + 2 * _GAP
            # The dot stands in the middle, so room below it for the label is made above too.
            boxes.append((max(size, label), size + 2 * _FONT))
        else:
            boxes.append((size + 6, size + 6))
    return np.array(boxes, dtype=float).reshape(-1, 2)


def _letters(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.58 for letter in text)


def _inside(graph: nx.Graph[str], part: Community, boxes: Floats) -> Floats:
    """ForceAtlas2 inside a community, scaled to its boxes and pushed apart."""
    import networkx as nx
    import numpy as np

    members = part.members
    if len(members) == 1:
        return np.zeros((1, 2))
    subgraph = graph.subgraph(members)
    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(members)
    ordered.add_weighted_edges_from(
        sorted((*sorted((one, two)), weight) for one, two, weight in subgraph.edges(data="weight"))
    )
    found = nx.forceatlas2_layout(
        ordered,
        pos=_spiral(members),
        max_iter=_rounds(len(members)),
        weight="weight",
        strong_gravity=True,
        seed=_SEED,
    )
    places = np.array([found[iri] for iri in members], dtype=float)
    side = math.sqrt(float((boxes[:, 0] * boxes[:, 1]).sum()) * 1.25)
    return _separate(
        _fit(places, side * 1.15, side / 1.15), boxes, pull=0.012, rounds=2 * _rounds(len(members))
    )


def _rounds(count: int) -> int:
    """Fewer rounds for more things; their details are not seen at once."""
    return 150 if count <= 100 else 80 if count <= 300 else 40


def _spiral(members: Sequence[Any]) -> dict[Any, Floats]:
    """A start that depends on nothing but the order: a sunflower spiral."""
    import numpy as np

    turn = math.pi * (3 - math.sqrt(5))
    return {
        item: math.sqrt(k + 0.5) * np.array([math.cos(k * turn), math.sin(k * turn)])
        for k, item in enumerate(members)
    }


def _fit(places: Floats, width: float, height: float) -> Floats:
    """Spread positions by their ranks half-way towards an even ellipse of this size."""
    import numpy as np

    centred = places - np.median(places, axis=0)
    reach = np.quantile(np.abs(centred), 0.9, axis=0)
    reach[reach == 0] = 1.0
    scaled = centred / reach
    length = np.maximum(1e-9, np.hypot(scaled[:, 0], scaled[:, 1]))
    # Outliers are drawn in: beyond the unit circle only the root of the distance counts.
    drawn = np.where(length > 1, np.sqrt(length), length)
    result: Floats = scaled * (drawn / length)[:, None] * (width / 2.6, height / 2.6)
    return result


def _separate(places: Floats, boxes: Floats, *, pull: float, rounds: int = 240) -> Floats:
    """Push boxes apart along the shorter way while a weakening pull keeps them together."""
    import numpy as np

    places = places.astype(np.float32)
    size = boxes.astype(np.float32) / 2
    count = len(places)
    rooms = [size[:, None, axis] + size[None, :, axis] for axis in (0, 1)]
    for step in range(rounds):
        strength = pull * max(0.0, 1 - step / (rounds * 0.7))
        places *= np.float32(1 - strength)
        gaps = [places[:, None, axis] - places[None, :, axis] for axis in (0, 1)]
        overlaps = [room - np.abs(gap) for room, gap in zip(rooms, gaps, strict=True)]
        touching = (overlaps[0] > 0) & (overlaps[1] > 0)
        one, two = np.nonzero(np.triu(touching, 1))
        if not len(one):
            if strength == 0:
                break
            continue
        across = overlaps[0][one, two] <= overlaps[1][one, two]
        many = np.maximum(1, np.bincount(np.concatenate([one, two]), minlength=count))
        for axis, along in ((0, across), (1, ~across)):
            gap = gaps[axis][one, two]
            # Things on the same spot part in the order they have.
            push = np.where(gap < 0, -1.0, 1.0) * overlaps[axis][one, two] * along
            moved = np.bincount(one, push, count) - np.bincount(two, push, count)
            places[:, axis] += (moved * np.minimum(0.5, 1.2 / many)).astype(np.float32)
    return places.astype(np.float64)


def _pack(between: nx.Graph[int], sizes: Floats, window: tuple[float, float]) -> tuple[Card, ...]:
    """Cards in full rows, near those they have most to do with.

    Args:
        between: the network of communities.
        sizes: their natural sizes, one row each.
        window: the aspect to fill, and the room for a title.
    """
    import networkx as nx
    import numpy as np

    aspect, title = window
    count = len(sizes)
    if count == 0:
        return ()
    found = nx.forceatlas2_layout(
        between,
        pos=_spiral(range(count)),
        max_iter=200,
        weight="weight",
        strong_gravity=True,
        seed=_SEED,
    )
    places = np.array([found[number] for number in range(count)], dtype=float)
    order = sorted(range(count), key=lambda number: (round(float(places[number, 1]), 6), number))
    best = min(
        (_rows(order, sizes, number) for number in range(1, count + 1)),
        key=lambda rows: abs(math.log(_aspect(rows, sizes, title) / aspect)),
    )
    return _fill(best, sizes, places, window)


def _rows(order: Sequence[int], sizes: Floats, count: int) -> list[list[int]]:
    """Deal the cards, in order, to ``count`` rows of about the same width."""
    whole = float(sizes[:, 0].sum())
    rows: list[list[int]] = [[] for _ in range(count)]
    passed = 0.0
    for number in order:
        width = float(sizes[number, 0])
        rows[min(count - 1, int((passed + width / 2) / whole * count))].append(number)
        passed += width
    return [row for row in rows if row]


def _aspect(rows: Sequence[Sequence[int]], sizes: Floats, title: float) -> float:
    width = max(sum(float(sizes[number, 0]) + _SPACE for number in row) for row in rows)
    return width / sum(max(float(sizes[number, 1]) for number in row) + title for row in rows)


def _fill(
    rows: Sequence[Sequence[int]], sizes: Floats, places: Floats, window: tuple[float, float]
) -> tuple[Card, ...]:
    """Stretch the cards of each row to one height and all rows to one width, that of the window."""
    aspect, title = window
    widest = max(sum(float(sizes[number, 0]) + _SPACE for number in row) for row in rows)
    tall = sum(max(float(sizes[number, 1]) for number in row) + title for row in rows)
    taller = max(1.0, (widest / aspect - title * len(rows)) / (tall - title * len(rows)))
    tall = taller * (tall - title * len(rows)) + title * len(rows)
    widest = max(widest, tall * aspect)
    cards: dict[int, Card] = {}
    top = -tall / 2
    for row in rows:
        height = taller * max(float(sizes[number, 1]) for number in row)
        stretch = (widest - _SPACE * len(row)) / sum(float(sizes[number, 0]) for number in row)
        left = -widest / 2
        for number in sorted(row, key=lambda item: (round(float(places[item, 0]), 6), item)):
            width = float(sizes[number, 0]) * stretch
            cards[number] = Card(
                x=round(left + (width + _SPACE) / 2, 1),
                y=round(top + title + height / 2, 1),
                width=round(width, 1),
                height=round(height, 1),
            )
            left += width + _SPACE
        top += height + title
    return tuple(cards[number] for number in range(len(sizes)))
