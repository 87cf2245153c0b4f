"""The graph in the forms other systems read."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg import resources
from kg.errors import UsageError
from kg.files import write_atomic
from kg.rdf.opened import TURTLE, base_of, graph_file, open_store
from kg.rdf.vocab import PREFIXES, prologue
from kg.store.folder import TRIG

if TYPE_CHECKING:
    import networkx as nx
    from pyoxigraph import Store

__all__ = ["FORMATS", "export"]


def export(graph: Path, form: str, out: Path | None = None) -> bytes:
    """The graph of a folder or file in another form.

    Args:
        graph: a folder that a build wrote, or a graph file.
        form: one of :data:`FORMATS`.  ``csv`` is a ZIP of the tables ``entities.csv``,
            ``relations.csv``, ``observations.csv`` and ``milestones.csv``; ``graphml``
            and ``gexf`` hold things and the relations between them.
        out: also write it there.

    Raises:
        UsageError: the form is not known.
        MissingInput: there is no graph.
        OutputError: ``out`` cannot be written.
    """
    try:
        make = FORMATS[form]
    except KeyError:
        raise UsageError(f"there is no format {form!r}", choices=FORMATS) from None
    content = make(Path(graph))
    if out is not None:
        write_atomic(Path(out), content)
    return content


# --- RDF --------------------------------------------------------------------------------


def _as_built(name: str, form: str) -> Callable[[Path], bytes]:
    """A file the build wrote; of a graph file the same form made anew."""

    def make(graph: Path) -> bytes:
        if graph.is_dir():
            return graph_file(graph, name).read_bytes()
        return _serialize(graph, form)

    return make


def _serialize(graph: Path, form: str) -> bytes:
    from pyoxigraph import RdfFormat, parse, serialize

    chosen = getattr(RdfFormat, form)
    if graph.is_dir():
        dataset = chosen.supports_datasets
        path = graph_file(graph, TRIG if dataset else TURTLE)
        quads: Iterable[Any] = parse(path=str(path))
    else:
        dataset = chosen.supports_datasets
        quads = iter(open_store(graph_file(graph)))
    items = quads if dataset else {quad.triple: None for quad in quads}
    content: bytes = serialize(  # type: ignore[assignment]
        items, format=chosen, prefixes=dict(PREFIXES), base_iri=base_of(graph)
    )
    if form in ("N_TRIPLES", "N_QUADS"):
        return b"".join(sorted(content.splitlines(keepends=True)))
    return content


def _in(form: str) -> Callable[[Path], bytes]:
    return lambda graph: _serialize(graph, form)


def _jsonld(graph: Path) -> bytes:
    """JSON-LD of the union graph under the shipped context, one object a resource."""
    from pyoxigraph import parse

    context = json.loads(resources.read("ontology/context.jsonld"))["@context"]
    base = base_of(graph)
    writer = _JsonLd({**context, "@base": base})
    file = graph_file(graph)
    quads = parse(path=str(file)) if file.suffix == ".ttl" else iter(open_store(file))
    nodes: dict[str, dict[str, Any]] = {}
    for quad in quads:
        node = nodes.setdefault(str(quad.subject), {"@id": writer.reference(quad.subject)})
        writer.add(node, quad.predicate, quad.object)
    record = {"@context": writer.context, "@graph": [nodes[key] for key in sorted(nodes)]}
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


class _JsonLd:
    """Compacts terms under a context whose entries map a key to an IRI and its coercion."""

    def __init__(self, context: dict[str, Any]) -> None:
        self.context = context
        self._base = context["@base"]
        self._prefixes = {
            value: key for key, value in context.items() if isinstance(value, str) and key[0] != "@"
        }
        self._keys: dict[str, tuple[str, dict[str, Any]]] = {}
        for key, value in context.items():
            if isinstance(value, dict):
                self._keys[self._expand(value["@id"])] = key, value

    def _expand(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return f"{self.context[prefix]}{local}" if prefix in self.context else name

    def _compact(self, iri: str) -> str:
        for namespace, prefix in self._prefixes.items():
            if iri.startswith(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def reference(self, node: Any) -> str:
        """A resource relative to the base, a term with its prefix."""
        iri = str(node.value)
        if iri.startswith(self._base) and ":" not in iri[len(self._base) :].partition("/")[0]:
            return iri[len(self._base) :]
        return self._compact(iri)

    def add(self, node: dict[str, Any], predicate: Any, value: Any) -> None:
        """Enter one triple into its subject's object."""
        from pyoxigraph import NamedNode

        if predicate.value == f"{PREFIXES['rdf']}type":
            node.setdefault("@type", []).append(self._compact(value.value))
            return
        key, rule = self._keys.get(predicate.value, (self._compact(predicate.value), {}))
        wanted = rule.get("@type")
        entry: Any
        if isinstance(value, NamedNode):
            reference = self.reference(value)
            entry = reference if wanted == "@id" else {"@id": reference}
        elif value.language:
            plain = rule.get("@language") == value.language
            entry = value.value if plain else {"@value": value.value, "@language": value.language}
        else:
            datatype = self._compact(value.datatype.value)
            text = datatype == "xsd:string" and wanted is None and "@language" not in rule
            entry = value.value if text or datatype == wanted else {
                "@value": value.value, "@type": datatype
            }  # fmt: skip
        node.setdefault(key, []).append(entry)


# --- networks ---------------------------------------------------------------------------

_NODES: Final = """
SELECT ?thing (SAMPLE(?kind) AS ?kind_) (SAMPLE(?label) AS ?label_) (SAMPLE(?home) AS ?home_)
       (COUNT(DISTINCT ?passage) AS ?mentions)
WHERE {
  ?thing a zp:Entity ; a ?kind ; skos:prefLabel ?label .
  FILTER(?kind != zp:Entity)
  OPTIONAL { ?thing zp:mentionedIn ?passage }
  OPTIONAL { ?thing zp:jurisdiction/skos:prefLabel ?home }
} GROUP BY ?thing ORDER BY ?thing
"""
_STAGES: Final = """
SELECT ?thing ?stage ?order ?start WHERE {
  ?milestone zp:milestoneOf ?thing ; zp:stage ?stage ; zp:status zp:Actual .
  ?stage zp:order ?order .
  OPTIONAL { ?milestone zp:period/zp:start ?start }
} ORDER BY ?thing ?start ?order
"""
_EDGES: Final = """
SELECT ?subject ?predicate ?object (COUNT(*) AS ?weight) WHERE {
  ?statement a rdf:Statement ; rdf:subject ?subject ; rdf:predicate ?predicate ;
    rdf:object ?object .
} GROUP BY ?subject ?predicate ?object ORDER BY ?subject ?predicate ?object
"""


def _ask(store: Store, query: str) -> Iterator[list[str]]:
    solutions: Any = store.query(prologue() + query, use_default_graph_as_union=True)
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield ["" if solution[name] is None else str(solution[name].value) for name in names]


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def _network(graph: Path) -> nx.MultiDiGraph[str]:
    """Things as nodes, relations as edges."""
    import networkx as nx

    store = open_store(graph)
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for iri, kind, label, home, mentions in _ask(store, _NODES):
        network.add_node(
            iri, label=label, kind=_local(kind), place=home, mentions=int(mentions), stage=""
        )
    for iri, stage, _, _ in _ask(store, _STAGES):
        network.nodes[iri]["stage"] = _local(stage)
    for subject, predicate, other, weight in _ask(store, _EDGES):
        network.add_edge(
            subject, other, key=_local(predicate), label=_local(predicate), weight=int(weight)
        )
    return network


def _graphml(graph: Path) -> bytes:
    import networkx as nx

    return ("\n".join(nx.generate_graphml(_network(graph), encoding="utf-8")) + "\n").encode()


def _gexf(graph: Path) -> bytes:
    import networkx as nx
    from networkx.readwrite.gexf import GEXFWriter

    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    network = nx.convert_node_labels_to_integers(_network(graph), label_attribute="iri")
    writer.add_graph(network)
    meta = writer.xml.find("meta")
    if meta is not None:  # the day of writing has no place in a file that is to be compared
        meta.attrib.pop("lastmodifieddate", None)
    return (str(writer) + "\n").encode()


# --- tables -----------------------------------------------------------------------------

_PLACE: Final = """
  ?node prov:wasDerivedFrom ?passage .
  ?passage zp:quote ?quote ; zp:paragraph ?paragraph ; dcterms:isPartOf/dcterms:identifier ?report .
"""
_TABLES: Final = {
    "entities.csv": """
SELECT ?iri ?kind ?label ?aliases ?code ?place ?mentions WHERE {
  { SELECT ?iri (SAMPLE(?k) AS ?kind_) (SAMPLE(?l) AS ?label) (SAMPLE(?c) AS ?code)
           (SAMPLE(?h) AS ?place) (COUNT(DISTINCT ?p) AS ?mentions)
    WHERE {
      ?iri a zp:Entity ; a ?k ; skos:prefLabel ?l . FILTER(?k != zp:Entity)
      OPTIONAL { ?iri zp:code ?c } OPTIONAL { ?iri zp:jurisdiction/skos:prefLabel ?h }
      OPTIONAL { ?iri zp:mentionedIn ?p }
    } GROUP BY ?iri }
  OPTIONAL {
    SELECT ?iri (GROUP_CONCAT(?a; separator="|") AS ?aliases)
    WHERE { SELECT ?iri ?a WHERE { ?iri a zp:Entity ; skos:altLabel ?a } ORDER BY ?iri ?a }
    GROUP BY ?iri
  }
  BIND(STRAFTER(STR(?kind_), "#") AS ?kind)
} ORDER BY ?iri""",
    "relations.csv": """
SELECT ?node ?subject ?subject_label ?predicate ?object ?object_label
       ?report ?paragraph ?quote ?rule ?score WHERE {
  ?node a rdf:Statement ; rdf:subject ?subject ; rdf:predicate ?p ; rdf:object ?object .
  ?subject skos:prefLabel ?subject_label . ?object skos:prefLabel ?object_label .
  BIND(STRAFTER(STR(?p), "#") AS ?predicate)
  OPTIONAL { ?node zp:rule ?rule } OPTIONAL { ?node zp:score ?score }
  OPTIONAL {"""
    + _PLACE
    + """} } ORDER BY ?node""",
    "observations.csv": """
SELECT ?node ?indicator ?value ?upper ?unit ?measure ?period ?status ?bound ?area ?scope
       ?report ?paragraph ?quote ?rule ?score WHERE {
  ?node a zp:Observation ; zp:indicator/skos:prefLabel ?indicator ; zp:value ?value ;
    zp:measure ?m ; zp:status ?s ; zp:bound ?b .
  BIND(STRAFTER(STR(?m), "#") AS ?measure)
  BIND(STRAFTER(STR(?s), "#") AS ?status)
  BIND(STRAFTER(STR(?b), "#") AS ?bound)
  OPTIONAL { ?node zp:upperValue ?upper }
  OPTIONAL { ?node zp:unit/skos:notation ?unit }
  OPTIONAL { ?node zp:period/skos:notation ?period }
  OPTIONAL { ?node zp:area/skos:prefLabel ?area }
  OPTIONAL { ?node zp:scope ?scope }
  OPTIONAL { ?node zp:rule ?rule } OPTIONAL { ?node zp:score ?score }"""
    + _PLACE
    + """} ORDER BY ?node""",
    "milestones.csv": """
SELECT ?node ?thing ?label ?kind ?stage ?order ?period ?status ?progress
       ?report ?paragraph ?quote ?rule ?score WHERE {
  ?node a zp:Milestone ; zp:milestoneOf ?thing ; zp:stage ?st ; zp:status ?s .
  ?thing skos:prefLabel ?label ; a ?k . FILTER(?k != zp:Entity)
  ?st zp:order ?order .
  BIND(STRAFTER(STR(?st), "#") AS ?stage)
  BIND(STRAFTER(STR(?s), "#") AS ?status)
  BIND(STRAFTER(STR(?k), "#") AS ?kind)
  OPTIONAL { ?node zp:period/skos:notation ?period }
  OPTIONAL { ?node zp:progress ?progress }
  OPTIONAL { ?node zp:rule ?rule } OPTIONAL { ?node zp:score ?score }"""
    + _PLACE
    + """} ORDER BY ?node""",
}


def _one_a_node(rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """One row for each node: what differs between its quotes stands side by side, with ``|``."""
    for _, group in groupby(rows, key=lambda row: row[0]):
        columns = zip(*group, strict=True)
        yield [values[0] if len(set(values)) == 1 else "|".join(values) for values in columns]


def _csv(graph: Path) -> bytes:
    """A ZIP of tables, UTF-8 with a mark so that spreadsheets read the Chinese."""
    store = open_store(graph)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, query in _TABLES.items():
            table = io.StringIO()
            writer = csv.writer(table, lineterminator="\r\n")
            solutions: Any = store.query(prologue() + query, use_default_graph_as_union=True)
            writer.writerow(variable.value for variable in solutions.variables)
            writer.writerows(_one_a_node(_ask(store, query)))
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, "\ufeff" + table.getvalue())
    return packed.getvalue()


FORMATS: Final[dict[str, Callable[[Path], bytes]]] = {
    "turtle": _as_built(TURTLE, "TURTLE"),
    "ntriples": _in("N_TRIPLES"),
    "nquads": _in("N_QUADS"),
    "trig": _as_built(TRIG, "TRIG"),
    "jsonld": _jsonld,
    "rdfxml": _in("RDF_XML"),
    "graphml": _graphml,
    "gexf": _gexf,
    "csv": _csv,
}
"""Format → what makes it of a folder or graph file."""
