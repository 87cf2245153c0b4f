"""How good the extraction is, measured against annotated reports."""

from kg.evaluation.reviewed import Agreement, judge, reviewed
from kg.evaluation.run import evaluate, locate, read_gold
from kg.evaluation.scoring import LAYERS, Difference, Score, Scores, bigram_dice, score

__all__ = [
    "LAYERS",
    "Agreement",
    "Difference",
    "Score",
    "Scores",
    "bigram_dice",
    "evaluate",
    "judge",
    "locate",
    "read_gold",
    "reviewed",
    "score",
]
