"""Bad input ends in one clear line, and good input is read whatever its encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import text
from kg.errors import FormatError, InputError, MissingInput, UnreadableInput, ZhengpuError
from kg.text.encoding import decode

PROSE = "各位代表：\n一、2023年工作回顾\n全年地区生产总值增长5.1%，新增就业2.3万人。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("breaks", ["\n", "\r\n"])
def test_encodings(tmp_path: Path, encoding: str, breaks: str) -> None:
    path = tmp_path / "x-2024.txt"
    path.write_bytes(PROSE.replace("\n", breaks).encode(encoding))
    (report,) = text.read(path)
    assert report.source == PROSE.replace("\n", breaks)
    assert [item.number for item in report.paragraphs] == [1, 2, 3]


HAN = st.sampled_from(
    list(
        dict.fromkeys(
            "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动市政府工作报告经济社会发展建设项目全区"
        )
    )
)
PUNCTUATION = st.sampled_from(list("，。、；：“”（）0123456789%\n"))


@given(
    st.lists(st.one_of(HAN, HAN, HAN, PUNCTUATION), min_size=4).map("".join),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_decoding_undoes_encoding(content: str, encoding: str) -> None:
    if any("\u4e00" <= char <= "\u9fff" for char in content):
        assert decode(content.encode(encoding), "x") == content


def message(error: pytest.ExceptionInfo[ZhengpuError]) -> str:
    line = str(error.value)
    assert "\n" not in line
    assert error.value.exit_status == 2
    return line


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        ("\ufeff\n".encode(), "empty"),
        (b"%PDF-1.7\n\x00\x01", "PDF"),
        (b"PK\x03\x04\x00\x00", "ZIP"),
        (bytes(range(256)) * 4, "binary"),
        (PROSE.encode("big5", "replace"), "neither UTF-8 nor GB18030"),
        (PROSE.encode() + b"\xff\xfe\xfd", "neither UTF-8 nor GB18030"),
        (PROSE.encode()[:-20] + b"\xe4\xb8" + PROSE.encode()[-20:], "neither UTF-8 nor GB18030"),
        (b"\xff\xfe\x00", "broken UTF-16"),
    ],
)
def test_unreadable_content(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput) as error:
        text.read(path)
    assert word in message(error)
    assert "x.txt" in message(error)


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text(PROSE * 10, encoding="utf-8")
    with pytest.raises(UnreadableInput, match="too large") as error:
        text.read(path, max_bytes=100)
    assert "100" in message(error)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MissingInput) as error:
        text.read(tmp_path / "no.txt")
    assert "no.txt" in message(error)


def test_folder_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        text.read(tmp_path)
    assert "folder" in message(error)


def test_unknown_form(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(PROSE, encoding="utf-8")
    with pytest.raises(FormatError) as error:
        text.read(path)
    assert "'.csv'" in message(error)
    assert ".jsonl" in message(error)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('{"id": "x#1", "text": "一"}\n{"id": "x#2", "text": \n', ("line 2", "not JSON")),
        ("[1, 2]\n", ("line 1", "not a JSON object")),
        ('{"id": "x#1"}\n', ("record 1", "lacks 'text'")),
        ('{"text": "一"}\n', ("record 1", "lacks 'id'")),
        ('{"id": "x#1", "text": 3}\n', ("record 1", "misuses 'text'")),
        ('{"id": "x#1", "text": "一"}\n{"id": "x#1", "text": "二"}\n', ("'x#1'", "twice")),
        ('{"id": "../../x#1", "text": "一"}\n', ("'../../x#1'", "cannot be an id")),
        ('{"id": "..#1", "text": "一"}\n', ("'..#1'", "cannot be an id")),
        ("[" * 100_000 + "\n", ("line 1", "not JSON")),
    ],
)
def test_broken_json_lines(tmp_path: Path, lines: str, words: tuple[str, ...]) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(FormatError) as error:
        text.read(path)
    for word in (*words, "x.jsonl"):
        assert word in message(error)


def test_blank_lines_of_json_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('\n{"id": "x#1", "text": "一\u2028二"}\r\n\n', encoding="utf-8")
    (report,) = text.read(path)
    assert len(report.paragraphs) == 1


def test_folder_without_reports(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("x", encoding="utf-8")
    (tmp_path / ".hidden.txt").write_text(PROSE, encoding="utf-8")
    (tmp_path / "README.md").write_text("x", encoding="utf-8")
    with pytest.raises(MissingInput) as error:
        text.discover([tmp_path])
    assert "holds no reports" in message(error)


def test_discovery_is_ordered_and_takes_each_file_once(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c.txt", "a.md", "b/d.jsonl"):
        (tmp_path / name).write_text(PROSE, encoding="utf-8")
    found = text.discover([tmp_path, tmp_path / "c.txt"])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "a.md",
        "b/d.jsonl",
        "c.txt",
    ]


def test_two_files_of_one_stem(tmp_path: Path) -> None:
    for name in ("x.txt", "x.md"):
        (tmp_path / name).write_text(PROSE, encoding="utf-8")
    with pytest.raises(FormatError) as error:
        text.discover([tmp_path])
    assert "would both be report 'x'" in message(error)


def test_missing_path_among_several(tmp_path: Path) -> None:
    with pytest.raises(MissingInput) as error:
        text.discover([tmp_path / "gone"])
    assert "gone" in message(error)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        report = text.from_string(decode(content, "x"), "x")
    except UnreadableInput:
        return
    assert report.paragraphs
