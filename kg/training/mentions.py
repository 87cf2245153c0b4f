"""Training of what finds names, but for the network: clusters, light tagger, span scorers.

Everything is made from annotated paragraphs and from reports at large.  Reports are dealt
into folds; each fold's light tagger labels the paragraphs it was not trained on, and on
these candidates the scorers learn.  What is shipped is then trained on all paragraphs;
thresholds and calibration come from the folds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kg.files import make_folder
from kg.mentions import evidence, finders
from kg.mentions.hybrid import DOUBT, propose
from kg.mentions.layout import Layout
from kg.mentions.light import Clusters, LightTagger
from kg.mentions.scorer import Scorer, choose
from kg.mentions.words import segment
from kg.model import KINDS, Annotation, Paragraph, Report
from kg.training import clusters as word_clusters
from kg.training import counts, light, scorer
from kg.training.split import deal

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from kg.mentions.evidence import Evidence
    from kg.mentions.tagger import Tagger

    Floats = NDArray[np.float32]

__all__ = ["Annotated", "Trained", "annotated", "fit", "samples_of", "train"]

FOLDS = 5
PRECISION = 0.82
"""Least exact precision that the default thresholds keep on the folds: two points more than is
wanted, for a new report may lie below them."""


@dataclass(frozen=True)
class Annotated:
    """A paragraph with its names.

    Attributes:
        id: of the paragraph.
        group: the report; its paragraphs are never split over folds.
        text: without white space.
        names: (text without white space, number of the kind).
        weight: how much it counts.
    """

    id: str
    group: str
    text: str
    names: tuple[tuple[str, int], ...]
    weight: float = 1.0


@dataclass(frozen=True)
class Trained:
    """What :func:`train` made.

    Attributes:
        light: the light tagger.
        scorers: by the name of the tagger they go with.
        figures: for each scorer the cross-validated precision, recall and F1 by kind.
        found: by paragraph the names, doubtful ones among them, that the best tagger found
            which had not learned its report: start, end, kind, probability.
    """

    light: LightTagger
    scorers: Mapping[str, Scorer]
    figures: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)
    found: Mapping[str, list[tuple[int, int, str, float]]] = field(default_factory=dict)

    def save(self, folder: Path) -> list[Path]:
        """Write ``light.npz`` and ``scorer-<tagger>.npz`` into a folder."""
        make_folder(folder)
        written = [self.light.save(folder / "light.npz")]
        for name, one in self.scorers.items():
            written.append(one.save(folder / f"scorer-{name}.npz"))
        return written


def annotated(annotations: Iterable[Annotation], weight: float = 1.0) -> list[Annotated]:
    """Annotations as training paragraphs; empty ones are left out."""
    found = []
    for one in annotations:
        text = _tight(one.text)
        if text:
            names = {(_tight(name.text), KINDS.index(name.kind)) for name in one.entities}
            group = one.id.rpartition("#")[0] or one.id
            found.append(Annotated(one.id, group, text, tuple(sorted(names)), weight))
    return found


def train(
    paragraphs: Sequence[Annotated],
    at_large: Sequence[str],
    *,
    contexts: Mapping[str, Sequence[str]] | None = None,
    network: Callable[[int], Tagger] | None = None,
    judged: Iterable[str] | None = None,
    folds: int = FOLDS,
    clusters: Clusters | None = None,
    seed: int = 0,
    progress: Callable[[str], None] = lambda line: None,
) -> Trained:
    """Train the light tagger and the span scorers.

    Args:
        paragraphs: annotated ones.
        at_large: texts of whole reports without annotations, a line a paragraph.
        contexts: by group all paragraphs of the report, for the memory to work on; of
            other groups only the annotated paragraphs are known.
        network: gives for a fold a network that was not trained on the fold's reports
            (of :func:`deal`); without it no scorer for the network is made.
        judged: reports whose paragraphs choose thresholds and calibration; all if not given.
        folds: number of folds.
        clusters: of words; learned from ``at_large`` if not given.
        seed: of everything random.
        progress: told a line a step.
    """
    large = ["\n".join(_tight(line) for line in text.split("\n")) for text in at_large]
    if clusters is None:
        progress("clusters of words")
        clusters = word_clusters.train([*large, *(one.text for one in paragraphs)], seed=seed)
    fold_of = deal((one.group for one in paragraphs), folds)
    lights, corpora = [], []
    for fold in range(folds):
        progress(f"light tagger, fold {fold + 1} of {folds}")
        rest = [one for one in paragraphs if fold_of[one.group] != fold]
        lights.append(_light(rest, clusters, seed))
        corpora.append(counts.at_large(large, lights[-1]))
    progress("light tagger on all paragraphs")
    final = _light(paragraphs, clusters, seed)
    corpus = counts.at_large(large, final)
    choosing = frozenset(fold_of if judged is None else judged)
    scorers, figures, found = {}, {}, {}
    for name in ("light", "full") if network else ("light",):
        progress(f"scorer for {name}")
        samples = []
        for fold in range(folds):
            held_out = [one for one in paragraphs if fold_of[one.group] == fold]
            first: Tagger = lights[fold]
            second: Tagger | None = None
            if name == "full" and network is not None:
                first, second = network(fold), lights[fold]
            samples += samples_of(held_out, contexts or {}, first, second, clusters, corpora[fold])
        scorers[name], figures[name], odds = fit(samples, corpus, fold_of, choosing, seed=seed)
        found = _found(paragraphs, samples, odds, scorers[name])
    return Trained(final, scorers, figures, found)


def samples_of(
    paragraphs: Sequence[Annotated],
    contexts: Mapping[str, Sequence[str]],
    first: Tagger,
    second: Tagger | None,
    clusters: Clusters,
    corpus: Evidence,
) -> list[scorer.Sample]:
    """The samples of annotated paragraphs, one a report.

    Args:
        paragraphs: of any reports.
        contexts: by group all paragraphs of the report.
        first: the tagger that proposes.
        second: one more, for ``full``.
        clusters: of words.
        corpus: counts from reports at large.
    """
    by_group: dict[str, list[Annotated]] = {}
    for one in paragraphs:
        by_group.setdefault(one.group, []).append(one)
    samples = []
    for group, members in sorted(by_group.items()):
        texts, names = _in_context(members, contexts.get(group, ()))
        report = Report(
            group, "", tuple(Paragraph(f"{group}#{n}", n, text) for n, text in enumerate(texts, 1))
        )
        layout = Layout.of(report)
        view = finders.View(layout.text, segment(layout.text))
        marginals = layout.join(first.marginals(layout.texts))
        other = None if second is None else layout.join(second.marginals(layout.texts))
        samples.append(
            scorer.sample(
                group,
                layout.text,
                view.words,
                propose(view, marginals, other),
                marginals,
                other,
                names,
                layout.starts,
                corpus,
                clusters.of(view.words)[evidence.GRAIN],
                weight=members[0].weight,
            )
        )
    return samples


def _in_context(
    members: Sequence[Annotated], context: Sequence[str]
) -> tuple[list[str], dict[int, list[tuple[str, int]]]]:
    """The report's paragraphs, and the names of those that are annotated by their number.

    An annotated paragraph that does not stand in the report as it is comes at the end.
    """
    texts = [_tight(text) for text in context]
    place = {text: number for number, text in reversed(list(enumerate(texts)))}
    names = {}
    for member in members:
        if member.text not in place:
            place[member.text] = len(texts)
            texts.append(member.text)
        names[place[member.text]] = list(member.names)
    return texts, names


def fit(
    samples: Sequence[scorer.Sample],
    corpus: Evidence,
    fold_of: Mapping[str, int],
    judged: frozenset[str],
    *,
    seed: int = 0,
) -> tuple[Scorer, dict[str, dict[str, float]], dict[str, Floats]]:
    """Cross-validate a scorer, choose its thresholds and calibration, fit it on all samples.

    Returns:
        the scorer, its figures on the held-out reports (calibration and thresholds are
        chosen on the same odds, which moves them by less than their spread), and the odds
        of all candidates by scorers that did not see their report.
    """
    odds: dict[str, Floats] = {}
    for fold in sorted(set(fold_of.values())):
        rest = [one for one in samples if fold_of[one.group] != fold]
        fitted = scorer.train(rest, corpus, seed=seed)
        for one in samples:
            if fold_of[one.group] == fold:
                odds[one.group] = scorer.odds_of(fitted, one)
    tested = [one for one in samples if one.group in judged]
    curve = scorer.calibrate(
        np.concatenate([odds[one.group][one.judged] for one in tested]),
        np.concatenate([one.labels[one.judged] for one in tested]),
    )
    probabilities = [np.interp(odds[one.group], *curve).astype(np.float32) for one in tested]
    thresholds = scorer.thresholds_for(tested, probabilities, PRECISION)
    figures = scorer.evaluate(tested, probabilities, thresholds)
    final = scorer.train(samples, corpus, seed=seed)
    final.thresholds, final.curve = thresholds, curve
    return final, figures, odds


def _found(
    paragraphs: Sequence[Annotated],
    samples: Sequence[scorer.Sample],
    odds: Mapping[str, Floats],
    judge: Scorer,
) -> dict[str, list[tuple[int, int, str, float]]]:
    """By annotated paragraph its names and doubtful names, with offsets into its text."""
    ids = {(one.group, one.text): one.id for one in paragraphs}
    found: dict[str, list[tuple[int, int, str, float]]] = {}
    for one in samples:
        likely = np.interp(odds[one.group], *judge.curve).astype(np.float32)
        names = choose(one.candidates, likely, judge.thresholds - DOUBT)
        begin = 0
        for text in one.text.split("\n"):
            end = begin + len(text)
            if id_ := ids.get((one.group, text)):
                found[id_] = [
                    (
                        int(one.candidates.start[name]) - begin,
                        int(one.candidates.end[name]) - begin,
                        KINDS[int(one.candidates.kind[name])],
                        round(float(likely[name]), 4),
                    )
                    for name in names
                    if begin <= one.candidates.start[name] < end
                ]
            begin = end + 1
    return found


def _light(paragraphs: Sequence[Annotated], clusters: Clusters, seed: int) -> LightTagger:
    return light.train(
        [one.text for one in paragraphs],
        [scorer.places(one.text, one.names, nested=False) for one in paragraphs],
        clusters,
        weights=[one.weight for one in paragraphs],
        seed=seed,
    )


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)
