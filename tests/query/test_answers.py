"""Answers as plain Python: columns, rows and terms out of SPARQL 1.1 Query Results JSON."""

import json
from decimal import Decimal

import pytest

from mem_graph.query.answers import XSD, Solutions


def term(value, datatype="", kind="literal", **more):
    return {"type": kind, "value": value, **({"datatype": XSD + datatype} if datatype else {}), **more}


def document(*rows, columns=("a", "b")):
    return json.dumps({"head": {"vars": list(columns)}, "results": {"bindings": list(rows)}}).encode()


def value_of(read):
    return Solutions.from_json(document({"a": read}))[0]["a"]


def test_columns_and_rows_keep_their_order():
    rows = Solutions.from_json(document({"b": term("2"), "a": term("1")}, {"a": term("0")}, columns=("b", "a")))
    assert rows.columns == ("b", "a")
    assert list(rows) == [{"b": "2", "a": "1"}, {"b": None, "a": "0"}]
    assert list(rows[0]) == ["b", "a"]


def test_solutions_are_a_sequence():
    rows = Solutions.from_json(document({"a": term("1")}, {"a": term("2")}))
    assert len(rows) == 2
    assert rows[-1]["a"] == "2"
    assert [row["a"] for row in rows[:1]] == ["1"]
    assert {"a": "1", "b": None} in rows


def test_no_rows_keep_the_columns():
    rows = Solutions.from_json(document(columns=("year",)))
    assert (rows.columns, len(rows), list(rows)) == (("year",), 0, [])


@pytest.mark.parametrize("answer", [True, False])
def test_an_ask_is_one_row(answer):
    rows = Solutions.from_json(json.dumps({"head": {}, "boolean": answer}).encode())
    assert (rows.columns, list(rows)) == (("boolean",), [{"boolean": answer}])


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (term("http://e/a", kind="uri"), "http://e/a"),
        (term("b0", kind="bnode"), "b0"),
        (term("Perú", **{"xml:lang": "es"}), "Perú"),
        (term("a\n\n\n\nb"), "a\n\n\n\nb"),
        (term(""), ""),
        (term("27", "integer"), 27),
        (term("-1", "integer"), -1),
        (term("25.5", "decimal"), Decimal("25.5")),
        (term("10290", "decimal"), Decimal(10290)),
        (term("1.5E3", "double"), 1500.0),
        (term("2013", "gYear"), 2013),
        (term("true", "boolean"), True),
        (term("1", "boolean"), True),
        (term("false", "boolean"), False),
        (term("0", "boolean"), False),
        (term("2013-12", "gYearMonth"), "2013-12"),
        (term("many", "integer"), "many"),
        (term("2013Z", "gYear"), "2013Z"),
        (term("", "decimal"), ""),
    ],
)
def test_a_term_is_what_python_has_for_it(read, expected):
    value = value_of(read)
    assert value == expected
    assert type(value) is type(expected)


def test_a_decimal_prints_as_the_engine_holds_it():
    assert str(value_of(term("48246", "decimal"))) == "48246"
