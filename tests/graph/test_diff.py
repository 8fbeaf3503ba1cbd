"""What two releases have not in common: statements by IRI with their quotes, everything else by graph."""

from pathlib import Path

import pytest

from mem_graph.graph import diff, release

MEM, BASE = "https://w3id.org/mem-graph/ontology#", "https://w3id.org/mem-graph/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
EDITION, TABLES = f"{BASE}graph/edition/PER-R6/en/1", f"{BASE}graph/tables"


def finding(local, quote, polarity):
    """The lines of a finding."""
    subject = f"<{BASE}id/finding/PER-R6/24/en/1/{local}>"
    said = [
        (TYPE, f"<{MEM}Finding>"),
        (TYPE, f"<{MEM}Statement>"),
        (f"{MEM}quote", f'"{quote}"@en'),
        (f"{MEM}polarity", f"<{MEM}{polarity}>"),
    ]
    return [f"{subject} <{predicate}> {value} <{EDITION}> .\n" for predicate, value in said]


def row(name, label):
    return [f'<{BASE}id/country/{name}> <http://www.w3.org/2000/01/rdf-schema#label> "{label}" <{TABLES}> .\n']


@pytest.fixture
def make(tmp_path: Path):
    def made(*parts):
        lines = "".join(sorted(line for part in parts for line in part)).encode()
        with release.writing(tmp_path):
            return release.write(tmp_path, {release.DATA: lines}, {"version": "0", "identity_base": BASE})

    return made


STAYS = finding("s1a", "Peru has a register.", "achievement")


def test_equal_data_have_no_difference(make):
    one = make(STAYS)
    found = diff.diff(one, one)
    assert found.empty
    assert list(diff.in_words(found)) == ["The data are the same."]


def test_statements_come_go_and_change(make):
    old = make(STAYS, finding("s2a", r"It says \"no\".", "deficiency"), finding("s3a", "Gone.", "achievement"))
    new = make(STAYS, finding("s2a", r"It says \"no\".", "achievement"), finding("s4a", "Évolué.", "achievement"))
    found = diff.diff(old, new)
    iri = f"{BASE}id/finding/PER-R6/24/en/1/"
    assert found.came == {f"{iri}s4a": "Évolué."}
    assert found.went == {f"{iri}s3a": "Gone."}
    assert found.changed == [
        diff.Change(f"{iri}s2a", 'It says "no".', {"mem:polarity": (("mem:deficiency",), ("mem:achievement",))})
    ]
    assert found.others == {}
    assert list(diff.in_words(found)) == [
        "1 statement came:",
        f"  {iri}s4a",
        "    “Évolué.”",
        "1 statement went:",
        f"  {iri}s3a",
        "    “Gone.”",
        "1 statement changed:",
        f"  {iri}s2a",
        '    “It says "no".”',
        "    mem:polarity: mem:deficiency → mem:achievement",
    ]


def test_what_is_no_statement_is_counted_by_graph(make):
    found = diff.diff(make(STAYS, row("PER", "Peru")), make(STAYS, row("PER", "Perú"), row("URY", "Uruguay")))
    assert found.others == {TABLES: (1, 2)}
    assert list(diff.in_words(found)) == [
        "No statement came.",
        "No statement went.",
        "No statement changed.",
        f"Other triples of {TABLES}: 1 went, 2 came.",
    ]


def test_a_quote_that_changes_is_shown_in_both_wordings(make):
    found = diff.diff(
        make(finding("s1a", "Old words.", "achievement")), make(finding("s1a", "New words.", "achievement"))
    )
    assert found.changed[0].properties == {"mem:quote": (("Old words.",), ("New words.",))}


def test_a_property_that_is_new_or_gone_says_nothing_for_the_other_side(make):
    more = [f"<{BASE}id/finding/PER-R6/24/en/1/s1a> <{MEM}topic> <{BASE}id/topic/x> <{EDITION}> .\n"]
    lines = list(diff.in_words(diff.diff(make(STAYS), make(STAYS, more))))
    assert lines[-1] == f"    mem:topic: nothing → {BASE}id/topic/x"
