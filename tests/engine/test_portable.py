"""What leaves for another engine: the same query, without what engines read each in their own way."""

import pytest

from mem_graph.engine import guard
from mem_graph.engine.portable import portable
from mem_graph.errors import BadRequest
from mem_graph.outcomes import SparqlRequest

GRAPHS = ("http://e/g", "http://e/h")


def sent(text):
    return portable(guard.check(SparqlRequest(text), GRAPHS))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ASK { ?s ?p ?o }", "ASK { ?s ?p ?o }"),
        ("SELECT * FROM <http://e/g> { ?s ?p ?o }", "SELECT *  { ?s ?p ?o }"),
        ("SELECT * FROM <http://e/g> FROM NAMED <http://e/h> { ?s ?p ?o }", "SELECT *   { ?s ?p ?o }"),
        ("PREFIX e: <http://e/> ASK FROM e:g { }", "PREFIX e: <http://e/> ASK  { }"),
        (
            "ASK # FROM <http://e/x>\n{ ?s ?p 'FROM <http://e/y>' }",
            "ASK # FROM <http://e/x>\n{ ?s ?p 'FROM <http://e/y>' }",
        ),
        ("ASK { <a> ?p ?o }", f"BASE <{guard.BASE}>\nASK {{ <a> ?p ?o }}"),
        ("BASE <http://e/> ASK { <a> ?p ?o }", "BASE <http://e/> ASK { <a> ?p ?o }"),
        ("ASK { <urn:x> ?p ?o FILTER(?o < 3 && ?o > 1) }", "ASK { <urn:x> ?p ?o FILTER(?o < 3 && ?o > 1) }"),
    ],
)
def test_a_query_goes_as_it_is_but_for_dataset_and_base(text, left):
    assert sent(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (bif:now() AS ?x) {}",
        "SELECT (<bif:now>() AS ?x) {}",
        "SELECT (<BIF:now>() AS ?x) {}",
        r"SELECT (<\u0062if:now>() AS ?x) {}",
        "PREFIX b: <bif:> SELECT (b:now() AS ?x) {}",
        "BASE <sql:> SELECT (<now>() AS ?x) {}",
        "ASK { ?s ?p ?o . LATERAL { ?o ?q ?r } }",
        "define input:default-graph-uri <http://e/x> SELECT * { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o OPTION (transitive) }",
    ],
)
def test_what_only_one_engine_knows_goes_nowhere(text):
    with pytest.raises(BadRequest) as met:
        sent(text)
    assert met.value.line == 1
