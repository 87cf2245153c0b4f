"""The SPARQL 1.1 endpoint and the explorer over a built folder."""

from kg.serve.running import serve

__all__ = ["serve"]
