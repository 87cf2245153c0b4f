"""The ontology and what ships beside it: complete, bilingual, consistent."""

from __future__ import annotations

import json
import re

import pytest

from kg import resources
from kg.query import named
from kg.rdf import checks, ontology, shapes, vocab
from kg.rdf.vocab import PREFIXES

rdflib = pytest.importorskip("rdflib")
OWL, RDF, RDFS, SKOS = rdflib.OWL, rdflib.RDF, rdflib.RDFS, rdflib.SKOS
ZP = rdflib.Namespace(PREFIXES["zp"])

CONTRACT = """
Entity Project Place Zone Institution Policy Event Person Honour Report Passage Observation
Indicator Milestone Level Growth Change Share Rank Progress Actual Target Exact AtLeast AtMost
Approximate Proposed Approved Signed Preparing Started UnderConstruction ToppedOut Completed
InOperation Established Suspended Commitment place reviewYear planYear quote startOffset
endOffset paragraph mentionedIn indicator value upperValue unit measure period status bound area
scope start end milestoneOf stage progress order locatedIn partOf settledIn subsidiaryOf issuedBy
undertakenBy cooperatesWith connects awarded rule score
"""
_TERM = re.compile(r"\bzp:([A-Za-z][\w-]*)")


@pytest.fixture(scope="module")
def graph():
    return rdflib.Graph().parse(resources.path("ontology/zhengpu.ttl"))


def own(graph):
    return {s for s in graph.subjects() if str(s).startswith(str(ZP)) and "component-" not in s}


def test_every_term_of_the_contract_is_defined(graph):
    assert {name for name in CONTRACT.split() if (ZP[name], RDF.type, None) not in graph} == set()


def test_every_term_has_label_and_definition_in_both_languages(graph):
    for subject in own(graph):
        for predicate in (RDFS.label, SKOS.definition):
            languages = {value.language for value in graph.objects(subject, predicate)}
            assert languages == {"zh", "en"}, (subject, predicate)


def test_labels_are_unique_among_terms_of_one_sort(graph):
    for sort in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual):
        subjects = [s for s in own(graph) if (s, RDF.type, sort) in graph]
        for language in ("zh", "en"):
            labels = [
                (str(label), tuple(sorted(set(graph.objects(s, RDF.type)))))
                for s in subjects
                for label in graph.objects(s, RDFS.label)
                if label.language == language
            ]
            assert len(labels) == len(set(labels)), sort


def test_kinds_are_tied_to_their_fields(graph):
    for kind in vocab.KIND_TERMS.values():
        parents = set(graph.objects(rdflib.URIRef(kind[1:-1]), RDFS.subClassOf))
        assert ZP.Entity in parents
        assert any(not str(parent).startswith(str(ZP)) for parent in parents), kind


def test_the_header_has_version_licence_and_changes(graph):
    node = rdflib.URIRef(vocab.ONTOLOGY)
    version = str(graph.value(node, OWL.versionInfo))
    assert str(graph.value(node, OWL.versionIRI)) == f"{vocab.ONTOLOGY}/{version}"
    assert graph.value(node, rdflib.DCTERMS.license)
    assert f"| {version} |" in resources.read("ontology/CHANGES.md")


def test_stages_are_in_order(graph):
    order = [int(graph.value(rdflib.URIRef(s[1:-1]), ZP.order)) for s in vocab.STAGE_TERMS.values()]
    assert order == list(range(1, 12))


def test_namespaces_used_are_the_ones_of_the_code(graph):
    bound = {prefix: str(space) for prefix, space in graph.namespaces()}
    for prefix, space in PREFIXES.items():
        assert bound.get(prefix, space) == space


@pytest.mark.parametrize("folder", ["queries", "checks"])
def test_queries_use_only_terms_that_exist(graph, folder):
    known = {str(s).rpartition("#")[2] for s in own(graph)}
    for path in sorted(resources.path(f"ontology/{folder}").glob("*.rq")):
        used = set(_TERM.findall(path.read_text(encoding="utf-8")))
        assert used <= known, path.name


def test_code_uses_only_terms_that_exist(graph):
    known = {str(s).rpartition("#")[2] for s in own(graph)} | {"ObservationStructure"}
    for path in sorted(resources.path("rdf").glob("*.py")):
        used = set(re.findall(r'term\("zp:(\w+)"\)', path.read_text(encoding="utf-8")))
        assert used <= known, path.name


def test_shapes_speak_of_terms_that_exist(graph):
    known = {str(s).rpartition("#")[2] for s in own(graph)}
    assert set(_TERM.findall(resources.read("ontology/shapes.ttl"))) <= known
    targets = re.findall(r"sh:targetClass zp:(\w+)", resources.read("ontology/shapes.ttl"))
    expected = {"Entity", "Report", "Passage", "Observation", "Milestone", "Indicator", "Unit"}
    assert expected <= set(targets)


def test_every_shape_has_a_sentence_in_both_languages():
    shape = rdflib.Graph().parse(resources.path("ontology/shapes.ttl"))
    sh = rdflib.Namespace(PREFIXES["sh"])
    for node in set(shape.objects(None, sh.property)):
        assert {m.language for m in shape.objects(node, sh.message)} == {"zh", "en"}, node
    assert len(shapes.constraints()) > 150


def test_every_check_says_what_must_hold():
    titles = [check.title for check in checks.checks()]
    assert len(titles) == len(set(titles)) >= 19
    assert {check.severity for check in checks.checks()} == {"violation", "finding"}
    assert all("?message" in check.query and check.about for check in checks.checks())


def test_the_context_knows_every_property(graph):
    context = json.loads(resources.read("ontology/context.jsonld"))["@context"]
    for sort in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for subject in graph.subjects(RDF.type, sort):
            name = str(subject).rpartition("#")[2]
            assert context[name]["@id"] == f"zp:{name}"
            assert (context[name].get("@type") == "@id") == (sort == OWL.ObjectProperty)


@pytest.mark.parametrize("path", sorted(resources.path("ontology/examples").glob("*.ttl")),
                         ids=lambda path: path.stem)  # fmt: skip
def test_examples_conform(path):
    assert checks.validate(path) == []


def test_there_are_examples_and_at_least_twenty_questions():
    assert len(list(resources.path("ontology/examples").glob("*.ttl"))) >= 5
    assert len(named()) >= 20


def test_a_graph_repeats_the_code_lists():
    codes = ontology.codes()
    assert (vocab.term("zp:Started"), vocab.term("rdfs:label"), vocab.text("开工", "zh")) in codes
    assert sum(p == vocab.term("zp:order") for _, p, _ in codes) == 11
