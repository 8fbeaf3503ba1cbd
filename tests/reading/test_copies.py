"""A further file of an edition: matched on letters and digits in order; what does not match is listed."""

from pathlib import Path

import pytest

from mem_graph.errors import ParseError
from mem_graph.reading import copies, report
from mem_graph.reading.page import extract


@pytest.fixture(scope="module")
def beside(edition, words, coding):
    """Set another text beside Peru's."""

    def read(text):
        source = extract.from_bytes(text.encode(), Path("other.txt"))
        return copies.with_copy(edition, report.parse(source, words, coding), words, coding)

    return read


def test_blank_space_quotes_and_hyphens_do_not_matter(beside, edition, peru):
    chapters, heading, glossary = peru.text.rpartition("GLOSSARY")
    broken = chapters.replace("'", "\u2019").replace(". ", ".\n").replace("drug-dependent", "drug- dependent")
    found = beside(broken + heading + glossary)
    assert found.problems == ()
    (copy,) = found.copies
    assert all(passage.span in copy.spans for passage in edition.passages)
    for here, there in copy.spans.items():
        assert there.quote == copy.source.text[there.start : there.end]
        assert [*filter(str.isalnum, here.quote)] == [*filter(str.isalnum, there.quote)]


def test_a_sentence_of_one_file_only_is_listed_and_the_others_match(beside, edition, peru):
    gone = "The Strategy has a monitoring and evaluation framework. "
    assert gone in peru.text
    found = beside(peru.text.replace(gone, "").replace("These facilities carry out", "Such facilities carry out"))
    assert [(problem.code, problem.touches_rating) for problem in found.problems] == [
        ("not-in-file", False),
        ("not-in-file", False),
        ("only-in-file", False),
    ]
    assert found.problems[0].span.quote == gone.strip()
    assert "only other.txt has: Such facilities carry out" in found.problems[2].message
    assert sum(passage.span in found.copies[0].spans for passage in edition.passages) == len(edition.passages) - 2


def test_another_rating_touches_the_rating(beside, peru):
    found = beside(peru.text.replace("Evaluation: Started", "Evaluation: Complete"))
    assert [problem.message for problem in found.problems if problem.touches_rating] == [
        "recommendation 5: Started here, Complete in other.txt"
    ]


def test_another_text_is_refused(beside, peru):
    cut = peru.text.replace("Peru ", "This land ").replace("The country ", "It ").replace(" the ", " that ")
    with pytest.raises(ParseError, match="of 168 sentences are the same"):
        beside(cut)
