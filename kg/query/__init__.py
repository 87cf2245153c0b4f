"""Asking the graph: SPARQL, named questions, and questions in Chinese."""

from __future__ import annotations

from kg.query.answer import FORMATS, Answer
from kg.query.asking import Reply, ask
from kg.query.named import Named, Slot, get, named
from kg.query.running import run, unknown

__all__ = ["FORMATS", "Answer", "Named", "Reply", "Slot", "ask", "get", "named", "run", "unknown"]
