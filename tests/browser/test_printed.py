"""Reports as a browser prints them to PDF: set in justified lines, hyphenated, with heads and feet and ruled tables."""

import html
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from mem_graph import resources
from mem_graph.graph.reference import load_reference
from mem_graph.model import Source
from mem_graph.reading import report
from mem_graph.reading.page import extract

MADE_UP = Path(__file__).parents[1] / "reports" / "made-up"
STYLES = {
    "ruled": "td {border: 1px solid; vertical-align: middle}",
    "justified": "body {font: 11pt Times; text-align: justify; hyphens: auto} td {border: 1px solid; padding: 3px}",
    "narrow": "body {font: 12pt Helvetica; width: 11cm; hyphens: auto} td {font-size: 9pt; padding: 2px}",
}
HEAD = "<p style='font-size: 8px; width: 100%; text-align: center'>MEM – Sexta Ronda de Evaluación</p>"
FOOT = (
    "<p style='font-size: 8px; width: 100%; text-align: center'><span class=pageNumber></span> de"
    " <span class=totalPages></span></p>"
)
EDGE = {"top": "2cm", "bottom": "2cm", "left": "2.5cm", "right": "2.5cm"}


def marked_up(text, style, language):
    """A report as HTML: a heading or a paragraph for each of its blocks, its rows as tables."""
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", text) if block.strip()]
    return f'<html lang="{language}"><meta charset="utf-8"><style>{style}</style>' + "".join(map(block_of, blocks))


def block_of(block):
    rows = [line.split("\t") for line in block.split("\n") if "\t" in line]
    words = " ".join(line.strip() for line in block.split("\n") if "\t" not in line)
    tag = "h2" if words.isupper() and len(words) < 90 else "p"
    table = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return (f"<{tag}>{html.escape(words)}</{tag}>" if words else "") + (f"<table>{table}</table>" if table else "")


@pytest.fixture(scope="module")
def parse():
    known = load_reference(resources.data(), "https://mem.example/")
    return lambda source: report.parse(source, known.vocabulary, known.rules)


@cache
def text_of(report):
    return (MADE_UP / report / "report.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def as_text(parse):
    """What a report says where it is a text."""
    return cache(lambda report: said(parse(Source(text_of(report), "0" * 64, "text/plain", "report.txt"))))


PRINTED = [("HND-R6-es", "ruled"), ("HND-R6-es", "justified"), ("HND-R6-es", "narrow"), ("GRD-R6-en", "narrow")]
"""In the last the same part of a treaty's name is a line of its own on three pages."""


def said(edition):
    return (
        {one.recommendation: one.rating for one in edition.assessments},
        [(one.recommendation, one.area, one.rating) for one in edition.summary],
        Counter((one.evidence.passage.where, one.polarity) for one in edition.findings),
        Counter((one.measure, one.subject, one.unit, one.year, one.value) for one in edition.observations),
        [problem.code for problem in edition.problems],
    )


@pytest.mark.suite(name="reports printed by a browser", needs="chromium", cases=len(PRINTED))
@pytest.mark.parametrize(("name", "style"), PRINTED)
def test_a_report_that_a_browser_has_printed_says_the_same(browser, parse, as_text, tmp_path, name, style):
    page = browser.new_page()
    page.set_content(marked_up(text_of(name), STYLES[style], name[-2:]))
    page.pdf(
        path=tmp_path / "report.pdf",
        display_header_footer=style != "justified",
        header_template=HEAD,
        footer_template=FOOT,
        margin=EDGE,
    )
    page.close()
    assert said(parse(extract.read(tmp_path / "report.pdf"))) == as_text(name)
    assert len(as_text(name)[1]) == 27
