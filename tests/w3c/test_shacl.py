"""The SHACL Core suite of the W3C: the queries of shapes/components and the reference processor, each held to it."""

import os
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Namespace
from rdflib.collection import Collection
from rdflib.namespace import SH

from mem_graph import resources
from mem_graph.graph import plan, shapes, validate

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
DATA = os.environ.get("MEM_GRAPH_W3C")
CORE = Path(DATA or "") / "data-shapes" / "data-shapes-test-suite" / "tests" / "core"
CASES = 98
FAILURES = {"uniqueLang-002": 'rdflib makes `true` of `"1"^^xsd:boolean`, which asks for nothing'}


def cases(manifest):
    """The files that a manifest and those it includes have cases in."""
    graph = Graph().parse(manifest)
    for included in sorted(graph.objects(None, MF.include)):
        yield from cases(Path(included.removeprefix("file://")))
    if (None, MF.entries, None) in graph:
        yield manifest


def pytest_generate_tests(metafunc):
    if "file" not in metafunc.fixturenames:
        return
    if not DATA or not CORE.is_dir():
        advice = "set MEM_GRAPH_W3C to a folder with a clone of github.com/w3c/data-shapes"
        suite = metafunc.definition.get_closest_marker("suite").kwargs["name"]
        skip = pytest.mark.skip(reason=f"{suite} did not run ({CASES} cases): {advice}")
        metafunc.parametrize("file", [pytest.param(None, marks=skip, id="none")])
        return
    found = list(cases(CORE / "manifest.ttl"))
    assert len(found) == CASES
    metafunc.parametrize("file", [parameter(path) for path in found])


def parameter(path):
    failure = FAILURES.get(path.stem)
    marks = [pytest.mark.xfail(reason=failure, strict=True)] if failure else []
    return pytest.param(path, marks=marks, id=f"{path.parent.name}/{path.stem}")


def named(graph, node, about):
    """The file that a case names, as a graph."""
    path = Path(str(graph.value(node, about)).removeprefix("file://"))
    return Graph().parse(path)


def told(graph, result):
    """A result as the suite has it, in the words of ours; blank nodes are alike."""
    value = graph.value(result, SH.value)
    return (
        alike(graph.value(result, SH.focusNode)),
        alike(graph.value(result, SH.sourceShape)),
        str(graph.value(result, SH.sourceConstraintComponent)),
        validate._path(graph, graph.value(result, SH.resultPath)),
        "" if value is None else "_" if isinstance(value, BNode) else value.n3(),
    )


def alike(node):
    return "_" if isinstance(node, BNode) else str(node)


def met(result, blank):
    value = result.value or ""
    return (
        "_" if result.focus in blank else result.focus,
        "_" if result.shape in blank else result.shape,
        result.component,
        result.path,
        "_" if value.startswith("_:") else value,
    )


def run(file, reference, lasting=False):
    graph = Graph().parse(file)
    [entries] = graph.objects(None, MF.entries)
    [case] = Collection(graph, entries)
    [action], [expected] = graph.objects(case, MF.action), graph.objects(case, MF.result)
    data, asked = named(graph, action, SHT.dataGraph), named(graph, action, SHT.shapesGraph)
    report = validate.check(validate.Part(data, lasting), validate.ShapesGraph(asked), reference=reference)
    blank = {str(term) for triple in data + asked for term in triple if isinstance(term, BNode)}
    assert sorted(met(each, blank) for each in report.results) == sorted(
        told(graph, each) for each in graph.objects(expected, SH.result)
    )
    return asked


@pytest.mark.suite(name="SHACL Core, by queries", needs="w3c", cases=CASES)
def test_by_queries(file):
    """The same results as the suite has, also without what shapes do not look at; none is left to the reference."""
    run(file, reference=False, lasting=True)
    asked = run(file, reference=False)
    assert shapes.read_shapes(asked).uncovered == ()


@pytest.mark.suite(name="SHACL Core, by the reference", needs="w3c", cases=CASES)
def test_by_the_reference(file):
    run(file, reference=True)


def test_a_query_for_each_component():
    """Each constraint that is covered has its query or combines others, and each query is of a constraint."""
    asked = shapes.TERMS | shapes.LISTS | shapes.NESTED | shapes.NESTED_LISTS | shapes.SWITCHES | plan.COUNTED
    assert {path.stem for path in (resources.shapes() / "components").glob("*")} == asked - {"property"} - plan.COMBINED
