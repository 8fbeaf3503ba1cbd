"""What is wrong in a table is said by file and row; the tables as they stand have no fault."""

import pytest

from mem_graph import resources
from mem_graph.errors import ParseError
from mem_graph.graph import reference
from mem_graph.treaties.faults import CHECKS, KEYS, faults

ROWS = resources.read_tables(resources.data() / "tables")


def changed(table, line, **cells):
    """The tables with other cells on one line."""
    rows = [dict(row) for row in ROWS[table]]
    rows[line - 2].update(cells)
    return {**ROWS, table: rows}


def added(table, **cells):
    """The tables with one row more: the last one with other cells."""
    return {**ROWS, table: [*ROWS[table], {**ROWS[table][-1], **cells}]}


def met(tables):
    return [(fault.file, fault.line, fault.problem) for fault in faults(tables)]


def test_the_tables_have_no_fault():
    assert faults(ROWS) == ()
    assert set(CHECKS) == set(KEYS) <= set(ROWS)


@pytest.mark.parametrize(
    ("table", "cells", "words"),
    [
        ("acts", {"treaty": "cifta-1998"}, "no treaty of treaties.csv; did you mean cifta-1997"),
        ("acts", {"treaty": "egmont-principles"}, "no treaty of treaties.csv"),
        ("acts", {"country": "PEU"}, "no state of states.csv; did you mean"),
        ("acts", {"source": "oas-a-56"}, "no source of act-sources.csv; did you mean oas-a-59"),
        ("acts", {"act": "ratified"}, "act must be one of"),
        ("acts", {"date": "2020-13-01"}, "date is no date"),
        ("acts", {"date": ""}, "date is empty"),
        ("acts", {"instrument_date": "2020-05"}, "instrument_date is no date; write 2014-06-30"),
        ("acts", {"date": "2030-01-01"}, "after the day for which its source speaks"),
        ("acts", {"instrument_date": "2019-01-01", "date": "2018-01-01"}, "dated after its deposit"),
        ("acts", {"effective_on": "2020-01-01"}, "effective_on needs its source"),
        ("acts", {"effective_on": "1900-01-01", "effective_source": "oas-a-55"}, "before it was done"),
        ("act-sources", {"kind": "rumour"}, "kind must be one of"),
        ("act-sources", {"as_of": "soon"}, "as_of is no date"),
        ("act-sources", {"treaties": "cifta-1997 cifta-1998"}, "no treaty of treaties.csv; did you mean cifta-1997"),
        ("act-flags", {"about": "mood"}, "about must be one of"),
        ("act-flags", {"number": "x"}, "number must be a number"),
        ("coverage", {"states": "PER XXX"}, "no state of states.csv"),
        ("coverage", {"from": "2030-01-01", "to": "2020-01-01"}, "from is not before to"),
        ("coverage", {"consents": "perhaps"}, "consents must be one of"),
        ("final-clauses", {"days": "thirty"}, "days must be a number"),
        ("final-clauses", {"needs": "untoc"}, "no treaty of treaties.csv"),
        ("final-clauses", {"withdrawal_rule": "month"}, "withdrawal_rule must be one of: (empty), calendar, year"),
        ("reservations", {"paths": "3(1)"}, "is no path"),
        ("reservations", {"kind": "protest"}, "kind must be one of"),
        ("reservations", {"effect": ""}, "effect is empty"),
        ("reservations", {"withdrawn_on": "later"}, "withdrawn_on is no date"),
        ("participation", {"date": "2016-01-01"}, "after the day for which its source speaks"),
        ("undated-parties", {"standing": "observer"}, "standing must be one of"),
        ("memberships", {"status": "suspended"}, "status must be one of"),
        ("memberships", {"date": ""}, "date is empty"),
        ("state-names", {"country": "VEX"}, "no state of states.csv; did you mean"),
        ("state-names", {"language": "pt"}, "language must be one of: en, es"),
    ],
)
def test_a_fault_is_found_with_file_and_line(table, cells, words):
    line = len(ROWS[table]) + 1
    found = met(changed(table, line, **cells))
    assert any((file, at) == (f"{table}.csv", line) and words in problem for file, at, problem in found), found


@pytest.mark.parametrize("table", sorted(KEYS))
def test_a_row_that_comes_twice(table):
    line = len(ROWS[table]) + 2
    assert any(each[:2] == (f"{table}.csv", line) and "already" in each[2] for each in met(added(table)))


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"act": "denunciation", "country": "USA", "date": "2010-01-01"}, "leaves a treaty that it had not joined"),
        ({"act": "accession", "country": "PER", "date": "2010-01-01"}, "consents again"),
        ({"act": "signature", "country": "PER", "date": "2010-01-01"}, "signs after the accession"),
        (
            {"act": "succession", "country": "BRB", "date": "2010-01-01"},
            "succeeds to a treaty under which it had acted",
        ),
    ],
)
def test_an_impossible_sequence(cells, words):
    tables = added("acts", treaty="untoc-protocol-firearms-2001", source="untc-xviii-12-c", **cells)
    assert any(words in problem for _, _, problem in met(tables))


def test_leaving_and_coming_back_is_possible():
    bolivia = [row for row in ROWS["acts"] if (row["country"], row["treaty"]) == ("BOL", "narcotics-1961-amended")]
    assert [row["act"] for row in bolivia] == ["accession", "denunciation", "accession"]


def test_a_build_stops_and_names_file_row_and_reason(monkeypatch):
    monkeypatch.setattr(reference.resources, "read_tables", lambda _: changed("acts", 2, date="soon"))
    with pytest.raises(ParseError, match=r"acts\.csv, line 2: .*date is no date.*'soon'"):
        reference.load_reference(resources.data(), "https://example.org/")
