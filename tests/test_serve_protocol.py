"""The SPARQL 1.1 Protocol over HTTP, request by request."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import made_up
import pytest

pytest.importorskip("starlette", reason="the extra 'serve' is not installed")
pytest.importorskip("uvicorn", reason="the extra 'serve' is not installed")
import httpx
from pyoxigraph import RdfFormat, parse
from serving import client, running

from kg.serve.negotiation import GRAPH_FORMS, RESULT_FORMS, choose
from kg.serve.pool import Answer, Limits, Question, _Kept

ROWS = "SELECT ?name { ?thing a zp:Zone ; skos:prefLabel ?name }"
GRAPH = "CONSTRUCT { ?thing skos:prefLabel ?name } { ?thing a zp:Zone ; skos:prefLabel ?name }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
REPORT = "https://w3id.org/zhengpu/id/report/donghai-2021"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = made_up.folder(tmp_path_factory.mktemp("protocol") / "out")
    limits = Limits(seconds=2, size=200_000, workers=2)
    with running(folder, limits=limits) as url, client(url) as http:
        yield http


def names(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [row["name"]["value"] for row in response.json()["results"]["bindings"]]


def test_get(http: httpx.Client) -> None:
    assert names(http.get("/sparql", params={"query": ROWS})) == ["青山商务区"]


def test_post_of_a_form(http: httpx.Client) -> None:
    assert names(http.post("/sparql", data={"query": ROWS})) == ["青山商务区"]


def test_post_of_the_query_itself(http: httpx.Client) -> None:
    response = http.post("/sparql", content=ROWS.encode(), headers=DIRECT)
    assert names(response) == ["青山商务区"]
    with_charset = {"Content-Type": "application/sparql-query; charset=utf-8"}
    assert names(http.post("/sparql", content=ROWS.encode(), headers=with_charset))


def test_head(http: httpx.Client) -> None:
    response = http.head("/sparql", params={"query": ROWS})
    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.parametrize("form", RESULT_FORMS, ids=lambda form: form.name)
def test_forms_of_results(http: httpx.Client, form: object) -> None:
    media = form.media  # type: ignore[attr-defined]
    response = http.get("/sparql", params={"query": ROWS}, headers={"Accept": media})
    assert response.headers["content-type"].startswith(media)
    if media.endswith("json"):
        assert names(response)
    elif media.endswith("xml"):
        assert "青山商务区" in "".join(ElementTree.fromstring(response.content).itertext())
    elif media == "text/csv":
        assert list(csv.reader(io.StringIO(response.text))) == [["name"], ["青山商务区"]]
    else:
        assert response.text.splitlines() == ["?name", '"青山商务区"@zh']


@pytest.mark.parametrize("form", GRAPH_FORMS, ids=lambda form: form.name)
def test_forms_of_graphs(http: httpx.Client, form: object) -> None:
    media, name = form.media, form.name  # type: ignore[attr-defined]
    response = http.get("/sparql", params={"query": GRAPH}, headers={"Accept": media})
    assert response.headers["content-type"].startswith(media)
    quads = list(parse(response.content, format=getattr(RdfFormat, name)))
    assert [quad.object.value for quad in quads] == ["青山商务区"]


def test_ask_and_describe(http: httpx.Client) -> None:
    assert http.get("/sparql", params={"query": "ASK { ?s a zp:Zone }"}).json()["boolean"] is True
    query = "DESCRIBE ?s { ?s a zp:Zone }"
    response = http.get("/sparql", params={"query": query}, headers={"Accept": "text/turtle"})
    assert "青山商务区" in response.text


def test_without_accept_json_and_turtle(http: httpx.Client) -> None:
    for query, media in ((ROWS, "application/sparql-results+json"), (GRAPH, "text/turtle")):
        response = http.get("/sparql", params={"query": query}, headers={"Accept": ""})
        assert response.headers["content-type"].startswith(media)


def test_the_best_liked_form_is_sent(http: httpx.Client) -> None:
    accept = "text/html, text/csv;q=0.5, application/sparql-results+xml;q=0.8, */*;q=0.1"
    response = http.get("/sparql", params={"query": ROWS}, headers={"Accept": accept})
    assert response.headers["content-type"] == "application/sparql-results+xml"
    assert response.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "JSON"),
        ("*/*", "JSON"),
        ("text/*", "CSV"),
        ("application/json;q=0.2, text/csv;q=0.9", "CSV"),
        ("application/sparql-results+json;q=0, */*", "XML"),
        ("TEXT/CSV", "CSV"),
        ("text/csv;q=nonsense", None),
        ("image/png", None),
        (",,;", "JSON"),
    ],
)
def test_negotiation(accept: str, name: str | None) -> None:
    form = choose(accept, RESULT_FORMS)
    assert (form.name if form else None) == name


def test_406(http: httpx.Client) -> None:
    for query in (ROWS, GRAPH):
        response = http.get("/sparql", params={"query": query}, headers={"Accept": "image/png"})
        assert response.status_code == 406
        assert "offered here" in response.text


@pytest.mark.parametrize(
    "query", ["SELEC * { }", "SELECT * { ?s ?p ", "", "SELECT ?x { ?x zz:y 1 }"]
)
def test_400_with_the_words_of_the_parser(http: httpx.Client, query: str) -> None:
    response = http.post("/sparql", content=query.encode(), headers=DIRECT)
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/plain")
    assert "does not parse" in response.text
    assert len(response.text) > 30


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"method": "GET", "params": {"quer": ROWS}}, 400),
        ({"method": "GET", "params": [("query", ROWS), ("query", ROWS)]}, 400),
        ({"method": "POST", "data": {"other": "x"}}, 400),
        ({"method": "POST", "content": b"%", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"method": "POST", "content": ROWS.encode()}, 415),
        ({"method": "POST", "content": b"\xff\xfe", "headers": DIRECT}, 400),
        ({"method": "POST", "content": b"query=%FF", "headers": FORM}, 400),
        ({"method": "POST", "content": b"x" * (2**20 + 1), "headers": DIRECT}, 413),
        ({"method": "POST", "data": {"update": "DELETE WHERE { ?s ?p ?o }"}}, 403),
        (
            {
                "method": "POST",
                "content": b"CLEAR ALL",
                "headers": {"Content-Type": "application/sparql-update"},
            },
            403,
        ),
        ({"method": "POST", "content": b"CLEAR ALL", "headers": DIRECT}, 400),
        ({"method": "PUT", "content": b"x"}, 405),
        ({"method": "DELETE"}, 405),
        ({"method": "GET", "params": {"query": ROWS, "default-graph-uri": "not an iri"}}, 400),
    ],
)
def test_what_is_refused(http: httpx.Client, request_: dict[str, object], status: int) -> None:
    response = http.request(url="/sparql", **request_)  # type: ignore[arg-type]
    assert response.status_code == status, response.text


def test_other_endpoints_are_not_asked(http: httpx.Client) -> None:
    query = "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"
    response = http.get("/sparql", params={"query": query})
    assert (response.status_code, "SERVICE" in response.text) == (400, True)
    harmless = 'SELECT ("SERVICE <x> {" AS ?name) { } # SERVICE'
    assert names(http.get("/sparql", params={"query": harmless})) == ["SERVICE <x> {"]


def test_dataset_of_the_request(http: httpx.Client) -> None:
    def count(query: str, **graphs: str) -> int:
        params = {"query": query} | {key.replace("_", "-"): value for key, value in graphs.items()}
        rows = http.get("/sparql", params=params).json()["results"]["bindings"]
        return int(rows[0]["n"]["value"])

    every = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    union, own = count(every), count(every, default_graph_uri=REPORT)
    assert 0 < own < union
    assert count(named, named_graph_uri=REPORT) == own
    assert count(every, named_graph_uri=REPORT) == 0
    assert count(named, default_graph_uri=REPORT) == 0
    assert count(every, default_graph_uri="https://example.org/none") == 0
    assert count(every.replace("{", f"FROM <{REPORT}> {{", 1)) == own
    other = every.replace("{", "FROM <https://example.org/none> {", 1)
    assert count(other, default_graph_uri=REPORT) == own


def test_dataset_of_a_direct_post(http: httpx.Client) -> None:
    query = b"SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    url = f"/sparql?default-graph-uri={quote('https://example.org/none')}"
    response = http.post(url, content=query, headers=DIRECT)
    assert response.json()["results"]["bindings"][0]["n"]["value"] == "0"


def test_service_description(http: httpx.Client) -> None:
    response = http.get("/sparql", headers={"Accept": "text/turtle"})
    triples = {
        (quad.predicate.value.split("#")[-1], quad.object.value.split("#")[-1])
        for quad in parse(response.content, format=RdfFormat.TURTLE)
        if hasattr(quad.object, "value")
    }
    assert ("supportedLanguage", "SPARQL11Query") in triples
    assert ("feature", "UnionDefaultGraph") in triples
    as_json = http.get("/sparql", headers={"Accept": "application/ld+json"})
    assert json.loads(as_json.content)
    person = http.get("/sparql", headers={"Accept": "text/html"})
    assert (person.status_code, person.headers["location"]) == (303, "/query")


def test_cors(http: httpx.Client) -> None:
    response = http.get("/sparql", params={"query": ROWS}, headers={"Origin": "https://a.example"})
    assert response.headers["access-control-allow-origin"] == "*"
    preflight = http.options("/sparql", headers={"Origin": "https://a.example"})
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]
    refused = http.get("/sparql", params={"query": "x"}, headers={"Origin": "https://a.example"})
    assert refused.headers["access-control-allow-origin"] == "*"


def test_too_long_an_answer(http: httpx.Client) -> None:
    response = http.get("/sparql", params={"query": "SELECT * { ?s ?p ?o . ?a ?b ?c }"})
    assert response.status_code == 413
    assert "LIMIT" in response.text


def test_a_slow_query_is_ended_and_stops_no_other(http: httpx.Client) -> None:
    slow: list[tuple[int, str]] = []

    def ask() -> None:
        response = http.post("/sparql", content=SLOW.encode(), headers=DIRECT)
        slow.append((response.status_code, response.text))

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.2)
    begun = time.monotonic()
    assert names(http.get("/sparql", params={"query": ROWS}))
    others = time.monotonic() - begun
    thread.join(timeout=60)
    assert slow
    assert slow[0][0] == 503
    assert "longer than 2 seconds" in slow[0][1]
    assert others < 2
    for _ in range(4):
        assert names(http.get("/sparql", params={"query": ROWS}))


def test_answers_are_kept_for_the_same_question_only() -> None:
    kept = _Kept(1600)
    answer = Answer(200, "text/csv", b"x" * 60)
    first = Question("SELECT 1", "text/csv")
    kept.put(first, answer)
    assert kept.get(first) is answer
    assert kept.get(Question("SELECT 1", "text/turtle")) is None
    assert kept.get(Question("SELECT 1", "text/csv", default_graphs=("urn:x",))) is None
    kept.put(Question("big"), Answer(200, "text/csv", b"x" * 200))
    kept.put(Question("bad"), Answer(503, "text/plain", b"late"))
    assert kept.get(Question("big")) is None
    assert kept.get(Question("bad")) is None
    for number in range(40):
        kept.put(Question(f"SELECT {number + 2}"), answer)
    assert kept.get(first) is None
    assert kept.get(Question("SELECT 41")) is answer


def test_the_store_is_not_changed_by_anything(tmp_path: Path) -> None:
    folder = made_up.folder(tmp_path / "out")
    before = sorted((path.name, path.stat().st_size) for path in (folder / "store").iterdir())
    with running(folder, limits=Limits(workers=1)) as url, client(url) as http:
        assert names(http.get("/sparql", params={"query": ROWS}))
    after = sorted((path.name, path.stat().st_size) for path in (folder / "store").iterdir())
    assert after == before
