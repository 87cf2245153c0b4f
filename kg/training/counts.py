"""Counts of what annotated reports and reports at large say of strings and surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kg.mentions import candidates as cd
from kg.mentions import evidence
from kg.mentions.evidence import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from kg.mentions.tagger import Tagger

    Floats = NDArray[np.float32]

__all__ = ["annotated", "at_large", "left_out"]


def annotated(keys: NDArray[np.uint64], labels: NDArray[np.bool_], least: int = 3) -> Evidence:
    """Count the keys of annotated candidates (candidates × slots).

    Args:
        keys: of all candidates.
        labels: which candidates are names.
        least: keys met more rarely are left out.
    """
    unique, number = np.unique(keys, return_inverse=True)
    number = number.reshape(keys.shape)
    total = np.bincount(number.ravel(), minlength=len(unique))
    weights = np.repeat(labels.astype(np.float64), keys.shape[1])
    names = np.bincount(number.ravel(), weights, len(unique))
    kept = total >= least
    return Evidence(unique[kept], names[kept].astype(np.float32), total[kept].astype(np.float32))


def left_out(
    keys: NDArray[np.uint64], labels: NDArray[np.bool_], groups: NDArray[np.int64], least: int = 3
) -> tuple[Floats, Floats]:
    """For each key its names and total in all groups but the candidate's own.

    The scorer learns from this, so that no candidate is explained by its own report.
    """
    unique, number = np.unique(keys, return_inverse=True)
    number = number.reshape(keys.shape)
    weights = np.repeat(labels.astype(np.float64), keys.shape[1])
    total = np.bincount(number.ravel(), minlength=len(unique)).astype(np.float64)
    names = np.bincount(number.ravel(), weights, len(unique))
    count = int(groups.max()) + 1
    own = number * count + groups[:, None]
    _, local = np.unique(own, return_inverse=True)
    local = local.ravel()
    own_total = np.bincount(local)[local].reshape(keys.shape)
    own_names = np.bincount(local, weights)[local].reshape(keys.shape)
    rest_total = total[number] - own_total
    rest_names = names[number] - own_names
    kept = rest_total >= least
    return (
        np.where(kept, rest_names, 0).astype(np.float32),
        np.where(kept, rest_total, 0).astype(np.float32),
    )


def at_large(texts: Iterable[str], tagger: Tagger, least: int = 3) -> Evidence:
    """In how many reports a string is found as a name, and in how many it is a candidate.

    Args:
        texts: of whole reports, white space left out, a line a paragraph.
        tagger: that finds the names.
        least: keys of strings that are candidates in fewer reports are left out.
    """
    found: list[NDArray[np.uint64]] = []
    seen: list[NDArray[np.uint64]] = []
    for text in texts:
        names, all_of_them = _keys(text, tagger)
        found.append(np.unique(names))
        seen.append(np.unique(all_of_them))
    keys, total = np.unique(np.concatenate(seen), return_counts=True)
    kept = total >= least
    keys, total = keys[kept], total[kept]
    named, names_count = np.unique(np.concatenate(found), return_counts=True)
    place = np.minimum(np.searchsorted(named, keys), max(len(named) - 1, 0))
    hit = named[place] == keys
    names_of = np.where(hit, names_count[place], 0)
    return Evidence(keys, names_of.astype(np.float32), total.astype(np.float32))


def _keys(text: str, tagger: Tagger) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    lines = text.split("\n")
    breaks = np.zeros((1, len(tagger.labels)), np.float32)
    breaks[0, 0] = 1
    rows = [part for row in tagger.marginals(lines) for part in (row, breaks)]
    marginals = np.concatenate(rows)[: len(text)]
    everything = cd.merge([cd.mend(cd.from_marginals(marginals, 0.02), text)])
    (path,) = cd.from_paths(marginals, text, (0.3,))
    path = cd.merge([cd.mend(path, text)])
    return evidence.string_keys(path, text), evidence.string_keys(everything, text)
