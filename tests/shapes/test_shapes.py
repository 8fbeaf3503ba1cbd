"""Every rule of shapes/ is broken by a case of tests/shapes/broken/, and the made-up edition breaks none."""

import gc
from functools import cache
from pathlib import Path

import pytest
from rdflib import BNode, Graph, URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.plugins.stores.auditable import AuditableStore

from mem_graph import iris, resources
from mem_graph.engine.scratch import Scratch
from mem_graph.graph import validate
from mem_graph.graph.shapes import read_shapes

HERE = Path(__file__).parent
BASE = "https://example.org/"
SOURCE = f"{BASE}id/source/XAA-R96/en/1/1"
FILES = sorted(path.stem for path in resources.shapes().glob("*.ttl"))
PROLOGUE = f"BASE <{BASE}>\n" + "\n".join(f"PREFIX {prefix}: <{space}>" for prefix, space in iris.PREFIXES.items())


def graph_of(*paths):
    graph = Graph()
    for path in paths:
        graph.parse(path, format="turtle", publicID=BASE)
    return graph


def made_up():
    return graph_of(
        *(HERE / f"{name}.ttl" for name in ("edition", "shared", "derived", "acts", "corrections")),
        resources.ontology() / "values.ttl",
    )


MADE_UP = made_up()
ONTOLOGY = graph_of(*(resources.ontology() / f"{name}.ttl" for name in ("mem", "acts", "corrections")))
WITH_CLASSES = made_up()
WITH_CLASSES += ONTOLOGY.triples((None, RDFS.subClassOf, None))
SHAPES = {name: validate.load_shapes(resources.shapes(), [name]) for name in FILES}
ALL = validate.load_shapes(resources.shapes())
TEXT = {SOURCE: (HERE / "edition.txt").read_text(encoding="utf-8")}


def rules(graph):
    """A rule is a shape that a result can name: it has a severity."""
    return sorted(graph.subjects(SH.severity))


def cases():
    for path in sorted((HERE / "broken").glob("*.ttl")):
        graph = graph_of(path)
        for case in sorted(graph.subjects(SH.update)):
            yield pytest.param(path.stem, graph, case, id=f"{path.stem}:{case.rpartition('/')[2]}")


CASES = list(cases())


def expected(graph, case):
    [result] = graph.objects(case, SH.result)
    return tuple(graph.value(result, about) for about in (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent))


@cache
def only(rule, name):
    """The one rule with what it uses: applying no other saves nine tenths of the time."""
    shapes = SHAPES[name]
    owner = next(shapes.subjects(SH.property, rule), rule)
    alone = shapes.cbd(owner)
    alone.remove((owner, SH.property, None))
    if rule != owner:
        alone.add((owner, SH.property, rule))
    for node in (rule, *shapes.objects(rule, SH.node)):
        shapes.cbd(node, target_graph=alone)
    return validate.ShapesGraph(alone)


@pytest.fixture
def broken():
    """Break the made-up edition by an update, and have it back; what was is undone, a tenth of the time of a copy.

    It has the classes of classes, so that it is checked alone, and not put together with them for the reference.
    """
    undoing = Graph(AuditableStore(WITH_CLASSES.store), WITH_CLASSES.identifier)

    def by(update):
        undoing.update(update)
        return WITH_CLASSES

    yield by
    undoing.rollback()


@pytest.mark.parametrize(("name", "graph", "case"), CASES)
def test_broken(broken, name, graph, case, told):
    focus, shape, component = expected(graph, case)
    update = f"{PROLOGUE}\n{graph.value(case, SH.update)}"
    data = validate.Part(broken(update), lasting=True)  # so that what the rule does not look at is left out
    asked = data, only(shape, name), (), TEXT if name == "quotes" else None
    before = len(data.graph)
    report = validate.check(*asked)
    met = {(result.focus, result.shape, result.component) for result in report.results}
    assert told(report) == told(validate.check(*asked, reference=True))
    assert len(data.graph) == before
    if isinstance(focus, BNode):  # the case is about a node without a name
        met, focus = {("", *rest) for _, *rest in met}, ""
    assert (str(focus), str(shape), str(component)) in met


def test_the_queries_cover_every_shape():
    """None of the project's own is left to the reference."""
    assert read_shapes(ALL).uncovered == ()


@pytest.mark.parametrize("name", FILES)
def test_valid(name):
    report = validate.check(
        validate.Part(MADE_UP), validate.ShapesGraph(SHAPES[name]), [validate.Part(ONTOLOGY)], TEXT, BASE
    )
    assert list(validate.in_words(report)) == [f"{BASE}: conforms, 0 violations, 0 warnings"]


@pytest.mark.parametrize("name", FILES)
def test_every_rule_is_broken(name):
    """Each constraint of each rule has a case that breaks it."""
    told = {expected(param.values[1], param.values[2])[1:] for param in CASES if param.values[0] == name}
    asked = {(rule, component) for rule in rules(SHAPES[name]) for component in components(SHAPES[name], rule)}
    assert asked == told


def components(graph, rule):
    if graph.value(rule, SH.deactivated):
        return {validate.SHAPES.QuoteConstraintComponent}
    named = (str(about).removeprefix(str(SH)) for about in graph.predicates(rule))
    return {SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"] for name in named if name in CONSTRAINTS}


CONSTRAINTS = set(
    """class datatype disjoint equals hasValue in lessThan lessThanOrEquals maxCount maxInclusive minCount minInclusive
    minLength node nodeKind not or pattern qualifiedMaxCount qualifiedMinCount uniqueLang xone""".split()
)


def test_number_of_cases():
    assert len(CASES) == 695
    assert len(rules(ALL)) == 303


def test_every_property_shape_has_an_iri():
    """But for conditions inside sh:or and the like, and qualified value shapes: no result ever names those."""
    inside = (
        set(ALL.objects(None, RDF.first))
        | set(ALL.objects(None, SH.qualifiedValueShape))
        | set(ALL.objects(None, SH["not"]))
    )
    named = set(ALL.subjects(RDF.type, SH.PropertyShape))
    assert set(ALL.subjects(SH.path)) - inside == named
    assert all(isinstance(shape, URIRef) and shape.startswith(validate.SHAPES) for shape in named)
    assert named <= set(rules(ALL))


@pytest.mark.parametrize("rule", rules(ALL), ids=lambda rule: rule.rpartition("#")[2])
def test_every_rule_speaks(rule):
    """A severity, and in both languages a name, a message that tells what to do, and a comment that says why."""
    assert len(list(ALL.objects(rule, SH.severity))) == 1
    names, messages, comments = (in_both(rule, about) for about in (SH.name, SH.message, RDFS.comment))
    assert all(name[0].islower() or name == "SHA-256" for name in names)
    assert messages[0].count("{met}") == messages[1].count("{met}")
    for message in messages:
        assert len(message.split()) >= 4
        assert message[0] in "«" or message[0].isupper()
        assert message[-1] in ".}"
    for comment in comments:
        assert len(comment.split()) >= 2
        assert comment[-1] == "."


@pytest.mark.parametrize("shape", sorted(set(ALL.subjects(RDFS.comment))), ids=lambda shape: shape.rpartition("#")[2])
def test_every_comment_is_in_both_languages(shape):
    """Those of shapes that are no rules, and of constraint components, too."""
    assert all(in_both(shape, RDFS.comment))


def in_both(shape, about):
    """What is said of a shape in English and in Spanish: each once."""
    said = sorted((each.language, str(each)) for each in ALL.objects(shape, about))
    assert [language for language, _ in said] == ["en", "es"], about
    return [words for _, words in said]


def test_severities():
    """Must-rules are violations, should-rules are warnings, and each stands in its file."""
    for name in FILES:
        allowed = {SH.Warning} if name == "recommended" else {SH.Violation}
        assert set(SHAPES[name].objects(None, SH.severity)) == allowed, name


def test_only_core():
    assert not set(ALL.subjects(SH.sparql)) | set(ALL.subjects(SH.js)) | set(ALL.subjects(SH.select))


def test_terms_are_defined():
    """No shape uses a term of the ontology that the ontology does not define."""
    defined = set(ONTOLOGY.subjects()) | set(graph_of(resources.ontology() / "values.ttl").subjects())
    used = {
        term for triple in ALL for term in triple if isinstance(term, URIRef) and term.startswith(str(validate.MEM))
    }
    assert used <= defined


def test_classes_have_shapes():
    """Every class of the ontology has a node shape, or is a list of values or a super-class whose members have one."""
    classes = {str(each) for each in ONTOLOGY.subjects(RDF.type, URIRef("http://www.w3.org/2002/07/owl#Class"))}
    targets = {str(each) for each in ALL.objects(None, SH.targetClass)}
    above = {
        str(sup)
        for target in ALL.objects(None, SH.targetClass)
        for sup in ONTOLOGY.transitive_objects(target, RDFS.subClassOf)
    }
    below = {
        str(sub)
        for target in ALL.objects(None, SH.targetClass)
        for sub in ONTOLOGY.transitive_subjects(RDFS.subClassOf, target)
    }
    lists = {
        str(validate.MEM[name])
        for name in (
            "Applicability CorrectionAction MechanismTopic Modality Outcome Polarity Relation Section Sureness"
        ).split()
    }
    ours = {each for each in classes if each.startswith(str(validate.MEM))}
    assert ours - targets - above - below == lists


def scratches():
    """The graphs to check in that there are, by what Python knows them by."""
    return {id(each) for each in gc.get_objects() if isinstance(each, Scratch)}


def test_a_check_leaves_no_graph_behind():
    """A build collects no garbage: what a check worked in must go by itself."""
    gc.collect()
    gc.disable()
    try:
        before = scratches()  # such as are kept ready for a build
        validate.check(validate.Part(MADE_UP), validate.ShapesGraph(ALL), [validate.Part(ONTOLOGY)])
        assert scratches() <= before
    finally:
        gc.enable()
