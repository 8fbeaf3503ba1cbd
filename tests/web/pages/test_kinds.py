"""Every kind of page, one by one: what each says of itself, what it offers, how heavy it is and how long it takes.

The kinds are those of `iris.PATHS`; of each the first and the last thing of Peru's release are asked for. Beside them
stand the pages that are about no thing of one kind.
"""

import json
import re
from html import unescape
from time import process_time
from urllib.parse import parse_qs, urlsplit

import pytest

from mem_graph.iris import PATHS, Iris

OTHERS = {
    "home": "/mem/",
    "reports": "/mem/doc/report",
    "institutions": "/mem/doc/institution",
    "recommendations": "/mem/doc/recommendation",
    "treaties": "/mem/doc/treaty",
    "treaties, looked up": "/mem/doc/treaty?country=PER&treaty=illicit-traffic-1988&on=2014-06-30",
    "treaties of all regions": "/mem/doc/treaty?region=all",
    "treaties of a country": "/mem/doc/country/PER/treaties",
    "country without a report": "/mem/doc/country/BOL",
    "treaties of a country without a report": "/mem/doc/country/BOL/treaties",
    "ontology": "/mem/ontology",
    "class": "/mem/ontology/Finding",
    "property": "/mem/ontology/polarity",
    "shapes": "/mem/shapes",
    "shape": "/mem/shapes/Finding",
}
WORDS = {
    "search": "/mem/search?q=firearms",
    "nothing found": "/mem/search?q=zzyzx",
    "empty search": "/mem/search",
    "editor": "/mem/sparql",
    "dictionary": "/mem/dictionary",
    "files": "/mem/dump",
    "kinds of errors": "/mem/errors",
    "missing": "/mem/doc/institution/PER/devido",
}
"""Pages that are about no thing: they have nothing to cite."""

ABSENT = re.compile(r"correction|former|person|file |edition study|problem|unit|validation")
"""Kinds that this release has not: nobody has corrected it, it has one edition with one file and no problem."""

KINDS = [kind for kind in PATHS if not ABSENT.search(kind)] + ["derivation"]
ABOUT = [*KINDS, *OTHERS]
EVERY = [*ABOUT, *WORDS]


@pytest.fixture(scope="module")
def kinds(current):
    """The addresses of the pages of each kind of IRI in the release."""
    iris, found = Iris(current.release.identity_base), {}
    text = (current.release.folder / "data.nq").read_text("utf-8")
    for iri in sorted(set(re.findall(rf"<({re.escape(iris.base)}(?:id|graph)/[^>]*)>", text))):
        path = re.sub("^id/", "doc/", iri.removeprefix(iris.base))
        found.setdefault(iris.parse(iri).kind, []).append(f"/mem/{path}")
    return found


@pytest.fixture(scope="module")
def pages(kinds, get):
    """The first and the last page of a kind, or the page of that name: address and text."""

    def some(kind):
        own = [OTHERS[kind]] if kind in OTHERS else [WORDS[kind]] if kind in WORDS else kinds[kind]
        return [(address, get(address).text) for address in dict.fromkeys((own[0], own[-1]))]

    return some


def test_the_kinds_are_all_that_there_are(kinds):
    assert kinds.keys() == set(KINDS)
    assert len(KINDS) > 70


def main_of(page):
    """The words of a page without those of its frame and of what stands behind it."""
    inner = page.partition('<main id="main"')[2].partition('<section class="behind"')[0].partition("</main>")[0]
    return unescape(re.sub("<[^>]*>", "", inner))


@pytest.mark.parametrize("kind", EVERY)
def test_a_page_says_what_it_is_and_is_not(pages, kind):
    for address, page in pages(kind):
        words = unescape(re.sub("<[^>]*>", "", page.partition('<footer class="site"')[2]))
        assert "not an official publication of the Organization of American States" in words, address
        assert re.search(r"read by rules, on \d{4}-\d\d-\d\d, with mem-graph \d", words), address
        assert "what the report says covers 2013 to mid-2014" in words, address
        assert "Data and program: MIT. The text of the reports is that of the OAS" in words, address


@pytest.mark.parametrize("kind", EVERY)
def test_no_page_says_what_peru_has_without_the_period(pages, kind):
    """Not in the footer alone: where the words of the report are."""
    for address, page in pages(kind):
        if re.search(r"\b(?:Peru|The country) (?:has|does|is|requires|maintains)\b", main_of(page)):
            assert "2013 to mid-2014" in main_of(page), address


@pytest.mark.parametrize("kind", ABOUT)
def test_a_page_shows_its_queries_and_opens_the_editor_with_them(pages, get, kind):
    for address, page in pages(kind):
        behind = page.partition("The SPARQL behind this page</summary>")[2].partition("</details>")[0]
        links = [unescape(link) for link in re.findall(r'href="([^"]+)"', behind)]
        assert links, address
        for link in links:
            opened = get(link)
            assert opened.status_code == 303
            where, asked = urlsplit(opened.location).path, parse_qs(urlsplit(opened.location).query)
            assert where == "/mem/sparql"
            assert "SELECT" in asked["query"][0] or "CONSTRUCT" in asked["query"][0]


@pytest.mark.parametrize("kind", ABOUT)
def test_every_table_has_its_query_and_its_rows_as_csv(pages, kind):
    """In the section in which it stands; that the links answer is another test's."""
    for address, page in pages(kind):
        for section in page.partition('<main id="main"')[2].partition('<section class="behind"')[0].split("<section"):
            if "<table" in section or '<dl class="glance"' in section:
                links = re.findall(r'<p class="table-links">(.*?)</p>', section, re.S)
                assert links, (address, section[:200])
                assert all(">SPARQL</a>" in each and ">CSV</a>" in each for each in links)


@pytest.mark.parametrize("kind", ABOUT)
def test_a_page_tells_how_to_cite_and_to_use_it(pages, current, kind):
    digest = current.digest
    for address, page in pages(kind):
        about = unescape(re.search(r'<link rel="canonical" href="([^"]+)"', page)[1])
        cite = unescape(page.partition("Cite this</summary>")[2].partition("</details>")[0])
        (csl,) = json.loads(re.search(r"CSL-JSON</p>\s*<pre[^>]*><code>(.*?)</code>", cite, re.S)[1])
        assert (csl["URL"], csl["version"]) == (about, digest), address
        bibtex = re.search(r"BibTeX</p>\s*<pre[^>]*><code>(@online\{.*?\n\})</code>", cite, re.S)[1]
        assert f"url = {{{about}}}" in bibtex
        assert digest in bibtex
        plain = re.search(r'<p lang="en">(.*?)</p>', cite, re.S)[1]
        assert about in plain
        assert f"release {digest[:12]}" in plain
        assert digest in plain
        use = unescape(page.partition("Use this</summary>")[2].partition("</details>")[0])
        assert "curl http" in use
        assert "pandas.read_csv(" in use
        assert "read.csv(" in use
        assert use.count(about) >= 2


@pytest.mark.parametrize("kind", ABOUT)
def test_a_page_is_there_in_every_format(pages, get, kind):
    formats = {"text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"}
    for address, page in pages(kind):
        shown = page.partition("Every format</summary>")[2].partition("</details>")[0]
        links = {kind: unescape(link) for link, kind in re.findall(r'<a href="([^"]+)" type="([^"]+)"', shown)}
        assert links.keys() == formats, address
        for kind_of, link in links.items():
            answer = get(link)
            assert (answer.status_code, answer.mimetype) == (200, kind_of), link
            assert answer.data


@pytest.mark.parametrize("kind", ABOUT)
def test_an_error_is_told_with_the_statement_and_the_release(pages, current, kind):
    for address, page in pages(kind):
        about = unescape(re.search(r'<link rel="canonical" href="([^"]+)"', page)[1])
        mail = unescape(re.search(r'href="(mailto:help@example.org\?[^"]+)"', page)[1])
        said = parse_qs(mail.partition("?")[2])
        assert current.digest[:12] in said["subject"][0], address
        assert about in said["body"][0]
        assert current.digest in said["body"][0]


@pytest.mark.parametrize("kind", EVERY)
def test_a_page_is_light_and_quick(pages, get, kind):
    """100 KB; 50 ms in process, without a cache: the best of several tries, by the time of this process alone."""
    for address, page in pages(kind):
        assert len(page.encode()) <= 100_000, address
        assert min(seconds(get, address) for _ in range(5)) <= 0.05, address


def seconds(get, address):
    began = process_time()
    get(address)
    return process_time() - began
