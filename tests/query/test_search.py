"""What is found by which words; the expected answers are from the report and the tables."""

import pytest

from mem_graph import resources
from mem_graph.query.asking import Asking
from mem_graph.query.current import Current
from mem_graph.query.names import Names
from mem_graph.query.search import Entry, SearchIndex
from mem_graph.settings import Settings

BASE = "https://w3id.org/mem-graph/id/"
MEM = "https://w3id.org/mem-graph/ontology#"


@pytest.fixture(scope="module")
def index(peru):
    held = Current.open(peru.folder, Settings())
    asking = Asking(held, resources.queries() / "pages")
    yield SearchIndex.read(asking, Names.read(asking))
    held.close()


def iris(found):
    return [each.iri.removeprefix(BASE) for each in found.entries]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("DEVIDA", "institution/PER/devida"),
        ("cifta", "treaty/cifta-1997"),
        ("peru", "country/PER"),
        ("Perú", "country/PER"),
        ("alternatives to incarceration", "topic/alternatives-to-incarceration"),
        ("alternativas al encarcelamiento", "topic/alternatives-to-incarceration"),
        ("marcación de armas", "topic/firearms-marking"),
        ("Convención Única sobre Estupefacientes", "treaty/narcotics-1961"),
        ("recommendation 24", "recommendation/6/24"),
    ],
)
def test_a_name_in_either_language_finds_its_thing_first(index, words, first):
    assert iris(index.find(words, {}))[0] == first


def test_accents_case_and_plurals_do_not_matter(index):
    one = iris(index.find("convención", {}))
    assert one
    assert one == iris(index.find("CONVENCIONES", {})) == iris(index.find("convencion", {}))


def test_a_word_written_wrongly_is_forgiven_and_told(index):
    found = index.find("incarseration", {})
    assert found.corrected
    assert "topic/alternatives-to-incarceration" in iris(found)
    assert not index.find("incarceration", {}).corrected


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("firarms", "firearms"),
        ("extraditon", "extradition"),
        ("lavdo", "lavado"),
        ("estupefasientes", "estupefacientes"),
    ],
)
def test_a_slip_in_either_language_finds_what_was_meant_and_says_what_it_sought(index, written, meant):
    found = index.find(written, {})
    assert found.read == (meant,)
    assert iris(found) == iris(index.find(meant, {}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("firearm", "FIREARMS"),
        ("policies", "policy"),
        ("program", "programmes"),
        ("país", "países"),
        ("tratado", "tratados"),
        ("autoridades", "autoridad"),
        ("perú", "PERU"),
    ],
)
def test_one_and_many_with_accents_or_without_find_the_same(index, one, other):
    assert iris(index.find(one, {}))
    assert iris(index.find(one, {})) == iris(index.find(other, {}))


def test_a_question_in_words_is_answered_by_its_telling_words(index):
    asked = index.find("What did Peru say about alternatives to incarceration?", {})
    assert asked.words == ("peru", "alternativ", "incarceration")
    assert {each.first("kind") for each in asked.entries} == {f"{MEM}Finding", f"{MEM}ConclusionStatement"}
    assert all("alternative" in each.text for each in asked.entries)
    assert index.find("¿Qué dice sobre las armas de fuego?", {}).words == ("arma", "fuego")


def test_findings_are_narrowed_to_a_criterion_in_every_language(index):
    """Of recommendation 5, *selective*: the report says that Peru has no selective programmes."""
    one = f"{BASE}criterion/6/5/selective"
    for words in ("prevention", "prevención"):
        found = index.find(words, {"criterion": one, "kind": f"{MEM}Finding"})
        assert [each.iri.removeprefix(BASE) for each in found.entries] == ["finding/PER-R6/5/en/1/s2a"]
        assert found.facets["criterion"][one] == 1
    (criterion,) = index.find("prevención selectiva", {"kind": f"{MEM}Criterion"}).entries
    assert criterion.iri == one


def test_a_treaty_shows_no_name_twice_and_is_found_by_each(index):
    found = index.find("Convención de Palermo", {})
    (first, *_) = found.entries
    assert first.iri == f"{BASE}treaty/untoc-2000"
    assert "Convención de Palermo" in first.aliases
    assert not set(first.aliases) & set(first.title.split(" · "))


def test_all_words_are_needed_and_what_is_not_there_is_not_found(index):
    assert index.find("firearms zzyzx", {}).total == 0
    assert index.find("", {}).total == 0
    assert index.find('"; DROP TABLE words; --', {}).total == 0


def test_an_answer_is_narrowed_by_facets(index):
    every = index.find("firearms", {})
    lacking = index.find("firearms", {"polarity": f"{MEM}deficiency"})
    assert 0 < lacking.total < every.total
    assert lacking.total == every.facets["polarity"][f"{MEM}deficiency"]
    assert all(each.facets["polarity"] == (f"{MEM}deficiency",) for each in lacking.entries)
    assert index.find("firearms", {"polarity": f"{MEM}deficiency", "country": f"{BASE}country/BOL"}).total == 0


def test_a_finding_is_found_by_its_sentence_and_shows_it(index):
    found = index.find("selective indicated prevention system", {"kind": f"{MEM}Finding"})
    programmes, system = (
        "Peru does not have selective or indicated prevention programs",
        "a comprehensive prevention system",
    )
    assert {each.text for each in found.entries} == {f"{programmes}, nor has it designed {system}."}
    assert found.total == 3


def test_a_term_of_the_glossary_is_found_by_its_definition(index):
    found = index.find("addiction prevention services interconnected", {})
    assert [each.title for each in found.entries] == ["Comprehensive (prevention) system"]


def test_pages_of_an_answer_hold_all_of_it_once():
    index = SearchIndex(Entry(f"urn:{n}", f"thing {n}") for n in range(45))
    pages = [index.find("thing", {}, page, 20).entries for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [20, 20, 5, 0]
    assert len({each.iri for page in pages for each in page}) == 45
