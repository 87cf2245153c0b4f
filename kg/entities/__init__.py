"""Which mentions are one thing: identity inside a report and over many."""

from kg.entities.decisions import Decision, Links, read_links
from kg.entities.explaining import explain
from kg.entities.linking import link
from kg.entities.model import Entity, Linked, MentionRef, Merge

__all__ = [
    "Decision",
    "Entity",
    "Linked",
    "Links",
    "MentionRef",
    "Merge",
    "explain",
    "link",
    "read_links",
]
