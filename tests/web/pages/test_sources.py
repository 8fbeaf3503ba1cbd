"""Every statement shows its sentence: all of them, by the text of the report and the link that their pages have."""

import json
import re
from html import unescape

import pytest

from mem_graph.engine.media_types import JSON
from mem_graph.outcomes import SparqlRequest
from mem_graph.web.pages.sources import Block, Piece
from mem_graph.web.pages.sources import parts_of as parts_of_text

STATEMENTS = """PREFIX mem: <https://w3id.org/mem-graph/ontology#>
SELECT ?statement ?class ?passage ?quote WHERE {
  ?statement a mem:Statement , ?class . FILTER (?class != mem:Statement && STRSTARTS(STR(?class), STR(mem:)))
  OPTIONAL { ?statement mem:passage ?passage }
  OPTIONAL { ?statement mem:quote ?quote }
} ORDER BY ?statement"""
SOURCE = "/mem/doc/source/PER-R6/en/1/1"


def parts_of(page):
    """The addresses of the parts of a text, the one that is shown left out."""
    (nav,) = re.findall(r'<nav class="parts".*?</nav>', page, re.S)[:1]
    return [unescape(each) for each in re.findall(r'href="([^"]+)"', nav)]


def whole(get, query=""):
    """The pages of all parts of the text."""
    first = get(f"{SOURCE}{query}").text
    return [first, *(get(each).text for each in parts_of(first))]


@pytest.fixture(scope="module")
def statements(current):
    """Every statement of the release, with its class, its passage and its sentence."""
    body = current.own.query(SparqlRequest(STATEMENTS, "SELECT"), JSON.media_type).body
    rows = json.loads(body)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


@pytest.fixture(scope="module")
def sentences(get):
    """The text of each place of the report's page; a place may stand inside another."""
    found, open_places = {}, []
    pages = "".join(page.partition('<div class="text"')[2] for page in whole(get))
    for tag, place, text in re.findall(r'<(/span>|span id="([^"]+)"[^>]*>)([^<]*)', pages):
        if place:
            open_places.append(place)
            found[place] = ""
        elif tag and open_places:
            open_places.pop()
        for each in open_places:
            found[each] += unescape(text)
    return {place: spaced(text) for place, text in found.items()}


def spaced(words):
    return " ".join(words.replace("**", "").split())


def test_the_text_is_in_parts_that_are_named_and_light(get):
    pages = whole(get, "?lang=es")
    assert len(pages) == 6
    assert max(len(page.encode()) for page in pages) < 60_000
    first = pages[0]
    assert '<b aria-current="page">portada, prefacio, recomendaciones 1–3</b>' in first
    assert "recomendación 27, conclusiones" in first
    assert len(re.findall(r' id="4-s1"', "".join(pages))) == 1


def test_no_chapter_is_parted_and_no_heading_stands_at_the_end():
    """Of a text of many long chapters, each a part by itself."""
    blocks = []
    for number in range(1, 6):
        blocks += [Block("h2", [Piece(f"AREA {number}")]), Block("h3", [Piece(f"RECOMMENDATION {number}")])]
        blocks += [Block("p", [Piece("words " * 600, f"{number}-s{each}")]) for each in range(1, 9)]
    parts = parts_of_text(blocks)
    assert [part.places for part in parts] == [["1"], ["2"], ["3"], ["4"], ["5"]]
    assert all(part.blocks[0].kind == "h2" for part in parts)
    assert all(part.blocks[-1].kind == "p" for part in parts)
    assert [part.has("3-s2") for part in parts] == [False, False, True, False, False]


def test_every_statement_has_a_sentence_in_the_text_of_its_report(statements, sentences):
    assert len({row["statement"] for row in statements}) > 400
    assert {row["class"].rpartition("#")[2] for row in statements} >= {"Finding", "Tally", "SummaryRow", "GlossaryUse"}
    missing, different = [], []
    for row in statements:
        report, where, language, revision, local = row["passage"].partition("/passage/")[2].split("/")
        assert (report, language, revision) == ("PER-R6", "en", "1")
        shown = sentences.get(f"{where}-{local}")
        if shown is None:
            missing.append(row)
        elif spaced(row["quote"]) not in shown:
            different.append((row["quote"], shown))
    assert missing == []
    assert different == []


def test_the_page_of_each_class_of_statement_leads_to_its_sentence_and_shows_it(statements, get):
    one_each = {row["class"]: row for row in statements}
    assert len(one_each) >= 15
    for row in one_each.values():
        page = get(row["statement"].replace("https://w3id.org/mem-graph/id/", "/mem/doc/")).text
        (quoted, link) = re.search(
            r'<figure class="evidence">\s*<blockquote[^>]*><p>(.*?)</p>.*?href="([^"]+)"', page, re.S
        ).groups()
        where, local = row["passage"].split("/")[-4], row["passage"].split("/")[-1]
        place = f"{where}-{local}"
        assert unescape(link) == f"{SOURCE}?at={where if where.isdigit() else place}#{place}"
        assert f'id="{place}"' in get(link).text
        assert spaced(unescape(re.sub("<[^>]*>", "", quoted))) == spaced(row["quote"])


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        (
            "study/PER-R6/13/s1a",
            "Study",
            "completed a study in December 2013 on the productivity index for coca cultivation",
        ),
        ("plan/PER/national-strategy-2012-2016", "Plan", "National Strategy for the Fight against Drugs 2012-2016"),
        ("place/PER/vraem", "Place", "Apurimac, Ene and Mantaro River Valley"),
        ("term/PER-R6/en/1/t9", "Term of a glossary", "universal prevention programs"),
    ],
)
def test_a_study_a_plan_a_place_and_a_term_show_every_sentence_that_speaks_of_them(get, path, kind, words):
    page = get(f"/mem/doc/{path}").text
    assert f'<p class="kind">{kind}' in page
    quoted = [
        (unescape(re.sub("<[^>]*>", "", quote)), link)
        for quote, link in re.findall(
            r'<q lang="en">(.*?)</q> <span class="place"><a class="place" href="([^"]+)"', page
        )
    ]
    assert quoted
    assert any(words in quote for quote, _ in quoted), quoted
    assert all(link.startswith(f"{SOURCE}?at=") for _, link in quoted)


def test_beside_a_sentence_stands_what_was_taken_from_it(get):
    page = get(f"{SOURCE}?at=4").text
    assert '<span id="4-s3" data-n="3">The country monitors' in page
    (beside,) = re.findall(r'<li><a href="#4-s3">3</a> (.*?)</li>', page)
    assert re.findall(r'/doc/(\w+)/PER-R6/4/en/1/(s\w+)"', beside) == [("finding", "s3a"), ("finding", "s3b")]


def test_beside_the_text_stands_every_statement(statements, get):
    page = "".join(whole(get))
    links = set(re.findall(r'<a href="/mem/doc/([^"]+)">', page))
    assert {row["statement"].partition("/id/")[2] for row in statements} <= links
