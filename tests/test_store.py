"""Building a folder: what is in it, twice the same, added to, or not touched at all."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from itertools import permutations
from pathlib import Path

import annotated
import pytest

from kg import store
from kg.errors import (
    FormatError,
    InputError,
    MissingInput,
    OutputError,
    UnreadableInput,
    UsageError,
)
from kg.rdf import opened
from kg.store import cache, folder, whole

REPORTS = {
    "jia-2021": "甲市2021年政府工作报告\n一、2020年工作回顾\n全年地区生产总值增长3.5%。"
    "甲河大桥建成通车。\n二、2021年工作安排\n地区生产总值增长6%左右。开工建设甲山隧道。\n",
    "jia-2022": "甲市2022年政府工作报告\n一、2021年工作回顾\n地区生产总值增长6.4%。"
    "甲山隧道开工建设。\n二、2022年工作安排\n甲山隧道建成通车。\n",
    "yi-2021": "乙县2021年政府工作报告\n一、2020年工作回顾\n乙县人民医院新院区投入使用。"
    "全县新增就业1200人。\n二、2021年工作安排\n新增就业1500人以上。\n",
}


@pytest.fixture
def reports(tmp_path):
    for stem, content in REPORTS.items():
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{stem}.txt").write_text(content, encoding="utf-8")
    return tmp_path / "in"


def build(paths, out, **options):
    return store.build(paths, out, model="none", **options)


def content(out: Path) -> dict[str, bytes]:
    """Every file but those of the store and the ledger, whose bytes their libraries choose."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.relative_to(out).parts[0] not in (folder.STORE, folder.LEDGER)
    }


# --- what a build writes ----------------------------------------------------------------


def test_the_folder_holds_what_is_promised(reports, tmp_path):
    told = []
    result = build([reports], tmp_path / "out", progress=lambda *state: told.append(state))
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "graph.ttl", "graph.trig", "network.html", "texts", "store", "extractions",
        "ledger.sqlite", "build.json",
    }  # fmt: skip
    assert result.reports == ("jia-2021", "jia-2022", "yi-2021")
    assert result.extracted == 3
    assert result.triples <= result.quads
    assert "3 reports" in result.summary()[0]
    for stem, text in REPORTS.items():
        assert (tmp_path / "out" / "texts" / f"{stem}.txt").read_text(encoding="utf-8") == text
    opened = store.open_store(tmp_path / "out")
    assert len(opened) == result.quads
    assert len(list(opened.named_graphs())) == 3
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == ["reading", "extracting", "linking", "graphs", "tracking", "writing"]
    page = (tmp_path / "out" / "network.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", ["", "graph.ttl", "graph.trig"])
def test_rdflib_is_given_the_whole_graph(name):
    rdflib = pytest.importorskip("rdflib")
    graph = opened.as_rdflib(annotated.built() / name)
    plain = rdflib.Graph().parse(annotated.built() / "graph.ttl")
    assert set(graph) == set(plain)
    rows = graph.query("SELECT ?p { ?p a zp:Project }")  # the prefixes are known
    assert len(rows) > 100


def test_rdflib_is_not_given_what_is_no_graph(tmp_path):
    pytest.importorskip("rdflib")
    (tmp_path / "x.ttl").write_text("no graph", encoding="utf-8")
    (tmp_path / "x.txt").write_text("no graph", encoding="utf-8")
    with pytest.raises(FormatError, match="does not parse"):
        opened.as_rdflib(tmp_path / "x.ttl")
    with pytest.raises(FormatError, match="ending"):
        opened.as_rdflib(str(tmp_path / "x.txt"))
    with pytest.raises(MissingInput, match="kg build"):
        opened.as_rdflib(tmp_path / "nothing")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_rdflib_opens_the_same_graph(reports, tmp_path):
    rdflib = pytest.importorskip("rdflib")
    result = build([reports], tmp_path / "out")
    turtle = rdflib.Graph().parse(tmp_path / "out" / "graph.ttl")
    trig = rdflib.Dataset(default_union=True)
    trig.parse(tmp_path / "out" / "graph.trig")
    assert len(turtle) == result.triples
    assert set(turtle) == {(s, p, o) for s, p, o, _ in trig.quads()}


def test_a_report_with_carriage_returns_keeps_them(tmp_path):
    path = tmp_path / "jia-2021.txt"
    path.write_bytes(REPORTS["jia-2021"].replace("\n", "\r\n").encode())
    build([path], tmp_path / "out")
    text = (tmp_path / "out" / "texts" / "jia-2021.txt").read_bytes().decode()
    assert text.count("\r\n") == 5
    rows = store.open_store(tmp_path / "out").query(
        "PREFIX zp: <https://w3id.org/zhengpu/ontology#> SELECT ?q ?s ?e "
        "{ ?p zp:quote ?q ; zp:startOffset ?s ; zp:endOffset ?e }",
        use_default_graph_as_union=True,
    )
    found = [(row["q"].value, int(row["s"].value), int(row["e"].value)) for row in rows]
    assert found
    assert all(text[start:end] == quote for quote, start, end in found)


def test_two_builds_are_byte_for_byte_the_same(reports, tmp_path):
    build([reports], tmp_path / "a")
    build(sorted(reports.iterdir(), reverse=True), tmp_path / "b")
    assert content(tmp_path / "a") == content(tmp_path / "b")


@pytest.mark.slow
def test_processes_side_by_side_give_the_same(reports, tmp_path):
    build([reports], tmp_path / "a")
    build([reports], tmp_path / "b", jobs=2)
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_another_base(reports, tmp_path):
    build([reports], tmp_path / "out", base="https://example.org/x#")
    assert store.base_of(tmp_path / "out") == "https://example.org/x#"
    assert b"w3id.org/zhengpu/id/" not in (tmp_path / "out" / "graph.ttl").read_bytes()
    with pytest.raises(UsageError, match="'/' or '#'"):
        build([reports], tmp_path / "other", base="https://example.org/x")
    assert not (tmp_path / "other").exists()


def test_targets_are_held_against_the_next_report(reports, tmp_path):
    build([reports], tmp_path / "out")
    rows = store.open_store(tmp_path / "out").query(
        "PREFIX zp: <https://w3id.org/zhengpu/ontology#> SELECT ?verdict ?target ?outcome { "
        "GRAPH ?g { ?c a zp:Commitment ; zp:promised ?t ; zp:verdict ?verdict ; "
        "zp:judgedIn ?g ; zp:outcome ?o } "
        "GRAPH ?h { ?t zp:value ?target } GRAPH ?g { ?o zp:value ?outcome } }"
    )
    found = {(row[0].value.rpartition("#")[2], row[1].value, row[2].value) for row in rows}
    assert found == {("Met", "6", "6.4")} or found == {("Exceeded", "6", "6.4")}


# --- adding -----------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(sorted(REPORTS)))[::2])
def test_adding_gives_what_building_at_once_gives(reports, tmp_path, order):
    build([reports], tmp_path / "whole")
    for number, stem in enumerate(order, 1):
        result = build([reports / f"{stem}.txt"], tmp_path / "out", add=True)
        assert result.extracted == 1
        assert len(result.reports) == number
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_what_has_not_changed_is_not_extracted_again(reports, tmp_path):
    assert build([reports], tmp_path / "out").extracted == 3
    before = content(tmp_path / "out")
    assert build([reports], tmp_path / "out").extracted == 0
    assert content(tmp_path / "out") == before
    changed = reports / "yi-2021.txt"
    changed.write_text(REPORTS["yi-2021"].replace("1500", "1600"), encoding="utf-8")
    assert build([reports], tmp_path / "out").extracted == 1
    assert build([reports], tmp_path / "out", min_score=0.2).extracted == 3


def test_building_anew_leaves_only_the_new_reports(reports, tmp_path):
    build([reports], tmp_path / "out")
    result = build([reports / "yi-2021.txt"], tmp_path / "out")
    assert result.reports == ("yi-2021",)
    assert [path.stem for path in (tmp_path / "out" / "texts").iterdir()] == ["yi-2021"]


def test_a_damaged_cache_costs_time_and_nothing_else(reports, tmp_path):
    build([reports], tmp_path / "out")
    before = content(tmp_path / "out")
    (tmp_path / "out" / "extractions" / "yi-2021.jsonl").write_text("{", encoding="utf-8")
    assert build([reports], tmp_path / "out").extracted == 1
    assert content(tmp_path / "out") == before


def test_adding_under_another_base_is_refused(reports, tmp_path):
    build([reports / "yi-2021.txt"], tmp_path / "out")
    with pytest.raises(UsageError, match="has the base"):
        build([reports], tmp_path / "out", add=True, base="https://example.org/")


def test_extractions_come_back_whole(tmp_path):
    assert list(store.extractions(annotated.built())) == [annotated.extraction()]
    assert "".join(cache.dump(annotated.extraction())).count("\n") == 78


def test_the_users_links_stay_with_the_folder(reports, tmp_path):
    links = tmp_path / "links.tsv"
    links.write_text("left\tright\tverdict\n甲河大桥\t甲山隧道\tdifferent\n", encoding="utf-8")
    build([reports / "jia-2021.txt"], tmp_path / "out", links=links)
    assert (tmp_path / "out" / "links.tsv").read_text(encoding="utf-8") == links.read_text(
        encoding="utf-8"
    )
    build([reports / "jia-2022.txt"], tmp_path / "out", add=True)
    assert (tmp_path / "out" / "links.tsv").exists()
    build([reports], tmp_path / "out")
    assert not (tmp_path / "out" / "links.tsv").exists()


# --- bad input and output ---------------------------------------------------------------


def test_all_unreadable_files_are_named_and_nothing_is_written(reports, tmp_path):
    (reports / "empty.txt").write_bytes(b"")
    (reports / "noise.txt").write_bytes(bytes(range(256)) * 40)
    with pytest.raises(UnreadableInput, match=r"2 files cannot be read.*empty.*noise"):
        build([reports], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    result = build([reports], tmp_path / "out", keep_going=True)
    assert len(result.reports) == 3
    assert len(result.skipped) == 2
    assert sum("left out" in line for line in result.summary()) == 2


@pytest.mark.parametrize("name", ["../../x", "a/b", ".hidden", "a\\b"])
def test_a_report_cannot_name_a_file_elsewhere(tmp_path, name):
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps({"id": f"{name}#1", "text": "甲市概况"}) + "\n", encoding="utf-8")
    with pytest.raises(InputError):
        build([path], tmp_path / "out")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["r.jsonl"]


def test_nothing_to_read(tmp_path):
    with pytest.raises(MissingInput):
        build([tmp_path / "none.txt"], tmp_path / "out")
    (tmp_path / "in").mkdir()
    with pytest.raises(MissingInput, match="holds no reports"):
        build([tmp_path / "in"], tmp_path / "out")


def test_a_file_in_the_way(reports, tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match="is a file"):
        build([reports], tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_files_of_other_origin_are_left_alone(reports, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    build([reports], out)
    build([reports], out)
    assert (out / "notes.txt").read_text() == "mine"
    other = tmp_path / "other"
    (other / "store").mkdir(parents=True)
    (other / "store" / "goods").write_text("mine")
    with pytest.raises(OutputError, match="not written by a build"):
        build([reports], other)
    assert (other / "store" / "goods").read_text() == "mine"


def test_a_failed_build_leaves_the_old_folder(reports, tmp_path, monkeypatch):
    build([reports / "yi-2021.txt"], tmp_path / "out")
    before = content(tmp_path / "out")

    def full(work):
        raise OSError(28, "No space left on device", str(work))

    monkeypatch.setattr(whole, "_fill_store", full)
    with pytest.raises(OutputError, match="No space left"):
        build([reports], tmp_path / "out")
    assert content(tmp_path / "out") == before
    with pytest.raises(OutputError, match="No space left"):
        build([reports], tmp_path / "deep" / "er" / "out")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["in", "out"]


def test_a_move_that_fails_half_way_is_taken_back(reports, tmp_path, monkeypatch):
    build([reports / "yi-2021.txt"], tmp_path / "out")
    before = content(tmp_path / "out")
    rename = os.rename

    def stubborn(source, target):
        if Path(source).name == "texts" and ".out.building-" in Path(source).parent.name:
            raise PermissionError(13, "Permission denied", str(target))
        rename(source, target)

    monkeypatch.setattr(folder.os, "rename", stubborn)
    with pytest.raises(OutputError, match="Permission denied"):
        build([reports], tmp_path / "out")
    monkeypatch.undo()
    assert content(tmp_path / "out") == before
    assert len(store.open_store(tmp_path / "out")) > 0
    assert not [item for item in (tmp_path / "out").iterdir() if item.name.startswith(".")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_place(reports, tmp_path):
    (tmp_path / "ro").mkdir(mode=0o555)
    with pytest.raises(OutputError, match="cannot write"):
        build([reports], tmp_path / "ro" / "out")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs a place where nothing can be made")
def test_a_place_where_no_folder_can_be_made(reports):
    with pytest.raises(OutputError, match="cannot write"):
        build([reports / "yi-2021.txt"], Path("/proc/zhengpu/out"))


def test_opening_what_no_build_wrote(tmp_path):
    with pytest.raises(MissingInput, match="kg build"):
        store.open_store(tmp_path / "none")
    with pytest.raises(MissingInput, match="holds no graph"):
        store.open_store(tmp_path)
    (tmp_path / "build.json").write_text('{"form": 99}')
    with pytest.raises(FormatError, match="form 99"):
        store.open_store(tmp_path)
    (tmp_path / "build.json").write_text('{"form": 1, "reports": {}}')
    with pytest.raises(UnreadableInput, match="build the folder again"):
        store.open_store(tmp_path)


# --- exports ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "name"),
    [("turtle", "turtle"), ("ntriples", "nt"), ("rdfxml", "xml"), ("jsonld", "json-ld")],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_triples_survive_every_form(form, name):
    rdflib = pytest.importorskip("rdflib")
    whole = rdflib.Graph().parse(annotated.built() / "graph.ttl")
    read = rdflib.Graph().parse(data=store.export(annotated.built(), form), format=name)
    assert set(read) == set(whole)


@pytest.mark.parametrize("form", ["nquads", "trig"])
def test_graphs_survive(form):
    from pyoxigraph import RdfFormat, Store

    read = Store()
    chosen = RdfFormat.N_QUADS if form == "nquads" else RdfFormat.TRIG
    read.load(store.export(annotated.built(), form), format=chosen)
    assert set(read) == set(store.open_store(annotated.built()))


@pytest.mark.parametrize("form", sorted(store.FORMATS))
def test_exports_are_the_same_each_time(form):
    assert store.export(annotated.built(), form) == store.export(annotated.built(), form)


def test_networks_hold_things_and_relations(tmp_path):
    nx = pytest.importorskip("networkx")
    store.export(annotated.built(), "graphml", tmp_path / "g.graphml")
    network = nx.read_graphml(tmp_path / "g.graphml")
    labels = {data["label"]: data for _, data in network.nodes(data=True)}
    assert labels["运河商务区"]["kind"] == "Zone"
    assert labels["东六环入地改造"]["stage"] == "UnderConstruction"
    assert network.number_of_edges() > 50
    store.export(annotated.built(), "gexf", tmp_path / "g.gexf")
    assert nx.read_gexf(tmp_path / "g.gexf").number_of_nodes() == network.number_of_nodes()


def test_tables():
    packed = zipfile.ZipFile(io.BytesIO(store.export(annotated.built(), "csv")))
    assert packed.namelist() == [
        "entities.csv", "relations.csv", "observations.csv", "milestones.csv",
    ]  # fmt: skip
    table = packed.read("observations.csv").decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(table, newline="")))
    assert lines[0][:7] == ["node", "indicator", "value", "upper", "unit", "measure", "period"]
    said = sum(len(a.observations) for a in annotated.extraction().annotations)
    nodes = [line[0] for line in lines[1:]]
    assert said - 5 < len(nodes) == len(set(nodes)) <= said  # what is said twice is one row


def test_a_graph_file_exports_like_its_folder():
    for form in ("ntriples", "jsonld"):
        file = store.export(annotated.built() / "graph.ttl", form)
        assert file == store.export(annotated.built(), form)


def test_unknown_forms_are_refused_with_the_choices():
    with pytest.raises(UsageError, match="turtle, ntriples"):
        store.export(annotated.built(), "docx")


# --- review -----------------------------------------------------------------------------


def test_what_a_person_decided_holds_and_can_be_undone(reports, tmp_path):
    build([reports], tmp_path / "plain")
    before = content(tmp_path / "plain")
    (extraction,) = (e for e in store.extractions(tmp_path / "plain") if e.report.stem == "yi-2021")
    annotation = next(a for a in extraction.annotations if "新院区" in a.text)
    start = annotation.text.index("新院区")
    number = annotation.id.partition("#")[2]
    table = reports / "decisions.tsv"
    table.write_text(
        "report\tparagraph\tstart\tend\ttext\tkind\tverdict\n"
        f"yi-2021\t{number}\t{start}\t{start + 3}\t新院区\tZone\tadd\n",
        encoding="utf-8",
    )
    result = build([reports], tmp_path / "plain")
    assert result.extracted == 0
    turtle = (tmp_path / "plain" / "graph.ttl").read_text(encoding="utf-8")
    assert '"新院区"@zh' in turtle
    kinds = {m.kind for e in store.extractions(tmp_path / "plain") for a in e.annotations
             for m in a.entities if m.text == "新院区"}  # fmt: skip
    assert kinds == {"Zone"}
    table.unlink()
    assert build([reports], tmp_path / "plain").extracted == 0
    assert content(tmp_path / "plain") == before


def test_decisions_in_the_folder_survive_a_rebuild(reports, tmp_path):
    build([reports], tmp_path / "out")
    (tmp_path / "out" / "decisions.tsv").write_text(
        "report\tparagraph\tstart\tend\ttext\tkind\tverdict\nyi-2021\t1\t0\t2\t乙县\tZone\tretype\n",
        encoding="utf-8",
    )
    build([reports], tmp_path / "out")
    assert (tmp_path / "out" / "decisions.tsv").exists()
    assert "zone/乙县" in (tmp_path / "out" / "graph.ttl").read_text(encoding="utf-8")


def test_a_table_of_decisions_that_is_not_there_is_told(reports, tmp_path):
    with pytest.raises(MissingInput, match=r"none\.tsv"):
        build([reports], tmp_path / "out", decisions=tmp_path / "none.tsv")


def test_a_graph_keeps_what_was_joined(tmp_path: Path) -> None:
    report = tmp_path / "a-2021.txt"
    report.write_text("2020年青山中学开工建设，青山新校竣工。\n", encoding="utf-8")
    table = tmp_path / "joined.tsv"
    table.write_text("left\tright\tverdict\n青山中学\t青山新校\tsame\n", encoding="utf-8")
    store.build([report], tmp_path / "out", model="none", links=table)
    (kept,) = store.links(tmp_path / "out").decisions
    assert (kept.left, kept.right, kept.verdict) == ("青山中学", "青山新校", "same")
