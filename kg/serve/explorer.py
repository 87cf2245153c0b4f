"""The pages for people: search, browsing, things, reports, questions."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.model import KINDS
from kg.rdf import vocab
from kg.serve import charts, facts
from kg.serve.catalogue import bind, rows
from kg.serve.negotiation import GRAPH_FORMS, PAGE, choose
from kg.serve.protocol import CORS
from kg.view.things import name_span

if TYPE_CHECKING:
    from kg.serve.application import Service

__all__ = ["PAGES", "resource"]

_PER_PAGE = 100
_MOST = 200
"""Things that a page of search results shows."""
_SUFFIXES = {"ttl": "TURTLE", "nt": "N_TRIPLES", "jsonld": "JSON_LD", "rdf": "RDF_XML"}
_PASSAGE = re.compile(r"(?P<report>.*)/passage/(?P<start>\d+)-(?P<end>\d+)")


async def home(request: Request, service: Service) -> Response:
    """The first page: search, kinds, reports, what is named most."""
    from kg.query import named

    catalogue = service.catalogue
    return service.page(
        "home.html",
        counts=catalogue.kinds(),
        most={kind: catalogue.browse(kind=kind)[:12] for kind in catalogue.kinds()},
        reports=list(catalogue.reports.values())[:200],
        questions=named()[:40],
    )


async def search(request: Request, service: Service) -> Response:
    """Results of a search, as a page or (``/search.json``) for the box that searches as typed."""
    typed = request.query_params.get("q", "")[:100]
    kind = request.query_params.get("kind", "")
    kind = kind if kind in KINDS else ""
    limit = 12 if request.url.path.endswith(".json") else _MOST + 1
    found = await run_in_threadpool(service.catalogue.search, typed, kind=kind, limit=limit)
    if request.url.path.endswith(".json"):
        content = [
            {
                "name": item.name,
                "kind": item.kind,
                "others": list(item.others[:3]),
                "mentions": item.mentions,
                "path": service.addresses.path(item.iri),
            }
            for item in found
        ]
        return Response(json.dumps(content, ensure_ascii=False), media_type="application/json")
    indicators = [item for item in service.catalogue.indicators if typed and typed in item.name]
    return service.page(
        "search.html",
        typed=typed,
        kind=kind,
        found=found[:_MOST],
        more=len(found) > _MOST,
        indicators=indicators[:60],
    )


async def browse(request: Request, service: Service) -> Response:
    """Things by kind, place and year, a hundred at a time."""
    given = request.query_params
    kind = given.get("kind", "") if given.get("kind") in KINDS else ""
    place = given.get("place", "")
    year = _whole(given.get("year", ""))
    page = max(1, _whole(given.get("page", "")) or 1)
    found = await run_in_threadpool(service.catalogue.browse, kind=kind, place=place, year=year)
    return service.page(
        "browse.html",
        kind=kind,
        place=place,
        year=year,
        number=page,
        pages=max(1, -(-len(found) // _PER_PAGE)),
        total=len(found),
        found=found[(page - 1) * _PER_PAGE : page * _PER_PAGE],
    )


async def reports(request: Request, service: Service) -> Response:
    """All reports."""
    return service.page("reports.html", reports=list(service.catalogue.reports.values()))


async def indicators(request: Request, service: Service) -> Response:
    """All indicators, the ones with most figures first."""
    return service.page("indicators.html", indicators=service.catalogue.indicators[:2000])


async def query(request: Request, service: Service) -> Response:
    """The page where SPARQL is written, with the named questions."""
    from kg.query import named

    questions = [
        {
            "name": item.name,
            "title": item.title,
            "about": item.description,
            "query": item.query,
            "needs": item.needs,
            "slots": [
                {
                    "name": slot.name,
                    "title": slot.title,
                    "about": slot.about,
                    "language": slot.language,
                }
                for slot in item.slots
            ],
        }
        for item in named()
    ]
    words = await run_in_threadpool(_words, service)
    data = {
        "questions": questions,
        "words": words,
        "prefixes": dict(vocab.PREFIXES),
        "base": service.addresses.base,
        "prefix": service.addresses.prefix,
    }
    return service.page("query.html", questions=questions, data=_script_data(data))


def _words(service: Service) -> list[list[str]]:
    """The vocabulary for completion: prefixed name and what it means."""
    found = {}
    for name, namespace in vocab.PREFIXES.items():
        found[f"{name}:"] = namespace
    for row in _terms():
        for name, namespace in vocab.PREFIXES.items():
            if row[0].startswith(namespace):
                found[f"{name}:{row[0][len(namespace) :]}"] = row[1]
    for row_ in rows(service.store, "SELECT DISTINCT ?p { ?s ?p ?o }"):
        for name, namespace in vocab.PREFIXES.items():
            if row_["p"].startswith(namespace):
                found.setdefault(f"{name}:{row_['p'][len(namespace) :]}", "")
    return [[word, about] for word, about in sorted(found.items())]


def _terms() -> list[tuple[str, str]]:
    """The ontology's terms with their Chinese labels."""
    from pyoxigraph import RdfFormat, parse

    from kg import resources

    found = []
    content = resources.read("ontology/zhengpu.ttl").encode()
    for quad in parse(content, format=RdfFormat.TURTLE):
        term: Any = quad.object
        if quad.predicate.value.endswith("#label") and getattr(term, "language", "") == "zh":
            found.append((str(getattr(quad.subject, "value", "")), str(term.value)))
    return found


def _script_data(data: Any) -> Markup:
    """JSON that can stand inside a script element."""
    text = json.dumps(data, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))


async def network(request: Request, service: Service) -> Response:
    """The network page, of everything or around one thing (``?focus=…&depth=…``)."""
    from kg.errors import UsageError
    from kg.view import content_policy

    focus = request.query_params.get("focus") or None
    depth = min(3, max(1, _whole(request.query_params.get("depth", "")) or 1))
    stored = service.folder / "network.html"
    headers = {"Content-Security-Policy": f"{content_policy()}; frame-ancestors 'none'"}
    if focus is None and stored.is_file():
        content = await run_in_threadpool(stored.read_text, encoding="utf-8")
        if content_policy() in content:
            return Response(content, headers=headers, media_type="text/html")
    try:
        content = await run_in_threadpool(_network, service, focus, depth)
    except UsageError as error:
        raise HTTPException(404, str(error)) from error
    return Response(content, headers=headers, media_type="text/html")


def _network(service: Service, focus: str | None, depth: int) -> str:
    """The page; around one of very many things only what lies near it is read."""
    from kg.view import LIMIT, network_page, read

    if focus is None or len(service.catalogue.items) <= LIMIT:
        return network_page(service.folder, focus=focus, depth=depth)
    item = service.catalogue.named(focus)
    if item is None:
        raise HTTPException(404, f"没有叫“{focus}”的事物。")
    data = read(service.folder, only=facts.near(service.store, item.iri, depth))
    return network_page(data, focus=item.iri, depth=depth)


async def any_resource(request: Request, service: Service) -> Response:
    """A resource by ``?iri=``; those that have a page of their own are sent there."""
    iri = request.query_params.get("iri", "")
    if iri.startswith(service.addresses.base):
        return RedirectResponse(service.addresses.path(iri), 303)
    return await _show(request, service, iri)


async def resource(request: Request, service: Service) -> Response:
    """A resource at the path of its IRI."""
    iri = service.addresses.iri(request.scope.get("raw_path") or request.url.path.encode())
    if iri is None:
        raise HTTPException(404)
    return await _show(request, service, iri)


async def _show(request: Request, service: Service, iri: str) -> Response:
    """HTML or RDF, as the client likes best; ``?format=ttl`` overrides."""
    wanted = request.query_params.get("format", "")
    if wanted:
        if wanted not in _SUFFIXES:
            raise HTTPException(406, f"format: {', '.join(_SUFFIXES)}")
        form = next(item for item in GRAPH_FORMS if item.name == _SUFFIXES[wanted])
    else:
        chosen = choose(request.headers.get("accept", ""), (PAGE, *GRAPH_FORMS))
        if chosen is None:
            offered = ", ".join(item.media for item in (PAGE, *GRAPH_FORMS))
            raise HTTPException(406, offered)
        form = chosen
    try:
        if form is PAGE:
            return await run_in_threadpool(_page, request, service, iri)
        content = await run_in_threadpool(_graph, service, iri, form.name)
    except ValueError:
        raise HTTPException(404) from None
    if not content:
        raise HTTPException(404)
    headers = CORS | {"Vary": "Accept", "Content-Type": form.media}
    return Response(content, headers=headers)


def _graph(service: Service, iri: str, form: str) -> bytes:
    from pyoxigraph import RdfFormat

    found = facts.triples(service.store, iri)
    lines = sorted({str(triple) for triple in found})
    if not lines:
        return b""
    from pyoxigraph import parse, serialize

    plain = "".join(f"{line} .\n" for line in lines).encode()
    if form == "N_TRIPLES":
        return plain
    triples = (quad.triple for quad in parse(plain, format=RdfFormat.N_TRIPLES))
    return serialize(triples, format=getattr(RdfFormat, form), prefixes=dict(vocab.PREFIXES)) or b""


def _page(request: Request, service: Service, iri: str) -> Response:
    catalogue = service.catalogue
    headers = {"Vary": "Accept"}
    match = _PASSAGE.fullmatch(iri)
    if match and match["report"] in catalogue.reports:
        where = f"?at={match['start']}-{match['end']}#at"
        return RedirectResponse(service.addresses.path(match["report"]) + where, 303, headers)
    if iri in catalogue.by_iri:
        return _thing(service, iri, headers)
    if iri in catalogue.reports:
        return _report(request, service, iri, headers)
    indicator = next((item for item in catalogue.indicators if item.iri == iri), None)
    if indicator is not None:
        return _indicator(service, indicator, headers)
    return _other(service, iri, headers)


def _thing(service: Service, iri: str, headers: dict[str, str]) -> Response:
    item = service.catalogue.by_iri[iri]
    known = facts.about(service.store, iri)
    quoted = service.reader.quoted
    parted = facts.groups(known.figures)
    return service.page(
        "thing.html",
        headers=headers,
        item=item,
        life=[(life, quoted(life.place)) for life in known.life],
        ties=[(tie, quoted(tie.place) if tie.place else None) for tie in known.ties],
        groups=[
            (name, _charts(name, group), [(figure, quoted(figure.place)) for figure in group])
            for name, group in parted.items()
        ],
        mentions=[
            quoted(_narrowed(place, (item.name, *item.others))) for place in known.mentions[:200]
        ],
        total=len(known.mentions),
        merges=known.merges,
        reports=[service.catalogue.reports[report] for report in item.reports],
    )


def _narrowed(place: facts.Place, forms: tuple[str, ...]) -> facts.Place:
    """The name itself instead of the sentence that holds it."""
    span = name_span(place.quote, forms)
    if span is None:
        return place
    start, end = span
    return replace(
        place, quote=place.quote[start:end], start=place.start + start, end=place.start + end
    )


def _charts(name: str, figures: list[facts.Figure]) -> list[Markup]:
    """The charts are made of numbers and escaped text by :mod:`kg.serve.charts`."""
    return [Markup(charts.chart(group, name)) for group in charts.series(figures)]


def _indicator(service: Service, indicator: Any, headers: dict[str, str]) -> Response:
    found = facts.figures(service.store, indicator=indicator.iri)
    areas: dict[tuple[str, str], list[facts.Figure]] = {}
    for figure in found:
        areas.setdefault((figure.area, figure.area_name), []).append(figure)
    return service.page(
        "indicator.html",
        headers=headers,
        indicator=indicator,
        areas=[
            (
                area,
                name,
                _charts(f"{name} {indicator.name}", group),
                [(figure, service.reader.quoted(figure.place)) for figure in group],
            )
            for (area, name), group in sorted(areas.items(), key=lambda entry: entry[0][1])
        ],
    )


def _report(request: Request, service: Service, iri: str, headers: dict[str, str]) -> Response:
    lit = re.fullmatch(r"(\d{1,9})-(\d{1,9})", request.query_params.get("at", ""))
    light = (int(lit[1]), int(lit[2])) if lit else None
    extraction = service.reader.extraction(iri)
    return service.page(
        "report.html",
        headers=headers,
        report=service.catalogue.reports[iri],
        details=extraction.report if extraction else None,
        paragraphs=service.reader.text(iri, light),
    )


def _other(service: Service, iri: str, headers: dict[str, str]) -> Response:
    """A resource without a page of its own form: its triples, out and in."""
    out = [
        (str(triple.predicate.value), triple.object)
        for triple in _around(service, iri, "?thing ?p ?o")
    ]
    inward = [
        (str(triple.predicate.value), triple.subject)
        for triple in _around(service, iri, "?s ?p ?thing")
    ]
    if not out and not inward:
        raise HTTPException(404)
    return service.page(
        "resource.html",
        headers=headers,
        iri=iri,
        out=[(_short(p), *_term(o)) for p, o in out],
        inward=[(_short(p), *_term(s)) for p, s in inward],
    )


def _around(service: Service, iri: str, pattern: str) -> list[Any]:
    query = bind(f"CONSTRUCT {{ {pattern} }} WHERE {{ {pattern} }} LIMIT 500", {"thing": iri})
    found: Any = service.store.query(query, use_default_graph_as_union=True)
    return sorted(found, key=str)


def _short(iri: str) -> str:
    for name, namespace in vocab.PREFIXES.items():
        if iri.startswith(namespace):
            return f"{name}:{iri[len(namespace) :]}"
    return iri


def _term(term: Any) -> tuple[str, bool]:
    """What to show of a term, and whether it is an IRI."""
    return str(term.value), type(term).__name__ == "NamedNode"


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else None


PAGES = {
    "/": home,
    "/search": search,
    "/search.json": search,
    "/browse": browse,
    "/reports": reports,
    "/indicators": indicators,
    "/query": query,
    "/network": network,
    "/resource": any_resource,
}
"""The explorer's own paths."""
