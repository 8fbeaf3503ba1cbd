"""Look-ups: names as people write them, the report beside the record, and how the two stand."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from time import perf_counter

import pytest

from mem_graph.errors import BadRequest, UnknownTerm
from mem_graph.query import treaties, treaty_forms
from mem_graph.query.treaties import Reference
from mem_graph.treaties.dates import Window
from mem_graph.treaties.names import fold


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
        # in Spanish, with and without accents, and as people shorten them
        ("Convenio de 1961", "narcotics-1961"),
        ("CONVENIO DE 1961", "narcotics-1961"),
        ("Convención Única de 1961 sobre Estupefacientes", "narcotics-1961"),
        ("convencion unica", "narcotics-1961"),
        ("Convención de 1961 enmendada por el Protocolo de 1972", "narcotics-1961-amended"),
        ("Protocolo de 1972", "narcotics-1961-protocol-1972"),
        ("Convenio de 1971", "psychotropics-1971"),
        ("Convenio sobre Sustancias Sicotrópicas", "psychotropics-1971"),
        ("sustancias psicotropicas", "psychotropics-1971"),
        ("Convención de 1988", "illicit-traffic-1988"),
        ("la Convención de Viena de 1988", "illicit-traffic-1988"),
        ("Convención de Palermo", "untoc-2000"),
        ("Convención de Mérida", "uncac-2003"),
        ("Convención de Nassau", "oas-mla-1992"),
        ("Convención Interamericana contra la Corrupción", "oas-corruption-1996"),
        ("Convención Interamericana sobre Extradición", "oas-extradition-1981"),
        ("Convención de Montevideo sobre Extradición", "extradition-1933"),
        ("trata de personas", "untoc-protocol-trafficking-2000"),
        ("tráfico ilícito de migrantes", "untoc-protocol-smuggling-2000"),
        ("  The Vienna Convention of 1988.  ", "illicit-traffic-1988"),
        ("B-58", "oas-corruption-1996"),
        ("A63", "cifta-1997"),
        ("MTDSG VI-19", "illicit-traffic-1988"),
        ("XVIII-12-c", "untoc-protocol-firearms-2001"),
        ("Single Convention", "narcotics-1961"),
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
        ("Brasil", "BRA"),
        ("estados unidos", "USA"),
        ("haiti", "HTI"),
        ("San Cristóbal y Nieves", "KNA"),
        ("St. Lucia", "LCA"),
        ("USA", "USA"),
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
        (answer.status.treaty, treaty_forms.place(reference.where), statement.articles)
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
    key = f"{country}-R6"
    made = tuple(Reference(country, treaty, relation, (), "27", "…", key) for relation in relations)
    covered = {key: Window(date(2013, 1, 1), date(2014, 6, 30))}
    return replace(lookup, references=made, reports={country: covered})


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


@pytest.mark.parametrize("on", ["2012-12-31", "2014-07-01"])
def test_a_report_is_held_to_its_word_for_the_days_it_covers(lookup, on):
    answer = lookup.ask("PER", "illicit-traffic-1988", date.fromisoformat(on))
    assert answer.verdict == "unknown"
    assert treaty_forms.why(answer).startswith("the report speaks for 2013-01-01 to 2014-06-30 and not for that day")
    assert answer.report.code == "consent"


def test_to_be_a_party_is_more_than_to_have_consented(lookup):
    """Ecuador deposited for the Firearms Protocol on 2013-09-25: a contracting state, a party 30 days later."""
    days = [date(2013, 9, 24), date(2013, 9, 25), date(2013, 10, 24), date(2013, 10, 25)]

    def verdicts(relation):
        told = saying(lookup, "ECU", "untoc-protocol-firearms-2001", relation)
        return [told.ask("ECU", "untoc-protocol-firearms-2001", on).verdict for on in days]

    assert verdicts("ratified") == ["otherwise", "agree", "agree", "agree"]
    assert verdicts("party") == ["otherwise", "otherwise", "otherwise", "agree"]
    assert verdicts("not_party") == ["agree", "agree", "agree", "otherwise"]
    assert verdicts("signed_not_ratified") == ["agree", "otherwise", "otherwise", "otherwise"]


def test_a_report_that_says_both_is_in_tension_with_itself(lookup):
    both = saying(lookup, "PER", "illicit-traffic-1988", "ratified", "not_party").ask("PER", "illicit-traffic-1988")
    assert both.report.tension
    assert any("In tension" in line for line in treaty_forms.in_words(both, lookup.record))
    assert not lookup.ask("PER", "illicit-traffic-1988").report.tension


def test_what_was_not_done_yet_casts_no_doubt(lookup):
    doubts = lookup.ask("BOL", "narcotics-1961-amended", date(2005, 1, 1)).doubts
    assert [each.date for each in doubts] == ["1976"]


def test_a_state_whose_report_is_not_loaded(lookup):
    answer = lookup.ask("USA", "untoc-2000")
    assert (answer.verdict, treaty_forms.cells(answer)["report"]) == ("no-report", "no report is loaded")


def test_never_a_no_from_silence(lookup):
    """Every "no" names a coverage, an act of leaving, or a day before the treaty."""
    for answer in lookup.answers(None, None):
        for verdict in (answer.status.signatory, answer.status.contracting, answer.status.party):
            if verdict.value == "no":
                assert verdict.coverage or verdict.standing or verdict.reason.code in ("not-adopted", "not-in-force")


# Forms


def test_the_matrix_has_a_row_for_every_state_and_treaty(lookup):
    answers = lookup.answers(None, None, date(2009, 4, 30))
    rows = list(csv.DictReader(io.StringIO(treaty_forms.to_csv(answers))))
    assert len(rows) == 35 * 16
    assert tuple(rows[0]) == treaty_forms.COLUMNS
    parties = [row for row in rows if (row["treaty"], row["party"]) == ("cifta-1997", "yes")]
    assert len(parties) == 29


ALWAYS = ("report", "record", "signatory", "contracting_state", "party", "verdict")


def shape(value):
    """The names of an object, and of the objects in it that are always there."""
    return {name: shape(value[name]) if name in ALWAYS else "" for name in value}


def test_json_has_one_shape(lookup):
    shapes = {json.dumps(shape(treaty_forms.to_json(answer, lookup.record))) for answer in lookup.answers(None, None)}
    assert len(shapes) == 1
    found = treaty_forms.to_json(lookup.ask("PER", "untoc-protocol-firearms-2001"), lookup.record)
    assert found["country"] == {"code": "PER", "name": "Peru"}
    assert found["record"]["party"]["since"] == {"earliest": "2005-07-03", "latest": "2005-07-03"}
    assert found["record"]["acts"][0]["source"]["kind"] == "copy"
    assert found["verdict"]["code"] == "report-silent"


def test_words_say_the_kind_of_source(lookup):
    text = "\n".join(treaty_forms.in_words(lookup.ask("PER", "oas-mla-1992"), lookup.record))
    assert "ratification 1995-04-26, deposited, instrument of 1995-04-03" in text
    assert "(the depositary's register, as of 2021-02-26)" in text
    text = "\n".join(treaty_forms.in_words(lookup.ask("PER", "cifta-1997"), lookup.record))
    assert "ratification 1999-06, as that source dates it" in text
    assert "(a third party, as of 2009-04-30)" in text
    text = "\n".join(treaty_forms.in_words(lookup.ask("BOL", "narcotics-1961-amended"), lookup.record))
    assert "effect 2012-01-01" in text
    assert "In doubt: year only" in text


def test_an_answer_in_spanish_has_no_english_but_names_and_the_sentences_of_the_report(lookup):
    text = "\n".join(treaty_forms.in_words(lookup.ask("PER", "cifta-1997"), lookup.record, "es"))
    assert "El informe: dice que actúa con arreglo a él (PER-R6, del 2013-01-01 al 2014-06-30)." in text
    assert "parte: no se sabe: las fuentes llegan hasta el 2009-04-30, fecha en la que era parte" in text
    assert "ratificación 1999-06, con la fecha que le da esa fuente" in text
    assert "Comparación: el informe no dice si está obligado: parte: no se sabe, las fuentes llegan hasta" in text
    text = "\n".join(treaty_forms.in_words(lookup.ask("BOL", "narcotics-1961-amended"), lookup.record, "es"))
    assert "En duda: solo el año, de un tercero" in text
    assert "reserva: la hoja de coca puede masticarse" in text


def test_a_look_up_takes_no_longer_than_5_ms(lookup):
    start = perf_counter()
    for _ in range(20):
        treaty_forms.to_json(lookup.ask("PER", "illicit-traffic-1988"), lookup.record)
    assert (perf_counter() - start) / 20 < 0.005
