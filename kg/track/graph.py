"""Rows as RDF: a ``zp:Commitment`` for each target, with its outcome and verdict."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kg.entities import Linked
from kg.model import Milestone, Observation
from kg.rdf import vocab
from kg.rdf.graph import GraphBuilder, Triple
from kg.rdf.vocab import Term, term
from kg.track.model import Row, Side

__all__ = ["commitments"]

_TERMS: Final = {
    "met": "zp:Met",
    "exceeded": "zp:Exceeded",
    "missed": "zp:Missed",
    "partly": "zp:Partly",
    "not-reported": "zp:NotReported",
    "not-comparable": "zp:NotComparable",
}


def commitments(rows: Iterable[Row], linked: Linked, builder: GraphBuilder) -> list[Triple]:
    """The triples of verdicts on targets; they belong to the graph of the judging report.

    Args:
        rows: as :func:`kg.track.track` gives them; targets without a figure or stage have
            no statement to point at and are left out.
        linked: the things of both reports.
        builder: gives the IRIs of statements.

    Returns:
        Sorted, each once.
    """
    triples: set[Triple] = set()
    judged: set[Term] = set()
    # What a report promises twice is one statement and gets one verdict: the one with news.
    for row in sorted(rows, key=lambda row: row.outcome is None):
        promised = _statement(row.target, row, linked, builder)
        if promised is None or promised in judged:
            continue
        judged.add(promised)
        node = builder.minter.statement(row.newer, "commitment", row.target.paragraph, promised)
        triples.add((node, term("rdf:type"), term("zp:Commitment")))
        triples.add((node, term("rdfs:label"), vocab.text(row.name, "zh")))
        triples.add((node, term("zp:promised"), promised))
        triples.add((node, term("zp:verdict"), term(_TERMS[row.verdict])))
        triples.add((node, term("zp:judgedIn"), builder.minter.report(row.newer)))
        outcome = _statement(row.outcome, row, linked, builder) if row.outcome else None
        if outcome is not None:
            triples.add((node, term("zp:outcome"), outcome))
        if row.note:
            triples.add((node, term("rdfs:comment"), vocab.text(row.note, "zh")))
    return sorted(triples)


def _statement(side: Side, row: Row, linked: Linked, builder: GraphBuilder) -> Term | None:
    if isinstance(side.statement, Observation):
        return builder.observation(side.report, side.statement)
    if isinstance(side.statement, Milestone):
        return builder.milestone(side.report, linked.get(row.key), side.statement)
    return None
