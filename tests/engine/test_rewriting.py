"""Rewriting: what is put otherwise has the same answer, by two engines, on generated data; what might not is left."""

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store
from rdflib import Graph, URIRef
from rdflib import Literal as RdflibLiteral

from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.engine.rewriting import rewritten
from mem_graph.engine.store import open_store, open_workers
from mem_graph.errors import BadRequest
from mem_graph.outcomes import SparqlRequest
from mem_graph.settings import Settings

NODES = tuple(f"http://e/{name}" for name in "abcd")
VERBS = tuple(f"http://e/{name}" for name in "pqr")
VARIABLES = ("?x", "?y", "?z", "?u", "?v")

PUT_OTHERWISE = (
    "SELECT * { ?s :p ?o FILTER NOT EXISTS { ?s :q ?m . ?m :r 1 } }",
    "SELECT * { FILTER NOT EXISTS { ?s :q ?m ; :r 1 } . ?s :p ?o}",
    "SELECT ?s { ?s :p ?o . FILTER NOT EXISTS { ?s :q/:r 'a'@en } ?s :q ?n } ORDER BY ?s",
    "SELECT ?s { $s :p ?o # a } comment\n FILTER NOT EXISTS { ?s :q ?m . ?m :r '1'^^:t . # another }\n } }",
    "ASK { ?s :p ?o FILTER NOT EXISTS { ?m :q ?s ; :r ?o } FILTER(?o > 1) }",
    "CONSTRUCT { ?s :p ?o } WHERE { ?s :p ?o OPTIONAL { ?s :q ?n } FILTER NOT EXISTS { ?s :q ?m . ?m :r 1 } }",
    "SELECT (COUNT(*) AS ?n) { ?s :p ?o FILTER NOT EXISTS { ?s :q ?m . ?m :r 1 } "
    "FILTER NOT EXISTS { ?o :q ?m . ?m :r 1 } }",
)
LEFT = {
    "one triple": "SELECT * { ?s :p ?o FILTER NOT EXISTS { ?s :q ?m } }",
    "nothing shared": "SELECT * { ?s :p ?o FILTER NOT EXISTS { ?l :q ?m . ?m :r 1 } }",
    "bound by OPTIONAL": "SELECT * { ?s :p ?o OPTIONAL { ?s :r ?n } FILTER NOT EXISTS { ?s :q ?n ; :r 1 } }",
    "bound by BIND": "SELECT * { ?s :p ?o BIND(?o + 1 AS ?n) FILTER NOT EXISTS { ?s :q ?n ; :r 1 } }",
    "bound by VALUES": "SELECT * { ?s :p ?o VALUES ?n { UNDEF 1 } FILTER NOT EXISTS { ?s :q ?n ; :r 1 } }",
    "bound in one branch": "SELECT * { { ?s :p ?o } UNION { ?t :p ?o } FILTER NOT EXISTS { ?s :q ?o ; :r 1 } }",
    "another filter inside": "SELECT * { ?s :p ?o FILTER NOT EXISTS { ?s :q ?m . ?m :r ?o2 FILTER(?o2 > ?o) } }",
    "a group inside": "SELECT * { ?s :p ?o FILTER NOT EXISTS { { ?s :q ?m } ?m :r 1 } }",
    "a path without steps": "SELECT * { ?s :p ?o FILTER NOT EXISTS { ?s :q* ?m . ?m :r 1 } }",
    "in OPTIONAL": "SELECT * { ?s :p ?o OPTIONAL { ?s :r ?n FILTER NOT EXISTS { ?s :q ?m . ?m :r ?o } } }",
    "in a sub-select": "SELECT * { SELECT ?s { ?s :p ?o FILTER NOT EXISTS { ?s :q ?m . ?m :r ?o } } }",
    "one of two": "SELECT * { ?s :p ?o FILTER(?o = 1 || NOT EXISTS { ?s :q ?m . ?m :r ?o }) }",
    "all that has a value in common": "SELECT * { ?s :p ?o FILTER NOT EXISTS { ?s :q ?m . ?t :q ?m } }",
    "all beside all": "SELECT * { ?s :p ?o FILTER NOT EXISTS { ?s :q ?m . ?t :r 1 } }",
    "any verb": "SELECT * { ?s :p ?o FILTER NOT EXISTS { ?s ?v ?m . ?m :r 1 } }",
    "EXISTS": "SELECT * { ?s :p ?o FILTER EXISTS { ?s :q ?m . ?m :r 1 } }",
    "a text": "SELECT * { ?s :p 'FILTER NOT EXISTS { ?s :q ?m . ?m :r 1 }' }",
    "what the grammar does not take": "SELECT * { ?s :p ?o FILTER NOT EXISTS { ?s :q ?m . ?m :r 1 }",
}


def in_full(query):
    return f"PREFIX : <http://e/> {query}"


@pytest.mark.parametrize("query", PUT_OTHERWISE)
def test_what_joins_is_joined_once(query):
    text = rewritten(in_full(query))
    assert text.count("MINUS") == query.count("NOT EXISTS")
    assert "NOT EXISTS" not in text
    assert rewritten(text) == text


@pytest.mark.parametrize("query", LEFT.values(), ids=LEFT)
def test_what_might_differ_or_not_pay_is_left(query):
    assert rewritten(in_full(query)) == in_full(query)


nodes, verbs = st.sampled_from(NODES), st.sampled_from(VERBS)
numbers = st.integers(1, 3)
data = st.lists(st.tuples(nodes, verbs, nodes | numbers), max_size=24, unique=True)
variables = st.sampled_from(VARIABLES)
values = nodes.map("<{}>".format) | numbers.map(str)
triples = st.builds("{} <{}> {} .".format, variables, verbs, variables | values)
sequences = st.builds("{} <{}>/<{}> {} .".format, variables, verbs, verbs, variables | values)
patterns = st.lists(triples | sequences, min_size=1, max_size=3).map(" ".join)
others = st.sampled_from(
    [
        "",
        "OPTIONAL { ?x <http://e/r> ?v }",
        "BIND(?y AS ?w)",
        "FILTER(?y != 1)",
        "VALUES ?u { 1 UNDEF }",
        "{ ?x <http://e/p> ?z } UNION { ?u <http://e/q> ?x }",
        "MINUS { ?x <http://e/r> 2 }",
    ]
)
filters = st.builds("FILTER NOT EXISTS {{ {} }}".format, patterns)
queries = st.builds("SELECT * {{ {} {} {} {} {} }}".format, patterns, filters, others, patterns, filters)
chains = st.builds("?x <{}> ?l . ?l <{}> {}".format, verbs, verbs, values | st.just("?m"))
stars = st.builds("?x <{}> {} ; <{}> {}".format, verbs, values, verbs, values | st.just("?l"))
between = st.builds("?l <{}> ?x ; <{}> ?y".format, verbs, verbs)
joins = st.builds("FILTER NOT EXISTS {{ {} }}".format, chains | stars | between)
fitting = st.builds("SELECT * {{ ?x <{}> ?y {} {} }}".format, verbs, joins, others)


def rows(store, query):
    found = store.query(query)
    names = sorted(each.value for each in found.variables)
    return Counter(tuple(str(row[name]) for name in names) for row in found)


def embedded(found):
    store = Store()
    for s, p, o in found:
        store.add(Quad(NamedNode(s), NamedNode(p), NamedNode(o) if isinstance(o, str) else Literal(o)))
    return store


@given(data, queries | fitting)
@effort(max_examples=150, deadline=None)
def test_the_answer_is_the_same(found, query):
    assert rows(embedded(found), rewritten(query)) == rows(embedded(found), query)


@given(data, fitting)
@effort(max_examples=20, deadline=None)
def test_another_engine_finds_it_the_same(found, query):
    """rdflib's answer to the query as it was asked is ours to the one that is put otherwise."""
    graph = Graph()
    for s, p, o in found:
        graph.add((URIRef(s), URIRef(p), URIRef(o) if isinstance(o, str) else RdflibLiteral(o)))
    asked = Counter(frozenset(row.asdict().items()) for row in graph.query(query))
    assert Counter(frozenset(row.asdict().items()) for row in graph.query(rewritten(query))) == asked
    assert sum(rows(embedded(found), rewritten(query)).values()) == sum(asked.values())


@given(fitting)
def test_what_is_generated_to_fit_is_put_otherwise(query):
    assert "MINUS" in rewritten(query)
    assert "NOT EXISTS" not in rewritten(query)


# The switch

QUERY = in_full("SELECT ?s { ?s :p ?o FILTER NOT EXISTS { ?s :q ?m . ?m :r 1 } }")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "data.nq"
    path.write_text("<http://e/a> <http://e/p> <http://e/b> <http://e/g> .\n")
    return path


@pytest.mark.parametrize(("switch", "turned"), [("on", True), ("off", False)])
def test_a_setting_turns_it_off(file, switch, turned, monkeypatch):
    seen = []
    monkeypatch.setattr("mem_graph.engine.rewriting.rewritten", lambda text: seen.append(text) or text)
    store = open_store(Settings(rewrite=switch), [file])
    assert b"http://e/a" in store.query(SparqlRequest(QUERY), "text/csv").body
    assert bool(seen) is turned


def test_workers_answer_in_time_what_would_take_too_long(tmp_path):
    """400 things and 400 parts, which the engine joins anew for each thing: seconds, or milliseconds."""
    path = tmp_path / "data.nq"
    lines = (
        f"<http://e/a{n}> <http://e/p> <http://e/b> .\n<http://e/a{n}> <http://e/q> <http://e/m{n}> .\n"
        f'<http://e/m{n}> <http://e/r> "2" .\n<http://e/n{n}> <http://e/r> "1" .\n'
        for n in range(400)
    )
    path.write_text("".join(lines))
    query = SparqlRequest(QUERY.replace(":r 1", ":r '2'").replace("?m .", "?m . ?m :r ?k ."))
    taken = {}
    for switch in ("on", "off"):
        store = open_workers(Settings(rewrite=switch, workers=1), [path])
        start = time.perf_counter()
        assert store.query(query, "text/csv").body.split() == [b"s"]
        taken[switch] = time.perf_counter() - start
        store.close()
    assert taken["on"] < taken["off"] / 3, taken


def test_what_is_wrong_is_said_of_the_query_as_it_was_asked(file):
    store = EmbeddedStore.load([(file, "application/n-quads")], union=True, rewrite=True)
    with pytest.raises(BadRequest) as caught:
        store.query(SparqlRequest(QUERY.replace(":r 1", "other:r 1")), "text/csv")
    assert caught.value.line == 1
    assert caught.value.column == QUERY.index(":r 1") + 1
