"""The time frame of a sentence: part of the report, section, words of the sentence."""

from __future__ import annotations

import pytest

from kg.model import Paragraph, Part, Report
from kg.statements import time


def frame(text: str, at: str, part: Part = "review") -> tuple[str, str]:
    paragraph = Paragraph("report#1", 1, text, part=part)
    report = Report("report", text, (paragraph,), review_year=2020, plan_year=2021)
    return time.frame(paragraph, report, text.index(at))


@pytest.mark.parametrize(
    ("text", "at", "part", "period", "status"),
    [
        ("建成公园8个。", "8", "review", "2020", "actual"),
        ("建成公园8个。", "8", "plan", "2021", "target"),
        ("上半年，投资增长6%，消费增长5%。", "5", "review", "2020-H1", "actual"),
        ("到2025年，产值达到90亿元；人口达到80万人。", "80", "plan", "2025", "target"),
        ("园区2018年获批，建成厂房8栋。", "8栋", "review", "2020", "actual"),
        ("投资比2015年增长40%。", "40", "review", "2020", "actual"),
        ("2020年建成8个，力争今年建成9个。", "8", "plan", "2020", "actual"),
        ("2020年建成8个，力争今年建成9个。", "9", "plan", "2021", "target"),
        ("目前，公园达到24个。", "24", "plan", "2020", "actual"),
        ("力争2022年建成地铁18号线，全长20公里。", "20公里", "review", "2022", "target"),
    ],
)
def test_frame(text: str, at: str, part: Part, period: str, status: str) -> None:
    assert frame(text, at, part) == (period, status)


def report_of(*texts: tuple[str, Part]) -> Report:
    paragraphs = tuple(
        Paragraph(f"report#{n}", n, text, part=part) for n, (text, part) in enumerate(texts, 1)
    )
    return Report("report", "", paragraphs, review_year=2020, plan_year=2021)


def test_section_about_years_holds_until_one_about_the_last_year() -> None:
    report = report_of(
        ("一、“十三五”时期工作回顾", "review"),
        ("经济实力显著增强。新建公园8个。", "review"),
        ("刚刚过去的2020年，我们扎实工作。", "review"),
        ("新建公园2个。", "review"),
        ("二、“十四五”时期主要目标", "plan"),
        ("地区生产总值达到2000亿元。", "plan"),
        ("三、2021年重点工作", "plan"),
        ("新建公园3个。", "plan"),
    )
    spans = [time.span_of_section(paragraph, report) for paragraph in report.paragraphs]
    assert spans == ["2016/2020"] * 2 + [None] * 2 + ["2021/2025"] * 2 + [None] * 2


def test_span_opened_inside_a_paragraph() -> None:
    opening = "生态环境持续改善，蓝天碧水净土保卫战扎实推进，绿色成为城市最亮底色。"
    report = report_of((opening + "五年来，建成公园8个。新增绿地5亩。", "review"))
    (paragraph,) = report.paragraphs
    assert time.read(paragraph, report, paragraph.text.index("5亩")).span == "2016/2020"
    assert time.read(paragraph, report, 0).span is None


def test_report_given_in_autumn_reviews_its_own_year() -> None:
    report = report_of(("预计到2021年底，园区总产值超过1700亿元。", "review"))
    assert time.default_years(report) == (2021, 2022)


def test_years_follow_from_each_other_or_the_stem() -> None:
    paragraph = Paragraph("x#1", 1, "建成。", part="review")
    assert time.default_years(Report("x", "", (paragraph,), plan_year=2021)) == (2020, 2021)
    assert time.default_years(Report("x", "", (paragraph,), review_year=2020)) == (2020, 2021)
    assert time.default_years(Report("tongzhou-2021", "", (paragraph,))) == (2020, 2021)


def test_part_of_an_isolated_paragraph_follows_its_words() -> None:
    assert time.part_of(Paragraph("x#1", 1, "全年取得显著成效，荣获一批荣誉。")) == "review"
    assert time.part_of(Paragraph("x#1", 1, "力争新建公园，加快推进地铁建设。")) == "plan"
