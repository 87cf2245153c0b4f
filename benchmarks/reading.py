"""Processor time to read a folder of reports.

    python benchmarks/reading.py FOLDER

Prints reports, paragraphs, characters a second, and the mean and longest time of a report.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from kg import text


def main(folder: str) -> None:
    """Read every report of ``folder`` once, after one that loads the tables."""
    files = text.discover([Path(folder)])
    text.read(files[0])
    times, paragraphs, characters = [], 0, 0
    for path in files:
        start = time.process_time()
        reports = text.read(path)
        times.append(time.process_time() - start)
        paragraphs += sum(len(report.paragraphs) for report in reports)
        characters += sum(len(report.source) for report in reports)
    total = sum(times)
    print(f"{len(files)} files, {paragraphs} paragraphs, {characters} characters in {total:.1f} s")
    print(f"{characters / total:,.0f} characters a second")
    print(f"a report: mean {1000 * total / len(times):.1f} ms, longest {1000 * max(times):.1f} ms")


if __name__ == "__main__":
    main(*sys.argv[1:])
