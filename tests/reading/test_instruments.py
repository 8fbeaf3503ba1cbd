"""Instruments: which treaty, which relation, which articles. A mention is not a ratification."""

from pathlib import Path

import pytest

CASES = [
    ("has ratified the United Nations Convention against Corruption.", "uncac-2003", "ratified", ()),
    ("ratified the CIFTA in 1999.", "cifta-1997", "ratified", ()),
    ("has acceded to the Inter-American Convention against Corruption, 1996.", "oas-corruption-1996", "acceded", ()),
    ("is a State Party to the Convention on Psychotropic Substances (1971).", "psychotropics-1971", "party", ()),
    ("has not ratified the Inter-American Convention against Corruption.", "oas-corruption-1996", "not_party", ()),
    ("has yet to accede to the Inter-American Convention against Corruption.", "oas-corruption-1996", "not_party", ()),
    ("is not a party to the Inter-American Convention on Extradition.", "oas-extradition-1981", "not_party", ()),
    ("has signed but not ratified the UNCAC.", "uncac-2003", "signed_not_ratified", ()),
    ("has denounced the Convention on Psychotropic Substances.", "psychotropics-1971", "denounced", ()),
    ("has signed the United Nations Convention against Corruption (UNCAC).", "uncac-2003", "named", ()),
    ("trains judges on the United Nations Convention against Corruption.", "uncac-2003", "named", ()),
    (
        "has laws as established under Articles 3 and 12 of the 1988 Convention.",
        "illicit-traffic-1988",
        "implements",
        ("3", "12"),
    ),
    ("criminalizes money laundering according to the terms of the UNTOC.", "untoc-2000", "implements", ()),
    (
        "has not criminalized the acts set out in Article 3 of the 1988 Convention.",
        "illicit-traffic-1988",
        "named",
        ("3",),
    ),
    ("has laws that comply with the FATF Recommendations.", "fatf-recommendations", "complies_with", ()),
    ("does not comply with the FATF recommendations on money laundering.", "fatf-recommendations", "named", ()),
    (
        "has designated a central authority pursuant to Article 7 of the 1988 Convention.",
        "illicit-traffic-1988",
        "authority",
        ("7",),
    ),
    (
        "has an authority responsible for controlling firearms, as provided for in Article 8 of the CIFTA.",
        "cifta-1997",
        "authority",
        ("8",),
    ),
    (
        "has ratified the Single Convention on Narcotic Drugs, 1961, as amended by the 1972 Protocol.",
        "narcotics-1961-amended",
        "ratified",
        (),
    ),
    ("has ratified the Single Convention on Narcotic Drugs of 1961.", "narcotics-1961", "ratified", ()),
    (
        "has ratified the Protocol against the Illicit Manufacturing of and Trafficking in Firearms, "
        "their Parts and Components, and Ammunition.",
        "untoc-protocol-firearms-2001",
        "ratified",
        (),
    ),
]


@pytest.mark.parametrize(("text", "treaty", "relation", "articles"), CASES)
def test_the_relation_is_what_the_words_say(say, text, treaty, relation, articles):
    found = say(f"The country {text}").references
    assert [(one.treaty, one.relation, one.articles) for one in found] == [(treaty, relation, articles)]


def test_a_list_of_treaties_shares_its_verb(say):
    said = say(
        "The country has ratified the CIFTA, the UNTOC of 2000 and the Convention on Psychotropic Substances, 1971."
    )
    assert [(one.treaty, one.relation) for one in said.references] == [
        ("cifta-1997", "ratified"),
        ("untoc-2000", "ratified"),
        ("psychotropics-1971", "ratified"),
    ]


def test_those_conventions_are_the_ones_last_named(say):
    said = say(
        "The country has ratified the CIFTA and the UNTOC. It has designated authorities under those Conventions."
    )
    assert [(one.treaty, one.relation, one.evidence.sureness) for one in said.references[2:]] == [
        ("cifta-1997", "authority", "rule"),
        ("untoc-2000", "authority", "rule"),
    ]


def test_the_convention_is_the_one_last_named(say):
    said = say("The country has ratified the CIFTA. It has laws as established under Article 8 of the Convention.")
    assert [(one.treaty, one.relation, one.articles) for one in said.references] == [
        ("cifta-1997", "ratified", ()),
        ("cifta-1997", "implements", ("8",)),
    ]


def test_an_unknown_convention_is_none_of_ours(say):
    said = say("The country has ratified the CIFTA. It is a party to the Convention on the Rights of the Child.")
    assert [one.treaty for one in said.references] == ["cifta-1997"]


def test_a_short_name_that_a_report_gives_is_known_in_every_chapter(say):
    said = say(
        "The country is a party to the Inter-American Convention against Corruption (hereinafter the “Caracas "
        "Convention”). It has ratified the CIFTA. The law is in line with the Caracas Convention."
    )
    assert [(one.treaty, one.relation, one.evidence.sureness) for one in said.references] == [
        ("oas-corruption-1996", "party", "printed"),
        ("cifta-1997", "ratified", "printed"),
        ("oas-corruption-1996", "complies_with", "rule"),
    ]


def test_a_short_name_given_to_two_instruments_is_that_of_neither(say):
    said = say(
        "The country has ratified the Inter-American Convention against Corruption (the “Caracas Convention”) and the "
        "Inter-American Convention on Extradition (the “Caracas Convention”). The law follows the Caracas Convention."
    )
    assert [one.treaty for one in said.references] == ["oas-corruption-1996", "oas-extradition-1981"]


def test_a_name_with_its_short_name_is_one_reference(say):
    text = (
        "The country is a party to the United Nations Convention against Illicit Traffic in Narcotic Drugs and "
        "Psychotropic Substances (the 1988 Convention)."
    )
    assert [(one.treaty, one.relation) for one in say(text).references] == [("illicit-traffic-1988", "party")]


def test_peru_says_of_three_treaties_that_it_ratified_them(edition):
    ratified = {one.treaty for one in edition.treaty_references if one.relation == "ratified"}
    assert ratified == {"illicit-traffic-1988", "untoc-2000", "oas-mla-1992"}


def relations():
    """The lines of ``relations.txt``: language, what is said of which instrument, text."""
    lines = (Path(__file__).parent / "relations.txt").read_text("utf-8").splitlines()
    return [tuple(part.strip() for part in line.split("|")) for line in lines if "|" in line]


RELATIONS = relations()


def test_the_relations_are_all_there():
    assert len(RELATIONS) == 1121


@pytest.mark.parametrize(("language", "told", "text"), RELATIONS, ids=[text[:60] for *_, text in RELATIONS])
def test_what_is_said_of_an_instrument(say, language, told, text):
    met = [" ".join((each.treaty, each.relation, *each.articles)) for each in say(text, language=language).references]
    assert "; ".join(met) == told
