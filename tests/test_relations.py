"""Relations: the corpus, the rules' own examples, and what a relation carries."""

import json
from pathlib import Path

import pytest
from marking import marked

from kg import lexicon
from kg.model import PREDICATES, Paragraph, Relation, Report
from kg.rules import registered
from kg.statements import relations
from kg.statements.inner_names import division_level, is_under, places_inside
from kg.statements.layout import lay_out

CORPUS = Path(__file__).parent / "corpus" / "relations.jsonl"
ROWS = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]


def found(
    text: str, names: list[tuple[str, str]], part: str = "review", place: str = "某市"
) -> tuple[Relation, ...]:
    paragraph = Paragraph("sample#1", 1, text, part)  # type: ignore[arg-type]
    report = Report("sample", text, (paragraph,), place=place, review_year=2020, plan_year=2021)
    return relations.find(paragraph, report, marked(text, names))


def short(items: tuple[Relation, ...]) -> set[str]:
    return {f"{item.subject} {item.predicate} {item.object}" for item in items}


def kind(name: str) -> str:
    if name.startswith("国家"):
        return "Honour"
    if name.endswith(("小镇", "景区")):
        return "Zone"
    return "Place" if name[-1] in "村乡镇区市" else "Project"


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:14] for row in ROWS])
def test_corpus(row):
    items = found(row["text"], row["names"], row["part"], row.get("place", "某市"))
    assert short(items) == set(row["relations"])


@pytest.mark.parametrize("rule", list(registered("relation")), ids=lambda rule: rule.name)
def test_rule_finds_its_example_and_not_its_counterexample(rule):
    wanted = set(rule.found.split("|"))
    ends = {end for item in wanted for end in (item.split(" ")[0], item.split(" ")[2])}
    ends = {
        end
        for end in ends
        if rule.name != "relation.inside-name" or end + "住房" not in rule.example
    }
    names = [(end, kind(end)) for end in ends]
    items = found(rule.example, names)
    assert short(items) >= wanted
    assert any(item.rule == rule.name for item in items)
    assert found(rule.counterexample, names) == ()


def test_quote_is_where_it_says():
    for row in ROWS:
        for item in found(row["text"], row["names"]):
            assert row["text"][item.start : item.end] == item.quote
            assert item.subject in item.quote
            assert item.object in item.quote
            assert item.predicate in PREDICATES
            assert 0.0 < item.score <= 1.0


def test_no_names_no_relations():
    assert found("各项事业蓬勃发展。", []) == ()


def test_division_names():
    assert division_level("北京市") > division_level("通州区") > division_level("某某")
    assert is_under("通州区", "北京市")
    assert not is_under("北京市", "通州区")


def test_places_inside_names():
    text = "湛江青云一体化基地、台湖演艺小镇临时会客厅开工。"
    names = [("湛江青云一体化基地", "Project"), ("台湖演艺小镇临时会客厅", "Project")]
    inner = {item.text for item in places_inside(lay_out(text, marked(text, names)), [])}
    assert {"湛江", "台湖演艺小镇"} <= inner


def test_signs_speak_of_known_predicates():
    assert {row["predicate"] for row in lexicon.rows("relation_signs")} <= set(PREDICATES)
