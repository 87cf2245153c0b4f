"""Targets against outcomes: rows, verdicts, lives of projects, the page."""

from __future__ import annotations

import csv
import doctest
import io
import json
from dataclasses import replace

import annotated
import pytest

from kg.entities import link
from kg.errors import UsageError
from kg.model import Annotation, Extraction, Mention, Milestone, Observation, Paragraph, Report
from kg.track import VERDICTS, consecutive, data, follow, labels, page, render, track, units

HOME = {"place": "通州区", "place_chain": ("北京市",)}


def figure(quote, indicator, value, unit="%", measure="growth", bound="exact", **more):
    """An observation; status and period come from the paragraph it is put into."""
    return (quote, dict(indicator=indicator, value=value, unit=unit, measure=measure,
                        bound=bound, quote=quote, **more))  # fmt: skip


def stage(quote, entity, stage_, **more):
    return (quote, dict(entity=entity, stage=stage_, quote=quote, **more))


def report(stem, year, review=(), plan=()) -> Extraction:
    """A report of ``year`` with one review and one plan paragraph for each list given."""
    paragraphs, annotations = [], []
    parts = [("review", "actual", str(year - 1), review), ("plan", "target", str(year), plan)]
    for part, status, period, lists in parts:
        for lead, items in lists:
            text = lead + "；".join(quote for quote, _ in items) + "。"
            number = len(paragraphs) + 1
            observations, milestones, names = [], [], []
            for quote, fields in items:
                start = text.index(quote)
                whole = {
                    "period": period,
                    "status": status,
                    "start": start,
                    "end": start + len(quote),
                }
                whole |= fields
                if "stage" in fields:
                    milestones.append(Milestone(**whole))
                    begin = text.index(fields["entity"], start)
                    end = begin + len(fields["entity"])
                    names.append(Mention(begin, end, fields["entity"], "Project"))
                elif "indicator" in fields:
                    observations.append(Observation(**whole))
                elif "entity" in fields:
                    begin = text.index(fields["entity"], start)
                    end = begin + len(fields["entity"])
                    names.append(Mention(begin, end, fields["entity"], "Project"))
            paragraphs.append(Paragraph(f"{stem}#{number}", number, text, part))
            annotations.append(
                Annotation(
                    f"{stem}#{number}", text, tuple(names), tuple(observations), tuple(milestones)
                )
            )
    home = Report(
        stem,
        "",
        tuple(paragraphs),
        title=f"{year}年报告",
        review_year=year - 1,
        plan_year=year,
        **HOME,
    )
    return Extraction(home, tuple(annotations))


def only(old, new):
    (row,) = track(old, new)
    return row


LEAD = "今年的主要预期目标是："


def one(target, outcome, *, plan=()):
    old = report("old", 2021, plan=[(LEAD, [target])])
    new = report("new", 2022, review=[("过去一年，", [outcome] if outcome else [])], plan=plan)
    return only(old, new)


@pytest.mark.parametrize("module", [labels, units])
def test_examples(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("bound", "aim", "got", "verdict"),
    [
        ("exact", 8, 8.2, "exceeded"),
        ("exact", 8, 8, "met"),
        ("exact", 8, 7.9, "missed"),
        ("min", 8, 8, "met"),
        ("min", 8, 9, "exceeded"),
        ("min", 8, 7, "missed"),
        ("approx", 8, 7.7, "met"),
        ("approx", 8, 8.3, "met"),
        ("approx", 8, 7.6, "missed"),
        ("approx", 8, 9, "exceeded"),
    ],
)
def test_growth(bound, aim, got, verdict):
    row = one(
        figure(f"地区生产总值增长{aim}%", "地区生产总值", aim, bound=bound),
        figure(f"GDP增长{got}%", "GDP", got),
    )
    assert (row.name, row.verdict) == ("地区生产总值", verdict)
    assert row.target.headline
    assert row.target.quote == f"地区生产总值增长{aim}%"
    assert row.outcome.quote == f"GDP增长{got}%"


@pytest.mark.parametrize(("got", "verdict"), [(4.4, "met"), (5, "met"), (5.1, "missed")])
def test_a_kept_upper_bound_is_met(got, verdict):
    rate = {"unit": "%", "measure": "level"}
    row = one(
        figure("城镇登记失业率控制在5%以内", "城镇登记失业率", 5, bound="max", **rate),
        figure(f"登记失业率{got}%", "登记失业率", got, **rate),
    )
    assert row.verdict == verdict


@pytest.mark.parametrize(
    ("got", "verdict"), [(1020e8, "met"), (1040e8, "exceeded"), (950e8, "missed")]
)
def test_about_a_level_is_three_per_cent(got, verdict):
    row = one(
        figure("固定资产投资1000亿元左右", "固定资产投资", 1000e8, "元", "level", "approx"),
        figure(f"固定资产投资{got / 1e8:g}亿元", "固定资产投资", got, "元", "level"),
    )
    assert row.verdict == verdict


def test_less_is_better_for_some():
    row = one(
        figure("PM2.5平均浓度降到35微克/立方米", "PM2.5平均浓度", 35, "微克/立方米", "level"),
        figure("细颗粒物平均浓度33微克/立方米", "细颗粒物平均浓度", 33, "微克/立方米", "level"),
    )
    assert row.verdict == "exceeded"


def test_units_are_brought_together():
    row = one(
        figure("新建绿道100公里", "新建绿道", 100, "公里", "level"),
        figure("新建绿道99000米", "新建绿道", 99000, "米", "level"),
    )
    assert row.verdict == "missed"


@pytest.mark.parametrize(
    "outcome",
    [
        figure("地区生产总值1103亿元", "地区生产总值", 1103e8, "元", "level"),
        figure("地区生产总值上半年增长5%", "地区生产总值", 5, period="2021-H1"),
        figure("地区生产总值年均增长6%", "地区生产总值", 6, period="2017/2021"),
    ],
)
def test_another_measure_or_period_is_not_comparable(outcome):
    row = one(figure("地区生产总值增长8%", "地区生产总值", 8), outcome)
    assert row.verdict == "not-comparable"
    assert row.note
    assert row.outcome is not None


def test_a_figure_repeated_as_the_next_target_is_no_outcome():
    again = figure("地区生产总值增长8%", "地区生产总值", 8)
    row = one(again, None, plan=[(LEAD, [again])])
    assert (row.verdict, row.outcome) == ("not-reported", None)


def test_what_comes_new_is_not_held_against_what_there_is():
    row = one(
        figure("新增高新技术企业80家", "新增高新技术企业", 80, "家", "level"),
        figure("高新技术企业达到900家", "高新技术企业", 900, "家", "level"),
    )
    assert row.verdict == "not-reported"


def test_energy_is_not_taken_for_output():
    row = one(
        figure("单位地区生产总值能耗下降3%", "单位地区生产总值能耗", -3),
        figure("地区生产总值增长6%", "地区生产总值", 6),
    )
    assert row.verdict == "not-reported"


def test_a_target_in_words_is_kept_and_not_judged():
    old = report("old", 2021, plan=[(LEAD, [("居民人均可支配收入稳步增长", {})])])
    new = report(
        "new", 2022, review=[("", [figure("居民人均可支配收入增长9%", "居民人均可支配收入", 9)])]
    )
    row = only(old, new)
    assert (row.name, row.verdict) == ("居民人均可支配收入", "not-comparable")
    assert row.target.value is None
    assert "没有给出数字" in row.note


def test_a_target_told_otherwise_later_is_noted():
    later = figure("一般公共预算收入年初目标增长2%", "一般公共预算收入", 2, status="target")
    reached = figure("一般公共预算收入增长2.5%", "一般公共预算收入", 2.5)
    old = report(
        "old", 2021, plan=[(LEAD, [figure("一般公共预算收入增长3%", "一般公共预算收入", 3)])]
    )
    new = report("new", 2022, review=[("", [reached, later])])
    row = only(old, new)
    assert row.verdict == "missed"
    assert "年初目标增长2%" in row.note


@pytest.mark.parametrize(
    ("planned", "reached", "verdict"),
    [
        ("completed", "completed", "met"),
        ("completed", "in-operation", "met"),
        ("in-operation", "completed", "partly"),
        ("started", "under-construction", "met"),
        ("started", "completed", "met"),
        ("completed", "under-construction", "partly"),
        ("started", "preparing", "missed"),
        ("completed", "suspended", "missed"),
        ("under-construction", "established", "met"),
        ("completed", "established", "partly"),
    ],
)
def test_stages(planned, reached, verdict):
    old = report("old", 2021, plan=[("", [stage("杨庄小学投入使用", "杨庄小学", planned)])])
    new = report("new", 2022, review=[("", [stage("杨庄小学项目进展", "杨庄小学项目", reached)])])
    row = only(old, new)
    assert (row.kind, row.name, row.verdict) == ("project", "杨庄小学", verdict)


def test_a_project_planned_again_is_not_reported():
    again = stage("推进杨庄小学建设", "杨庄小学", "under-construction")
    old = report("old", 2021, plan=[("", [stage("杨庄小学竣工", "杨庄小学", "completed")])])
    row = only(old, report("new", 2022, plan=[("", [again])]))
    assert (row.verdict, row.outcome) == ("not-reported", None)
    assert "又列入计划" in row.note


def named(quote, entity):
    """A sentence that names a project and states no stage of it."""
    return (quote, {"entity": entity})


@pytest.mark.parametrize(
    ("planned", "text", "verdict"),
    [
        ("under-construction", "杨庄小学完成投资2亿元", "met"),
        ("completed", "总投资9亿元的杨庄小学累计完成投资2亿元", "partly"),
        ("started", "杨庄小学建设取得新进展", "met"),
        ("started", "杨庄小学规划审批取得新进展", "not-comparable"),
        ("under-construction", "杨庄小学建设进展缓慢", "not-comparable"),
        ("completed", "杨庄小学获评绿色校园", "not-comparable"),
        ("completed", "在杨庄小学推进垃圾分类", "not-reported"),
    ],
)
def test_news_that_names_no_stage(planned, text, verdict):
    old = report("old", 2021, plan=[("", [stage("杨庄小学投入使用", "杨庄小学", planned)])])
    row = only(old, report("new", 2022, review=[("", [named(text, "杨庄小学")])]))
    assert row.verdict == verdict
    assert (row.outcome is None) == (verdict == "not-reported")
    if row.outcome:
        assert row.outcome.quote == text


def test_a_stage_goes_before_news_without_one():
    old = report("old", 2021, plan=[("", [stage("杨庄小学竣工", "杨庄小学", "completed")])])
    said = [named("杨庄小学完成投资2亿元", "杨庄小学")]
    done = [stage("杨庄小学竣工", "杨庄小学", "completed")]
    row = only(old, report("new", 2022, review=[("", said), ("", done)]))
    assert (row.verdict, row.outcome.quote) == ("met", "杨庄小学竣工")


def test_news_in_words_of_what_is_planned_again_says_so():
    old = report("old", 2021, plan=[("", [stage("杨庄小学竣工", "杨庄小学", "completed")])])
    said = [named("杨庄小学完成投资2亿元", "杨庄小学")]
    again = [stage("推进杨庄小学竣工", "杨庄小学", "completed")]
    row = only(old, report("new", 2022, review=[("", said)], plan=[("", again)]))
    assert row.verdict == "partly"
    assert "又列入计划" in row.note


def three_reports():
    school = "杨庄小学"
    return [
        report("r2021", 2021, plan=[("", [stage("启动杨庄小学建设", school, "started")])]),
        report("r2022", 2022, review=[("", [stage("杨庄小学开工", school, "started")])],
               plan=[("", [stage("杨庄小学投入使用", school, "in-operation")])]),
        report("r2023", 2023, review=[("", [stage("杨庄小学建成投用", school, "in-operation")])]),
    ]  # fmt: skip


def test_the_life_of_a_project():
    result = follow(three_reports(), place="通州")
    assert result.place == "通州区"
    (life,) = result.lives
    assert [(step.period, step.status, step.stage) for step in life.steps] == [
        ("2021", "actual", "started"),
        ("2021", "target", "started"),
        ("2022", "actual", "in-operation"),
        ("2022", "target", "in-operation"),
    ]
    assert [row.verdict for row in result.rows] == ["met", "met"]


def test_what_does_not_fit_together_is_said():
    reports = three_reports()
    reports[2] = report(
        "r2023", 2023, review=[("", [stage("杨庄小学开工", "杨庄小学", "started")])]
    )
    reports[1] = report(
        "r2022", 2022, review=[("", [stage("杨庄小学竣工", "杨庄小学", "completed")])]
    )
    (life,) = follow(reports).lives
    assert life.warnings
    assert [step.stage for step in life.steps if step.status == "actual"] == [
        "completed",
        "started",
    ]


def test_reports_that_follow_each_other():
    first, second, third = three_reports()
    pairs = consecutive([third, first, second])
    assert [(a.report.stem, b.report.stem) for a, b in pairs] == [
        ("r2021", "r2022"),
        ("r2022", "r2023"),
    ]


def test_an_unknown_place_is_refused():
    with pytest.raises(UsageError, match="通州区"):
        follow(three_reports(), place="海淀区")


def test_forms():
    result = follow(three_reports())
    rows = json.loads(render(result, "json"))
    assert rows[0]["kind"] == "project"
    assert set(rows[0]) >= {"kind", "name", "target", "outcome", "verdict"}
    assert set(rows[0]["target"]) >= {
        "value", "unit", "measure", "bound", "report", "paragraph", "quote",
    }  # fmt: skip
    assert rows[0]["verdict"] in VERDICTS
    records = list(csv.DictReader(io.StringIO(render(result, "csv"))))
    assert records[0]["outcome_quote"] == "杨庄小学开工"
    assert "杨庄小学" in render(result, "table")
    with pytest.raises(UsageError, match="json"):
        render(result, "xml")


def test_the_page_stands_alone_and_escapes():
    reports = three_reports()
    bad = stage("<b>甲</b>公园竣工", "<b>甲</b>公园", "completed")
    reports.append(report("r2024", 2024, plan=[("", [bad])]))
    reports.append(report("r2025", 2025, review=[("", [bad])]))
    html = page(follow(reports))
    assert html.startswith("<!DOCTYPE html>")
    assert "<b>甲</b>" not in html
    assert "&lt;b&gt;甲" in html
    assert "http://" not in html
    assert "https://" not in html
    assert "目标与结果" in html
    assert "$" not in html.split("<script>")[0]


def test_page_data():
    values = data(follow(three_reports()))
    assert values["place"] == "通州区"
    assert values["verdicts"] == {"met": 2}
    assert values["lives"][0]["steps"][0]["quote"] == "杨庄小学开工"
    json.dumps(values, ensure_ascii=False)


def test_main_targets_of_the_shipped_report():
    old = annotated.extraction()
    empty = report("later", 2022)
    rows = [row for row in track(old, empty, link([old, empty])) if row.target.headline]
    assert [row.name for row in rows] == [
        "地区生产总值",
        "一般公共预算收入",
        "固定资产投资",
        "社会消费品零售总额",
        "居民人均可支配收入",
        "城镇登记失业率",
        "万元地区生产总值能耗",
    ]
    assert {row.verdict for row in rows} == {"not-reported"}


def test_commitments_as_rdf():
    import rdflib

    graph = rdflib.Graph().parse(data=render(follow(three_reports()), "ttl"), format="turtle")
    rows = graph.query(
        "PREFIX zp: <https://w3id.org/zhengpu/ontology#> SELECT ?verdict (COUNT(?node) AS ?n) "
        "{ ?node a zp:Commitment ; zp:promised ?goal ; zp:verdict ?verdict ; "
        "zp:outcome ?end ; zp:judgedIn ?report } GROUP BY ?verdict"
    )
    assert [(str(row.verdict).rpartition("#")[2], int(row.n)) for row in rows] == [("Met", 2)]


def test_two_reports_that_do_not_follow_are_still_held_together():
    first, _, third = three_reports()
    (row,) = follow([first, third]).rows
    assert row.verdict == "not-comparable"
    assert "2022" in row.note
    assert row.newer == "r2023"


def test_a_finished_preparation_is_no_finished_work():
    done = stage("杨庄小学完成选址", "杨庄小学", "completed")
    old = report("old", 2021, plan=[("", [stage("杨庄小学竣工", "杨庄小学", "completed")])])
    row = only(old, report("new", 2022, review=[("", [done])]))
    assert row.verdict == "not-comparable"
    assert "没有说建设到了哪一步" in row.note


def test_only_what_is_built_is_a_project():
    def named(kind, old):
        annotations = tuple(
            replace(each, entities=tuple(replace(item, kind=kind) for item in each.entities))
            for each in old.annotations
        )
        return replace(old, annotations=annotations)

    plan = [("", [stage("推进龙山数字新城建设", "龙山数字新城", "under-construction")])]
    old, new = report("old", 2021, plan=plan), report("new", 2022)
    assert track(named("Place", old), new) == []
    assert track(named("Policy", old), new) == []
    assert [row.name for row in track(named("Zone", old), new)] == ["龙山数字新城"]


def said_of(target, text):
    """The row of a target of which the newer report speaks without figures."""
    old = report("old", 2021, plan=[(LEAD, [target])])
    return only(old, report("new", 2022, review=[("过去一年，", [(text, {})])]))


@pytest.mark.parametrize(
    ("target", "kin", "note"),
    [
        ("社会消费品零售总额", "限上零售额", "限额以上"),
        ("规模以上工业增加值", "全部工业增加值", "全部工业"),
        ("一般公共预算收入", "财政总收入", "全部财政收入"),
    ],
)
def test_a_figure_of_another_range_is_given_and_not_judged(target, kin, note):
    row = one(figure(f"{target}增长8%", target, 8), figure(f"{kin}增长9%", kin, 9))
    assert row.verdict == "not-comparable"
    assert row.outcome.quote == f"{kin}增长9%"
    assert note in row.note


def test_a_share_of_a_kindred_indicator_is_no_answer():
    row = one(
        figure("规模以上工业增加值增长8%", "规模以上工业增加值", 8),
        figure("工业增加值占生产总值30%", "工业增加值", 30, measure="share"),
    )
    assert row.verdict == "not-reported"


UNEMPLOYED = figure("城镇调查失业率控制在5%以内", "城镇调查失业率", 5, "%", "level", bound="max")


@pytest.mark.parametrize(
    ("target", "text", "quote"),
    [
        (UNEMPLOYED, "就业形势总体稳定", "就业形势总体稳定"),
        (
            UNEMPLOYED,
            "城镇登记失业率保持较低水平、低于全省",
            "城镇登记失业率保持较低水平、低于全省",
        ),
        (
            figure("粮食产量90万吨", "粮食产量", 9e5, "吨", "level"),
            "粮食总产量创2009年以来新高",
            "粮食总产量创2009年以来新高",
        ),
        (
            figure("化学需氧量排放量下降2%", "化学需氧量排放量", -2),
            "化学需氧量、氨氮排放量继续下降",
            "化学需氧量、氨氮排放量继续下降",
        ),
        (figure("固定资产投资增长8%", "固定资产投资", 8), "固定资产投资下滑", "固定资产投资下滑"),
    ],
)
def test_an_outcome_in_words_is_given_and_not_judged(target, text, quote):
    row = said_of(target, text)
    assert row.verdict == "not-comparable"
    assert row.outcome.quote == quote
    assert row.outcome.value is None
    assert row.note


@pytest.mark.parametrize(
    ("target", "text"),
    [
        (figure("地区生产总值增长8%", "地区生产总值", 8), "万元GDP能耗持续下降"),
        (figure("地区生产总值增长8%", "地区生产总值", 8), "经济增长方式加快提升"),
        (figure("规模以上工业增加值增长8%", "规模以上工业增加值", 8), "规上工业企业稳定增长"),
        (figure("进出口总额增长8%", "进出口总额", 8), "跨境电商进出口快速增长"),
        (
            figure("固定资产投资增长8%", "固定资产投资", 8),
            "我们也清醒地看到，固定资产投资稳定增长后劲乏力",
        ),
    ],
)
def test_words_of_something_else_are_no_outcome(target, text):
    assert said_of(target, text).verdict == "not-reported"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("单位GDP能耗完成省下达任务", "met"),
        ("单位GDP能耗超额完成省下达任务", "exceeded"),
        ("单位GDP能耗持续下降", "not-comparable"),
    ],
)
def test_a_task_set_from_above_is_judged_in_words(text, verdict):
    row = said_of(("单位GDP能耗完成省下达的任务", {}), text)
    assert (row.name, row.verdict) == ("万元地区生产总值能耗", verdict)


@pytest.mark.parametrize(
    ("planned", "reached"),
    [
        (("经济增长8%", "经济"), ("地区生产总值增长9%", "地区生产总值")),
        (("地方公共预算收入增长8%", "地方公共预算收入"), ("公共财政收入增长9%", "公共财政收入")),
        (("金融业增加值增长8%", "金融业增加值"), ("金融业实现增加值增长9%", "金融业实现增加值")),
        (
            ("登记失业率下降8%", "城镇登记失业率"),
            ("医保全面覆盖、登记失业率下降9%", "医保全面覆盖、登记失业率"),
        ),
    ],
)
def test_one_indicator_under_two_wordings(planned, reached):
    row = one(figure(*planned, 8), figure(*reached, 9))
    assert row.outcome.quote == reached[0]
    assert row.verdict != "not-comparable"


def test_a_sentence_that_names_no_indicator_sets_no_main_target():
    goal = figure("地区生产总值增长8%", "地区生产总值", 8)
    other = figure("建设30个示范片区", "建设示范片区", 30, "个", "level")
    old = report("old", 2021, plan=[(LEAD, [goal]), ("目标是干出来的，", [other])])
    rows = track(old, report("new", 2022))
    assert [row.name for row in rows if row.target.headline] == ["地区生产总值"]
    assert [row.name for row in rows if not row.target.headline] == ["建设示范片区"]


def test_a_target_of_later_years_is_not_due():
    later = figure("地区生产总值达到900亿元", "地区生产总值", 9e10, "元", "level", period="2025")
    old = report("old", 2021, plan=[("到2025年的主要目标是：", [later])])
    row = only(old, report("new", 2022))
    assert (row.verdict, row.outcome) == ("not-reported", None)
    assert "2025年" in row.note


def test_a_figure_far_from_its_target_gives_way_to_a_likelier_one():
    target = figure("出口总额500亿元", "出口总额", 5e10, "元", "level")
    old = report("old", 2021, plan=[(LEAD, [target])])
    part = figure("软件业出口6亿元", "出口", 6e8, "元", "level")
    whole = figure("外贸出口520亿元", "外贸出口", 5.2e10, "元", "level")
    assert only(old, report("new", 2022, review=[("", [part, whole])])).verdict == "exceeded"
    row = only(old, report("new", 2022, review=[("", [part])]))
    assert row.verdict == "not-comparable"
    assert "数额相差过大" in row.note


def zone_figure(quote, value, area="东湖商务区"):
    return figure(quote, "新增企业", value, "家", "level", area=area)


def test_a_target_of_a_zone_is_answered_by_the_same_zone_alone():
    old = report("old", 2021, plan=[("", [zone_figure("东湖商务区新增企业100家", 100)])])
    whole = figure("新增企业900家", "新增企业", 900, "家", "level")
    other = zone_figure("西山商务区新增企业500家", 500, "西山商务区")
    same = zone_figure("东湖商务区新增企业132家", 132)
    row = only(old, report("new", 2022, review=[("", [whole, other, same])]))
    assert (row.name, row.verdict) == ("东湖商务区新增企业", "exceeded")
    assert row.outcome.quote == "东湖商务区新增企业132家"
    assert not row.target.headline
    row = only(old, report("new", 2022, review=[("", [whole, other])]))
    assert (row.verdict, row.outcome) == ("not-reported", None)


def test_a_target_of_the_whole_place_is_not_answered_by_a_zone():
    goal = figure("新增企业100家", "新增企业", 100, "家", "level")
    old = report("old", 2021, plan=[(LEAD, [goal])])
    part = zone_figure("东湖商务区新增企业132家", 132)
    assert only(old, report("new", 2022, review=[("", [part])])).outcome is None


def test_a_zone_that_begins_the_sentence_owns_its_figures():
    old = report("old", 2021, plan=[("", [zone_figure("东湖商务区新增企业100家", 100)])])
    bare = figure("新增企业132家", "新增企业", 132, "家", "level")
    row = only(old, report("new", 2022, review=[("东湖商务区面貌一新，", [bare])]))
    assert (row.name, row.verdict) == ("东湖商务区新增企业", "exceeded")


def test_figures_for_comparison_set_no_target():
    old = report("old", 2021, plan=[("", [zone_figure("全国新增企业100家", 100, "全国")])])
    assert track(old, report("new", 2022)) == []


@pytest.mark.parametrize(
    ("first", "second", "rows"),
    [
        (("新增污水管网", 55, "公里"), ("新建污水管网", 55, "公里"), 1),
        (("拆除违法建筑", 66.9, "公顷"), ("拆除存量违法建筑", 66.9, "公顷"), 1),
        (("固定资产投资", 10, "公里"), ("固定资产投资今年要", 10, "公里"), 1),
        (("新增污水管网", 55, "公里"), ("新建污水管网", 60, "公里"), 2),
        (("新增污水管网", 55, "公里"), ("新增绿道", 55, "公里"), 2),
        (("新开工保障房", 500, "套"), ("竣工保障房", 500, "套"), 2),
        (("进出口总额", 8, "%"), ("出口总额", 8, "%"), 2),
    ],
)
def test_a_target_told_twice_is_one_row(first, second, rows):
    items = [figure(f"{n}{v}{u}", n, v, u, "level") for n, v, u in (first, second)]
    old = report("old", 2021, plan=[(LEAD, items[:1]), ("", items[1:])])
    found = track(old, report("new", 2022))
    assert len(found) == rows
    assert found[0].target.headline


def test_one_sentence_sets_two_targets():
    items = [
        figure("新建污水管网55公里", "新建污水管网", 55, "公里", "level"),
        figure("改造污水管网55公里", "改造污水管网", 55, "公里", "level"),
    ]
    old = report("old", 2021, plan=[("", items)])
    assert len(track(old, report("new", 2022))) == 2
