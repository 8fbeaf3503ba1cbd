"""Standings derived from acts: cases of the record, and what holds for every sequence of acts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mem_graph import resources
from mem_graph.treaties import record as records
from mem_graph.treaties.dates import Window, window
from mem_graph.treaties.record import CONSENT, Act, Clauses, Record, Source, Treaty
from mem_graph.treaties.standings import RULES, all_standings, calendar_rule, leaves, spells, standings
from mem_graph.treaties.words import said

RECORD = records.from_tables(resources.read_tables(resources.data() / "tables"))
SOURCE = Source("s", "A register", "register", "2020-12-31", "printed", "page", "https://example.org/")
IN_FORCE = date(2000, 1, 1)


def made(*acts, days=30, rule="year", needs="", in_force=IN_FORCE):
    """A record of one treaty and one state, from kinds and dates."""
    return Record(
        treaties={"t": Treaty("t", "convention", "T", date(1990, 1, 1), in_force)},
        countries={"AAA": "A"},
        acts=tuple(Act("t", "AAA", kind, on, SOURCE) for kind, on in acts),
        clauses={"t": Clauses("t", days=days, withdrawal_rule=rule, needs=needs)},
    )


def of(found, kind):
    return [(said(each.begins), each.ends and said(each.ends)) for each in found if each.kind == kind]


# The record


@pytest.mark.parametrize(
    ("treaty", "country", "contracting", "party"),
    [
        ("untoc-protocol-firearms-2001", "PER", "2003-09-23", "2005-07-03"),  # deposit before entry into force
        ("illicit-traffic-1988", "PER", "1992-01-16", "1992-04-15"),  # 90 days
        ("untoc-2000", "PER", "2002-01-23", "2003-09-29"),
        ("cifta-1997", "BRA", "1999-09-28", "1999-10-28"),  # 30 days, and as the source says
        ("oas-corruption-1996", "BRA", "2002-07-24", "2002-08-24"),  # the decree, not the thirtieth day
        ("oas-mla-1992", "PER", "1995-04-26", "1996-04-14"),  # consent stood when the treaty entered into force
        ("oas-mla-1992", "CAN", "1996-06-03", "a day not before 1996-06-03"),  # the clause was not read
        ("narcotics-1961-amended", "PER", "1977-09-12", "1977-10-12"),  # no act: participation
        ("narcotics-1961-amended", "ARG", "1973-11-16", "1975-08-08"),
        ("cifta-1997", "PER", "a day between 1999-06-01 and 1999-06-30", "a day between 1999-07-01 and 1999-07-30"),
        ("oas-corruption-1996", "PER", "a day not later than 1997-05-27", "a day not later than 1997-05-27"),
    ],
)
def test_when_a_state_became_what(treaty, country, contracting, party):
    found = standings(RECORD, treaty, country)
    assert of(found, "contracting") == [(contracting, None)]
    assert of(found, "party") == [(party, None)]


def test_a_party_need_not_have_signed():
    assert of(standings(RECORD, "untoc-protocol-firearms-2001", "PER"), "signatory") == []


@pytest.mark.parametrize(
    ("treaty", "country", "latest"),
    [
        ("narcotics-1961", "BHS", "1975-08-13"),
        ("narcotics-1961", "VCT", "2001-12-03"),
        ("narcotics-1961-protocol-1972", "VCT", "2001-12-03"),
    ],
)
def test_a_successor_is_bound_from_before_its_notification(treaty, country, latest):
    """It counts from the succession of states (VCST 23), which no source here dates; no waiting period runs."""
    found = standings(RECORD, treaty, country)
    for kind in ("contracting", "party"):
        (each,) = (each for each in found if each.kind == kind)
        assert (each.rule, said(each.begins)) == ("standing.succeeded", f"a day not later than {latest}")


def test_a_successor_is_not_party_before_the_treaty_is_in_force():
    record = made(("succession", "1999-05-01"))
    assert of(standings(record, "t", "AAA"), "contracting") == [("a day not later than 1999-05-01", None)]
    assert of(standings(record, "t", "AAA"), "party") == [("a day not later than 2000-01-01", None)]


def test_bolivia_left_and_came_back():
    found = standings(RECORD, "narcotics-1961-amended", "BOL")
    assert of(found, "party") == [
        ("a day between 1976-01-31 and 1977-01-30", "2012-01-01"),
        ("2013-02-10", None),
    ]
    assert [each.in_doubt for each in found if each.kind == "party"] == [True, False]


def test_the_clauses_give_the_days_that_sources_say():
    """Bolivia: notice of 2011-06-29, new accession of 2013-01-11; the days of effect are said by UNODC too."""
    acts = {act.key: act for act in RECORD.acts_of("narcotics-1961-amended", "BOL")}
    clauses = RECORD.clauses_of("narcotics-1961-amended")
    assert calendar_rule(date(2011, 6, 29), RECORD, clauses) == date(2012, 1, 1)
    assert acts["denunciation-2011-06-29"].effective_on == "2012-01-01"
    assert said(window("2013-01-11").later(clauses.days)) == acts["accession-2013-01-11"].effective_on


def test_a_protocol_waits_for_its_convention():
    """A party to a protocol of UNTOC is a party to UNTOC by then (UNTOC 37(2))."""
    for treaty in ("untoc-protocol-trafficking-2000", "untoc-protocol-smuggling-2000", "untoc-protocol-firearms-2001"):
        for country in RECORD.countries:
            own = [each for each in standings(RECORD, treaty, country) if each.kind == "party"]
            convention = [each for each in standings(RECORD, "untoc-2000", country) if each.kind == "party"]
            for each in own:
                assert convention
                assert convention[0].begins.earliest <= each.begins.earliest


def test_all_standings_of_the_record():
    found = list(all_standings(RECORD))
    assert len(found) == 1088
    assert {each.rule for each in found} == set(RULES)


# Rules


@pytest.mark.parametrize(
    ("notice", "effect"),
    [("2011-07-01", date(2012, 1, 1)), ("2011-07-02", date(2013, 1, 1)), ("2000-03-01", date(2002, 1, 1))],
)
def test_the_calendar_rule(notice, effect):
    record = made(("ratification", "1999-01-01"), ("denunciation", notice), rule="calendar")
    assert leaves(record.acts[1], record) == Window(effect, effect)


def test_a_year_after_notice():
    record = made(("ratification", "2001-01-01"), ("denunciation", "2004-02-29"))
    assert of(standings(record, "t", "AAA"), "party") == [("2001-01-31", "2005-02-28")]


def test_leaving_without_a_clause_has_no_known_day():
    record = made(("ratification", "2001-01-01"), ("withdrawal", "2004-02-29"), rule="")
    assert of(standings(record, "t", "AAA"), "contracting") == [("2001-01-01", "a day not before 2004-02-29")]


def test_a_protocol_without_its_convention_has_no_known_day():
    record = made(("ratification", "2001-01-01"), needs="other")
    assert of(standings(record, "t", "AAA"), "party") == [("a day not before 2001-01-31", None)]


def test_a_treaty_that_is_not_in_force_has_signatories_and_contracting_states():
    record = made(("signature", "1998-05-01"), ("ratification", "1999-01-01"), in_force=None)
    found = standings(record, "t", "AAA")
    assert of(found, "signatory") == [("1998-05-01", None)]
    assert of(found, "contracting") == [("1999-01-01", None)]
    assert of(found, "party") == [("a day not before 1999-01-31", None)]


# Whatever the acts

DATES = st.dates(date(1991, 1, 1), date(2019, 12, 31))
PRECISE = st.tuples(DATES, st.sampled_from([4, 7, 10])).map(lambda each: each[0].isoformat()[: each[1]])
SEQUENCES = st.lists(st.tuples(st.sampled_from(records.ACTS), PRECISE), max_size=7)


@given(SEQUENCES, st.sampled_from([None, 0, 30, 90]), st.sampled_from(["", "year", "calendar"]))
def test_what_holds_for_every_sequence(acts, days, rule):
    record = made(*acts, days=days, rule=rule)
    found = standings(record, "t", "AAA")
    contracting = [each for each in found if each.kind == "contracting"]
    party = [each for each in found if each.kind == "party"]
    assert len(contracting) == len(party) == len(list(spells(record.acts_of("t", "AAA"))))
    assert sum(each.kind == "signatory" for each in found) == sum(kind == "signature" for kind, _ in acts)
    for bound in (*contracting, *party):
        assert bound.acts[0].kind in CONSENT
        assert bound.ends is None or bound.ends.latest is None or bound.ends.earliest <= bound.ends.latest
    succeeded = [each for each in (*contracting, *party) if each.acts[0].kind == "succession"]
    for bound in succeeded:
        assert bound.begins.earliest is None
        assert bound.begins.latest >= bound.acts[0].when.latest
    for bound in (each for each in (*contracting, *party) if each not in succeeded):
        assert bound.begins.latest is None or bound.begins.earliest <= bound.begins.latest
        assert bound.begins.earliest >= bound.acts[0].when.earliest
    assert all(each.begins.latest is None or each.begins.latest >= IN_FORCE for each in party)
    assert all(each.begins.earliest >= IN_FORCE for each in party if each not in succeeded)


@given(SEQUENCES)
def test_the_order_of_rows_does_not_matter(acts):
    unique = list(dict.fromkeys(acts))
    assert standings(made(*unique), "t", "AAA") == standings(made(*reversed(unique)), "t", "AAA")


@given(DATES, st.integers(0, 400))
def test_a_longer_wait_is_never_earlier(on, days):
    def begins(wait):
        (each,) = (e for e in standings(made(("accession", str(on)), days=wait), "t", "AAA") if e.kind == "party")
        return each.begins.earliest

    assert begins(days) <= begins(days + 1) <= max(on + timedelta(days + 1), IN_FORCE)


@given(DATES)
def test_a_month_and_a_year_hold_the_day(on):
    for signs in (4, 7, 10):
        found = window(on.isoformat()[:signs])
        assert found.earliest <= on <= found.latest


@pytest.mark.parametrize("text", ["2010-04?", "04/10", "2010-13", "2010-02-30", "10"])
def test_what_is_no_date(text):
    with pytest.raises(ValueError):  # noqa: PT011
        window(text)
