"""Names of whole reports: offsets, parts, models, errors."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from kg import mentions, rules
from kg.errors import UsageError
from kg.mentions import chains, marks, wholes
from kg.model import KINDS, Mention, Paragraph, Report


def _report(*texts: str) -> Report:
    paragraphs = tuple(
        Paragraph(f"made#{number}", number, text) for number, text in enumerate(texts, 1)
    )
    return Report("made", "\n".join(texts), paragraphs)


TONGZHOU = Path(__file__).parent.parent / "data" / "reports" / "tongzhou-2021.txt"
TEXTS = (
    "2020 年是“十三五”规划收官之年，在区委坚强领导下，全区上下贯彻党的十九大精神。",
    "",
    "加快建设京秦高速公路，深化“放管服”改革，成功创建国家森林城市。",
)


@pytest.mark.parametrize("model", mentions.MODELS)
def test_mentions_lie_where_they_say(model: str) -> None:
    report = _report(*TEXTS)
    found = mentions.find(report, model=model)
    assert len(found) == len(TEXTS)
    assert not found[1]
    for paragraph, names in zip(report.paragraphs, found, strict=True):
        for name in names:
            assert paragraph.text[name.start : name.end] == name.text
            assert name.kind in KINDS
            assert 0 <= name.score <= 1
            assert name.rule.startswith("entity.")


@pytest.mark.parametrize("model", mentions.MODELS)
def test_plain_names_are_found(model: str) -> None:
    found = mentions.find(_report(*TEXTS), model=model)
    names = {(name.text, name.kind) for names in found for name in names}
    assert ("党的十九大", "Event") in names
    assert ("国家森林城市", "Honour") in names
    assert ("“放管服”改革", "Policy") in names
    assert ("京秦高速公路", "Project") in names


def test_the_same_report_gives_the_same_names() -> None:
    report = _report(*TEXTS)
    assert mentions.find(report, model="light") == mentions.find(report, model="light")


def test_doubtful_names_stand_beside_the_names() -> None:
    report = _report(*TONGZHOU.read_text(encoding="utf-8").splitlines()[9:25])
    sifted = mentions.sift(report, model="light")
    assert [names for names, _ in sifted] == mentions.find(report, model="light")
    assert any(doubtful for _, doubtful in sifted)
    for names, doubtful in sifted:
        spans = {(name.start, name.end) for name in names}
        assert not spans & {(name.start, name.end) for name in doubtful}
    assert not any(doubtful for _, doubtful in mentions.sift(report, model="light", min_score=0.2))


def test_a_higher_score_keeps_fewer_names() -> None:
    report = _report(*TEXTS)
    few = mentions.find(report, model="light", min_score=0.9)
    many = mentions.find(report, model="light", min_score=0.1)
    assert sum(map(len, few)) <= sum(map(len, many))
    assert all(name.score >= 0.9 for names in few for name in names)


@pytest.mark.parametrize("part", sorted(mentions.PARTS))
def test_each_part_can_be_left_out(part: str) -> None:
    found = mentions.find(_report(*TEXTS), model="light", parts=mentions.PARTS - {part})
    assert len(found) == len(TEXTS)


def test_unknown_models_and_parts_are_refused() -> None:
    with pytest.raises(UsageError, match="light"):
        mentions.find(_report("文"), model="huge")
    with pytest.raises(UsageError, match="finders"):
        mentions.find(_report("文"), model="none", parts={"luck"})


def test_empty_reports_have_no_names() -> None:
    assert mentions.find(_report("", ""), model="none") == [(), ()]
    assert mentions.find(Report("made", "", ()), model="none") == []


@pytest.mark.parametrize(
    ("text", "span", "whole"),
    [
        ("推行“拿地即开工”机制", "拿地即开工”机制", "“拿地即开工”机制"),
        ("落实“六稳”任务", "“六稳”", "六稳"),
        ("推进张家湾公园（三期）建设", "张家湾公园（三期", "张家湾公园（三期）"),
    ],
)
def test_quotes_and_brackets_stay_whole(text: str, span: str, whole: str) -> None:
    start = text.index(span)
    mended = marks.repair(text, start, start + len(span))
    assert mended is not None
    assert text[slice(*mended)] == whole


def test_best_paths_are_lawful() -> None:
    random = np.random.default_rng(0)
    lengths = np.array([12, 7, 1])
    scores = random.normal(size=(3, 12, len(chains.LABELS))).astype(np.float32)
    follows, opening, closed = chains.allowed()
    for path, length in zip(chains.best_paths(scores, lengths), lengths, strict=True):
        assert len(path) == length
        assert opening[path[0]]
        assert closed[path[-1]]
        assert all(follows[left, right] for left, right in pairwise(path))


def test_a_shared_head_completes_the_name() -> None:
    text = "推进北苑、中仓等四家社区医疗中心建设。"
    report = _report(text)
    names = [
        Mention(text.index(word), text.index(word) + 2, word, "Project")
        for word in ("北苑", "中仓")
    ]
    (completed,) = wholes.whole_names(report, [names])
    assert [name.canonical for name in completed] == ["北苑社区医疗中心", "中仓社区医疗中心"]


@pytest.mark.parametrize(
    ("text", "kind", "names", "whole"),
    [
        ("打好蓝天、净土保卫战。", "Policy", ("蓝天", "净土保卫战"), ("蓝天保卫战", None)),
        ("东桥、柴坞等2个220千伏输变电工程开工。", "Project", ("东桥", "柴坞"),
         ("东桥220千伏输变电工程", "柴坞220千伏输变电工程")),
        ("推进甲药业电池等战略性项目落户开发区。", "Project", ("甲药业电池",), ("甲药业电池项目",)),
        # nothing is made up of what is no noun of the kind, stands whole, or goes on
        ("抓好甲荒、乙工等重点企业改革。", "Institution", ("甲荒", "乙工"), (None, None)),
        ("深化与甲科院、乙程院等战略合作。", "Institution", ("甲科院", "乙程院"), (None, None)),
        ("办好甲创会、乙洽会等重大活动。", "Event", ("甲创会", "乙洽会"), (None, None)),
        ("荣获甲卫生县城等国家级荣誉称号。", "Honour", ("甲卫生县城",), (None,)),
        ("绿园三大建筑、甲路改造、乙交通枢纽进入主体施工。", "Project",
         ("绿园三大建筑", "甲路改造", "乙交通枢纽"), (None, None, None)),
        ("甲江高铁乙段、丙高铁丁段等5条高铁建成。", "Project", ("甲江高铁乙段", "丙高铁丁段"),
         (None, None)),
    ],
)  # fmt: skip
def test_a_name_is_completed_by_a_noun_it_lacks(text, kind, names, whole) -> None:
    found = [Mention(text.index(name), text.index(name) + len(name), name, kind) for name in names]
    (completed,) = wholes.whole_names(_report(text), [found])
    assert tuple(name.canonical for name in completed) == whole


def test_a_name_is_short_for_the_same_all_over_a_paragraph() -> None:
    text = "推进北苑、中仓等四家社区医疗中心建设，北苑年内开诊。"
    report = _report(text)
    found = [(text.index(name), name) for name in ("北苑", "中仓")] + [
        (text.rindex("北苑"), "北苑")
    ]
    names = [Mention(at, at + 2, name, "Project") for at, name in found]
    (completed,) = wholes.whole_names(report, [names])
    assert [name.canonical for name in completed if name.text == "北苑"] == ["北苑社区医疗中心"] * 2


@pytest.mark.parametrize("model", ["light", "full"])
def test_tagger_rules_hold_what_they_promise(model: str) -> None:
    rule = rules.get(f"entity.{model}")
    (found,) = mentions.find(_report(rule.example), model=model)
    assert set(rule.found.split("|")) <= {name.text for name in found}
    assert mentions.find(_report(rule.counterexample), model=model) == [()]


@pytest.mark.parametrize("model", mentions.MODELS)
def test_every_name_says_which_rule_gave_it(model: str) -> None:
    for names in mentions.find(_report(*TEXTS), model=model):
        assert {name.rule for name in names} <= set(rules.names())
