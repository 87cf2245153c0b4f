"""Milestones: the corpus, the rules' own examples, and what a milestone carries."""

import json
from pathlib import Path

import pytest
from marking import marked

from kg import lexicon
from kg.model import STAGES, Milestone, Paragraph, Report
from kg.rules import registered
from kg.statements import linear, milestones
from kg.statements.layout import lay_out

CORPUS = Path(__file__).parent / "corpus" / "milestones.jsonl"
ROWS = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]


def found(text: str, names: list[tuple[str, str]], part: str = "review") -> tuple[Milestone, ...]:
    paragraph = Paragraph("sample#1", 1, text, part)  # type: ignore[arg-type]
    report = Report("sample", text, (paragraph,), review_year=2020, plan_year=2021)
    return milestones.find(paragraph, report, marked(text, names))


def short(items: tuple[Milestone, ...]) -> set[str]:
    return {f"{item.entity} {item.stage}" for item in items}


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:14] for row in ROWS])
def test_corpus(row):
    assert short(found(row["text"], row["names"], row["part"])) == set(row["milestones"])


@pytest.mark.parametrize("rule", list(registered("milestone")), ids=lambda rule: rule.name)
def test_rule_finds_its_example_and_not_its_counterexample(rule):
    wanted = set(rule.found.split("|"))
    names = [(item.rpartition(" ")[0], "Project") for item in wanted]
    items = found(rule.example, names)
    assert short(items) >= wanted
    assert any(item.rule == rule.name for item in items)
    assert found(rule.counterexample, names) == ()


def test_quote_is_where_it_says():
    for row in ROWS:
        for item in found(row["text"], row["names"], row["part"]):
            assert row["text"][item.start : item.end] == item.quote
            assert item.entity in item.quote
            assert item.stage in STAGES
            assert 0.0 < item.score <= 1.0


def test_period_and_status_come_from_the_part():
    text = "东湖大桥开工建设。"
    (done,) = found(text, [("东湖大桥", "Project")], "review")
    (planned,) = found(text, [("东湖大桥", "Project")], "plan")
    assert (done.period, done.status) == ("2020", "actual")
    assert (planned.period, planned.status) == ("2021", "target")


def test_progress_in_percent():
    (item,) = found("17号线通州段主体结构完工90%。", [("17号线通州段", "Project")])
    assert (item.stage, item.progress) == ("under-construction", 90.0)


def test_each_name_reaches_a_stage_once():
    text = "东湖大桥开工建设，东湖大桥正式开工。"
    items = found(text, [("东湖大桥", "Project")])
    assert len(items) == len(short(items))


def test_same_result_twice():
    row = ROWS[0]
    assert found(row["text"], row["names"]) == found(row["text"], row["names"])


def test_no_names_no_milestones():
    assert found("加快建设一批重大项目。", []) == ()


def test_cues_tell_of_known_stages():
    for row in lexicon.rows("stage_cues"):
        assert set(row["stages"].split(",")) <= set(STAGES)


@pytest.mark.parametrize(
    ("told", "stage"),
    [
        ("盾构始发", "under-construction"),
        ("完成架梁", "under-construction"),
        ("主塔吊装", "under-construction"),
        ("完成铺轨", "under-construction"),
        ("进入设备安装阶段", "under-construction"),
        ("进展顺利", "under-construction"),
        ("建设步伐加快", "under-construction"),
        ("全线洞通", "completed"),
        ("完成竣备", "completed"),
        ("试营业", "in-operation"),
        ("迎来首批学生", "in-operation"),
        ("全容量并网", "in-operation"),
        ("开馆", "in-operation"),
        ("并网发电", "in-operation"),
    ],
)
def test_words_of_the_building_site_tell_a_stage(told, stage):
    names = [("云谷项目", "Project")]
    assert short(found(f"经过一年努力，云谷项目{told}，城市面貌改善。", names)) == {
        f"云谷项目 {stage}"
    }


def test_invested_money_is_no_stage_of_its_own():
    assert found("经过一年努力，云谷项目完成投资5亿元。", [("云谷项目", "Project")]) == ()


def test_a_place_reaches_no_stage():
    text = "加快推进东海、西山建设国际消费中心城市，开工建设云谷大桥。"
    names = [("东海", "Place"), ("西山", "Place"), ("云谷大桥", "Project")]
    assert short(found(text, names)) == {"云谷大桥 started"}


def test_unknown_features_weigh_nothing():
    scorer = linear.Linear(bias=0.0, weights={"a": 2.0})
    assert scorer.probability(["b"]) == 0.5
    assert scorer.probability(["a", "a"]) == scorer.probability(["a"]) > 0.5


def test_names_before_a_project_are_its_chain():
    text = "北京市通州区云谷大桥、南山隧道开工。"
    names = [
        ("北京市", "Place"),
        ("通州区", "Place"),
        ("云谷大桥", "Project"),
        ("南山隧道", "Project"),
    ]
    layout = lay_out(text, marked(text, names))
    assert layout.chains == ((), (0,), (0, 1), ())
    assert layout.tight[2].members == (2, 3)
    assert layout.tight[2].start == 0
