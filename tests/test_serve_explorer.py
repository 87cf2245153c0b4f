"""The explorer's pages, and what strangers may try on them."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import made_up
import pytest

pytest.importorskip("starlette", reason="the extra 'serve' is not installed")
pytest.importorskip("uvicorn", reason="the extra 'serve' is not installed")
import httpx
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from serving import client, running

from kg.errors import MissingInput, OutputError, UsageError
from kg.serve import facts, serve
from kg.serve.addresses import Addresses
from kg.store import open_store
from kg.view import read

BASE = "https://w3id.org/zhengpu/id/"
HTML = {"Accept": "text/html"}
PAGES = (
    "/",
    "/search?q=青山",
    "/browse",
    "/browse?kind=Zone&year=2021",
    "/reports",
    "/indicators",
    "/query",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up.folder(tmp_path_factory.mktemp("explorer") / "out")


@pytest.fixture(scope="module")
def http(folder: Path) -> Iterator[httpx.Client]:
    with running(folder) as url, client(url, headers=HTML) as http:
        yield http


def path_of(http: httpx.Client, name: str) -> str:
    hits = http.get("/search.json", params={"q": name}).json()
    return next(str(hit["path"]) for hit in hits if hit["name"] == name)


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_there_and_guarded(http: httpx.Client, page: str) -> None:
    response = http.get(page)
    assert response.status_code == 200
    assert response.text.startswith('<!DOCTYPE html>\n<html lang="zh">')
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r'(?:src|href)="(?:https?:)?//', response.text)
    assert not re.search(r"\son\w+=|style=", response.text)


def test_conditions_of_questions_are_labelled_in_chinese(http: httpx.Client) -> None:
    page = http.get("/query").text
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data
    slots = [slot for item in json.loads(data[1])["questions"] for slot in item["slots"]]
    assert {slot["title"] for slot in slots if slot["name"] == "year"} == {"年度"}
    assert all(re.fullmatch(r"[\u4e00-\u9fff]+", slot["title"]) for slot in slots)


def test_search_by_characters_and_initials(http: httpx.Client) -> None:
    assert http.get("/search.json", params={"q": "青山商务区"}).json()[0]["name"] == "青山商务区"
    pytest.importorskip("pypinyin")
    names = [hit["name"] for hit in http.get("/search.json", params={"q": "qssw"}).json()]
    assert names[0] == "青山商务区"
    assert http.get("/search.json", params={"q": ""}).json() == []


def test_browse_by_kind_place_and_year(http: httpx.Client) -> None:
    page = http.get("/browse", params={"kind": "Project", "year": "2021"}).text
    assert "东海大桥二期" in page
    assert "蓝天集团" not in page
    assert "东海大桥二期" not in http.get("/browse", params={"year": "1999"}).text
    assert (
        http.get("/browse", params={"page": "9" * 9, "year": "x", "kind": "<"}).status_code == 200
    )


def test_a_thing_with_its_life_links_and_quotes(http: httpx.Client) -> None:
    page = http.get(path_of(http, "青山商务区")).text
    assert "在建" in page
    assert "<mark>青山商务区加快建设</mark>" in page
    assert "蓝天集团</a> <b>入驻</b> 青山商务区" in page
    other = http.get(path_of(http, "蓝天集团")).text
    assert "<b>入驻</b> <a href=" in other
    school = http.get(path_of(http, "青山中学")).text
    assert school.index("完工") < school.index("投用")
    assert 'class="planned"' in school


def test_charts_of_indicators_over_years(http: httpx.Client) -> None:
    indicators = http.get("/indicators").text
    found = re.search(r'href="([^"]*)">地区生产总值<', indicators)
    assert found
    page = http.get(found[1]).text
    assert '<svg class="chart"' in page
    assert 'class="target"' in page
    assert "+3.4%" in page
    assert "约+8%" in page
    assert "110.3亿元" in page


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
    ],
)
def test_content_negotiation(http: httpx.Client, accept: str, form: RdfFormat) -> None:
    path = path_of(http, "东海大桥")
    response = http.get(path, headers={"Accept": accept})
    assert response.headers["content-type"].startswith(accept)
    assert response.headers["vary"] == "Accept"
    quads = list(parse(response.content, format=form))
    assert any(getattr(quad.object, "value", "") == "东海大桥" for quad in quads)
    assert any(quad.predicate.value.endswith("#milestoneOf") for quad in quads)


def test_page_stands_at_the_path_of_the_iri(http: httpx.Client) -> None:
    path = path_of(http, "青山商务区")
    assert path.startswith(urlsplit(BASE).path)
    by_iri = http.get("/resource", params={"iri": Addresses(BASE).iri(path.encode())})
    assert (by_iri.status_code, by_iri.headers["location"]) == (303, path)
    assert http.get(path + "?format=ttl").headers["content-type"].startswith("text/turtle")
    assert http.get(path + "?format=exe").status_code == 406
    assert http.get(path, headers={"Accept": "image/png"}).status_code == 406


def test_report_with_its_names_and_a_lit_passage(http: httpx.Client) -> None:
    path = "/zhengpu/id/report/donghai-2021"
    page = http.get(path).text
    assert page.count('<div class="paragraph') == len(made_up.extraction().report.paragraphs)
    assert 'class="name k-Zone"' in page
    quads = parse(
        http.get(path, headers={"Accept": "text/turtle"}).content, format=RdfFormat.TURTLE
    )
    passages = [str(q.subject.value) for q in quads if "/passage/" in str(q.subject)]
    shown = http.get(urlsplit(passages[0]).path)
    assert shown.status_code == 303
    lit = http.get(shown.headers["location"].partition("#")[0]).text
    assert '<mark class="lit" id="at">' in lit


def test_markup_in_a_report_is_shown_and_not_run(http: httpx.Client) -> None:
    name = "<script>window.hacked=1</script>项目"
    for page in (
        "/",
        "/browse",
        "/zhengpu/id/report/donghai-2021",
        path_of(http, name),
        "/network",
    ):
        text = http.get(page).text
        assert "<script>window.hacked" not in text
    assert "&lt;script&gt;window.hacked=1&lt;/script&gt;项目" in http.get("/browse").text


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=<script>alert(1)</script>",
        '/search?q="><img src=x onerror=alert(1)>',
        "/resource?iri=javascript:alert(1)",
        "/resource?iri=http://x/><script>alert(1)</script>",
        '/browse?place="><script>alert(1)</script>',
        "/zhengpu/id/<script>alert(1)</script>",
        "/nothing/<script>alert(1)</script>",
        "/network?focus=<script>alert(1)</script>",
    ],
)
def test_what_is_asked_is_escaped(http: httpx.Client, address: str) -> None:
    text = http.get(address).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/static/../application.py",
        "/static/%2e%2e/application.py",
        "/static/..%2fapplication.py",
        "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd",
        "/static//etc/passwd",
        "/zhengpu/id/../../etc/passwd",
        "/zhengpu/id/%2e%2e/%2e%2e/etc/passwd",
        "/zhengpu/id/report/..%2f..%2fbuild.json",
        "/zhengpu/id/%00",
        "/zhengpu/id/%ff%fe",
        "/zhengpu/id/a%0d%0aSet-Cookie:%20x=1",
        "/zhengpu/id/",
        "/graph.ttl",
        "/build.json",
    ],
)
def test_no_way_out_of_the_pages(http: httpx.Client, path: str) -> None:
    url = urlsplit(str(http.base_url))
    with socket.create_connection((url.hostname, url.port), timeout=30) as stream:
        stream.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: stream.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split()[1] in (b"404", b"400"), head
    assert b"root:" not in body
    assert b"import" not in body
    assert b"set-cookie" not in head.lower()


def test_headers_cannot_be_written_through_a_redirect(http: httpx.Client) -> None:
    iri = BASE + "x\r\nSet-Cookie: a=b"
    response = http.get("/resource", params={"iri": iri})
    assert "set-cookie" not in response.headers
    assert response.status_code in (303, 404)


def test_a_host_header_is_never_echoed(http: httpx.Client) -> None:
    response = http.get("/", headers={"Host": "evil.example"})
    assert "evil.example" not in response.text


def test_unknown_things_are_404(http: httpx.Client) -> None:
    for path in ("/zhengpu/id/nothing", "/nothing", "/resource?iri=urn:x:y", "/resource"):
        response = http.get(path)
        assert response.status_code == 404
        assert "没有这一页" in response.text
    plain = http.get("/nothing", headers={"Accept": "application/json"})
    assert plain.headers["content-type"].startswith("text/plain")


def test_only_reading_is_offered(http: httpx.Client) -> None:
    for path in ("/", "/browse", "/zhengpu/id/report/donghai-2021", "/static/explorer.css"):
        assert http.post(path).status_code == 405
    assert http.get("/review").status_code == 404


def test_network_page_under_its_own_policy(http: httpx.Client) -> None:
    response = http.get("/network", params={"focus": "青山商务区"})
    assert response.status_code == 200
    assert "sha256-" in response.headers["content-security-policy"]
    assert http.get("/network", params={"focus": "无此地"}).status_code == 404


def test_addresses_round_trip() -> None:
    addresses = Addresses(BASE)
    for name in (
        "北京市/place/通州区",
        "unit/微克%2F立方米",
        "policy/“十四五”规划",
        "project/17%20号线",
        "x/a(b)'c!",
    ):
        assert addresses.iri(addresses.path(BASE + name).encode()) == BASE + name
    assert addresses.iri(quote("/zhengpu/id/project/a(b)").encode()) == BASE + "project/a(b)"
    assert addresses.iri(b"/elsewhere/x") is None
    assert addresses.path("urn:x:y") == "/resource?iri=urn%3Ax%3Ay"
    assert Addresses("urn:x:").path("urn:x:y") == "/id/y"
    assert Addresses("urn:x:").iri(b"/id/y") == "urn:x:y"
    assert Addresses("https://a.example/").prefix == "/id/"


def test_wrong_use_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingInput):
        serve(tmp_path / "none")
    with pytest.raises(UsageError, match="loopback only"):
        serve(folder, host="0.0.0.0", review=True)
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(OutputError, match="cannot listen"),
    ):
        serve(folder, port=taken.getsockname()[1])


def test_around_one_of_many_things_only_what_is_near_is_read(folder: Path) -> None:
    store = open_store(folder)
    name = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    quads = store.quads_for_pattern(None, name, Literal("青山中学", language="zh"), None)
    school = next(iter(quads)).subject.value
    near = facts.near(store, school, 1)
    assert school in near
    assert len(near) > 1
    few = read(folder, only=near)
    whole = read(folder)
    assert set(few.entities) == near & set(whole.entities)
    assert all(few.entities[iri] == whole.entities[iri] for iri in few.entities)
    wanted = {item for item in whole.milestones if item.entity in near}
    assert set(few.milestones) == wanted
