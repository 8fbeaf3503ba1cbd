"""The treaty record as it stands in the tables: how many rows of each kind, and cells read off the sources by hand."""

from collections import Counter

import pytest

from mem_graph import resources

ROWS = resources.read_tables(resources.data() / "tables")
COUNTS = {
    "acts": 611,
    "act-sources": 42,
    "act-flags": 27,
    "coverage": 18,
    "final-clauses": 16,
    "reservations": 116,
    "participation": 32,
    "undated-parties": 24,
    "left-out": 73,
}


def acts(treaty, country):
    return [(row["act"], row["date"]) for row in ROWS["acts"] if (row["treaty"], row["country"]) == (treaty, country)]


@pytest.mark.parametrize(("table", "count"), COUNTS.items())
def test_number_of_rows(table, count):
    assert len(ROWS[table]) == count


@pytest.mark.parametrize(
    ("treaty", "count"),
    [
        ("narcotics-1961", 46),
        ("narcotics-1961-protocol-1972", 42),
        ("narcotics-1961-amended", 5),
        ("psychotropics-1971", 43),
        ("illicit-traffic-1988", 58),
        ("untoc-2000", 65),
        ("untoc-protocol-trafficking-2000", 57),
        ("untoc-protocol-smuggling-2000", 52),
        ("untoc-protocol-firearms-2001", 38),
        ("uncac-2003", 56),
        ("oas-mla-1992", 44),
        ("oas-mla-protocol-1993", 12),
        ("cifta-1997", 30),
        ("oas-corruption-1996", 33),
        ("extradition-1933", 30),
        ("oas-extradition-1981", 0),
    ],
)
def test_number_of_acts_of_each_treaty(treaty, count):
    assert sum(row["treaty"] == treaty for row in ROWS["acts"]) == count


def test_kinds_of_acts_and_sources():
    assert Counter(row["act"] for row in ROWS["acts"]) == {
        "ratification": 248,
        "signature": 227,
        "accession": 129,
        "succession": 6,
        "denunciation": 1,
    }
    kinds = {row["key"]: row["kind"] for row in ROWS["act-sources"]}
    assert Counter(kinds[row["source"]] for row in ROWS["acts"]) == {"copy": 457, "register": 118, "third_party": 36}
    assert sum(bool(row["instrument_date"]) for row in ROWS["acts"]) == 62
    assert sum(bool(row["effective_on"]) for row in ROWS["acts"]) == 4


@pytest.mark.parametrize(
    ("treaty", "country", "expected"),
    [
        ("untoc-protocol-firearms-2001", "PER", [("accession", "2003-09-23")]),
        ("cifta-1997", "ARG", [("signature", "1997-11-14"), ("ratification", "2001-10-09")]),
        ("cifta-1997", "BRA", [("ratification", "1999-09-28")]),
        ("cifta-1997", "BOL", [("ratification", "1999-04")]),
        ("cifta-1997", "DOM", []),
        ("psychotropics-1971", "HTI", []),
        (
            "narcotics-1961-amended",
            "BOL",
            [("accession", "1976"), ("denunciation", "2011-06-29"), ("accession", "2013-01-11")],
        ),
        ("untoc-2000", "BRB", [("signature", "2001-09-26"), ("ratification", "2014-11-11")]),
        ("oas-mla-1992", "URY", [("signature", "1993-01-22")]),
    ],
)
def test_acts_of_a_state(treaty, country, expected):
    assert acts(treaty, country) == expected


def test_instrument_and_deposit_are_two_dates():
    (row,) = (
        row
        for row in ROWS["acts"]
        if (row["treaty"], row["country"], row["act"]) == ("oas-mla-1992", "PER", "ratification")
    )
    assert (row["instrument_date"], row["date"]) == ("1995-04-03", "1995-04-26")


def test_statements_by_kind():
    assert Counter(row["kind"] for row in ROWS["reservations"]) == {
        "reservation": 67,
        "declaration": 28,
        "understanding": 16,
        "objection": 3,
        "notification": 1,
        "unknown": 1,
    }
    assert not any(row["withdrawn_on"] for row in ROWS["reservations"])


def test_paths_of_paragraphs_have_figures_for_roman_numbers_and_none_for_chapters():
    paths = {row["articles"]: row["paths"] for row in ROWS["reservations"]}
    assert paths["3(1)(a)(ii);1(m)"] == "3.1.a.ii 1.m"
    assert paths["I(3)"] == "1.3"
    assert paths["XI(1)(c)"] == "11.1.c"
    assert paths["chapter II;chapter III"] == ""
    assert paths[""] == ""


def test_what_is_left_out():
    assert Counter(row["what"] for row in ROWS["left-out"]) == {
        "texts of statements": 64,
        "coverage": 2,
        "final clauses": 2,
        "acts": 1,
        "bodies": 4,
    }


def test_empty_clauses_stay_empty():
    clauses = {row["treaty"]: row for row in ROWS["final-clauses"]}
    unread = {key for key, row in clauses.items() if not row["withdrawal_rule"]}
    assert unread == {
        "narcotics-1961-protocol-1972",
        "oas-mla-1992",
        "oas-mla-protocol-1993",
        "cifta-1997",
        "oas-corruption-1996",
        "oas-extradition-1981",
    }
    assert {key for key, row in clauses.items() if not row["days"]} == {
        "oas-mla-1992",
        "oas-mla-protocol-1993",
        "oas-extradition-1981",
    }
    assert {row["withdrawal_rule"] for row in clauses.values()} == {"", "calendar", "year"}
