"""The guard: what it refuses, that nothing slips past it to another service, that what passes kills nothing."""

import socket
import subprocess
import sys
from threading import Thread

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from mem_graph.engine import guard
from mem_graph.engine.guard import Limits
from mem_graph.errors import BadRequest, FederationRefused, MemGraphError, TooLarge, UpdateRefused
from mem_graph.outcomes import SparqlRequest

A, B = "http://example.org/graph/a", "http://example.org/graph/b#1"
GRAPHS = {A: 1, B: 1}


def check(text, limits=None, **dataset):
    return guard.check(SparqlRequest(text, **dataset), GRAPHS, limits)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("ask {}", "ASK"),
        ("# a comment\nPREFIX : <http://x/#>\nBASE <http://x/> Construct WHERE {}", "CONSTRUCT"),
        ("PREFIX select: <a:b> DESCRIBE <http://x/>", "DESCRIBE"),
        ("VERSION '1.2' SELECT * {}", "SELECT"),
        ("SELECT ?insert { ?insert ?p 'DELETE' }", "SELECT"),
    ],
)
def test_the_form_is_known(text, form):
    assert check(text).form == form


@pytest.mark.parametrize("word", sorted(guard.UPDATES))
def test_an_update_is_refused_whatever_stands_before_it(word):
    for text in (f"{word} x", f"PREFIX a: <http://x/#> # SELECT\n{word.lower()} x", f"BASE <http://x/>{word}{{}}"):
        with pytest.raises(UpdateRefused) as caught:
            check(text)
        assert caught.value.operation == word


@pytest.mark.parametrize(
    "text", ["", "  ", "hello", "{", "<a> <b> <c>", "PREFIX", "PREFIX a: <b:c>", "42", "SELECTED * {}"]
)
def test_what_is_no_query_is_a_bad_request(text):
    with pytest.raises(BadRequest) as caught:
        check(text)
    assert caught.value.line == 1


SERVICES = [
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * {service<http://x/>{}}",
    "SELECT * { OPTIONAL { { SERVICE SILENT ?x {} } } }",
    "ASK { FILTER EXISTS { SERVICE <http://x/> {} } }",
    "SELECT * { { SELECT * { SERVICE <http://x/> {} } } }",
    "SELECT * { #\nSERVICE#\n<http://x/>{}}",
    "SELECT * { ?s ?p '#' . SERVICE <http://x/> {} }",
    "PREFIX e: <http://x/> SELECT * { SERVICE e:y {} }",
    "SELECT * { ?s ?p ?o FILTER(?a<?b)#> '''\n SERVICE <http://x/> {} #'''\n}",
    "SELECT * { ?s ?p ?o FILTER(?a<'x>' ) SERVICE <http://x/> {} #'\n}",
    "SELECT * { VALUES (?a ?b) { (<urn:a> <urn:b#c>) } SERVICE <http://x/> {} }",
    "SELECT * { VALUES (?a ?b) { (<urn:a> <urn:b'c>) } SERVICE <http://x/> {} #'\n}",
    "CONSTRUCT WHERE { ?s ?p ?o } VALUES ?x { 1 } # SERVICE\n",
]


@pytest.mark.parametrize("text", SERVICES[:-1])
def test_a_service_is_refused_with_its_place(text):
    with pytest.raises(FederationRefused) as caught:
        check(text)
    before = text.splitlines()[: caught.value.line]
    assert before[-1][caught.value.column - 1 :].upper().startswith("SERVICE")


@pytest.mark.parametrize(
    "text",
    [
        SERVICES[-1],
        "SELECT * { ?s ?p 'SERVICE <http://x/> {}' }",
        'SELECT * { ?s ?p """\nSERVICE <http://x/> {}\n""" }',
        "SELECT ?service { ?service <http://x/SERVICE> ?SERVICE }",
        "PREFIX service: <http://x/> SELECT * { ?s service:SERVICE _:SERVICE }",
        "SELECT * { ?s ?p 'x'@service }",
        "# SERVICE <http://x/> {}\nSELECT * {}",
    ],
)
def test_the_word_alone_is_no_service(text):
    assert check(text).form in ("SELECT", "CONSTRUCT")


EVIDENCE = "PREFIX prov: <http://www.w3.org/ns/prov#> SELECT *%s { ?s prov:wasDerivedFrom ?o%s }"


def test_no_token_is_cut_of_a_query_that_asks_for_evidence_and_no_more():
    limits = Limits()
    assert guard.measure(EVIDENCE % ("", ""), limits) is None
    assert guard.measure(EVIDENCE % (" FROM <http://x/>", ""), limits) is not None
    assert guard.measure(EVIDENCE % ("", " . ?o ?p <http://x/from>"), limits) is not None


@pytest.mark.parametrize("before", ["true", "ex:wasDerived", "1", "a"])
def test_a_word_that_runs_into_service_is_cut_as_the_grammar_has_it(before):
    with pytest.raises((BadRequest, FederationRefused)):
        check(f"PREFIX ex: <http://x/> SELECT * {{ ?s ?p {before}SERVICE <http://x/> {{}} }}")


@pytest.fixture(scope="module")
def listener():
    """An address that counts who calls."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        calls = []

        def answer():
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                calls.append(caller.recv(100))
                caller.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                caller.close()

        Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", calls


def run(text):
    try:
        store = pyoxigraph.Store()
        store.add(pyoxigraph.Quad(*[pyoxigraph.NamedNode("a:b")] * 3))
        store.query(text).serialize(format=pyoxigraph.QueryResultsFormat.JSON)
    except (SyntaxError, OSError, RuntimeError, ValueError):
        pass


def test_the_listener_hears_a_service(listener):
    address, calls = listener
    run(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}")
    assert len(calls) == 1
    calls.clear()


PIECES = [
    *("?a", "<", ">", "<?b", "?c>", "'", '"', "'''", '"""', "#", "\n", " ", "\\", "(", ")", "{", "}", "&&", "||", "1"),
    *("FILTER(?a<", ") ", "?s ?p ?o . ", "<urn:a>", "<urn:b#c>", "<urn:d'e>", "VALUES (?x ?y) {(<urn:a> ", ")}"),
    *("\\u0022", "x:y", "OPTIONAL {"),
]


@effort(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=10), st.lists(st.sampled_from(PIECES), max_size=10))
def test_nothing_that_passes_calls_another_service(listener, before, after):
    address, calls = listener
    text = f"SELECT * {{ ?s ?p ?o {''.join(before)} SERVICE <{address}> {{ ?s ?p ?o }} {''.join(after)} }}"
    try:
        check(text)
    except MemGraphError:
        return
    run(text)
    assert calls == []


@pytest.mark.parametrize(
    ("text", "default", "named"),
    [
        ("SELECT * {}", (), ()),
        (f"SELECT * FROM <{A}> {{}}", (A,), ()),
        (f"SELECT * FROM NAMED <{A}> FROM <{B}> FROM NAMED <{B}> {{}}", (B,), (A, B)),
        ("PREFIX g: <http://example.org/graph/> SELECT * FROM g:a {}", (A,), ()),
        ("BASE <http://example.org/x/> SELECT * FROM <../graph/a> {}", (A,), ()),
        ("BASE <http://example.org/> PREFIX g: <graph/> SELECT * FROM NAMED g:b\\#1 {}", (), (B,)),
        ("SELECT * FROM <http://example.org/graph/\\u0061> {}", (A,), ()),
        ("SELECT * { ?s ?p 'FROM <http://x/>' }", (), ()),
    ],
)
def test_the_dataset_of_a_query_is_read(text, default, named):
    checked = check(text)
    assert (checked.default_graphs, checked.named_graphs) == (default, named)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT *\nFROM <http://example.org/graph/c> {}",
        f"SELECT * FROM <{A}>\nFROM <file:///etc/passwd> {{}}",
        f"SELECT * FROM <{A}>\n FROM NAMED <http://127.0.0.1/> {{}}",
        "SELECT *\nFROM :x {}",
    ],
)
def test_a_graph_that_is_not_here_is_refused_with_its_place(text):
    with pytest.raises(BadRequest, match="there is no graph") as caught:
        check(text)
    assert caught.value.line == 2
    assert text.splitlines()[1][caught.value.column - 1] in "<:"


def test_near_graphs_are_named():
    with pytest.raises(BadRequest) as caught:
        check("SELECT * FROM <http://example.org/graph/A> {}")
    assert caught.value.near[0] == A


def test_the_dataset_of_the_request_outranks_that_of_the_query():
    checked = check("SELECT * FROM <http://nowhere.example/> {}", default_graphs=(A,))
    assert (checked.default_graphs, checked.named_graphs) == ((A,), ())


@pytest.mark.parametrize(
    ("field", "name"), [("default_graphs", "default-graph-uri"), ("named_graphs", "named-graph-uri")]
)
def test_a_parameter_names_graphs_that_are_here(field, name):
    assert check("ASK {}", **{field: (B, A)}).own_dataset
    with pytest.raises(BadRequest, match="there is no graph <http://x/>") as caught:
        check("ASK {}", **{field: (A, "http://x/")})
    assert caught.value.parameter == name


# What is large. Each shape is made with n parts.
SHAPES = {
    "groups": lambda n: "SELECT * " + "{" * n + "}" * n,
    "brackets": lambda n: "ASK { FILTER" + "(" * (n - 1) + "1" + ")" * (n - 1) + "}",
    "lists": lambda n: "ASK { ?s ?p " + "(" * (n - 1) + "1" + ")" * (n - 1) + "}",
    "blank nodes": lambda n: "ASK { ?s ?p " + "[ ?p " * (n - 1) + "1" + "]" * (n - 1) + "}",
    "subqueries": lambda n: "SELECT * {" * n + "}" * n,
    "calls": lambda n: "ASK { FILTER(" + "STR(" * (n - 2) + "1" + ")" * (n - 2) + ") }",
    "exists": lambda n: "ASK {" + "FILTER NOT EXISTS {" * (n - 1) + "}" * n,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_nesting_is_taken_to_its_limit_and_no_further(shape):
    assert check(SHAPES[shape](128)).form
    with pytest.raises(TooLarge) as caught:
        check(SHAPES[shape](129))
    assert (caught.value.part, caught.value.limit, caught.value.size) == ("nesting", 128, 129)


ROWS = {
    "optional": lambda n: "SELECT * {" + "OPTIONAL { ?s ?p 1 }" * n + "}",
    "minus": lambda n: "SELECT * { ?s ?p ?o " + "MINUS { ?s ?p 1 }" * n + "}",
    "bind": lambda n: "SELECT * {" + "".join(f"BIND(1 AS ?x{i})" for i in range(n)) + "}",
    "select": lambda n: "SELECT " + "".join(f"(1 AS ?x{i})" for i in range(n)) + "{}",
    "union": lambda n: "SELECT * { {}" + " UNION {}" * n + "}",
    "and": lambda n: "ASK { FILTER(1" + "&&1" * n + ") }",
    "or": lambda n: "ASK { FILTER(1" + "||1" * n + ") }",
    "sum": lambda n: "ASK { FILTER(1" + "+1" * n + ") }",
    "filter": lambda n: "ASK {" + "FILTER(1)" * n + "}",
}


@pytest.mark.parametrize("row", ROWS)
def test_what_stands_in_a_row_is_limited_too(row):
    assert check(ROWS[row](200)).form
    with pytest.raises(TooLarge) as caught:
        check(ROWS[row](2500))
    assert caught.value.part == "nesting"


@pytest.mark.parametrize("sign", ["/", "|", "/^"])
def test_the_steps_of_a_path_are_limited(sign):
    assert check("ASK { ?s " + sign.join(["<a:b>"] * 60) + " ?o ; " + sign.join(["<a:b>"] * 60) + " ?o }").form
    with pytest.raises(TooLarge) as caught:
        check("ASK { ?s " + sign.join(["<a:b>"] * 300) + " ?o }")
    assert (caught.value.part, caught.value.unit) == ("property path", "steps")


def test_the_bytes_of_a_query_are_limited():
    text = "ASK { ?s ?p 'é' }"
    assert check(text, Limits(text=len(text.encode()))).form
    with pytest.raises(TooLarge) as caught:
        check(text, Limits(text=len(text.encode()) - 1))
    assert (caught.value.part, caught.value.size) == ("query text", len(text) + 1)


def test_long_data_is_not_deep():
    text = "SELECT * { VALUES (?a ?b) {" + "(1 <http://example.org/x>)" * 20_000 + "} }"
    assert check(text).form == "SELECT"


MIXED = {
    **{name: shape(128) for name, shape in SHAPES.items()},
    **{name: row(200) for name, row in ROWS.items()},
    "deep, then a row": "ASK {" + "FILTER NOT EXISTS {" * 120 + "OPTIONAL {}" * 140 + "}" * 121,
    "a row at each level": "ASK {" + ("OPTIONAL {}" * 2 + "FILTER NOT EXISTS {") * 80 + "}" * 81,
    "nots": "ASK { FILTER(" + "!" * 1000 + "1) }",
    "a path": "ASK { ?s " + "/".join(["<a:b>"] * 128) + " ?o }",
}
SLOW = {"lists", "blank nodes"}
"""Their plans take the engine some seconds; that is for a deadline, not for this guard."""


@pytest.mark.parametrize("name", sorted(MIXED.keys() - SLOW))
def test_what_passes_does_not_end_the_process(name):
    """With a stack of 2 MB, the smallest that a thread of a server here has."""
    check(MIXED[name])
    program = """if True:
        import sys, threading, pyoxigraph
        text = sys.stdin.read()
        threading.stack_size(2 * 1024 * 1024)
        def run():
            answer = pyoxigraph.Store().query(text, use_default_graph_as_union=True)
            answer.serialize(format=pyoxigraph.QueryResultsFormat.JSON)
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    """
    done = subprocess.run(
        [sys.executable, "-c", program], input=MIXED[name], text=True, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
