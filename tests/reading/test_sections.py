"""Text to blocks: found by what it says, whole, and in the order of the text."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mem_graph.reading.page import sections

LINES = [
    "PREFACE",
    "DEMAND REDUCTION",
    "RECOMMENDATION 5",
    "Recommendation 12:",
    "DESIGN A COMPREHENSIVE SYSTEM.",
    "Evaluation: Started",
    "**Evaluation:** Complete",
    "Peru has programs.",
    "¹ A note.",
    "CONCLUSIONS",
    "SUMMARY OF THE STATUS OF COMPLIANCE WITH RECOMMENDATIONS",
    "1\tEstablish.\tCOMPLETE",
    "GLOSSARY",
    "II. DEMAND REDUCTION",
    "Term: its definition.",
    "ORGANIZATION OF AMERICAN STATES (OAS)",
    "",
    "\f",
    "  \t",
]


def kinds(text, words, coding):
    """Each block of a text with its kind, its recommendation and its words."""
    blocks = sections.split(text, words, coding)
    return [(block.kind, block.recommendation, text[block.start : block.end].strip()) for block in blocks]


def test_peru_has_its_parts(peru, words, coding):
    blocks = sections.split(peru.text, words, coding)
    assert Counter(block.kind for block in blocks) == {
        "heading": 58,
        "title": 27,
        "evaluation": 27,
        "chapter": 27,
        "cover": 1,
        "preface": 1,
        "footnote": 1,
        "conclusions": 1,
        "table": 1,
        "glossary": 1,
        "back": 1,
    }
    chapters = [block.recommendation for block in blocks if block.kind == "chapter"]
    assert chapters == list(range(1, 28))
    assert peru.text[blocks[-1].start :].startswith("ORGANIZATION OF AMERICAN STATES (OAS)")


def test_every_character_of_peru_belongs_to_one_block(peru, words, coding):
    blocks = sections.split(peru.text, words, coding)
    assert "".join(peru.text[block.start : block.end] for block in blocks) == peru.text


@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=20)), max_size=30), st.sampled_from(["\n", "\r\n"]))
def test_every_character_of_any_text_belongs_to_one_block(words, coding, lines, end):
    text = end.join(lines)
    blocks = sections.split(text, words, coding)
    assert "".join(text[block.start : block.end] for block in blocks) == text


def test_a_heading_on_each_page_or_none_makes_no_difference(words, coding):
    chapter = "RECOMMENDATION 4\n\nDEVELOP POLICIES.\n\nEvaluation: Complete\n\nPeru has programs.\n"
    plain = kinds(chapter, words, coding)
    headed = kinds(f"DEMAND REDUCTION\n\n{chapter}", words, coding)
    assert plain == headed[1:]
    assert plain == [
        ("heading", 4, "RECOMMENDATION 4"),
        ("title", 4, "DEVELOP POLICIES."),
        ("evaluation", 4, "Evaluation: Complete"),
        ("chapter", 4, "Peru has programs."),
    ]


def test_a_title_may_stand_on_three_lines_and_run_over_a_page(words, coding):
    text = "RECOMMENDATION 4\nDEVELOP AND\nIMPLEMENT\n\n\n\nPOLICIES.\nEvaluation: Complete\nPeru has programs."
    assert kinds(text, words, coding)[1] == ("title", 4, "DEVELOP AND\nIMPLEMENT\n\n\n\nPOLICIES.")
    assert kinds(text, words, coding)[-1] == ("chapter", 4, "Peru has programs.")


def test_a_chapter_without_an_evaluation_line_is_a_chapter(words, coding):
    text = "RECOMMENDATION 4\n\nDEVELOP POLICIES.\n\nPeru has programs."
    assert kinds(text, words, coding)[-1] == ("chapter", 4, "Peru has programs.")


def test_a_footnote_interrupts_and_does_not_end_what_it_stands_in(words, coding):
    text = "PREFACE\n\nOne.\n\n¹ A note\nof two lines.\n\nTwo."
    assert [kind for kind, *_ in kinds(text, words, coding)] == ["heading", "preface", "footnote", "preface"]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("Evaluation: Mostly complete", "Mostly complete"),
        ("EVALUATION: COMPLETE", "COMPLETE"),
        ("Evaluation : Begun.", "Begun"),
        ("Evaluation:", ""),
        ("Evaluation \u2013 Started", "Started"),
        ("Evaluations are regular.", None),
        ("The evaluation: complete", None),
    ],
)
def test_the_word_of_an_evaluation_line(words, coding, line, word):
    assert sections.headings(words, coding).rating_word(line) == word


def test_a_sentence_that_begins_with_recommendation_is_no_heading(words, coding):
    text = "RECOMMENDATION 4\n\nTITLE.\n\nEvaluation: Complete\n\nRecommendation 5 was met by other means."
    assert kinds(text, words, coding)[-1][0] == "chapter"


def test_markdown_signs_are_no_part_of_a_heading(peru, words, coding):
    bold = re.sub(r"^(RECOMMENDATION \d+|CONCLUSIONS|GLOSSARY)$", r"**\1**", peru.text, flags=re.MULTILINE)
    assert [kind for kind, *_ in kinds(bold, words, coding)] == [kind for kind, *_ in kinds(peru.text, words, coding)]
