"""The negotiator, by the cases of ``tests/accept``: one line each, and as many as stand there."""

import time
from pathlib import Path

import pytest

from mem_graph.engine import media_types
from mem_graph.errors import NotAcceptable

CASES = Path(__file__).parents[1] / "accept"
TABLES = {"select": media_types.RESULTS, "construct": media_types.GRAPHS, "errors": media_types.ERRORS}
COUNTS = {"select": 98, "construct": 54, "errors": 15}
# The order in which the parameters outrank one another.
PARAMETERS = ("format", "output", "results", "_mediatype")


def cases(name):
    for line in (CASES / f"{name}.txt").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            request, expected = line.rsplit("=>", 1)
            *parameters, accept = request.split(" & ")
            wanted = dict(each.split("=", 1) for each in parameters)
            assert set(wanted) <= set(PARAMETERS)
            values = [wanted[key] for key in PARAMETERS if key in wanted]
            yield pytest.param(name, values, None if accept.strip() == "-" else accept, expected.strip(), id=line)


ALL = [case for name in TABLES for case in cases(name)]


@pytest.mark.parametrize(("name", "wanted", "accept", "expected"), ALL)
def test_what_is_asked_for_is_picked(name, wanted, accept, expected):
    if expected == "406":
        with pytest.raises(NotAcceptable) as caught:
            media_types.negotiate(TABLES[name], accept, wanted)
        assert caught.value.offered == tuple(offer.media_type for offer in TABLES[name])
    else:
        assert media_types.negotiate(TABLES[name], accept, wanted).media_type == expected


def test_every_case_is_run():
    assert {name: len(list(cases(name))) for name in TABLES} == COUNTS
    assert {file.stem for file in CASES.glob("*.txt")} == set(TABLES)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_last_resort_never_changes_the_winner(table):
    asked = [name for each in table for name in each.types]
    pairs = [f"{one};q={q}, {other};q=0.2" for one in asked for other in asked for q in ("0.2", "0.5", "1")]
    for accept in (*asked, *pairs, "text/*", "application/*;q=0.2"):
        winner = media_types.negotiate(table, accept)
        assert media_types.negotiate(table, f"{accept}, */*;q=0.1") == winner
        assert media_types.negotiate(table, f"*/*;q=0.1, {accept}") == winner


@pytest.mark.parametrize("form", ["SELECT", "ASK"])
def test_a_table_of_results_for_rows(form):
    assert media_types.offers(form) == media_types.RESULTS


@pytest.mark.parametrize("form", ["CONSTRUCT", "DESCRIBE"])
def test_a_table_of_graphs_for_triples(form):
    assert media_types.offers(form) == media_types.GRAPHS


@pytest.mark.parametrize("table", TABLES.values())
def test_no_two_formats_of_a_table_answer_to_one_name(table):
    names = [name for each in table for name in {each.name, *each.short_names, *each.types}]
    assert len(names) == len(set(names))
    assert all(each.specification.startswith("https://") for each in table)


@pytest.mark.parametrize("part", ['"', 'a;"\\', ";", "*/*;q=" + "0" * 50, "text/csv;q=9,"])
def test_a_monstrous_header_is_read_in_no_time(part):
    start = time.perf_counter()
    assert media_types.negotiate(media_types.RESULTS, part * 50_000 + ", text/csv").name == "json"
    assert time.perf_counter() - start < 0.1
