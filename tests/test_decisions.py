"""The table of a person's decisions, and what it does to an extraction."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import made_up
import pytest

from kg import decisions
from kg.decisions import Decision, apply, joins, put, read, write
from kg.errors import FormatError, UnreadableInput
from kg.evaluation import judge, reviewed
from kg.model import Annotation, Extraction
from kg.text import read as read_report

STEM = "donghai-2021"


def paragraph(start: str) -> Annotation:
    return next(a for a in made_up.extraction().annotations if a.text.startswith(start))


def decision(verdict: str, name: str, line: str = "青山中学完工", **more: str) -> Decision:
    found = paragraph(line)
    start = found.text.index(name)
    number = int(found.id.partition("#")[2])
    kind = more.pop("kind", made_up.NAMES.get(name, "Project"))
    return Decision(STEM, number, start, start + len(name), name, kind, verdict, **more)


def after(*made: Decision, line: str = "青山中学完工") -> tuple[Annotation, Extraction]:
    result = apply(made_up.extraction(), made)
    return next(a for a in result.annotations if a.text.startswith(line)), result


def names(annotation: Annotation) -> dict[str, str]:
    return {item.text: item.kind for item in annotation.entities}


def test_table_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / decisions.NAME
    made = (
        decision("accept", "青山中学", date="2026-01-31"),
        Decision(STEM, 9, 0, 2, "a\tb", "Policy", "add", "", 'back\\slash "and"\nbreak\r', ""),
    )
    write(path, made)
    assert read(path) == tuple(sorted(made, key=lambda item: item.paragraph))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == [
        "report", "paragraph", "start", "end", "text", "kind", "verdict", "other", "note", "date",
    ]  # fmt: skip
    assert len(lines) == 3


def test_no_file_is_an_empty_table(tmp_path: Path) -> None:
    assert read(tmp_path / decisions.NAME) == ()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("r\tx\t0\t2\tab\tProject\taccept", "line 2: paragraph is 'x'"),
        ("r\t1\t2\t2\tab\tProject\taccept", "start 2 is not before end 2"),
        ("r\t1\t0\t2\tab\tPlanet\taccept", "unknown kind 'Planet'"),
        ("r\t1\t0\t2\tab\tProject\tmaybe", "unknown verdict 'maybe'; choose from: accept"),
        ("r\t1\t0\t2\t\tProject\taccept", "text is missing"),
    ],
)
def test_broken_lines_are_told(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / decisions.NAME
    header = "report\tparagraph\tstart\tend\ttext\tkind\tverdict\n"
    path.write_text(header + line + "\n", encoding="utf-8")
    with pytest.raises(FormatError, match=message):
        read(path)


def test_broken_files_are_told(tmp_path: Path) -> None:
    path = tmp_path / decisions.NAME
    path.write_text("report\tverdict\n", encoding="utf-8")
    with pytest.raises(FormatError, match="lacks the column 'paragraph'"):
        read(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableInput):
        read(path)


def test_reject_takes_the_statements_along() -> None:
    found, result = after(decision("reject", "青山中学"))
    assert "青山中学" not in names(found)
    assert all(item.entity != "青山中学" for item in found.milestones)
    assert result.counts["decision.reject"] == 1


def test_retype_and_respan() -> None:
    found, _ = after(decision("retype", "青山中学", kind="Institution", other="Project"))
    assert names(found)["青山中学"] == "Institution"
    old = paragraph("青山中学完工").text.index("东海市第一医院青山院区")
    wanted = decision("respan", "东海市第一医院", other=f"{old}-{old + 11}")
    found, _ = after(wanted)
    assert "东海市第一医院" in names(found)
    assert "东海市第一医院青山院区" not in names(found)
    assert "东海市第一医院" in {item.entity for item in found.milestones}


def test_add_and_accept() -> None:
    found, _ = after(decision("add", "文明城区", kind="Honour"))
    assert names(found)["文明城区"] == "Honour"
    assert "国家级&文明城区" not in names(found)
    doubtful = made_up.extraction()
    first = doubtful.annotations[4]
    weak = replace(first, entities=tuple(replace(e, score=0.2) for e in first.entities))
    doubtful = replace(
        doubtful, annotations=(*doubtful.annotations[:4], weak, *doubtful.annotations[5:])
    )
    name = weak.entities[0]
    sure = Decision(STEM, 5, name.start, name.end, name.text, name.kind, "accept")
    assert apply(doubtful, [sure]).annotations[4].entities[0].score == 1.0


def test_a_name_that_moved_is_found_by_its_text() -> None:
    moved = replace(decision("reject", "青山中学"), start=40, end=44)
    found, _ = after(moved)
    assert "青山中学" not in names(found)


def test_what_finds_nothing_is_counted() -> None:
    nowhere = replace(decision("reject", "青山中学"), paragraph=99)
    other = replace(decision("reject", "青山中学"), text="别的")
    elsewhere = replace(decision("reject", "青山中学"), report="another")
    _, result = after(nowhere, other, elsewhere)
    assert result.counts["decision.without-effect"] == 2
    assert result.annotations == made_up.extraction().annotations


def test_the_later_decision_holds() -> None:
    first, second = decision("reject", "青山中学"), decision("accept", "青山中学")
    assert put([first], second) == (second,)
    found, _ = after(first, second)
    assert "青山中学" in names(found)


def test_joins_are_links_and_stand_beside_other_decisions() -> None:
    same = decision("join", "青山中学", other="青山一中")
    apart = decision("part", "青山中学", other="青山小学")
    accepted = decision("accept", "青山中学")
    table = put(put(put([], accepted), same), apart)
    assert len(table) == 3
    assert joins(table) == (
        ("青山中学", "青山一中", "same", "Project"),
        ("青山中学", "青山小学", "different", "Project"),
    )


def test_applying_twice_is_applying_once() -> None:
    made = [decision("reject", "青山中学"), decision("add", "文明城区", kind="Honour")]
    once = apply(made_up.extraction(), made)
    twice = apply(replace(once, counts={}), [made[1]])
    assert twice.annotations == once.annotations


REPORTS = Path(__file__).resolve().parent.parent / "data" / "reports"


def shipped(text: str, kind: str, verdict: str) -> Decision:
    """A decision on the first sentence of the shipped report that holds ``text``."""
    (report,) = read_report(REPORTS / "tongzhou-2021.txt")
    paragraph = next(item for item in report.paragraphs if text in item.text)
    start = paragraph.text.index(text)
    end = start + len(text)
    return Decision(report.stem, paragraph.number, start, end, text, kind, verdict)


def test_the_program_is_held_against_decisions() -> None:
    table = [
        shipped("运河商务区", "Zone", "accept"),
        shipped("运河商务区", "Place", "retype"),
        shipped("地区生产总值", "", "reject"),
        shipped("运河商务区", "Zone", "join"),
        replace(shipped("运河商务区", "Zone", "add"), report="nowhere-2021"),
    ]
    agreement = judge(table, REPORTS, model="none")
    assert agreement.decided == {"accept": 1, "reject": 1, "retype": 1, "respan": 0, "add": 0}
    assert agreement.agreed == {"accept": 1, "reject": 1, "retype": 0, "respan": 0, "add": 0}
    assert agreement.lost == 1


def test_reviewed_paragraphs_are_learned_as_the_person_left_them() -> None:
    made = shipped("运河商务区", "Place", "retype")
    (one,) = reviewed([made], REPORTS, model="none")
    assert one.id == f"tongzhou-2021#{made.paragraph}"
    assert names(one)["运河商务区"] == "Place"
