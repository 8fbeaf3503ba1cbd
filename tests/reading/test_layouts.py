"""One report in many layouts: what it says is the same however its lines run and its headings are printed."""

import random
import re
import textwrap
import unicodedata
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from mem_graph import resources

MADE_UP = Path(__file__).parents[1] / "reports" / "made-up"
TEXTS = {
    "PER": (resources.data() / "reports" / "PER-R6" / "en-1.txt").read_text("utf-8"),
    "CRI": (MADE_UP / "CRI-R6-es" / "report.txt").read_text("utf-8"),
}
LINE = r"(?:Evaluation|Evaluación)"


def wrapped(text):
    """Lines of 66 characters; rows of tables stay."""
    return "\n".join(
        line if "\t" in line else textwrap.fill(line, 66, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )


def hyphenated(text):
    """Wrapped lines, a third of which end inside a word."""
    chance = random.Random(3)

    def cut(match):
        return f"{match[1][:4]}-\n{match[1][4:]} " if chance.random() < 0.3 else match[0]

    return re.sub(r"(?<![^\W\d_])([^\W\d_]{8,12})\n(?=[a-záéíóú])", cut, wrapped(text))


def paged(text):
    """Wrapped lines with a running head, a page number and a form feed at every 38th."""
    lines = wrapped(text).split("\n")
    pages = [
        line + (f"\n\n{at // 38}\n\fMEM – SIXTH ROUND\n" if at > 60 and at % 38 == 0 else "")
        for at, line in enumerate(lines)
    ]
    return "\n".join(pages)


def columns(text):
    """The table as a program prints its columns line by line: numbers and ratings stand half-way down the wording."""
    return re.sub(r"(?m)^(\d{1,2})\t(.+)\t(.+)$", beside, text)


def beside(row):
    lines = textwrap.wrap(row[2], 40, break_on_hyphens=False)
    rating, middle = row[3].split(), len(lines) // 2
    cells = dict(enumerate(rating, max(0, middle - len(rating) + 1)))
    lines += [""] * (max(cells) + 1 - len(lines))
    return "\n".join(
        f"{row[1] if at == middle else '':<6}{line:<44}{cells.get(at, '')}".rstrip() for at, line in enumerate(lines)
    )


def cells_apart(text):
    """The table as a program gives it cell by cell where it can, and line by line where it cannot."""

    def apart(row):
        lines = textwrap.wrap(row[2], 50, break_on_hyphens=False)
        lines[len(lines) // 2] += f" {row[3]}"
        return "\n".join([row[1], "", *lines, ""])

    return re.sub(r"(?m)^(\d{1,2})\t(.+)\t(.+)$", apart, text)


def narrow_headings(text):
    """Every heading of two words or more on two lines, but for those of recommendations."""
    return re.sub(r"(?m)^((?!RECOM|PER|COSTA)[^\W\d_]{5,}) ([^\W\d_]{6,})$", r"\1\n\2", text)


def dated_pages(text):
    """A head and a foot of small letters, dates and numbers on every page."""
    lines = wrapped(text).split("\n")
    foot = "\n\nfile: report-6.doc\t{}/30\n\f11/02/14, 3:4{} p.m.\n\n"
    return "".join(
        f"{line}{foot.format(at // 38, at % 10) if at > 60 and at % 38 == 0 else ''}\n" for at, line in enumerate(lines)
    )


def close_glossary(text):
    """No blank line within the glossary."""
    start = re.search(r"\nGLOS[A-Z]+\n", text).start()
    body, back = re.split(r"(?=\n(?:ORGANIZATION OF|ORGANIZACIÓN DE))", text[start:], maxsplit=1)
    return text[:start] + re.sub(r"\n{2,}", "\n", body) + "\n" + back


LAYOUTS = {
    "columns": columns,
    "cells apart": cells_apart,
    "headings on two lines": narrow_headings,
    "a heading over a page's end": lambda text: re.sub(
        r"(?m)^((?:SUMMARY|RESUMEN) .+) ([^\W\d_]+)$", "\\1\n\n12\n\n\f11\n\n\\2", text
    ),
    "pages with a date": dated_pages,
    "columns on pages with a date": lambda text: dated_pages(columns(text)),
    "glossary without blank lines": close_glossary,
    "hyphens of names taken out": lambda text: text.replace("Inter-American Convention", "InterAmerican Convention"),
    "wrapped": wrapped,
    "hyphenated": hyphenated,
    "paged": paged,
    "form feeds": lambda text: text.replace("\n\n\n\n", "\n\f"),
    "one blank line": lambda text: re.sub(r"\n{3,}", "\n\n", text),
    "no tabs": lambda text: text.replace("\t", " "),
    "title right below its number": lambda text: re.sub(r"(\nRECOM[^\n]+\d)\n\n", r"\1\n", text),
    "title beside its number": lambda text: wrapped(re.sub(r"(\nRECOM[^\n]+\d)\n\n", r"\1. ", text)),
    "rating on the next line": lambda text: re.sub(rf"({LINE}:) ", r"\1\n", text),
    "rating on two lines": lambda text: re.sub(rf"({LINE}: \w+) (\w+)", r"\1\n\2", text),
    "rating on three lines": lambda text: re.sub(rf"({LINE}:) (\w+) (\w+)", r"\1\n\2\n\3", text),
    "rating in capitals": lambda text: re.sub(rf"{LINE}: .*", lambda match: match[0].upper(), text),
    "rating with a stop": lambda text: re.sub(rf"({LINE}: .*)", r"\1.", text),
    "headings without accents": lambda text: text.replace("RECOMENDACIÓN", "RECOMENDACION").replace(
        "Evaluación:", "Evaluacion:"
    ),
    "accents apart from their letters": lambda text: unicodedata.normalize("NFD", text),
    "soft hyphens": lambda text: text.replace("Evaluation", "Evalu\u00adation").replace("Evaluac", "Evalu\u00adac"),
    "blanks that do not break": lambda text: re.sub(rf"({LINE}:) ", "\\1\u00a0", text),
    "numbered parts": lambda text: re.sub(r"\n(CONCLUSION[A-Z]+|GLOS[A-Z]+)\n", r"\nVI. \1\n", text),
    "recommendations by No.": lambda text: re.sub(r"\n(RECOM\w+) (\d+)\n", r"\n\1 No. \2\n", text),
}
WORDS_TOUCHED = ("hyphenated", "columns on pages with a date", "accents apart from their letters")
"""Layouts that are not blanks alone, by which a sentence may be read otherwise: with these all chapters are read."""


def letters(words):
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", words)))


def said(edition):
    """Ratings, findings by place and polarity, references, figures, what is wrong, and where sentences stand."""
    return (
        {one.recommendation: (one.rating, letters(one.title.printed)) for one in edition.assessments},
        Counter((one.evidence.passage.where, one.polarity) for one in edition.findings),
        Counter((one.treaty, one.relation, one.articles) for one in edition.treaty_references),
        Counter((one.measure, one.subject, one.unit, one.year, one.value) for one in edition.observations),
        [(one.recommendation, one.area, one.rating, letters(one.wording.printed)) for one in edition.summary],
        len(edition.glossary),
        len(edition.not_understood),
        [problem.code for problem in edition.problems],
        [one.where for one in edition.passages],
    )


@pytest.fixture(scope="module")
def plain(parse):
    """Both reports as they are; or of their sentences those of one chapter."""
    return lru_cache(lambda name, only: said(parse(TEXTS[name], only)))


@pytest.mark.parametrize("layout", WORDS_TOUCHED)
@pytest.mark.parametrize("name", TEXTS)
def test_a_layout_that_touches_words_makes_no_difference(parse, plain, name, layout):
    text = LAYOUTS[layout](TEXTS[name])
    assert said(parse(text)) == plain(name, None)


@pytest.mark.parametrize(("chapter", "layout"), [*enumerate(LAYOUTS, 1)])
@pytest.mark.parametrize("name", TEXTS)
def test_the_layout_makes_no_difference(parse, plain, name, chapter, layout):
    """Parts and sentences are the same in all of the report, and what is said in one chapter, each time another one."""
    text = LAYOUTS[layout](TEXTS[name])
    edition = parse(text, chapter)
    assert said(edition) == plain(name, chapter)
    assert all(one.span.quote == text[one.span.start : one.span.end] for one in edition.passages)


def test_a_report_in_a_language_that_is_not_read_is_refused(parse):
    from mem_graph.errors import UnknownTerm

    french = "Mécanisme d'évaluation multilatérale (MEM)\n\nLe pays dispose des lois et du budget dans une stratégie."
    with pytest.raises(UnknownTerm) as refused:
        parse(french)
    assert refused.value.word == "French"


def test_a_table_whose_ratings_stand_beside_the_first_line_of_the_wording_is_read(parse):
    """The made-up report on Guyana: columns by blanks, ratings in small letters beside wordings of several lines."""
    read = parse((MADE_UP / "GUY-R6-en" / "report.txt").read_text("utf-8"))
    chapters = {one.recommendation: one.rating for one in read.assessments}
    assert {row.recommendation: row.rating for row in read.summary} == chapters
    assert len(chapters) == 27
    assert not [problem.code for problem in read.problems if "table" in problem.code]
