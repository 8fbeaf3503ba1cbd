"""The matrix of states and treaties: the prepared question, the look-ups and the table by hand say the same."""

import csv
import re
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
    assert TEXT.count('"2014-06-30"^^xsd:date') == 4
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


# Published numbers

DOCS = (Path(__file__).parents[2] / "docs" / "treaties.md").read_text("utf-8")


def count(opened, on, treaty, column, value="yes"):
    """How many states the matrix shows so."""
    rows = opened.query(TEXT.replace("2014-06-30", on))
    return sum((row["treaty"], row[column]) == (treaty, value) for row in rows)


def test_35_parties_to_the_1988_convention_by_mid_2014(opened):
    assert count(opened, "2014-06-30", "illicit-traffic-1988", "party") == 35
    assert "| 35 parties to the 1988 Convention by mid-2014 | 35 | none |" in DOCS


def test_ratifications_of_cifta_and_what_the_rows_can_show(opened, lookup):
    """30 in April 2009 and 31 by 2018 were published: 29 can be shown, one is known without a day, one not at all."""
    assert count(opened, "2009-04-30", "cifta-1997", "contracting_state") == 29
    assert (
        count(opened, "2009-04-30", "cifta-1997", "contracting_state", "unknown") == 2
    )  # the Dominican Republic, Cuba
    assert count(opened, "2009-04-30", "cifta-1997", "contracting_state", "no") == 4
    assert count(opened, "2018-06-30", "cifta-1997", "contracting_state", "unknown") == 35
    missing = [doubt for doubt in lookup.record.doubts if (doubt.treaty, doubt.about) == ("cifta-1997", "missing")]
    assert [(doubt.country, doubt.act) for doubt in missing] == [("DOM", "ratification"), ("", "ratification")]
    assert 29 + len(missing) == 31
    assert re.search(r"\| 30 parties to CIFTA on 2009-04-30 .*\| 29 \|", DOCS)
    assert re.search(r"\| 31 ratifications of CIFTA by 2018 .*\| 29 \|", DOCS)
