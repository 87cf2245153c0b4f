"""Stated links between two names of a paragraph.

Rules propose pairs (:mod:`kg.statements.relation_candidates`), a logistic scorer learned
from annotated reports decides.  The rule that a relation names says how the two names
stand: one inside the other, in a chain, in a coordination that shares its place, or apart
in one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from kg.model import Mention, Paragraph, Relation, Report
from kg.rules import Rule, register
from kg.statements import linear
from kg.statements.inner_names import places_inside
from kg.statements.layout import CLAUSE_MARK, Layout, lay_out
from kg.statements.relation_candidates import Pair, pairs
from kg.statements.relation_features import describe
from kg.text.places import short_name

__all__ = ["decide", "find", "own_names"]

_RULES: Final = {
    "inside": register(
        Rule(
            name="relation.inside-name",
            gives="relation",
            summary="the place is written in the name itself",
            example="加快六合村住房项目建设。",
            found="六合村住房项目 locatedIn 六合村",
            counterexample="加快光明高中园教学楼建设。",
        )
    ),
    "chain": register(
        Rule(
            name="relation.chain",
            gives="relation",
            summary="the larger place stands right before the smaller one or the project",
            example="开展于家务乡果村、西集镇沙古堆村试点。",
            found="果村 partOf 于家务乡|沙古堆村 partOf 西集镇",
            counterexample="开展于家务乡、西集镇试点。",
        )
    ),
    "shared": register(
        Rule(
            name="relation.shared-place",
            gives="relation",
            summary="a coordination lies where its first name does",
            example="台湖演艺小镇临时会客厅、演艺综合体等项目加快推进。",
            found="临时会客厅 locatedIn 台湖演艺小镇|演艺综合体 locatedIn 台湖演艺小镇",
            counterexample="临时会客厅、演艺综合体等项目加快推进。",
        )
    ),
    "before": register(
        Rule(
            name="relation.object-before",
            gives="relation",
            summary="the object stands before the subject in the sentence",
            example="张家湾设计小镇5个示范项目加快推进，铜牛地块一期开工建设。",
            found="铜牛地块一期 locatedIn 张家湾设计小镇",
            counterexample="张家湾设计小镇环境优美。铜牛地块一期开工建设。",
        )
    ),
    "after": register(
        Rule(
            name="relation.object-after",
            gives="relation",
            summary="the object stands after the subject in the sentence",
            example="通州区、西集镇获评国家森林城市。",
            found="通州区 awarded 国家森林城市|西集镇 awarded 国家森林城市",
            counterexample="通州区、西集镇争创国家森林城市。",
        )
    ),
}
_ONE_WAY: Final = frozenset({"partOf", "cooperatesWith", "locatedIn", "subsidiaryOf"})
"""Links that are stated one way round only; cooperation holds both ways anyway."""
_QUOTE_TAIL: Final = 14


def find(paragraph: Paragraph, report: Report, mentions: Sequence[Mention]) -> tuple[Relation, ...]:
    """The relations stated in a paragraph.

    An end is a name of ``mentions`` or a place inside one (六合村 in 六合村住房项目); the
    latter need not be among ``mentions``.  These may be doubtful: how probable each is
    counts.

    Args:
        paragraph: where to look.
        report: what it stands in; gives its own place.
        mentions: the names of the paragraph.

    Returns:
        Each relation once, in reading order.  ``score`` is a probability.

    Raises:
        ModelError: the scorer's weights are missing or damaged.
    """
    layout = lay_out(paragraph.text, mentions)
    own = own_names(report)
    inner = places_inside(layout, mentions, own)
    scorer = linear.load("relations")
    scored = (
        (scorer.probability(describe(layout, pair, own, paragraph.part)), pair)
        for pair in pairs(layout, inner)
    )
    kept = decide(scored, scorer.least)
    ordered = sorted(kept, key=lambda item: (item[1].subject.start, item[1].object.start))
    return tuple(_relation(layout, pair, score) for score, pair in ordered)


def decide(
    scored: Iterable[tuple[float, Pair]], least: Callable[[str], float]
) -> list[tuple[float, Pair]]:
    """The pairs that are kept.

    Args:
        scored: pairs with their probabilities.
        least: the probability from which a pair of a predicate is kept.
    """
    best: dict[tuple[str, str, str], tuple[float, Pair]] = {}
    for score, pair in scored:
        key = (pair.subject.text, pair.predicate, pair.object.text)
        if score >= least(pair.predicate) and score > best.get(key, (0.0,))[0]:
            best[key] = (score, pair)
    return _settle(best.values())


def _settle(found: Iterable[tuple[float, Pair]]) -> list[tuple[float, Pair]]:
    """Leave out what contradicts a more probable relation.

    A name lies in one of two places of which one's name holds the other's (老城 and
    老城景区), and no name is part of its part.
    """
    kept: list[tuple[float, Pair]] = []
    for score, pair in sorted(found, key=lambda item: (-item[0], item[1].subject.start)):
        if not any(_contradict(pair, other) for _, other in kept):
            kept.append((score, pair))
    return kept


def _contradict(pair: Pair, other: Pair) -> bool:
    if pair.predicate != other.predicate:
        return False
    one, two = pair.object.text, other.object.text
    if pair.subject.text == other.subject.text:
        return pair.predicate == "locatedIn" and (one in two or two in one)
    crossed = (pair.subject.text, one) == (two, other.subject.text)
    return crossed and pair.predicate in _ONE_WAY


def own_names(report: Report) -> frozenset[str]:
    """The names of the report's own place and those above it, whole and without class."""
    names = {name for name in (report.place, *report.place_chain) if name}
    return frozenset(names | {short_name(name) for name in names})


def _relation(layout: Layout, pair: Pair, score: float) -> Relation:
    text = layout.text
    name = layout.mentions[pair.place]
    start = min(name.start, pair.subject.start, pair.object.start)
    end = max(name.end, pair.subject.end, pair.object.end)
    tail = CLAUSE_MARK.search(text, end)
    if pair.form not in ("inside", "chain") and tail and tail.start() - end <= _QUOTE_TAIL:
        end = tail.start()
    return Relation(
        subject=pair.subject.text,
        predicate=pair.predicate,
        object=pair.object.text,
        quote=text[start:end],
        start=start,
        end=end,
        rule=_RULES[pair.form].name,
        score=score,
    )
