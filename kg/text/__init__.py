"""Report files → :class:`kg.model.Report`: encoding, repair, headings, parts, place, years."""

from __future__ import annotations

from kg.text.assemble import from_string, read_paragraphs
from kg.text.encoding import MAX_BYTES
from kg.text.files import SUFFIXES, discover, read

__all__ = ["MAX_BYTES", "SUFFIXES", "discover", "from_string", "read", "read_paragraphs"]
