"""Every IRI comes from keys and goes back to them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mem_graph.errors import SettingsError, UnknownTerm
from mem_graph.iris import DEFAULT_BASE, KEYS, ONTOLOGY, PATHS, PREFIXES, STATEMENTS, Iris, curie, slug

LINES = [line for line in (Path(__file__).parent / "terms/iris.txt").read_text().splitlines() if line[0] != "#"]
CASES = [[cell.strip() for cell in line.split("|")] for line in LINES]
BASES = [DEFAULT_BASE, "https://example.org/", "http://localhost:8080/a/b/"]


def test_the_cases_are_there():
    assert len(CASES) == 92
    assert len({path for path, *_ in CASES}) == 92


@pytest.mark.parametrize(("path", "kind", "keys"), CASES)
@pytest.mark.parametrize("base", BASES)
def test_an_iri_is_read_back(base, path, kind, keys):
    iris = Iris(base)
    minted = iris.parse(base + path)
    assert (minted.kind, minted.keys) == (kind, tuple(keys.split()))
    if kind != "derivation":
        assert iris.mint(kind, *minted.keys) == base + path


@given(st.data())
def test_what_is_minted_is_read_back(data):
    kind = data.draw(st.sampled_from(sorted(PATHS)))
    parts = [part.partition("}")[0] for part in PATHS[kind].split("{")[1:]]
    keys = tuple(data.draw(st.from_regex(KEYS[part], fullmatch=True).filter(str.isascii)) for part in parts)
    iri = Iris().mint(kind, *keys)
    assert Iris().parse(iri) == (kind, keys)
    assert iri.isascii()
    assert not set(iri) & set("%?# \n")


@given(st.text())
def test_any_other_words_are_refused_in_our_own_words(words):
    for kind in ("country", "rule", "edition"):
        try:
            iri = Iris().mint(kind, words)
        except UnknownTerm:
            continue
        assert Iris().parse(iri) == (kind, (words,))


@pytest.mark.parametrize(
    "iri",
    [
        f"{DEFAULT_BASE}id/country/per",
        f"{DEFAULT_BASE}id/country/PER/",
        f"{DEFAULT_BASE}id/treaty/Convenci%C3%B3n",
        f"{DEFAULT_BASE}id/finding/PER-R6/24/en/1",
        f"{DEFAULT_BASE}id/derivation/refersTo/country/PER",
        f"{DEFAULT_BASE}doc/country/PER",
        "https://example.org/id/country/PER",
        DEFAULT_BASE,
        "",
    ],
)
def test_an_iri_of_others_is_no_iri_of_ours(iri):
    with pytest.raises(UnknownTerm):
        Iris().parse(iri)


@pytest.mark.parametrize(
    "base", ["", "https://example.org", "example.org/", "https://example.org/ü/", "https://example.org/?a=/"]
)
def test_a_base_is_an_address_that_ends_in_a_slash(base):
    with pytest.raises(SettingsError, match="identity_base"):
        Iris(base)


def test_each_function_gives_the_iri_of_its_example():
    iris = Iris("https://example.org/")
    edition = "PER-R6/en/1"
    assert iris.institution("PER/devida") == "https://example.org/id/institution/PER/devida"
    assert iris.instrument("egmont-principles", standard=True) == "https://example.org/id/standard/egmont-principles"
    assert iris.article("cifta-1997", "8") == "https://example.org/id/treaty/cifta-1997/article/8"
    assert iris.statement("finding", edition, 24, "s3a") == "https://example.org/id/finding/PER-R6/24/en/1/s3a"
    assert iris.annotation("finding", edition, 24, "s3a").endswith("id/annotation/finding/PER-R6/24/en/1/s3a")
    assert iris.passage(edition, 24, "s3", "12-40").endswith("id/passage/PER-R6/24/en/1/s3/12-40")
    assert iris.graph(f"edition/{edition}") == f"https://example.org/graph/edition/{edition}"
    assert iris.graph("derived") == "https://example.org/graph/derived"
    assert iris.mechanism() == "https://example.org/id/mechanism/mem"


def test_a_derivation_names_its_three_terms():
    iris = Iris()
    country, treaty = iris.country("PER"), iris.instrument("cifta-1997")
    made = iris.derivation("refersTo", country, treaty)
    assert iris.parse(made).keys == ("refersTo", "country/PER", "treaty/cifta-1997")
    with pytest.raises(UnknownTerm):
        iris.derivation("refersTo", country, "https://example.org/elsewhere")


def test_every_kind_of_statement_has_an_annotation_and_a_path():
    assert {f"{kind} annotation" for kind in STATEMENTS} | set(STATEMENTS) <= set(PATHS)


def test_prefixes():
    assert PREFIXES["mem"] == f"{ONTOLOGY}#"
    assert list(PREFIXES) == sorted(PREFIXES)
    assert curie(f"{ONTOLOGY}#Finding") == "mem:Finding"
    assert curie("https://example.org/") == "https://example.org/"


@pytest.mark.parametrize(("words", "key"), [("Cocaine paste", "cocaine-paste"), (" eradicated  ha", "eradicated-ha")])
def test_words_become_keys(words, key):
    assert slug(words) == key


@pytest.mark.parametrize("words", ["", "…", "Convención"])
def test_words_without_letters_or_with_accents_make_no_key(words):
    with pytest.raises(UnknownTerm):
        slug(words)
