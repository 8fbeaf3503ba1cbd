"""Bounds of an answer: rows counted in every format, whatever stands in them; bytes counted as they come."""

import pyoxigraph
import pytest

from mem_graph.engine import media_types
from mem_graph.engine.bounds import BoundedOutput, Bounds, at_most
from mem_graph.errors import AnswerLimit

FORMATS = [media_types.JSON, media_types.XML, media_types.CSV, media_types.TSV]
HOSTILE = r'},{ "},{" \r\n "" , \" \\ {}{},{ <result> </result> \n\n \\"},{\\"'
VALUES = {
    "a number": "1",
    "nothing": "UNDEF",
    "hostile text": "'''" + HOSTILE.replace("'", "") + "'''",
    "hostile text with a language": "'''" + HOSTILE + "'''@en",
    "an IRI": "<http://example.org/%7D,%7B>",
}


def written(each, values, bounds):
    """So many rows of these values in a format, through bounds."""
    text = f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {' '.join(f'({value} {value})' for value in values)} }} }}"
    output = BoundedOutput(bounds, each.media_type)
    found = pyoxigraph.Store().query(text)
    found.serialize(output, format=pyoxigraph.QueryResultsFormat.from_media_type(each.media_type))
    return output.whole()


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("rows", [1, 2, 7, 2000])
def test_as_many_rows_as_there_may_be_and_no_more(each, value, rows):
    assert written(each, [value] * rows, Bounds(rows, 1_000_000))
    with pytest.raises(AnswerLimit) as caught:
        written(each, [value] * (rows + 1), Bounds(rows, 1_000_000))
    assert (caught.value.limit, caught.value.unit) == (rows, "rows")


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_no_rows_are_few_enough(each):
    assert written(each, [], Bounds(1, 1000))


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_rows_are_counted_before_all_are_there(each):
    with pytest.raises(AnswerLimit) as caught:
        written(each, [VALUES["hostile text"]] * 40_000, Bounds(100, 2_000_000))
    assert caught.value.unit == "rows"


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_bytes_are_counted(each):
    size = len(written(each, ["1"] * 100, Bounds(100, 1_000_000)))
    assert len(written(each, ["1"] * 100, Bounds(100, size))) == size
    with pytest.raises(AnswerLimit) as caught:
        written(each, ["1"] * 100, Bounds(100, size - 1))
    assert (caught.value.limit, caught.value.unit) == (size - 1, "bytes")


def test_parameters_of_a_type_change_nothing():
    output = BoundedOutput(Bounds(1, 1000), "text/csv; charset=utf-8")
    output.write(b"x\r\n1\r\n2\r\n")
    with pytest.raises(AnswerLimit):
        output.whole()


def test_items_come_one_by_one():
    asked = []
    few = at_most(2, (asked.append(number) or number for number in range(10)))
    assert asked == []
    assert [next(few), next(few)] == [0, 1]
    with pytest.raises(AnswerLimit):
        next(few)
    assert asked == [0, 1, 2]
    assert list(at_most(2, "ab")) == ["a", "b"]
