"""Pages of other reports than Peru's: of one in Spanish that prints no period, and of several countries at once."""

import importlib.util
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from mem_graph import resources
from mem_graph.graph import release
from mem_graph.query.current import Current
from mem_graph.settings import Settings
from mem_graph.web import create_app
from mem_graph.web.pages import portions

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[3]
DOMINICA = ROOT / "tests" / "reports" / "in-two-languages" / "DMA-R6-es.txt"
PERIOD = ", que abarca desde 2013 hasta mediados de 2014"


def served(folder):
    """Ask pages of the release in a folder."""
    current = Current.open(release.current(folder).folder, Settings())
    client = create_app(Settings(cache_bytes=0), current).test_client()

    def ask(address, language="en"):
        answer = client.get(address, headers={"Accept": "text/html", "Accept-Language": language})
        assert answer.status_code == 200, answer.text
        return answer.text

    yield ask
    current.close()


@pytest.fixture(scope="module")
def spanish(tmp_path_factory):
    """A made-up report in Spanish, the only one that is loaded, without the words that say its period."""
    folder = tmp_path_factory.mktemp("spanish")
    copytree(resources.data(), folder / "data", ignore=ignore_patterns("PER-R6"))
    (folder / "data" / "reports").mkdir(exist_ok=True)
    text = DOMINICA.read_text("utf-8")
    assert text.count(PERIOD) == 1
    (folder / "report.txt").write_text(text.replace(PERIOD, ""), "utf-8")
    given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
    given |= {"MEM_GRAPH_DATA_DIR": str(folder / "data"), "MEM_GRAPH_RELEASES_DIR": str(folder / "releases")}
    command = [BIN / "mem-graph", "add", "--yes", folder / "report.txt"]
    subprocess.run(command, env=given, check=True, capture_output=True)
    yield from served(folder / "releases")


@pytest.fixture(scope="module")
def made_up():
    """The generator of hemispheres."""
    spec = importlib.util.spec_from_file_location("made_up", ROOT / "benchmarks" / "made_up.py")
    sys.modules["made_up"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def hemisphere(made_up, peru, folder, editions, countries):
    """Ask pages of reports like Peru's, with figures of their own."""
    made = made_up.write(peru.folder, made_up.Size(1, editions, countries), folder)
    release.switch(folder, release.verify(made))
    yield from served(folder)


@pytest.fixture(scope="module")
def several(tmp_path_factory, peru, made_up):
    """Two countries of which each has a report."""
    yield from hemisphere(made_up, peru, tmp_path_factory.mktemp("several"), 1, 2)


@pytest.fixture(scope="module")
def two_editions(tmp_path_factory, peru, made_up):
    """The same countries with two editions of each report, which say the same."""
    yield from hemisphere(made_up, peru, tmp_path_factory.mktemp("two-editions"), 2, 2)


def test_a_report_in_spanish_is_marked_as_spanish_on_every_page(spanish):
    """Sentences beside what is said of them, in search; the page is in the reader's language."""
    report = spanish("/doc/report/DMA-R6")
    assert '<html lang="en">' in report
    assert report.count('<q lang="es">') > 5
    assert '<q lang="en">' not in report
    (finding,) = re.findall(r'href="(/doc/finding/[^"]+)"', spanish("/doc/finding"))[:1]
    assert '<blockquote lang="es">' in spanish(finding)
    chapter = spanish("/doc/assessment/DMA-R6/1")
    assert '<q lang="es">' in chapter
    assert '<q lang="en">' not in chapter
    found = spanish("/search?q=drogas&kind=ontology%23Finding", "es")
    assert '<q lang="es">' in found
    assert '<q lang="en">' not in found
    assert '<div class="text" lang="es">' in spanish("/doc/source/DMA-R6/es/1/1")


def test_a_report_that_prints_no_period_says_that_of_its_round_and_that_it_is_that(spanish):
    for address in ("/", "/doc/report/DMA-R6", "/doc/assessment/DMA-R6/1", "/doc/country/DMA"):
        page = unescape(spanish(address))
        main, _, footer = page.partition("</main>")
        for part in (main, footer):
            assert "2013 to mid-2014, the period of its round, as its own was not read" in part, address
    assert "de 2013 a mediados de 2014, el período de su ronda, pues el suyo no se leyó" in spanish(
        "/doc/report/DMA-R6", "es"
    )


@pytest.mark.parametrize(
    "address",
    [
        "/doc/report/ARG-R6",
        "/doc/country/ARG",
        "/doc/assessment/ARG-R6/6",
        "/doc/recommendation/6/6",
        "/doc/criterion/6/6/early-intervention",
        "/doc/institution/PER/devida",
        "/doc/treaty/illicit-traffic-1988",
        "/doc/topic/firearms",
        "/doc/dataset/eradicated-ha",
    ],
)
def test_a_report_of_two_editions_is_told_of_once(several, two_editions, address):
    """By the edition of record alone: no sentence stands twice, no count is of two editions."""
    named = re.compile("[0-9a-f]{64}|[0-9a-f]{12}|<p>There are several editions.*?</ul>.*?</p>", re.DOTALL)
    assert named.sub("", two_editions(address)) == named.sub("", several(address))


def test_a_report_names_its_editions_and_what_is_not_of_record_says_so(several, two_editions):
    """The generator's second edition is called a Spanish one; English is of record (`catalog.edition_of_record`)."""
    report = two_editions("/doc/report/ARG-R6")
    assert "There are several editions" not in several("/doc/report/ARG-R6")
    named = re.search(r"There are several editions.*?</ul>", report, re.DOTALL)[0]
    assert re.findall(r'href="/doc/edition/([^"]+)"', named) == ["ARG-R6/en/1", "ARG-R6/es/1"]
    assert re.findall(r'/en/1".*?of record', named)
    assert named.count('<small class="tag">of record</small>') == 1
    for address in ("/doc/edition/ARG-R6/es/1", "/doc/finding/ARG-R6/6/es/1/s1a"):
        said = re.search(r'<div class="notice" role="note">.*?</div>', two_editions(address), re.DOTALL)[0]
        assert 'href="/doc/edition/ARG-R6/en/1"' in said
    for address in ("/doc/edition/ARG-R6/en/1", "/doc/finding/ARG-R6/6/en/1/s1a", "/doc/study/ARG-R6/11/s3a"):
        assert 'role="note"' not in two_editions(address)


def test_the_home_page_counts_the_ratings_of_each_report_alike(several):
    page = several("/")
    assert page.count('<ul class="tally">') == 2
    assert page.count("of 27 recommendations") == 2
    assert 'class="cells"' not in page


def test_a_figure_of_several_countries_stands_below_its_country(several):
    page = several("/doc/dataset/eradicated-ha")
    sections = [unescape(re.sub("<[^>]*>", "", part)) for part in page.partition("<main")[2].split("<section")[1:3]]
    for part, country in zip(sections, ("Antigua and Barbuda", "Argentina"), strict=True):
        assert country in part
        assert "2013 to mid-2014" in part


def test_a_page_narrows_to_one_country_and_links_to_the_others(several):
    whole = several("/doc/topic/firearms-marking")
    assert whole.count("What the report of ") == 2
    one = several("/doc/topic/firearms-marking?country=ARG")
    assert one.count("What the report of ") == 1
    assert "What the report of Argentina says" in one
    others = re.search(r'<nav class="others".*?</nav>', one, re.S)[0]
    assert re.findall(r'href="[^"]*\?country=(\w+)"', others) == ["ATG"]
    assert "Of 2 countries 1 shown here." in others
    assert several("/doc/topic/firearms-marking?country=%3Cx%3E").count("What the report of ") == 2


def test_as_many_whole_countries_are_shown_as_there_is_room_for():
    own = {"a": range(50), "b": range(30), "c": range(1)}
    assert portions.fitting(own, 80) == ["a", "b"]
    assert portions.fitting(own, 10) == ["a"]
    assert portions.fitting({}, 10) == []


def test_a_list_comes_in_pages_that_hold_all_of_it_and_by_report(several):
    first = several("/doc/passage")
    total = int(re.search(r"([\d,]+) in this release\.", first)[1].replace(",", ""))
    pages = int(re.search(r"Page 1 of (\d+)", first)[1])
    assert pages == -(-total // 250)
    found = [
        link
        for number in range(1, pages + 1)
        for link in re.findall(r'<li><a href="(/doc/passage/[^"]+)"', several(f"/doc/passage?page={number}"))
    ]
    assert len(found) == len(set(found)) == total
    by_report = dict(
        re.findall(r'<a href="/doc/passage/(\w+-R6)">[^<]*</a> <span class="quiet">([\d,]+)</span>', first)
    )
    assert by_report.keys() == {"ATG-R6", "ARG-R6"}
    assert sum(int(count.replace(",", "")) for count in by_report.values()) <= total


def test_every_kind_of_page_is_light_with_several_reports(several):
    for address in (
        "/",
        "/doc/report/ARG-R6",
        "/doc/topic/institutional-strengthening",
        "/doc/quote-selector",
        "/doc/derivation",
    ):
        assert len(several(address).encode()) <= 100_000, address
