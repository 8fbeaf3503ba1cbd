"""Both languages everywhere: no word is left in one, but for the report as printed and what is marked as English."""

import csv
import re
from html import unescape

import pytest
from rdflib.plugins.sparql import prepareQuery

from mem_graph import resources
from mem_graph.iris import PREFIXES, curie
from mem_graph.query.asking import Asking
from mem_graph.query.names import Names
from mem_graph.web.sites import spanish
from mem_graph.web.words import LANGUAGES, TABLE, borrowed, words

NAMED = (
    "Institution",
    "Instrument",
    "Place",
    "Plan",
    "Country",
    "Round",
    "Criterion",
    "Topic",
    "ThematicArea",
    "Rating",
)


def table(path):
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_what_has_a_name_has_one_in_spanish(current, app):
    """All things of the tables and the codebook; studies and terms of a glossary are named by the report."""
    names = Names.read(Asking(current, resources.queries() / "pages"), spanish(current.release.identity_base))
    named = [
        iri
        for iri, types in names.types.items()
        if any(each == f"{PREFIXES['mem']}{kind}" for each in types for kind in NAMED)
    ]
    assert len(named) > 300
    assert [iri for iri in named if "es" not in names.labels.get(iri, {})] == []
    assert names.of("https://w3id.org/mem-graph/id/region/south-america", "es") == "América del Sur"


def test_every_spanish_name_is_of_a_thing_that_is_there(current):
    data = (current.release.folder / "data.nq").read_text("utf-8")
    rows = table(resources.data() / "tables" / "spanish-names.csv")
    assert len(rows) > 60
    assert rows == sorted(rows, key=lambda row: row["thing"])
    for row in rows:
        iri = f"{current.release.identity_base}id/{row['thing']}"
        assert f"<{iri}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>" in data, row
        assert f'<{iri}> <http://www.w3.org/2004/02/skos/core#altLabel> "{row["name"]}"@es' in data, row


def test_terms_of_other_vocabularies_have_a_word_in_both_languages(current):
    """Those that stand as properties or classes in the data, for people who do not read short forms."""
    rows = table(TABLE.with_name("borrowed.csv"))
    assert [row["term"] for row in rows] == sorted(row["term"] for row in rows)
    assert all(row["en"] and row["es"] for row in rows)
    data = (current.release.folder / "data.nq").read_text("utf-8")
    used = set(re.findall(r"^\S+ <([^>]+)>", data, flags=re.M)) | set(re.findall(r"#type> <([^>]+)>", data))
    foreign = {curie(iri) for iri in used if not iri.startswith("https://w3id.org/mem-graph/")}
    assert len(foreign) > 100
    assert foreign - set(borrowed("es")) == set()


def test_every_query_of_ours_says_in_both_languages_what_it_asks():
    rows = table(resources.queries() / "spanish.csv")
    names = [row["query"] for row in rows]
    assert all(row["es"] for row in rows)
    assert names == sorted(path.stem for path in resources.queries().rglob("*.rq"))


def test_every_column_of_every_table_stands_in_the_dictionary_and_no_other():
    rows = table(resources.queries() / "columns.csv")
    assert all(row["en"] and row["es"] for row in rows)
    names = [row["column"] for row in rows]
    assert names == sorted(names)
    asked = set()
    for path in resources.queries().rglob("*.rq"):
        text = path.read_text(encoding="utf-8").replace("$this", "<urn:this>")
        asked |= {str(name) for name in prepareQuery(text).algebra.get("PV", []) if "SELECT" in text}
    assert set(names) == asked


@pytest.mark.parametrize(
    "path",
    [
        "/mem/doc/finding/PER-R6/5/en/1/s2a",
        "/mem/doc/institution/PER/devida",
        "/mem/doc/passage/PER-R6/5/en/1/s2",
        "/mem/doc/treaty/cifta-1997",
        "/mem/doc/treaty?country=PER&treaty=cifta-1997",
        "/mem/doc/treaty?country=BOL&treaty=narcotics-1961-amended",
        "/mem/doc/country/PER/treaties",
        "/mem/doc/topic/firearms-marking",
        "/mem/doc/criterion/6/24/marking",
        "/mem/doc/rating/6/complete",
        "/mem/ontology",
        "/mem/ontology/Finding",
        "/mem/ontology/polarity",
        "/mem/ontology/achievement",
        "/mem/shapes",
        "/mem/dictionary",
        "/mem/search?q=armas",
        "/mem/dump",
        "/mem/errors",
        "/mem/doc/nothing",
        "/mem/sparql",
    ],
)
def test_no_word_of_a_spanish_page_is_left_in_english(get, path):
    """Words that only English has, outside quotations, code and what is marked as English."""
    page = get(path, Accept_Language="es").text
    assert '<html lang="es">' in page
    body = page.partition("<main")[2]
    for marked in (r'<(\w+)[^>]* lang="en"[^>]*>.*?</\1>', r"<(code|pre|svg|textarea|option)\b.*?</\1>"):
        body = re.sub(marked, " ", body, flags=re.S)
    body = re.sub(r"\bmem:\w+", " ", body)  # the name of a term is no word
    left = set(re.findall(r"[a-z]+", unescape(re.sub("<[^>]*>", " ", body)).lower()))
    english = {"the", "of", "and", "is", "with", "files", "errors", "there", "which", "finding", "edition", "reading"}
    assert left & english == set()


def test_every_kind_of_error_has_a_title_in_both_languages(get):
    page = get("/mem/errors", Accept_Language="es").text
    codes = re.findall(r'<dt id="([^"]+)">', page)
    assert len(codes) > 15
    for language in LANGUAGES:
        assert [code for code in codes if f"error.{code}" not in words(language)] == []
