"""What a learned tagger offers, and which ones there are."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol

from kg.errors import UsageError
from kg.rules import Rule, register

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["RULES", "Tagger", "load"]

RULES = {
    name: register(
        Rule(
            name=f"entity.{name}",
            gives="entity",
            summary=f"a name that the {kind} found and no finder proposed",
            example="加快行政办公区二期、城市绿心森林公园建设。",
            found="行政办公区二期|城市绿心森林公园",
            counterexample="全区上下凝心聚力，各项工作稳步推进。",
        )
    )
    for name, kind in (("full", "network"), ("light", "light tagger"))
}
"""What a name is said to come from, by tagger."""


class Tagger(Protocol):
    """Gives each character of a text the probabilities of the labels of names."""

    @property
    def labels(self) -> tuple[str, ...]:
        """``O`` and then B, I, E, S of kind after kind."""

    def marginals(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """For each text an array characters × labels."""


@cache
def load(name: str) -> Tagger:
    """The shipped tagger of that name: ``full`` (the network) or ``light`` (the CRF).

    Raises:
        UsageError: no such tagger.
        ModelError: its weights are missing or damaged.
        MissingExtra: the network's runtime is not installed.
    """
    if name == "light":
        from kg.mentions.light import LightTagger

        return LightTagger.load()
    if name == "full":
        from kg.mentions.network import NetworkTagger

        return NetworkTagger.load()
    raise UsageError(f"no tagger is called {name!r}", choices=("full", "light"))
