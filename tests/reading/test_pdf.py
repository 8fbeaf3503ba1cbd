"""A report as a PDF file, with pages, running heads and a wrapped table, says what its text says."""

import re
from pathlib import Path

import pytest

from mem_graph.reading import report
from mem_graph.reading.page import extract

HEAD = "MEM - Evaluation report"


@pytest.fixture(scope="module")
def from_pdf(printed, peru, words, coding):
    """Peru's report, printed and read."""
    source = extract.from_bytes(printed(peru.text, HEAD), Path("peru.pdf"))
    return report.parse(source, words, coding)


def plain(words):
    """Letters and digits alone, without the head of a page that ends within: a page may wrap a line anywhere."""
    return "".join(filter(str.isalnum, re.sub(rf"{HEAD}\s*\d+", "", words)))


def test_the_pdf_gives_the_same_identity_and_no_problem(from_pdf, edition):
    there, here = from_pdf.identity, edition.identity
    assert (there.edition, there.symbols, there.year, there.period) == (
        here.edition,
        here.symbols,
        here.year,
        here.period,
    )
    assert from_pdf.problems == edition.problems == ()


def test_the_pdf_gives_the_same_statements(from_pdf, edition):
    def findings(of):
        return [
            (one.evidence.key, one.polarity, one.modality, plain(one.focus.quote), one.topics, one.actors)
            for one in of.findings
        ]

    assert findings(from_pdf) == findings(edition)
    assert len(findings(from_pdf)) == 149 + 60
    for kind, statements in edition.statements.items():
        assert [one.evidence.key for one in from_pdf.statements[kind]] == [one.evidence.key for one in statements], kind


def test_the_pdf_gives_the_same_table_and_glossary(from_pdf, edition):
    def rows(of):
        return [(row.recommendation, row.area, row.rating, plain(row.wording.quote)) for row in of.summary]

    assert rows(from_pdf) == rows(edition)
    assert len(rows(from_pdf)) == 27
    assert [plain(entry.entry.quote) for entry in from_pdf.glossary] == [
        plain(entry.entry.quote) for entry in edition.glossary
    ]
