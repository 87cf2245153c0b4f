"""Names in a report: finders, taggers, one scorer, the report's memory."""

from kg.mentions.hybrid import MODELS, PARTS, find, sift

__all__ = ["MODELS", "PARTS", "find", "sift"]
