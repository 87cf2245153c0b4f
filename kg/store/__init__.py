"""The folder that ``kg build`` writes: graph files, texts, triple store, cached extractions."""

from __future__ import annotations

from kg.rdf.opened import base_of, graph_file, load, open_store
from kg.store.building import BuildResult, build, write
from kg.store.cache import extractions
from kg.store.exporting import FORMATS, export
from kg.store.folder import links

__all__ = [
    "FORMATS",
    "BuildResult",
    "base_of",
    "build",
    "export",
    "extractions",
    "graph_file",
    "links",
    "load",
    "open_store",
    "write",
]
