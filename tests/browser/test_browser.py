"""The pages in a browser: no error, no request to anybody else; the ways that people go; nothing for axe to find."""

import re
from itertools import pairwise
from urllib.parse import urlencode

import pytest

PAGES = {
    "home": "/",
    "report": "/doc/report/PER-R6",
    "source": "/doc/source/PER-R6/en/1/1?at=24#24-s6",
    "assessment": "/doc/assessment/PER-R6/14",
    "recommendation": "/doc/recommendation/6/24",
    "topic": "/doc/topic/alternatives-to-incarceration",
    "country": "/doc/country/PER",
    "country without a report": "/doc/country/BOL",
    "treaties": "/doc/treaty?country=PER&treaty=illicit-traffic-1988",
    "treaties of all regions": "/doc/treaty?region=all",
    "treaty": "/doc/treaty/illicit-traffic-1988",
    "treaties of a country": "/doc/country/PER/treaties",
    "institution": "/doc/institution/PER/devida",
    "criterion": "/doc/criterion/6/5/selective",
    "area": "/doc/area/6/control-measures",
    "rating": "/doc/rating/6/complete",
    "figures": "/doc/dataset/eradicated-ha",
    "glossary": "/doc/term/PER-R6/en/1",
    "statement": "/doc/finding/PER-R6/5/en/1/s2a",
    "list": "/doc/institution",
    "graph": "/graph/acts",
    "files": "/dump",
    "ontology": "/ontology",
    "class": "/ontology/Finding",
    "property": "/ontology/polarity",
    "dictionary": "/dictionary",
    "study": "/doc/study/PER-R6/13/s1a",
    "plan": "/doc/plan/PER/national-strategy-2012-2016",
    "shapes": "/shapes",
    "search": "/search?q=firearms",
    "nothing found": "/search?q=zzyzx",
    "editor": "/sparql?query=SELECT+*+%7B+%3Fs+a+%3Fclass+%7D+LIMIT+5",
}
COLOURS = ["color-contrast", "link-in-text-block"]
MODES = {
    "light": ("light", {"width": 1280, "height": 800}, {}),
    "dark": ("dark", {"width": 1280, "height": 800}, {"runOnly": {"type": "rule", "values": COLOURS}}),
    "narrow": ("light", {"width": 320, "height": 640}, {"rules": {name: {"enabled": False} for name in COLOURS}}),
}
"""How a page is shown, and the rules it is held to: in the dark colours differ, on a narrow screen all else."""
WAYS = 18

each_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
in_browser = pytest.mark.suite(name="pages in a browser", needs="chromium", cases=len(PAGES) + WAYS)
by_axe = pytest.mark.suite(name="accessibility by axe", needs="axe", cases=len(PAGES) * len(MODES))


@by_axe
@each_page
def test_axe_finds_nothing(visit, axe, path, record_property):
    page = visit(path, bypass_csp=True)
    page.evaluate(axe)
    found = {}
    for mode, (scheme, size, rules) in MODES.items():
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        violations = page.evaluate("rules => axe.run(document, {...rules, resultTypes: ['violations']})", rules)[
            "violations"
        ]
        found[mode] = [(each["id"], [node["html"][:150] for node in each["nodes"][:3]]) for each in violations]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), mode
    record_property("ran", len(MODES))
    assert found == {mode: [] for mode in MODES}


@in_browser
@each_page
def test_a_page_opens_without_an_error_and_nothing_moves(visit, path):
    page = visit(path)
    assert page.locator("h1").count() == 1
    assert page.locator("main, header.site, footer.site, nav").count() >= 4
    levels = [int(name[1]) for name in page.locator("h1,h2,h3,h4").evaluate_all("all => all.map(e => e.tagName)")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    moved = page.evaluate(SHIFT)
    assert moved == 0 or ("/sparql" in path and moved < 0.01)  # the editor takes the place of its text area


@in_browser
def test_nothing_moves_while_the_widest_table_comes_bit_by_bit(visit, dripping):
    page = visit(PAGES["treaties of all regions"], at=dripping)
    assert page.locator(".matrix tbody tr").count() == 35
    assert page.evaluate(SHIFT) == 0


SHIFT = """() => new Promise(done => {
    const seen = list => done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0));
    new PerformanceObserver(seen).observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done(0), 200);
})"""
"""How far things have moved while the page was made: https://web.dev/articles/cls ."""


# The ways that people go


@in_browser
def test_two_clicks_from_home_to_what_was_said_on_alternatives_to_incarceration_and_where(visit):
    page = visit("/")
    page.get_by_role("link", name="Alternatives to incarceration", exact=True).click()
    page.get_by_role("link", name="recommendation 8, sentence 1", exact=True).first.click()
    sentence = page.locator(":target")
    assert "alternative" in sentence.inner_text()
    assert sentence.is_visible()
    page.wait_for_load_state()  # with the style sheet
    assert sentence.evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"


@in_browser
def test_search_and_narrow(visit):
    page = visit("/")
    page.get_by_role("searchbox").fill("firearms")
    page.keyboard.press("Enter")
    every = int(page.get_by_role("status").inner_text().split()[0])
    page.get_by_role("navigation", name="Narrow the results").get_by_role("link", name="deficiency").click()
    assert 0 < int(page.get_by_role("status").inner_text().split()[0]) < every
    assert page.locator("mark").first.inner_text().lower().startswith("firearm")


@in_browser
def test_the_language_is_switched_and_stays(visit):
    page = visit("/doc/report/PER-R6")
    page.get_by_role("link", name="Español").click()
    assert page.locator("html").get_attribute("lang") == "es"
    page.get_by_role("link", name="Temas").click()
    assert page.locator("html").get_attribute("lang") == "es"
    page.wait_for_load_state()  # what is counted is not waited for
    assert page.get_by_role("link", name="Alternativas al encarcelamiento").count() == 1


@in_browser
def test_the_language_of_the_browser_is_spoken(visit):
    assert visit("/", locale="es-PE").locator("html").get_attribute("lang") == "es"


@in_browser
def test_a_treaty_is_looked_up(visit):
    page = visit("/doc/treaty")
    form = page.locator("form.lookup").first
    form.get_by_label("Country").select_option("PER")
    form.get_by_label("Treaty").select_option("untoc-protocol-firearms-2001")
    form.get_by_label("On", exact=True).fill("2014-06-30")
    form.get_by_role("button", name="Look up").click()
    assert "2005-07-03" in page.locator(".beside").inner_text()


@in_browser
def test_the_matrix_is_narrowed_and_a_cell_leads_to_its_sources(visit):
    page = visit("/doc/treaty")
    page.get_by_label("Region").select_option("Caribbean")
    form = page.locator("form.lookup").last
    form.get_by_label("Treaty").select_option("CIFTA")
    form.get_by_role("button", name="Show").click()
    table = page.locator("table.matrix")
    page.wait_for_load_state()  # what is counted is not waited for
    assert table.get_by_role("columnheader").all_inner_texts() == ["Country", "CIFTA"]
    row = table.get_by_role("row", name="Jamaica")
    word = row.get_by_role("cell").inner_text()
    row.get_by_role("link", name=word).click()
    record = page.locator(".beside section").nth(1).inner_text()
    assert word in record
    assert "third party" in record or "register" in record


@in_browser
def test_what_a_report_lacks_by_criterion_leads_to_its_sentence(visit):
    page = visit("/doc/report/PER-R6#r5")
    chapter = page.locator("section.chapter", has=page.locator("#r5"))
    assert "Selective prevention" in chapter.locator(".notMet").inner_text()
    chapter.get_by_role("link", name="Selective prevention").click()
    assert page.locator("h1").inner_text() == "Selective prevention"
    page.get_by_role("link", name="recommendation 5, sentence 2", exact=True).click()
    assert "does not have selective" in page.locator(":target").inner_text()


@in_browser
def test_a_prepared_question_runs_in_the_editor_and_shows_rows(visit):
    page = visit("/sparql")
    page.get_by_role("link", name=re.compile("How many recommendations of each thematic area")).click()
    page.locator(".CodeMirror").wait_for()
    page.wait_for_load_state()  # what is counted is not waited for
    assert page.locator("#answer tbody tr").count() == 13
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("ASK { ?s a <https://w3id.org/mem-graph/ontology#Report> }")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url(re.compile("ASK"))
    assert "yes" in page.locator("#answer").inner_text()
    restored = page.url
    page.goto(restored)
    assert "ASK" in page.locator(".CodeMirror").inner_text()


@in_browser
def test_from_a_table_to_its_query_and_its_rows(visit):
    page = visit("/doc/dataset/eradicated-ha")
    page.get_by_role("link", name="SPARQL").last.click()
    page.wait_for_load_state()  # what is counted is not waited for
    assert page.locator("#answer tbody tr").count() == 6


@in_browser
def test_search_is_narrowed_to_a_criterion_and_forgives_a_slip(visit):
    page = visit("/search?q=firarms")
    assert "firearms" in page.get_by_role("status").inner_text()
    page.get_by_role("navigation", name="Narrow the results").get_by_role("link", name="Marking of firearms").click()
    assert "Marking of firearms" in page.get_by_role("status").inner_text()
    page.get_by_role("link", name=re.compile("recommendation 24, sentence")).first.click()
    assert "marking" in page.locator(":target").inner_text().lower()


@in_browser
def test_the_editor_completes_from_the_terms_of_this_graph(visit):
    page = visit("/sparql")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("PREFIX mem: <https://w3id.org/mem-graph/ontology#> SELECT * { ?x a mem:Treaty")
    page.keyboard.press("Control+Space")
    hints = page.locator(".CodeMirror-hints li")
    hints.first.wait_for()
    assert "TreatyReference" in " ".join(hints.all_inner_texts())
    page.emulate_media(color_scheme="dark")
    for part in (".CodeMirror", ".CodeMirror-gutters", ".CodeMirror-hints"):
        (colour,) = page.locator(part).evaluate_all(
            "all => [...new Set(all.map(e => getComputedStyle(e).backgroundColor))]"
        )
        assert max(map(int, re.findall(r"\d+", colour)[:3])) < 64, part


@in_browser
def test_a_link_restores_the_query_and_the_view(visit):
    page = visit("/sparql?query=SELECT+%2842+AS+%3Fx%29+%7B%7D")
    page.get_by_label("How the answer is shown").select_option("csv")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url(re.compile("view=csv"))
    restored = visit(page.url.partition("/sparql")[1] + page.url.partition("/sparql")[2])
    assert restored.get_by_label("How the answer is shown").input_value() == "csv"
    assert restored.locator("#answer pre").inner_text().split() == ["x", "42"]
    assert "42" in restored.locator(".CodeMirror").inner_text()


HOSTILE = '<img src=x onerror="document.title=1">'


@in_browser
@pytest.mark.parametrize("view", ["table", "csv", "json"])
def test_hostile_values_stay_text_in_every_view(visit, view):
    query = f"SELECT ('{HOSTILE}' AS ?x) (IRI('javascript:document.title=1') AS ?y) {{}}"
    page = visit(f"/sparql?{urlencode({'query': query, 'view': view})}")
    assert "onerror" in page.locator("#answer").inner_text()
    assert page.locator("#answer img").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.title() != "1"


@in_browser
def test_hostile_names_stay_text_on_every_page_that_shows_them(visit, hostile):
    """A release whose institution is named in HTML: its page, its list, what is found, the graph that has it."""
    for path in ("/doc/institution/PER/x", "/doc/institution", "/search?q=onerror", "/ontology/Institution", "/sparql"):
        page = visit(path, at=hostile)
        assert page.locator("main img").count() == 0
        assert page.title() != "1"
        if path != "/sparql":
            assert "onerror" in page.locator("main").inner_text(), path
    page = visit(f"/search?q={HOSTILE}")
    assert page.locator("main img").count() == 0


@in_browser
def test_it_is_read_without_a_script_and_by_keyboard(visit):
    page = visit("/sparql?query=ASK%7B%7D", java_script_enabled=False)
    assert page.locator("textarea").is_visible()
    assert "yes" in page.locator("#answer").inner_text()
    page = visit("/doc/report/PER-R6")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator("main :focus").count() == 1
    assert page.locator(":focus").evaluate("e => getComputedStyle(e).outlineStyle") != "none"
