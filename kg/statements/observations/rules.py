"""The rules by which a figure becomes an observation, each with an example and its contrary.

A rule's ``found`` lists ``indicator=value unit`` of what it finds in the example; in the
counter-example it finds nothing.
"""

from __future__ import annotations

from typing import Final

from kg.rules import Rule, register

__all__ = ["LAYER", "RULES"]

LAYER: Final = "observation"


def _rule(name: str, summary: str, example: str, found: str, counterexample: str) -> Rule:
    return register(
        Rule(
            name=f"{LAYER}.{name}",
            gives=LAYER,
            summary=summary,
            example=example,
            found=found,
            counterexample=counterexample,
        )
    )


RULES: Final = (
    _rule(
        "level",
        "an amount after the name of what it measures",
        "全年实现一般公共预算收入76.8亿元。",
        "一般公共预算收入=7680000000元",
        "全年一般公共预算收入增长3.4%。",
    ),
    _rule(
        "level-of-topic",
        "an amount of a property (总投资) of what was counted before",
        "推进重点项目31个，总投资84.6亿元。",
        "重点项目总投资=8460000000元",
        "推进重点项目31个。",
    ),
    _rule(
        "counted",
        "a count before the thing counted",
        "19家基层医疗机构发热筛查哨点投入使用。",
        "投入使用基层医疗机构发热筛查哨点=19家",
        "基层医疗机构发热筛查哨点达到19家。",
    ),
    _rule(
        "growth",
        "a percentage after a verb of rising or falling or a noun of rate",
        "通过公共网络实现的零售额同比增长27.3%。",
        "通过公共网络实现的零售额=27.3%",
        "城镇登记失业率控制在3.5%以内。",
    ),
    _rule(
        "growth-of-topic",
        "a growth of what was named before",
        "新设市场主体1.9万余户，同比增长8.7%。",
        "新设市场主体=8.7%",
        "新设市场主体1.9万余户，达到历史新高。",
    ),
    _rule(
        "change",
        "an absolute change: percentage points, or an amount with what it is compared with",
        "就业人员较上年末增加4.2万人。",
        "就业人员=42000人",
        "新增就业人员4.2万人。",
    ),
    _rule(
        "change-of-topic",
        "an absolute change of what was named before",
        "特困供养率达60.9%，较上年提高16个百分点。",
        "特困供养率=16百分点",
        "特困供养率达60.9%。",
    ),
    _rule(
        "share",
        "a part of a whole: 占…比重, 占比",
        "研发经费占地区生产总值比重达到2.9%。",
        "研发经费=2.9%",
        "研发经费增长2.9%。",
    ),
    _rule(
        "share-of-topic",
        "a part of a whole, of what was named before",
        "书店达到418家，占全市总量的37%。",
        "书店=37%",
        "书店达到418家，增长37%。",
    ),
    _rule(
        "share-counted",
        "a percentage before the thing it is a part of",
        "今年60%以上社区书屋通过市级复核。",
        "通过市级复核社区书屋=60%",
        "社区书屋达标率达到60%以上。",
    ),
    _rule(
        "progress",
        "how much of a work or of a plan is done",
        "道路工程完成80%。",
        "道路工程=80%",
        "道路工程投资增长80%。",
    ),
    _rule(
        "progress-of-topic",
        "how much of its plan what was named before has reached",
        "重点项目完成投资52.7亿元，达年度计划的108.4%。",
        "重点项目完成投资=108.4%",
        "重点项目完成投资52.7亿元，增长108.4%。",
    ),
    _rule(
        "rank",
        "a place in an order, with the group compared",
        "投资规模居全市首位。",
        "投资规模=1",
        "第一产业稳步发展。",
    ),
    _rule(
        "series",
        "figures in a row for names in a row",
        "全年固定资产投资、建安投资分别增长8.7%和5.6%。",
        "固定资产投资=8.7%|建安投资=5.6%",
        "全年固定资产投资增长8.7%。",
    ),
    _rule(
        "movement",
        "the two ends of a movement",
        "项目手续办理由28个工作日缩短至14个工作日。",
        "项目手续办理=28工作日|项目手续办理=14工作日",
        "项目手续办理缩短至14个工作日。",
    ),
    _rule(
        "streak",
        "how long something has held without a break",
        "湿地保护率连续七年居全省首位。",
        "湿地保护率连续居全省首位=7年",
        "湿地保护率居全省首位。",
    ),
    _rule(
        "medal",
        "medals counted by their metal",
        "运动员在青少年锦标赛上夺得4金7银。",
        "金牌=4枚|银牌=7枚",
        "运动员在青少年锦标赛上夺得金牌4枚。",
    ),
    _rule(
        "zero",
        "nothing of it happened",
        "医务人员零感染。",
        "医务人员感染=0",
        "关键零部件实现自主生产。",
    ),
    _rule(
        "double",
        "doubling and halving: 翻番, 翻两番, 倍增, 减半",
        "高新技术企业数量实现翻番。",
        "高新技术企业数量=100%",
        "实施高新技术企业倍增计划。",
    ),
    _rule(
        "times",
        "multiples, turned into percent of growth",
        "茶叶产值是2012年的2.3倍。",
        "茶叶产值=130%",
        "茶叶产值增长2.3%。",
    ),
    _rule(
        "digits",
        "so many digits long",
        "冷链运输量实现两位数增长。",
        "冷链运输量=10%",
        "冷链运输量实现增长。",
    ),
    _rule(
        "fraction",
        "halves, thirds and tenths",
        "北运河治理工程完成三分之一以上。",
        "北运河治理工程=0.33331",
        "北运河治理工程全面完成。",
    ),
)
"""All rules of the layer."""
