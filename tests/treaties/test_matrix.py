"""The matrix of states and treaties: the prepared question, the look-ups and the table by hand say the same."""

import csv
from datetime import date
from pathlib import Path

import pytest

from mem_graph import resources
from mem_graph.query.lookups import question
from mem_graph.query.treaty_forms import cells

BY_HAND = Path(__file__).parents[1] / "queries" / "treaty-matrix.csv"
TEXT = question(resources.queries(), "treaty-matrix").text

DAYS = [
    "1930-01-01",  # before every treaty
    "1934-07-13",  # between adoption and entry into force
    "1964-12-13",  # the Single Convention enters into force
    "1974-01-01",  # successor states that have not notified yet
    "1976-06-01",  # Bolivia, in a year
    "1999-06-15",  # Peru and CIFTA, in a month
    "2003-09-23",  # Peru deposits for the Firearms Protocol
    "2005-07-03",  # which enters into force
    "2009-04-30",  # the last day for which the sheet on CIFTA speaks
    "2009-05-01",
    "2012-01-01",  # Bolivia is out
    "2013-02-10",  # and back
    "2014-06-30",
    "2018-11-14",
    "2023-01-06",  # after the last source
]


@pytest.mark.parametrize("on", DAYS)
def test_the_question_and_the_look_ups_agree_on_every_cell(opened, lookup, on):
    assert TEXT.count('"2014-06-30"^^xsd:date') == 2
    rows = list(opened.query(TEXT.replace("2014-06-30", on)))
    asked = [cells(answer) for answer in lookup.answers(None, None, date.fromisoformat(on))]
    names = ("country", "treaty", "signatory", "contracting_state", "party")
    assert [dict(row) for row in rows] == sorted(
        ({name: cell[name] for name in names} for cell in asked), key=lambda cell: (cell["country"], cell["treaty"])
    )


def test_the_days_show_every_kind_of_answer(lookup):
    seen = {
        (kind, verdict.value)
        for on in DAYS
        for answer in lookup.answers(None, None, date.fromisoformat(on))
        for kind, verdict in zip(
            "scp", (answer.status.signatory, answer.status.contracting, answer.status.party), strict=True
        )
    }
    assert len(seen) == 9


def test_the_table_by_hand_is_the_matrix(lookup):
    """`tests/queries/treaty-matrix.csv`, made from the facts as gathered and the rules of docs/treaties.md alone."""
    with BY_HAND.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 35 * 16
    for row in rows:
        answer = cells(lookup.ask(row["country"], row["treaty"]))
        assert {name: answer[name] for name in row} == row
