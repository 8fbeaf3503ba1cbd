"""Findings: how many, which polarity, which words and topics. The cases of ``polarity.txt`` are made up."""

from pathlib import Path

import pytest

from mem_graph.reading import rules


def cases(name):
    """The lines of a table of cases: signs and text."""
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()
    return [tuple(part.strip() for part in line.split("|", 1)) for line in lines if "|" in line and line[0] != "#"]


CASES, SPANISH = cases("polarity.txt"), cases("polarity-es.txt")


def test_the_cases_are_all_there():
    assert (len(CASES), len(SPANISH)) == (1663, 1161)


@pytest.mark.parametrize(("signs", "text"), CASES, ids=[text[:60] for _, text in CASES])
def test_polarity_comes_from_the_words_of_the_clause(say, signs, text):
    assert say(text).signs == signs


@pytest.mark.parametrize(("signs", "text"), SPANISH, ids=[text[:60] for _, text in SPANISH])
def test_polarity_of_spanish_sentences(say, signs, text):
    assert say(text, language="es").signs == signs


@pytest.mark.parametrize(
    ("text", "foci"),
    [
        (
            "Peru does not have selective or indicated prevention programs, "
            "nor has it designed a comprehensive prevention system.",
            ["selective", "indicated prevention programs", "a comprehensive prevention system"],
        ),
        (
            "The country has not implemented or taken part in ongoing training programs.",
            ["implemented", "taken part in ongoing training programs"],
        ),
        (
            "The country does not require that firearms marking include the name of the manufacturer "
            "or the place of manufacture.",
            ["the name of the manufacturer", "the place of manufacture"],
        ),
        (
            "Peru does not require appropriate marking of firearms manufactured within its territory "
            "nor of those that are imported.",
            ["firearms manufactured within its territory", "those that are imported"],
        ),
        ("The country has neither a drug strategy nor a drug observatory.", ["a drug strategy", "a drug observatory"]),
        ("No studies or research on drug use have been carried out.", ["studies", "research on drug use"]),
        ("The country lacks a drug observatory.", ["a drug observatory"]),
        ("The health centres do not follow-up.", ["follow-up"]),
    ],
)
def test_each_denied_alternative_has_the_words_that_name_it(say, text, foci):
    assert [focus for _, _, focus, _ in say(text, where=5).drafts] == foci


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("The country possesses a drug observatory.", "has"),
        ("The country has adopted a national drug strategy.", "has"),
        ("There are laws on controlled delivery.", "has"),
        ("The law includes rules on controlled delivery.", "has"),
        ("The training includes rules on controlled delivery.", "other"),
        ("The country criminalizes money laundering.", "does"),
        ("Drug information is disseminated to all parties.", "does"),
        ("The country intends to establish a drug observatory.", "plans"),
        ("The country is to establish a drug observatory.", "plans"),
        ("The purpose of the study was to measure drug use.", "other"),
        ("The country takes part in courses on drug trafficking.", "participates"),
        ("The legislation complies with the conventions on drugs.", "other"),
        ("The country does not take part in courses on drug trafficking.", "lacks"),
    ],
)
def test_modality_comes_from_the_predicate(say, text, modality):
    assert [found for _, found, _, _ in say(text).drafts] == [modality]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("The country has drug courts.", {"alternatives-to-incarceration"}),
        ("The country offers aftercare.", {"recovery-support"}),
        ("Treatment centers are accredited.", {"treatment-accreditation"}),
        ("The country permits extradition for money laundering.", {"extradition"}),
        ("The country has a register of seized firearms.", {"firearms-register"}),
        (
            "The country works with other countries against money laundering.",
            {"money-laundering", "international-cooperation"},
        ),
        ("The country criminalized the acts set out in the Convention on Psychotropic Substances.", {"drug-offences"}),
    ],
)
def test_a_finding_has_the_narrowest_topics_that_its_words_name(say, text, topics):
    ((*_, found),) = say(text, where=99).drafts
    assert set(found) == topics


def test_words_that_name_no_topic_take_up_the_sentence_they_refer_to(say):
    said = say("The country has protocols on precursors. These protocols include safety measures.", where=16)
    assert [topics for *_, topics in said.drafts] == [("chemical-control",), ("chemical-control",)]


def test_words_that_take_up_nothing_have_the_matter_of_the_chapter(say):
    assert [topics for *_, topics in say("The country has procedures.", where=25).drafts] == [("money-laundering",)]


def test_an_exception_is_kept_and_the_finding_stays_an_achievement(edition):
    found = {one.evidence.key: one for one in edition.findings if one.exception}
    assert {key: one.exception.quote for key, one in found.items()} == {
        "17/s4a": "with some exceptions for domestic users",
        "conclusions/s27a": "with the exception of exported firearms",
    }
    assert {one.polarity for one in found.values()} == {"achievement"}


def test_each_does_not_and_has_not_of_the_report_is_read_as_it_stands(edition):
    """The 23 sentences with a denial in the verb group: one is about the mechanism, one is a count of zero."""
    denials = ("does not", "do not", "has not", "did not")
    met = [one for one in edition.passages if any(words in one.span.quote for words in denials)]
    deficient = {one.evidence.passage for one in edition.findings if one.polarity == "deficiency"}
    apart = [one.key for one in met if one not in deficient]
    assert len(met) == 23
    assert apart == ["preface/s6", "14/s5"]


def test_every_rule_takes_its_own_example(say, coding, edition):
    """Verbs, copulas and denials: the sentence given as example is understood."""
    dumb = []
    kinds = [cue for kind in ("verb", "copula", "lacking", "absence", "denial") for cue in coding.of(kind)]
    for cue in kinds:
        for example in cue.examples:
            place = example.origin.rsplit("/", 1)[-1]
            country = "CHL" if "Chile" in example.text else "PER"
            if not say(example.text, int(place) if place.isdigit() else 24, country).drafts:
                dumb.append((cue.id, example.text))
    assert len(kinds) > 250
    assert dumb == []


def test_every_rule_has_an_example_and_says_where_it_is_from(coding, edition):
    places = {f"PER-R6/{one.where}" for one in edition.passages}
    quotes = {" ".join(one.span.quote.replace("¹", "").split()) for one in edition.passages}
    for cue in coding:
        if cue.kind == "matter":
            continue
        assert cue.examples, cue.id
        for example in cue.examples:
            assert example.origin == rules.MADE_UP or example.origin in places, cue.id
            printed = " ".join(example.text.replace("¹", "").split()) in quotes
            assert printed == (example.origin != rules.MADE_UP), (cue.id, example.text)
