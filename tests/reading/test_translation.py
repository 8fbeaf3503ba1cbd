"""A translation is tied to the edition of record by place, never by likeness; what is not tied is listed."""

from collections import Counter
from dataclasses import replace

import pytest

from mem_graph.model import Passage
from mem_graph.reading.translation import translated


@pytest.fixture(scope="module")
def spanish(edition):
    """Peru's report as if it were the Spanish edition: as faithful as a translation can be."""
    return replace(edition, identity=replace(edition.identity, language="es", symbols=("OEA/Ser.L/XIV.2.56",)))


def codes(edition):
    return Counter(problem.code for problem in edition.problems)


def test_a_faithful_translation_is_tied_finding_by_finding(spanish, edition):
    found = translated(spanish, edition)
    assert found.translation.of == "PER-R6/en/1"
    assert found.translation.statements == {one.evidence.key: one.evidence.key for one in edition.findings}
    assert len(found.translation.statements) == 149 + 60
    assert codes(found) == {}


def test_a_place_with_more_sentences_is_listed_and_not_tied(spanish, edition):
    last = [passage for passage in spanish.passages if passage.where == 24][-1]
    further = Passage(24, last.number + 1, last.span)
    found = translated(replace(spanish, passages=(*spanish.passages, further)), edition)
    assert codes(found) == {"translation-not-tied": 1}
    assert "recommendation 24 has 10 sentences here and 9" in found.problems[-1].message
    assert not [key for key in found.translation.statements if key.startswith("24/")]
    assert [key for key in found.translation.statements if key.startswith("23/")]


def test_findings_of_another_polarity_are_listed_and_not_tied(spanish, edition):
    chapter = spanish.assessments[0]
    turned = replace(chapter.findings[0], polarity="deficiency")
    changed = replace(chapter, findings=(turned, *chapter.findings[1:]))
    found = translated(replace(spanish, assessments=(changed, *spanish.assessments[1:])), edition)
    assert codes(found) == {"translation-not-tied": 1}
    assert turned.evidence.key not in found.translation.statements
    assert chapter.findings[-1].evidence.key in found.translation.statements


def test_a_rating_that_the_two_print_differently_is_listed_and_its_chapter_not_tied(spanish, edition):
    changed = replace(spanish.assessments[4], rating="Complete")
    found = translated(
        replace(spanish, assessments=(*spanish.assessments[:4], changed, *spanish.assessments[5:])), edition
    )
    assert codes(found) == {"translation-rating-differs": 1}
    assert "recommendation 5: Complete here, Started in PER-R6/en/1" in found.problems[-1].message
    assert not [key for key in found.translation.statements if key.startswith("5/")]


def test_a_text_that_is_no_translation_is_not_tied_at_all(spanish, edition):
    few = tuple(passage for passage in spanish.passages if passage.number == 1)
    found = translated(replace(spanish, passages=few), edition)
    assert found.translation is None
    assert codes(found)["translation-unfaithful"] == 1
