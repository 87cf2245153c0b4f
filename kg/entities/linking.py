"""From the mentions of many reports to things.

What a thing is follows from its kind, its name and the place it belongs to.  Names are
grouped within the reports of one place (:mod:`kg.entities.blocks`); groups of several
places meet only where they name the same owner, or share a name that says more than what
it is, within one prefecture (:mod:`kg.entities.meeting`).  So a new report touches its own
place, the groups that hang together with those of its place, and nothing else, and the
order of reports does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.entities.blocks import Block, block, by_home
from kg.entities.decisions import Links
from kg.entities.drafts import Draft, absorb, entity
from kg.entities.meeting import Group, Slot, thing, unite
from kg.entities.model import Linked, Where
from kg.model import Extraction

__all__ = ["Linking", "link", "link_blocks"]


@dataclass(frozen=True)
class Linking:
    """How things came about.

    Attributes:
        blocks: what the reports of each place say, by place.
        united: the groups that are one thing, together, with its key.
        linked: the things.
    """

    blocks: tuple[Block, ...]
    united: tuple[tuple[str, tuple[Group, ...]], ...]
    linked: Linked


def link(extractions: Iterable[Extraction], *, decisions: Links | None = None) -> Linked:
    """Join the mentions of one or many reports into things.

    Args:
        extractions: any number of reports with what was found in them; the result does
            not depend on their order.
        decisions: the user's own links and bans.

    Returns:
        The things, with lookups from a paragraph's text to them.
    """
    return link_blocks(extractions, decisions or Links()).linked


def link_blocks(extractions: Iterable[Extraction], links: Links) -> Linking:
    """The same, with the parts it is made of."""
    blocks = tuple(block(home, mine, links) for home, mine in by_home(extractions))
    drafts: dict[str, Draft] = {}
    for each in blocks:
        for draft in each.drafts.values():
            absorb(drafts, draft)
    united = []
    key_of: dict[Slot, str] = {}
    for groups in unite([group for each in blocks for group in each.groups], links):
        draft = absorb(drafts, thing(groups))
        united.append((draft.key, tuple(groups)))
        key_of.update((group.slot, draft.key) for group in groups)
    index: dict[Where, str] = {}
    for each in blocks:
        keys = [key_of[group.slot] for group in each.groups]
        index.update(each.keys(keys))
        for key, mentions in zip(keys, each.mentions, strict=True):
            drafts[key].mentions.extend(mentions)
    linked = Linked(
        tuple(entity(draft) for _, draft in sorted(drafts.items())),
        {name: found for each in blocks for name, found in each.indicators.items()},
        {stem: key for each in blocks for stem, key in each.places.items()},
        index,
    )
    return Linking(blocks, tuple(united), linked)
