"""The graph of a report: what stands in it, its Turtle, its IRIs."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from itertools import pairwise

import annotated
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import resources, text
from kg.entities import link
from kg.errors import UsageError
from kg.model import (
    BOUNDS,
    KINDS,
    MEASURES,
    PREDICATES,
    STAGES,
    STATUSES,
    Annotation,
    Extraction,
    Mention,
    Milestone,
    Observation,
    Relation,
)
from kg.rdf import vocab
from kg.rdf.graph import GraphBuilder, union
from kg.rdf.intervals import interval
from kg.rdf.turtle import Writer, nquads
from kg.rdf.vocab import Minter, term

pyoxigraph = pytest.importorskip("pyoxigraph")
rdflib = pytest.importorskip("rdflib")


@pytest.fixture(scope="module")
def graphs():
    """The report's graph, the shared one, and what was counted."""
    extraction = annotated.extraction()
    builder = GraphBuilder(link([extraction]))
    report = builder.report(extraction)
    return report, builder.shared(), builder.notes[extraction.report.stem].counts


# --- terms and IRIs ---------------------------------------------------------------------


def test_every_choice_of_the_model_has_a_term():
    assert tuple(vocab.KIND_TERMS) == KINDS
    assert tuple(vocab.MEASURE_TERMS) == MEASURES
    assert tuple(vocab.STATUS_TERMS) == STATUSES
    assert tuple(vocab.BOUND_TERMS) == BOUNDS
    assert tuple(vocab.STAGE_TERMS) == STAGES
    assert tuple(vocab.PREDICATE_TERMS) == PREDICATES


@pytest.mark.parametrize(
    ("name", "segment"),
    [
        ("北京学校", "北京学校"),
        ("“十四五”规划", "“十四五”规划"),
        ("国家网络安全产业园（通州园）", "国家网络安全产业园（通州园）"),
        ("微克/立方米", "微克%2F立方米"),
        ("%", "%25"),
        ("100%", "100%25"),
        ("17 号线", "17%20号线"),
        ("a#b?c[d]", "a%23b%3Fc%5Bd%5D"),
        ("..", "%2E%2E"),
        ("e\u0301", "\u00e9"),
        ("𠮷野家", "𠮷野家"),
        ("\u202e反", "%E2%80%AE反"),
    ],
)
def test_segment(name, segment):
    assert vocab.segment(name) == segment


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_names_get_valid_iris_and_different_names_different_ones(left, right):
    minter = Minter()
    first, second = (minter.entity("Project", name, ("甲省",)) for name in (left, right))
    pyoxigraph.parse(f"{first} {first} {first} .".encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    same = unicodedata.normalize("NFC", left) == unicodedata.normalize("NFC", right)
    if not any("\ud800" <= char <= "\udfff" for char in left + right):
        assert (first == second) == same
    assert minter.readable(first) == f"甲省/project/{unicodedata.normalize('NFC', left)}"


def test_shaanxi_and_shanxi_never_meet():
    minter = Minter()
    assert minter.entity("Place", "陕西省") != minter.entity("Place", "山西省")


@pytest.mark.parametrize("base", ["nothing", "https://example.org/x", "https://example.org/a b/"])
def test_a_base_that_cannot_carry_names_is_refused(base):
    with pytest.raises(UsageError):
        Minter(base)


def test_an_unknown_prefix_is_refused_with_the_choices():
    with pytest.raises(UsageError, match="skos"):
        term("foo:bar")


@pytest.mark.parametrize(
    ("value", "written"),
    [(110300000000, "110300000000"), (0.3333, "0.3333"), (-5.0, "-5"), (1e-07, "0.0000001"),
     (1e21, "1000000000000000000000"), (3.40, "3.4"), (-0.0, "0")],
)  # fmt: skip
def test_decimals_have_neither_exponent_nor_idle_zeros(value, written):
    assert vocab.decimal(value).startswith(f'"{written}"^^')


@pytest.mark.parametrize(
    ("notation", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-H2", date(2020, 7, 1), date(2020, 12, 31)),
        ("2020-Q3", date(2020, 7, 1), date(2020, 9, 30)),
        ("2016/2020", date(2016, 1, 1), date(2020, 12, 31)),
        ("2020-01/2020-11", date(2020, 1, 1), date(2020, 11, 30)),
        ("2020-06-30", date(2020, 6, 30), date(2020, 6, 30)),
    ],
)
def test_interval(notation, first, last):
    assert interval(notation) == (first, last)


@pytest.mark.parametrize("notation", ["", "今年", "2020-13", "2020/2016", "2020-H3", "1/2/3"])
def test_what_is_no_interval(notation):
    assert interval(notation) is None


# --- the graph of the report ------------------------------------------------------------


def test_everything_annotated_is_in_the_graph(graphs):
    report, _, counts = graphs
    annotations = annotated.extraction().annotations
    for layer in ("observations", "milestones"):
        said = sum(len(getattr(item, layer)) for item in annotations)
        assert said - 5 < getattr(counts, layer) <= said  # what is said twice is one
    assert counts.relations == sum(len(item.relations) for item in annotations)
    assert counts.unlinked == 0
    nodes = {s for s, p, o in report if p == term("rdf:type") and o == term("zp:Observation")}
    assert len(nodes) == counts.observations


def made(content, annotate, delivered=None, stem="jia-2021"):
    """The triples of a small report: its own graph and the shared one."""
    report = text.from_string(content, stem)
    annotations = tuple(annotate(paragraph) for paragraph in report.paragraphs)
    extraction = Extraction(replace(report, delivered=delivered), annotations)
    builder = GraphBuilder(link([extraction]))
    return builder.report(extraction), builder.shared()


TWICE = "甲市2021年政府工作报告\n甲河大桥建成。新建学校3所。\n甲河大桥建成。新建学校3所。\n"


def said_twice(paragraph):
    words = paragraph.text
    if "大桥" not in words:
        return Annotation(paragraph.id, words)
    score = 0.5 + paragraph.number / 100
    start = words.index("新建")
    figure = {"measure": "level", "period": "2020", "status": "actual", "bound": "exact",
              "quote": words[start : start + 6], "start": start, "end": start + 6}  # fmt: skip
    return Annotation(
        paragraph.id,
        words,
        entities=(Mention(0, 4, "甲河大桥", "Project"),),
        observations=(
            Observation("新建学校", 3, "所", **figure),
            Observation("办学点", 7, "", **figure),
        ),
        milestones=(
            Milestone("甲河大桥", "completed", "2020", "actual", words[:6], 0, 6,
                      rule=f"rule.{paragraph.number}", score=score),
        ),
    )  # fmt: skip


def test_what_a_report_says_twice_is_one_statement_with_both_passages():
    report, _ = made(TWICE, said_twice)
    values = {}
    for s, p, o in report:
        values.setdefault((s, p), []).append(o)
    (milestone,) = [s for s, p, o in report if o == term("zp:Milestone")]
    assert len(values[milestone, term("prov:wasDerivedFrom")]) == 2
    assert len(values[milestone, term("zp:rule")]) == 2
    assert len(values[milestone, term("zp:score")]) == 1
    scores = [float(o.split('"')[1]) for o in values[milestone, term("zp:score")]]
    assert scores[0] == max(0.5 + n / 100 for n in numbers_of(TWICE))
    figures = [s for s, p, o in report if p == term("rdf:type") and o == term("zp:Observation")]
    assert len(figures) == 2
    assert all(len(values[node, term("prov:wasDerivedFrom")]) == 2 for node in figures)


@pytest.mark.parametrize("predicate", sorted(vocab.RELATION_ENDS))
def test_the_ends_of_a_relation_are_those_of_the_ontology(predicate):
    graph = rdflib.Graph().parse(resources.path("ontology/zhengpu.ttl"))
    node = rdflib.URIRef(term(f"zp:{predicate}")[1:-1])
    ends = zip((rdflib.RDFS.domain, rdflib.RDFS.range), vocab.RELATION_ENDS[predicate], strict=True)
    for side, kind in ends:
        stated = graph.value(node, side)
        assert stated in (None, rdflib.URIRef(term(f"zp:{kind or 'Entity'}")[1:-1]))
        assert stated is not None or not kind


def test_a_relation_the_ontology_does_not_allow_is_counted_not_written():
    content = "甲市2021年政府工作报告\n甲河大桥荣获甲杯奖。\n"

    def awarded(kind):
        def annotate(paragraph):
            words = paragraph.text
            if "荣获" not in words:
                return Annotation(paragraph.id, words)
            names = (Mention(0, 4, "甲河大桥", "Project"), Mention(6, 9, "甲杯奖", kind))
            said = Relation("甲河大桥", "awarded", "甲杯奖", words, 0, len(words))
            return Annotation(paragraph.id, words, entities=names, relations=(said,))

        return annotate

    honoured, _ = made(content, awarded("Honour"))
    assert any(p == term("zp:awarded") for _, p, _ in honoured)
    refused, _ = made(content, awarded("Policy"))
    assert not any(term("zp:awarded") in triple for triple in refused)


@pytest.mark.parametrize(
    ("part", "whole", "stands"), [("浏阳市", "长沙", True), ("长沙", "浏阳市", False)]
)
def test_a_division_is_no_part_of_what_lies_in_it(part, whole, stands):
    content = f"长沙市2021年政府工作报告\n{part}与{whole}共建。\n"

    def annotate(paragraph):
        words = paragraph.text
        if "共建" not in words:
            return Annotation(paragraph.id, words)
        names = tuple(
            Mention(words.index(name), words.index(name) + len(name), name, "Place")
            for name in (part, whole)
        )
        said = Relation(part, "partOf", whole, words, 0, len(words))
        return Annotation(paragraph.id, words, entities=names, relations=(said,))

    report, _ = made(content, annotate)
    stated = [s for s, p, o in report if p == term("rdf:predicate") and o == term("zp:partOf")]
    assert bool(stated) is stands


def numbers_of(content):
    paragraphs = text.from_string(content, "jia-2021").paragraphs
    return [paragraph.number for paragraph in paragraphs if "大桥" in paragraph.text]


def test_a_figure_without_a_unit_has_the_unit_one():
    report, shared = made(TWICE, said_twice)
    assert Minter().unit("1") in {o for _, p, o in report if p == term("zp:unit")}
    assert (Minter().unit("1"), term("skos:notation"), vocab.text("1")) in shared


@pytest.mark.parametrize(
    ("delivered", "issued"),
    [(None, vocab.year(2021)), (date(2021, 1, 14), vocab.day(date(2021, 1, 14)))],
)
def test_the_year_of_delivery_stands_in_for_the_day(delivered, issued):
    report, _ = made(TWICE, said_twice, delivered)
    assert [o for _, p, o in report if p == term("dcterms:issued")] == [issued]


def test_that_a_place_is_part_of_another_rests_on_where_it_is_named(graphs):
    report, shared, _ = graphs
    passages = {s for s, p, o in report if o == term("zp:Passage")}
    statements = {s for s, p, o in shared if o == term("rdf:Statement")}
    assert statements
    facts = {}
    for s, p, o in shared:
        if s in statements:
            facts.setdefault((s, p), set()).add(o)
    for node in statements:
        assert facts[node, term("prov:wasDerivedFrom")] <= passages
        assert facts[node, term("zp:rule")]
    town = Minter().entity("Place", "台湖镇", ("北京市", "通州区"))
    (node,) = [s for s in statements if facts[s, term("rdf:subject")] == {town}]
    assert facts[node, term("zp:rule")] == {vocab.text("table.towns")}
    mentions = {o for s, p, o in report if s == town and p == term("zp:mentionedIn")}
    assert facts[node, term("prov:wasDerivedFrom")] <= mentions


def test_each_quote_is_the_text_between_its_offsets(graphs):
    source = annotated.extraction().report.source
    store = pyoxigraph.Store()
    store.load("".join(nquads(graphs[0])).encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    rows = list(
        store.query(
            vocab.prologue()
            + "SELECT ?quote ?start ?end { ?p zp:quote ?quote ; zp:startOffset ?start ;"
            " zp:endOffset ?end }"
        )
    )
    assert len(rows) == graphs[2].passages > 400
    wrong = [row for row in rows if source[int(row[1].value) : int(row[2].value)] != row[0].value]
    assert wrong == []


def test_every_statement_has_its_passage_rule_and_score(graphs):
    triples = set(graphs[0])
    has = {(s, p) for s, p, _ in triples}
    kinds = {term("zp:Observation"), term("zp:Milestone"), term("rdf:Statement")}
    statements = {s for s, p, o in triples if p == term("rdf:type") and o in kinds}
    for node in statements:
        for predicate in ("prov:wasDerivedFrom", "zp:rule", "zp:score"):
            assert (node, term(predicate)) in has


def test_each_relation_is_a_direct_triple_and_a_statement(graphs):
    triples = set(graphs[0])
    parts = {}
    for s, p, o in triples:
        if p in (term("rdf:subject"), term("rdf:predicate"), term("rdf:object")):
            parts.setdefault(s, {})[p] = o
    assert len(parts) == graphs[2].relations
    for part in parts.values():
        assert tuple(part[term(f"rdf:{n}")] for n in ("subject", "predicate", "object")) in triples


def test_no_blank_nodes_and_nothing_twice(graphs):
    for triples in graphs[:2]:
        assert not [triple for triple in triples if any(part.startswith("_:") for part in triple)]
        assert all(left < right for left, right in pairwise(triples))


def test_the_same_extraction_gives_the_same_graph(graphs):
    extraction = annotated.extraction()
    builder = GraphBuilder(link([extraction]))
    assert builder.report(extraction) == graphs[0]
    assert builder.shared() == graphs[1]


def test_the_report_is_described(graphs):
    node = Minter().report("tongzhou-2021")
    facts = {(p, o) for s, p, o in graphs[0] if s == node}
    assert (term("zp:reviewYear"), vocab.year(2020)) in facts
    assert (term("zp:planYear"), vocab.year(2021)) in facts
    assert (term("dcterms:issued"), vocab.day(date(2021, 1, 14))) in facts
    assert (term("zp:place"), Minter().entity("Place", "通州区", ("北京市",))) in facts
    assert term("dcterms:publisher") in {predicate for predicate, _ in facts}


def test_a_figure_without_an_area_is_about_the_reporting_place(graphs):
    areas = {o for _, p, o in graphs[0] if p == term("zp:area")}
    assert Minter().entity("Place", "通州区", ("北京市",)) in areas
    assert any("/zone/运河商务区" in area for area in areas)


def test_a_hostile_name_stays_text():
    extraction = annotated.extraction()
    evil = 'x" . <http://evil> <http://evil> "\\\n'
    first = extraction.annotations[0]
    mention = replace(first.entities[0], canonical=evil)
    changed = replace(first, entities=(mention,), relations=())
    extraction = Extraction(extraction.report, (changed, *extraction.annotations[1:]))
    builder = GraphBuilder(link([extraction]))
    whole = union([builder.report(extraction), builder.shared()])
    turtle = "".join(Writer(vocab.BASE).turtle(whole))
    store = pyoxigraph.Store()
    store.load(turtle.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    assert len(store) == len(whole)
    assert "http://evil" not in {quad.subject.value for quad in store}


# --- Turtle -----------------------------------------------------------------------------


def test_turtle_and_trig_say_what_the_triples_say(graphs):
    report, shared, _ = graphs
    whole = union([report, shared])
    writer = Writer(vocab.BASE)
    turtle = "".join(writer.turtle(whole))
    read = rdflib.Graph().parse(data=turtle, format="turtle")
    plain = rdflib.Graph().parse(data="".join(nquads(whole)), format="nt")
    assert set(read) == set(plain)
    name = Minter().report("tongzhou-2021")
    store = pyoxigraph.Store()
    trig = "".join(writer.trig(shared, [(name, report)]))
    store.load(trig.encode(), format=pyoxigraph.RdfFormat.TRIG)
    assert len(store) == len(report) + len(shared)
    assert [str(graph) for graph in store.named_graphs()] == [name]


def test_turtle_is_written_for_readers():
    node = Minter().entity("Project", "北京学校", ("北京市", "通州区"))
    triples = sorted(
        [
            (node, term("rdf:type"), term("zp:Project")),
            (node, term("skos:prefLabel"), vocab.text("北京学校", "zh")),
            (node, term("zp:score"), vocab.decimal(0.5)),
            (node, term("zp:value"), vocab.decimal(3)),
            (node, term("zp:paragraph"), vocab.integer(7)),
            (node, term("zp:quote"), vocab.text('a "b"\n^^<c>')),
            (node, term("rdf:predicate"), term("rdf:type")),
        ]
    )
    text = "".join(
        Writer(vocab.BASE, {k: vocab.PREFIXES[k] for k in ("zp", "skos", "xsd", "rdf")}).turtle(
            triples
        )
    )
    assert text.splitlines()[0] == "@base <https://w3id.org/zhengpu/id/> ."
    assert text.split("\n\n")[1] == (
        "<北京市/通州区/project/北京学校> a zp:Project ;\n"
        "    rdf:predicate rdf:type ;\n"
        '    skos:prefLabel "北京学校"@zh ;\n'
        "    zp:paragraph 7 ;\n"
        '    zp:quote "a \\"b\\"\\n^^<c>" ;\n'
        "    zp:score 0.5 ;\n"
        '    zp:value "3"^^xsd:decimal .\n'
    )


@settings(deadline=None, max_examples=40, derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.text(min_size=1, max_size=8), st.text(max_size=12), st.sampled_from(["", "zh"])
        ),
        max_size=6,
    )
)
def test_any_text_survives_the_round_trip(items):
    minter = Minter("https://example.org/:/")
    triples = sorted(
        {(minter.indicator(name) if name.split() else minter.unit(name), term("zp:quote"),
          vocab.text(value, language)) for name, value, language in items}
    )  # fmt: skip
    text = "".join(Writer(minter.base).turtle(triples))
    parsed = pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    got = sorted((str(q.subject), str(q.predicate), str(q.object)) for q in parsed)
    plain = pyoxigraph.parse(
        "".join(nquads(triples)).encode(), format=pyoxigraph.RdfFormat.N_TRIPLES
    )
    assert got == sorted((str(q.subject), str(q.predicate), str(q.object)) for q in plain)
