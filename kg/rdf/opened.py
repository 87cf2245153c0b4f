"""The graph of a folder that a build wrote, or of a file, opened for reading."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.errors import FormatError, MissingExtra, MissingInput, UnreadableInput
from kg.rdf.vocab import BASE

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Store

__all__ = [
    "FORM",
    "MANIFEST",
    "RDFLIB_FORMS",
    "STORE",
    "SUFFIXES",
    "TURTLE",
    "as_rdflib",
    "base_of",
    "graph_file",
    "load",
    "open_store",
    "read_manifest",
]

TURTLE: Final = "graph.ttl"
STORE: Final = "store"
MANIFEST: Final = "build.json"
FORM: Final = 1
"""Of the folder; another number is another layout."""

SUFFIXES: Final = {
    ".ttl": "TURTLE",
    ".trig": "TRIG",
    ".nt": "N_TRIPLES",
    ".nq": "N_QUADS",
    ".rdf": "RDF_XML",
    ".jsonld": "JSON_LD",
}
"""Endings of graph files that can be queried → pyoxigraph's formats."""

RDFLIB_FORMS: Final = {
    ".ttl": "turtle",
    ".trig": "trig",
    ".nt": "nt",
    ".nq": "nquads",
    ".rdf": "xml",
    ".jsonld": "json-ld",
}
"""The same endings → rdflib's formats."""


def read_manifest(out: Path) -> dict[str, Any]:
    """What ``build.json`` of a folder says.

    Raises:
        MissingInput: there is no such folder, or no build wrote it.
        FormatError: the file is damaged or of another version.
    """
    path = out / MANIFEST
    if not out.is_dir() or not path.is_file():
        raise MissingInput(
            f"{str(out)!r} holds no graph", remedy="build one with `kg build FILE… -o OUT`"
        )
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        form = manifest["form"]
    except OSError as error:
        raise UnreadableInput(f"cannot read {str(path)!r} ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise FormatError(f"{str(path)!r} is damaged", remedy="build the folder again") from error
    if form != FORM:
        raise FormatError(
            f"{str(out)!r} was written in form {form!r}, not {FORM}",
            remedy="build it again with this version",
        )
    return manifest


def open_store(graph: Path) -> Store:
    """A folder's store, read-only, or a graph file's content in memory.

    Ask it with ``use_default_graph_as_union=True``: what reports share stands in the
    default graph, what each says in the graph that bears the report's IRI.

    Raises:
        MissingInput: there is no such folder or file, or no build wrote the folder.
        UnreadableInput: the store is damaged.
        FormatError: the file does not parse, or its ending is not known.
    """
    from pyoxigraph import Store

    graph = Path(graph)
    if graph.is_file():
        return load(graph)
    if not graph.exists():
        raise MissingInput(
            f"there is no {str(graph)!r}", remedy="build it with `kg build FILE… -o OUT`"
        )
    read_manifest(graph)
    try:
        return Store.read_only(str(graph / STORE))
    except (OSError, ValueError) as error:
        raise UnreadableInput(
            f"the store in {str(graph)!r} cannot be opened ({error})",
            remedy="build the folder again",
        ) from error


def load(path: Path) -> Store:
    """The content of a graph file, in memory.

    Raises:
        FormatError: it does not parse, or its ending is not known.
        UnreadableInput: it cannot be read.
    """
    from pyoxigraph import RdfFormat, Store

    form = SUFFIXES.get(path.suffix.lower())
    if form is None:
        raise FormatError(f"{str(path)!r} has no ending of a graph file", choices=SUFFIXES)
    store = Store()
    try:
        store.bulk_load(path=str(path), format=getattr(RdfFormat, form))
    except OSError as error:
        raise UnreadableInput(f"cannot read {str(path)!r} ({error})") from error
    except (SyntaxError, ValueError) as error:
        raise FormatError(f"{str(path)!r} does not parse ({error})") from error
    return store


def graph_file(graph: Path, name: str = TURTLE) -> Path:
    """``graph.ttl`` (or ``graph.trig``) of a folder; a graph file is its own.

    Raises:
        MissingInput: there is none.
    """
    graph = Path(graph)
    if graph.is_file():
        return graph
    if not graph.exists():
        raise MissingInput(
            f"there is no {str(graph)!r}", remedy="build it with `kg build FILE… -o OUT`"
        )
    read_manifest(graph)
    path = graph / name
    if not path.is_file():
        raise MissingInput(f"{str(graph)!r} lacks {name}", remedy="build the folder again")
    return path


def base_of(graph: Path) -> str:
    """The base under which a folder's resources are named; the default for files."""
    if (Path(graph) / MANIFEST).is_file():
        return str(read_manifest(Path(graph))["base"])
    return BASE


def as_rdflib(graph: Path | str) -> rdflib.Graph:
    """The graph of a folder or file in rdflib, with the prefixes bound; reports' graphs united.

    Raises:
        MissingInput: there is no such folder or file, or no build wrote the folder.
        FormatError: the file does not parse, or its ending is not known.
        MissingExtra: rdflib is not installed.
    """
    from kg.rdf.vocab import PREFIXES

    try:
        import rdflib
    except ImportError as error:
        raise MissingExtra("rdflib is not installed", remedy="pip install rdflib") from error
    path = graph_file(Path(graph))
    name = RDFLIB_FORMS.get(path.suffix.lower())
    if name is None:
        raise FormatError(f"{str(path)!r} has no ending of a graph file", choices=RDFLIB_FORMS)
    whole = rdflib.Graph()
    for prefix, namespace in PREFIXES.items():
        whole.bind(prefix, namespace, replace=True)
    try:
        if name in ("trig", "nquads"):
            dataset = rdflib.Dataset()
            dataset.parse(path, format=name)
            for subject, predicate, other, _ in dataset.quads():
                whole.add((subject, predicate, other))
        else:
            whole.parse(path, format=name)
    except OSError as error:
        raise UnreadableInput(f"cannot read {str(path)!r} ({error})") from error
    except Exception as error:  # rdflib's parsers have no common error
        raise FormatError(f"{str(path)!r} does not parse ({error})") from error
    return whole
