"""Audits: each finds what tests/shapes/planted.ttl plants in the made-up edition, and nothing else is found in it."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store
from rdflib import BNode, Graph
from rdflib.namespace import RDFS, SH

from mem_graph import iris, resources
from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.errors import ParseError
from mem_graph.graph import audits, validate

BASE = "https://example.org/"
CASES = Path(__file__).parents[1] / "shapes"
PROLOGUE = f"BASE <{BASE}>\n" + "\n".join(f"PREFIX {prefix}: <{space}>" for prefix, space in iris.PREFIXES.items())
AUDITS = audits.load_audits(resources.shapes() / "audits")
PLANTED = Graph().parse(CASES / "planted.ttl")


def made_up(update=""):
    graph = resources.read_ontology(resources.ontology(), BASE, ("mem", "values"))
    for name in ("edition", "shared", "derived"):
        graph.parse(CASES / f"{name}.ttl")
    if update:
        graph.update(f"{PROLOGUE}\n{update}")
    store = Store()
    store.bulk_load(graph.serialize(format="nt").encode(), format=RdfFormat.N_TRIPLES)
    return EmbeddedStore(store, union=True)


def named(case):
    return case.rpartition("/")[2]


@pytest.fixture(scope="module")
def found():
    return audits.run(made_up(), AUDITS)


@pytest.mark.parametrize("case", sorted(PLANTED.subjects(SH.update)), ids=named)
def test_planted(case):
    [result] = PLANTED.objects(case, SH.result)
    shape, focus, message = (
        str(PLANTED.value(result, about)) for about in (SH.sourceShape, SH.focusNode, SH.resultMessage)
    )
    met = audits.run(made_up(str(PLANTED.value(case, SH.update))), AUDITS)
    assert (shape.partition("audit-")[2], focus, message) in {(each.audit, each.focus, each.message) for each in met}


def test_every_audit_is_planted():
    """In 24 cases, every audit finds something."""
    results = list(PLANTED.objects(None, SH.result))
    told = {str(PLANTED.value(result, SH.sourceShape)).partition("audit-")[2] for result in results}
    assert told == {audit.name for audit in AUDITS}
    assert len(results) == 24


def test_nothing_else_is_found(found):
    """What the made-up edition says without any update."""
    as_it_is = {named(case) for case, update in PLANTED.subject_objects(SH.update) if not str(update)}
    assert {result.audit for result in found} == as_it_is
    assert len(found) == len(as_it_is) == 3


def test_both_sentences(found):
    """A finding has the sentences it is about, those that affirm first."""
    [tension] = [result for result in found if result.audit == "tension"]
    finding = f"{BASE}id/finding/XAA-R96/1/en/1/"
    assert tension.statements == (f"{finding}s2a", f"{finding}s4a")
    assert tension.quotes[1] == "Exemplia does not mark exported firearms."
    assert (tension.key, tension.severity) == ("marking", "info")


def test_in_words(found):
    lines = list(audits.in_words(found))
    at = lines.index("info tension, XAA-R96: Statements on “Marking”: 1 affirm, 1 deny.")
    assert lines[at + 3 : at + 5] == [
        f"  <{BASE}id/finding/XAA-R96/1/en/1/s4a>",
        "    “Exemplia does not mark exported firearms.”",
    ]


def test_as_shacl(found):
    """A validation report for each audited report; each finding with its IRI; no blank node."""
    graph = audits.to_graph(found, AUDITS, iris.Iris(BASE))
    node = f"{BASE}id/audit/XAA-R96/tension/marking"
    said = {str(value) for value in graph.objects(predicate=SH.sourceShape)}
    assert said == {
        str(validate.SHAPES[f"audit-{name}"]) for name in ("fraction-differs", "only-in-chapter", "tension")
    }
    assert node in {str(result) for result in graph.objects(predicate=SH.result)}
    assert not any(isinstance(term, BNode) for triple in graph for term in triple)
    assert (
        str(graph.value(validate.SHAPES["audit-tension"], RDFS.label)) == "Statements of opposite polarity on one topic"
    )
    assert {str(each) for each in graph.objects(predicate=SH.conforms)} == {"true"}


@pytest.mark.parametrize("audit", AUDITS, ids=lambda audit: audit.name)
def test_header(audit):
    """Every audit explains itself, and its message names columns of its query."""
    columns = set(audit.query.partition("SELECT")[2].partition("WHERE")[0].replace("?", "").split())
    places = set(audits.PLACE.findall(audit.message))
    assert places <= columns
    assert columns >= {"report", "key", "focus"}
    assert audit.severity in ("info", "warning")
    assert audit.explanation.endswith(".")


@pytest.mark.parametrize("line", ["title", "explanation", "severity", "message"])
def test_header_is_asked_for(tmp_path, line):
    text = (resources.shapes() / "audits" / "ratings.rq").read_text(encoding="utf-8")
    path = tmp_path / "bad.rq"
    path.write_text(text.replace(f"# {line}:", "# ...:"), encoding="utf-8")
    with pytest.raises(ParseError, match=line):
        audits.read_audit(path)


def test_severity_is_known(tmp_path):
    text = (resources.shapes() / "audits" / "ratings.rq").read_text(encoding="utf-8")
    path = tmp_path / "bad.rq"
    path.write_text(text.replace("severity: Warning", "severity: Grave"), encoding="utf-8")
    with pytest.raises(ParseError, match="Grave"):
        audits.read_audit(path)
