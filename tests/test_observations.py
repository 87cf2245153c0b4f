"""Observations: every rule by its example and its contrary, and the corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import rules, text
from kg.evaluation.scoring import score
from kg.model import Annotation, Mention, Observation, Paragraph, Report
from kg.statements import observations

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(__file__).parent / "corpus" / "observations.jsonl"
CASES = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
RULES = list(rules.registered("observation"))


def find(
    text: str, *, part: str = "review", mentions: tuple[Mention, ...] = ()
) -> list[Observation]:
    paragraph = Paragraph("report#1", 1, text, part=part)  # type: ignore[arg-type]
    report = Report("report", text, (paragraph,), place="通州区", review_year=2020, plan_year=2021)
    return list(observations.find(paragraph, report, mentions))


def short(item: Observation) -> str:
    return f"{item.indicator}={item.value:.12g}{item.unit}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_finds_its_example(rule: rules.Rule) -> None:
    found = [short(item) for item in find(rule.example) if item.rule == rule.name]
    assert found == rule.found.split("|")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_leaves_its_counterexample(rule: rules.Rule) -> None:
    assert [item for item in find(rule.counterexample) if item.rule == rule.name] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:16])
def test_corpus(case: dict[str, object]) -> None:
    found = find(str(case["text"]), part=str(case.get("part", "review")))
    keys = ("indicator", "value", "value_max", "unit", "measure", "period", "status", "bound")
    wanted = case["observations"]
    assert isinstance(wanted, list)
    assert [
        {key: getattr(item, key) for key in keys if key in expected}
        for item, expected in zip(found, wanted, strict=True)
    ] == wanted


def test_every_result_names_a_registered_rule_and_quotes_the_text() -> None:
    names = {rule.name for rule in RULES}
    for case in CASES:
        text = str(case["text"])
        for item in find(text):
            assert item.rule in names
            assert 0 < item.score <= 1
            assert item.quote == text[item.start : item.end]
            assert item.start <= item.number_start < item.number_end <= item.end


def test_number_inside_a_name_is_no_observation() -> None:
    text = "开工建设通州500家企业服务中心。"
    assert find(text)
    start = text.index("通州500家企业服务中心")
    name = Mention(start, start + len("通州500家企业服务中心"), "通州500家企业服务中心", "Project")
    assert find(text, mentions=(name,)) == []


def test_zone_before_the_figure_is_its_area() -> None:
    text = "运河商务区累计完工建筑面积370万平方米，9个项目完工。"
    zone = Mention(0, 5, "运河商务区", "Zone")
    first, second = find(text, mentions=(zone,))
    assert (first.indicator, first.area) == ("累计完工建筑面积", "运河商务区")
    assert second.area == "运河商务区"


def test_own_place_is_no_area() -> None:
    text = "通州区新建公园12个。"
    (item,) = find(text, mentions=(Mention(0, 3, "通州区", "Place"),))
    assert item.area is None


def test_without_numbers_nothing_is_found() -> None:
    assert find("深入推进高质量发展，民生福祉持续改善。") == []
    assert find("") == []


def test_unexplained_lists_what_no_form_explains() -> None:
    text = "2021年聚焦5G，完成第三期工程，新增企业30家。"
    paragraph = Paragraph("report#1", 1, text, part="review")
    report = Report("report", text, (paragraph,), review_year=2020, plan_year=2021)
    found = observations.find(paragraph, report, ())
    assert observations.unexplained(paragraph, (), found) == ()
    left = observations.unexplained(paragraph, (), ())
    assert [(text[start:end], why) for start, end, why in left] == [("30家", "figure")]


@pytest.mark.parametrize(
    ("text", "number", "why"),
    [
        ("画好农田和水岸边界三条线。", "三条", "list"),
        ("申报“甲村茄子”“乙村萝卜”三个地标产品。", "三个", "list"),
        ("加快两个“生活圈”规划建设。", "两个", "list"),
        ("试验田两项成果各县推广。", "两项", "count"),
        ("湖区水质达到Ⅲ类、经验全省推广。", "Ⅲ类", "grade"),
        ("工地照明24小时不熄。", "24小时", "duration"),
        ("吸引25万毕业生来区安家。", "25万", "figure"),
    ],
)
def test_what_is_left_says_why(text: str, number: str, why: str) -> None:
    paragraph = Paragraph("report#1", 1, text, part="review")
    left = observations.unexplained(paragraph, (), ())
    assert [(text[start:end], reason) for start, end, reason in left] == [(number, why)]
    assert why in observations.LEFT


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("加强“八支队伍”建设。", "slogan"),
        ("推进三次产业数字赋能。", "wording"),
        ("确保路上不漏一户。", "wording"),
        ("重点抓好以下十六项工作：", "wording"),
        ("落实二十条、执行新政策。", "name"),
        ("就业比例为近8年最高。", "qualifier"),
        ("时隔12年再次举办灯会。", "qualifier"),
        ("充分体现300万甲市人民的奋斗。", "qualifier"),
        ("高考600分以上人数创新高。", "qualifier"),
        ("突破百亿元大关。", "wording"),
        ("甲路改造（乙路至丙路）(12)丁路改造。", "footnote"),
        ("110警情明显减少。", "code"),
        ("110报警数继续下降。", "code"),
        ("对接德国工业4.0。", "code"),
        ("深入贯彻中央八项规定精神。", "code"),
        ("提高三类及以上水质比例。", "code"),
        ("加强6-7级机构的检查。", "code"),
        ("抓住产业和就业两个关键。", "sum"),
        ("申报“甲村茄子”“乙村萝卜”两个地标产品。", "sum"),
        ("深刻把握五个“必须坚持”。", "slogan"),
        ("实现党建三位一体发展。", "wording"),
        ("两次优化调整政策。", "wording"),
        ("推动口岸24小时通关。", "qualifier"),
        ("防潮标准提高到200年一遇。", "qualifier"),
        ("认真抓好11方面重点工作：", "wording"),
    ],
)
def test_words_that_hold_a_numeral_count_nothing(text: str, reason: str) -> None:
    paragraph = Paragraph("report#1", 1, text, part="review")
    assert [found for _, _, found in observations.explain(paragraph, (), ())] == [reason]


def test_a_word_that_begins_with_a_counter_is_no_count() -> None:
    paragraph = Paragraph("report#1", 1, "坚持发展这一首要任务。", part="review")
    assert observations.explain(paragraph, (), ()) == []


def test_every_number_has_a_reason() -> None:
    text = "（1）落实“十大行动”［4］，2021年新增企业30家，建设亿元以上项目一批。"
    paragraph = Paragraph("report#1", 1, text, part="review")
    report = Report("report", text, (paragraph,), review_year=2020, plan_year=2021)
    found = observations.find(paragraph, report, ())
    reasons = [reason for _, _, reason in observations.explain(paragraph, (), found)]
    assert reasons == ["list", "slogan", "footnote", "date", "observation", "qualifier", "wording"]


def test_shipped_report_reads_as_annotated() -> None:
    (report,) = text.read(ROOT / "data" / "reports" / "tongzhou-2021.txt")
    paragraphs = {item.id: item for item in report.paragraphs}
    lines = (ROOT / "data" / "gold" / "tongzhou-2021.jsonl").read_text(encoding="utf-8")
    pairs = []
    for line in lines.splitlines():
        gold = Annotation.from_dict(json.loads(line))
        paragraph = paragraphs[gold.id]
        found = observations.find(paragraph, report, ())
        wanted = Annotation(gold.id, gold.text, observations=gold.observations)
        pairs.append((wanted, Annotation(gold.id, paragraph.text, observations=found)))
    figures = score(pairs).total
    assert figures["observations core"].f1 > 0.95
    assert figures["observations full"].f1 > 0.95
