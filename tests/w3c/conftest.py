"""The suites of the W3C: their manifests read as cases, and the answers of the service held against the files.

The data are in the folder named by MEM_GRAPH_W3C, which has clones of the public repositories github.com/w3c/rdf-tests
and github.com/w3c/data-shapes. A test asks for ``case`` and is marked with its suite; it gets all cases of the suite.
What is known to fail is listed by IRI, with the reason, in ``expected_failures.csv``; one that passes is noticed too.
"""

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from http import HTTPStatus
from pathlib import Path

import pyoxigraph as ox
import pytest

from mem_graph.engine import guard
from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.outcomes import Release
from mem_graph.query.current import Current
from mem_graph.settings import IDENTITY_BASE, Settings
from mem_graph.web import create_app

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD = "http://www.w3.org/2001/XMLSchema#"

HERE = Path(__file__).parent
DATA = os.environ.get("MEM_GRAPH_W3C")
SPARQL11 = Path(DATA or "") / "rdf-tests" / "sparql" / "sparql11"
QUERY = """
    aggregates bind bindings cast construct exists functions grouping negation project-expression property-path subquery
""".split()
# For each suite, by the word in its mark: the types of its cases, and the manifests that have them. Federation over
# live services is left out: no case of `service` but the one that has none.
SUITES = {
    "SPARQL 1.1 query evaluation": (("QueryEvaluationTest",), [*QUERY, "service"]),
    "SPARQL 1.1 query syntax": (
        ("PositiveSyntaxTest11", "NegativeSyntaxTest11"),
        [*QUERY, "syntax-query", "syntax-fed", "delete-insert"],
    ),
    "SPARQL 1.1 results: CSV, TSV, JSON": (("QueryEvaluationTest", "CSVResultFormatTest"), ["csv-tsv-res", "json-res"]),
    "SPARQL 1.1 protocol": (("ProtocolTest",), ["protocol"]),
    "SPARQL 1.1 service description": (("ServiceDescriptionTest",), ["service-description"]),
    "SPARQL 1.1 graph store protocol": (("GraphStoreProtocolTest",), ["graph-store-protocol"]),
}


class Manifest:
    """One manifest as a graph. Its IRIs are read against the base that relative IRIs of queries have too."""

    def __init__(self, path: Path) -> None:
        self.folder = path.parent
        self.graph = ox.Store()
        self.graph.load(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=f"{guard.BASE}{path.name}")

    def values(self, subject, predicate: str) -> list:
        found = self.graph.quads_for_pattern(subject, ox.NamedNode(predicate), None)
        return [quad.object for quad in found]

    def value(self, subject, predicate: str):
        return next(iter(self.values(subject, predicate)), None)

    def text(self, subject, predicate: str) -> str:
        found = self.value(subject, predicate)
        return found.value if found else ""

    def items(self, head) -> Iterator:
        while head is not None and head.value != f"{RDF}nil":
            yield self.value(head, f"{RDF}first")
            head = self.value(head, f"{RDF}rest")

    def entries(self) -> Iterator:
        for quad in self.graph.quads_for_pattern(None, ox.NamedNode(f"{MF}entries"), None):
            yield from self.items(quad.object)

    def file(self, iri) -> Path:
        """The file that a relative IRI of the manifest names."""
        return self.folder / iri.value.removeprefix(guard.BASE)


@dataclass(frozen=True)
class Case:
    """One test of a manifest, by its IRI; ``kind`` is its type, ``action`` and ``result`` are nodes of the manifest."""

    iri: str
    kind: str
    manifest: Manifest

    @property
    def name(self) -> str:
        return f"{self.manifest.folder.name}/{self.iri.partition('#')[2]}"

    @property
    def node(self):
        return ox.NamedNode(self.iri)

    @property
    def action(self):
        return self.manifest.value(self.node, f"{MF}action")

    @property
    def result(self) -> Path | None:
        found = self.manifest.value(self.node, f"{MF}result")
        return self.manifest.file(found) if found else None

    @property
    def query(self) -> str:
        """The text of the query, as UTF-8 without changing its line ends."""
        named = self.manifest.value(self.action, f"{QT}query") or self.action
        return self.manifest.file(named).read_bytes().decode()

    @property
    def data(self) -> dict[str, Path]:
        """Graph → the file that has it; the default graph is the empty name."""
        default = self.manifest.value(self.action, f"{QT}data")
        named = self.manifest.values(self.action, f"{QT}graphData")
        files = {each.value: self.manifest.file(each) for each in named}
        return files | ({"": self.manifest.file(default)} if default else {})


def collected(suite: str) -> list[Case]:
    """All cases of a suite, in the order of its manifests."""
    kinds, folders = SUITES[suite]
    found = []
    for folder in folders:
        for path in sorted((SPARQL11 / folder).glob("manifest*.ttl")):
            manifest = Manifest(path)
            typed = ((each, manifest.text(each, f"{RDF}type").removeprefix(MF)) for each in manifest.entries())
            found += [Case(each.value, kind, manifest) for each, kind in typed if kind in kinds]
    return [case for case in found if case.manifest.folder.name != "service" or not is_live(case)]


def is_live(case: Case) -> bool:
    """Whether a case needs another service that answers."""
    return case.manifest.value(case.action, f"{QT}serviceData") is not None


def listed_failures() -> dict[str, str]:
    """IRI → why the case fails."""
    with (HERE / "expected_failures.csv").open(encoding="utf-8", newline="") as file:
        return {row["iri"]: row["reason"] for row in csv.DictReader(file)}


def pytest_generate_tests(metafunc):
    """Give a test that asks for a case all cases of its suite, or one line that says what does not run."""
    if "case" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker("suite").kwargs
    name, cases = mark["name"], mark["cases"]
    if not SPARQL11.is_dir() or not DATA:
        advice = "set MEM_GRAPH_W3C to a folder with a clone of github.com/w3c/rdf-tests"
        skip = pytest.mark.skip(reason=f"{name} did not run ({cases} cases): {advice}")
        metafunc.parametrize("case", [pytest.param(None, marks=skip, id="none")])
        return
    found, failures = collected(name), listed_failures()
    assert len({case.iri for case in found}) == len(found) == cases, f"{name} has {len(found)} cases, not {cases}"
    metafunc.parametrize("case", [parameter(case, failures.get(case.iri)) for case in found])


def parameter(case: Case, failure: str | None):
    marks = [pytest.mark.xfail(reason=failure, strict=True)] if failure else []
    return pytest.param(case, marks=marks, id=case.name)


# The service with the data of a case


@pytest.fixture
def serve():
    """Make a client of the service over these files, graph → file, with the plain default graph."""
    return client_over


@pytest.fixture
def serve_graph():
    """Make a client of the service over graphs of one triple each, of these names."""
    return client_over_graphs


def client_over_graphs(*graphs: str):
    store = ox.Store()
    node = ox.NamedNode("http://example.org/")
    store.extend(ox.Quad(node, node, node, ox.NamedNode(graph)) for graph in graphs)
    return client_of(store)


@pytest.fixture
def serve_texts(tmp_path):
    """Make a client of the service over graph → its texts in Turtle."""
    return partial(client_over_texts, folder=tmp_path)


def client_over_texts(graphs: dict[str, list[bytes]], folder: Path):
    store = ox.Store()
    for graph, texts in graphs.items():
        target = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        for text in texts:
            store.load(text, format=ox.RdfFormat.TURTLE, to_graph=target)
    store.dump(str(folder / "data.nq"), format=ox.RdfFormat.N_QUADS)
    return client_of(store, folder)


def client_over(files: dict[str, Path]):
    store = ox.Store()
    for graph, path in files.items():
        target = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        found_format = ox.RdfFormat.from_extension(path.suffix[1:])
        store.load(path=str(path), format=found_format, base_iri=f"{guard.BASE}{path.name}", to_graph=target)
    return client_of(store)


def client_of(store: ox.Store, folder: Path = HERE):
    """A client of the service over a store, and the folder with its quads, of which only reading whole graphs asks."""
    embedded = EmbeddedStore(store, union=False)
    release = Release("w3c", folder, "0", IDENTITY_BASE, embedded.graphs(), {})
    return create_app(Settings(default_graph="plain"), Current(release, embedded, embedded)).test_client()


# What a case sends over HTTP, and what it expects


@dataclass(frozen=True)
class Request:
    """One request of a case (https://www.w3.org/TR/HTTP-in-RDF10/), with its response as ``expected``."""

    manifest: Manifest
    node: object

    @property
    def method(self) -> str:
        return self.manifest.text(self.node, f"{HT}methodName")

    @property
    def path(self) -> str:
        return self.manifest.text(self.node, f"{HT}absolutePath")

    @property
    def headers(self) -> dict[str, str]:
        return self._headers(self.node)

    @property
    def body(self) -> bytes:
        return self._body(self.node)

    @property
    def response(self):
        return self.manifest.value(self.node, f"{HT}resp")

    @property
    def expected_format(self) -> str:
        return self.manifest.text(self.response, f"{MF}expectedFormat")

    @property
    def expected_boolean(self) -> str:
        return self.manifest.text(self.response, f"{MF}expectedBoolean")

    @property
    def expected_headers(self) -> dict[str, str]:
        return self._headers(self.response)

    @property
    def expected_body(self) -> bytes:
        return self._body(self.response)

    def expects(self, status: int) -> bool:
        """Whether a status is one of those that are expected, by number or by class."""
        named = {each.value.partition("#")[2] for each in self.manifest.values(self.response, f"{MF}expectedStatus")}
        return not named.isdisjoint({f"StatusCode{status // 100}xx", HTTPStatus(status).phrase.replace(" ", "")})

    def _headers(self, node) -> dict[str, str]:
        items = self.manifest.items(self.manifest.value(node, f"{HT}headers"))
        return {
            self.manifest.text(each, f"{HT}fieldName"): self.manifest.text(each, f"{HT}fieldValue") for each in items
        }

    def _body(self, node) -> bytes:
        body = self.manifest.value(node, f"{HT}body")
        if body is None:
            return b""
        return self.manifest.text(body, f"{CNT}chars").encode(self.manifest.text(body, f"{CNT}characterEncoding"))


@pytest.fixture
def requests():
    """The requests of a case, in their order."""
    return requests_of


def requests_of(case: Case) -> list[Request]:
    items = case.manifest.items(case.manifest.value(case.action, f"{HT}requests"))
    return [Request(case.manifest, each) for each in items]


# Answers and what is expected of them

Row = dict[str, object]


@dataclass(frozen=True)
class Table:
    """Rows with their columns; a row has no entry where a variable is unbound."""

    columns: tuple[str, ...]
    rows: list[Row]

    def agrees(self, other: "Table", ordered: bool) -> bool:
        """Whether both have the same columns and rows, but for the names of blank nodes."""
        if set(self.columns) != set(other.columns) or len(self.rows) != len(other.rows):
            return False
        return mapped(self.rows, other.rows, {}, ordered)


def mapped(rows: list[Row], others: list[Row], names: dict, ordered: bool) -> bool:
    """Whether blank nodes can be renamed, one for one, such that the rows are the others."""
    if not rows:
        return True
    for place, other in enumerate(others[:1] if ordered else others):
        renamed = same_row(rows[0], other, names)
        if renamed is not None and mapped(rows[1:], others[:place] + others[place + 1 :], renamed, ordered):
            return True
    return False


def same_row(row: Row, other: Row, names: dict) -> dict | None:
    """The names of blank nodes with those of this row, if it can be that other row."""
    names = dict(names)
    if row.keys() != other.keys():
        return None
    for column, term in row.items():
        if not (isinstance(term, ox.BlankNode) and isinstance(other[column], ox.BlankNode)):
            if term != other[column]:
                return None
        elif names.setdefault(term, other[column]) != other[column]:
            return None
    return names if len(set(names.values())) == len(names) else None


def by_value(term):
    """A term; a number or a boolean as datatype and value, since the engine keeps those by value."""
    if not isinstance(term, ox.Literal) or not term.datatype.value.startswith(XSD):
        return term
    kind = term.datatype.value.removeprefix(XSD)
    try:
        if kind in ("float", "double"):
            return kind, repr(float(term.value))
        if kind == "boolean":
            return kind, {"1": "true", "0": "false"}.get(term.value, term.value)
        return kind, Decimal(term.value)
    except (InvalidOperation, ValueError):
        return term


def table_of(found: ox.QuerySolutions) -> Table:
    columns = tuple(variable.value for variable in found.variables)
    rows = [{name: by_value(row[name]) for name in columns if row[name] is not None} for row in found]
    return Table(columns, rows)


def read_results(text: bytes, suffix: str) -> Table | bool:
    """A result document in XML, JSON or TSV, by its suffix."""
    found = ox.parse_query_results(text, format=ox.QueryResultsFormat.from_extension(suffix.removeprefix(".")))
    return bool(found) if isinstance(found, ox.QueryBoolean) else table_of(found)


def read_result_graph(path: Path) -> Table:
    """A result written as a graph: https://www.w3.org/2001/sw/DataAccess/tests/result-set.n3"""
    graph = Manifest(path)
    head = next(graph.graph.quads_for_pattern(None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{RS}ResultSet"))).subject
    rows = [
        {
            graph.text(each, f"{RS}variable"): by_value(graph.value(each, f"{RS}value"))
            for each in graph.values(row, f"{RS}binding")
        }
        for row in graph.values(head, f"{RS}solution")
    ]
    return Table(tuple(each.value for each in graph.values(head, f"{RS}resultVariable")), rows)


@pytest.fixture(name="same_graph")
def same_graph_fixture():
    return same_graph


def same_graph(found: bytes, expected: bytes, base: str) -> bool:
    """Whether two graphs in Turtle are the same but for the names of blank nodes."""
    both = [ox.Dataset(ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=base)) for text in (found, expected)]
    for each in both:
        each.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return both[0] == both[1]


@pytest.fixture
def expected():
    """The expected result of a case: a table, a boolean, or the bytes of a graph in Turtle."""
    return read_expected


def read_expected(case: Case) -> Table | bool | bytes:
    path = case.result
    if path.suffix in (".srx", ".srj", ".tsv"):
        return read_results(path.read_bytes(), path.suffix)
    text = path.read_bytes()
    return read_result_graph(path) if b"ResultSet" in text else text


@pytest.fixture
def read():
    """Read a result document: its bytes, and the suffix of its format."""
    return read_results


@pytest.fixture
def compare():
    """Whether the body of an answer is what is expected."""
    return agrees


def agrees(body: bytes, expected: Table | bool | bytes, ordered: bool = False) -> bool:
    if isinstance(expected, bytes):
        return same_graph(body, expected, guard.BASE)
    found = read_results(body, ".srj")
    return (
        expected.agrees(found, ordered)
        if isinstance(found, Table) and isinstance(expected, Table)
        else found == expected
    )
