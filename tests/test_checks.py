"""Shapes and hygiene: the shipped report conforms, what is damaged is found."""

# ruff: noqa: E501  (queries stay on one line)
from __future__ import annotations

from functools import cache

import annotated
import pytest
from pyoxigraph import RdfFormat, Store

from kg import resources
from kg.errors import FormatError, MissingInput
from kg.rdf import checks, shapes
from kg.rdf.vocab import BASE, prologue

R = f"{BASE}report/tongzhou-2021"
SHAPE_DAMAGE = [
    "DELETE { ?s skos:prefLabel ?o } WHERE { ?s a zp:Project ; skos:prefLabel ?o }",
    'INSERT { ?s skos:prefLabel "另名"@zh } WHERE { ?s a zp:Project }',
    'DELETE { ?s skos:prefLabel ?o } INSERT { ?s skos:prefLabel "无语言" } WHERE { ?s a zp:Zone ; skos:prefLabel ?o }',
    "INSERT { ?s zp:mentionedIn zp:Actual } WHERE { ?s a zp:Zone }",
    'INSERT { ?s zp:code "12ab" } WHERE { ?s a zp:Place ; zp:code "110112" }',
    'INSERT { ?s zp:code "110101" } WHERE { ?s zp:code "110112" }',
    "INSERT { ?s zp:awarded ?s } WHERE { ?s a zp:Project }",
    "INSERT { ?s zp:partOf zp:Exact } WHERE { ?s a zp:Project }",
    "DELETE { ?s zp:quote ?o } WHERE { ?s zp:quote ?o }",
    'INSERT { ?s zp:quote "两段" } WHERE { ?s a zp:Passage }',
    "DELETE { ?s zp:startOffset ?o } INSERT { ?s zp:startOffset -1 } WHERE { ?s zp:startOffset ?o }",
    "DELETE { ?s zp:endOffset ?o } INSERT { ?s zp:endOffset 0 } WHERE { ?s zp:endOffset ?o }",
    "DELETE { ?s zp:paragraph ?o } INSERT { ?s zp:paragraph 0 } WHERE { ?s zp:paragraph ?o }",
    "DELETE { ?s dcterms:isPartOf ?o } WHERE { ?s dcterms:isPartOf ?o }",
    "DELETE { ?s zp:value ?o } WHERE { ?s zp:value ?o }",
    "DELETE { ?s zp:value ?o } INSERT { ?s zp:value 7 } WHERE { ?s zp:value ?o }",
    'DELETE { ?s zp:value ?o } INSERT { ?s zp:value "多"^^xsd:decimal } WHERE { ?s zp:value ?o }',
    "DELETE { ?s zp:measure ?o } INSERT { ?s zp:measure zp:Target } WHERE { ?s zp:measure ?o }",
    "INSERT { ?s zp:status zp:Target } WHERE { ?s a zp:Observation }",
    "DELETE { ?s zp:bound ?o } WHERE { ?s zp:bound ?o }",
    "DELETE { ?s zp:unit ?o } INSERT { ?s zp:unit zp:Level } WHERE { ?s zp:unit ?o }",
    "INSERT { ?s zp:area zp:Level } WHERE { ?s a zp:Observation }",
    "DELETE { ?s zp:stage ?o } INSERT { ?s zp:stage zp:Actual } WHERE { ?s zp:stage ?o }",
    "DELETE { ?s zp:milestoneOf ?o } WHERE { ?s zp:milestoneOf ?o }",
    "INSERT { ?s zp:progress -5.0 } WHERE { ?s a zp:Milestone }",
    "DELETE { ?s prov:wasDerivedFrom ?o } WHERE { ?s a zp:Milestone ; prov:wasDerivedFrom ?o }",
    "DELETE { ?s zp:score ?o } INSERT { ?s zp:score 1.5 } WHERE { ?s a zp:Milestone ; zp:score ?o }",
    "INSERT { ?s zp:rule 5 } WHERE { ?s a zp:Milestone }",
    "DELETE { ?s rdf:predicate ?o } INSERT { ?s rdf:predicate zp:area } WHERE { ?s rdf:predicate ?o }",
    "DELETE { ?s rdf:object ?o } WHERE { ?s rdf:object ?o }",
    'DELETE { ?s skos:notation ?o } INSERT { ?s skos:notation "今年" } WHERE { ?s a zp:Period ; skos:notation ?o }',
    'DELETE { ?s zp:end ?o } INSERT { ?s zp:end "1999-01-01"^^xsd:date } WHERE { ?s zp:end ?o }',
    'DELETE { ?s zp:start ?o } INSERT { ?s zp:start "2020"^^xsd:gYear } WHERE { ?s zp:start ?o }',
    "INSERT { ?s dcterms:issued 2020 } WHERE { ?s a zp:Report }",
    'INSERT { ?s dcterms:issued "im Januar"^^xsd:date } WHERE { ?s a zp:Report }',
    "INSERT { ?s zp:reviewYear 2020 } WHERE { ?s a zp:Report }",
    "DELETE { ?s dcterms:title ?o } WHERE { ?s dcterms:title ?o }",
    "INSERT { ?s dcterms:publisher ?s } WHERE { ?s a zp:Report }",
]
HYGIENE_DAMAGE = {
    "label-twice": f"INSERT DATA {{ <{BASE}北京市/通州区/zone/某区> a zp:Entity, zp:Zone ; skos:prefLabel '文化旅游区'@zh ; zp:mentionedIn <{R}/passage/0-1> }}",
    "alias-is-label": "INSERT { ?s skos:altLabel ?o } WHERE { ?s a zp:Zone ; skos:prefLabel ?o }",
    "label-blank": "DELETE { ?s skos:prefLabel ?o } INSERT { ?s skos:prefLabel ' 空'@zh } WHERE { ?s a zp:Zone ; skos:prefLabel ?o }",
    "part-of-itself": "INSERT { ?o zp:partOf ?s } WHERE { ?s zp:partOf ?o }",
    "related-to-itself": "DELETE { ?s rdf:object ?o } INSERT { ?s rdf:object ?z } WHERE { ?s rdf:subject ?z ; rdf:object ?o }",
    "statement-without-triple": "DELETE { ?s zp:locatedIn ?o } WHERE { ?s zp:locatedIn ?o }",
    "triple-without-statement": "INSERT { ?o zp:locatedIn ?s } WHERE { ?s zp:locatedIn ?o }",
    "statement-without-source": "DELETE { ?s prov:wasDerivedFrom ?o } WHERE { ?s a rdf:Statement ; prov:wasDerivedFrom ?o }",
    "quote-length": "DELETE { ?s zp:endOffset ?o } INSERT { ?s zp:endOffset 99999 } WHERE { ?s zp:endOffset ?o }",
    "dangling": "DELETE { ?s a ?o } WHERE { ?s a ?o . FILTER(?o IN (zp:Unit)) }",
    "never-mentioned": "DELETE { ?s zp:mentionedIn ?o } WHERE { ?s zp:mentionedIn ?o }",
    "indicator-twice": "INSERT { ?s skos:altLabel '重名'@zh . <urn:i> a zp:Indicator ; skos:prefLabel '重名'@zh } WHERE { ?s a zp:Indicator }",
    "upper-below-value": "INSERT { ?s zp:upperValue 1.0 } WHERE { ?s a zp:Observation }",
    "unit-missing": "DELETE { ?s zp:unit ?o } WHERE { ?s zp:unit ?o }",
    "rank-form": "INSERT { ?s zp:measure zp:Rank } WHERE { ?s a zp:Observation }",
    "kind-twice": "INSERT { ?s a zp:Policy } WHERE { ?s a zp:Zone }",
    "passage-in-other-graph": f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:p> dcterms:isPartOf <{R}> ; zp:quote '文' }} }}",
}  # fmt: skip


@cache
def examples() -> bytes:
    """The examples of one report together, as N-Quads."""
    store = Store()
    for name in ("observation", "milestone", "relation", "division"):
        store.load(path=resources.path(f"ontology/examples/{name}.ttl"), format=RdfFormat.TURTLE)
    return store.dump(format=RdfFormat.N_QUADS)


def damaged(update: str) -> Store:
    store = Store()
    store.load(examples(), format=RdfFormat.N_QUADS)
    assert checks.validate(store) == []
    store.update(prologue() + update)
    return store


def by_pyshacl(store: Store) -> set[tuple[str, str]]:
    """Focus and shape of each result of the reference validator."""
    import pyshacl
    import rdflib

    from kg.rdf.vocab import PREFIXES

    data = rdflib.Graph().parse(
        data=store.dump(format=RdfFormat.N_TRIPLES, from_graph=_default()), format="nt"
    )
    _, report, _ = pyshacl.validate(
        data,
        shacl_graph=rdflib.Graph().parse(resources.path("ontology/shapes.ttl")),
        ont_graph=rdflib.Graph().parse(resources.path("ontology/zhengpu.ttl")),
    )
    sh = rdflib.Namespace(PREFIXES["sh"])
    return {
        (str(report.value(result, sh.focusNode)), str(report.value(result, sh.sourceShape)))
        for result in report.subjects(rdflib.RDF.type, sh.ValidationResult)
    }


def _default():
    from pyoxigraph import DefaultGraph

    return DefaultGraph()


def by_queries(store: Store) -> set[tuple[str, str]]:
    return {
        (row["focus"], constraint.shape)
        for constraint in shapes.constraints()
        for row in checks._rows(store, constraint.query)
    }


@pytest.mark.parametrize("update", SHAPE_DAMAGE)
def test_damage_is_found(update):
    store = damaged(update)
    assert by_queries(store), update
    shape_names = {violation.check for violation in checks.validate(store)}
    assert any(" " in name for name in shape_names)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("update", ["DELETE WHERE { <urn:x> ?p ?o }", *SHAPE_DAMAGE])
def test_the_queries_find_what_the_reference_validator_finds(update):
    pytest.importorskip("pyshacl")
    store = damaged(update)
    assert by_queries(store) == by_pyshacl(store)


@pytest.mark.parametrize("name", sorted(HYGIENE_DAMAGE))
def test_each_hygiene_query_finds_its_damage(name):
    found = checks.validate(damaged(HYGIENE_DAMAGE[name]))
    assert name in {violation.check for violation in found}
    assert all(violation.focus and violation.message for violation in found)


def test_every_hygiene_query_is_tried():
    assert set(HYGIENE_DAMAGE) == {check.name for check in checks.checks("violation")}


def test_the_shipped_report_conforms():
    assert checks.validate(annotated.built()) == []
    assert checks.validate(annotated.built() / "graph.ttl") == []
    assert checks.findings(annotated.built()) == []


def test_a_violation_is_one_line():
    (violation, *_) = checks.validate(damaged(SHAPE_DAMAGE[0]))
    assert str(violation).count("\n") == 0
    assert str(violation).split("\t")[2] == "事物须有且只有一个中文全称"


LIFE = """
INSERT DATA {{
  <urn:thing> a zp:Entity, zp:Project ; skos:prefLabel "某桥"@zh .
  <urn:m1> a zp:Milestone ; zp:milestoneOf <urn:thing> ; zp:stage {first[1]} ; zp:status {first[2]} ;
    zp:period <urn:y1> ; prov:wasDerivedFrom <urn:p1> .
  <urn:m2> a zp:Milestone ; zp:milestoneOf {other} ; zp:stage {second[1]} ; zp:status {second[2]} ;
    zp:period <urn:y2> ; prov:wasDerivedFrom <urn:p2> .
  <urn:y1> zp:start "{first[0]}-01-01"^^xsd:date ; zp:end "{first[0]}-12-31"^^xsd:date .
  <urn:y2> zp:start "{second[0]}-01-01"^^xsd:date ; zp:end "{second[0]}-12-31"^^xsd:date .
  <urn:p1> zp:quote "甲" ; dcterms:isPartOf <urn:r1> . <urn:p2> zp:quote "乙" ; dcterms:isPartOf <urn:r2> .
  <urn:r1> a zp:Report ; zp:place <urn:place> ; zp:reviewYear "2020"^^xsd:gYear .
  <urn:r2> a zp:Report ; zp:place <urn:place> ; zp:reviewYear "2021"^^xsd:gYear .
  zp:Started zp:order 5 . zp:Completed zp:order 8 . zp:InOperation zp:order 9 .
  zp:Started rdfs:label "开工"@zh . zp:Completed rdfs:label "建成"@zh . zp:InOperation rdfs:label "投用"@zh .
}}
"""


@pytest.mark.parametrize(
    ("first", "second", "other", "finding"),
    [
        ((2020, "zp:InOperation", "zp:Actual"), (2021, "zp:Started", "zp:Actual"), "<urn:thing>",
         ("opened-before-started", "“某桥”2020年已投用，2021年才开工")),
        ((2020, "zp:Completed", "zp:Actual"), (2021, "zp:Completed", "zp:Actual"), "<urn:thing>",
         ("completed-twice", "“某桥”2020年和2021年两次称建成")),
        ((2021, "zp:Completed", "zp:Target"), (2021, "zp:Completed", "zp:Actual"), "<urn:else>",
         ("target-without-news", "“某桥”计划2021年建成，后来的报告没有消息")),
        ((2021, "zp:Completed", "zp:Target"), (2021, "zp:Completed", "zp:Actual"), "<urn:thing>", None),
        ((2020, "zp:Started", "zp:Actual"), (2021, "zp:Completed", "zp:Actual"), "<urn:thing>", None),
    ],
)  # fmt: skip
def test_contradictions_are_shown(first, second, other, finding):
    store = Store()
    store.update(prologue() + LIFE.format(first=first, second=second, other=other))
    found = [(item.check, item.message) for item in checks.findings(store)]
    assert found == ([finding] if finding else [])


def test_a_report_is_issued_on_a_day_or_in_a_year():
    for value in ('"2021"^^xsd:gYear', '"2021-01-14"^^xsd:date'):
        store = damaged(f"INSERT {{ ?s dcterms:issued {value} }} WHERE {{ ?s a zp:Report }}")
        assert checks.validate(store) == []


def test_a_shape_that_is_not_covered_is_refused():
    shape = """@prefix sh: <http://www.w3.org/ns/shacl#> .
    <urn:s> a sh:NodeShape ; sh:targetClass <urn:c> ; sh:property <urn:p> .
    <urn:p> sh:path <urn:q> ; sh:uniqueLang true ."""
    with pytest.raises(FormatError, match="uniqueLang"):
        shapes.constraints(shape)


def test_a_missing_graph_is_told():
    with pytest.raises(MissingInput, match="kg build"):
        checks.validate(annotated.DATA / "nothing")
