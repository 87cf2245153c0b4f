"""Training of light tagger and scorer on a handful of paragraphs: it runs, saves, repeats."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kg.mentions.evidence import Evidence
from kg.mentions.light import Clusters, LightTagger
from kg.mentions.scorer import Scorer
from kg.model import read_annotations
from kg.training import light, scorer
from kg.training.mentions import annotated, samples_of
from kg.training.names import known_names, table
from kg.training.split import deal

GOLD = Path(__file__).parent.parent / "data" / "gold" / "tongzhou-2021.jsonl"
NO_CLUSTERS = Clusters(
    np.zeros(0, np.uint64), {grain: np.zeros(0, np.int64) for grain in (64, 256, 1024)}
)


@pytest.fixture(scope="module")
def paragraphs():
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    found = annotated(read_annotations(lines, GOLD.name))[:40]
    return [replace(one, group=f"part{number % 4}") for number, one in enumerate(found)]


@pytest.fixture(scope="module")
def tagger(paragraphs) -> LightTagger:
    pytest.importorskip("scipy")
    spans = [scorer.places(one.text, one.names, nested=False) for one in paragraphs]
    return light.train([one.text for one in paragraphs], spans, NO_CLUSTERS, epochs=3)


def test_a_tagger_learns_what_it_is_shown(paragraphs, tagger: LightTagger) -> None:
    found = gold = both = 0
    for one, marginals in zip(
        paragraphs, tagger.marginals([one.text for one in paragraphs]), strict=True
    ):
        assert np.allclose(marginals.sum(1), 1, atol=1e-3)
        names = {one.text[start:end] for start, end, _ in tagger.decode(marginals)}
        wanted = {text for text, _ in one.names}
        found, gold, both = found + len(names), gold + len(wanted), both + len(names & wanted)
    assert 2 * both / (found + gold) > 0.6


def test_a_saved_tagger_is_the_same(tagger: LightTagger, tmp_path: Path) -> None:
    text = "运河商务区加快建设，张家湾设计小镇开工。"
    again = LightTagger.load(tagger.save(tmp_path / "light.npz"))
    assert np.array_equal(again.marginals([text])[0], tagger.marginals([text])[0])


def test_a_scorer_is_trained_saved_and_used(paragraphs, tagger, tmp_path: Path) -> None:
    pytest.importorskip("lightgbm")
    nothing = np.zeros(0, np.float32)
    corpus = Evidence(np.zeros(0, np.uint64), nothing, nothing)
    samples = samples_of(paragraphs, {}, tagger, None, NO_CLUSTERS, corpus)
    assert sum(int(one.labels.sum()) for one in samples) > 100
    few = {"num_trees": 12}
    fitted = scorer.train(samples, corpus, first=few, second=few)
    again = Scorer.load("light", fitted.save(tmp_path / "scorer-light.npz"))
    assert np.array_equal(scorer.odds_of(fitted, samples[0]), scorer.odds_of(again, samples[0]))


def test_names_stand_where_they_are_free() -> None:
    text = "推进张家湾设计小镇和张家湾建设"
    assert scorer.places(text, [("张家湾", 1), ("张家湾设计小镇", 2)]) == [
        (2, 9, 2),
        (10, 13, 1),
    ]


def test_folds_never_split_a_report() -> None:
    assert deal(["b", "a", "c", "a"], 2) == {"a": 0, "b": 1, "c": 0}


def test_the_table_of_known_names_keeps_what_many_reports_say() -> None:
    reports = [[("乡村振兴", 4), ("市委", 3)]] * 3 + [[("本地桥", 0)]]
    names = known_names(reports, least=3)
    assert names == [("乡村振兴", "Policy", 3)]
    assert table(names, 3, 4).splitlines()[1:] == ["name\tkind\tplaces", "乡村振兴\tPolicy\t3"]
