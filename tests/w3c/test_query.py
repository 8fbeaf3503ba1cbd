"""SPARQL 1.1 queries by the suites of the W3C: what they answer, which texts are queries, how results are written.

Every query goes to the service over HTTP, with the data of its case and the plain default graph.
"""

import csv
import io

import pytest

from mem_graph.engine import guard, syntax

FORMATS = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".srj": "application/sparql-results+json",
}


def ask(client, query, accept):
    return client.post("/sparql", data={"query": query}, headers={"Accept": accept})


def is_ordered(query):
    """Whether the outermost part of a query has ORDER BY."""
    depth = 0
    for token in syntax.walk(query):
        depth += (token.kind == "{") - (token.kind == "}")
        if token.kind == "ORDER" and depth == 0:
            return True
    return False


@pytest.mark.suite(name="SPARQL 1.1 query evaluation", needs="w3c", cases=226)
def test_a_query_answers_as_it_should(case, serve, expected, compare):
    answer = ask(serve(case.data), case.query, "application/sparql-results+json, text/turtle;q=0.5")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert compare(answer.data, expected(case), is_ordered(case.query)), answer.get_data(as_text=True)


@pytest.mark.suite(name="SPARQL 1.1 query syntax", needs="w3c", cases=114)
def test_a_query_is_told_from_what_is_none(case, serve_graph):
    answer = ask(serve_graph(f"{guard.BASE}file"), case.query, "*/*")  # one of them names it in FROM
    assert is_query(answer) == case.kind.startswith("Positive"), answer.get_data(as_text=True)


def is_query(answer):
    """Whether a text was read as a query: answered, or refused for what it asks and not for how it is written.

    That is so of SERVICE, and of a function that there is not.
    """
    if answer.status_code == 200:
        return True
    problem = answer.get_json()
    assert problem["code"] in ("bad-request", "federation-refused", "update-refused")
    return problem["code"] == "federation-refused" or "custom function" in problem["detail"]


@pytest.mark.suite(name="SPARQL 1.1 results: CSV, TSV, JSON", needs="w3c", cases=10)
def test_results_are_written_as_they_should(case, serve, read):
    accept = FORMATS[case.result.suffix]
    answer = ask(serve(case.data), case.query, accept)
    assert answer.status_code == 200
    assert answer.mimetype == accept
    if case.result.suffix == ".csv":
        assert csv_rows(answer.data) == csv_rows(case.result.read_bytes())
    else:
        assert_same(read(answer.data, case.result.suffix), read(case.result.read_bytes(), case.result.suffix))


def assert_same(found, wanted):
    """The same boolean, or the same rows in the same order under the same columns in the same order."""
    if isinstance(wanted, bool):
        assert found == wanted
    else:
        assert found.columns == wanted.columns
        assert found.agrees(wanted, ordered=True)


def csv_rows(body):
    """The rows of a CSV result, in which numbers and blank nodes have lost what they were."""
    return [[csv_value(value) for value in row] for row in csv.reader(io.StringIO(body.decode(), newline=""))]


def csv_value(value):
    if value.startswith("_:"):
        return "_:"
    try:
        return float(value)
    except ValueError:
        return value
