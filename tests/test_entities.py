"""Which names are one thing, and which are two."""

from __future__ import annotations

import doctest
import itertools
from pathlib import Path

import annotated
import pytest

from kg.entities import Links, divisions, explain, indicators, link, names, owners, read_links
from kg.entities.decisions import Decision
from kg.errors import FormatError, UsageError
from kg.model import Annotation, Extraction, Mention, Report


def made(
    stem: str, place: str, chain: tuple[str, ...], *mentions: str, year: int = 2024
) -> Extraction:
    """A report whose paragraphs are ``Kind:name、Kind:name`` lists."""
    annotations = []
    for number, line in enumerate(mentions, 1):
        text = "，".join(part.split(":")[1] for part in line.split(";"))
        entities = []
        for part in line.split(";"):
            kind, name = part.split(":")
            start = text.index(name)
            entities.append(Mention(start, start + len(name), name, kind))
        annotations.append(Annotation(f"{stem}#{number}", text, tuple(entities)))
    report = Report(stem, "", (), place=place, place_chain=chain, plan_year=year)
    return Extraction(report, tuple(annotations))


def same(linked, left: str, right: str) -> bool:
    """Whether the two names are borne by one thing and by no other."""
    lefts, rights = linked.named(left), linked.named(right)
    assert lefts, left
    assert rights, right
    return lefts == rights


@pytest.mark.parametrize("module", [names, divisions, indicators])
def test_examples(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("副中心", "北京城市副中心"),
        ("城市副中心", "北京城市副中心"),
        ("设计小镇", "张家湾设计小镇"),
        ("东六环入地改造", "东六环路入地改造"),
        ("上田八木", "上田八木货币经纪公司"),
        ("国际图书城升级改造", "国际图书城提升改造"),
        ("潮白河森林生态景观带（四期）", "潮白河森林生态景观带四期"),
        ("1号线八通线贯通工程", "1号线八通线贯通运营工程"),
        ("环球主题公园", "环球主题公园项目"),
        ("通州", "通州区"),
        ("区六届人大七次会议", "第七次会议"),
    ],
)
def test_one_thing_in_the_shipped_report(left, right):
    assert same(link([annotated.extraction()]), left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("北京学校小学部", "北京学校中学部"),
        ("首旅集团办公楼", "市保障性住房建设投资中心办公楼"),
        ("环球主题公园", "环球主题公园（一期）"),
        ("东石桥220千伏输变电工程", "柴务220千伏输变电工程"),
        ("北苑社区医疗中心", "中仓社区医疗中心"),
        ("“三庙一塔”周边环境整治提升工程", "“三庙一塔”景区整体提升改造"),
        ("数字城市绿心", "城市绿心"),
    ],
)
def test_two_things_in_the_shipped_report(left, right):
    assert not same(link([annotated.extraction()]), left, right)


def test_a_bank_and_its_building_are_two():
    linked = link([annotated.extraction()])
    found = {(item.kind, item.label) for item in linked.named("首旅集团")}
    assert ("Institution", "首旅集团") in found
    assert ("Project", "首旅集团办公楼") in found


def test_a_school_in_both_parts_is_one_node():
    linked = link([annotated.extraction()])
    (school,) = linked.named("首师大附中通州校区")
    assert len({mention.paragraph for mention in school.mentions}) == 2


def test_every_mention_is_found_again():
    extraction = annotated.extraction()
    linked = link([extraction])
    for number, annotation in enumerate(extraction.annotations, 1):
        for mention in annotation.entities:
            entity = linked.lookup(extraction.report.stem, number, mention.text, mention.kind)
            assert entity is not None
            assert any(
                (item.paragraph, item.start) == (number, mention.start) for item in entity.mentions
            )


def test_keys_are_unique_and_labels_too():
    linked = link([annotated.extraction()])
    assert len({entity.key for entity in linked}) == len(linked)
    assert len({(entity.kind, entity.scope, entity.label) for entity in linked}) == len(linked)


GUANGMING = ("广东省", "深圳市")


BAODING = ("河北省", "保定市")


def two_districts() -> list[Extraction]:
    company = "Institution:区委;Institution:三峡集团"
    return [
        made(
            "a-2023", "光明区", GUANGMING,
            f"Project:体育中心;{company}",
            "Project:光明国际马术中心;Project:区社会福利院;Project:燃机电厂二期",
            "Event:党的二十届三中全会;Policy:乡村振兴;Project:深圳科技馆（新馆）",
            year=2023,
        ),
        made(
            "a-2024", "光明区", GUANGMING,
            "Project:国际马术中心;Project:光明社会福利院;Project:燃机电厂",
            "Project:深圳科学技术馆新馆;Institution:区人民政府;Place:我区",
        ),
        made(
            "b-2024", "龙华区", GUANGMING,
            f"Project:体育中心;{company}",
            "Event:二十届三中全会;Policy:乡村振兴战略;Place:全市",
        ),
        made("c-2003", "清苑县", BAODING, "Project:污水处理厂;Institution:县委", year=2003),
        made("c-2020", "清苑区", BAODING, "Project:区污水处理厂;Institution:区委", year=2020),
    ]  # fmt: skip


def test_places_keep_their_things_apart():
    linked = link(two_districts())
    centres = [item for item in linked if item.label == "体育中心"]
    assert sorted(item.scope[-1] for item in centres) == ["光明区", "龙华区"]
    committees = linked.named("区委")
    assert {item.scope[-1] for item in committees} == {"光明区", "龙华区", "清苑区"}


def test_the_country_has_one_of_each():
    linked = link(two_districts())
    (company,) = linked.named("三峡集团")
    assert company.scope == ()
    assert {mention.stem for mention in company.mentions} == {"a-2023", "b-2024"}
    assert same(linked, "党的二十届三中全会", "二十届三中全会")
    assert same(linked, "乡村振兴", "乡村振兴战略")


def test_names_of_one_project_meet_over_years():
    linked = link(two_districts())
    assert same(linked, "光明国际马术中心", "国际马术中心")
    assert same(linked, "光明社会福利院", "区社会福利院")
    assert same(linked, "深圳科技馆（新馆）", "深圳科学技术馆新馆")
    assert not same(linked, "燃机电厂二期", "燃机电厂")


def test_a_renamed_division_is_one_place_with_its_old_code():
    linked = link(two_districts())
    place = linked.place("c-2003")
    assert place is linked.place("c-2020")
    assert (place.label, place.code, place.former_codes) == ("清苑区", "130608", ("130622",))
    assert "清苑县" in place.aliases
    assert linked.get(place.part_of).label == "保定市"


def test_own_place_words():
    linked = link(two_districts())
    assert linked.lookup("a-2024", 2, "我区").label == "光明区"
    assert linked.lookup("b-2024", 2, "全市").label == "深圳市"


@pytest.mark.parametrize(
    ("place", "chain", "name", "code"),
    [
        ("通州区", ("北京市",), "朝阳", "110105"),
        ("通州区", ("北京市",), "西集镇", "110112110"),
        ("光明区", GUANGMING, "南山", "440305"),
        ("保定市", ("河北省",), "满城县", "130607"),
        ("陕西省", (), "山西", "140000"),
        ("山西省", (), "陕西", "610000"),
    ],
)
def test_divisions_by_where_one_speaks(place, chain, name, code):
    home = owners.Home.of(place, chain)
    assert owners.resolve_place(name, home).code == code


def test_a_county_of_an_unknown_city_is_no_namesake_elsewhere():
    linked = link([
        made("x-2024", "龙华区", ("云水市",), "Place:龙华区", "Place:龙华", "Place:我区"),
        made("y-2024", "龙华区", ("广东省", "深圳市"), "Place:龙华区"),
    ])  # fmt: skip
    unknown, known = linked.place("x-2024"), linked.place("y-2024")
    assert (unknown.scope, unknown.code, known.code) == (("云水市",), None, "440309")
    for paragraph, name in enumerate(("龙华区", "龙华", "我区"), 1):
        assert linked.lookup("x-2024", paragraph, name) is unknown


def test_a_river_is_not_the_area_named_after_it():
    home = owners.Home.of("长沙市", ("湖南省",))
    assert owners.resolve_place("湘江", home) is None
    assert owners.resolve_place("湘江新区", home).name == "湘江新区"


def test_provinces_that_sound_alike_never_meet():
    linked = link([
        made("x", "陕西省", (), "Institution:省人民政府"),
        made("y", "山西省", (), "Institution:省人民政府"),
        made("z", "浙江省", (), "Institution:浙江省人民政府"),
        made("w", "广东省", (), "Institution:广东省财政厅"),
    ])  # fmt: skip
    keys = {item.key for item in linked if item.kind == "Institution"}
    assert len(keys) == 4


def test_the_order_of_reports_does_not_matter():
    reports = two_districts()
    expected = link(reports)
    for order in itertools.permutations(reports):
        assert link(order) == expected


def test_adding_a_report_touches_its_own_prefecture_only():
    before, after = link(two_districts()[:4]), link(two_districts())
    old = {item.key: item for item in before}
    for item in after:
        if item.scope[:1] == ("广东省",):
            assert item == old[item.key]


def test_the_user_has_the_last_word():
    reports = two_districts()
    forced = Links((Decision("燃机电厂二期", "燃机电厂", "same"),))
    assert same(link(reports, decisions=forced), "燃机电厂二期", "燃机电厂")
    forbidden = Links((Decision("光明国际马术中心", "国际马术中心", "different"),))
    assert not same(link(reports, decisions=forbidden), "光明国际马术中心", "国际马术中心")
    assert same(link(reports), "光明国际马术中心", "国际马术中心")


def test_a_decision_may_be_bound_to_a_place():
    elsewhere = Links((Decision("光明国际马术中心", "国际马术中心", "different", place="龙华区"),))
    linked = link(two_districts(), decisions=elsewhere)
    assert same(linked, "光明国际马术中心", "国际马术中心")


def test_links_file(tmp_path: Path):
    path = tmp_path / "links.tsv"
    path.write_text("left\tright\tverdict\tnote\n甲\t乙\tsame\t\n丙\t丁\tforbid\t见批复\n", "utf-8")
    links = read_links(path)
    assert [item.verdict for item in links.decisions] == ["same", "different"]
    assert links.decisions[1].note == "见批复"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("left\tright\n甲\t乙\n", "verdict"),
        ("left\tright\tverdict\n甲\t乙\tperhaps\n", "perhaps"),
        ("left\tright\tverdict\n甲\t\tsame\n", "line 2"),
    ],
)
def test_a_broken_links_file_is_refused(tmp_path: Path, text, said):
    path = tmp_path / "links.tsv"
    path.write_text(text, "utf-8")
    with pytest.raises(FormatError, match=said):
        read_links(path)


def test_explanations():
    linked = link([annotated.extraction()])
    text = explain(linked, "设计小镇")
    assert "张家湾设计小镇" in text
    assert "shortened" in text
    with pytest.raises(UsageError, match="张家湾设计小镇"):
        explain(linked, "张家湾设计小城")


def test_a_bare_phase_belongs_to_the_thing_before_it():
    linked = link([made("p", "光明区", GUANGMING, "Project:光明水厂一期;Project:二期")])
    assert linked.lookup("p", 1, "二期").label == "光明水厂二期"


def test_levels_are_written_out_in_the_label():
    linked = link([made("q", "光明区", GUANGMING, "Project:区级儿童公园;Institution:市政府")])
    assert linked.lookup("q", 1, "区级儿童公园").label == "光明区儿童公园"
    assert linked.lookup("q", 1, "市政府").label == "深圳市政府"


@pytest.mark.parametrize(
    ("place", "chain", "name", "label"),
    [
        ("龙华区", GUANGMING, "龙华", "龙华区"),
        ("龙华区", GUANGMING, "龙华街道", "龙华街道"),
        ("通州区", ("北京市",), "通州", "通州区"),
        ("通州区", ("北京市",), "西集", "西集镇"),
        ("通州区", ("北京市",), "海淀", "海淀区"),
        ("通州区", ("北京市",), "雄安新区", "雄安新区"),
        ("通州区", ("北京市",), "雄安", "雄安新区"),
        ("通州区", ("北京市",), "深圳", "深圳市"),
        ("通州区", ("北京市",), "浦东新区", "浦东新区"),
        ("易县", BAODING, "易县", "易县"),
    ],
)
def test_a_short_name_means_the_own_place_first(place, chain, name, label):
    found = owners.resolve_place(name, owners.Home.of(place, chain))
    assert found is not None
    assert found.name == label


@pytest.mark.parametrize("name", ["老城", "老城区", "运河", "六合", "龙华", "武昌", "新城"])
def test_a_county_of_another_province_is_not_meant_by_its_short_name(name):
    assert owners.resolve_place(name, owners.Home.of("通州区", ("北京市",))) is None


def test_a_county_far_away_is_told_by_the_province_beside_it():
    linked = link([
        made("q", "龙华区", GUANGMING, "Place:广西;Place:东兰", "Place:东兰"),
    ])  # fmt: skip
    assert linked.lookup("q", 1, "东兰").scope == ("广西壮族自治区", "河池市")
    assert linked.lookup("q", 2, "东兰").code is None


def test_what_is_no_division_is_no_part_of_the_place():
    linked = link([
        made("q", "龙华区", GUANGMING, "Place:非洲;Place:葡萄牙;Place:中东;Place:日韩"),
        made("r", "光明区", GUANGMING, "Place:阿联酋哈伊马角经济区;Zone:粤港澳大湾区;Place:京津冀"),
        made("s", "龙华区", GUANGMING, "Place:利亚德;Place:观澜河;Place:香港;Place:民治街道"),
    ])  # fmt: skip
    parts = {item.label: item.part_of for item in linked}
    for name in (
        "非洲",
        "葡萄牙",
        "中东",
        "日韩",
        "阿联酋哈伊马角经济区",
        "粤港澳大湾区",
        "京津冀",
    ):
        (found,) = linked.named(name)
        assert (found.scope, found.part_of, found.kind) == ((), None, "Place")
    assert parts["利亚德"] is parts["观澜河"] is None
    assert linked.get(parts["民治街道"]).label == "龙华区"
    assert all(item.part_of is None or item.part_of in parts_keys(linked) for item in linked)


def parts_keys(linked) -> set[str]:
    """Keys of all things."""
    return {item.key for item in linked}


def test_what_many_places_report_is_one_policy():
    linked = link([
        made("q", "龙华区", GUANGMING, "Policy:百千万工程;Policy:扫黑除恶;Event:广交会"),
        made("r", "广东省", (), "Policy:“百千万工程”;Policy:扫黑除恶;Event:广交会"),
        made("s", "通州区", ("北京市",), "Policy:百县千镇万村高质量发展工程;Policy:一网统管"),
    ])  # fmt: skip
    assert {item.scope for item in linked if item.kind in ("Policy", "Event")} == {()}
    assert len(linked.named("扫黑除恶")) == 1
    assert same(linked, "百千万工程", "百县千镇万村高质量发展工程")


def test_one_name_under_two_kinds_is_one_thing():
    linked = link([
        made("q", "龙华区", GUANGMING, "Zone:七大片区;Policy:七大片区", "Zone:七大片区"),
        made("r", "龙华区", GUANGMING, "Institution:银星科技园;Zone:银星科技园", "Zone:银星科技园"),
        made("s", "龙华区", GUANGMING, "Policy:双城时尚周;Event:双城时尚周", "Event:双城时尚周"),
        made("t", "龙华区", GUANGMING, "Honour:一带一路", "Place:长江;Person:长江"),
    ])  # fmt: skip
    kinds = {name: [item.kind for item in linked.named(name)] for name in (
        "七大片区", "银星科技园", "双城时尚周", "一带一路", "长江",
    )}  # fmt: skip
    assert kinds == {
        "七大片区": ["Zone"],
        "银星科技园": ["Zone"],
        "双城时尚周": ["Event"],
        "一带一路": ["Policy"],
        "长江": ["Person", "Place"],
    }
    assert linked.lookup("q", 1, "七大片区", "Policy").kind == "Zone"


def test_a_bare_phase_bears_a_readable_name():
    linked = link([made("q-2024", "龙华区", GUANGMING, "Project:三期项目", "Project:三期项目")])
    labels = sorted(item.label for item in linked if item.kind == "Project")
    assert labels == ["三期项目（2024年报告第1段）", "三期项目（2024年报告第2段）"]
