"""The SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/) and service description.

Queries go to the :class:`kg.serve.pool.Pool`; here requests are read and refused.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response

from kg.rdf.vocab import PREFIXES
from kg.serve.negotiation import GRAPH_FORMS, PAGE, RESULT_FORMS, Form, choose
from kg.serve.pool import Pool, Question

__all__ = ["BODY_LIMIT", "CORS", "description", "endpoint", "in_form"]

BODY_LIMIT = 2**20
"""Bytes of a request's body; longer ones are refused."""
CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Content-Type"}
_PREFLIGHT = CORS | {
    "Access-Control-Allow-Methods": "GET, POST, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}
_KNOWN = frozenset({"query", "default-graph-uri", "named-graph-uri"})
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]*")


class _Refusal(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, text: str, **headers: str) -> None:
        super().__init__(text)
        self.status = status
        self.headers = headers


async def endpoint(request: Request, pool: Pool, base: str, limiter: CapacityLimiter) -> Response:
    """Answer a request to ``/sparql``.

    Args:
        request: GET, POST or OPTIONS.
        pool: runs the query.
        base: IRI that relative IRIs of a query lean on.
        limiter: threads in which queries wait, apart from those that make pages.
    """
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_PREFLIGHT | {"Allow": "GET, POST, HEAD, OPTIONS"})
    try:
        question = await _question(request, base)
    except _Refusal as refusal:
        return _text(refusal.status, str(refusal), **refusal.headers)
    if question is None:
        return _describe(request)
    answer = await to_thread.run_sync(pool.ask, question, limiter=limiter)
    headers = CORS | {"Vary": "Accept", "Cache-Control": "no-cache"}
    if answer.status == 503:
        headers["Retry-After"] = "5"
    return Response(answer.content, answer.status, headers | {"Content-Type": answer.media})


def _text(status: int, text: str, **headers: str) -> Response:
    return Response(text + "\n", status, CORS | headers, media_type="text/plain")


async def _question(request: Request, base: str) -> Question | None:
    """The query of a request; ``None`` where it asks for the service description."""
    if request.method not in ("GET", "HEAD", "POST"):
        raise _Refusal(
            405, f"{request.method} is not offered here.", Allow="GET, POST, HEAD, OPTIONS"
        )
    fields = _fields(request.url.query)
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/x-www-form-urlencoded":
            fields = fields + _fields(await _body(request))
        elif kind == "application/sparql-query":
            if any(name == "query" for name, _ in fields):
                raise _Refusal(400, "A query in the body and one in the address are one too many.")
            fields = [*fields, ("query", await _body(request))]
        elif kind == "application/sparql-update":
            raise _Refusal(403, "The graph is read-only.")
        else:
            raise _Refusal(
                415,
                f"A body of type {kind or 'none'} is not understood; send "
                "application/x-www-form-urlencoded or application/sparql-query.",
            )
    elif not fields:
        return None
    return _read(fields, request.headers.get("accept", ""), base)


def _fields(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise _Refusal(400, "The parameters are not UTF-8 in URL encoding.") from error


async def _body(request: Request) -> str:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > BODY_LIMIT:
            raise _Refusal(413, f"The body is longer than {BODY_LIMIT} bytes.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _Refusal(400, "The body is not UTF-8.") from error


def _read(fields: list[tuple[str, str]], accept: str, base: str) -> Question:
    queries = [value for name, value in fields if name == "query"]
    if any(name == "update" for name, _ in fields):
        raise _Refusal(403, "The graph is read-only.")
    if len(queries) != 1:
        raise _Refusal(400, f"There must be one query, not {len(queries)}.")
    graphs: dict[str, tuple[str, ...]] = {}
    for name in ("default-graph-uri", "named-graph-uri"):
        graphs[name] = tuple(value for key, value in fields if key == name)
        for iri in graphs[name]:
            if not _ABSOLUTE.fullmatch(iri):
                raise _Refusal(400, f"{name} {iri!r} is not an absolute IRI.")
    named = any(graphs.values())
    return Question(
        query=queries[0],
        accept=accept,
        default_graphs=graphs["default-graph-uri"] if named else None,
        named_graphs=graphs["named-graph-uri"] if named else None,
        base=base,
    )


def _describe(request: Request) -> Response:
    accept = request.headers.get("accept", "")
    form = choose(accept, (*GRAPH_FORMS, PAGE))
    if form is None:
        offered = ", ".join(item.media for item in GRAPH_FORMS)
        return _text(406, f"The description of the service comes as {offered}.")
    if form is PAGE:
        return Response(status_code=303, headers={"Location": "/query", "Vary": "Accept"})
    url = str(request.url.replace(query="", fragment=""))
    return Response(
        in_form(description(url), form),
        headers=CORS | {"Vary": "Accept", "Content-Type": form.media},
    )


def description(url: str) -> str:
    """The service description (https://www.w3.org/TR/sparql11-service-description/) in Turtle."""
    formats = "http://www.w3.org/ns/formats/"
    names = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV",
             "SPARQL_Results_TSV", "Turtle", "N-Triples", "JSON-LD", "RDF_XML")  # fmt: skip
    assert len(names) == len(RESULT_FORMS) + len(GRAPH_FORMS)
    forms = ", ".join(f"<{formats}{name}>" for name in names)
    return f"""@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix dcterms: <{PREFIXES["dcterms"]}> .

<{_iri(url)}> a sd:Service ;
    sd:endpoint <{_iri(url)}> ;
    dcterms:title "政谱 SPARQL 查询服务"@zh, "zhengpu SPARQL endpoint"@en ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ;
    sd:resultFormat {forms} ;
    sd:defaultDataset [ a sd:Dataset ; sd:defaultGraph [ a sd:Graph ] ] .
"""


def _iri(url: str) -> str:
    return re.sub(r"[\s<>\"{}|\\^`]", "", url)


def in_form(turtle: str, form: Form) -> bytes:
    """A graph in another form."""
    from pyoxigraph import RdfFormat, parse, serialize

    triples = parse(turtle.encode(), format=RdfFormat.TURTLE)
    prefixes = None if form.name == "N_TRIPLES" else dict(PREFIXES)
    content = serialize(
        (quad.triple for quad in triples), format=getattr(RdfFormat, form.name), prefixes=prefixes
    )
    return content or b""
