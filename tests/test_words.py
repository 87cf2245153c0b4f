"""Words: the cut is jieba's."""

from __future__ import annotations

import logging
from pathlib import Path

import jieba
import numpy as np

from kg import text
from kg.mentions.lookup import words_of
from kg.mentions.words import segment

ROOT = Path(__file__).resolve().parent.parent
jieba.setLogLevel(logging.WARNING)


def lines() -> list[str]:
    (report,) = text.read(ROOT / "data" / "reports" / "tongzhou-2021.txt")
    odd = ["", "，", "a", "5G+AI融合", "3.5%左右", "＋５％", "𠀀𠀁省", "\ud800", "甲 乙\t丙", "é·b"]
    return [*odd, *(paragraph.text for paragraph in report.paragraphs)]


def test_words_are_those_of_jieba() -> None:
    for line in lines():
        assert segment(line).texts == list(jieba.cut(line))
        assert words_of(line) == list(jieba.cut(line, HMM=False))


def test_words_lie_end_to_end() -> None:
    whole = "\n".join(lines())
    words = segment(whole)
    assert "".join(words.texts) == whole
    assert words.starts[-1] == len(whole)
    np.testing.assert_array_equal(np.diff(words.starts), np.bincount(words.index))
