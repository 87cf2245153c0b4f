"""The full tagger: what it gives, what it refuses, and that its parts agree."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from kg.errors import InputError, MissingInput, ModelError
from kg.mentions import chains
from kg.mentions.lookup import Lookup, fold_digits
from kg.mentions.network import NetworkTagger

SENTENCE = "全面贯彻习近平新时代中国特色社会主义思想，北京市通州区人民政府加快建设北京城市副中心。"
OTHER = "今年全市地区生产总值增长6.5%左右；高标准推进雄安新区建设。"


@pytest.fixture(scope="module")
def tagger() -> NetworkTagger:
    return NetworkTagger.load()


def test_labels_are_o_and_four_a_kind(tagger: NetworkTagger) -> None:
    assert tagger.labels == chains.LABELS
    assert tagger.labels[:5] == ("O", "B-Project", "I-Project", "E-Project", "S-Project")


def test_marginals_are_distributions(tagger: NetworkTagger) -> None:
    found = tagger.marginals([SENTENCE, "", OTHER])
    assert [part.shape for part in found] == [
        (len(text), len(tagger.labels)) for text in (SENTENCE, "", OTHER)
    ]
    for part in found:
        np.testing.assert_allclose(part.sum(1), 1, atol=1e-4)


def test_no_texts_no_marginals(tagger: NetworkTagger) -> None:
    assert tagger.marginals([]) == []
    assert tagger.decode(np.zeros((0, len(tagger.labels)), np.float32)) == []


def test_a_text_reads_the_same_in_any_company(tagger: NetworkTagger) -> None:
    (alone,) = tagger.marginals([SENTENCE])
    beside = tagger.marginals([OTHER * 9, SENTENCE, "。；。", OTHER])[1]
    np.testing.assert_allclose(alone, beside, atol=1e-4)


def test_twice_the_same(tagger: NetworkTagger) -> None:
    first, second = (tagger.marginals([SENTENCE, OTHER]) for _ in range(2))
    for one, two in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, two)


def test_white_space_changes_no_name(tagger: NetworkTagger) -> None:
    spaced = "　　" + SENTENCE.replace("特色社会", "特 色\n社会")
    (plain,) = tagger.marginals([SENTENCE])
    (blanks,) = tagger.marginals([spaced])
    np.testing.assert_allclose(blanks.sum(1), 1, atol=1e-4)
    names = ["".join(spaced[a:b].split()) for a, b, _ in tagger.decode(blanks)]
    assert names == [SENTENCE[a:b] for a, b, _ in tagger.decode(plain)]


def test_finds_names_everybody_knows(tagger: NetworkTagger) -> None:
    (found,) = tagger.marginals([SENTENCE])
    names = {(SENTENCE[a:b], kind) for a, b, kind in tagger.decode(found, SENTENCE)}
    assert ("习近平新时代中国特色社会主义思想", "Policy") in names


@pytest.mark.parametrize("text", ["𠀀𠀁省", "\ud800", "A" * 500, "。；。；", "\x00", "，" * 400])
def test_reads_whatever_it_is_given(tagger: NetworkTagger, text: str) -> None:
    (found,) = tagger.marginals([text])
    assert len(found) == len(text)
    tagger.decode(found, text)


def marginals_of(text: str, *spans: tuple[int, int, str]) -> np.ndarray:
    """Certain marginals of given names."""
    numbered = [(a, b, chains.LABELS.index(f"B-{kind}") // 4) for a, b, kind in spans]
    return np.eye(len(chains.LABELS), dtype=np.float32)[chains.label_numbers(len(text), numbered)]


def test_decode_gives_back_certain_names(tagger: NetworkTagger) -> None:
    spans = [(0, 3, "Place"), (3, 4, "Person"), (6, 9, "Event")]
    assert tagger.decode(marginals_of("甲乙丙丁戊己庚辛壬", *spans)) == spans


def test_decode_never_halves_quotes(tagger: NetworkTagger) -> None:
    text = "推行“拿地即开工”机制"
    halved = marginals_of(text, (3, 11, "Policy"))
    assert tagger.decode(halved, text) == [(2, 11, "Policy")]
    assert tagger.decode(halved) == [(3, 11, "Policy")]


def test_a_missing_model_names_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="kg train"):
        NetworkTagger.load(tmp_path / "none.onnx")


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "full.onnx"
    broken.write_bytes(b"not a network")
    with pytest.raises(ModelError, match="no network that can be run"):
        NetworkTagger.load(broken)


def test_lookup_survives_its_metadata() -> None:
    lookup = Lookup("市政府工作0年", ["政府", "工作"], ["政府", "工作"])
    again = Lookup.parse(lookup.metadata())
    text = "2021年市政府工作"
    np.testing.assert_array_equal(lookup.rows(text), again.rows(text))
    assert fold_digits("2021年") == "0000年"


def test_lookup_rows() -> None:
    lookup = Lookup("政府工", ["政府"], ["政府"])
    rows = lookup.rows("政府工x")
    assert rows[:, 0].tolist() == [4, 5, 6, 1]
    assert rows[:, 1].tolist() == [1, 0, 0, 0]
    assert rows[:, 2].tolist() == [1, 1, 0, 0]
    assert rows[:, 3].tolist()[:2] == [0, 2]


def test_the_chain_agrees_with_counting_all_paths() -> None:
    torch = pytest.importorskip("torch")
    from kg.training.layers import Chain

    labels = len(chains.LABELS)
    scores = torch.randn(1, 3, labels, generator=torch.Generator().manual_seed(1))
    follows, begins, ends = chains.allowed()
    total = 0.0
    for path in itertools.product(range(labels), repeat=3):
        lawful = (
            begins[path[0]]
            and ends[path[2]]
            and all(itertools.starmap(lambda a, b: follows[a, b], itertools.pairwise(path)))
        )
        if lawful:
            total += float(
                np.exp(sum(float(scores[0, step, label]) for step, label in enumerate(path)))
            )
    found = Chain().partition(scores, torch.tensor([3]))
    assert float(found) == pytest.approx(np.log(total), abs=1e-3)


def test_training_refuses_nothing_to_learn(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from kg.training.network import train

    gold = tmp_path / "a-2021.jsonl"
    gold.write_text("")
    with pytest.raises(InputError, match="no annotated paragraph"):
        train([gold], tmp_path, tmp_path / "out.onnx", quick=True)
    record = {"id": "a-2021#1", "text": SENTENCE, "entities": [{"text": "通州区", "type": "Place"}]}
    gold.write_text(json.dumps(record, ensure_ascii=False))
    with pytest.raises(MissingInput, match="no reports"):
        train([gold], tmp_path, tmp_path / "out.onnx", quick=True)


@pytest.mark.slow
def test_trains_from_text_to_tagger(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("onnx")
    from kg.training.network import train

    record = {"id": "a-2021#1", "text": SENTENCE, "entities": [{"text": "通州区", "type": "Place"}]}
    gold = tmp_path / "a-2021.jsonl"
    gold.write_text(json.dumps(record, ensure_ascii=False))
    (tmp_path / "b-2021.txt").write_text("\n".join(f"{n}. {SENTENCE}{OTHER}" for n in range(40)))
    out = tmp_path / "full.onnx"
    figures = train([gold], tmp_path, out, quick=True)
    assert figures["annotated names"] == 1
    assert figures["bytes"] == out.stat().st_size
    (found,) = NetworkTagger.load(out).marginals([SENTENCE])
    assert found.shape == (len(SENTENCE), len(chains.LABELS))


def test_an_encoder_reads_whole_windows() -> None:
    torch = pytest.importorskip("torch")
    from kg.training.examples import Text, batches, targets_of, windows_of
    from kg.training.layers import EXTRA, Student, Teacher

    class Pairs(torch.nn.Module):  # type: ignore[misc, name-defined]
        """Two characters a piece, each with a state of its own."""

        def cut(self, text: str) -> tuple[list[int], np.ndarray]:
            pieces = [ord(text[place]) for place in range(0, len(text), 2)]
            return pieces, np.arange(len(text)) // 2

        def forward(self, pieces: torch.Tensor) -> torch.Tensor:
            return torch.cos(pieces[..., None] * torch.arange(384))

    lookup = Lookup("".join(sorted(set(SENTENCE + OTHER))), [], [])
    texts = [Text("a#1", SENTENCE), Text("a#2", OTHER * 9)]
    encoder = Pairs()
    windows = windows_of(texts, lookup, [targets_of(text) for text in texts], encoder)
    assert sum(len(window.sentences) for window in windows) == 19
    (batch,) = batches(windows, 10**6)
    assert batch.pieces is not None
    assert batch.owners is not None
    flat = batch.pieces.ravel()
    for owners, (number, start, end) in zip(batch.owners, batch.origins, strict=True):
        own = owners[owners >= 0]
        assert len(own) == end - start
        text = texts[number].text
        assert all(chr(flat[one]) in text for one in own)
        assert chr(flat[own[0]]) in text[max(start - 1, 0) : start + 1]
    teacher = Teacher(Student((9, 9, 9), 4, 4, EXTRA), encoder).eval()
    rows = torch.from_numpy(batch.rows).clamp(max=8)
    inputs = rows, torch.from_numpy(batch.lengths), torch.from_numpy(batch.pieces)
    scores = teacher(*inputs, torch.from_numpy(batch.owners))
    assert scores.shape == batch.targets.shape
    nothing = teacher(*inputs, torch.full_like(torch.from_numpy(batch.owners), -1))
    assert not torch.equal(scores, nothing)
