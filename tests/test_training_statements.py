"""Training of the scorers of milestones and relations: whole, repeatable, refusing nonsense."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import training
from kg.errors import FormatError, MissingInput
from kg.model import PREDICATES

ROOT = Path(__file__).parent.parent
GOLD = ROOT / "data" / "gold" / "tongzhou-2021.jsonl"
REPORTS = ROOT / "data" / "reports"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The annotated report dealt out as four, so that there are folds of whole reports."""
    folder = tmp_path_factory.mktemp("gold")
    lines: dict[int, list[str]] = {}
    for number, line in enumerate(GOLD.read_text(encoding="utf-8").splitlines()):
        record = json.loads(line) | {"id": f"part{number % 4}#{number}"}
        lines.setdefault(number % 4, []).append(json.dumps(record, ensure_ascii=False))
    paths = []
    for number, part in lines.items():
        paths.append(folder / f"part{number}.jsonl")
        paths[-1].write_text("\n".join(part), encoding="utf-8")
    return paths


def found_of(gold: Path, path: Path) -> Path:
    """Of each paragraph its first name, as a tagger may have found it."""
    with path.open("w", encoding="utf-8") as file:
        for line in gold.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            text = "".join(record["text"].split())
            names = [
                (text.find(name), text.find(name) + len(name), item["type"], 0.8)
                for item in record["entities"][:1]
                if (name := "".join(item["text"].split())) in text
            ]
            file.write(json.dumps({"id": record["id"], "names": names}, ensure_ascii=False) + "\n")
    return path


def test_statements_are_learned_alone_and_the_same_way_twice(
    parts: list[Path], tmp_path: Path
) -> None:
    pytest.importorskip("sklearn")
    found = found_of(parts[0], tmp_path / "found.jsonl")
    for name in ("one", "two"):
        figures = training.train(
            parts[:3],
            reports=REPORTS,
            further=parts[3:],
            found=found,
            out=tmp_path / name,
            quick=True,
        )
    assert set(figures) == {"relations"}
    assert set(figures["relations"]) <= {"all", *PREDICATES}
    written = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert written == ["milestones.json", "relations.json"]
    for name in written:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    scorer = json.loads((tmp_path / "one" / "relations.json").read_text(encoding="utf-8"))
    assert scorer["weights"]
    assert set(scorer["thresholds"]) <= set(PREDICATES)


@pytest.mark.slow
def test_one_command_trains_all_that_is_shipped(parts: list[Path], tmp_path: Path) -> None:
    for name in ("torch", "onnx", "lightgbm", "sklearn"):
        pytest.importorskip(name)
    out = tmp_path / "models"
    for part in parts:
        few = part.read_text(encoding="utf-8").splitlines()[:8]
        (tmp_path / part.name).write_text("\n".join(few), encoding="utf-8")
    parts = [tmp_path / part.name for part in parts]
    figures = training.train(parts, reports=REPORTS, out=out, quick=True)
    assert set(figures) == {"network", "scorers", "relations"}
    assert {path.name for path in out.iterdir()} == {
        "found.jsonl",
        "full.onnx",
        "light.npz",
        "milestones.json",
        "relations.json",
        "scorer-full.npz",
        "scorer-light.npz",
    }
    lines = "\n".join(path.read_text(encoding="utf-8") for path in parts).splitlines()
    annotated = {(record := json.loads(line))["id"]: record for line in lines}
    exact = 0
    for line in (out / "found.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        paragraph = annotated[record["id"]]
        text = "".join(paragraph["text"].split())
        names = {(text[start:end], kind) for start, end, kind, _ in record["names"]}
        exact += len(names & {(item["text"], item["type"]) for item in paragraph["entities"]})
    assert exact > 20
    again = tmp_path / "again"
    training.train(parts, reports=REPORTS, out=again, found=out / "found.jsonl", quick=True)
    assert (again / "relations.json").read_bytes() == (out / "relations.json").read_bytes()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (None, MissingInput),
        ("{}", FormatError),
        ('{"id": "a#1", "names": [[0, 1, "X", 1]]}', FormatError),
    ],
)
def test_found_names_that_are_none_are_refused(
    text: str | None, error: type[Exception], parts: list[Path], tmp_path: Path
) -> None:
    found = tmp_path / "found.jsonl"
    if text is not None:
        found.write_text(text, encoding="utf-8")
    with pytest.raises(error):
        training.train(parts, reports=REPORTS, found=found, out=tmp_path / "out")
