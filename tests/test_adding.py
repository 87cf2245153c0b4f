"""Adding reports: what is touched is made again, and the result is that of one build."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from kg import pipeline, store, view
from kg.entities import link
from kg.errors import OutputError
from kg.model import Annotation, Extraction, Mention, Report
from kg.rdf.splicing import splice
from kg.rdf.turtle import Writer
from kg.store import adding, building, extracting, patching
from kg.store.ledger import Ledger

REPORTS = {
    "tongzhou-2021": "北京市通州区2021年政府工作报告\n一、2020年工作回顾\n体育场投入使用。"
    "地区生产总值增长3.5%。\n二、2021年工作安排\n平谷线开工建设。地区生产总值增长6%左右。\n",
    "tongzhou-2022": "北京市通州区2022年政府工作报告\n一、2021年工作回顾\n地区生产总值增长6.4%。"
    "通州区体育场完成改造。22号线开工建设。\n二、2022年工作安排\n22号线建成通车。\n",
    "tongzhou-2023": "北京市通州区2023年政府工作报告\n一、2022年工作回顾\n"
    "22号线（平谷线）建成通车。深圳市福田区来访，学习“十四五”规划。\n",
    "futian-2021": "深圳市福田区2021年政府工作报告\n一、2020年工作回顾\n黄木岗交通枢纽开工建设。"
    "福田区体育场投入使用。\n二、2021年工作安排\n黄木岗交通枢纽建成通车。新增就业1500人。\n",
    "shenzhen-2021": "深圳市2021年政府工作报告\n一、2020年工作回顾\n黄木岗交通枢纽加快建设。"
    "学习“十四五”规划。\n二、2021年工作安排\n失业率控制在5%以内。\n",
}
NAMES = {
    "22号线（平谷线）": "Project",
    "黄木岗交通枢纽": "Project",
    "通州区体育场": "Project",
    "福田区体育场": "Project",
    "体育场": "Project",
    "平谷线": "Project",
    "22号线": "Project",
    "“十四五”规划": "Policy",
    "福田区": "Place",
    "深圳市": "Place",
}
ORDERS = (
    ("tongzhou-2021", "tongzhou-2022", "tongzhou-2023", "futian-2021", "shenzhen-2021"),
    ("shenzhen-2021", "futian-2021", "tongzhou-2023", "tongzhou-2022", "tongzhou-2021"),
    ("tongzhou-2023", "tongzhou-2021", "shenzhen-2021", "tongzhou-2022", "futian-2021"),
    ("futian-2021", "tongzhou-2022", "shenzhen-2021", "tongzhou-2021", "tongzhou-2023"),
)


def named(report: Report, *_: object) -> Extraction:
    """The report with the names of the table, and what the program says of them."""
    annotations = tuple(Annotation(item.id, item.text) for item in report.paragraphs)
    names = [_mentions(item.text) for item in report.paragraphs]
    return pipeline.restate(Extraction(report, annotations), names)


def _mentions(line: str) -> list[Mention]:
    found: list[Mention] = []
    for name in sorted(NAMES, key=len, reverse=True):
        start = line.find(name)
        while start >= 0:
            end = start + len(name)
            if all(end <= item.start or item.end <= start for item in found):
                found.append(Mention(start, end, name, NAMES[name], rule="table"))
            start = line.find(name, end)
    return sorted(found, key=lambda item: item.start)


@pytest.fixture(autouse=True)
def ways(monkeypatch):
    """Names come from the table, the page is blank; the ways that builds took are told."""
    taken = []
    monkeypatch.setattr(extracting, "_extract_one", named)
    monkeypatch.setattr(view, "network_page", lambda work: "<!doctype html>")
    for way in ("whole", "added"):
        write = getattr(building, f"write_{way}")
        monkeypatch.setattr(building, f"write_{way}", partial(_told, taken, way, write))
    return taken


def _told(taken: list[str], way: str, write, *arguments) -> store.BuildResult:
    taken.append(way)
    return write(*arguments)


@pytest.fixture
def reports(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for stem, text in REPORTS.items():
        (folder / f"{stem}.txt").write_text(text, encoding="utf-8")
    return folder


def build(reports: Path, stems, out: Path, **options) -> store.BuildResult:
    return store.build([reports / f"{stem}.txt" for stem in stems], out, **options)


def content(out: Path) -> dict[str, object]:
    """All that a folder holds: bytes of files, quads of the store, rows of the ledger."""
    held: dict[str, object] = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.parent.name != "store" and path.suffix not in (".sqlite", ".tsv")
    }
    held["quads"] = set(store.open_store(out))
    with Ledger(out / "ledger.sqlite") as ledger:
        held["ledger"] = ledger.tables()
    return held


def labels(out: Path) -> set[str]:
    rows = store.open_store(out).query(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        "PREFIX zp: <https://w3id.org/zhengpu/ontology#> "
        "SELECT ?l { ?t a zp:Project ; skos:prefLabel ?l }",
    )
    return {row["l"].value for row in rows}


# --- the same as at once ----------------------------------------------------------------


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order[-1])
def test_any_order_gives_what_one_build_gives(reports, tmp_path, ways, order):
    whole = build(reports, REPORTS, tmp_path / "whole")
    build(reports, order[:1], tmp_path / "out")
    ways.clear()
    for stem in order[1:]:
        result = build(reports, [stem], tmp_path / "out", add=True)
        assert result.extracted == 1
    assert ways == ["added"] * (len(order) - 1)
    assert replace(result, out=whole.out, extracted=whole.extracted) == whole
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_several_at_once(reports, tmp_path, ways):
    build(reports, REPORTS, tmp_path / "whole")
    build(reports, ["tongzhou-2022", "shenzhen-2021"], tmp_path / "out")
    ways.clear()
    build(reports, ["tongzhou-2023", "futian-2021"], tmp_path / "out", add=True)
    build(reports, REPORTS, tmp_path / "out", add=True)
    assert ways == ["added", "added"]
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_report_can_join_two_nodes_and_rename_one(reports, tmp_path):
    out = tmp_path / "out"
    build(reports, ["tongzhou-2021"], out)
    assert labels(out) == {"体育场", "平谷线"}
    build(reports, ["tongzhou-2022"], out, add=True)
    assert labels(out) == {"通州区体育场", "平谷线", "22号线"}
    build(reports, ["tongzhou-2023"], out, add=True)
    assert len(labels(out)) == 2
    assert "通州区体育场" in labels(out)


def test_a_report_of_the_city_takes_over_what_a_district_names(reports, tmp_path):
    out = tmp_path / "out"
    build(reports, ["futian-2021"], out)
    assert "深圳市/福田区/project/黄木岗交通枢纽" in (out / "graph.ttl").read_text("utf-8")
    build(reports, ["shenzhen-2021"], out, add=True)
    text = (out / "graph.ttl").read_text("utf-8")
    assert "深圳市/project/黄木岗交通枢纽" in text
    assert "深圳市/福田区/project/黄木岗交通枢纽" not in text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("22号线开工建设。", "平谷线开工建设。新增就业1500人。"),
        ("北京市通州区2022年", "深圳市福田区2022年"),
        ("北京市通州区2022年", "北京市通州区2021年"),
    ],
    ids=["says something else", "is of another place", "is of another year"],
)
def test_a_report_takes_the_place_of_one_of_the_same_name(reports, tmp_path, ways, before, after):
    build(reports, REPORTS, tmp_path / "out")
    path = reports / "tongzhou-2022.txt"
    path.write_text(path.read_text("utf-8").replace(before, after), encoding="utf-8")
    ways.clear()
    build(reports, ["tongzhou-2022"], tmp_path / "out", add=True)
    assert ways == ["added"]
    build(reports, REPORTS, tmp_path / "whole")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_report_that_is_there_already_changes_nothing(reports, tmp_path, ways):
    first = build(reports, REPORTS, tmp_path / "out")
    before = content(tmp_path / "out")
    again = build(reports, ["futian-2021"], tmp_path / "out", add=True)
    assert ways[-1] == "added"
    assert replace(again, extracted=5) == first
    assert content(tmp_path / "out") == before


def test_the_ledger_makes_the_things_that_linking_makes(reports, tmp_path):
    build(reports, REPORTS, tmp_path / "out")
    with Ledger(tmp_path / "out" / "ledger.sqlite") as ledger:
        for entity in link(store.extractions(tmp_path / "out")):
            assert ledger.entity(entity.key) == replace(entity, mentions=())


# --- when all is made anew --------------------------------------------------------------


def _links(reports, out):
    (out / "links.tsv").write_text("left\tright\tverdict\n平谷线\t22号线\tsame\n", "utf-8")


def _decisions(reports, out):
    (out / "decisions.tsv").write_text(
        "report\tparagraph\tstart\tend\ttext\tkind\tverdict\n"
        "tongzhou-2021\t3\t0\t3\t体育场\tZone\tretype\n",
        "utf-8",
    )


def _edited(reports, out):
    with (out / "graph.ttl").open("a", encoding="utf-8") as stream:
        stream.write("\n<x> a zp:Project .\n")


def _no_ledger(reports, out):
    (out / "ledger.sqlite").unlink()


def _damaged_ledger(reports, out):
    (out / "ledger.sqlite").write_bytes(b"no ledger")


def _other_program(reports, out):
    database = sqlite3.connect(out / "ledger.sqlite")
    database.execute("UPDATE fact SET value = 'older' WHERE name = 'program'")
    database.commit()
    database.close()


@pytest.mark.parametrize(
    "change", [_links, _decisions, _edited, _no_ledger, _damaged_ledger, _other_program]
)
def test_other_grounds_make_all_anew(reports, tmp_path, ways, change):
    out, whole = tmp_path / "out", tmp_path / "whole"
    build(reports, ["tongzhou-2021", "futian-2021"], out)
    change(reports, out)
    ways.clear()
    build(reports, ["tongzhou-2022"], out, add=True)
    assert ways == ["whole"]
    tables = {"links": out / "links.tsv", "decisions": out / "decisions.tsv"}
    given = {name: path for name, path in tables.items() if path.exists()}
    build(reports, ["tongzhou-2021", "futian-2021", "tongzhou-2022"], whole, **given)
    assert content(out) == content(whole)
    build(reports, ["tongzhou-2023"], out, add=True)  # the same tables hold
    assert ways[-1] == "added"


def test_a_ledger_that_proves_damaged_costs_time_and_nothing_else(
    reports, tmp_path, monkeypatch, ways
):
    build(reports, ["tongzhou-2021", "futian-2021"], tmp_path / "out")

    def damaged(*_: object):
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(adding, "relink", damaged)
    result = build(reports, ["tongzhou-2022"], tmp_path / "out", add=True)
    assert ways[1:] == ["added", "whole"]
    assert len(result.reports) == 3


def test_many_more_reports_make_all_anew(reports, tmp_path, ways):
    build(reports, ["tongzhou-2021"], tmp_path / "out")
    build(reports, ["tongzhou-2022", "futian-2021"], tmp_path / "out", add=True)
    assert ways == ["whole", "whole"]


# --- whole or not at all ----------------------------------------------------------------


def test_a_failed_addition_leaves_the_folder(reports, tmp_path, monkeypatch):
    build(reports, ["tongzhou-2021", "shenzhen-2021"], tmp_path / "out")
    before = content(tmp_path / "out")

    def full(work):
        raise OSError(28, "No space left on device", str(work))

    monkeypatch.setattr(adding, "draw", full)
    with pytest.raises(OutputError, match="No space left"):
        build(reports, ["tongzhou-2022"], tmp_path / "out", add=True)
    assert content(tmp_path / "out") == before
    assert not [item for item in (tmp_path / "out").iterdir() if item.name.startswith(".")]


@pytest.mark.parametrize("links", [True, False], ids=["shared bytes", "copies"])
def test_files_that_two_folders_share_are_not_written_to(reports, tmp_path, monkeypatch, links):
    build(reports, ["tongzhou-2021", "shenzhen-2021"], tmp_path / "out")
    before = content(tmp_path / "out")
    shutil.copytree(tmp_path / "out", tmp_path / "kept", copy_function=os.link)
    if not links:
        monkeypatch.setattr(os, "link", _refused)
    build(reports, ["futian-2021"], tmp_path / "out", add=True)
    assert content(tmp_path / "kept") == before


def test_a_ledger_that_cannot_be_written_is_told(reports, tmp_path, monkeypatch):
    build(reports, ["tongzhou-2021", "shenzhen-2021"], tmp_path / "out")
    before = content(tmp_path / "out")

    def full(*_: object):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Ledger, "put_spans", full)
    with pytest.raises(OutputError, match="disk is full"):
        build(reports, ["tongzhou-2022"], tmp_path / "out", add=True)
    monkeypatch.undo()
    assert content(tmp_path / "out") == before


def _refused(*_: object) -> None:
    raise OSError(95, "Operation not supported")


# --- files ------------------------------------------------------------------------------

BASE = "https://example.org/"
TRIPLES = [
    (f"<{subject}>", f"<{BASE}p>", f'"{subject}{number}"')
    for subject in (
        "http://a.example/x", f"{BASE}a", f"{BASE}a/b", f"{BASE}:c", f"{BASE}区", f"{BASE}区/县",
        "https://w3id.org/zhengpu/ontology#Met", "https://w3id.org/zhengpu/ontology#",
    )
    for number in range(3)
]  # fmt: skip


@pytest.mark.parametrize("read", [3, 16, 1 << 13])
@pytest.mark.parametrize("seed", range(12))
def test_a_spliced_file_is_as_if_written_whole(monkeypatch, seed, read):
    monkeypatch.setattr("kg.rdf.splicing._READ", read)
    old = {triple for number, triple in enumerate(TRIPLES) if (number * 7 + seed) % 5}
    new = {triple for number, triple in enumerate(TRIPLES) if (number * 3 + seed) % 4}
    writer = Writer(BASE)
    subjects = {triple[0] for triple in old ^ new}
    blocks = {
        subject: "".join(writer.blocks(sorted(t for t in new if t[0] == subject)))
        for subject in subjects
    }
    source = "".join(writer.turtle(sorted(old))).encode()
    head = len(writer.head().encode())
    target = io.BytesIO()
    splice(io.BytesIO(source), target, (head, len(source)), BASE, blocks)
    assert (writer.head().encode() + target.getvalue()).decode() == "".join(
        writer.turtle(sorted(new))
    )


def test_a_patch_takes_only_terms_of_the_program():
    from pyoxigraph import BlankNode, NamedNode, Quad, Store

    opened = Store()
    opened.add(Quad(BlankNode(), NamedNode(f"{BASE}p"), NamedNode(f"{BASE}o")))
    with pytest.raises(TypeError, match="BlankNode"):
        patching._triples(opened)
