"""Queries against a folder, a graph file or a SPARQL endpoint."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.errors import MissingInput, QueryError, UsageError, nearest
from kg.query.answer import Answer
from kg.query.named import LABELS, find, get
from kg.rdf.opened import base_of, open_store
from kg.rdf.vocab import BASE, PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["resolve", "run", "unknown"]

_URL: Final = re.compile(r"https?://", re.IGNORECASE)
_DATASET: Final = re.compile(r"\bFROM\s+(?:NAMED\s+)?[<\w]", re.IGNORECASE)
_COMMENT: Final = re.compile(r"""("[^"\n]*"|'[^'\n]*'|<[^<>\s]*>)|#[^\n]*""")
_FORM: Final = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_BEGIN: Final = re.compile(r"\s*(?:SELECT|ASK|CONSTRUCT|DESCRIBE|PREFIX|BASE)\b", re.IGNORECASE)
_UPDATE: Final = re.compile(
    r"(?:\s*(?:PREFIX\s+[^\s:]*:|BASE)\s*<[^>]*>)*\s*"
    r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b",
    re.IGNORECASE,
)
_FORMS: Final = "SELECT DISTINCT ?form WHERE { ?thing skos:prefLabel|skos:altLabel ?form }"
_TIMEOUT: Final = 120.0
_MESSAGE: Final = 160


def run(
    query: str, target: str | Path | Store, *, slots: Mapping[str, str] | None = None
) -> Answer:
    """Ask a graph.

    Args:
        query: SPARQL 1.1 with or without prefixes, a ``.rq`` file, or the title or name
            of a named question.
        target: a folder that a build wrote, a graph file, the URL of an endpoint, or a
            store that is open already.
        slots: values for the slots of a named question.

    Raises:
        QueryError: the query does not parse or run, or no question has that name.
        UsageError: a slot does not exist or is not filled.
        InputError: there is no such graph.
    """
    text = resolve(query, slots or {})
    if isinstance(target, str) and _URL.match(target):
        return _remote(text, target)
    if isinstance(target, str | Path):
        path = Path(target)
        return _local(text, open_store(path), base_of(path))
    return _local(text, target, BASE)


def resolve(query: str, slots: Mapping[str, str]) -> str:
    """The SPARQL that ``query`` stands for.

    Raises:
        QueryError: no question has that name.
        UsageError: a slot does not exist, or the query has none.
    """
    sparql = _is_sparql(query)
    named = None if sparql else find(query)
    if named is None and not sparql and not query.endswith(".rq"):
        named = get(query)
    if named is not None:
        return named.fill(slots)
    if slots:
        raise UsageError(
            "only named questions have slots", remedy="write the values into the query"
        )
    if sparql:
        return _read_only(query)
    try:
        return _read_only(Path(query).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise MissingInput(
            f"cannot read the query {query!r} ({error})",
            remedy="name a file, or a question of `kg query --list`",
        ) from error


def _is_sparql(query: str) -> bool:
    plain = _COMMENT.sub(r"\1", query)
    return "{" in query or bool(_BEGIN.match(plain) or _UPDATE.match(plain))


def _read_only(query: str) -> str:
    if _UPDATE.match(_COMMENT.sub(r"\1", query)):
        raise QueryError("updates are not taken: the graph is read-only")
    return query


def _local(query: str, store: Store, base: str) -> Answer:
    from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat

    union = not _DATASET.search(_COMMENT.sub(r"\1", query))
    try:
        result = store.query(
            query, base_iri=base, prefixes=dict(PREFIXES), use_default_graph_as_union=union
        )
        if isinstance(result, QueryBoolean | QuerySolutions):
            content = result.serialize(format=QueryResultsFormat.JSON)
            truth = isinstance(result, QueryBoolean)
            return Answer("truth" if truth else "rows", content or b"", base)
        content = result.serialize(format=RdfFormat.N_TRIPLES)
        lines = sorted(set((content or b"").splitlines(keepends=True)))
        return Answer("triples", b"".join(lines), base)
    except SyntaxError as error:
        raise QueryError(f"the query does not parse: {_words(error)}") from error
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"the query does not run: {error}") from error


def _words(error: SyntaxError) -> str:
    """What the parser says, on one line and without its list of all characters there are."""
    words = " ".join(str(error.msg or error).split())
    return words if len(words) <= _MESSAGE else f"{words[:_MESSAGE]}…"


def unknown(slots: Mapping[str, str], target: str | Path | Store) -> list[str]:
    """What to tell of slots that hold a name which nothing in a graph bears.

    Args:
        slots: as for :func:`run`.
        target: as there.

    Returns:
        A line for each, with the names that come near.
    """
    names = [slots[slot] for slot in sorted(LABELS.intersection(slots))]
    if not names:
        return []
    labels = {label for (label,) in run(_FORMS, target).rows() if label}
    told = []
    for name in names:
        if name not in labels:
            near = nearest(name, labels)
            listed = f"; near it: {', '.join(near)}" if near else ""
            told.append(f"nothing in the graph is named {name!r}{listed}")
    return told


def _remote(query: str, url: str) -> Answer:
    """Ask an endpoint by the SPARQL 1.1 Protocol."""
    import httpx

    form = _FORM.search(_COMMENT.sub(r"\1", query))
    triples = bool(form) and form[1].upper() in ("CONSTRUCT", "DESCRIBE")  # type: ignore[index]
    accept = "application/n-triples" if triples else "application/sparql-results+json"
    try:
        response = httpx.post(
            url,
            data={"query": _with_prefixes(query)},
            headers={"Accept": accept},
            timeout=_TIMEOUT,
            follow_redirects=True,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise QueryError(f"the endpoint {url!r} does not answer ({error})") from error
    if response.status_code >= 400:
        words = " ".join(response.text.split())[:300]
        raise QueryError(
            f"the endpoint {url!r} refuses the query ({response.status_code}): {words}"
        )
    if accept not in response.headers.get("content-type", ""):
        raise QueryError(
            f"{url!r} is no SPARQL endpoint", remedy="name the address that takes queries"
        )
    if triples:
        return Answer("triples", response.content)
    return Answer("truth" if _is_truth(response.content) else "rows", response.content)


def _is_truth(content: bytes) -> bool:
    import json

    try:
        return "boolean" in json.loads(content)
    except ValueError as error:
        raise QueryError(f"the endpoint's answer cannot be read ({error})") from error


def _with_prefixes(query: str) -> str:
    """The query with the known prefixes it uses but does not declare."""
    declared = {name.lower() for name in re.findall(r"(?i)\bPREFIX\s+(\w*):", query)}
    missing = [
        name for name in PREFIXES if name not in declared and re.search(rf"\b{name}:", query)
    ]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in missing) + query
