"""Validation: what a result says, and what it leads to."""

import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, SH

from mem_graph import iris, resources
from mem_graph.graph import validate
from mem_graph.outcomes import ValidationReport

BASE = "https://example.org/"
CASES = Path(__file__).parents[1] / "shapes"
MEM = validate.MEM
OA = Namespace(iris.PREFIXES["oa"])
NAME = f"{BASE}graph/edition/XAA-R96/en/1"
SOURCE = f"{BASE}id/source/XAA-R96/en/1/1"
FINDING = f"{BASE}id/finding/XAA-R96/1/en/1/s4a"
PASSAGE = f"{BASE}id/passage/XAA-R96/1/en/1/s4"
SENTENCE = "Exemplia does not mark exported firearms."


@pytest.fixture(scope="module")
def shapes():
    return validate.shapes_of(*validate.OF_RECORD)


@pytest.fixture(scope="module")
def lists():
    """The ontology and what editions share, without what a person has corrected of one."""
    graph = resources.read_ontology(resources.ontology(), BASE, ("mem", "values"))
    return graph.parse(CASES / "shared.ttl")


@pytest.fixture(scope="module")
def shared(lists):
    return (lists + Graph()).parse(CASES / "corrections.ttl")


@pytest.fixture(scope="module")
def text():
    return {SOURCE: (CASES / "edition.txt").read_text(encoding="utf-8")}


@pytest.fixture
def edition():
    return Graph().parse(CASES / "edition.ttl")


def changed(graph, update):
    prefixes = "\n".join(f"PREFIX {prefix}: <{space}>" for prefix, space in iris.PREFIXES.items())
    graph.update(f"BASE <{BASE}>\n{prefixes}\n{update}")
    return graph


def check(graph, shapes, vocabulary, sources=None, name="", **how):
    return validate.check(validate.Part(graph), shapes, [validate.Part(vocabulary)], sources, name, **how)


def the_only(report):
    [result] = report.results
    return result


def test_conforms(edition, shapes, shared, text):
    report = check(edition, shapes, shared, text, NAME)
    assert report == ValidationReport(NAME)
    assert report.conforms


def test_nothing_is_changed(edition, shapes, shared, text):
    sizes = len(edition), len(shapes.graph), len(shared)
    check(edition, shapes, shared, text)
    assert (len(edition), len(shapes.graph), len(shared)) == sizes


def test_an_empty_graph_does_not_conform(shapes, lists):
    report = check(Graph(), shapes, lists, {}, NAME)
    assert not report.conforms
    assert {result.focus for result in report.violations} == {str(MEM.Edition), str(MEM.Report)}


def test_nothing_at_all_does_not_conform(shapes):
    assert not check(Graph(), shapes, Graph()).conforms


def test_two_editions_in_one_graph_do_not_conform(edition, shapes, shared):
    changed(edition, "INSERT DATA { <id/edition/XAA-R96/en/2> a mem:Edition }")
    focus = {result.focus for result in check(edition, shapes, shared).violations}
    assert str(MEM.Edition) in focus


@pytest.mark.parametrize(
    ("update", "shape"),
    [
        (f"DELETE WHERE {{ <{FINDING}> mem:polarity ?any }}", "Judgement-polarity"),
        (f"DELETE WHERE {{ <{PASSAGE}> oa:hasSource ?any }}", "Passage-source"),
        ("DELETE WHERE { <id/annotation/finding/XAA-R96/1/en/1/s4a> oa:hasTarget ?any }", "Annotation-target"),
        ("DELETE WHERE { <id/position-selector/XAA-R96/1/en/1/s4> oa:end ?any }", "PositionSelector-end"),
    ],
)
def test_from_node_to_sentence(edition, shapes, shared, update, shape):
    """Whichever node is broken, the result has the statement, its passage and its quote."""
    report = check(changed(edition, update), shapes, shared)
    found = [result for result in report.results if result.shape == str(validate.SHAPES[shape])]
    assert {(result.statement, result.passage, result.quote) for result in found} == {(FINDING, PASSAGE, SENTENCE)}


def test_sentence_without_quote(edition, shapes, shared):
    """Where the quote itself is missing, the words of the passage stand for it."""
    result = the_only(check(changed(edition, f"DELETE WHERE {{ <{FINDING}> mem:quote ?any }}"), shapes, shared))
    assert result.shape == str(validate.SHAPES["Statement-quote"])
    assert (result.statement, result.quote) == (FINDING, SENTENCE)


def test_study_to_sentence(edition, shapes, shared):
    """A node that is no statement leads to the sentence that speaks of it."""
    study = f"{BASE}id/study/XAA-R96/1/s3a"
    result = the_only(check(changed(edition, f"DELETE WHERE {{ <{study}> mem:maker ?any }}"), shapes, shared))
    assert result.statement == f"{BASE}id/study-mention/XAA-R96/1/en/1/s3a"
    assert result.quote == "Under its River Plan, Exemplia made a study on rivers in 2098."


def test_assessment_to_line(edition, shapes, shared):
    """An assessment leads to the line that prints the rating."""
    update = "DELETE WHERE { <id/report/XAA-R96> mem:assessment <id/assessment/XAA-R96/2> }"
    report = check(changed(edition, update), shapes, shared)
    [listed] = [result for result in report.results if result.shape.endswith("Assessment-listed")]
    assert listed.quote == "Evaluation: Complete"


def test_paths_and_values(edition, shapes, shared):
    update = f"DELETE WHERE {{ <{FINDING}> mem:topic ?any }} ; INSERT DATA {{ <{FINDING}> mem:topic <id/unknown> }}"
    result = the_only(check(changed(edition, update), shapes, shared))
    assert (result.path, result.value) == ("mem:topic", f"<{BASE}id/unknown>")
    assert result.component == str(SH.ClassConstraintComponent)
    assert result.message == "Give at least one topic of the vocabulary: what the sentence is about."


def test_path_of_several_steps(edition, shapes, shared):
    update = "DELETE DATA { <id/report/XAA-R96> mem:assessment <id/assessment/XAA-R96/2> } ; "
    update += "DELETE WHERE { <id/assessment/XAA-R96/2> ?p ?o }"
    paths = {result.path for result in check(changed(edition, update), shapes, shared).results}
    assert "mem:round/^mem:round" in paths


def test_warnings_conform(edition, shapes, shared):
    update = (
        f"DELETE WHERE {{ <{FINDING}> mem:sureness ?any }} ; INSERT DATA {{ <{FINDING}> mem:sureness mem:byLikeness }}"
    )
    report = check(changed(edition, update), shapes, shared, name=NAME)
    assert report.conforms
    assert the_only(report).severity == "warning"
    assert next(validate.in_words(report)) == f"{NAME}: conforms, 0 violations, 1 warning"


def test_quotes_name_what_the_source_has(edition, shapes, shared, text):
    changed(edition, "DELETE WHERE { <id/quote-selector/XAA-R96/1/en/1/s4> oa:exact ?any }")
    edition.add((URIRef(f"{BASE}id/quote-selector/XAA-R96/1/en/1/s4"), OA.exact, Literal("Exemplia marks all.")))
    report = check(edition, shapes, shared, text)
    [cut] = [result for result in report.results if result.shape.endswith("QuotedPassage-cut")]
    assert cut.component == str(validate.SHAPES.QuoteConstraintComponent)
    assert cut.message.endswith(f"at this place it has: {SENTENCE}")
    assert (cut.path, cut.value, cut.statement) == ("oa:hasSelector/oa:exact", '"Exemplia marks all."', FINDING)


def test_offsets_are_code_points(edition, shapes, shared, text):
    """A letter outside the basic plane counts once: the text that follows it keeps its offsets."""
    wide = {SOURCE: text[SOURCE].replace("MADE UP", "MADE U𝐏")}
    assert check(edition, shapes, shared, wide).conforms


@pytest.mark.parametrize("about", ["oa:start", "oa:end", "mem:offset", "mem:characters"])
def test_what_is_no_number_is_told_by_the_shapes(edition, shapes, shared, text, about):
    """Where words stand is not looked up by something that is no number; that it is none is told."""
    changed(
        edition,
        f"DELETE {{ ?node {about} ?number }} INSERT {{ ?node {about} 'here' }} WHERE {{ ?node {about} ?number }}",
    )
    report = check(edition, shapes, shared, text)
    assert {result.path for result in report.results if result.value == '"here"'} >= {about}


def test_without_text_no_quote_is_compared(edition, shapes, shared):
    assert check(edition, shapes, shared, None).conforms
    assert not check(edition, shapes, shared, {}).conforms


@pytest.fixture
def broken(edition, shapes, shared):
    changed(edition, f"DELETE WHERE {{ <{FINDING}> mem:polarity ?any }}")
    changed(edition, "DELETE WHERE { <id/assessment/XAA-R96/2> mem:rating ?any }")
    return check(edition, shapes, shared, name=NAME)


def test_as_shacl(broken):
    """The report is SHACL without blank nodes, and each result has an IRI below that of the report."""
    node = f"{BASE}id/validation/XAA-R96/en/1"
    graph = validate.to_graph(broken, node)
    assert not any(isinstance(term, BNode) for triple in graph for term in triple)
    assert (URIRef(node), SH.conforms, Literal(False)) in graph
    results = set(graph.subjects(RDF.type, SH.ValidationResult))
    assert results == set(graph.objects(URIRef(node), SH.result))
    assert len(results) == len(broken.results)
    for about in (SH.focusNode, SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent, SH.resultMessage):
        assert len(list(graph.subject_objects(about))) == len(results), about
    assert (None, MEM.statement, URIRef(FINDING)) in graph


def test_same_bytes(broken):
    """The order of results does not depend on the run."""
    node = f"{BASE}id/validation/XAA-R96/en/1"
    assert validate.to_graph(broken, node).serialize(format="nt") == validate.to_graph(broken, node).serialize(
        format="nt"
    )
    assert list(broken.results) == sorted(broken.results, key=validate._order)


def test_in_words(broken):
    lines = list(validate.in_words(broken))
    assert lines[0].startswith(f"{NAME}: does not conform, ")
    assert "  sentence: Exemplia does not mark exported firearms." in lines
    assert any("Judgement-polarity" in line and FINDING in line for line in lines)


def test_pyshacl_is_imported_when_used():
    program = "import sys, mem_graph.graph.validate; sys.exit('pyshacl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_what_lasts_is_loaded_before_and_used_once(edition, shapes, shared):
    """A check finds the same whether it was loaded before or not, also the second one, for which it is loaded anew."""
    broken = changed(edition, f"DELETE WHERE {{ <{FINDING}> mem:polarity ?any }}")
    lasting = validate.Part(shared, lasting=True)
    plain = validate.check(validate.Part(broken), shapes, [validate.Part(shared)])
    shapes.prepare((lasting,))
    found = [validate.check(validate.Part(broken), shapes, [lasting]) for _ in range(2)]
    assert plain.violations
    assert found == [plain, plain]


ASKED = [
    "sh:class ex:Other",
    "sh:datatype xsd:integer",
    "sh:nodeKind sh:Literal",
    "sh:in (ex:c)",
    "sh:languageIn ('en')",
    "sh:pattern 'z'",
    "sh:minLength 99",
    "sh:maxLength 1",
    "sh:minInclusive 7",
    "sh:maxCount 1",
    "sh:disjoint ex:q",
    "sh:equals ex:r",
    "sh:lessThan ex:n",
    "sh:qualifiedValueShape [ sh:class ex:Value ] ; sh:qualifiedMaxCount 1",
    "sh:not [ sh:class ex:Value ]",
    "sh:or ([ sh:class ex:Other ] [ sh:maxLength 1 ])",
]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("target", ["sh:targetNode ex:a", "sh:targetClass ex:Asked"])
def test_only_focus_nodes_are_told(asked, target):
    """Two nodes have the same values, which break the constraint; one of them is asked (section 3.4)."""
    prefixes = f"@prefix ex: <{BASE}> . @prefix sh: <{SH}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
    values = "ex:p ex:x, ex:y ; ex:q ex:x, ex:y ; ex:n 3 . "
    data = f"{prefixes} ex:x a ex:Value . ex:y a ex:Value . ex:a a ex:Asked ; {values} ex:b a ex:Else ; {values}"
    asks = Graph().parse(
        data=f"{prefixes} ex:shape a sh:PropertyShape ; sh:path ex:p ; {target} ; {asked} ; sh:message 'No.' ."
    )
    part = validate.Part(Graph().parse(data=data))
    told = validate.check(part, validate.ShapesGraph(asks))
    assert {result.focus for result in told.results} == {f"{BASE}a"}
    assert told == validate.check(part, validate.ShapesGraph(asks), reference=True)


@pytest.mark.parametrize(("limit", "conforms"), [(1, True), (2, False)])
def test_a_value_that_is_met_two_ways_counts_once(limit, conforms):
    """A path leads to each value once, however many ways there are (section 2.3.1.5)."""
    prefixes = f"@prefix ex: <{BASE}> . @prefix sh: <{SH}> ."
    counts = f"sh:qualifiedValueShape [ sh:class ex:Value ] ; sh:qualifiedMinCount {limit} ; sh:qualifiedMaxCount 1"
    path = "sh:path [ sh:alternativePath (ex:p [ sh:inversePath ex:q ]) ]"
    asks = Graph().parse(
        data=f"{prefixes} ex:shape a sh:PropertyShape ; {path} ; sh:targetNode ex:a ; sh:message 'No.' ; {counts} ."
    )
    part = validate.Part(Graph().parse(data=f"{prefixes} ex:x a ex:Value ; ex:q ex:a . ex:a ex:p ex:x ."))
    told = validate.check(part, validate.ShapesGraph(asks))
    assert told.conforms == conforms
    assert told == validate.check(part, validate.ShapesGraph(asks), reference=True)


@pytest.mark.parametrize("words", ["two words", "a:b", "", "_:x", "<"])
def test_a_literal_rests_on_no_sentence(words, edition):
    """A focus node may be a literal (section 2.1.3.1), whatever its words."""
    shape = f"ex:shape a sh:NodeShape ; sh:targetNode '{words}' ; sh:nodeKind sh:IRI ."
    asks = Graph().parse(data=f"@prefix ex: <{BASE}> . @prefix sh: <{SH}> . {shape}")
    told = the_only(validate.check(validate.Part(edition), validate.ShapesGraph(asks)))
    assert (told.focus, told.statement, told.passage, told.quote) == (words, None, None, None)
