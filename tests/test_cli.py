"""The command line: what people and programs see of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli import VERBS

REPORT = Path(__file__).resolve().parent.parent / "data/reports/tongzhou-2021.txt"


def kg(*arguments: str, stdin: str | bytes = "") -> subprocess.CompletedProcess[str]:
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-c", "from kg.cli import main; main()", *arguments],
        input=data,
        capture_output=True,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def extract(*paragraphs: str) -> list[dict[str, object]]:
    lines = "".join(
        json.dumps({"id": f"a-2021#{n}", "text": text}, ensure_ascii=False) + "\n"
        for n, text in enumerate(paragraphs, 1)
    )
    done = kg("extract", "-", "--model", "none", stdin=lines)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb: str) -> None:
    done = kg(verb, "--help")
    assert done.returncode == 0
    assert "Example:" in done.stdout
    assert f"kg {verb}" in done.stdout


def test_help_lists_the_verbs() -> None:
    done = kg("--help")
    assert all(verb in done.stdout for verb in VERBS)


def test_paragraphs_keep_id_order_and_offsets() -> None:
    found = extract("运河商务区9个项目完工。", "通州区地区生产总值增长8%。")
    assert [record["id"] for record in found] == ["a-2021#1", "a-2021#2"]
    for record in found:
        for entity in record["entities"]:  # type: ignore[attr-defined]
            assert record["text"][entity["start"] : entity["end"]] == entity["text"]  # type: ignore[index]


def test_a_given_paragraph_keeps_its_white_space() -> None:
    text = "  2020 年，通州 区运河 商务区完工，地区生产总值增长 8 %。 "
    (record,) = extract(text)
    assert record["text"] == text
    (observation,) = record["observations"]  # type: ignore[misc]
    quote = text[observation["start"] : observation["end"]]  # type: ignore[index]
    assert quote == observation["quote"]  # type: ignore[index]
    assert "增长 8 %" in quote
    for entity in record["entities"]:  # type: ignore[attr-defined]
        assert text[entity["start"] : entity["end"]] == entity["text"]


def test_plain_text_comes_through_stdin() -> None:
    done = kg("extract", "-", "--model", "none", stdin="2020年，通州区地区生产总值增长3.4%。\n")
    (record,) = (json.loads(line) for line in done.stdout.splitlines())
    assert record["observations"][0]["value"] == 3.4


def test_no_year_is_made_up() -> None:
    done = kg("extract", "-", "--model", "none", stdin="1-11月，固定资产投资增长15.2%。\n")
    (record,) = (json.loads(line) for line in done.stdout.splitlines())
    assert record["observations"][0]["period"] == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["extract", "none.txt"], "none.txt"),
        (["extract", str(REPORT), "--model", "huge"], "huge"),
        (["fly"], "no verb is called 'fly'"),
        (["build", str(REPORT)], "--output"),
        (["track", "one.txt"], "give OLD NEW"),
        (["evaluate", "none.jsonl"], "none.jsonl"),
        (["query", "-g", "nowhere", "主要指标目标"], "nowhere"),
    ],
)
def test_wrong_use_is_one_clear_line(arguments: list[str], message: str) -> None:
    done = kg(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout


def test_unmet_threshold_is_status_one() -> None:
    gold = REPORT.parent.parent / "gold/tongzhou-2021.jsonl"
    done = kg("evaluate", str(gold), "--model", "none", "--require", "entities exact=0.999")
    assert done.returncode == 1
    assert "entities exact reaches" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_and_no_device_is_replaced() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", "from kg.cli import main; main()", "--help"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert "cannot be written" in done.stderr.decode()
    assert Path("/dev/full").is_char_device()


def test_a_reader_that_stops_early_is_no_fault() -> None:
    command = f"{sys.executable} -c 'from kg.cli import main; main()' query --list | head -1"
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_findings_files_left_out_and_a_zip_on_a_terminal(tmp_path: Path) -> None:
    good, bad = tmp_path / "jia-2021.txt", tmp_path / "yi-2021.txt"
    good.write_text("甲市2021年政府工作报告\n甲河大桥建成通车。\n", encoding="utf-8")
    bad.write_bytes(b"")
    out = str(tmp_path / "out")
    assert kg("build", str(good), str(bad), "-o", out, "--model", "none").returncode == 2
    built = kg("build", str(good), str(bad), "-o", out, "--model", "none", "--keep-going")
    assert built.returncode == 0
    assert "left out" in built.stderr
    assert "yi-2021" in built.stderr
    shown = kg("validate", "--findings", "-g", out)
    assert (shown.returncode, shown.stdout) == (0, "")
    assert "0 contradictions" in shown.stderr
    asked = kg("query", "生命周期", "-p", "name=甲河", "-g", out)
    assert asked.returncode == 0
    assert "nothing in the graph is named '甲河'; near it: 甲河大桥" in asked.stderr
    unfilled = kg("query", "生命周期", "-p", "甲河大桥", "-g", out)
    assert unfilled.returncode == 2
    assert "write -p SLOT=VALUE" in unfilled.stderr
    pty = pytest.importorskip("pty")
    main, terminal = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", "from kg.cli import main; main()", "export", "-g", out,
         "--format", "csv"],
        stdout=terminal, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(terminal)
    os.close(main)
    assert done.returncode == 2
    assert "-o" in done.stderr.decode()


def test_adding_to_nothing_is_told(tmp_path: Path) -> None:
    report = tmp_path / "jia-2021.txt"
    report.write_text("甲市2021年政府工作报告\n甲河大桥建成通车。\n", encoding="utf-8")
    added = kg("build", str(report), "-o", str(tmp_path / "new"), "--model", "none", "--add")
    assert added.returncode == 0
    assert "is not there yet" in added.stderr


def test_gold_whose_reports_are_not_in_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    gold = tmp_path / "jia-2021.jsonl"
    gold.write_text('{"id": "jia-2021#2", "text": "甲河大桥建成通车。", "entities": []}\n')
    done = kg("evaluate", str(gold), "--reports", str(tmp_path / "empty"), "--model", "none")
    assert done.returncode == 0
    assert "1 of 1 annotated reports are not in" in done.stderr


def test_evaluate_tells_how_many_decisions_are_met(tmp_path: Path) -> None:
    table = tmp_path / "decisions.tsv"
    table.write_text(
        "report\tparagraph\tstart\tend\ttext\tkind\tverdict\n"
        "tongzhou-2021\t1\t0\t3\t通州区\tPlace\taccept\n"
    )
    given = ("--decisions", str(table), "--reports", str(REPORT.parent), "--model", "none")
    record = json.loads(kg("evaluate", *given, "--format", "json").stdout)["decisions"]
    assert record["decided"]["accept"] + record["lost"] == 1
    assert kg("evaluate", "--decisions", str(table)).returncode == 2
    assert kg("serve", "--decisions", str(table)).returncode == 2
