"""Look-ups: names as people write them, the report beside the record, and how the two stand."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from time import perf_counter

import pytest

from mem_graph.errors import BadRequest, UnknownTerm
from mem_graph.query import treaties
from mem_graph.query.treaties import Reference, fold


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("cifta", "cifta-1997"),
        ("CIFTA", "cifta-1997"),
        ("1988", "illicit-traffic-1988"),
        ("Vienna 1988", "illicit-traffic-1988"),
        ("Convención de Viena", "illicit-traffic-1988"),
        ("convencion de viena de 1988", "illicit-traffic-1988"),
        ("Palermo", "untoc-2000"),
        ("A-55", "oas-mla-1992"),
        ("a 55", "oas-mla-1992"),
        ("1961", "narcotics-1961"),
        ("1961 Convention as amended", "narcotics-1961-amended"),
        ("UNTOC", "untoc-2000"),
        ("Firearms Protocol", "untoc-protocol-firearms-2001"),
        ("untoc-protocol-firearms-2001", "untoc-protocol-firearms-2001"),
    ],
)
def test_a_treaty_by_the_names_that_people_write(lookup, words, key):
    assert lookup.treaty(words) == key


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("PER", "PER"),
        ("pe", "PER"),
        ("Perú", "PER"),
        ("604", "PER"),
        ("Bolivia", "BOL"),
        ("Dominica", "DMA"),
        ("República Dominicana", "DOM"),
        ("United States", "USA"),
        ("Trinidad", "TTO"),
    ],
)
def test_a_state_by_its_names(lookup, words, code):
    assert lookup.country(words) == code


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("2000", ("untoc-2000", "untoc-protocol-smuggling-2000", "untoc-protocol-trafficking-2000")),
        ("corruption", ("oas-corruption-1996", "uncac-2003")),
        ("extradition", ("extradition-1933", "oas-extradition-1981")),
    ],
)
def test_an_ambiguous_treaty_has_near_names(lookup, words, near):
    with pytest.raises(BadRequest) as caught:
        lookup.treaty(words)
    assert caught.value.near == near


@pytest.mark.parametrize(
    ("words", "near"), [("cfta", "cifta-1997"), ("palermo protocl", "untoc-protocol-firearms-2001")]
)
def test_an_unknown_treaty_has_near_names(lookup, words, near):
    with pytest.raises(UnknownTerm) as caught:
        lookup.treaty(words)
    assert near in caught.value.near


def test_what_is_wrong_with_a_name_or_a_day(lookup):
    for words in ("", "xyz", "?!"):
        with pytest.raises(UnknownTerm):
            lookup.treaty(words)
    with pytest.raises(UnknownTerm) as caught:
        lookup.country("Chlie")
    assert caught.value.near[0] == "CHL"
    with pytest.raises(BadRequest, match="standard"):
        lookup.treaty("FATF")
    for words in ("30/06/2014", "2014", "2014-02-30", ""):
        with pytest.raises(BadRequest, match="date"):
            treaties.day(words)


def test_names_are_folded():
    assert fold("  Convención de Viena (1988) ") == "convencion de viena 1988"


# The report and the record


@pytest.mark.parametrize(
    ("treaty", "word", "verdict"),
    [
        ("illicit-traffic-1988", "consent", "agree"),
        ("untoc-2000", "consent", "agree"),
        ("oas-mla-1992", "consent", "agree"),
        ("cifta-1997", "acts", "report-silent"),
        ("untoc-protocol-firearms-2001", "acts", "report-silent"),
        ("narcotics-1961", "acts", "report-silent"),
        ("uncac-2003", "nothing", "report-silent"),
    ],
)
def test_peru_by_treaty(lookup, treaty, word, verdict):
    found = lookup.ask("PER", treaty)
    assert (found.report.code, found.verdict) == (word, verdict)
    assert bool(found.report.deciding) is (word != "nothing")


def test_a_reservation_touches_an_article_that_recommendation_17_cites(lookup):
    """Found by path: Peru reserved on 3(1)(a)(ii) of 1988, its report cites article 3."""
    touched = [
        (answer.status.treaty, reference.where, statement.articles)
        for answer in lookup.answers("PER", None)
        for reference, statement in answer.touched
    ]
    assert touched == [("illicit-traffic-1988", "recommendation 17", "3(1)(a)(ii);1(m)")]


def test_reservations_of_1971_do_not_touch_the_article_19_of_1961_that_the_report_cites(lookup):
    cited = {article for each in lookup.ask("PER", "narcotics-1961").report.references for article in each.articles}
    assert "19" in cited
    assert any("19.1" in each.paths for each in lookup.ask("PER", "psychotropics-1971").statements)
    assert lookup.ask("PER", "narcotics-1961").touched == ()


def saying(lookup, country, treaty, *relations):
    """The look-up with a report of that state that says these things of the treaty."""
    made = tuple(Reference(country, treaty, relation, (), "recommendation 27", "…") for relation in relations)
    return replace(lookup, references=made, reported=frozenset({country}))


@pytest.mark.parametrize(
    ("country", "treaty", "relations", "verdict"),
    [
        ("PER", "untoc-protocol-firearms-2001", ["acceded"], "agree"),
        ("PER", "untoc-protocol-firearms-2001", ["ratified"], "different-act"),
        ("PER", "untoc-protocol-firearms-2001", ["party"], "agree"),
        ("PER", "narcotics-1961-amended", ["ratified"], "different-act"),
        ("USA", "untoc-protocol-firearms-2001", ["ratified"], "otherwise"),
        ("BRB", "untoc-protocol-firearms-2001", ["signed_not_ratified"], "agree"),
        ("PER", "untoc-protocol-firearms-2001", ["not_party"], "otherwise"),
        ("PER", "untoc-protocol-firearms-2001", ["not_party", "ratified"], "otherwise"),
        ("PER", "cifta-1997", ["ratified"], "unknown"),
        ("PER", "cifta-1997", ["named"], "report-silent"),
        ("KNA", "oas-corruption-1996", ["denounced"], "unknown"),
    ],
)
def test_how_report_and_record_stand(lookup, country, treaty, relations, verdict):
    answer = saying(lookup, country, treaty, *relations).ask(country, treaty)
    assert answer.verdict == verdict
    assert answer.why


def test_a_state_whose_report_is_not_loaded(lookup):
    answer = lookup.ask("USA", "untoc-2000")
    assert (answer.verdict, answer.report_words) == ("no-report", "no report is loaded")


def test_never_a_no_from_silence(lookup):
    """Every "no" names a coverage, an act of leaving, or a day before the treaty."""
    for answer in lookup.answers(None, None):
        for verdict in (answer.status.signatory, answer.status.contracting, answer.status.party):
            if verdict.value == "no":
                assert verdict.coverage or verdict.standing or "before" in verdict.reason


# Forms


def test_the_matrix_has_a_row_for_every_state_and_treaty(lookup):
    answers = lookup.answers(None, None, date(2009, 4, 30))
    rows = list(csv.DictReader(io.StringIO(treaties.to_csv(answers))))
    assert len(rows) == 35 * 16
    assert tuple(rows[0]) == treaties.COLUMNS
    parties = [row for row in rows if (row["treaty"], row["party"]) == ("cifta-1997", "yes")]
    assert len(parties) == 29


def test_json_has_one_shape(lookup):
    shapes = {
        json.dumps(sorted(treaties.to_json(answer)) + sorted(treaties.to_json(answer)["record"]))
        for answer in lookup.answers(None, None)
    }
    assert len(shapes) == 1
    found = treaties.to_json(lookup.ask("PER", "untoc-protocol-firearms-2001"), lookup.record.countries)
    assert found["country"] == {"code": "PER", "name": "Peru"}
    assert found["record"]["party"]["since"] == {"earliest": "2005-07-03", "latest": "2005-07-03"}
    assert found["record"]["acts"][0]["source"]["kind"] == "copy"
    assert found["verdict"]["code"] == "report-silent"


def test_words_say_the_kind_of_source(lookup):
    text = "\n".join(treaties.in_words(lookup.ask("PER", "oas-mla-1992"), lookup.record))
    assert "ratification 1995-04-26, deposited, instrument of 1995-04-03" in text
    assert "(register, as of 2021-02-26)" in text
    text = "\n".join(treaties.in_words(lookup.ask("PER", "cifta-1997"), lookup.record))
    assert "(third party, as of 2009-04-30)" in text
    text = "\n".join(treaties.in_words(lookup.ask("BOL", "narcotics-1961-amended"), lookup.record))
    assert "effect 2012-01-01" in text
    assert "In doubt: year only" in text


def test_a_look_up_takes_no_longer_than_5_ms(lookup):
    start = perf_counter()
    for _ in range(20):
        treaties.to_json(lookup.ask("PER", "illicit-traffic-1988"))
    assert (perf_counter() - start) / 20 < 0.005
