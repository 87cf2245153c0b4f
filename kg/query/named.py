"""The named questions: SPARQL files with a Chinese title, a description and slots.

Each file of ``ontology/queries`` is a query that runs as it stands.  Its first lines tell
what it is::

    # title: 投入使用
    # about: 投入使用、通车、开园、上线的事物
    # slot year: 年度，如 2021
    # ask: 投入使用|投用|启用
    # with: 项目|工程

A slot is a condition that is left out until it is filled: the line
``# if year: FILTER(CONTAINS(?period, $year))`` then counts, with a literal for ``$year``.
``ask`` lines are patterns by which a Chinese question is recognised (``□`` is a name or
indicator in it), ``with`` lines words that often stand beside them, ``needs`` names the slot
without which the question makes no sense.

Oxigraph starts a question from what it names only if no part has to be read whole: a path or
two patterns inside ``OPTIONAL`` are (one ``OPTIONAL`` in another is not), and so is a class
(``a zp:Observation`` beside ``zp:indicator``, which nothing else has).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final

from kg import lexicon, resources
from kg.errors import QueryError, UsageError
from kg.rdf.vocab import text

__all__ = ["LABELS", "Named", "Slot", "find", "get", "named"]

_HEAD: Final = re.compile(
    r"#\s*(?P<key>title|about|needs|ask|with|severity|slot (?P<slot>\w+)):\s*(?P<value>.*)"
)
_LINE: Final = re.compile(r"^(\s*)# if (\w+): (.*)$", re.MULTILINE)
LABELS: Final = frozenset({"name", "place", "indicator"})
"""Slots that hold a name as the graph spells it, in Chinese; the others hold plain text."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap in a question: its name, what may fill it, and the language of that text."""

    name: str
    about: str

    @property
    def title(self) -> str:
        """What people are shown instead of the name, in Chinese."""
        return _titles()[self.name]

    @property
    def language(self) -> str:
        """``zh`` for names as the graph spells them, empty for plain text."""
        return "zh" if self.name in LABELS else ""


@dataclass(frozen=True, slots=True)
class Named:
    """A question with a name.

    Attributes:
        name: the file's stem.
        title: in Chinese.
        description: what it answers, in Chinese.
        slots: what may be filled in.
        needs: the slot that must be, or empty.
        patterns: regular expressions by which :func:`kg.query.ask` knows it.
        company: words that often stand beside them and decide nothing.
        query: the SPARQL, slots unfilled.
    """

    name: str
    title: str
    description: str
    slots: tuple[Slot, ...]
    needs: str
    patterns: tuple[str, ...]
    company: tuple[str, ...]
    query: str

    def fill(self, values: Mapping[str, str]) -> str:
        """The query with its slots filled.

        Raises:
            UsageError: there is no such slot, or the one it needs is not filled.
        """
        names = [slot.name for slot in self.slots]
        for name in values:
            if name not in names:
                raise UsageError(f"the question {self.title!r} has no slot {name!r}", choices=names)
        if self.needs and self.needs not in values:
            raise UsageError(
                f"the question {self.title!r} needs a value for {self.needs!r}",
                remedy=f"give it with -p {self.needs}=…",
            )
        languages = {slot.name: slot.language for slot in self.slots}
        filled = {name: text(value, languages[name]) for name, value in values.items()}

        def line(match: re.Match[str]) -> str:
            indent, slot, condition = match.groups()
            if slot not in filled:
                return match.group()
            return indent + condition.replace(f"${slot}", filled[slot])

        return _LINE.sub(line, self.query)


@cache
def _titles() -> Mapping[str, str]:
    return {row["name"]: row["title"] for row in lexicon.rows("query_columns")}


@cache
def named() -> tuple[Named, ...]:
    """All named questions, by file name; those after contradictions are among them."""
    files = sorted(resources.path("ontology/queries").glob("*.rq"))
    files += [
        path
        for path in sorted(resources.path("ontology/checks").glob("*.rq"))
        if "# severity: finding" in path.read_text(encoding="utf-8")
    ]
    return tuple(_read(path) for path in sorted(files, key=lambda path: path.stem))


def _read(path: Path) -> Named:
    query = path.read_text(encoding="utf-8")
    head: dict[str, str] = {}
    slots: list[Slot] = []
    patterns: list[str] = []
    company: list[str] = []
    for line in query.splitlines():
        match = _HEAD.fullmatch(line)
        if not match:
            break
        if match["slot"]:
            slots.append(Slot(match["slot"], match["value"]))
        elif match["key"] == "ask":
            patterns.append(match["value"])
        elif match["key"] == "with":
            company.append(match["value"])
        else:
            head[match["key"]] = match["value"]
    return Named(
        name=path.stem,
        title=head["title"],
        description=head["about"],
        slots=tuple(slots),
        needs=head.get("needs", ""),
        patterns=tuple(patterns),
        company=tuple(company),
        query=query,
    )


def find(name: str) -> Named | None:
    """The question of that title or file name, ``None`` if there is none."""
    wanted = name.strip().removesuffix(".rq")
    return next((item for item in named() if wanted in (item.title, item.name)), None)


def get(name: str) -> Named:
    """The question of that title or file name.

    Raises:
        QueryError: there is none; names those that come near.
    """
    item = find(name)
    if item is None:
        titles = [other.title for other in named()]
        near = get_close_matches(name, titles, n=5, cutoff=0.0)
        raise QueryError(
            f"no question is called {name!r}",
            choices=near,
            remedy="list all of them with `kg query --list`",
        )
    return item
