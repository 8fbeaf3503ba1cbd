"""The whole reading: the same however the report is arranged, whoever it is about; and what is wrong with a text."""

import random
import re
import textwrap
from collections import Counter

import pytest

from mem_graph.errors import ParseError, UnknownTerm
from mem_graph.reading import audit, held_out, report
from mem_graph.reading.page import sections, sentences
from mem_graph.reading.rules import without_examples

AREAS = "INSTITUTIONAL STRENGTHENING|DEMAND REDUCTION|SUPPLY REDUCTION|CONTROL MEASURES|INTERNATIONAL COOPERATION"
CHAPTER = re.compile(rf"(?=\n(?:{AREAS})\n\nRECOMMENDATION \d+\n)")


def said(edition, country="Peru", topics=True):
    """What an edition says, whatever the order: each finding with its sentence and place, ratings, references."""
    found = Counter()
    for one in edition.findings:
        quote = " ".join(one.evidence.passage.span.quote.split()).replace(country, "Peru")
        focus = " ".join(one.focus.quote.split()).replace(country, "Peru")
        instruments = tuple((to.treaty, to.relation, to.articles) for to in one.instruments)
        place = one.evidence.passage.where
        found[place, quote, focus, one.polarity, one.modality, one.topics if topics else (), instruments] += 1
    ratings = {one.recommendation: (one.area, one.rating) for one in edition.assessments}
    return found, ratings, len(edition.not_understood), [problem.code for problem in edition.problems]


def rearranged(text, words, coding, order):
    """A report with the sentences of each chapter in another order, in one paragraph."""
    parts = []
    for block in sections.split(text, words, coding):
        whole = text[block.start : block.end]
        if block.kind == "chapter":
            quotes = [" ".join(span.quote.split()) for span in sentences.split(text, block.start, block.end, coding)]
            whole = f"{' '.join(order(quotes))}\n\n\n\n"
        parts.append(whole)
    return "".join(parts)


@pytest.fixture(scope="module")
def denying(edition):
    """The sentences with a deficiency."""
    found = (one for one in edition.findings if one.polarity == "deficiency")
    return {" ".join(one.evidence.passage.span.quote.split()) for one in found}


def test_deficiencies_read_the_same_before_the_achievements(edition, peru, parse, words, coding, denying):
    text = rearranged(peru.text, words, coding, lambda quotes: sorted(quotes, key=lambda quote: quote not in denying))
    assert text != peru.text
    assert said(parse(text)) == said(edition)


def test_deficiencies_read_the_same_among_the_achievements(edition, peru, parse, words, coding, denying):
    def between(quotes):
        kept = [quote for quote in quotes if quote not in denying]
        for place, quote in enumerate(quote for quote in quotes if quote in denying):
            kept.insert(min(len(kept), 1 + 2 * place), quote)
        return kept

    assert said(parse(rearranged(peru.text, words, coding, between))) == said(edition)


@pytest.mark.parametrize("seed", range(3))
def test_sentences_in_any_order_have_the_same_polarity(edition, peru, parse, words, coding, seed):
    """Only what *the Convention* and *these mechanisms* take up depends on the order."""
    shuffled = rearranged(peru.text, words, coding, lambda quotes: random.Random(seed).sample(quotes, len(quotes)))
    (found, *rest), (expected, *others) = said(parse(shuffled), topics=False), said(edition, topics=False)
    assert rest == others
    assert Counter(key[:5] for key in found) == Counter(key[:5] for key in expected)


def test_chapters_in_any_order_read_the_same(edition, peru, parse):
    cover, *chapters = CHAPTER.split(peru.text)
    last, conclusions = chapters[-1].split("\nCONCLUSIONS\n")
    chapters[-1] = last
    random.Random(1).shuffle(chapters)
    text = f"{cover}{''.join(chapters)}\nCONCLUSIONS\n{conclusions}"
    assert len(chapters) == 27
    assert said(parse(text)) == said(edition)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Chile", "CHL"),
        ("Saint Vincent and the Grenadines", "VCT"),
        ("Trinidad and Tobago", "TTO"),
        ("The Bahamas", "BHS"),
        ("United States", "USA"),
        ("St. Lucia", "LCA"),
        ("Bolivia", "BOL"),
        ("El Salvador", "SLV"),
    ],
)
def test_another_country_reads_the_same(edition, peru, parse, name, code):
    other = parse(re.sub(r"\bPeru\b", name, peru.text))
    assert other.identity.country == code
    assert said(other, name) == said(edition)


def test_how_the_lines_run_makes_no_difference(edition, peru, parse):
    lines = [
        textwrap.fill(line, 60, break_long_words=False, break_on_hyphens=False) if "\t" not in line else line
        for line in peru.text.split("\n")
    ]
    assert said(parse("\n".join(lines))) == said(edition)
    assert said(parse(peru.text.replace("\n", "\r\n"))) == said(edition)
    assert said(parse(peru.text.replace("\n\n\n\n", "\n\f\n"))) == said(edition)


def test_area_headings_may_be_missing(edition, peru, parse):
    assert said(parse(re.sub(rf"\n(?:{AREAS})\n(?=\nRECOMMENDATION)", "\n", peru.text))) == said(edition)


def test_a_table_without_tabs_reads_the_same(edition, peru, parse):
    rows = [(one.recommendation, one.area, one.rating) for one in parse(peru.text.replace("\t", " ")).summary]
    assert rows == [(one.recommendation, one.area, one.rating) for one in edition.summary]


def test_which_report_it_is(edition):
    identity = edition.identity
    assert (identity.edition, identity.year, identity.period) == ("PER-R6/en/1", 2014, "2013 to mid-2014")
    assert identity.symbols == ("OEA/Ser.L/XIV.2.56", "CICAD/doc.2148/14 Add.26")
    assert {name: span.quote for name, span in identity.printed.items()} == {
        "country": "Peru",
        "round": "Sixth Round",
        "year": "2014",
        "symbols": "OEA/Ser.L/XIV.2.56\nCICAD/doc.2148/14 Add.26",
        "period": "2013 to mid-2014",
    }


@pytest.mark.parametrize(
    ("printed", "period"),
    [
        ("which covers the period from 2013 to mid-2014 and reflects the period before", "2013 to mid-2014"),
        ("which covers the 2011-2013 period", "2011-2013"),
        ("which took place between early 2013 and mid-2014, as planned", "between early 2013 and mid-2014"),
        ("which covers two years", "2013 to mid-2014"),
    ],
)
def test_the_period_ends_where_its_years_do(peru, parse, printed, period):
    """The last is told by the conclusions alone: "(2011-2015) from 2013 to mid-2014"."""
    text = peru.text.replace("which covers the 2013 to mid-2014 period", printed)
    assert text != peru.text
    assert parse(text).identity.period == period


# -- what is wrong with a text ----------------------------------------------------------------------------------------

STARTED = "Evaluation: Started\n"
FIVE = re.compile(r"DEMAND REDUCTION\n\nRECOMMENDATION 5\n.*?(?=DEMAND REDUCTION\n\nRECOMMENDATION 6\n)", re.DOTALL)
BROKEN = [
    ("an unknown rating word", lambda text: text.replace(STARTED, "Evaluation: Begun\n"), "unknown-rating", True),
    ("no rating word", lambda text: text.replace(STARTED, "Evaluation:\n"), "rating-missing", True),
    ("no evaluation line", lambda text: text.replace(STARTED, ""), "rating-missing", True),
    ("two ratings", lambda text: text.replace(STARTED, f"{STARTED}\nEvaluation: Complete\n"), "rating-doubled", True),
    ("a recommendation missing", lambda text: FIVE.sub("", text), "recommendation-missing", True),
    ("a recommendation twice", lambda text: FIVE.sub(lambda five: five[0] * 2, text), "recommendation-doubled", True),
    ("an unknown country", lambda text: text.replace("Peru\n", "Atlantis\n"), "unknown-country", True),
    ("no round", lambda text: re.sub(r"Sixth ", "", text), "unknown-round", True),
    ("a row without rating", lambda text: text.replace("\tSTARTED\n", "\n"), "broken-table", False),
    ("a row with an unknown word", lambda text: text.replace("\tSTARTED\n", "\tBEGUN\n"), "broken-table", False),
    ("a row missing", lambda text: re.sub(r"\n5\tDesign.*?\n", "\n", text), "broken-table", False),
    (
        "no table",
        lambda text: re.sub(r"SUMMARY OF.*?(?=GLOSSARY\n)", "", text, flags=re.DOTALL),
        "table-missing",
        False,
    ),
    ("another rating in the table", lambda text: text.replace("\tSTARTED\n", "\tCOMPLETE\n"), "rating-differs", False),
    ("another count", lambda text: text.replace("one started", "two started"), "count-differs", False),
    (
        "another area",
        lambda text: text.replace("SUPPLY REDUCTION\n\nRECOMMENDATION 11", "CONTROL MEASURES\n\nRECOMMENDATION 11"),
        "area-differs",
        False,
    ),
    (
        "no conclusions",
        lambda text: re.sub(r"\nCONCLUSIONS\n.*?(?=SUMMARY OF)", "\n", text, flags=re.DOTALL),
        "part-missing",
        False,
    ),
]


@pytest.mark.parametrize(("what", "change", "code", "touches"), BROKEN, ids=[what for what, *_ in BROKEN])
def test_what_is_wrong_is_listed_and_the_rest_is_read(peru, parse, what, change, code, touches):
    text = change(peru.text)
    edition = audit.checked(
        parse(text, only=None if code == "count-differs" else 24)
    )  # counts stand in the conclusions
    found = [problem for problem in edition.problems if problem.code == code]
    assert found
    assert all(problem.touches_rating == touches for problem in found)
    assert any(problem.touches_rating for problem in edition.problems) == touches
    assert all(text[problem.span.start : problem.span.end] == problem.span.quote for problem in edition.problems)
    assert len(edition.passages) >= 131
    chapter = [one.polarity for one in edition.findings if one.evidence.passage.where == 24]
    assert Counter(chapter) == {"achievement": 5, "deficiency": 5}


def test_a_rating_that_cannot_be_established_is_empty(peru, parse):
    ratings = {
        one.recommendation: one.rating for one in parse(peru.text.replace(STARTED, "Evaluation: Begun\n")).assessments
    }
    assert ratings[5] == ""
    assert sum(rating == "" for rating in ratings.values()) == 1


@pytest.mark.parametrize("text", ["Dear Sir,\nthis is a letter.", "PREFACE\n\nPeru has laws.", "\n\nx"])
def test_what_is_no_report_of_the_mechanism_is_refused(parse, text):
    with pytest.raises(ParseError) as refused:
        parse(text)
    assert refused.value.met == text.strip().splitlines()[0]


def test_a_report_of_another_round_is_refused(peru, parse):
    with pytest.raises(UnknownTerm) as refused:
        parse(peru.text.replace("Sixth", "Seventh"))
    assert refused.value.word == "Seventh Round"


def test_a_sentence_that_no_rule_takes_is_listed(peru, parse):
    weather = "The weather in Lima is pleasant."
    edition = parse(peru.text.replace("Peru offers universal", f"{weather} Peru offers universal"))
    assert [one.span.quote for one in edition.not_understood] == [weather]


# -- which rule made how much -----------------------------------------------------------------------------------------


def test_each_statement_names_a_rule(edition, coding):
    made = report.tally_rules(edition)
    known = {cue.id for cue in coding}
    built_in = {"names.table", "names.pronoun", "names.demonstrative", "names.short-plan"}
    built_in |= {"instruments.named", "quantities.tally", "study.named", "studies.term"}
    assert set(made) <= known | built_in
    assert sum(made.values()) == sum(len(found) for found in edition.statements.values()) == 372


def test_without_the_cues_of_one_chapter_the_others_read_as_before(edition, peru, words, coding):
    kept = without_examples(coding, "PER-R6/14")
    again = report.parse(peru, words, kept)
    assert 0 < len(list(coding)) - len(list(kept)) < 20
    apart = {one.evidence.passage.where for one in set(edition.findings) ^ set(again.findings)}
    assert apart <= {14, "conclusions"}


def test_held_out_chapters_keep_most_of_their_findings(peru, words, coding):
    chapters = held_out.chapters(peru, words, coding)
    assert len(chapters) == 28
    assert sum(one.findings for one in chapters) == 209
    assert sum(one.understood for one in chapters) >= 130
    assert sum(one.same_polarity for one in chapters) >= 180


@pytest.mark.parametrize(
    ("named", "known"),
    [
        ("Fourth Evaluation Round", "indicators"),
        ("Fifth Round", "indicators"),
        ("7th Evaluation Round", "objectives with priority actions"),
        ("Eighth Evaluation Round", "themes by year"),
        ("Evaluation Round VIII", "themes by year"),
    ],
)
def test_a_report_of_another_round_is_refused_with_what_is_known_of_it(parse, named, known):
    with pytest.raises(UnknownTerm) as refused:
        parse(f"Multilateral Evaluation Mechanism (MEM)\n\nPeru\n\n{named}\n\nThe country has a strategy.\n")
    assert refused.value.word == named
    assert known in str(refused.value)


def test_a_report_that_names_no_round_may_have_the_form_of_another(parse):
    text = "Mecanismo de Evaluación Multilateral (MEM)\n\nPerú\n\nACCIÓN PRIORITARIA 1.1\n\nEl país cuenta con una ley."
    with pytest.raises(UnknownTerm) as refused:
        parse(text)
    assert refused.value.note == "the Seventh Evaluation Round of 2019 evaluates objectives with priority actions"


def test_the_round_is_the_one_named_most(edition, peru, parse):
    once = parse(
        peru.text.replace("PREFACE\n", "PREFACE\n\nIn the Fifth Evaluation Round the country had other laws.\n")
    )
    assert once.identity.round == edition.identity.round
