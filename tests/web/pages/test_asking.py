"""The page of the editor: prepared questions are told with their answers, and a form or a link brings its view back."""

import re
from html import unescape

import pytest

from mem_graph import resources
from mem_graph.query import lookups

QUESTIONS = lookups.questions(resources.queries())
CHOSEN = re.compile(r'<option value="(\w+)" selected')


def test_a_prepared_question_is_told_with_its_answer_in_both_languages(get):
    (devida,) = (each for each in QUESTIONS if each.name == "devida")
    page = get(get("/mem/query/devida").location)
    assert page.status_code == 200
    answer = unescape(page.text.partition('id="answer"')[2])
    assert devida.question in answer
    assert devida.explanation in answer
    assert 'href="/mem/dictionary"' in answer
    spanish = get(get("/mem/query/devida?lang=es").location, Accept_Language="es").text.partition('id="answer"')[2]
    assert "¿Qué dicen los informes que hace DEVIDA" in unescape(spanish)


def test_all_prepared_questions_stand_as_examples(get):
    page = unescape(get("/mem/sparql").text)
    assert len(QUESTIONS) > 20
    for each in QUESTIONS:
        assert f'href="/mem/query/{each.name}">{each.question}</a>' in page or each.question in page


@pytest.mark.parametrize("view", ["table", "csv", "json"])
def test_the_view_comes_back_by_a_link_and_by_a_form_that_was_posted(app, get, view):
    asked = {"query": "SELECT (42 AS ?x) {}", "view": view}
    page = get(f"/mem/sparql?query=SELECT+(42+AS+?x)+%7B%7D&view={view}").text
    posted = app.test_client().post("/sparql", data=asked, headers={"Accept": "text/html"}).text
    for each in (page, posted):
        assert CHOSEN.findall(each) == [view]
        assert "42" in each.partition('id="answer"')[2]


def test_values_are_escaped_in_every_view(get):
    hostile = "%3Cimg+src%3Dx+onerror%3Dalert(1)%3E"
    for view in ("table", "csv", "json"):
        page = get(f"/mem/sparql?query=SELECT+('{hostile}'+AS+?x)+%7B%7D&view={view}").text
        assert "<img" not in page
        assert "&lt;img" in page
    triples = get(f"/mem/sparql?query=CONSTRUCT+%7B+%3Curn:a%3E+%3Curn:b%3E+'{hostile}'+%7D+WHERE+%7B%7D").text
    assert "<img" not in triples
    assert "&lt;img" in triples
