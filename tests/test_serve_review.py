"""Review over HTTP: who is let in, and what is written down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import made_up
import pytest

pytest.importorskip("starlette", reason="the extra 'serve' is not installed")
pytest.importorskip("uvicorn", reason="the extra 'serve' is not installed")
import httpx
from serving import client, running

from kg import decisions
from kg.serve.review import Desk

REPORT = "https://w3id.org/zhengpu/id/report/donghai-2021"
TOKEN = "made-up-token"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up.folder(tmp_path_factory.mktemp("review") / "out")


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    with running(folder, review=Desk(folder, token=TOKEN)) as url:
        yield url


@pytest.fixture
def http(url: str) -> Iterator[httpx.Client]:
    with client(url, headers={"Accept": "text/html"}, follow_redirects=True) as http:
        assert http.get("/review", params={"token": TOKEN}).status_code == 200
        yield http


def body(**more: object) -> dict[str, object]:
    line = next(a for a in made_up.extraction().annotations if a.text.startswith("青山中学完工"))
    number = int(line.id.partition("#")[2])
    return {
        "report": REPORT, "paragraph": number, "start": 0, "end": 4, "kind": "Project",
        "verdict": "accept",
    } | more  # fmt: skip


def test_only_with_the_token(url: str, folder: Path) -> None:
    with client(url) as stranger:
        for path in ("/review", "/review?token=wrong", f"/review/decisions?report={REPORT}"):
            assert stranger.get(path).status_code == 403
        assert stranger.post("/review/decisions", json=body()).status_code == 403
        assert stranger.delete("/review/decisions").status_code == 403
    assert not (folder / decisions.NAME).exists()


def test_the_cookie_is_kept_from_scripts_and_other_sites(url: str) -> None:
    with client(url) as http:
        response = http.get("/review", params={"token": TOKEN})
        cookie = response.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert response.headers["location"] == "/review"


def test_other_sites_and_other_names_of_the_host_are_refused(http: httpx.Client) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        response = http.post("/review/decisions", json=body(), headers=headers)
        assert response.status_code == 403, headers


def test_decisions_are_written_down_and_taken_back(http: httpx.Client, folder: Path) -> None:
    path = folder / decisions.NAME
    for verdict, more in (
        ("accept", {}),
        ("retype", {"kind": "Institution", "other": "Project"}),
        ("join", {"other": "东海大桥"}),
        ("add", {"start": 5, "end": 6}),
    ):
        response = http.post("/review/decisions", json=body(verdict=verdict, **more))
        assert response.status_code == 201, response.text
    table = decisions.read(path)
    assert [item.verdict for item in table] == ["retype", "join", "add"]
    assert table[0].text == "青山中学"
    assert table[0].date
    listed = http.get("/review/decisions", params={"report": REPORT}).json()
    assert len(listed) == 3
    undone = http.request("DELETE", "/review/decisions", json={**listed[1], "report": REPORT})
    assert undone.status_code == 200
    assert [item.verdict for item in decisions.read(path)] == ["retype", "add"]


def test_decisions_outlive_a_rebuild(http: httpx.Client, folder: Path) -> None:
    http.post("/review/decisions", json=body())
    before = (folder / decisions.NAME).read_bytes()
    made_up.folder(folder)
    assert (folder / decisions.NAME).read_bytes() == before


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"verdict": "maybe"}, 400),
        ({"kind": "Planet"}, 400),
        ({"start": 5, "end": 5}, 400),
        ({"end": 10_000}, 400),
        ({"paragraph": 999}, 400),
        ({"start": "x"}, 400),
        ({"verdict": "join", "other": " "}, 400),
        ({"verdict": "join", "other": "无此一名"}, 400),
        ({"note": "x" * 3000}, 400),
        ({"report": "https://example.org/none"}, 404),
        ({"report": None}, 404),
    ],
)
def test_nonsense_is_refused(http: httpx.Client, more: dict[str, object], status: int) -> None:
    assert http.post("/review/decisions", json=body(**more)).status_code == status


def test_only_json_is_taken(http: httpx.Client) -> None:
    assert http.post("/review/decisions", data={"a": "b"}).status_code == 415
    broken = http.post(
        "/review/decisions", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert broken.status_code == 400


def test_report_page_is_a_desk(http: httpx.Client) -> None:
    page = http.get("/zhengpu/id/report/donghai-2021").text
    assert 'src="/static/review.js"' in page
    assert 'id="review"' in page
    assert 'data-start="0"' in page
