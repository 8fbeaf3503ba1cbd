"""Figures: number, unit, subject and year, also where a list leaves some out; zeros in words; fractions; tallies."""

import re
from pathlib import Path

import pytest

from mem_graph.model import Passage, Span
from mem_graph.reading import studies
from mem_graph.reading.coding import codebook
from mem_graph.reading.entities import mentions, names
from mem_graph.reading.figures import fractions, numbers, quantities, tallies, years

COCA, MARIJUANA, POPPY = (("eradicated", subject, "ha") for subject in ("coca", "marijuana", "poppy"))
LABS = ("dismantled", "cocaine hydrochloride", "laboratories")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (
            "The country eradicated 10,290 hectares of coca in 2011, "
            "14,171 hectares in 2012 and 23,785 hectares in 2013.",
            [(*COCA, 2011, "10290"), (*COCA, 2012, "14171"), (*COCA, 2013, "23785")],
        ),
        (
            "In 2011, 456 hectares of marijuana and 25.50 ha of poppy were eradicated; "
            "in 2012, 300 hectares of marijuana were eradicated.",
            [(*MARIJUANA, 2011, "456"), (*POPPY, 2011, "25.5"), (*MARIJUANA, 2012, "300")],
        ),
        ("Two laboratories producing cocaine hydrochloride were dismantled in 2013.", [(*LABS, 2013, "2")]),
        (
            "The country dismantled 4 laboratories in 2012 and 5 in 2013.",
            [("dismantled", "unspecified", "laboratories", year, value) for year, value in ((2012, "4"), (2013, "5"))],
        ),
        ("Between 2011 and 2013 the country eradicated 40 ha of coca.", [(*COCA, None, "40")]),
        (
            "The country eradicated 3 hectares of coca in 2013. It did not eradicate coca in 2011 or 2012.",
            [(*COCA, 2013, "3"), (*COCA, 2011, "0"), (*COCA, 2012, "0")],
        ),
        ("No laboratories producing cocaine hydrochloride were dismantled in 2013.", [(*LABS, 2013, "0")]),
        ("The country has eradication programs in 12 districts.", []),
        ("The country conducted two studies on coca in 2013.", []),
    ],
)
def test_measured_numbers(say, text, numbers):
    assert say(text, where=14).numbers == numbers


def table(name, columns):
    """The lines of a table of cases: its columns, the text last."""
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()
    cells = (line.split("|", columns - 1) for line in lines if "|" in line and line[0] != "#")
    return [tuple(cell.strip() for cell in row) for row in cells]


DISTANCES = [
    ("en", "In {} 3 laboratories were dismantled.", "the year before", 2011),
    ("en", "{}, 3 laboratories were dismantled.", "the previous year", 2011),
    ("en", "{}, 3 laboratories were dismantled.", "in the preceding year", 2011),
    ("en", "{}, 3 laboratories were dismantled.", "the prior year", 2011),
    ("en", "{}, 3 laboratories were dismantled.", "the year earlier", 2011),
    ("en", "{}, 3 laboratories were dismantled.", "a year earlier", 2011),
    ("en", "{}, 3 laboratories were dismantled.", "the year previously", 2011),
    ("en", "{}, 3 laboratories were dismantled.", "the following year", 2013),
    ("en", "{}, 3 laboratories were dismantled.", "in the next year", 2013),
    ("en", "{}, 3 laboratories were dismantled.", "the subsequent year", 2013),
    ("en", "{}, 3 laboratories were dismantled.", "in the year that followed", 2013),
    ("en", "{}, 3 laboratories were dismantled.", "in the year which had preceded", 2011),
    ("en", "{}, 3 laboratories were dismantled.", "in the year thereafter", 2013),
    ("en", "{}, 3 laboratories were dismantled.", "two years earlier", 2010),
    ("en", "{}, 3 laboratories were dismantled.", "two years later", 2014),
    ("en", "{}, 3 laboratories were dismantled.", "the year after", 2013),
    ("en", "{}, 3 laboratories were dismantled.", "a year later", 2013),
    ("en", "{}, 3 laboratories were dismantled.", "that year", 2012),
    ("en", "{}, 3 laboratories were dismantled.", "in the same year", 2012),
    ("en", "{}, 3 laboratories were dismantled.", "in that same year", 2012),
    ("en", "{}, 3 laboratories were dismantled.", "in the latter year", 2012),
    ("en", "{}, 3 laboratories were dismantled.", "the last of these years", 2012),
    ("en", "{}, 3 laboratories were dismantled.", "twelve months earlier", 2011),
    ("en", "{}, 3 laboratories were dismantled.", "one year later", 2013),
    ("en", "{}, 3 laboratories were dismantled.", "a year before", 2011),
    ("en", "{}, 3 laboratories were dismantled.", "in the last of the two years", 2012),
    ("en", "{}, 3 laboratories were dismantled.", "in this last year", 2012),
    ("en", "{}, 3 laboratories were dismantled.", "in the second half of that year", 2012),
    ("es", "{} se desmantelaron 3 laboratorios.", "en ese año", 2012),
    ("es", "{} se desmantelaron 3 laboratorios.", "en el segundo semestre del mismo año", 2012),
    ("es", "{} se desmantelaron 3 laboratorios.", "en el último de estos años", 2012),
    ("es", "{} se desmantelaron 3 laboratorios.", "en este último año", 2012),
    ("es", "{} se desmantelaron 3 laboratorios.", "doce meses antes", 2011),
    ("es", "{} se desmantelaron 3 laboratorios.", "un año previamente", 2011),
    ("es", "{} se desmantelaron 3 laboratorios.", "el año anterior", 2011),
    ("es", "{} se desmantelaron 3 laboratorios.", "en el año previo", 2011),
    ("es", "{} se desmantelaron 3 laboratorios.", "el año precedente", 2011),
    ("es", "{} se desmantelaron 3 laboratorios.", "al año siguiente", 2013),
    ("es", "{} se desmantelaron 3 laboratorios.", "en el año posterior", 2013),
    ("es", "{} se desmantelaron 3 laboratorios.", "un año antes", 2011),
    ("es", "{} se desmantelaron 3 laboratorios.", "un año atrás", 2011),
    ("es", "{} se desmantelaron 3 laboratorios.", "un año después", 2013),
    ("es", "{} se desmantelaron 3 laboratorios.", "un año más tarde", 2013),
    ("es", "{} se desmantelaron 3 laboratorios.", "ese año", 2012),
    ("es", "{} la policía desmanteló 3 laboratorios.", "aquel año", 2012),
    ("es", "{}, 3 laboratorios fueron desmantelados.", "en ese mismo año", 2012),
    ("es", "{} fueron desmantelados 3 laboratorios.", "ese año", 2012),
    ("es", "{} los agentes desmantelaron 3 laboratorios.", "durante ese año", 2012),
    ("es", "{} se desmantelaron 3 laboratorios.", "en el mismo año", 2012),
    ("es", "{} se desmantelaron 3 laboratorios.", "durante este año", 2012),
    ("es", "{} se desmantelaron 3 laboratorios.", "año en que", 2012),
    ("es", "{} se desmantelaron 3 laboratorios.", "año en el que", 2012),
]


@pytest.mark.parametrize(("tag", "text", "words", "year"), DISTANCES)
@pytest.mark.parametrize("opens", [True, False])
def test_a_year_by_its_distance_from_the_one_said_before_also_at_the_opening(coding, tag, text, words, year, opens):
    rules, told = coding.languages[tag], text.format(words)
    shown = told[0].upper() + told[1:] if opens else f"; {told}"
    assert [when.year for when in years.times(shown, 2012, rules)] == [year]
    assert years.times(shown, None, rules) == ()


def test_each_wording_of_a_distance_is_tried(coding):
    for language, rules in coding.languages.items():
        tried = [words for tag, _, words, _ in DISTANCES if tag == language]
        for line in rules.words("years_apart"):
            wording = re.compile(line.rsplit(" ", 1)[0].split("(?=")[0], re.IGNORECASE)
            assert any(wording.fullmatch(words) for words in tried), line


FIGURES = table("figures.txt", 3)


def test_the_figures_are_all_there():
    assert len(FIGURES) == 2037


@pytest.mark.parametrize(("language", "told", "text"), FIGURES, ids=[text[:60] for *_, text in FIGURES])
def test_figures_of_sentences_as_reports_write_them(say, language, told, text):
    numbers = say(text, language=language).numbers
    met = [", ".join((*names, str(year or "-"), value)) for *names, year, value in numbers]
    assert sorted(met) == sorted(figure.strip() for figure in told.split(";") if figure.strip())


@pytest.mark.parametrize(
    ("language", "text", "methods"),
    [
        (
            "es",
            "La Policía erradicó por aspersión 100 hectáreas de coca en 2012 y 47 en 2013, al tiempo que los grupos "
            "móviles arrancaron a mano 30 y 22 hectáreas, respectivamente.",
            ["by spraying", "by spraying", "manually", "manually"],
        ),
        ("en", "In 2013 the country manually eradicated 5 ha of coca and seized 8 kg of cocaine.", ["manually", None]),
        ("en", "In 2013, 5 ha of coca were eradicated by hand and 9 ha of poppy were destroyed.", ["manually", None]),
    ],
)
def test_a_method_belongs_to_its_verb(say, language, text, methods):
    assert say(text, language=language).methods == methods


COUNTS = table("counts.txt", 4)


def test_the_counts_are_all_there():
    assert len(COUNTS) == 214


@pytest.mark.parametrize(("language", "kind", "told", "text"), COUNTS, ids=[text[:60] for *_, text in COUNTS])
def test_fractions_tallies_and_studies_as_reports_write_them(words, coding, language, kind, told, text):
    rules = coding.languages[language]
    met = sentence(text, words, rules, "conclusions" if kind == "tally" else 3)
    if kind == "fraction":
        found = [f"{one.part}/{one.whole}" for one in fractions.fractions(met, rules)]
    elif kind == "tally":
        found = [f"{one.rating} {one.count}" for one in tallies.tallies(met, rules)]
    else:
        drafts = codebook.read(met, codebook.Context(), rules).drafts
        found = [f"{one.title.quote} ({one.year or '-'})" for one in studies.studies(met, drafts, "PER", rules)]
    assert sorted(found) == sorted(one.strip() for one in told.split(";") if one.strip())


def sentence(text, words, rules, where="conclusions"):
    finder = names.finder(words, rules, "PER")
    passage = Passage(where, 1, Span(text, 0, len(text)))
    (found,) = mentions.sentences(text, [passage], finder, rules)
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The country has all of the priority studies (3 of 3).", [(3, 3, "priority studies")]),
        ("The country has 7 of the 10 priority studies.", [(7, 10, "priority studies")]),
        ("The country has 7 out of 10 studies and 1 of 2 plans.", [(7, 10, "studies"), (1, 2, "plans")]),
        ("The country has studies of 2011.", []),
    ],
)
def test_fractions(words, coding, text, found):
    met = fractions.fractions(sentence(text, words, coding), coding)
    assert [(one.part, one.whole, one.of.quote) for one in met] == found


@pytest.mark.parametrize(
    "text",
    [
        "Peru has completed 16, five mostly completed, three partially completed, one started and two not started.",
        "Of these, 16 are complete, five are mostly complete, three partially complete, "
        "one was started and two have not been started.",
        "Sixteen are rated as complete, 5 mostly complete, 3 partially complete, 1 started and 2 not started.",
    ],
)
def test_tallies(words, coding, text):
    found = tallies.tallies(sentence(text, words, coding), coding)
    assert [(one.rating, one.count) for one in found] == [
        ("Complete", 16),
        ("Mostly complete", 5),
        ("Partially complete", 3),
        ("Started", 1),
        ("Not started", 2),
    ]


def test_a_sentence_with_one_count_counts_no_ratings(words, coding):
    assert tallies.tallies(sentence("Peru has completed 2 studies.", words, coding), coding) == ()


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("es", "Se incautaron 1,850 kg de cocaína en 2012 y 12,345.6 kg de marihuana en 2013.", "1850"),
        ("es", "Se incautaron 1.850 kg de cocaína en 2012 y 12.345,6 kg de marihuana en 2013.", "1850"),
        ("es", "Se incautaron 1,85 kg de cocaína en 2012 y 12.345,6 kg de marihuana en 2013.", "1.85"),
        ("es", "Se incautaron 1,850 kg de cocaína en 2012.", "1850"),
        ("es", "Se incautaron 1.850 kg de cocaína en 2012.", "1850"),
        ("es", "Se incautaron 0,850 kg de cocaína en 2012.", "0.85"),
        ("es", "Se incautaron 12.7 kg de cocaína en 2012.", "12.7"),
        ("es", "Se incautaron 1,850 kg de cocaína y 12,7 kg de heroína en 2012.", "1.85"),
        ("es", "Se incautaron 1,850 kg de cocaína y 12.7 kg de heroína en 2012.", "1850"),
        ("en", "The police seized 1.850 kg of cocaine in 2012 and 12.345,6 kg of marijuana in 2013.", "1850"),
        ("en", "The police seized 1.85 kg of cocaine in 2012 and 12,345.6 kg of marijuana in 2013.", "1.85"),
    ],
)
def test_numbers_have_the_signs_that_their_report_uses(coding, language, text, value):
    rules = numbers.in_signs_of(text, coding.languages[language])
    assert numbers.value_of(next(numbers.numbers_in(text, 0, len(text), rules))[0], rules) == value


TABLE = "{head}\t2011\t2012\t2013\nCocaine (kg)\t1,204.5\t980\t-\nLaboratories dismantled\t3\t5\t0"


@pytest.mark.parametrize("gap", ["\t", "   "])
def test_a_table_of_figures_is_read_cell_by_cell(words, coding, gap):
    """What a row does not say, the sentence before says; a sign that there is no figure makes none."""
    rules = coding.languages["en"]
    shown = sentence(TABLE.format(head="Drug").replace("\t", gap), words, rules, 22)
    seen = quantities.observations(shown, (), rules, "The quantities of drugs seized are as follows:")
    assert [(one.measure, one.unit, one.year, one.value) for one in seen] == [
        ("seized", "kg", 2011, "1204.5"),
        ("seized", "kg", 2012, "980"),
        ("dismantled", "laboratories", 2011, "3"),
        ("dismantled", "laboratories", 2012, "5"),
        ("dismantled", "laboratories", 2013, "0"),
    ]
    assert [one.printed.quote for one in seen] == ["1,204.5", "980", "3", "5", "0"]
