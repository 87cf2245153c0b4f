"""Extraction beside jieba.posseg: characters a second over the same reports in one run.

Usage: python benchmarks/speed.py FOLDER [--reports 20] [--rounds 3] [--model full light none]

Each round times every candidate on every report in turn, so that a machine whose speed
drifts slows all of them alike; the medians over the rounds and their ratio to
jieba.posseg are printed.  CPU time counts, of all threads.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from kg import pipeline, text
from kg.model import Report


def tag_words(report: Report) -> None:
    """What extraction is held against: jieba's words with their tags."""
    import jieba.posseg

    for paragraph in report.paragraphs:
        jieba.posseg.lcut(paragraph.text)


def main() -> None:
    """Time all candidates and print characters a second and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", nargs="+", default=["full", "light", "none"])
    options = parser.parse_args()
    files = text.discover([options.folder])
    step = max(1, len(files) // options.reports)
    reports = [report for path in files[::step][: options.reports] for report in text.read(path)]
    size = sum(len(p.text) for report in reports for p in report.paragraphs)
    candidates: dict[str, Callable[[Report], object]] = {"jieba.posseg": tag_words}
    for model in options.model:
        candidates[f"kg extract --model {model}"] = lambda report, model=model: pipeline.extract(
            report, model=model
        )
    for run in candidates.values():
        run(reports[0])  # models and dictionaries are loaded before the clock starts
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    walls: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(options.rounds):
        used = dict.fromkeys(candidates, 0.0)
        wall = dict.fromkeys(candidates, 0.0)
        for report in reports:
            for name, run in candidates.items():
                begun, cpu = time.perf_counter(), time.process_time()
                run(report)
                used[name] += time.process_time() - cpu
                wall[name] += time.perf_counter() - begun
        for name in candidates:
            seconds[name].append(used[name])
            walls[name].append(wall[name])
    reference = statistics.median(seconds["jieba.posseg"])
    reference_wall = statistics.median(walls["jieba.posseg"])
    print(f"{len(reports)} reports, {size:,} characters, {options.rounds} rounds")
    for name in candidates:
        cpu, wall_ = statistics.median(seconds[name]), statistics.median(walls[name])
        print(
            f"{name:28} {size / cpu:10,.0f} characters/s of CPU   ratio {reference / cpu:5.2f}"
            f"   wall ratio {reference_wall / wall_:5.2f}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
