"""What the pages say, how they are negotiated, and that each is light, quick and cites its release."""

import re
from html import unescape
from time import process_time
from urllib.parse import parse_qs, urlsplit

import pytest

from mem_graph.query.names import Names
from mem_graph.treaties.words import words as of_treaties
from mem_graph.web.words import TABLE, words
from mem_graph.wording import LANGUAGES

REPORT = "/mem/doc/report/PER-R6"
FINDING = "/mem/doc/finding/PER-R6/5/en/1/s2a"
PAGES = [
    "/mem/",
    REPORT,
    "/mem/doc/source/PER-R6/en/1/1",
    "/mem/doc/assessment/PER-R6/14",
    "/mem/doc/recommendation/6/24",
    "/mem/doc/topic/alternatives-to-incarceration",
    "/mem/doc/country/PER",
    "/mem/doc/criterion/6/5/selective",
    "/mem/doc/institution/PER/devida",
    "/mem/doc/country/BOL",
    "/mem/doc/country/PER/treaties",
    "/mem/doc/treaty",
    "/mem/doc/treaty/cifta-1997",
    "/mem/doc/treaty/illicit-traffic-1988",
    "/mem/doc/standard/egmont-principles",
    "/mem/doc/term/PER-R6/en/1",
    "/mem/doc/area/6/control-measures",
    "/mem/doc/rating/6/complete",
    "/mem/doc/study/PER-R6/13/s1a",
    "/mem/doc/plan/PER/national-strategy-2012-2016",
    "/mem/doc/term/PER-R6/en/1/t9",
    "/mem/doc/dataset/eradicated-ha",
    FINDING,
    "/mem/doc/institution",
    "/mem/ontology",
    "/mem/ontology/Finding",
    "/mem/shapes",
    "/mem/search?q=firearms",
]


def text_of(answer):
    return unescape(re.sub("<[^>]*>", "", answer.text))


# Addresses


def test_a_thing_leads_to_its_document(get):
    answer = get("/mem/id/report/PER-R6")
    assert (answer.status_code, answer.location) == (303, REPORT)
    assert get("/mem/id/nothing/of/the/kind").status_code == 303
    assert get("/mem/id/report/PER-R6?lang=es").location == f"{REPORT}?lang=es"


@pytest.mark.parametrize(
    ("accept", "kind", "suffix"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html", ".html"),
        ("*/*", "text/turtle", ".ttl"),
        ("text/turtle", "text/turtle", ".ttl"),
        ("application/n-triples", "application/n-triples", ".nt"),
        ("application/ld+json", "application/ld+json", ".jsonld"),
        ("application/rdf+xml", "application/rdf+xml", ".rdf"),
    ],
)
def test_a_document_is_negotiated_and_has_a_fixed_address_in_each_format(get, accept, kind, suffix):
    answer = get(FINDING, accept)
    assert answer.mimetype == kind
    assert answer.headers["Content-Location"] == f"{FINDING}{suffix}"
    assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))
    fixed = get(f"{FINDING}{suffix}", "image/png")
    assert fixed.status_code == 200
    assert fixed.text.replace(f"{FINDING}.html?lang", f"{FINDING}?lang") == answer.text


def test_nothing_fits_is_said_with_what_is_on_offer(get):
    answer = get(FINDING, "image/png")
    assert answer.status_code == 406
    assert 'rel="alternate"; type="text/turtle"' in answer.headers["Link"]


def test_links_tell_crawlers_where_things_are(get):
    links = get(FINDING).headers["Link"]
    assert '<https://w3id.org/mem-graph/id/finding/PER-R6/5/en/1/s2a>; rel="cite-as"' in links
    for suffix in ("ttl", "nt", "jsonld", "rdf"):
        assert f'<{FINDING}.{suffix}>; rel="describedby"' in links
    assert 'rel="license"' in links
    assert '<https://schema.org/WebPage>; rel="type"' in links
    assert '<https://schema.org/Dataset>; rel="type"' in get(REPORT).headers["Link"]
    assert f'<{FINDING}.html>; rel="alternate"; type="text/html"' in get(FINDING, "text/turtle").headers["Link"]


def test_a_list_links_to_its_things_and_a_long_one_by_a_link_set(get):
    links = get("/mem/doc/area").headers["Link"]
    assert '</mem/doc/area/6/control-measures>; rel="item"' in links
    assert links.count('rel="item"') == 6  # the five areas of the sixth round, and their scheme
    links = get("/mem/doc/recommendation").headers["Link"]
    assert 'rel="item"' not in links
    (address,) = re.findall(r'<([^>]+)>; rel="linkset"; type="application/linkset\+json"', links)
    answer = get(address)
    assert answer.mimetype == "application/linkset+json"
    (context,) = answer.json["linkset"]
    assert context["anchor"] == "/mem/doc/recommendation"
    assert len(context["item"]) == 27
    assert {get(each["href"]).status_code for each in context["item"]} == {200}
    (context,) = get(f"{FINDING}.linkset.json").json["linkset"]
    assert context["cite-as"] == [{"href": "https://w3id.org/mem-graph/id/finding/PER-R6/5/en/1/s2a"}]
    assert {each["type"] for each in context["describedby"]} >= {"text/turtle", "application/ld+json"}
    assert get("/mem/doc/nothing.linkset.json").status_code == 404


def test_a_document_says_what_the_graph_says_and_what_refers_to_it(get):
    turtle = get(f"{FINDING}.ttl").text
    assert "Peru does not have selective or indicated prevention programs" in turtle
    assert "oa:exact" in turtle
    assert "id/annotation/finding/PER-R6/5/en/1/s2a" in turtle


def test_what_a_client_has_it_is_not_sent_again(get):
    answer = get(FINDING)
    again = get(FINDING, If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert get(FINDING, If_None_Match=answer.headers["ETag"], Accept_Language="es").status_code == 200


def test_a_country_has_each_relation_to_treaties_once(get):
    """Peru's report: what it complies with, implements, ratified, and for what it has authorities."""
    told = get("/mem/doc/country/PER").text.partition('id="treaties"')[2].partition("</section>")[0]
    assert sorted(re.findall("<dt>(.*?)</dt>", told)) == ["authority", "complies with", "implements", "ratified"]
    assert told.count("1988 Vienna Convention") == 3


def test_near_names_are_those_of_the_part_that_is_known(get):
    def near(path):
        start = "https://w3id.org/mem-graph/id/"
        return [each.removeprefix(start) for each in get(f"/mem/doc/{path}", "application/json").json["didYouMean"]]

    assert near("finding/PER-R6/24/s99")
    assert all(each.startswith("finding/PER-R6/24/") for each in near("finding/PER-R6/24/s99"))
    assert all(each.startswith("finding/PER-R6/24/") for each in near("finding/PERU-R6/24/s99"))
    assert near("institution/devida")[0] == "institution/PER/devida"


def test_of_thousands_of_things_none_but_the_last_parts_are_compared():
    """A round's passages: no address of one that is not there takes long."""
    base = "https://w3id.org/mem-graph/"
    types = {f"{base}id/passage/{code}-R6/en/1/{at}/s1": ("x",) for code in ("PER", "CHL") for at in range(20_000)}
    names, began = Names({}, types), process_time()
    assert all("/CHL-R6/" in each for each in names.near(f"{base}id/passage/CHL-R6/en/1/s77", base))
    assert names.near(f"{base}id/passage/CHL-R6/en/1/77/s2", base) == (f"{base}id/passage/CHL-R6/en/1/77/s1",)
    assert process_time() - began < 1


def test_an_unknown_thing_is_told_with_near_names(get):
    answer = get("/mem/doc/institution/PER/devido")
    assert answer.status_code == 404
    assert 'href="/mem/doc/institution/PER/devida"' in answer.text
    assert (
        "https://w3id.org/mem-graph/id/institution/PER/devida"
        in get("/mem/doc/institution/PER/devido", "application/json").json["didYouMean"]
    )
    assert (
        "https://w3id.org/mem-graph/id/country/PER" in get("/mem/doc/cuntry/PER", "application/json").json["didYouMean"]
    )
    for odd in (
        "/mem/doc/<script>",
        "/mem/doc/report/PER-R6/<x>",
        "/mem/ontology/Findings",
        "/mem/shapes/nope",
        "/mem/ontology.exe",
    ):
        answer = get(odd)
        assert answer.status_code == 404
        assert "<script>" not in answer.text
        assert "<x>" not in answer.text


def test_a_term_of_the_ontology_answers_200(get):
    page = get("/mem/ontology")
    assert page.status_code == 200
    assert 'id="Finding"' in page.text
    turtle = get("/mem/ontology", "text/turtle").text
    assert "owl:Ontology" in turtle
    assert get("/mem/ontology.ttl").text == turtle
    assert get("/mem/ontology/0.1.0", "text/turtle").text == turtle


# What pages say


@pytest.mark.parametrize(
    ("path", "english", "spanish"),
    [
        (
            "act/cifta-1997/ARG/ratification-2001-10-09",
            "Argentina, CIFTA: ratification, 2001-10-09",
            "Argentina, CIFTA: ratificación, 2001-10-09",
        ),
        (
            "standing/cifta-1997/ARG/party-2001-11-08",
            "Argentina, CIFTA: party, 2001-11-08",
            "Argentina, CIFTA: parte, 2001-11-08",
        ),
        ("listing/cifta-1997/CAN/signatory", "Canada, CIFTA: signatory", "Canadá, CIFTA: signatario"),
        ("unilateral-statement/cifta-1997/ARG/1", "Argentina, CIFTA: statement 1", "Argentina, CIFTA: declaración 1"),
        (
            "finding/PER-R6/5/en/1/s2a",
            "Finding: recommendation 5, sentence 2a (Peru)",
            "Constatación: recomendación 5, oración 2a (Perú)",
        ),
        ("audit/PER-R6", "Audit: Peru, Sixth Evaluation Round", "Auditoría: Perú, Sexta Ronda de Evaluación"),
    ],
)
def test_what_has_no_label_is_named_by_its_keys(get, path, english, spanish):
    for language, title in (("en", english), ("es", spanish)):
        assert f"<h1>{title}</h1>" in get(f"/mem/doc/{path}", Accept_Language=language).text


def test_the_way_to_what_was_said_on_alternatives_to_incarceration_is_two_clicks(get):
    home = get("/mem/").text
    (first,) = set(re.findall(r'<a href="([^"]+)">Alternatives to incarceration</a>', home))
    answer = get(first)
    assert "The report of Peru" not in answer.text.partition("<h1>")[0]
    sentences = re.findall(r'<q lang="en">(.*?)</q>.*?<a href="([^"]+)">', answer.text)
    assert len(sentences) >= 2
    for quote, second in sentences:
        address, _, place = unescape(second).partition("#")
        source = get(address).text
        shown = re.search(rf'<span id="{place}"[^>]*>(.*?)</span>', source)
        assert unescape(shown[1]).strip() == unescape(re.sub("</?mark>", "", quote)).strip()


def test_a_report_shows_its_27_ratings_in_colour_shape_and_word(get):
    page = get(REPORT).text
    cells = re.findall(r'<a class="c(\d)" href="#r(\d+)"><b>\d+</b><i class="pie r\1"></i> ([\w ]+)</a>', page)
    assert len(cells) == 27
    assert ("2", "24", "Partially complete") in cells
    assert [sum(cell[0] == rank for cell in cells) for rank in "43210"] == [16, 5, 3, 1, 2]


def test_every_statement_on_a_page_leads_to_its_sentence(get):
    for address in (REPORT, "/mem/doc/assessment/PER-R6/24", "/mem/doc/topic/firearms", "/mem/search?q=firearms"):
        page = get(address).text
        quotes = page.count("<q ")
        assert quotes
        assert (
            len(re.findall(r'</q>.{0,250}?href="/mem/doc/source/PER-R6/en/1/1\?at=[^"#]+#[^"]+"', page, flags=re.S))
            == quotes
        )


def test_the_text_of_a_report_is_all_there(get, peru):
    parts, page = [], get("/mem/doc/source/PER-R6/en/1/1").text
    for each in dict.fromkeys(re.findall(r'<li>(?:<b aria-current=|<a href="([^"]+\?at=[^"#]+))"', page)):
        own = get(unescape(each)).text if each else page
        text = own.partition('<div class="text"')[2].partition(">")[2].partition('<div class="parts"')[0]
        parts.append(re.sub(r'<ul lang="en">.*?</ul>', "", text, flags=re.S))
    shown = re.sub(r"\W+", "", unescape(re.sub("<[^>]*>", "", "".join(parts))))
    assert len(parts) == 6
    text = (peru.folder / "sources" / "PER-R6-en-1.txt").read_text("utf-8")
    assert re.sub(r"\W+", "", text) in shown


@pytest.mark.parametrize("address", PAGES)
def test_from_every_table_one_comes_to_its_query_and_its_csv(get, address):
    page = get(address).text
    links = {unescape(link) for link in re.findall(r'href="(/mem/query/[^"]+)"', page)}
    assert links or "search" in address
    for link in links:
        answer = get(link)
        assert answer.status_code == 303
        asked = parse_qs(urlsplit(answer.location).query)
        assert "SELECT" in asked["query"][0]
        done = get(answer.location, "text/csv" if "format" in asked else "application/json")
        assert done.status_code == 200, asked["query"][0]


def test_the_report_asks_at_most_15_queries(get):
    page = get(REPORT).text
    behind = page.partition("The SPARQL behind this page")[2].partition("</details>")[0]
    assert 5 < behind.count("<li>") <= 15


def test_a_criterion_shows_the_findings_coded_to_it(get):
    page = get("/mem/doc/criterion/6/5/selective")
    assert "not met" in page.text
    assert page.text.count('Peru</a> <span class="quiet">(2013 to mid-2014)</span>: <q lang="en">') == 2
    assert "Peru does not have selective or indicated prevention programs" in text_of(page)


def test_recommendations_are_listed_by_their_numbers(get):
    listed = re.findall(r'<li><a href="/mem/doc/recommendation/6/(\d+)">(\d+)\. ', get("/mem/doc/recommendation").text)
    assert [number for number, _ in listed] == [shown for _, shown in listed] == [str(n) for n in range(1, 28)]


# Languages


def test_a_page_speaks_the_language_that_is_asked_for(get):
    spanish = get(REPORT, Accept_Language="es-PE,es;q=0.9,en;q=0.5")
    assert '<html lang="es">' in spanish.text
    assert "Parcialmente cumplida" in spanish.text
    assert spanish.headers["Content-Language"] == "es"
    assert "2013 a mediados de 2014" in spanish.text
    assert "Peru does not have selective" in text_of(spanish)  # the report as printed
    assert '<html lang="en">' in get(REPORT, Accept_Language="fr").text


def test_the_switch_of_language_is_kept_by_links(get):
    switch = re.search(r'<a href="([^"]+)" hreflang="es"', get(REPORT).text)[1]
    page = get(unescape(switch)).text
    links = [link for link in re.findall(r'href="(/mem/doc/[^"#]+)', page) if "lang=en" not in link]
    assert len(links) > 100
    assert all("lang=es" in link for link in links)


def test_every_word_of_the_interface_is_in_both_languages_and_used():
    rows = TABLE.read_text("utf-8").splitlines()
    assert len(rows) > 100
    assert rows[1:] == sorted(rows[1:], key=lambda row: row.partition(",")[0])
    for language in LANGUAGES:
        assert all(words(language).values())
    names = [set(re.findall(r"{(\w+)}", words(language)[key])) for key in words("en") for language in LANGUAGES]
    assert names[::2] == names[1::2]
    folder = TABLE.parent
    used = "".join(path.read_text("utf-8") for path in [*folder.glob("templates/*"), *folder.rglob("*.py")])
    open_keys = (
        "about.",
        "error.",
        "hint.",
        "named.",
        "place.",
        "kind.",
        "kinds.",
        "facet.",
        "ontology.",
        "sparql.view_",
        "standing.",
        "value.",
        "verdict.",
        "source.",
        "treaty.",
        "outcome.",
        "confirmed.",
        "word.",
        "method.",
        "plan.",
    )
    assert [
        key
        for key in words("en").keys() - of_treaties("en").keys()
        if f'"{key}"' not in used and f"'{key}'" not in used and not key.startswith(open_keys)
    ] == []


# Small files


def test_programs_find_what_they_look_for(get):
    assert "Sitemap: " in get("/mem/robots.txt").text
    pages = re.findall("<loc>([^<]+)</loc>", get("/mem/sitemap.xml").text)
    assert len(pages) > 150
    assert get("/mem/llms.txt").mimetype == "text/markdown"
    assert "{searchTerms}" in get("/mem/opensearch.xml").text
    assert get("/mem/static/favicon.svg").status_code == 200
    terms = get("/mem/terms.json").json
    assert "https://w3id.org/mem-graph/ontology#Finding" in terms["classes"]


def test_search_is_a_page_and_json(get):
    found = get("/mem/search?q=firearms&format=json").json
    assert found["total"] > 20
    assert found["facets"]["polarity"]
    page = get("/mem/search?q=firearms").text
    assert "<mark>firearms</mark>" in page
    assert get("/mem/search?q=firearms&page=0").status_code == 400
    assert "&lt;b&gt;" in get("/mem/search?q=<b>").text
