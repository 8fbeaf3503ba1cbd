"""Sentences: where they end, what a page end does, and the view in which rules see them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mem_graph.model import Block
from mem_graph.reading.page import sentences


def quotes(text, coding):
    return [span.quote for span in sentences.split(text, 0, len(text), coding)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Peru has laws. It has a unit.", 2),
        ("Its Financial Intelligence Unit (FIU). The country also has laws.", 2),
        ("See <http://www.cicad.oas.org>. The end.", 2),
        ("St. Lucia has laws in accordance with Art. 3 of the Convention.", 1),
        ("The U.S. Department and Mr. Smith signed No. 7 of 2012.", 1),
        ("Peru eradicated 25.5 hectares in 2013. It did so by hand.", 2),
        ("Are there laws? There are!", 2),
        ("He said \u201cyes.\u201d The country agreed.", 2),
        ("Peru has laws.\n\nIt has a unit.", 2),
        ("Peru has laws\nand a unit.", 1),
        ("the name of the manufacturer or the place\n\n\n\nof manufacture.", 1),
        ("the Republic of\n\n\n\nPeru has laws.", 1),
        ("Strengths\n\nPeru has laws.", 2),
        ("Peru has:\n\n- Laws;\n\n- Units.", 1),
        ("", 0),
        (" \n ", 0),
        ("...", 0),
    ],
)
def test_where_sentences_end(coding, text, parts):
    assert len(quotes(text, coding)) == parts


def test_a_page_end_stays_in_the_quote(coding):
    text = " the place\n\n\n\nof manufacture. "
    assert quotes(text, coding) == ["the place\n\n\n\nof manufacture."]


@given(st.text(alphabet="aB.¹ \n\f'\u2019(5)", max_size=60))
def test_spans_are_cut_from_the_text_in_order_and_lose_no_letter(coding, text):
    spans = sentences.split(text, 0, len(text), coding)
    assert all(text[span.start : span.end] == span.quote for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    kept = "".join(span.quote for span in spans)
    assert [letter for letter in kept if letter.isalpha()] == [letter for letter in text if letter.isalpha()]


@given(st.text(alphabet="aB ¹\n\u2019\u00ad.", min_size=1, max_size=40), st.data())
def test_each_part_of_a_view_leads_back_to_the_source(text, data):
    shown = sentences.view(text, 0, len(text))
    assert "  " not in shown.text
    assert len(shown.text) == len(shown.at)
    if shown.text.strip():
        start = data.draw(st.integers(0, len(shown.text) - 1))
        end = data.draw(st.integers(start + 1, len(shown.text)))
        if shown.text[start:end].strip():
            span = shown.span(start, end)
            assert span.quote == text[span.start : span.end]
            assert sentences.view(text, span.start, span.end).text == shown.text[start:end].strip()


def test_a_footnote_is_numbered_after_the_last_sentence_of_its_place(coding):
    text = "One. ¹ Note. Two."
    blocks = [Block("preface", 0, 5), Block("footnote", 5, 13), Block("preface", 13, 17)]
    numbered = sentences.number(text, blocks, coding)
    assert [(one.key, one.span.quote) for one in numbered] == [
        ("preface/s1", "One."),
        ("preface/s2", "Two."),
        ("preface/s3", "Note."),
    ]
