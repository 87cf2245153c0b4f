"""What the graph says about one thing, as plain data for its page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.model import STAGES, number, scaled
from kg.rdf import vocab
from kg.serve.catalogue import bind, rows
from kg.view.payload import labels

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["Facts", "Figure", "Life", "Place", "Tie", "about", "figures", "near", "triples"]

_STAGE_OF = {value[1:-1]: name for name, value in vocab.STAGE_TERMS.items()}
_BOUND_OF = {value[1:-1]: name for name, value in vocab.BOUND_TERMS.items()}
_PASSAGE = """?passage zp:quote ?quote ; dcterms:isPartOf ?report ; zp:paragraph ?paragraph ;
  zp:startOffset ?start ; zp:endOffset ?end ."""
_MOST = 600
"""How many statements of one sort a page asks for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: source offsets in the text of a report."""

    report: str
    paragraph: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Life:
    """A stage, reached or planned."""

    stage: str
    label: str
    planned: bool
    period: str
    progress: str
    place: Place


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation to another thing; ``outward`` if this thing is its subject."""

    predicate: str
    label: str
    outward: bool
    other: str
    name: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with everything that tells how to read it."""

    iri: str
    indicator: str
    indicator_iri: str
    value: float
    upper: float | None
    unit: str
    measure: str
    period: str
    planned: bool
    bound: str
    scope: str
    area: str
    area_name: str
    place: Place

    @property
    def year(self) -> int | None:
        """The last year of the period."""
        years = re.findall(r"(?:^|/)(\d{4})", self.period)
        return int(years[-1]) if years else None

    @property
    def text(self) -> str:
        """The figure as a reader writes it: 1103亿元, +3.4%, 约20个, 第3（全市）."""
        return _written(self)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is said about a thing."""

    life: tuple[Life, ...] = ()
    ties: tuple[Tie, ...] = ()
    figures: tuple[Figure, ...] = ()
    mentions: tuple[Place, ...] = ()
    merges: tuple[dict[str, str], ...] = field(default_factory=tuple)


def about(store: Store, iri: str) -> Facts:
    """Ask for the facts about an entity.

    Raises:
        ValueError: ``iri`` is no IRI.
    """
    return Facts(
        life=_life(store, iri),
        ties=_ties(store, iri),
        figures=figures(store, area=iri),
        mentions=_mentions(store, iri),
        merges=tuple(
            rows(
                store,
                """SELECT DISTINCT ?left ?right ?rule ?score ?why WHERE { ?merge zp:mergeOf ?thing ;
                zp:leftName ?left ; zp:rightName ?right . OPTIONAL { ?merge zp:rule ?rule }
                OPTIONAL { ?merge zp:score ?score } OPTIONAL { ?merge rdfs:comment ?why } }
                ORDER BY ?left ?right""",
                thing=iri,
            )
        ),
    )


def _place(row: dict[str, str]) -> Place:
    return Place(
        row["report"], int(row["paragraph"]), int(row["start"]), int(row["end"]), row["quote"]
    )


def _life(store: Store, iri: str) -> tuple[Life, ...]:
    names = labels("stage")
    found = {}
    for row in rows(
        store,
        f"""SELECT * WHERE {{ ?fact zp:milestoneOf ?thing ; zp:stage ?stage ; zp:status ?status ;
        prov:wasDerivedFrom ?passage . {_PASSAGE}
        OPTIONAL {{ ?fact zp:period/skos:notation ?period }}
        OPTIONAL {{ ?fact zp:progress ?progress }} }} LIMIT {_MOST}""",
        thing=iri,
    ):
        stage = _STAGE_OF.get(row["stage"])
        if stage:
            found[row["fact"]] = Life(
                stage=stage,
                label=names[stage],
                planned=row["status"] == vocab.STATUS_TERMS["target"][1:-1],
                period=row.get("period", ""),
                progress=row.get("progress", ""),
                place=_place(row),
            )
    return tuple(
        sorted(
            found.values(),
            key=lambda item: (
                item.period[:4] or "9999",
                item.planned,
                STAGES.index(item.stage),
                item.place.start,
            ),
        )
    )


def _ties(store: Store, iri: str) -> tuple[Tie, ...]:
    names = labels("predicate")
    terms = " ".join(f"zp:{name}" for name in names)
    found: dict[tuple[str, bool, str], Tie] = {}
    for outward in (True, False):
        ends = "?thing ?p ?other" if outward else "?other ?p ?thing"
        own, far = ("subject", "object") if outward else ("object", "subject")
        grounds = {
            (row["p"], row["other"]): _place(row)
            for row in rows(
                store,
                f"""SELECT * WHERE {{ ?fact rdf:{own} ?thing ; rdf:predicate ?p ;
                rdf:{far} ?other ; prov:wasDerivedFrom ?passage . {_PASSAGE}
                FILTER NOT EXISTS {{ ?fact dcterms:source ?table }} }} LIMIT {_MOST}""",
                thing=iri,
            )
        }
        for row in rows(
            store,
            f"""SELECT DISTINCT ?p ?other ?name WHERE {{ VALUES ?p {{ {terms} }} {ends} .
            OPTIONAL {{ ?other skos:prefLabel ?name }} }} LIMIT {_MOST}""",
            thing=iri,
        ):
            predicate = vocab_local(row["p"])
            found[predicate, outward, row["other"]] = Tie(
                predicate=predicate,
                label=names[predicate],
                outward=outward,
                other=row["other"],
                name=row.get("name", row["other"]),
                place=grounds.get((row["p"], row["other"])),
            )
    order = list(names)
    return tuple(
        sorted(
            found.values(), key=lambda tie: (not tie.outward, order.index(tie.predicate), tie.name)
        )
    )


def _mentions(store: Store, iri: str) -> tuple[Place, ...]:
    query = (
        f"SELECT DISTINCT * WHERE {{ ?thing zp:mentionedIn ?passage . {_PASSAGE} }} LIMIT {_MOST}"
    )
    found = {row["passage"]: _place(row) for row in rows(store, query, thing=iri)}
    return tuple(sorted(found.values(), key=lambda place: (place.report, place.start)))


def figures(store: Store, *, area: str = "", indicator: str = "") -> tuple[Figure, ...]:
    """Figures about an area, or of an indicator in all areas, by name and year."""
    bound = {name: iri for name, iri in (("area", area), ("indicator", indicator)) if iri}
    found: dict[str, Figure] = {}
    # Names of areas, units and periods are asked for apart: in one query with so many optional
    # parts the engine reads all of them for each thing.
    known = {
        row["fact"]: row
        for row in rows(
            store,
            f"""SELECT * WHERE {{ ?fact zp:indicator ?indicator ; zp:value ?value ;
            zp:status ?status ; prov:wasDerivedFrom ?passage .
            ?indicator skos:prefLabel ?name . {_PASSAGE}
            {"?fact zp:area ?area ." if area else "OPTIONAL { ?fact zp:area ?area }"}
            OPTIONAL {{ ?fact zp:measure ?measure }} OPTIONAL {{ ?fact zp:bound ?bound }}
            OPTIONAL {{ ?fact zp:upperValue ?upper }} OPTIONAL {{ ?fact zp:unit ?unit }}
            OPTIONAL {{ ?fact zp:period ?period }} OPTIONAL {{ ?fact zp:scope ?scope }}
            }} LIMIT {_MOST}""",
            **bound,
        )
    }
    notations = _words(store, "skos:notation", known.values(), "unit", "period")
    areas = _words(store, "skos:prefLabel", known.values(), "area")
    for row in known.values():
        found[row["fact"]] = Figure(
            iri=row["fact"],
            indicator=row["name"],
            indicator_iri=row["indicator"],
            value=float(row["value"]),
            upper=float(row["upper"]) if "upper" in row else None,
            unit=notations.get(row.get("unit", ""), ""),
            measure=vocab_local(row.get("measure", "Level")).lower(),
            period=notations.get(row.get("period", ""), ""),
            planned=row["status"] == vocab.STATUS_TERMS["target"][1:-1],
            bound=_BOUND_OF.get(row.get("bound", ""), "exact"),
            scope=row.get("scope", ""),
            area=row.get("area", ""),
            area_name=areas.get(row.get("area", ""), ""),
            place=_place(row),
        )
    return tuple(
        sorted(
            found.values(),
            key=lambda item: (item.indicator, item.measure, item.unit, item.year or 0, item.iri),
        )
    )


def _words(
    store: Store, predicate: str, found: Iterable[dict[str, str]], *columns: str
) -> dict[str, str]:
    """The notation or label of every IRI that stands in these columns."""
    iris = sorted({row[column] for row in found for column in columns if column in row})
    values = " ".join(vocab.iri(iri) for iri in iris)
    query = f"SELECT ?iri ?word WHERE {{ VALUES ?iri {{ {values} }} ?iri {predicate} ?word }}"
    return {row["iri"]: row["word"] for row in rows(store, query)} if iris else {}


def vocab_local(iri: str) -> str:
    """The last part of an IRI."""
    return re.split(r"[/#]", iri)[-1]


def near(store: Store, iri: str, depth: int) -> set[str]:
    """What stands in a paragraph with a thing, and what relations lead to in so many steps."""
    beside = """SELECT DISTINCT ?other WHERE { ?thing zp:mentionedIn ?here .
      ?here dcterms:isPartOf ?report ; zp:paragraph ?number .
      ?there dcterms:isPartOf ?report ; zp:paragraph ?number . ?other zp:mentionedIn ?there }"""
    terms = " ".join(f"zp:{name}" for name in labels("predicate"))
    tied = f"""SELECT DISTINCT ?other WHERE {{ VALUES ?p {{ {terms} }}
      {{ ?thing ?p ?other }} UNION {{ ?other ?p ?thing }} }}"""
    reached, edge = {iri}, {iri}
    for _ in range(depth):
        edge = {row["other"] for one in edge for row in rows(store, tied, thing=one)} - reached
        reached |= edge
    return reached | {row["other"] for row in rows(store, beside, thing=iri)}


def triples(store: Store, iri: str, most: int = 20000) -> Any:
    """The triples about a thing: its own, those that point to it, and their subjects' own.

    Raises:
        ValueError: ``iri`` is no IRI.
    """
    query = f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
      {{ ?thing ?p ?o BIND(?thing AS ?s) }} UNION {{ ?s ?p ?thing BIND(?thing AS ?o) }} UNION
      {{ ?s zp:milestoneOf|zp:area|rdf:subject|rdf:object|zp:indicator ?thing . ?s ?p ?o }}
    }} LIMIT {most}"""
    return store.query(bind(query, {"thing": iri}), use_default_graph_as_union=True)


def groups(found: Iterable[Figure]) -> dict[str, list[Figure]]:
    """Figures by indicator."""
    parted: dict[str, list[Figure]] = defaultdict(list)
    for figure in found:
        parted[figure.indicator].append(figure)
    return parted


def _written(figure: Figure) -> str:
    unit = "" if figure.unit == "1" else figure.unit
    if figure.measure == "rank":
        return f"第{number(figure.value)}" + (f"（{figure.scope}）" if figure.scope else "")
    sign = "+" if figure.measure in ("growth", "change") and figure.value > 0 else ""
    value = sign + scaled(figure.value, unit)
    if figure.upper is not None:
        value += "–" + scaled(figure.upper, unit)
    mark = labels("bound")[figure.bound]
    return f"{mark}{value}{unit}" if figure.bound == "approx" else f"{value}{unit}{mark}"
