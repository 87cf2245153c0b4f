"""The network page: data out of the graph, communities, layout, and the page's own safety."""

from __future__ import annotations

import json
import re
from pathlib import Path

import made_up
import pytest

from kg.errors import MissingInput, UsageError
from kg.view import NetworkData, network_page, pyvis_network, read
from kg.view.graph import communities, focus, importance, network
from kg.view.layout import arrange, shorten
from kg.view.payload import labels
from kg.view.pinyin import initials
from kg.view.things import Entity, Link, Passage, Source, name_span


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up.folder(tmp_path_factory.mktemp("view") / "out")


@pytest.fixture(scope="module")
def data(folder: Path) -> NetworkData:
    return read(folder)


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return network_page(folder)


def content(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def ring(count: int) -> NetworkData:
    """Names in a ring, four to a paragraph."""
    base, report = "https://example.org/id/", "https://example.org/id/report/r"
    entities, passages = {}, {}
    for number in range(count):
        name = f"第{number}号项目"
        passage = f"{report}/passage/{number}"
        passages[passage] = Passage(report, name, number * 30, number * 30 + len(name), number // 4)
        iri = f"{base}project/{number}"
        entities[iri] = Entity(iri, name, "Project", mentions=(passage,))
    iris = list(entities)
    links = tuple(Link(a, "partOf", b) for a, b in zip(iris, iris[1:] + iris[:1], strict=True))
    return NetworkData(entities, links, passages=passages, reports={report: Source(report, "环")})


def test_reads_names_links_and_statements(data: NetworkData) -> None:
    names = {entity.name: entity for entity in data.entities.values()}
    assert names["青山商务区"].kind == "Zone"
    assert {"东海大桥", "东海大桥二期", "青山中学", "蓝天集团"} <= names.keys()
    links = {
        (data.entities[k.source].name, k.predicate, data.entities[k.target].name)
        for k in data.links
    }
    assert ("蓝天集团", "settledIn", "青山商务区") in links
    school = [m for m in data.milestones if data.entities[m.entity].name == "青山中学"]
    assert {(m.stage, m.status, m.period) for m in school} == {
        ("completed", "actual", "2020"),
        ("in-operation", "target", "2021"),
    }
    assert {(o.indicator, o.measure, o.status) for o in data.observations} >= {
        ("地区生产总值", "level", "actual"),
        ("地区生产总值", "growth", "target"),
    }


def test_mentions_point_at_the_very_name(data: NetworkData) -> None:
    for entity in data.entities.values():
        for mention in entity.mentions:
            passage = data.passages[mention]
            text = data.texts[passage.report]
            assert text[passage.start : passage.end] == passage.quote
            assert "".join(passage.quote.split()) in {entity.name, *entity.others}


def test_name_span_looks_past_white_space() -> None:
    assert name_span("推进东六环 路入地改造", ["东六环路入地改造", "东六环"]) == (2, 11)
    assert name_span("无此名", ["东六环"]) is None


def test_missing_graph_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match="no graph"):
        network_page(tmp_path / "none")


def test_page_is_the_same_each_time(folder: Path, page: str) -> None:
    assert network_page(folder) == page


def test_page_loads_nothing_and_runs_only_its_own_script(page: str) -> None:
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|innerHTML|eval\(", page)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]


def test_markup_in_a_report_stays_text(page: str) -> None:
    assert "<script>window.hacked" not in page
    names = [row[0] for row in content(page)["nodes"]]  # type: ignore[attr-defined]
    assert "<script>window.hacked=1</script>项目" in names


def test_page_says_its_language_and_encoding(page: str) -> None:
    assert '<html lang="zh">' in page
    assert '<meta charset="utf-8">' in page


def test_quotes_lie_in_their_sentences(page: str, data: NetworkData) -> None:
    found = content(page)
    sentences = found["sentences"]
    for _, _, _, _, _, quotes in found["milestones"]:  # type: ignore[attr-defined]
        assert quotes
        for place, start, end in quotes:
            report, _, offset, sentence = sentences[place]  # type: ignore[index]
            assert 0 <= start < end <= len(sentence)
            source = data.texts[found["reports"][report]["iri"]]  # type: ignore[index]
            assert source[offset + start : offset + end] == sentence[start:end]


def test_focus_keeps_what_is_near(folder: Path) -> None:
    near = content(network_page(folder, focus="青山商务区", depth=1))
    names = {row[0] for row in near["nodes"]}  # type: ignore[attr-defined]
    assert "蓝天集团" in names
    assert near["focus"]


def test_types_filter(folder: Path) -> None:
    rows = content(network_page(folder, types=["Project"]))["nodes"]
    assert {row[1] for row in rows} == {0}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"focus": "无此地"}, "nothing is named"),
        ({"focus": "青山中学", "depth": 0}, "depth 0"),
        ({"types": ["Planet"]}, "no kind 'Planet'; choose from: Project"),
    ],
)
def test_wrong_use_is_told(folder: Path, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        network_page(folder, **arguments)  # type: ignore[arg-type]


def test_too_many_names_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.view.page.LIMIT", 40)
    found = content(network_page(ring(200)))
    assert found["total"] == 200
    assert len(found["nodes"]) == 40  # type: ignore[arg-type]


def test_only_what_is_told_most_is_read(folder: Path, data: NetworkData) -> None:
    few = read(folder, most=3)
    assert len(few.entities) == 3
    assert few.total == len(data.entities)
    assert "青山商务区" in {entity.name for entity in few.entities.values()}
    assert {item.entity for item in few.milestones} <= few.entities.keys()
    assert {e.kind for e in read(folder, kinds=["Zone"]).entities.values()} == {"Zone"}


def test_communities_take_in_every_name_once() -> None:
    data = ring(120)
    graph = network(data)
    parts = communities(data, graph, importance(data, graph))
    members = [iri for part in parts for iri in part.members]
    assert sorted(members) == sorted(data.entities)
    assert 4 <= len(parts) <= 12
    assert all(part.name for part in parts)


def test_focus_widens_with_depth() -> None:
    data = ring(60)
    graph = network(data)
    start = next(iter(data.entities))
    sizes = [len(focus(graph, start, depth)) for depth in (1, 2, 3)]
    assert 1 < sizes[0] < sizes[1] < sizes[2]


def test_cards_do_not_cover_each_other() -> None:
    data = ring(240)
    graph = network(data)
    ranks = importance(data, graph)
    parts = communities(data, graph, ranks)
    layout = arrange(graph, parts, {iri: e.name for iri, e in data.entities.items()}, ranks)
    for cards, aspect in ((layout.wide, 1.66), (layout.tall, 0.54)):
        for place, one in enumerate(cards):
            for two in cards[place + 1 :]:
                apart_x = abs(one.x - two.x) * 2 >= one.width + two.width
                apart_y = abs(one.y - two.y) * 2 >= one.height + two.height
                assert apart_x or apart_y
        width = max(c.x + c.width / 2 for c in cards) - min(c.x - c.width / 2 for c in cards)
        height = max(c.y + c.height / 2 for c in cards) - min(c.y - c.height / 2 for c in cards)
        assert aspect * 0.7 < width / height < aspect * 1.5
    for part, (width, height) in zip(parts, layout.size, strict=True):
        for iri in part.members:
            x, y = layout.inner[iri]
            assert abs(x) <= width / 2
            assert abs(y) <= height / 2


def test_every_term_of_the_model_has_a_label() -> None:
    for group in ("kind", "measure", "predicate", "stage", "status"):
        assert all(labels(group).values())


def test_short_labels_and_initials() -> None:
    assert shorten("自由贸易试验区国际商务服务片区") == "自由贸易试验区国际商务…"
    assert shorten("5G") == "5G"
    pytest.importorskip("pypinyin")
    assert initials("重庆市") == "cqs"
    assert initials("17号线") == "17hx"


def test_pyvis_gets_the_same_things(data: NetworkData) -> None:
    filled = pyvis_network(data)
    assert {node["label"] for node in filled.nodes} == {e.name for e in data.entities.values()}
    assert len(filled.edges) == len({(link.source, link.target) for link in data.links})
    assert all(node["color"].startswith("#") for node in filled.nodes)
