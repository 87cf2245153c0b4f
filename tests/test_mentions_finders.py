"""Finders: every rule finds what its example promises and nothing in its counter-example."""

from __future__ import annotations

import pytest

from kg import lexicon, rules
from kg.mentions import finders
from kg.mentions.words import segment

RULES = [rules.get(name) for name in finders.FAMILY]


def _found(text: str) -> list[tuple[str, str]]:
    view = finders.View(text, segment(text))
    return [(item.rule, text[item.start : item.end]) for item in finders.find(view)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_finds_its_example(rule: rules.Rule) -> None:
    found = {text for name, text in _found(rule.example) if name == rule.name}
    assert set(rule.found.split("|")) <= found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_passes_over_its_counterexample(rule: rules.Rule) -> None:
    assert not [text for name, text in _found(rule.counterexample) if name == rule.name]


def test_every_rule_has_a_prior() -> None:
    assert set(lexicon.words("rule_priors", "rule")) == set(finders.FAMILY)


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("位于北京市通州区西集镇。", ["北京市", "通州区", "西集镇"]),
        ("支援内蒙古自治区翁牛特旗。", ["内蒙古自治区", "翁牛特旗"]),
    ],
)
def test_chains_are_split(text: str, chain: list[str]) -> None:
    assert [found for rule, found in _found(text) if rule == "entity.division"] == chain
