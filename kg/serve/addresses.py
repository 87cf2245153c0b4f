"""The address of a resource's page: the path of its IRI, on this host."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

from kg.rdf.vocab import segment

__all__ = ["Addresses"]

_KEPT = "%!$&'()*+,;=:@~/-._"


class Addresses:
    """Translates between IRIs and paths.

    ``https://w3id.org/zhengpu/id/北京市/place/通州区`` has its page at
    ``/zhengpu/id/北京市/place/通州区``.  IRIs that are not under the base, or whose path
    would collide with one of the explorer's own, are shown at ``/resource?iri=``.

    Args:
        base: the IRI under which the graph's resources are named.
    """

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        path = parts.path if parts.scheme in ("http", "https") and base.endswith("/") else ""
        self.base = base
        self.prefix = path if path.count("/") > 1 else "/id/"

    def path(self, iri: str) -> str:
        """The path of a resource's page, percent-encoded."""
        if iri.startswith(self.base):
            return self.prefix + quote(iri[len(self.base) :], safe=_KEPT)
        return "/resource?iri=" + quote(iri, safe="")

    def iri(self, raw_path: bytes) -> str | None:
        """The IRI whose page a path is; ``None`` for a path that is none's.

        Args:
            raw_path: as it was sent, still percent-encoded: ``%2F`` is no slash.
        """
        try:
            path = raw_path.partition(b"?")[0].decode("ascii")
            if not path.startswith(self.prefix):
                return None
            rest = path[len(self.prefix) :].split("/")
            names = [unquote(name, encoding="utf-8", errors="strict") for name in rest]
        except UnicodeDecodeError:
            return None
        if not rest[0] or any(name in ("", ".", "..") for name in names):
            return None
        return self.base + "/".join(segment(name) for name in names)
