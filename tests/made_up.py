"""A small made-up report with its annotations, built into a folder: for view and serve tests.

Its texts hold what must never be run: markup, quotes, backslashes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kg import store, text
from kg.model import Annotation, Extraction, Mention, Milestone, Observation, Relation

TEXT = """东海市青山区2021年国民经济和社会发展计划报告
一、2020年计划执行情况
青山商务区加快建设，东海大桥建成通车，连接青山区和北岛镇。地区生产总值110.3亿元，增长3.4%。
蓝天集团入驻青山商务区，<script>window.hacked=1</script>项目开工。
青山中学完工，东海市第一医院青山院区签约。获评“国家级&文明城区”。
二、2021年计划
东海大桥二期开工，青山中学投入使用。地区生产总值增长8%左右，一般公共预算收入达到76.8亿元以上。
继续实施“蓝天”行动计划，青山商务区引进\\企业"20"家。
"""
NAMES = {
    "东海市": "Place",
    "青山区": "Place",
    "北岛镇": "Place",
    "青山商务区": "Zone",
    "东海大桥二期": "Project",
    "东海大桥": "Project",
    "青山中学": "Project",
    "东海市第一医院青山院区": "Project",
    "<script>window.hacked=1</script>项目": "Project",
    "蓝天集团": "Institution",
    "国家级&文明城区": "Honour",
    "“蓝天”行动计划": "Policy",
}
MILESTONES = [
    ("青山商务区", "under-construction", "actual", "青山商务区加快建设"),
    ("东海大桥", "in-operation", "actual", "东海大桥建成通车"),
    ("<script>window.hacked=1</script>项目", "started", "actual", "项目开工"),
    ("青山中学", "completed", "actual", "青山中学完工"),
    ("东海市第一医院青山院区", "signed", "actual", "青山院区签约"),
    ("东海大桥二期", "started", "target", "东海大桥二期开工"),
    ("青山中学", "in-operation", "target", "青山中学投入使用"),
]
RELATIONS = [
    ("蓝天集团", "settledIn", "青山商务区", "蓝天集团入驻青山商务区"),
    ("东海大桥", "connects", "北岛镇", "东海大桥建成通车，连接青山区和北岛镇"),
    ("青山区", "partOf", "东海市", "东海市青山区"),
]
OBSERVATIONS = [
    ("地区生产总值", 11030000000, "元", "level", "exact", "地区生产总值110.3亿元"),
    ("地区生产总值", 3.4, "%", "growth", "exact", "增长3.4%"),
    ("地区生产总值", 8, "%", "growth", "approx", "地区生产总值增长8%左右"),
    ("一般公共预算收入", 7680000000, "元", "level", "min", "一般公共预算收入达到76.8亿元以上"),
    ("引进企业", 20, "家", "level", "exact", '引进\\企业"20"家'),
]


def extraction(stem: str = "donghai-2021") -> Extraction:
    """The report as the pipeline would hand it on."""
    report = text.from_string(TEXT, stem)
    report = replace(report, review_year=2020, plan_year=2021, place="青山区")
    plan = next(k for k, item in enumerate(report.paragraphs) if item.text.startswith("二、"))
    annotations = []
    for place, paragraph in enumerate(report.paragraphs):
        planned = place > plan
        year, status = ("2021", "target") if planned else ("2020", "actual")
        annotations.append(_annotation(paragraph.id, paragraph.text, year, status))
    return Extraction(report, tuple(annotations))


def _annotation(name: str, line: str, year: str, status: str) -> Annotation:
    mentions: list[Mention] = []
    for form in sorted(NAMES, key=len, reverse=True):
        start = line.find(form)
        while start >= 0:
            end = start + len(form)
            if all(end <= item.start or item.end <= start for item in mentions):
                mentions.append(Mention(start, end, form, NAMES[form], rule="made-up"))
            start = line.find(form, end)
    return Annotation(
        name,
        line,
        tuple(sorted(mentions, key=lambda item: item.start)),
        tuple(
            Observation(i, v, u, m, year, status, b, q, s, s + len(q), rule="made-up")
            for i, v, u, m, b, q in OBSERVATIONS
            if (s := line.find(q)) >= 0
        ),
        tuple(
            Milestone(e, stage, year, own, q, s, s + len(q), rule="made-up")
            for e, stage, own, q in MILESTONES
            if own == status and (s := line.find(q)) >= 0
        ),
        tuple(
            Relation(a, p, b, q, s, s + len(q), rule="made-up")
            for a, p, b, q in RELATIONS
            if (s := line.find(q)) >= 0
        ),
    )


def folder(out: Path) -> Path:
    """The built folder of the made-up report."""
    store.write([extraction()], out)
    return out
