"""The order of the house: which module may import which, and where each third-party package lives."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import mem_graph

PACKAGE = Path(mem_graph.__file__).parent

# A module imports only modules above it. A new module is put in its place here.
ORDER = """
    wording
    errors
    settings
    iris
    model
    outcomes
    resources
    vocabulary

    treaties
    treaties.dates
    treaties.words
    treaties.names
    treaties.record
    treaties.paragraphs
    treaties.standings
    treaties.status
    treaties.faults

    reading
    reading.rules
    reading.page
    reading.page.extract
    reading.page.language
    reading.page.sections
    reading.page.layout
    reading.page.sentences
    reading.entities
    reading.entities.name_lists
    reading.entities.name_forms
    reading.entities.roles
    reading.entities.treaty_names
    reading.entities.names
    reading.entities.mentions
    reading.entities.participation
    reading.entities.anaphora
    reading.entities.instruments
    reading.syntax
    reading.syntax.lexicon
    reading.syntax.conjugation
    reading.syntax.inflection
    reading.syntax.participles
    reading.syntax.events
    reading.syntax.tokens
    reading.syntax.neighbours
    reading.syntax.english_groups
    reading.syntax.english_inversions
    reading.syntax.english_denied_groups
    reading.syntax.english_verb_groups
    reading.syntax.english_openers
    reading.syntax.english_relatives
    reading.syntax.english_subjects
    reading.syntax.english_clauses
    reading.syntax.english_gaps
    reading.syntax.absence
    reading.syntax.english_losses
    reading.syntax.english_denials
    reading.syntax.english_alternatives
    reading.syntax.english_actors
    reading.syntax.predications
    reading.syntax.english
    reading.syntax.spanish_lexicon
    reading.syntax.spanish_openings
    reading.syntax.spanish_verb_groups
    reading.syntax.spanish_groups
    reading.syntax.spanish_contrasts
    reading.syntax.spanish_clauses
    reading.syntax.spanish_objects
    reading.syntax.spanish_doubled
    reading.syntax.spanish_losses
    reading.syntax.spanish_counts
    reading.syntax.spanish_put_first
    reading.syntax.spanish
    reading.figures
    reading.figures.numbers
    reading.figures.years
    reading.figures.counted
    reading.figures.subjects
    reading.figures.money
    reading.figures.ranges
    reading.figures.amounts
    reading.figures.fractions
    reading.figures.cuts
    reading.figures.portions
    reading.figures.dating
    reading.figures.parts
    reading.figures.themes
    reading.figures.ellipsis
    reading.figures.occasions
    reading.figures.governors
    reading.figures.governing
    reading.figures.tables
    reading.figures.tallies
    reading.figures.zeros
    reading.figures.quantities
    reading.coding
    reading.coding.topics
    reading.coding.cues
    reading.coding.likeness
    reading.coding.spellings
    reading.coding.asked
    reading.coding.hits
    reading.coding.criteria
    reading.coding.codebook
    reading.study_subjects
    reading.study_times
    reading.studies
    reading.terms
    reading.frame
    reading.table
    reading.report
    reading.copies
    reading.translation
    reading.audit
    reading.deciding
    reading.deciding.kinds
    reading.deciding.entries
    reading.deciding.locating
    reading.deciding.settling
    reading.deciding.corrections
    reading.deciding.review
    reading.form
    reading.held_out

    engine
    engine.media_types
    engine.syntax
    engine.guard
    engine.binding
    engine.headers
    engine.quads
    engine.partitions
    engine.bounds
    engine.rewriting
    engine.scratch
    engine.oxigraph
    engine.portable
    engine.remote
    engine.holdings
    engine.remote_graphs
    engine.wire
    engine.lanes
    engine.remote_store
    engine.keeper
    engine.workers
    engine.store

    graph
    graph.tables
    graph.evidence
    graph.figures
    graph.codings
    graph.statements
    graph.things
    graph.mapping
    graph.revisions
    graph.rulebook
    graph.derive
    graph.acts
    graph.recorded
    graph.catalog
    graph.shapes
    graph.plan
    graph.conformance
    graph.terms
    graph.quotes
    graph.resting
    graph.validate
    graph.audits
    graph.release
    graph.diff
    graph.publishing
    graph.export
    graph.reference
    graph.filing
    graph.cache
    graph.processes
    graph.shares
    graph.checking
    graph.build
    graph.reviewing
    graph.adding

    query
    query.answers
    query.sparql
    query.lookups
    query.instruments
    query.treaties
    query.treaty_forms
    query.treaty_lists
    query.current
    query.serving
    query.asking
    query.names
    query.folding
    query.search
    query.reports
    query.own_data
    query.opened
    query.elsewhere

    web.words
    web.cache
    web.metrics
    web.front
    web.headers
    web.queries
    web.connections
    web.explaining
    web.addresses
    web.endpoint
    web.exact
    web.graph_store
    web.converted
    web.dumps
    web.describing
    web.api
    web.citing
    web.signposting
    web.naming
    web.sites
    web.views
    web.framing
    web.pages.drawing
    web.pages.portions
    web.pages.things
    web.pages.terms
    web.pages.dictionary
    web.pages.reports
    web.pages.sources
    web.pages.searching
    web.pages.home
    web.pages.files
    web.pages.shared
    web.pages.treaties
    web.pages
    web
    web.servers

    mem_graph
    terminal
    cli.options
    cli.reading
    cli.adding
    cli.building
    cli.reviewing
    cli.asking
    cli.treaties
    cli.releases
    cli.publishing
    cli.serving
    cli
""".split()

# The modules and wings that may import a third-party package; nothing else may, and a new package needs a home.
HOMES = {
    "pypdfium2": {"reading.page.extract"},
    "pyoxigraph": {"engine.oxigraph", "engine.quads", "engine.scratch"},
    "SPARQLWrapper": {"engine.remote"},
    "pyshacl": {"graph.validate"},
    "rapidfuzz": {"reading.deciding.review"},
    "rdflib": {"resources", "vocabulary", "engine.guard", "graph", "query"},
    "flask": {"web"},
    "jinja2": {"web"},
    "markupsafe": {"web"},
    "werkzeug": {"web"},
    "click": {"cli"},
    "rich": {"cli", "terminal"},
    "snowballstemmer": {"reading.coding.cues"},
    "granian": {"web.servers"},
    "waitress": {"web.servers"},
}


def module_name(file: Path) -> str:
    """The name of a module within the package, as ORDER has it: ``web/pages.py`` is ``web.pages``."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "mem_graph"


MODULES = {module_name(file): file for file in sorted(PACKAGE.rglob("*.py"))}


def imported(tree: ast.AST, package: list[str]) -> Iterator[str]:
    """Every dotted name that a module of ``package`` imports, wherever in it, as far as ``from`` goes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


def imports_of(module: str) -> set[str]:
    """What a module imports."""
    file = MODULES[module]
    package = ["mem_graph", *file.relative_to(PACKAGE).parent.parts]
    return set(imported(ast.parse(file.read_text("utf-8")), package))


def our_module(name: str) -> str:
    """The module that an imported name is or stands in: ``mem_graph.web.pages.show`` stands in ``web.pages``."""
    parts = name.split(".")[1:]
    for end in range(len(parts), 0, -1):
        if (module := ".".join(parts[:end])) in MODULES:
            return module
    return "mem_graph"


def within(module: str, homes: set[str]) -> bool:
    """Whether a module is one of the homes, or stands in a wing that is."""
    return any(module == home or module.startswith(f"{home}.") for home in homes)


def test_there_are_modules_to_check():
    assert len(MODULES) > 4
    assert len(set(ORDER)) == len(ORDER)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_its_place(module):
    assert module in ORDER, f"put {module} in its place in ORDER"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_modules_above_it(module):
    # The version is the one thing that everybody may ask the package itself.
    ours = {name for name in imports_of(module) if name.split(".")[0] == "mem_graph"} - {"mem_graph.__version__"}
    above = ORDER[: ORDER.index(module)]
    assert {our_module(name) for name in ours} - set(above) == set()


@pytest.mark.parametrize("module", MODULES)
def test_a_third_party_package_is_imported_only_at_home(module):
    packages = {name.split(".")[0] for name in imports_of(module)} - sys.stdlib_module_names - {"mem_graph"}
    assert {package for package in packages if not within(module, HOMES.get(package, set()))} == set()


def test_the_public_names_are_those_listed():
    names = {name for name, value in vars(mem_graph).items() if not isinstance(value, ModuleType)}
    public = {name for name in names if not name.startswith("_")} | {"__version__"}
    assert public == set(mem_graph.__all__)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import os.path", {"os.path"}),
        ("def f():\n    from mem_graph.engine import store", {"mem_graph.engine.store"}),
        ("from . import guard", {"mem_graph.engine.guard"}),
        ("from .guard import check", {"mem_graph.engine.guard.check"}),
        ("from ..graph.release import build", {"mem_graph.graph.release.build"}),
    ],
)
def test_every_way_to_import_is_seen(source, names):
    assert set(imported(ast.parse(source), ["mem_graph", "engine"])) == names
