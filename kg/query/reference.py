"""The reference of named questions and checks, made from their files."""

from __future__ import annotations

from collections.abc import Iterator

from kg.query.named import named
from kg.rdf.checks import checks

__all__ = ["reference"]

_HEAD = """# Questions and checks

This page is made from `ontology/queries/*.rq` and `ontology/checks/*.rq`; `python -m
kg.query.reference > docs/queries.md` makes it anew, and a test holds it fresh.

`kg query 标题 -g build -p 条件=值` asks a question by its title or file name; a condition that
is not given is left out. A thing or figure that a report tells of several times is one row, with
the quotes in their order and ` / ` between them.

`kg ask '问题' -g build` finds the question a Chinese sentence means. Every stretch of it is looked
up as a name or alias of a thing or an indicator, which takes 0.02 s of processor time over 435
reports (183,000 names). Only for words that stay without a meaning are all names read, to see
whether they stand inside one or begin the only name that begins so (“三庙一塔”景区 is known as
“三庙一塔”景区整体提升改造).
"""


def reference() -> str:
    """The page ``docs/queries.md``."""
    return "".join((_HEAD, *_questions(), *_checks()))


def _questions() -> Iterator[str]:
    yield f"\n## Named questions ({len(named())})\n"
    for item in named():
        yield f"\n### {item.title}\n\n`{item.name}` · {item.description}\n"
        if item.slots:
            yield "\n| condition | meaning |\n|---|---|\n"
        for slot in item.slots:
            needed = "（必填）" if slot.name == item.needs else ""
            meaning = slot.about.replace("|", "\\|")
            yield f"| `{slot.name}` | {meaning}{needed} |\n"


def _checks() -> Iterator[str]:
    titles = {"violation": "Hygiene checks", "finding": "Contradictions"}
    for severity, title in titles.items():
        found = checks(severity)
        yield f"\n## {title} ({len(found)})\n\n| check | title | what must hold |\n|---|---|---|\n"
        for check in found:
            yield f"| `{check.name}` | {check.title} | {check.about} |\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(reference())
