"""Forty questions in Chinese with known answers, and some that have none."""

from __future__ import annotations

import annotated
import pytest

from kg import query, store

# question, the named question, one column of the answer, what it must be (a set) or count (int)
QUESTIONS = [
    ("2021年哪些学校投入使用？", "投入使用", "name",
     {"北京学校中学部", "杨庄小学", "首师大附中通州校区"}),
    ("2021年的主要指标目标是什么？", "主要指标目标", "value", {"8", "3", "100000000000", "5"}),
    ("通州区2021年主要预期目标有哪些", "主要指标目标", "value", {"8", "3", "100000000000", "5"}),
    ("2020年地区生产总值是多少？", "指标数值", "value", {"110300000000", "3.4"}),
    ("2020年GDP增长了多少？", "增速排序", "value", {"3.4"}),
    ("城市副中心有哪些别名？", "名称与别名", "label", {"北京城市副中心"}),
    ("环球主题公园什么时候开园？", "生命周期", "period", {"2021"}),
    ("哪些项目正在建设？", "在建项目", "name", 60),
    ("2021年计划开工哪些项目？", "计划项目", "stage_name", {"开工"}),
    ("2020年哪些道路竣工通车", "投入使用", "name", 5),
    ("哪些机构落户副中心？", "入驻机构", "subject", {"三峡集团", "国机保理"}),
    ("哪些企业入驻张家湾设计小镇", "入驻机构", "subject", {"北建院", "清华同衡"}),
    ("通州区在全市排名第几？", "排名", "value", {"1", "3", "4"}),
    ("登记失业率的目标是多少", "指标数值", "value", {"5"}),
    ("社会消费品零售总额2021年目标是多少", "指标数值", "value", {"8"}),
    ("金融产业税收占比是多少", "比重", "value", {"3.3", "6.6"}),
    ("报告提到了哪些政策？", "政策清单", "name", 90),
    ("报告提到哪些荣誉称号", "荣誉称号", "name", 7),
    ("提及最多的事物是什么", "提及最多", "name", 50),
    ("图里有几份报告", "报告概览", "reporting", {"通州区"}),
    ("图中一共有多少个项目", "种类统计", "class_name", 8),
    ("东六环路入地改造进展如何", "生命周期", "period", {"2020", "2021"}),
    ("东六环入地改造现在到哪一步了", "生命周期", "stage_name", {"在建"}),
    ("副中心与哪些地方有合作关系", "合作关系", "object", {"海淀区", "西城区", "朝阳区"}),
    ("17号线通州段完成了百分之几", "建设进度", "progress", {"90"}),
    ("西集镇下辖哪些村", "区划层级", "label", {"西集镇", "沙古堆村"}),
    ("沙古堆村属于哪个镇", "区划层级", "above", {"西集镇"}),
    ("哪里提到了“三庙一塔”景区", "原文出处", "label", {"“三庙一塔”景区"}),
    ("各阶段各有多少项目", "各阶段数量", "stage_name", 10),
    ("2020年哪些机构成立了", "新设机构", "period", {"2020"}),
    ("哪些项目签约了", "签约与获批", "stage_name", {"签约", "获批"}),
    ("张家湾设计小镇有哪些关系", "全部关系", "relation", {"位于", "落户", "属于"}),
    ("举办了哪些活动", "事件清单", "name", 20),
    ("有哪些功能区", "功能区清单", "name", 20),
    ("一般公共预算收入去年是多少", "指标数值", "value", {"7680000000"}),
    ("2020年新增就业多少人", "指标数值", "value", {"23000"}),
    ("2021年就业困难人员就业目标是多少人", "指标数值", "value", {"7000"}),
    ("哪些公园开工建设", "开工建设", "name", {"半壁店公园", "瓮城遗址公园"}),
    ("建成了哪些酒店", "建成项目", "name", {"环球大酒店", "首寰度假酒店"}),
    ("环球主题公园位于哪里", "所在地", "object", {"文化旅游区"}),
]  # fmt: skip

STRANGE = [
    "天气怎么样",
    "张三医院什么时候开业",
    "上海有哪些学校",
    "上海市2021年主要指标目标是什么",
    "为什么环球主题公园开园",
    "2021年哪些学校的校长换了",
    "环球主题公园花了多少钱",
    "谁是通州区区长",
    "写一首诗",
    "",
    "？？？",
    "SELECT * WHERE { ?s ?p ?o }",
    '"} DROP ALL',
]


def values(reply, column):
    place = reply.answer.columns.index(column)
    return {row[place] for row in reply.answer.rows()}


def test_there_are_forty():
    assert len(QUESTIONS) == 40 == len({question for question, *_ in QUESTIONS})


@pytest.mark.parametrize(("question", "title", "column", "expected"), QUESTIONS)
def test_question(question, title, column, expected):
    reply = query.ask(question, annotated.built())
    assert reply.asked is not None, reply.explanation
    assert reply.asked.title == title, reply.explanation
    assert title in reply.explanation
    found = values(reply, column)
    if isinstance(expected, int):
        assert len(found) >= expected
    else:
        assert found == expected


@pytest.mark.parametrize("question", STRANGE)
def test_no_guess_is_shown_as_an_answer(question):
    reply = query.ask(question, annotated.built())
    assert reply.answer is None
    assert reply.nearest
    assert "相近的问题" in reply.explanation


def test_the_explanation_names_question_and_values():
    reply = query.ask("2021年哪些学校投入使用？", annotated.built())
    assert reply.explanation.startswith("理解为：投入使用（in-operation）；word=学校|")
    assert reply.explanation.endswith("，year=2021")
    assert reply.slots["year"] == "2021"


def test_an_empty_answer_is_told():
    reply = query.ask("2035年哪些学校投入使用？", annotated.built())
    assert reply.asked
    assert "图中没有这样的记录" in reply.explanation


def test_the_same_question_gets_the_same_reply():
    first, second = (query.ask("哪些项目签约了", annotated.built()) for _ in range(2))
    assert first == second


def test_full_width_digits_and_spaces_are_folded():
    reply = query.ask(" ２０２１年 哪些学校 投入使用 ？", annotated.built())
    assert reply.slots["year"] == "2021"


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """A graph as the program finds it: with an indicator that is called 项目."""
    folder = tmp_path_factory.mktemp("counted")
    report = folder / "tongzhou-2021.txt"
    report.write_text(
        "北京市通州区2021年国民经济和社会发展计划\n"
        "2020年，全区实施项目31个，地区生产总值实现1103亿元，增长3.4%。台湖大桥项目、王家庄大桥项目开工建设。\n"
        "2021年，地区生产总值增长8%左右。台湖医院项目、潞城大桥项目开工建设。\n",
        encoding="utf-8",
    )
    store.build([report], folder / "out", model="none")
    return folder / "out"


@pytest.mark.parametrize(
    ("question", "title", "column", "expected"),
    [
        ("地区生产总值目标是多少", "指标数值", "value", {"8"}),
        ("2020年地区生产总值是多少", "指标数值", "value", {"110300000000", "3.4"}),
        ("2020年地区生产总值增长多少", "增速排序", "value", {"3.4"}),
        ("2021年计划开工哪些项目", "计划项目", "name", {"台湖医院项目", "潞城大桥项目"}),
        ("王家庄有哪些项目", "项目清单", "name", {"王家庄大桥项目"}),
        ("哪些项目在台湖", "项目清单", "name", {"台湖大桥项目", "台湖医院项目"}),
        ("通州有哪些医院", "名称检索", "name", {"台湖医院项目"}),
        ("图中一共有多少个项目", "种类统计", "class_name", None),
    ],
)
def test_a_word_for_a_class_is_no_indicator(counted, question, title, column, expected):
    reply = query.ask(question, counted)
    assert reply.asked is not None, reply.explanation
    assert reply.asked.title == title, reply.explanation
    assert expected is None or values(reply, column) == expected


def test_amounts_in_tables_are_in_wan_and_yi(counted):
    answer = query.ask("2020年地区生产总值是多少", counted).answer
    assert "1103亿" in answer.render("table", width=200)
    assert "110300000000" in answer.render("csv")


@pytest.mark.parametrize("question", ["上海有哪些医院", "2021年上海哪些学校投入使用"])
def test_a_division_the_graph_lacks_is_not_passed_over(counted, question):
    reply = query.ask(question, counted)
    assert reply.answer is None
    assert "上海" in reply.explanation


@pytest.mark.parametrize("name", ["甲乙", "“甲”\\\\n乙之家", "甲" * 150, "A·B（甲）-1号"])
def test_a_name_is_known_whatever_its_characters_and_length(tmp_path, name):
    file = tmp_path / "one.ttl"
    file.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix zp: <https://w3id.org/zhengpu/ontology#> .\n"
        '<urn:one> a zp:Entity , zp:Zone ; skos:prefLabel "丙园"@zh ;\n'
        f'  skos:altLabel "{name}"@zh .\n',
        encoding="utf-8",
    )
    written = name.replace("\\\\", "\\")
    reply = query.ask(f"{written}有哪些别名？", file)
    assert reply.asked is not None, reply.explanation
    assert reply.slots == {"name": written}
    assert values(reply, "label") == {"丙园"}


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """A graph of some names only."""
    names = {
        "zp:Entity , zp:Project": ["“三庙一塔”景区整体提升改造", "运河广场一期", "运河广场二期"],
        "zp:Indicator": ["就业困难人员"],
    }
    file = tmp_path_factory.mktemp("listed") / "names.ttl"
    file.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix zp: <https://w3id.org/zhengpu/ontology#> .\n"
        + "".join(
            f'<urn:{name}> a {kinds} ; skos:prefLabel "{name}"@zh .\n'
            for kinds, labels in names.items()
            for name in labels
        ),
        encoding="utf-8",
    )
    return file


@pytest.mark.parametrize(
    ("question", "slots"),
    [
        ("哪里提到了“三庙一塔”景区", {"name": "“三庙一塔”景区整体提升改造"}),
        ("就业困难人员就业是多少", {"indicator": "就业困难人员"}),
    ],
)
def test_a_name_is_known_by_its_beginning_and_with_its_words_again(listed, question, slots):
    reply = query.ask(question, listed)
    assert reply.slots == slots, reply.explanation


@pytest.mark.parametrize("question", ["哪里提到了运河广场", "就业困难人员就业率是多少"])
def test_what_may_be_several_names_or_says_more_is_not_passed_over(listed, question):
    assert query.ask(question, listed).answer is None
