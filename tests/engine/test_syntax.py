"""The walk over SPARQL: what it takes in, where it stops, and that it and the engine see the same keywords."""

import os
import re
from pathlib import Path

import pyoxigraph
import pytest

from mem_graph.engine import syntax
from mem_graph.errors import BadRequest


def kinds(text):
    return " ".join(token.kind for token in syntax.walk(text))


TAKEN = [
    ("ASK{}", "ASK { }"),
    ("ask where { ?s a 1 }", "ASK WHERE { VAR a INTEGER }"),
    ("SELECT*{?s?p?o}", "SELECT * { VAR VAR VAR }"),
    ("SELECT ?s { ?s <p> 'SERVICE', \"FROM\" }", "SELECT VAR { VAR IRIREF STRING , STRING }"),
    ("ASK { ?s ?p '''it's SERVICE''' } # SERVICE", "ASK { VAR VAR STRING }"),
    ('ASK { ?s ?p """a "" b\n\\"""" }', "ASK { VAR VAR STRING }"),
    ("ASK { ?service <http://x/SERVICE> service:FROM }", "ASK { VAR IRIREF PNAME_LN }"),
    ("ASK { ?s ?p 'a'@en-GB-oed , 1.5, -2e3, +1, .5, true, FALSE }", None),
    ("ASK { _:a ?p [], [ ?p () ], ( 1 ), ( ) , [ ] }", None),
    ("ASK { ?s a:b.c.d ?o. ?s a:b\\-c%20 : }", "ASK { VAR PNAME_LN VAR . VAR PNAME_LN PNAME_NS }"),
    ("ASK { ?s <a>/^<b>|!(<c>|^a)*/<d>?/(<e>+) ?o }", None),
    ("ASK { ?s :p+ 1 ; :q+1 ; :r? ?x ; :s ?x }", None),
    ("ASK { FILTER(?a<?b&&?c>?d) }", "ASK { FILTER ( VAR < VAR && VAR > VAR ) }"),
    ("ASK { FILTER(?a<1||?b>2) }", "ASK { FILTER ( VAR < INTEGER || VAR > INTEGER ) }"),
    ("ASK { FILTER(?a = <http://x/?b>) }", "ASK { FILTER ( VAR = IRIREF ) }"),
    ("ASK { VALUES (?a ?b) { (<urn:a> <urn:b#c>) (UNDEF <it's>) } }", None),
    ("ASK { FILTER(?a+1 = 2 && ?b -1 > -?c*-2/3) }", None),
    (
        "SELECT (COUNT(DISTINCT *) AS ?n) {} GROUP BY (?a AS ?b) HAVING(?n > 1) ORDER BY ?n DESC(?b) LIMIT 1 OFFSET 2",
        None,
    ),
    ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", None),
    ("DESCRIBE * FROM <a:b> FROM NAMED <a:c> { ?s ?p ?o }", None),
    ("ASK { SERVICE SILENT ?s { } }", "ASK { SERVICE SILENT VAR { } }"),
]


@pytest.mark.parametrize(("text", "expected"), TAKEN)
def test_what_follows_the_grammar_is_taken_in(text, expected):
    found = kinds(text)
    assert expected in (None, found)


REFUSED = [
    ("", 1, 1, "ends too early"),
    ("   # nothing\n", 2, 1, "ends too early"),
    ("SELECT * WHERE { ?s ?p }", 1, 24, "expected a variable, an IRI, a literal"),
    ("SELECT *\nWHERE {\n  ?s a }", 3, 8, "cannot stand here"),
    ("SELECT *\r\nWHERE {\r  ?s a }", 3, 8, "cannot stand here"),
    ("SELECT ('é\U0001f600' AS ?x) { ?s ?p }", 1, 29, "cannot stand here"),
    ("SELECT ?s, ?p {}", 1, 10, "',' cannot stand here"),
    ("ASK { ?s ?p 'abc }", 1, 13, "has no end"),
    ("ASK { ?s ?p 'a\nb' }", 1, 13, "has no end"),
    ("ASK { ?s ?p '\\q' }", 1, 13, "an escape that is none"),
    ("ASK { ?s <a b> ?o }", 1, 10, "a character that no IRI has"),
    ("ASK { ?s ?p ?o", 1, 15, "ends too early"),
    ("ASK { } }", 1, 9, "expected the end"),
    ("ASK { FILTER(?a = 1 AND ?b = 2) }", 1, 21, "'AND' cannot stand here"),
    ("ASK { FILTER regexx(?o, 'a') }", 1, 14, "a function"),
    ("SELECT * {} LIMIT x", 1, 19, "expected a number"),
    ("ASK { ?s ?p ?o \u00a0 }", 1, 16, "cannot stand here"),
    ("ASK { ?s \\u0061 ?o }", 1, 10, "cannot stand here"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), REFUSED)
def test_a_mistake_is_told_where_it_stands(text, line, column, words):
    with pytest.raises(BadRequest, match=words.replace("(", r"\(")) as caught:
        syntax.walk(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    ("text", "near"), [("SELCT * {}", "SELECT"), ("ASK { FILTR(1) }", "FILTER"), ("SELECT * {} ORDR BY ?x", "ORDER")]
)
def test_a_keyword_written_wrong_is_set_right(text, near):
    with pytest.raises(BadRequest) as caught:
        syntax.walk(text)
    assert caught.value.near[0] == near


EXPLAINED = [
    ("ASK { ?s foo:bar 1 }", 1, 10, "the prefix 'foo:' is not declared"),
    ("ASK {\n ?s skos:note 1 }", 2, 5, "put PREFIX skos: <http://www.w3.org/2004/02/skos/core#> at the top"),
    ("ASK { ?s <http://x/%zz> ?o }", 1, 10, "'%' begins a code"),
    ("SELECT ?x ?x { ?s ?p ?x }", 1, 26, "Duplicated variable name in SELECT"),
    ("SELECT * { ?s ?p ?x } GROUP BY ?s", 1, 34, "SELECT \\* is not authorized with GROUP BY"),
    ("ASK { BIND(1 AS ?x) BIND(2 AS ?x) }", 1, 36, "a variable is bound twice"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), EXPLAINED)
def test_what_the_engine_refuses_is_explained(text, line, column, words):
    with pytest.raises(SyntaxError) as caught:
        pyoxigraph.Store().query(text)
    error = syntax.explain(text, str(caught.value))
    assert (error.line, error.column) == (line, column)
    assert re.search(words, error.problem)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("SELECT * { ?s ?p ?o }", "s p o"),
        ("PREFIX a: <b:c> #*\nselect#\ndistinct * { ?z ?b $a . ?a ?z ?c }", "z b a c"),
        ("SELECT REDUCED*{ { SELECT * { ?y ?x 1 } } OPTIONAL { ?w a ?y } } ORDER BY ?v", "y x w v"),
        ("SELECT * { ?s ?p '?q' . # ?r\n ?s <a:?t> ?o }", "s p o"),
        ("SELECT ?a { { SELECT * { ?b ?c ?a } } }", ""),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", ""),
        ("CONSTRUCT WHERE { ?s ?p ?o }", ""),
        ("DESCRIBE * { ?s ?p ?o }", ""),
        ("ASK { ?s <a:p>* ?o }", ""),
        ("SELECT * { ?s ?p <<( ?a ?b ?c )>> }", ""),
        ("SELECT", ""),
        ("", ""),
    ],
)
def test_the_order_of_a_star(text, order):
    assert syntax.star_order(text) == tuple(order.split())


@pytest.mark.parametrize(
    ("prologue", "taken"),
    [
        ("PREFIX a:<http://x/>", True),
        ("prefix a: <http://x/>\n\tPREFIX : <y> PREFIX b-c_1: <>", True),
        ("PREFIX PREFIX: <a:b>", True),
        ("# PREFIX a: <http://x/> DESCRIBE\n", False),
        ("PREFIX a.b: <http://x/>", False),
        ("PREFIX \u00e9: <http://x/>", False),
        ("PREFIX a: #<http://x/> DESCRIBE\n <http://x/\\u0041>", False),
        ("BASE <http://x/> PREFIX a: <b>", False),
    ],
)
@pytest.mark.parametrize("query", ["SELECT * {}", "{}", "PREFIXED", "prefix:a", ""])
def test_the_first_word_behind_a_prologue_is_the_one_behind_its_tokens(prologue, taken, query):
    """However much of the prologue is skipped at once; what stands behind it may be no query."""
    text = f"{prologue} {query}"
    assert (syntax._PREFIXES.match(text).end() == len(prologue)) is taken
    alone = syntax.first_word(query)
    assert syntax.first_word(text) == alone._replace(start=alone.start + len(prologue) + 1)


def test_a_message_of_an_unknown_kind_is_passed_on():
    assert syntax.explain("ASK {}", "something else").problem == "something else"


@pytest.mark.parametrize("text", ["{" * 100_000, "ASK " + "{" * 100_000, "ASK {?s ?p " + "(" * 100_000, "'" * 100_000])
def test_no_depth_overflows_the_walk(text):
    with pytest.raises(BadRequest):
        syntax.walk(text)


def test_the_engine_reads_no_escapes_outside_strings_and_iris():
    """The walk takes in none either; should the engine begin to, words could hide from it."""
    with pytest.raises(SyntaxError):
        pyoxigraph.Store().query("ASK { \\u0053ERVICE <http://127.0.0.1:9/> {} }")


W3C = os.environ.get("MEM_GRAPH_W3C")
SUITE = "SPARQL grammar: queries of the W3C"
SKIP = f"{SUITE} did not run (894 cases): set MEM_GRAPH_W3C to a folder with a clone of github.com/w3c/rdf-tests"


@pytest.mark.suite(name=SUITE, needs="w3c", cases=894)
@pytest.mark.skipif(not W3C, reason=SKIP)
def test_on_the_w3c_queries_the_walk_agrees_with_the_engine_and_sees_the_services_that_rdflib_sees(record_property):
    folder = Path(W3C) / "rdf-tests" / "sparql"
    files = [file for name in ("sparql10", "sparql11") for file in sorted((folder / name).rglob("*.rq"))]
    assert len(files) == 894
    taken = [text for text in (file.read_text("utf-8") for file in files) if engine_takes(text)]
    assert len(taken) == 795
    services = {text for text in taken if "SERVICE" in kinds(text).split()}
    assert services == {text for text in taken if rdflib_sees_a_service(text)}
    assert len(services) == 10
    record_property("ran", len(files))


def engine_takes(text):
    try:
        pyoxigraph.Store().query(text, base_iri="http://example.org/")
    except SyntaxError:
        return False
    except (OSError, RuntimeError):
        return True
    return True


def rdflib_sees_a_service(text):
    """Whether rdflib's parser, another reading of the grammar, meets SERVICE; where it fails, whether it is a word."""
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        return "ServiceGraphPattern" in repr(parseQuery(text))
    except Exception:
        return re.search(r"\bSERVICE\b", text) is not None
