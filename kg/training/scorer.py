"""Training of the span scorer on candidates of reports their taggers were not trained on.

The scorer must see candidates as they will be on a new report.  So the tagger that
proposes a sample's candidates may not have been trained on that sample's report, counts
from annotated reports leave the sample's own report out, and the first judgement that
the second look builds on comes from a forest that was fitted on other reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kg.mentions import evidence, spans
from kg.mentions.candidates import Candidates
from kg.mentions.evidence import Evidence
from kg.mentions.features import codes
from kg.mentions.scorer import CONTEXT, Scorer, choose, second_look, sigmoid
from kg.mentions.trees import Forest
from kg.mentions.words import Words
from kg.model import KINDS
from kg.training import counts
from kg.training.forests import fit_forest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Name = tuple[int, int, int]

__all__ = ["Sample", "evaluate", "odds_of", "sample", "thresholds_for", "train"]

FIRST: Final[dict[str, Any]] = {"num_leaves": 12, "learning_rate": 0.05, "num_trees": 250}
SECOND: Final[dict[str, Any]] = {"num_leaves": 8, "learning_rate": 0.05, "num_trees": 200}
COMMON: Final[dict[str, Any]] = {
    "objective": "binary",
    "min_data_in_leaf": 25,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "verbose": -1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
}
INNER = 3
FORESTS = 2
"""How many forests of different seeds are averaged."""
_LEAST = spans.names(second=False).index("least")
_HOPELESS = 0.02
_KEPT = 0.25
_WORTH_A_THRESHOLD = 0.0015
"""Gain of F1 for which a kind gets a threshold of its own; less is noise of the folds."""


@dataclass(frozen=True)
class Sample:
    """The candidates of one report and which of them are names.

    Attributes:
        group: what the report is called; reports of one name are never split.
        text: the joined text.
        candidates: all of them.
        keys: candidates × slots.
        plain: the features that come from the report itself.
        labels: whether each candidate is a name.
        judged: whether each candidate stands in an annotated paragraph.
        paragraph: number of each candidate's paragraph.
        gold: the names of each annotated paragraph as (text, kind).
        corpus: counts from reports at large, made without this report's names.
        weight: how much the sample counts.
    """

    group: str
    text: str
    candidates: Candidates
    keys: NDArray[np.uint64]
    plain: Floats
    labels: NDArray[np.bool_]
    judged: NDArray[np.bool_]
    paragraph: NDArray[np.int64]
    gold: dict[int, set[tuple[str, int]]]
    corpus: tuple[Floats, Floats]
    weight: float = 1.0


def sample(
    group: str,
    text: str,
    words: Words,
    candidates: Candidates,
    marginals: Floats,
    second: Floats | None,
    names: dict[int, list[tuple[str, int]]],
    starts: NDArray[np.int64],
    corpus: Evidence,
    clusters: NDArray[np.int64],
    own: int = 0,
    weight: float = 1.0,
) -> Sample:
    """Make a sample of a report's candidates.

    Args:
        group: the report.
        text: the joined text.
        words: its words.
        candidates: of :func:`kg.mentions.find.propose`.
        marginals: of a tagger that was not trained on the report.
        second: of another such tagger.
        names: of each annotated paragraph, as (text without white space, kind).
        starts: offset of each paragraph in ``text``.
        corpus: counts from reports at large.
        clusters: of each word, at :data:`kg.mentions.evidence.GRAIN`.
        own: how many of the reports at large are this one.
        weight: of the sample.
    """
    nothing = np.zeros(0, np.float32)
    empty = Evidence(np.zeros(0, np.uint64), nothing, nothing)
    setting = spans.Setting(text, words, marginals, second, empty, corpus)
    keys = evidence.slots(candidates, codes(text), words, text, clusters)
    plain = np.stack(spans.plain_columns(candidates, setting, keys), 1)
    paragraph = np.searchsorted(starts, candidates.start, side="right") - 1
    gold_spans = set()
    for number, found in names.items():
        begin, end = int(starts[number]), int(starts[number + 1]) - 1
        gold_spans |= {
            (begin + a, begin + b, kind) for a, b, kind in places(text[begin:end], found)
        }
    triples = zip(
        candidates.start.tolist(), candidates.end.tolist(), candidates.kind.tolist(), strict=True
    )
    seen_names, seen = corpus.look_up(keys[:, :2])
    if own:
        on_path = (candidates.sources >> 1) & 1
        seen = np.maximum(seen - own, 0)
        seen_names = np.maximum(seen_names - own * on_path[:, None], 0)
    return Sample(
        group=group,
        text=text,
        candidates=candidates,
        keys=keys,
        plain=plain,
        labels=np.fromiter((triple in gold_spans for triple in triples), bool, len(candidates)),
        judged=np.isin(paragraph, sorted(names)),
        paragraph=paragraph,
        gold={number: set(found) for number, found in names.items()},
        corpus=(seen_names.astype(np.float32), seen.astype(np.float32)),
        weight=weight,
    )


def places(text: str, names: Sequence[tuple[str, int]], nested: bool = True) -> list[Name]:
    """Where the names of a paragraph stand: the longest first, each character once.

    A name that only stands within longer ones stands there, if ``nested``.
    """
    taken = np.zeros(len(text), bool)
    found: list[Name] = []
    for name, kind in sorted(set(names), key=lambda item: (-len(item[0]), item)):
        spots = []
        begin = text.find(name)
        while begin >= 0:
            spots.append(begin)
            begin = text.find(name, begin + 1)
        free = []
        for spot in spots:
            if not taken[spot : spot + len(name)].any():
                taken[spot : spot + len(name)] = True
                free.append(spot)
        found += [(spot, spot + len(name), kind) for spot in (free or (spots if nested else ()))]
    return found


class _Rows:
    """The samples as one matrix; what depends on counts is added on demand."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self.samples = list(samples)
        sizes = [len(one.labels) for one in samples]
        self.ends = np.cumsum(sizes)
        self.plain = np.concatenate([one.plain for one in samples])
        self.keys = np.concatenate([one.keys for one in samples])
        self.labels = np.concatenate([one.labels for one in samples])
        self.judged = np.concatenate([one.judged for one in samples])
        self.weight = np.repeat([one.weight for one in samples], sizes).astype(np.float32)
        self.corpus = tuple(
            np.concatenate([one.corpus[part] for one in samples]) for part in (0, 1)
        )
        groups = {name: number for number, name in enumerate(sorted({s.group for s in samples}))}
        self.groups = np.repeat([groups[one.group] for one in samples], sizes)

    def matrix(self, table: tuple[Floats, Floats]) -> Floats:
        columns = spans.evidence_columns(table, (self.corpus[0], self.corpus[1]))
        return np.concatenate([self.plain, np.stack(columns, 1)], 1).astype(np.float32)

    def context(self, first: Floats) -> Floats:
        parts = []
        begin = 0
        for one, end in zip(self.samples, self.ends.tolist(), strict=True):
            part = second_look(one.candidates, one.keys, first[begin:end], one.text)
            parts.append(part)
            begin = end
        return np.concatenate(parts) if parts else np.zeros((0, len(CONTEXT)), np.float32)


def train(
    samples: Sequence[Sample],
    corpus: Evidence,
    *,
    seed: int = 0,
    first: dict[str, Any] | None = None,
    second: dict[str, Any] | None = None,
) -> Scorer:
    """Fit both forests and count the table; thresholds and calibration are neutral.

    Args:
        samples: see :func:`sample`.
        corpus: counts from reports at large, to ship with the scorer.
        seed: of the forests.
        first: parameters of the first forest that differ from :data:`FIRST`.
        second: those of the second.
    """
    rows = _Rows(samples)
    judged = rows.judged
    groups = rows.groups[judged]
    keys, labels = rows.keys[judged], rows.labels[judged]
    table = counts.annotated(keys, labels)
    names, total = table.look_up(rows.keys)
    names[judged], total[judged] = counts.left_out(keys, labels, groups)
    matrix = rows.matrix((names, total))
    weight = _thinned(rows, seed)
    ones = [{**COMMON, **FIRST, **(first or {}), "seed": seed + n} for n in range(FORESTS)]
    twos = [{**COMMON, **SECOND, **(second or {}), "seed": seed + n} for n in range(FORESTS)]
    odds = np.zeros(len(matrix), np.float32)
    for fold in range(INNER):
        test = rows.groups % INNER == fold
        forest = fit_forest(matrix, rows.labels, np.where(test, 0, weight), ones[0])
        odds[test] = forest.log_odds(matrix[test])
    both = np.concatenate([matrix, rows.context(sigmoid(odds))], 1)
    forest_one = Forest.mean([fit_forest(matrix, rows.labels, weight, one) for one in ones])
    forest_two = Forest.mean([fit_forest(both, rows.labels, weight, two) for two in twos])
    neutral = np.linspace(-8, 8, 65).astype(np.float32)
    return Scorer(
        forest_one,
        forest_two,
        table,
        corpus,
        np.full(len(KINDS), 0.5, np.float32),
        (neutral, sigmoid(neutral)),
    )


def _thinned(rows: _Rows, seed: int) -> Floats:
    """The weight of each row: of the hopeless ones most are left out, the others stand for them."""
    hopeless = ~rows.labels & (rows.plain[:, _LEAST] < _HOPELESS)
    chosen = np.random.default_rng(seed).random(len(hopeless)) < _KEPT
    weight = np.where(hopeless, np.where(chosen, 1 / _KEPT, 0), 1) * rows.weight * rows.judged
    thinned: Floats = weight.astype(np.float32)
    return thinned


def odds_of(scorer: Scorer, one: Sample) -> Floats:
    """The log odds a scorer gives a sample's candidates."""
    rows = _Rows([one])
    matrix = rows.matrix(scorer.table.look_up(one.keys))
    first = sigmoid(scorer.first.log_odds(matrix))
    return scorer.second.log_odds(np.concatenate([matrix, rows.context(first)], 1))


def calibrate(odds: Floats, labels: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The logistic curve from log odds to probability (Platt), as points for interpolation.

    Boosted trees are nearly calibrated; an isotonic curve gave the same reliability, but its
    steps put candidates of different odds on one level, which cost half a point of F1.
    """
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=100.0).fit(odds[:, None], labels)
    grid = np.linspace(-10, 10, 401)
    return grid.astype(np.float32), fitted.predict_proba(grid[:, None])[:, 1].astype(np.float32)


def evaluate(
    samples: Sequence[Sample],
    probabilities: Sequence[Floats],
    thresholds: Floats,
    nesting: bool = True,
) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 over the annotated paragraphs, overall and by kind."""
    tally = np.zeros((len(KINDS), 5))
    for one, scores in zip(samples, probabilities, strict=True):
        # Names never overlap over paragraphs, so the others need not be looked at.
        hopeful = np.flatnonzero(one.judged & (scores >= thresholds.min()))
        chosen = choose(_rows_of(one.candidates, hopeful), scores[hopeful], thresholds, nesting)
        kept = hopeful[chosen].tolist()
        found: dict[int, set[tuple[str, int]]] = {number: set() for number in one.gold}
        for number in kept:
            paragraph = int(one.paragraph[number])
            if paragraph in found:
                span = slice(int(one.candidates.start[number]), int(one.candidates.end[number]))
                found[paragraph].add((one.text[span], int(one.candidates.kind[number])))
        for paragraph, names in found.items():
            gold = one.gold[paragraph]
            for text, kind in names:
                tally[kind] += [(text, kind) in gold, 1, 0, _touches(text, kind, gold), 0]
            for text, kind in gold:
                tally[kind] += [0, 0, 1, 0, _touches(text, kind, names)]
    found_scores = {kind: _figures(row) for kind, row in zip(KINDS, tally, strict=True)}
    return {"all": _figures(tally.sum(0)), **found_scores}


def _rows_of(candidates: Candidates, rows: NDArray[np.int64]) -> Candidates:
    return Candidates(
        candidates.start[rows],
        candidates.end[rows],
        candidates.kind[rows],
        candidates.sources[rows],
    )


def _touches(text: str, kind: int, names: set[tuple[str, int]]) -> bool:
    return any(kind == other and (text in name or name in text) for name, other in names)


def _figures(row: NDArray[np.float64]) -> dict[str, float]:
    hits, found, gold, near_found, near_gold = row.tolist()
    precision, recall = hits / max(found, 1), hits / max(gold, 1)
    near_precision, near_recall = near_found / max(found, 1), near_gold / max(gold, 1)
    return {
        "p": precision,
        "r": recall,
        "f1": 2 * precision * recall / max(precision + recall, 1e-9),
        "overlap": 2 * near_precision * near_recall / max(near_precision + near_recall, 1e-9),
        "gold": gold,
        "found": found,
    }


def thresholds_for(
    samples: Sequence[Sample], probabilities: Sequence[Floats], precision: float = 0.0
) -> Floats:
    """Thresholds of the best F1: one for all, another for a kind only if it pays.

    What is best is the mean of exact and overlapping F1: the one alone is flat over a tenth
    and leaves names out whose edge alone is doubtful.

    Args:
        samples: with names.
        probabilities: of their candidates, from scorers that did not see them.
        precision: least precision over all kinds.
    """

    def value(thresholds: Floats) -> float:
        figures = evaluate(samples, probabilities, thresholds)["all"]
        return (figures["f1"] + figures["overlap"]) / 2 if figures["p"] >= precision else -1.0

    levels = [np.full(len(KINDS), level, np.float32) for level in np.arange(0.2, 0.71, 0.02)]
    values = [value(level) for level in levels]
    best, best_value = levels[int(np.argmax(values))], max(values)
    for kind in range(len(KINDS)):
        for step in (-0.1, -0.05, 0.05, 0.1):
            thresholds = best.copy()
            thresholds[kind] += step
            reached = value(thresholds)
            if reached > best_value + _WORTH_A_THRESHOLD:
                best, best_value = thresholds, reached
    return best
