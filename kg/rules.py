"""Named rules with an example and a counter-example each, and the registry of them.

A rule is the unit that can be counted, explained, tested and switched off.  Every
statement carries the name of the rule that gave it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import UsageError

__all__ = ["Rule", "get", "names", "register", "registered"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a finder may call itself.

    Attributes:
        name: unique, ``<layer>.<what it matches>`` in lower case, e.g.
            ``observation.coordinated-values``.
        gives: the layer: ``entity``, ``observation``, ``milestone`` or ``relation``.
        summary: what it matches, in one line.
        example: a sentence in which it finds something.
        found: what it finds there, as ``|``-separated short forms.
        counterexample: a sentence in which it must find nothing.
    """

    name: str
    gives: str
    summary: str
    example: str
    found: str = ""
    counterexample: str = ""


_RULES: dict[str, Rule] = {}


def register(rule: Rule) -> Rule:
    """Enter a rule; its name must be new.

    Raises:
        UsageError: the name is taken.
    """
    if rule.name in _RULES:
        raise UsageError(f"rule {rule.name!r} is registered twice", remedy="rename one of them")
    _RULES[rule.name] = rule
    return rule


def get(name: str) -> Rule:
    """The rule of that name.

    Raises:
        UsageError: no such rule; names those there are.
    """
    try:
        return _RULES[name]
    except KeyError:
        raise UsageError(f"no rule is called {name!r}", choices=sorted(_RULES)) from None


def names() -> tuple[str, ...]:
    """All names, sorted."""
    return tuple(sorted(_RULES))


def registered(gives: str | None = None) -> Iterator[Rule]:
    """The rules of a layer, or all, by name."""
    return (rule for _, rule in sorted(_RULES.items()) if gives in (None, rule.gives))
