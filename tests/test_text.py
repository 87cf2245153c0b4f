"""Reading: repair, outline, parts, and what a report says of itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import text
from kg.model import Paragraph, Report
from kg.text.cues import five_years_in, heading_part, years_in
from kg.text.lines import split
from kg.text.places import by_pinyin, find_chain, short_name
from kg.text.repair import mend, mend_title
from kg.text.seams import overlap

TONGZHOU = Path(__file__).resolve().parent.parent / "data" / "reports" / "tongzhou-2021.txt"


@pytest.fixture(scope="module")
def tongzhou() -> Report:
    return text.read(TONGZHOU)[0]


def paragraph(report: Report, number: int) -> Paragraph:
    return next(item for item in report.paragraphs if item.number == number)


def assert_exact(report: Report) -> None:
    for item in report.paragraphs:
        assert (
            "".join(
                report.source[run.source_start : run.source_start + run.length]
                for run in item.segments
            )
            == item.text
        )
        starts = [run.start for run in item.segments]
        assert starts == [
            sum(run.length for run in item.segments[:place]) for place in range(len(starts))
        ]


def test_title_page(tongzhou: Report) -> None:
    assert tongzhou.title == (
        "关于北京市通州区2020年国民经济和社会发展计划执行情况与2021年国民经济和社会发展计划草案的报告"
    )
    assert (tongzhou.place, tongzhou.place_chain) == ("通州区", ("北京市",))
    assert tongzhou.issuer == "北京市通州区发展和改革委员会"
    assert tongzhou.session == "北京市通州区第六届人民代表大会第七次会议"
    assert tongzhou.delivered == date(2021, 1, 14)
    assert (tongzhou.review_year, tongzhou.plan_year) == (2020, 2021)


def test_source_is_the_file_unchanged(tongzhou: Report) -> None:
    assert tongzhou.source == TONGZHOU.read_bytes().decode("utf-8")


def test_every_character_leads_back_to_the_source(tongzhou: Report) -> None:
    assert_exact(tongzhou)


def test_paragraph_torn_by_a_page_is_whole_without_the_doubled_character(tongzhou: Report) -> None:
    torn = paragraph(tongzhou, 19)
    assert "功能承接取得重大进展。新设市场主体1.9万余户" in torn.text
    start = torn.text.index("新设市场主体")
    source_start, source_end = torn.source_span(start, start + len("新设市场主体"))
    assert tongzhou.source[source_start:source_end] == "新设市\n\n市场主体"


def test_wrapped_lines_are_joined(tongzhou: Report) -> None:
    assert "提请区六届人大七次会议审议，并请" in paragraph(tongzhou, 6).text


def test_marks_dashes_and_spaces_are_gone(tongzhou: Report) -> None:
    assert paragraph(tongzhou, 43).text == "地区生产总值比上年增长8%左右；"
    assert "四是城乡协调互动" in paragraph(tongzhou, 38).text
    assert paragraph(tongzhou, 8).text.startswith("2020年是“十三五”收官之年")


def test_outline(tongzhou: Report) -> None:
    assert paragraph(tongzhou, 7).heading_level == 1
    assert paragraph(tongzhou, 9).heading_level == 2
    assert paragraph(tongzhou, 10).heading_level == 2
    assert paragraph(tongzhou, 12).headings == (
        paragraph(tongzhou, 7).text,
        "经济社会发展具体呈现六大特点：",
        "（一）疫情防控精准有效",
    )
    assert paragraph(tongzhou, 40).headings == ("二、2021年国民经济和社会发展主要目标",)


def test_parts(tongzhou: Report) -> None:
    parts = {item.number: item.part for item in tongzhou.paragraphs}
    assert {parts[number] for number in range(1, 7)} == {"other"}
    assert {parts[number] for number in range(7, 39)} == {"review"}
    assert {parts[number] for number in range(39, 78)} == {"plan"}


def test_lines_are_paragraphs_one_to_one() -> None:
    report = text.from_string("各位代表：\n\n一、2023年工作回顾\r\n生产总值增长5%。\n", "x-2024")
    assert [(item.id, item.text) for item in report.paragraphs] == [
        ("x-2024#1", "各位代表："),
        ("x-2024#3", "一、2023年工作回顾"),
        ("x-2024#4", "生产总值增长5%。"),
    ]
    assert_exact(report)


def test_wrapped_text_without_empty_lines() -> None:
    first = (
        "全年地区生产总值增长百分之五以上，固定资产投资稳步回升，"
        "新建改建农村公路一百二十公里，完成老旧小区改造。"
    )
    second = (
        "持续改善生态环境质量，细颗粒物平均浓度下降，空气优良天数比例提高，"
        "主要河流水质全部达标，绿化造林五万亩。"
    )
    whole = [first + second, second, first, second + first]
    lines = [part[start : start + 20] for part in whole for start in range(0, len(part), 20)]
    report = text.from_string("\n".join(lines), "x")
    assert [item.text for item in report.paragraphs] == whole
    assert_exact(report)


def test_markdown() -> None:
    report = text.from_string(
        "# 海口市2023年政府工作报告\n\n各位代表：\n\n## 一、2022年工作回顾\n\n### 经济平稳增长\n\n"
        "全年地区生产总值**增长**5.1%，  固定资产投资\n增长3.2%。\n\n## 二、2023年工作安排\n\n"
        "- 地区生产总值增长6%左右；\n- 城镇新增就业4 万人。\n",
        "haikou",
        ".md",
    )
    assert (report.title, report.place) == ("海口市2023年政府工作报告", "海口市")
    assert report.place_chain == ("海南省",)
    body = {item.text: item for item in report.paragraphs}
    grown = body["全年地区生产总值增长5.1%，固定资产投资增长3.2%。"]
    assert (grown.part, grown.headings) == ("review", ("一、2022年工作回顾", "经济平稳增长"))
    assert body["城镇新增就业4万人。"].part == "plan"
    assert_exact(report)


def test_paragraphs_of_json_lines_keep_their_ids_and_make_one_report_a_stem() -> None:
    records = [
        {"id": "wuhan-2024#30", "text": "今年将力争新增就业20万人。", "entities": []},
        {"id": "wuhan-2024#5", "text": "去年新增就业 19.8 万人，地铁12号线建成通车。"},
        {"id": "anshun-2024#7", "text": "全年接待游客增长10%。"},
    ]
    wuhan, anshun = text.read_paragraphs(records)
    assert [item.id for item in wuhan.paragraphs] == ["wuhan-2024#5", "wuhan-2024#30"]
    assert [item.part for item in wuhan.paragraphs] == ["review", "plan"]
    assert (wuhan.place, wuhan.place_chain, wuhan.plan_year) == ("武汉市", ("湖北省",), 2024)
    assert (anshun.place, anshun.review_year) == ("安顺市", 2023)
    assert_exact(wuhan)


def test_ids_without_a_stem_belong_to_the_file() -> None:
    (report,) = text.read_paragraphs(
        [{"id": "a", "text": "一"}, {"id": "b", "text": "二"}], stem="f"
    )
    assert report.stem == "f"
    assert [item.id for item in report.paragraphs] == ["a", "b"]


@pytest.mark.parametrize(
    ("opening", "stem", "place", "chain"),
    [
        ("我代表省人民政府向大会报告工作", "shanxi-2026", "山西省", ()),
        ("我代表省人民政府向大会报告工作", "shaanxi-2026", "陕西省", ()),
        ("我代表市人民政府向大会报告工作", "jilinshi-2024", "吉林市", ("吉林省",)),
        ("我代表市人民政府向大会报告工作", "suzhou-js-2024", "苏州市", ("江苏省",)),
        ("我代表市人民政府向大会报告工作", "suzhou-ah-2024", "宿州市", ("安徽省",)),
        ("我代表县政府向大会报告工作", "baoding-yixian-2022", "易县", ("河北省", "保定市")),
        ("我代表徐水县人民政府向大会报告工作", "x-2011", "徐水县", ("河北省", "保定市")),
        ("我代表大鹏新区管委会向大会报告工作", "x-2022", "大鹏新区", ("广东省", "深圳市")),
        (
            "我代表南山区人民政府向大会报告工作",
            "shenzhen-nanshan-2023",
            "南山区",
            ("广东省", "深圳市"),
        ),
        ("我代表行署向大会报告工作", "xilinguole-2024", "锡林郭勒盟", ("内蒙古自治区",)),
    ],
)
def test_whose_report(opening: str, stem: str, place: str, chain: tuple[str, ...]) -> None:
    report = text.from_string(f"各位代表：\n现在，{opening}，请予审议。\n经济平稳增长。\n", stem)
    assert (report.place, report.place_chain) == (place, chain)


def test_report_without_any_sign_of_place_or_year() -> None:
    report = text.from_string("经济平稳增长。\n就业稳定。\n", "x")
    assert (report.place, report.place_chain, report.plan_year, report.title) == ("", (), None, "")


@pytest.mark.parametrize(
    ("heading", "part", "certain"),
    [
        ("一、2023年工作回顾", "review", True),
        ("二、2024年工作安排", "plan", True),
        ("关于“十四五”规划", "plan", True),
        ("“十三五”时期发展成就", "review", True),
        ("今后五年的奋斗目标", "plan", True),
        ("加强政府自身建设", "plan", False),
        ("一、牢记嘱托，新区建设取得新成效", "review", False),
        ("三、统筹城乡", None, False),
    ],
)
def test_what_a_heading_says(heading: str, part: str | None, certain: bool) -> None:
    year = 2021 if "十" in heading else 2024
    assert heading_part(heading, year) == (part, certain)


def test_years_and_plans_in_words() -> None:
    assert years_in("二〇二四年与2025年") == [2024, 2025]
    assert years_in("三二三四年") == []
    assert five_years_in("“九五”回顾与“十五”计划、“十一五”规划") == [
        (1996, 2000),
        (2001, 2005),
        (2006, 2010),
    ]


def test_a_lone_paragraph_has_a_part() -> None:
    for line, part in [
        ("完成老旧小区改造120个，新增学位1.2万个，获评全国文明城市。", "review"),
        ("加快推进17号线建设，确保年底前通车，力争新增学位1万个以上。", "plan"),
    ]:
        (report,) = text.read_paragraphs([{"id": "x#9", "text": line}])
        assert report.paragraphs[0].part == part


def test_a_numbered_list_is_no_heading() -> None:
    report = text.from_string(
        "三、民生实事\n1.新建学校5所。\n2.新建公园3个。\n3.改造道路8条。\n（一）抓好就业\n新增就业1万人。\n",
        "x",
    )
    levels = [item.heading_level for item in report.paragraphs]
    assert levels == [1, 0, 0, 0, 2, 0]


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("新设市", "市场主体", 1),
        ("加快推进", "进一步加强", 0),
        ("国民经济和社会", "社会发展计划", 2),
        ("增长", "5%", 0),
    ],
)
def test_doubled_characters_over_a_page(before: str, after: str, count: int) -> None:
    assert overlap(before, after) == count


def test_title_of_two_lines() -> None:
    assert (
        mend_title(["2020 年国民经济和社会 社会发展", "计划的报告"])
        == "2020年国民经济和社会发展计划的报告"
    )


def test_title_over_several_lines() -> None:
    report = text.from_string(
        "关于北京市通州区2020年国民经济和社会发展计划执行情况与\n2021年国民经济和社会发展计划\n"
        "草案的报告\n北京市通州区发展和改革委员会\n各位代表：\n一、2020年回顾\n经济稳定。\n",
        "x",
    )
    assert report.title.startswith("关于北京市通州区2020年")
    assert report.title.endswith("执行情况与2021年国民经济和社会发展计划草案的报告")
    assert (report.place, report.plan_year) == ("通州区", 2021)


def test_report_amid_a_year_reviews_that_year() -> None:
    report = text.from_string(
        "各位代表：\n一、过去五年工作回顾\n预计到2016年底，本区生产总值超过1800亿元，新增学位1.2万个。\n"
        "二、未来五年总体思路\n到2021年，本区生产总值超过2800亿元。\n",
        "shenzhen-luohu-2016",
    )
    assert (report.review_year, report.plan_year) == (2016, 2016)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("北京市", "北京"),
        ("通州区", "通州"),
        ("恩施土家族苗族自治州", "恩施"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("广西壮族自治区", "广西"),
        ("横县", "横县"),
        ("孟村回族自治县", "孟村"),
        ("黔东南苗族侗族自治州", "黔东南"),
        ("伊犁哈萨克自治州", "伊犁"),
        ("管城回族区", "管城"),
        ("蠡县", "蠡县"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


def test_places() -> None:
    assert [item.name for item in find_chain("北京市通州区发展和改革委员会")] == ["通州区"]
    (unknown,) = find_chain("云水市清河区2021年政府工作报告")
    assert (unknown.name, unknown.chain) == ("清河区", ("云水市",))
    assert "长治市" in [item.name for item in by_pinyin("changzhi")]


def test_reading_is_idempotent(tongzhou: Report) -> None:
    again = text.read_paragraphs(
        [{"id": item.id, "text": item.text} for item in tongzhou.paragraphs]
    )[0]
    assert [item.text for item in again.paragraphs] == [item.text for item in tongzhou.paragraphs]
    assert [item.part for item in again.paragraphs] == [item.part for item in tongzhou.paragraphs]


ALPHABET = st.sampled_from(
    list("市场主体增长，。；：（一）、1259%年AB \t\u3000\n\r*-#_\ufeff\u200b“”")
)
CONTENT = st.text(ALPHABET, max_size=200)


@given(CONTENT)
def test_segments_lead_back_whatever_the_text(content: str) -> None:
    for draft in split(content):
        pieces = [
            content[run.source_start : run.source_start + run.length] for run in draft.segments
        ]
        assert "".join(pieces) == draft.text
        assert all(run.length > 0 for run in draft.segments)
        ends = [run.source_start + run.length for run in draft.segments]
        assert all(
            run.source_start >= end for run, end in zip(draft.segments[1:], ends, strict=False)
        )


@given(CONTENT, st.lists(st.integers(0, 200), min_size=2, max_size=6))
def test_mended_text_is_made_of_the_spans_alone(content: str, cuts: list[int]) -> None:
    places = sorted(min(cut, len(content)) for cut in cuts)
    spans = list(zip(places[::2], places[1::2], strict=False))
    mended, runs = mend(content, spans)
    assert (
        "".join(content[run.source_start : run.source_start + run.length] for run in runs) == mended
    )
    inside = {place for start, end in spans for place in range(start, end)}
    assert all(
        set(range(run.source_start, run.source_start + run.length)) <= inside for run in runs
    )


@given(CONTENT)
def test_mending_twice_changes_nothing_more(content: str) -> None:
    once, _ = mend(
        content.replace("\n", "").replace("\r", ""),
        [(0, len(content.replace("\n", "").replace("\r", "")))],
    )
    words = [mark for mark in ("*", "-", "#", "_") if mark in once]
    if not words:
        assert mend(once, [(0, len(once))])[0] == once
