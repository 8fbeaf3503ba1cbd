"""Names: which body, plan or place is meant, in which words, and what is a part of what."""

import re
from pathlib import Path

import pytest

from mem_graph import resources
from mem_graph.model import Passage, Span
from mem_graph.reading.entities import mentions, names
from mem_graph.reading.page import sentences
from mem_graph.reading.page.sentences import view


def of(kind, said):
    return [(key, words) for found, key, words in said.names if found == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DEVIDA's budget and the National Commission for Development and Life without Drugs (DEVIDA) agree.", 2),
        ("The Peruvian National Police (PNP) Executive Anti-drug Directorate (DIREJANDRO) has protocols.", 2),
        ("The National Police of Peru has protocols.", 1),
        ("The country uses Global Positioning Systems (GPS) and private institutions.", 0),
        ("The relevant actors and non-governmental organizations (NGOs) take part.", 0),
        ("The OASIS programme and the CORAHS are not meant.", 0),
    ],
)
def test_how_many_bodies_a_sentence_names(say, text, expected):
    assert len(of("institution", say(text))) == expected


def test_one_body_is_one_node_however_it_is_printed(say):
    text = "The Executive Drug Control Directorate, the Executive Anti-drug Directorate and DIREJANDRO have protocols."
    assert {key for key, _ in of("institution", say(text))} == {"PER/direjandro"}


def test_a_body_not_in_the_tables_is_known_by_its_form_and_then_by_its_acronym(say):
    said = say(
        "The National Council on Drug Abuse (NCDA) coordinates drug policy. The NCDA has a budget.", country="JAM"
    )
    assert of("institution", said) == [
        ("JAM/ncda", "National Council on Drug Abuse (NCDA)"),
        ("JAM/ncda", "NCDA"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "council", "centre"),
    [
        (
            "en",
            "The National Drug Council (NDC) sets policy. The NDC has a budget. "
            "The National Data Centre (NDC) keeps statistics. The NDC trains analysts.",
            "national-drug-council",
            "national-data-centre",
        ),
        (
            "es",
            "El Consejo Nacional de Drogas (CND) dicta la política. El CND tiene presupuesto. "
            "El Centro Nacional de Datos (CND) lleva estadísticas. El CND capacita a analistas.",
            "consejo-nacional-de-drogas",
            "centro-nacional-de-datos",
        ),
    ],
)
def test_one_acronym_may_belong_to_two_bodies(words, coding, language, text, council, centre):
    """Each time it stands for the one last printed with it, and that is less sure."""
    read = [
        name for sentence in read_alone(words, coding.languages[language], text) for name in sentence.of("institution")
    ]
    assert [(name.key.split("/")[1], name.sureness) for name in read] == [
        (council, "printed"),
        (council, "fuzzy"),
        (centre, "printed"),
        (centre, "fuzzy"),
    ]


def test_two_bodies_joined_by_and_are_two(say):
    text = "The Ministry of Health and the Ministry of National Security share drug information."
    assert of("institution", say(text, country="JAM")) == [
        ("JAM/ministry-of-health", "Ministry of Health"),
        ("JAM/ministry-of-national-security", "Ministry of National Security"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "bodies"),
    [
        ("en", "The NDEA and the Armed Forces share data.", ["NDEA", "Armed Forces"]),
        (
            "en",
            "UCW and the Catholic University of the West (UCAW) signed an agreement.",
            ["UCW", "Catholic University of the West (UCAW)"],
        ),
        ("en", "The HIV and Drugs Commission has a budget.", ["HIV and Drugs Commission"]),
        (
            "en",
            "The Institute for the Prevention of Alcoholism, Drug Addiction and Gambling (IPAG) trains staff.",
            ["Institute for the Prevention of Alcoholism, Drug Addiction and Gambling (IPAG)"],
        ),
        (
            "en",
            "The National Office for Drugs, Tobacco and Alcohol publishes data.",
            ["National Office for Drugs, Tobacco and Alcohol"],
        ),
        (
            "en",
            "The Analysis Office, the Police and the Ministry of Health (MOH) share data.",
            ["Analysis Office", "Ministry of Health (MOH)"],
        ),
        (
            "en",
            "The General Directorate of Drug Regulation keeps a register.",
            ["General Directorate of Drug Regulation"],
        ),
        ("en", "The National Council for Drug Control Act provides for penalties.", []),
        (
            "es",
            "El Instituto para la Prevención del Alcoholismo, la Drogadicción y el Juego (IPAJ) capacita al personal.",
            ["Instituto para la Prevención del Alcoholismo, la Drogadicción y el Juego (IPAJ)"],
        ),
        (
            "es",
            "La Unidad de Análisis, la Policía y el Ministerio de Salud (MINSA) comparten datos.",
            ["Unidad de Análisis", "Ministerio de Salud (MINSA)"],
        ),
    ],
)
def test_where_the_name_of_a_body_begins_and_ends(say, language, text, bodies):
    """*And* and commas stand inside a name or between two; an acronym closes the whole of a list."""
    acronyms = "The National Drug Enforcement Agency (NDEA) and the University College of the West (UCW) met. "
    said = say((acronyms if language == "en" else "") + text, country="JAM", language=language)
    found = [printed for _, printed in of("institution", said)]
    assert found[2 if language == "en" else 0 :] == bodies


def test_a_body_of_another_country_is_not_the_one_of_the_tables(say):
    assert of("institution", say("The Financial Intelligence Unit (FIU) has a budget.", country="CHL")) == [
        ("CHL/fiu", "Financial Intelligence Unit (FIU)")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Jamaica's national drug authority is the National Council on Drug Abuse (NCDA). {}",
        "The National Council on Drug Abuse (NCDA) is the national drug authority. {}",
        "{} The country's national drug authority is the National Council on Drug Abuse (NCDA).",
    ],
)
def test_a_description_stands_for_the_body_that_the_report_says_it_is(say, text):
    said = say(text.format("A national drug authority has a budget."), where=1, country="JAM")
    assert ("JAM/ncda", "A national drug authority") in of("institution", said)


def test_a_description_stands_for_nobody_where_the_report_does_not_say_for_whom(say):
    assert of("institution", say("The country has a national drug authority.", where=1)) == []


def test_this_directorate_is_the_one_last_named(say):
    said = say("DIREJANDRO and the Executive Anti-drug Directorate have protocols. This Directorate collects data.")
    assert of("institution", said)[-1] == ("PER/direjandro", "This Directorate")


def test_it_is_the_subject_of_the_sentence_before(edition):
    found = [one for one in edition.mentions if one.evidence.rule == "names.pronoun"]
    assert [(one.about, one.evidence.key, one.printed.quote) for one in found] == [("PER/esandro", "16/s6a", "it")]


def test_a_name_is_masked_so_that_its_words_say_nothing(say):
    assert say("The National Commission for Development and Life without Drugs coordinates drug policy.").signs == "+"


def test_the_evaluated_country_is_no_place_and_another_is(say):
    assert of("place", say("Peru and Chile met in Santiago.")) == [("CHL/chile", "Chile"), ("CHL/santiago", "Santiago")]
    assert of("place", say("Peru and Chile met.", country="CHL")) == [("PER/peru", "Peru")]


@pytest.mark.parametrize(
    ("text", "key", "years"),
    [
        ("The National Drug Plan 2010-2015 covers prevention.", "JAM/national-drug-plan-2010-2015", (2010, 2015)),
        ("The National Strategy on Drugs 2012 covers prevention.", "JAM/national-strategy-on-drugs-2012", (2012, None)),
    ],
)
def test_a_plan_not_in_the_tables_is_known_by_its_form(words, coding, text, key, years):
    found = names.find(view(text, 0, len(text)), names.finder(words, coding, "JAM"))
    assert [(name.key, name.years, name.known) for name in found if name.kind == "plan"] == [(key, years, False)]


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("The {} functions under the {}.", 0, 1),
        ("The {} of the {} has a budget.", 0, 1),
        ("The {}'s {} has a budget.", 1, 0),
        ("As part of the {}, the {} has a budget.", 1, 0),
        ("The {}, which is attached to the {}, has a budget.", 0, 1),
        ("The {} reports to the {}.", 0, 1),
    ],
)
def test_what_is_a_part_of_what(words, coding, text, part, whole):
    bodies = ("National Drug Council (NDC)", "Ministry of Justice (MJ)")
    printed = text.format(*bodies)
    finder = names.finder(words, coding, "JAM")
    passage = Passage(1, 1, Span(printed, 0, len(printed)))
    (sentence,) = mentions.sentences(printed, [passage], finder, coding)
    keys = ("JAM/ndc", "JAM/mj")
    assert [(one.institution, one.part_of) for one in mentions.affiliations(sentence, coding)] == [
        (keys[part], keys[whole])
    ]


def test_the_tables_of_authority_are_sorted_and_each_name_has_its_reason():
    tables = resources.read_tables(resources.data() / "tables")
    for table in ("institutions", "institution-names", "plans", "plan-names", "places"):
        keys = [row["key"] for row in tables[table]]
        assert keys == sorted(keys)
    assert all(row["reason"] for table in ("institution-names", "plan-names") for row in tables[table])
    printed = [(row["key"].split("/")[0], row["printed"]) for row in tables["institution-names"]]
    assert len(printed) == len(set(printed))
    assert {row["key"] for row in tables["institution-names"]} == {row["key"] for row in tables["institutions"]}
    assert {row["key"] for row in tables["plan-names"]} == {row["key"] for row in tables["plans"]}


def test_what_a_body_or_a_plan_is_called_in_spanish_is_one_of_its_names():
    """The years of a plan are read beside its name, and are part of its title alone."""
    tables = resources.read_tables(resources.data() / "tables")
    names_of = {(row["key"], row["printed"]) for table in ("institution", "plan") for row in tables[f"{table}-names"]}
    titles = [(row["thing"].partition("/"), row["name"]) for row in tables["spanish-names"]]
    called = {(key, re.sub(r" \d{4}(?:-\d{4})?$", "", name)) for (kind, _, key), name in titles if kind in KINDS}
    assert len(called) > 50
    assert called <= names_of


KINDS = ("institution", "plan")


def cases(name):
    """The lines of a file of cases: language, what is read, the sentence."""
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()
    return [tuple(part.strip() for part in line.split("|", 2)) for line in lines if "|" in line and line[0] != "#"]


NAMES, PARTS = cases("names.txt"), cases("parts.txt")


def test_the_names_are_all_there():
    assert len(NAMES) == 742


@pytest.mark.parametrize(("language", "bodies", "text"), NAMES, ids=[text[:50] for *_, text in NAMES])
def test_bodies_are_known_by_the_form_of_their_names(words, coding, language, bodies, text):
    """Names that stand in no table, in both languages."""
    read = read_alone(words, coding.languages[language], text)
    met = {name.words for sentence in read for name in sentence.of("institution") if name.sureness == "printed"}
    assert met == {name.strip() for name in bodies.split(";") if name.strip()}


def read_alone(words, spoken, text):
    """The sentences of a text with their names, as in a report of a country of which no table has a body."""
    finder = names.finder(words, spoken, {"en": "BRB", "es": "HND"}[spoken.language])
    passages = [Passage(3, at, span) for at, span in enumerate(sentences.split(text, 0, len(text), spoken), 1)]
    return mentions.sentences(text, passages, finder, spoken)


def test_the_parts_are_all_there():
    assert len(PARTS) == 248


@pytest.mark.parametrize(("language", "told", "text"), PARTS, ids=[text[:70] for *_, text in PARTS])
def test_what_a_sentence_says_is_a_part_of_what(words, coding, language, told, text):
    spoken = coding.languages[language]
    read = read_alone(words, spoken, text)
    names = {name.key: name.words for sentence in read for name in sentence.of("institution") if name.known is False}
    met = {(one.institution, one.part_of) for sentence in read for one in mentions.affiliations(sentence, spoken)}
    assert {" < ".join(map(names.__getitem__, pair)) for pair in met} == {
        one.strip() for one in told.split(";") if one.strip()
    }
