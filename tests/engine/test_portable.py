"""What leaves for another engine: the same query, without what engines read each in their own way."""

import pyoxigraph
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
    ("text", "left"),
    [
        ("SELECT (?a / ?b AS ?x) {}", "SELECT (?a * 1.0 / ?b AS ?x) {}"),
        ("SELECT (?a/?b/2 AS ?x) {}", "SELECT (?a* 1.0 /?b* 1.0 /2 AS ?x) {}"),
        ("SELECT (SUM(?a) / COUNT(*) AS ?x) {}", "SELECT (SUM(?a) * 1.0 / COUNT(*) AS ?x) {}"),
        ("ASK { FILTER(1 / 2 > 0) ?s (<e:a>/<e:b>)* ?o }", "ASK { FILTER(1 * 1.0 / 2 > 0) ?s (<e:a>/<e:b>)* ?o }"),
        (
            "ASK { ?s <e:a>/(<e:b>/<e:c>) ?o FILTER ABS(?o / 2) }",
            "ASK { ?s <e:a>/(<e:b>/<e:c>) ?o FILTER ABS(?o * 1.0 / 2) }",
        ),
        ("ASK { FILTER EXISTS { ?s (<e:a>/<e:b>) ?o } }", "ASK { FILTER EXISTS { ?s (<e:a>/<e:b>) ?o } }"),
        (
            "ASK { FILTER(1 / 2 > 0 && EXISTS { ?s <e:a>/(<e:b>/<e:c>) ?o BIND(?o / 2 AS ?h) } && 2 / 4 > 0) }",
            "ASK { FILTER(1 * 1.0 / 2 > 0 && EXISTS { ?s <e:a>/(<e:b>/<e:c>) ?o BIND(?o * 1.0 / 2 AS ?h) } "
            "&& 2 * 1.0 / 4 > 0) }",
        ),
        (
            "SELECT ?s { { SELECT ?s (MAX(?o) / 2 AS ?h) { ?s (<e:a>/<e:b>) ?o } GROUP BY (?o / 2) "
            "HAVING (?o / 2 > 1) } ?s (<e:a>/<e:b>) ?p } ORDER BY DESC(?h / 2) LIMIT 3",
            "SELECT ?s { { SELECT ?s (MAX(?o) * 1.0 / 2 AS ?h) { ?s (<e:a>/<e:b>) ?o } GROUP BY (?o * 1.0 / 2) "
            "HAVING (?o * 1.0 / 2 > 1) } ?s (<e:a>/<e:b>) ?p } ORDER BY DESC(?h * 1.0 / 2) LIMIT 3",
        ),
        ("ASK { ?s ?p '1/2' } # 1 / 2", "ASK { ?s ?p '1/2' } # 1 / 2"),
    ],
)
def test_a_quotient_is_a_decimal_and_a_step_of_a_path_stays(text, left):
    assert sent(text) == left


def test_the_quotient_is_the_same_number_of_the_same_type():
    """Of every two kinds of number: as the query says, and as it is sent."""
    numbers = ["7", "-7", "7.5", "1e1", "'2.5'^^xsd:float", "'3'^^xsd:nonNegativeInteger", "0", "'x'"]
    cases = [(f"{a} / {b}", f"{a} {sign} {b} / {c}") for a in numbers for b in numbers for c in "23" for sign in "-*/"]
    for expression in {each for case in cases for each in case}:
        text = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ({expression} AS ?x) {{}}"
        assert of_oxigraph(sent(text)) == of_oxigraph(text), text


def of_oxigraph(text):
    return [str(row["x"]) for row in pyoxigraph.Store().query(text)]


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
