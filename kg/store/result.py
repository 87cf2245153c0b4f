"""What a build is asked for, and what it says when it is done."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.decisions import Decision
from kg.entities import Links
from kg.rdf.graph import Counts
from kg.store import cache
from kg.store.reading import Progress

__all__ = ["BuildResult", "Task"]


@dataclass(frozen=True)
class Task:
    """What is to be written, but for what the reports say.

    Attributes:
        out: the folder.
        base: IRI under which resources are named.
        manifest: content of ``build.json``.
        reviewed: names that a person decided on.
        links: names to join or keep apart.
        table: the text of the user's table of links, if there is one.
        tell: is told how far each stage is.
    """

    out: Path
    base: str
    manifest: Mapping[str, Any]
    tell: Progress
    reviewed: tuple[Decision, ...] = ()
    links: Links = field(default_factory=Links)
    table: str | None = None

    def grounds(self) -> dict[str, str]:
        """What, beside the reports, the graph follows from."""
        said = repr((self.reviewed, self.links, self.table))
        word = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
        return {"base": self.base, "program": cache.program(), "word": word}


@dataclass(frozen=True)
class BuildResult:
    """What a build wrote.

    Attributes:
        out: the folder.
        reports: stems of the reports in it, sorted.
        triples: distinct triples of ``graph.ttl``.
        quads: statements of ``graph.trig``: the default graph and one graph a report.
        extracted: how many of them were extracted now; the others came from the cache.
        skipped: files that could not be read, with the reason, if they were let pass.
        entities: things by kind.
        counts: passages, observations, milestones, relations and what had no mention.
    """

    out: Path
    reports: tuple[str, ...]
    triples: int
    quads: int
    extracted: int = 0
    skipped: tuple[str, ...] = ()
    entities: dict[str, int] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)

    def summary(self) -> list[str]:
        """A few lines for people."""
        kinds = " · ".join(f"{kind} {number:,}" for kind, number in self.entities.items())
        counts = self.counts
        lines = [
            f"{len(self.reports):,} reports ({self.extracted:,} extracted now), "
            f"{self.triples:,} triples, {self.quads:,} quads",
            f"{sum(self.entities.values()):,} things: {kinds}",
            f"{counts.observations:,} observations · {counts.milestones:,} milestones · "
            f"{counts.relations:,} relations · {counts.passages:,} passages",
        ]
        return lines + [f"left out: {reason}" for reason in self.skipped]
