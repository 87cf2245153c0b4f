"""From a report to its names: candidates of all finders, one judge, one memory."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from kg import lexicon, resources
from kg.errors import UsageError
from kg.mentions import candidates as cd
from kg.mentions import evidence, finders, memory, scorer, spans, tagger, variants, wholes
from kg.mentions.candidates import Candidates
from kg.mentions.features import codes
from kg.mentions.layout import Layout
from kg.mentions.words import segment
from kg.model import KINDS, Mention, Report

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.mentions.finders import Found, View
    from kg.mentions.light import LightTagger

    Floats = NDArray[np.float32]

__all__ = ["DOUBT", "MODELS", "PARTS", "find", "propose", "sift"]

MODELS: Final = ("full", "light", "none")
_GRAMMAR_THRESHOLD: Final = 0.3
DOUBT: Final = 0.25
"""How far below its kind's threshold a doubtful name may stay."""
PARTS: Final = frozenset(
    {"finders", "quotes", "variants", "scorer", "memory", "canonical", "nesting"}
)
"""What can be switched off: the grammar's proposals, the mending of quotes, variants of
likely names, the scorer (the best path alone decides then), the report's memory, whole
names, nested places."""


def find(
    report: Report,
    *,
    model: str = "full",
    min_score: float | None = None,
    parts: Collection[str] = PARTS,
) -> list[tuple[Mention, ...]]:
    """The names in each paragraph of a report.

    Args:
        report: as :mod:`kg.text` gives it.
        model: ``full`` (network), ``light`` (CRF) or ``none`` (grammar and tables alone).
        min_score: least probability of a name; ``None`` takes the threshold of each kind.
        parts: of :data:`PARTS`; those left out are switched off.

    Returns:
        one tuple a paragraph, in order of the text; every occurrence of a name.

    Raises:
        UsageError: model or part unknown.
        ModelError: the weights of the model are missing or damaged.
    """
    return [names for names, _ in sift(report, model=model, min_score=min_score, parts=parts)]


def sift(
    report: Report,
    *,
    model: str = "full",
    min_score: float | None = None,
    parts: Collection[str] = PARTS,
) -> list[tuple[tuple[Mention, ...], tuple[Mention, ...]]]:
    """The names in each paragraph, as :func:`find` gives them, and the doubtful ones.

    A doubtful name is not probable enough to be given as a name, and overlaps none that
    is; what is said of it may still show that it is one.  There are none where
    ``min_score`` or no scorer decides.
    """
    if model not in MODELS:
        raise UsageError(f"no model is called {model!r}", choices=MODELS)
    unknown = sorted(set(parts) - PARTS)
    if unknown:
        raise UsageError(f"no part is called {unknown[0]!r}", choices=sorted(PARTS))
    layout = Layout.of(report)
    if not layout.text.strip("\n"):
        return [((), ()) for _ in report.paragraphs]
    view = finders.View(layout.text, segment(layout.text), report.place, report.place_chain)
    if model == "none":
        chosen, scores, rules = _by_grammar(view, min_score, parts)
        sure = np.ones(len(scores), np.bool_)
    else:
        chosen, scores, rules, sure = _by_tagger(layout, view, model, min_score, parts)
    names = _mentions(report, layout, chosen, scores, rules, sure)
    if "canonical" in parts:
        named = wholes.whole_names(report, [certain for certain, _ in names])
    else:
        named = [tuple(certain) for certain, _ in names]
    return [(one, tuple(doubtful)) for one, (_, doubtful) in zip(named, names, strict=True)]


def propose(
    view: View,
    marginals: Floats,
    second: Floats | None = None,
    parts: Collection[str] = PARTS,
) -> Candidates:
    """All candidates of a report.

    Args:
        view: of the report.
        marginals: of the first tagger, characters × labels.
        second: of another tagger.
        parts: of :data:`PARTS`.
    """
    text = view.text
    sets = [cd.from_marginals(marginals), *cd.from_paths(marginals, text)]
    if second is not None:
        sets.append(cd.from_marginals(second, 0.02, "second-marginals"))
    if "finders" in parts:
        sets += _proposals(finders.find(view))
    if "quotes" in parts:
        sets = [cd.mend(one, text) for one in sets]
    candidates = cd.merge(sets)
    if "scorer" not in parts:
        return candidates
    if "variants" in parts:
        confidence = spans.confidence(candidates, marginals)
        candidates = variants.add(candidates, confidence, view)
        if "quotes" in parts:
            candidates = cd.merge([cd.mend(candidates, text)])
        candidates = variants.without_chains(candidates)
    if "memory" in parts:
        candidates = memory.recall(candidates, spans.confidence(candidates, marginals), view)
    return candidates


def _proposals(found: list[Found]) -> list[Candidates]:
    by_family: dict[str, list[tuple[int, int, int]]] = {}
    for start, end, kind, rule in found:
        by_family.setdefault(_family(rule), []).append((start, end, kind))
    return [cd.from_spans(items, family) for family, items in by_family.items()]


@cache
def _family(rule: str) -> str:
    return finders.FAMILY[rule]


def _by_grammar(
    view: View, min_score: float | None, parts: Collection[str]
) -> tuple[Candidates, Floats, list[str]]:
    found = finders.find(view)
    best: dict[tuple[int, int, int], tuple[float, str]] = {}
    priors = _priors()
    for item in found:
        key = (item.start, item.end, item.kind)
        best[key] = max(best.get(key, (0.0, "")), (priors[item.rule], item.rule))
    keys = sorted(best)
    candidates = cd.from_spans(keys, "known")
    scores = np.array([best[key][0] for key in keys], np.float32)
    least = _GRAMMAR_THRESHOLD if min_score is None else min_score
    # Of two names that overlap the longer is preferred when both are about as likely.
    length = candidates.end - candidates.start
    ranked = scores + 0.01 * np.minimum(length, 20)
    kept = scorer.choose(
        candidates,
        np.where(scores >= least, ranked, -1).astype(np.float32),
        np.zeros(len(KINDS), np.float32),
        "nesting" in parts,
    )
    return _take(candidates, kept), scores[kept], [best[keys[number]][1] for number in kept]


def _by_tagger(
    layout: Layout, view: View, model: str, min_score: float | None, parts: Collection[str]
) -> tuple[Candidates, Floats, list[str], NDArray[np.bool_]]:
    """What is chosen, its probabilities, its rules, and which of it is no doubtful name."""
    marginals, second = _marginals(layout, view, model)
    candidates = propose(view, marginals, second, parts)
    if "scorer" not in parts or not _has_scorer(model):
        scores = spans.confidence(candidates, marginals)
        on_path = (candidates.sources & cd.BIT["path-0"]) > 0
        kept = np.flatnonzero(on_path & (scores >= (min_score or 0.0))).tolist()
        chosen = _take(candidates, kept)
        rules = _rules(chosen, view, model, parts)
        return chosen, scores[kept], rules, np.ones(len(kept), np.bool_)
    judge = load_scorer(model)
    setting = spans.Setting(view.text, view.words, marginals, second, judge.table, judge.corpus)
    clusters = _light().clusters.of(view.words)[evidence.GRAIN]
    keys = evidence.slots(candidates, codes(view.text), view.words, view.text, clusters)
    scores = judge.probabilities(candidates, setting, keys)
    thresholds, doubt = judge.thresholds, DOUBT
    if min_score is not None:
        thresholds, doubt = np.full(len(KINDS), min_score, np.float32), 0.0
    kept = scorer.choose(candidates, scores, thresholds - doubt, "nesting" in parts)
    chosen = _take(candidates, kept)
    sure = scores[kept] >= thresholds[chosen.kind]
    return chosen, scores[kept], _rules(chosen, view, model, parts), sure


def _marginals(layout: Layout, view: View, model: str) -> tuple[Floats, Floats | None]:
    """The marginals of the model's tagger, and those of the second that helps it."""
    if model == "light":
        return _light().of_text(view.text, view.words), None
    network = tagger.load(model)
    with ThreadPoolExecutor(1) as pool:
        # The network leaves Python alone while it runs; the light tagger works meanwhile.
        ahead = pool.submit(network.marginals, layout.texts)
        second = _light().of_text(view.text, view.words)
        return layout.join(ahead.result()), second


def _light() -> LightTagger:
    from kg.mentions.light import LightTagger

    light = tagger.load("light")
    if not isinstance(light, LightTagger):
        raise TypeError("the light tagger is of another kind")
    return light


def _rules(chosen: Candidates, view: View, model: str, parts: Collection[str]) -> list[str]:
    """For each name the rule of the finder that proposed it, otherwise the tagger's."""
    found = finders.find(view) if "finders" in parts else []
    by_name = {(item.start, item.end, item.kind): item.rule for item in found}
    names = zip(chosen.start.tolist(), chosen.end.tolist(), chosen.kind.tolist(), strict=True)
    return [by_name.get(name, tagger.RULES[model].name) for name in names]


@cache
def _has_scorer(model: str) -> bool:
    try:
        return resources.path(f"models/scorer-{model}.npz").exists()
    except FileNotFoundError:
        return False


@cache
def load_scorer(model: str) -> scorer.Scorer:
    """The shipped scorer that goes with a tagger."""
    return scorer.Scorer.load(model)


@cache
def _priors() -> dict[str, float]:
    return {row["rule"]: float(row["prior"]) for row in lexicon.rows("rule_priors")}


def _take(candidates: Candidates, kept: list[int]) -> Candidates:
    return Candidates(
        candidates.start[kept],
        candidates.end[kept],
        candidates.kind[kept],
        candidates.sources[kept],
    )


def _mentions(
    report: Report,
    layout: Layout,
    chosen: Candidates,
    scores: Floats,
    rules: list[str],
    sure: NDArray[np.bool_],
) -> list[tuple[list[Mention], list[Mention]]]:
    """The names of each paragraph, and its doubtful ones."""
    numbers = layout.paragraph_of(chosen.start).tolist()
    lists: list[tuple[list[Mention], list[Mention]]] = [([], []) for _ in report.paragraphs]
    rows = zip(
        numbers,
        chosen.start.tolist(),
        chosen.end.tolist(),
        chosen.kind.tolist(),
        scores.tolist(),
        rules,
        sure.tolist(),
        strict=True,
    )
    for number, start, end, kind, score, rule, certain in rows:
        first, last = layout.source(number, start, end)
        text = report.paragraphs[number].text[first:last]
        name = Mention(first, last, text, KINDS[kind], None, rule, score)
        lists[number][0 if certain else 1].append(name)
    return lists
