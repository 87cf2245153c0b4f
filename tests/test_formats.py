"""Web pages, Word and PDF documents read like the plain text they hold."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from kg import text
from kg.errors import MissingExtra, UnreadableInput
from kg.model import Report

DATA = Path(__file__).resolve().parent / "data"
LINES = [
    "海口市2023年政府工作报告",
    "各位代表：",
    "一、2022年工作回顾",
    "全年地区生产总值增长5.1%，新增就业4万人。",
    "二、2023年工作安排",
    "力争地区生产总值增长6%，新增就业5万人以上。",
]


def assert_read(report: Report) -> None:
    assert [item.text for item in report.paragraphs] == LINES
    assert (report.title, report.place, report.plan_year) == (LINES[0], "海口市", 2023)
    assert [item.part for item in report.paragraphs] == ["other"] * 2 + ["review"] * 2 + [
        "plan"
    ] * 2
    for item in report.paragraphs:
        start, end = item.source_span(0, len(item.text))
        assert report.source[start:end] == item.text


def test_word(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    document.save(tmp_path / "haikou.docx")
    assert_read(text.read(tmp_path / "haikou.docx")[0])


def test_tables_of_word_come_row_by_row(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("主要指标")
    table = document.add_table(rows=2, cols=2)
    for place, word in enumerate(("指标", "目标", "生产总值", "增长6%")):
        table.cell(place // 2, place % 2).text = word
    document.save(tmp_path / "x.docx")
    (report,) = text.read(tmp_path / "x.docx")
    assert report.source == "主要指标\n指标\u3000目标\n生产总值\u3000增长6%\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_web_page(tmp_path: Path, encoding: str) -> None:
    pytest.importorskip("bs4")
    body = "".join(
        f"<p style='x'>\n\u3000\u3000{line[:3]}<b>{line[3:]}</b>\n</p>" for line in LINES[1:]
    )
    page = (
        f"<html><head><title>{LINES[0]}_海口市人民政府网</title><script>var a = 1;</script></head>"
        "<body><nav><a>首页</a><a>政务公开</a></nav><div class='top'>您的位置：首页</div>"
        f"<div><div id='content'>{body}</div><div>打印　关闭</div></div>"
        "<footer>主办：市人民政府办公室</footer></body></html>"
    )
    (tmp_path / "haikou.html").write_bytes(page.encode(encoding))
    assert_read(text.read(tmp_path / "haikou.html")[0])


def test_web_page_with_line_breaks_for_paragraphs(tmp_path: Path) -> None:
    pytest.importorskip("bs4")
    body = "<br>".join(LINES)
    (tmp_path / "haikou.htm").write_text(f"<body><div>{body}</div></body>", encoding="utf-8")
    assert_read(text.read(tmp_path / "haikou.htm")[0])


def test_pdf() -> None:
    pytest.importorskip("pypdfium2")
    (report,) = text.read(DATA / "page.pdf")
    body = [item.text for item in report.paragraphs]
    assert body[0] == "通州区计划报告（草案）"
    assert body[1] == "一、2020年国民经济和社会发展计划执行情况"
    assert body[3].endswith("其中就业困难人员1.6万人，大幅超额完成年度任务。")
    assert body[5].startswith("总体来看，2021年将是机遇与挑战都十分巨大的一年。疫情变化")
    assert len(body) == 7
    assert [item.part for item in report.paragraphs] == ["other"] + ["review"] * 3 + ["plan"] * 3


@pytest.mark.parametrize(
    ("name", "content", "module", "word"),
    [
        ("x.pdf", b"%PDF-1.7\nbroken", "pypdfium2", "no PDF document"),
        ("x.docx", b"PK\x03\x04broken", "docx", "no Word document"),
        ("x.docx", b"plain", "docx", "no Word document"),
        ("x.html", b"<html><body><script>1</script></body></html>", "bs4", "holds no text"),
        ("x.pdf", b"", "pypdfium2", "empty"),
    ],
)
def test_damaged_documents(
    tmp_path: Path, name: str, content: bytes, module: str, word: str
) -> None:
    pytest.importorskip(module)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableInput, match=word):
        text.read(tmp_path / name)


@pytest.mark.parametrize("name", ["x.pdf", "x.docx", "x.html"])
def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def refuse(module: str, *rest: Any) -> Any:
        raise ImportError(module)

    (tmp_path / name).write_bytes(b"anything")
    monkeypatch.setattr(importlib, "import_module", refuse)
    with pytest.raises(MissingExtra, match=r"pip install 'zhengpu\[formats\]'"):
        text.read(tmp_path / name)
