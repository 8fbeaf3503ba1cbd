"""Both languages everywhere: no word is left in one, but for the report as printed and what is marked as English."""

import csv
import re
from html import unescape

import pytest
from flask import g
from rdflib.plugins.sparql import prepareQuery

from mem_graph import errors, resources, web, wording
from mem_graph.iris import PREFIXES, curie
from mem_graph.query.asking import Asking
from mem_graph.query.names import Names
from mem_graph.web.sites import spanish
from mem_graph.web.words import TABLE, borrowed, words
from mem_graph.wording import LANGUAGES, Wording

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


def test_rules_are_named_and_told_in_the_language_of_the_page(get):
    """On the page of all shapes, where none is left out, and on that of a class."""
    for path, known in (("shapes", 303), ("ontology/Finding", 12)):
        rules = {}
        for language in LANGUAGES:
            main = get(f"/mem/{path}", Accept_Language=language).text.partition("<main")[2]
            links = r'<a href="/mem/shapes/([^"?]+)" lang="(\w+)">([^<]+)</a>(?: <small[^>]*>[^<]*</small>)?'
            rules[language] = re.findall(links + r': <span lang="(\w+)">', main)
            assert {(rule[1], rule[3]) for rule in rules[language]} == {(language, language)}
        names = [sorted(rule[0] for rule in own) for own in rules.values()]
        assert names[0] == names[1]
        assert len(set(names[0])) == known
    assert ("Finding-same-recommendation", "es", "misma recomendación", "es") in rules["es"]


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("doc/institution/PER/devido", 404, "'institution/PER/devido' no se conoce en las cosas de esta versión"),
        ("ontology/Findings", 404, "'Findings' no se conoce en los términos de la ontología"),
        ("ontology.exe", 404, "'.exe' no se conoce en los formatos de la ontología"),
        ("nada", 404, "No hay nada en esta dirección."),
        ("api/treaty-status?country=Chille&treaty=cifta-1997", 404, "'Chille' no se conoce en los Estados de la OEA"),
        (
            "api/treaty-status?country=PER&treaty=cifta-1997&on=ayer",
            400,
            "'ayer' no es una fecha; escríbala como 2014-06-30",
        ),
        ("api/treaty-status?country=PER&treaty=egmont-principles", 400, "es una norma, no un tratado: no tiene partes"),
        ("search?q=armas&page=0", 400, "parámetro 'page': '0' no es una página de 1 a 500"),
        ("sparql?query=SELCT", 400, "'SELCT' no puede estar aquí; se esperaba ASK, BASE, CONSTRUCT"),
        ("sparql?query=ASK+{+?s+?p+}", 400, "'}' no puede estar aquí; se esperaba una variable, un IRI, un literal"),
        ("sparql?query=ASK+{+?s+a+x:y+}", 400, "el prefijo 'x:' no está declarado (línea 1, columna 12)"),
        ("sparql?query=INSERT+DATA+{}", 403, "INSERT no se admite: aquí no se puede escribir nada"),
        ("sparql?query=ASK+{+SERVICE+<x:>+{}+}", 400, "SERVICE no se admite (línea 1, columna 7)"),
        (f"sparql?query=ASK+{'{' * 200}{'}' * 200}", 413, "demasiado profundo: 129 niveles; el límite es 128"),
    ],
)
def test_an_error_is_told_in_the_language_of_the_page(get, path, status, detail):
    """For people in a page, for programs in ``detail`` and ``hint``; what programs go by is the same in each."""
    page = get(f"/mem/{path}", Accept_Language="es-PE,es;q=0.9,en;q=0.8")
    assert (page.status_code, page.headers["Content-Language"]) == (status, "es")
    assert "Accept-Language" in page.headers["Vary"]
    words_of_page = unescape(re.sub("<[^>]*>", "", page.text))
    assert detail in words_of_page
    assert "is not known" not in words_of_page
    switched = f"/mem/{path}{'&' if '?' in path else '?'}lang=es"
    for told in (get(switched, "application/json"), get(f"/mem/{path}", "application/json", Accept_Language="es")):
        assert told.headers["Content-Language"] == "es"
        assert detail in told.json["detail"]
    english = get(f"/mem/{path}", "application/json")
    assert english.headers["Content-Language"] == "en"
    assert detail not in english.json["detail"]
    for stable in ("type", "title", "status", "code", "didYouMean", "line", "column", "limit"):
        assert english.json.get(stable) == told.json.get(stable)


@pytest.mark.parametrize(
    ("asked", "status", "detail"),
    [
        (
            "country=Chille&treaty=cifta-1997",
            404,
            "'Chille' no se conoce en los Estados de la OEA",
        ),
        ("country=PER&treaty=cifta-1997&on=ayer", 400, "parámetro 'on': 'ayer' no es una fecha"),
        ("country=PER&treaty=egmont-principles", 400, "es una norma, no un tratado: no tiene partes"),
        ("region=mars", 404, "'mars' no se conoce en las regiones"),
    ],
)
def test_what_is_wrong_in_the_form_of_a_look_up_is_told_in_its_language(get, asked, status, detail):
    page = get(f"/mem/doc/treaty?lang=es&{asked}")
    assert (page.status_code, page.headers["Content-Language"]) == (status, "es")
    told = unescape(re.sub("<[^>]*>", "", page.text))
    assert detail in told
    assert "sparql11-query" not in told


def test_names_that_are_near_stand_once_as_links_or_in_words(get):
    page = get("/mem/doc/institution/PER/devido", Accept_Language="es").text
    assert page.count("institution/PER/devida") == 1
    told = get(
        "/mem/api/treaty-status?country=Brazi&treaty=cifta-1997", "text/plain,*/*;q=0.1", Accept_Language="es"
    ).text
    assert "¿quiso decir 'Brazil'" in told


def test_a_look_up_that_names_nothing_asks_again_by_what_is_near_called_by_its_name(get):
    page = get("/mem/doc/treaty?country=Brazi&treaty=cifta-1997&on=2014-06-30&lang=es").text
    assert "¿quiso decir" not in page
    assert (
        '<a href="/mem/doc/treaty?country=BRA&amp;treaty=cifta-1997&amp;on=2014-06-30&amp;lang=es">Brasil</a>' in page
    )
    page = get("/mem/doc/treaty?country=PER&treaty=ciffta").text
    assert '<a href="/mem/doc/treaty?country=PER&amp;treaty=cifta-1997">CIFTA</a>' in page


def test_what_the_engine_says_in_its_own_words_is_marked_as_english(get):
    address = "/mem/sparql?query=SELECT+%28COUNT%28*%29+AS+%3Fx%29+%3Fs+%7B+%3Fs+%3Fp+%3Fo+%7D"
    page = get(address, Accept_Language="es").text
    said = "The SELECT contains a variable that is unbound"
    assert f'en palabras del motor: <span lang="en">{said}</span> (línea 1, columna 40)' in page
    assert f"<p>{said} (line 1, column 40)</p>" in get(address).text


def test_a_limit_is_told_in_the_language_of_the_page(app):
    """Of errors that no request brings about here: what the handler makes of each."""
    limits = [
        (errors.TimeLimit(limit=30.0), "la consulta tardó más de 30 segundos y se detuvo"),
        (errors.MemoryLimit(limit=500_000_000), "la consulta necesitó más de 500 000 000 bytes de memoria"),
        (errors.AnswerLimit(limit=100_000, unit="rows"), "la respuesta tiene más de 100 000 filas"),
        (
            errors.Unavailable(what=Wording("unavailable.a-release"), reason=Wording("unavailable.none-built")),
            "ninguna",
        ),
    ]
    for error, detail in limits:
        with app.test_request_context("/sparql?query=ASK+{}&lang=es", headers={"Accept": "text/html"}):
            g.query = "ASK {}"
            answer = web.handle(error)
        assert (answer.status_code, answer.headers["Content-Language"]) == (503, "es")
        assert detail in unescape(answer.get_data(as_text=True)).replace("\u202f", " ")


def test_every_wording_is_in_both_languages_with_the_same_values_and_used():
    rows = table(wording.TABLE)
    assert len(rows) > 90
    assert [row["key"] for row in rows] == sorted(row["key"] for row in rows)
    assert all(row["en"] and row["es"] for row in rows)
    names = [[set(re.findall(r"{(\w+)", row[language])) for language in LANGUAGES] for row in rows]
    assert all(english == spanish for english, spanish in names)
    used = "".join(path.read_text("utf-8") for path in wording.TABLE.parent.rglob("*.py"))
    made = ("too-large.", "answer-limit.", "explained.")
    assert [key for row in rows if f'"{(key := row["key"])}"' not in used and not key.startswith(made)] == []


def test_every_kind_of_error_has_a_title_in_both_languages(get):
    page = get("/mem/errors", Accept_Language="es").text
    codes = re.findall(r'<dt id="([^"]+)">', page)
    assert len(codes) > 15
    for language in LANGUAGES:
        known = words(language)
        assert [code for code in codes for key in ("error", "about") if f"{key}.{code}" not in known] == []
