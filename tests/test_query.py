"""Named questions against known answers, free queries, forms of answers, endpoints."""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import annotated
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

from kg import query
from kg.errors import FormatError, MissingInput, QueryError, UsageError
from kg.query.running import _with_prefixes


def rows(name, /, **slots):
    answer = query.run(name, annotated.built(), slots=slots)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows()]


def column(name, key, /, **slots):
    return [row[key] for row in rows(name, **slots)]


def test_titles_and_names_are_unique():
    titles = [item.title for item in query.named()]
    names = [item.name for item in query.named()]
    assert len(set(titles)) == len(titles) >= 40
    assert len(set(names)) == len(names)
    assert all(item.description and item.patterns for item in query.named())


@pytest.mark.parametrize("item", query.named(), ids=lambda item: item.name)
def test_every_question_runs_with_and_without_its_slots(item):
    values = {slot.name: "甲" for slot in item.slots}
    needed = {item.needs: "甲"} if item.needs else {}
    for slots in (values, needed):
        query.run(item.title, annotated.built(), slots=slots)


@pytest.mark.parametrize("item", query.named(), ids=lambda item: item.name)
def test_optional_parts_go_one_step_at_a_time(item):
    """A path there makes the store read all of the graph: seconds over some hundred reports."""
    assert not re.search(r"OPTIONAL \{ \?\w+ [\w:]+/", item.query)


def test_headline_targets():
    found = {
        (row["measured"], row["value"], row["bound"]) for row in rows("主要指标目标", year="2021")
    }
    assert found == {
        ("地区生产总值", "8", "约数"),
        ("一般公共预算收入", "3", "约数"),
        ("固定资产投资", "100000000000", "不低于"),
        ("社会消费品零售总额", "8", "约数"),
        ("城镇登记失业率", "5", "不超过"),
    }
    assert rows("主要指标目标", year="2019") == []


@pytest.mark.parametrize(
    ("name", "slots", "key", "expected"),
    [
        ("投入使用", {"year": "2021", "word": "校|学"}, "name",
         {"北京学校中学部", "杨庄小学", "首师大附中通州校区"}),
        ("建成项目", {"word": "酒店", "status": "已实现"}, "name",
         {"环球大酒店", "首寰度假酒店"}),
        ("签约与获批", {"status": "已实现", "word": "基地|中青旅"}, "name",
         {"中国铀业总部基地", "中青旅"}),
        ("开工建设", {"word": "公园"}, "name", {"半壁店公园", "瓮城遗址公园"}),
        ("合作关系", {}, "object", {"海淀区", "西城区", "朝阳区"}),
        ("所在地", {"name": "环球主题公园"}, "object", {"文化旅游区"}),
        ("入驻机构", {"name": "张家湾设计小镇"}, "subject",
         {"北建院", "清华同衡"}),
        ("区划层级", {"name": "西集镇"}, "label", {"西集镇", "沙古堆村"}),
        ("建设进度", {}, "progress", {"80", "90", "33.33"}),
        ("比重", {"indicator": "金融产业税收"}, "value", {"3.3", "6.6"}),
        ("报告概览", {}, "reporting", {"通州区"}),
        ("功能区数据", {"name": "运河商务区"}, "value", {"3700000", "4100000", "9"}),
        ("名称与别名", {"name": "副中心"}, "label", {"北京城市副中心"}),
        ("原文出处", {"name": "习近平"}, "label", {"习近平"}),
        ("发布机构", {}, "subject", set()),
    ],
)  # fmt: skip
def test_known_answers(name, slots, key, expected):
    assert set(column(name, key, **slots)) == expected


@pytest.mark.parametrize("item", query.named(), ids=lambda item: item.name)
def test_one_row_for_what_is_told_several_times(item):
    if item.name == "mentions":  # asks for the quotes themselves
        return
    answer = query.run(item.name, annotated.built(), slots={item.needs: "甲"} if item.needs else {})
    told = [
        tuple(value for name, value in zip(answer.columns, row, strict=True) if "quote" not in name)
        for row in answer.rows()
    ]
    assert len(set(told)) == len(told)


def test_quotes_of_one_row_stand_in_reading_order():
    (row,) = rows("投入使用", word="环球主题公园", status="目标")
    quotes = row["quote"].split(" / ")
    text = (annotated.built() / "texts" / "tongzhou-2021.txt").read_text(encoding="utf-8")
    places = [text.index(quote) for quote in quotes]
    assert len(quotes) > 1
    assert places == sorted(places)


def test_the_value_of_an_indicator():
    (row,) = [
        row
        for row in rows("指标数值", indicator="地区生产总值", year="2020")
        if row["measure"] == "水平"
    ]
    assert (row["value"], row["unit"], row["state"]) == ("110300000000", "元", "已实现")
    assert row["quote"] == "全年实现1103亿元"


def test_ranks_come_with_their_group():
    found = {(row["measured"], row["value"], row["scope"]) for row in rows("排名")}
    assert len(found) == 9
    assert ("新设注册资本亿元以上企业", "4", "全市") in found


def test_the_life_of_a_project_is_in_order():
    periods = column("生命周期", "period", name="环球主题公园")
    assert periods == sorted(periods)
    stages = column("生命周期", "stage_name", name="东六环路入地改造")
    assert stages == ["在建", "在建"]


def test_counts_by_stage():
    counts = {(row["stage_name"], row["state"]): int(row["count"]) for row in rows("各阶段数量")}
    assert counts["投用", "已实现"] == 18
    assert counts["开工", "目标"] == 18


def test_slots():
    with pytest.raises(UsageError, match="year, place"):
        query.run("主要指标目标", annotated.built(), slots={"colour": "红"})
    with pytest.raises(UsageError, match="needs a value for 'name'"):
        query.run("生命周期", annotated.built())
    with pytest.raises(UsageError, match="only named questions"):
        query.run("ASK { ?s ?p ?o }", annotated.built(), slots={"year": "2021"})


@pytest.mark.parametrize("evil", ['x" } DROP ALL #', "\\", '"', "}\n", "?x", "甲\\u0022"])
def test_a_slot_holds_text_and_nothing_else(evil):
    assert rows("投入使用", word="^" + "".join(f"[{c}]" for c in "无此")) == []
    assert rows("生命周期", name=evil) == []


def test_free_queries_know_the_prefixes_and_the_base():
    answer = query.run(
        "SELECT ?l { <北京市/通州区/project/杨庄小学> skos:prefLabel ?l }", annotated.built()
    )
    assert list(answer.rows()) == [("杨庄小学",)]


def test_a_query_from_a_file(tmp_path):
    path = tmp_path / "mine.rq"
    path.write_text("ASK { ?s a zp:Person }", encoding="utf-8")
    assert query.run(str(path), annotated.built()).truth
    with pytest.raises(MissingInput, match=r"other\.rq"):
        query.run(str(tmp_path / "other.rq"), annotated.built())


def test_from_limits_a_query_to_one_graph():
    count = "SELECT (COUNT(*) AS ?n) %s { ?s skos:prefLabel ?o }"
    whole = query.run(count % "", annotated.built())
    one = query.run(count % "FROM <report/tongzhou-2021>", annotated.built())
    assert int(next(one.rows())[0]) == 0 < int(next(whole.rows())[0])


@pytest.mark.parametrize("name", ["graph.ttl", "graph.trig"])
def test_a_graph_file_answers_like_the_folder(name):
    asked = "SELECT ?n { ?p a zp:Project ; skos:prefLabel ?n } ORDER BY ?n"
    folder = list(query.run(asked, annotated.built()).rows())
    assert list(query.run(asked, annotated.built() / name).rows()) == folder
    assert len(folder) > 100


def test_wrong_queries_are_told_in_the_parsers_words():
    with pytest.raises(QueryError, match="does not parse: error at 1:"):
        query.run("SELECT * {", annotated.built())
    with pytest.raises(QueryError, match="主要指标目标"):
        query.run("主要目标", annotated.built())


def test_an_unknown_name_is_told_with_the_nearest_five():
    with pytest.raises(QueryError, match="--list") as told:
        query.run("SELEC ?x", annotated.built())
    assert len(told.value.choices) == 5


@pytest.mark.parametrize("text", ["select *", "ASK", "\nPREFIX x", "# why\nSELECT ?s", "base <x"])
def test_what_begins_like_sparql_is_read_as_sparql(text):
    with pytest.raises(QueryError, match="does not parse"):
        query.run(text, annotated.built())


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "delete where { ?s ?p ?o }",
        "PREFIX a: <urn:a#> # so\nPREFIX b: <urn:b>\nDROP ALL",
        "CLEAR ALL",
        "load <https://example.org/x>",
        "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused_as_such(text):
    with pytest.raises(QueryError, match="updates are not taken: the graph is read-only"):
        query.run(text, annotated.built())


def test_missing_and_broken_graphs_are_told(tmp_path):
    with pytest.raises(MissingInput, match="kg build"):
        query.run("ASK { ?s ?p ?o }", tmp_path / "nothing")
    with pytest.raises(MissingInput, match="holds no graph"):
        query.run("ASK { ?s ?p ?o }", tmp_path)
    broken = tmp_path / "x.ttl"
    broken.write_text("<a> <b>", encoding="utf-8")
    with pytest.raises(FormatError, match="does not parse"):
        query.run("ASK { ?s ?p ?o }", broken)
    other = tmp_path / "x.docx"
    other.write_text("", encoding="utf-8")
    with pytest.raises(FormatError, match=r"\.trig"):
        query.run("ASK { ?s ?p ?o }", other)


# --- forms ------------------------------------------------------------------------------


def test_rows_in_every_form():
    answer = query.run("种类统计", annotated.built())
    table = answer.render("table", width=80)
    assert "种类" in table
    assert table.splitlines()[-1] == "8 行"
    plain = list(csv.reader(io.StringIO(answer.render("csv"))))
    assert plain[0] == ["class_name", "count"]
    assert len(plain) == 9
    assert answer.render("tsv").startswith("?class_name\t?count\n")
    parsed = json.loads(answer.render("json"))
    assert parsed["head"]["vars"] == ["class_name", "count"]
    with pytest.raises(UsageError, match="CONSTRUCT"):
        answer.render("ttl")
    with pytest.raises(UsageError, match="table, csv"):
        answer.render("xlsx")


def test_triples_in_every_form():
    answer = query.run("CONSTRUCT WHERE { ?s a zp:Person ; skos:prefLabel ?l }", annotated.built())
    turtle = answer.render("ttl")
    assert "<北京市/通州区/person/" in turtle or "<person/习近平> a zp:Person" in turtle
    assert json.loads(answer.render("json"))
    assert answer.render("csv").splitlines()[0] == "subject,predicate,object"
    assert "习近平" in answer.render("table", width=100)


def test_truth_in_every_form():
    answer = query.run("ASK { ?s a zp:Person }", annotated.built())
    assert answer.render("table") == "是\n"
    assert json.loads(answer.render("json"))["boolean"] is True
    assert answer.render("csv") == "true\n"


def test_markup_in_a_quote_is_shown_as_it_is():
    answer = query.run("SELECT ('[red]<b>x</b>[/red]' AS ?n) {}", annotated.built())
    assert "[red]<b>x</b>[/red]" in answer.render("table", width=80)


# --- endpoints --------------------------------------------------------------------------


class _Endpoint(BaseHTTPRequestHandler):
    """A SPARQL endpoint over the built folder, as small as can be."""

    def do_POST(self):
        from kg.rdf.opened import open_store

        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        try:
            result = open_store(annotated.built()).query(
                form["query"][0], use_default_graph_as_union=True
            )
        except SyntaxError as error:
            return self._send(400, "text/plain", str(error).encode())
        if "json" in self.headers["Accept"]:
            content = result.serialize(format=QueryResultsFormat.JSON)
            return self._send(200, "application/sparql-results+json", content)
        content = result.serialize(format=RdfFormat.N_TRIPLES)
        return self._send(200, "application/n-triples", content)

    def _send(self, status, kind, content):
        if self.path == "/page":
            kind = "text/html"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def endpoint():
    server = HTTPServer(("127.0.0.1", 0), _Endpoint)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_endpoint_answers_like_the_folder(endpoint):
    url = f"{endpoint}/sparql"
    for asked in ("种类统计", "ASK { ?s a zp:Person }"):
        assert query.run(asked, url).content == query.run(asked, annotated.built()).content
    asked = "CONSTRUCT WHERE { ?s a zp:Person ; skos:prefLabel ?l }"
    assert query.run(asked, url).render("ttl") == query.run(asked, annotated.built()).render("ttl")


def test_what_an_endpoint_refuses_is_told(endpoint):
    with pytest.raises(QueryError, match=r"refuses the query \(400\): error at"):
        query.run("SELECT * { ?s ?p }", f"{endpoint}/sparql")
    with pytest.raises(QueryError, match="no SPARQL endpoint"):
        query.run("ASK { ?s ?p ?o }", f"{endpoint}/page")
    with pytest.raises(QueryError, match="does not answer"):
        query.run("ASK { ?s ?p ?o }", "http://127.0.0.1:9/sparql")


def test_only_missing_prefixes_are_added():
    text = "PREFIX zp: <urn:x> SELECT * { ?s a zp:A ; skos:prefLabel ?l }"
    added = _with_prefixes(text)
    assert added.count("PREFIX zp:") == 1
    assert "PREFIX skos:" in added


def test_the_reference_is_fresh():
    from kg.query.reference import reference

    page = annotated.DATA.parent / "docs" / "queries.md"
    assert page.read_text(encoding="utf-8") == reference(), (
        "make it anew: python -m kg.query.reference > docs/queries.md"
    )
