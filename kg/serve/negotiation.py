"""Which of the forms on offer a client likes best (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["GRAPH_FORMS", "PAGE", "RESULT_FORMS", "Form", "choose"]


@dataclass(frozen=True, slots=True)
class Form:
    """A form of an answer.

    Attributes:
        media: the media type it is sent as.
        name: what pyoxigraph calls it; empty for HTML.
        also: other media types by which it can be asked for.
    """

    media: str
    name: str
    also: tuple[str, ...] = ()


PAGE = Form("text/html", "")
RESULT_FORMS = (
    Form("application/sparql-results+json", "JSON", ("application/json",)),
    Form("application/sparql-results+xml", "XML", ("application/xml", "text/xml")),
    Form("text/csv", "CSV"),
    Form("text/tab-separated-values", "TSV"),
)
"""Forms of the results of SELECT and ASK, the default first."""
GRAPH_FORMS = (
    Form("text/turtle", "TURTLE", ("application/x-turtle",)),
    Form("application/n-triples", "N_TRIPLES", ("text/plain",)),
    Form("application/ld+json", "JSON_LD", ("application/json",)),
    Form("application/rdf+xml", "RDF_XML", ("application/xml", "text/xml")),
)
"""Forms of graphs, the default first."""


def choose(accept: str, forms: Sequence[Form]) -> Form | None:
    """The form with the highest quality; of equal ones the first; ``None`` if none will do.

    An empty ``accept`` takes the first.
    """
    ranges = _ranges(accept)
    if not ranges:
        return forms[0]
    best: tuple[float, int] | None = None
    for place, form in enumerate(forms):
        quality = _quality(form, ranges)
        if quality > 0 and (best is None or quality > best[0]):
            best = quality, place
    return None if best is None else forms[best[1]]


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(","):
        media, *parameters = (item.strip().lower() for item in part.split(";"))
        if not media:
            continue
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                try:
                    quality = min(1.0, max(0.0, float(value)))
                except ValueError:
                    quality = 0.0
        found.append((media, quality))
    return found


def _quality(form: Form, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality of the most exact range that takes in a form.

    The other names of a form count only where they are written out: ``text/*`` is no wish for
    ``text/xml``.
    """
    group = form.media.partition("/")[0] + "/*"
    for wanted in ((form.media,), form.also, (group,), ("*/*",)):
        values = [quality for range_, quality in ranges if range_ in wanted]
        if values:
            return max(values)
    return 0.0
