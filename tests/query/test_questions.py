"""The prepared questions on the release of Peru, against answers written by hand from the report.

`tests/queries/<name>.csv` has the columns that are compared, in their order; the IRIs of statements, which say nothing
to a reader, are left out. `python -m pytest tests/query` holds `docs/questions.md` to the same answers;
`python tests/query/test_questions.py` writes it anew.
"""

import csv
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Triple, parse, serialize
from rdflib import RDF, Graph, Namespace, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.parserutils import CompValue

from mem_graph import resources
from mem_graph.engine import guard
from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.graph import derive
from mem_graph.iris import ONTOLOGY, PREFIXES, Iris
from mem_graph.outcomes import SparqlRequest
from mem_graph.query.answers import Solutions
from mem_graph.query.asking import page_query
from mem_graph.query.lookups import questions

HERE = Path(__file__).resolve()
EXPECTED = HERE.parents[1] / "queries"
PAGE = HERE.parents[2] / "docs" / "questions.md"
REPORT = resources.data() / "reports" / "PER-R6" / "en-1.txt"

NAMES = {
    "coca-eradicated",
    "country-against-region",
    "devida",
    "firearms",
    "gap-checklist",
    "gaps-by-area",
    "gaps-on-treaty-subjects",
    "gaps-shared",
    "glossary-uses",
    "institutions-and-recommendations",
    "instruments-behind-gaps",
    "joining-by-region",
    "not-party-firearms-protocol",
    "parties-by-rating",
    "ratings-by-area",
    "recommendation-24-gaps",
    "reservations-touch-cited-articles",
    "selective-prevention",
    "signed-not-ratified",
    "studies",
    "treaties-by-relation",
    "treaties-relied-on",
    "treaty-matrix",
}
QUESTIONS = questions(resources.queries())
RECORD = {
    "joining-by-region",
    "not-party-firearms-protocol",
    "parties-by-rating",
    "reservations-touch-cited-articles",
    "signed-not-ratified",
    "treaties-relied-on",
    "treaty-matrix",
}
"""Questions to the treaty record, in which another country has acts of its own."""
COUNTS = {"reports_loaded", "lacking", "applicable"}
"""Columns that count over all reports loaded."""
COMPARING = {"country-against-region", "gaps-shared"}
"""Questions that set reports beside each other: each report changes their rows."""
OF_PERU = {"gap-checklist", "gaps-on-treaty-subjects"}
"""Questions that are asked of one country, by its three letters."""
WITHOUT_SENTENCE = {"ratings-by-area", *RECORD, *COMPARING} - {
    "reservations-touch-cited-articles",
    "treaties-relied-on",
}
"""Questions whose rows count, or come from the record alone."""

STATEMENTS = {"finding", "statement", "reference", "observation", "mention", "use"}
"""Columns that hold the IRI of a statement."""

POINTING = {"missing", "words"}
"""Columns that hold the words which name the one thing. By hand they are as few as will do; the answer may have more of
the sentence, never less, and never all of it."""

each = pytest.mark.parametrize("question", QUESTIONS, ids=[question.name for question in QUESTIONS])

JSON = "application/sparql-results+json"
MEM = Namespace(PREFIXES["mem"])


def expected(name):
    with (EXPECTED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ask(store, question):
    return Solutions.from_json(store.query(SparqlRequest(query=question.text), JSON).body)


def without(row, columns):
    return {name: value for name, value in row.items() if name not in columns}


def as_text(solutions):
    """The cells as the tables have them: text, and nothing where a variable is unbound."""
    kept = [name for name in solutions.columns if name not in STATEMENTS]
    return [{name: "" if row[name] is None else str(row[name]) for name in kept} for row in solutions]


def store_of(folder, *nquads):
    paths = []
    for number, body in enumerate(nquads):
        paths.append(folder / f"{number}.nq")
        paths[-1].write_bytes(body)
    return EmbeddedStore.load([(path, "application/n-quads") for path in paths], union=True)


@pytest.fixture(scope="module")
def data(peru):
    return (peru.folder / "data.nq").read_bytes()


@pytest.fixture(scope="module")
def store(peru):
    return EmbeddedStore.load([(peru.folder / "data.nq", "application/n-quads")], union=True)


# The files


def test_there_are_twenty_three_each_with_its_answer():
    assert {question.name for question in QUESTIONS} == NAMES
    assert {path.stem for path in EXPECTED.glob("*.csv")} == NAMES


@each
def test_the_header_says_what_a_row_and_a_missing_row_mean(question):
    assert question.question.endswith("?")
    assert question.explanation.startswith("One row for each ")
    assert re.search(r"\bNo rows? .* (not|neither|say nothing)\b", question.explanation)
    assert len(question.keywords) == len(set(question.keywords)) > 3
    assert all(question.keywords)


def test_counts_say_of_how_many():
    said = {question.name: question.explanation for question in QUESTIONS}
    assert "of N recommendations of the area, in K of 34 reports loaded" in said["ratings-by-area"]
    assert "lacking of N applicable, in K of 34 reports loaded" in said["selective-prevention"]
    assert "not_met of N applicable, in K of 34 reports loaded" in said["gaps-shared"]
    assert "from others_loaded of others_in_region reports" in said["country-against-region"]
    assert "of N criteria of the recommendation" in said["gap-checklist"]


def test_titles_tell_them_apart():
    assert len({question.title for question in QUESTIONS}) == len(NAMES)


@each
def test_a_query_runs_anywhere_as_it_stands(question):
    """Prefixes are written out and ours; no IRI depends on the identity base; columns and order are named."""
    prefixes = dict(re.findall(r"^PREFIX (\w+): <([^>]*)>$", question.text, re.MULTILINE))
    assert prefixes.items() <= PREFIXES.items()
    body = re.sub(r"^(#|PREFIX ).*\n", "", question.text, flags=re.MULTILINE)
    assert set(re.findall(r"\b([a-z]+):\w", re.sub(r'"[^"]*"|#.*', "", body))) == set(prefixes)
    assert "://" not in body
    assert "SELECT *" not in body
    assert "\nORDER BY " in body
    assert not re.search(r"\b(SERVICE|FROM|GRAPH|EXISTS)\b", re.sub(r"#.*", "", body))
    assert guard.check(SparqlRequest(query=question.text), ()).form == "SELECT"


def classes(text):
    """The classes that a query's variables are of; one for a variable of either of several classes."""
    found = set()

    def visit(node):
        if isinstance(node, CompValue) and node.name == "BGP":
            types = (kind for _, about, kind in node.triples if about == RDF.type)
            found.update(kind for kind in types if isinstance(kind, Variable) or kind.startswith(f"{ONTOLOGY}#"))

    traverse(prepareQuery(text).algebra, visitPre=visit)
    return found


def test_at_least_six_join_three_classes_or_more():
    joining = {question.name: len(classes(question.text)) for question in QUESTIONS}
    assert sum(count >= 3 for count in joining.values()) >= 6, joining


def test_every_expected_sentence_stands_in_the_report():
    text = REPORT.read_text("utf-8")
    for name in sorted(NAMES):
        rows = expected(name)
        assert "sentence" in rows[0] or name in WITHOUT_SENTENCE
        for row in rows:
            for column in ("sentence", "citing_sentence", "definition"):
                assert row.get(column, "") in text, (name, column)
            if row.get("sentence") and row.get("about") != "is part of":
                assert row.get("missing", "") in row["sentence"], name
                assert row.get("words", "") in row["sentence"], name


# The answers


@each
def test_the_answer_is_the_one_written_by_hand(store, question):
    rows, written = ask(store, question), expected(question.name)
    assert [name for name in rows.columns if name not in STATEMENTS] == list(written[0])
    assert [without(row, POINTING) for row in as_text(rows)] == [without(row, POINTING) for row in written]
    for got, row in zip(as_text(rows), written, strict=True):
        for column in POINTING & row.keys():
            assert row[column] in got[column]
            if got.get("about") != "is part of":
                assert got[column] in got["sentence"].removesuffix(".")
                assert got[column] != got["sentence"].removesuffix(".")


@each
def test_no_row_comes_twice(store, question):
    rows = [tuple(row.values()) for row in ask(store, question)]
    assert len(rows) == len(set(rows))


def as_one_graph(nquads):
    """All graphs as one, for rdflib."""
    triples = {Triple(quad.subject, quad.predicate, quad.object) for quad in parse(nquads, format=RdfFormat.N_QUADS)}
    return Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")


@pytest.fixture(scope="module")
def plain(data):
    """Peru's release for the oracle: another engine on the same data."""
    return as_one_graph(data)


def test_rdflib_gives_the_same_rows(store, plain):
    for question in QUESTIONS:
        rows = Solutions.from_json(plain.query(question.text).serialize(format="json"))
        assert list(rows) == list(ask(store, question)), question.name


CODED = """SELECT ?report ?criterion ?outcome WHERE {
  ?report a mem:Report ; mem:editionOfRecord ?edition .
  ?finding a mem:Finding ; mem:edition ?edition ; mem:coding ?coding .
  ?coding mem:criterion ?criterion ; mem:outcome ?outcome .
}"""
APPLYING = """SELECT ?report ?criterion WHERE {
  ?assessment a mem:Assessment ; mem:report ?report ; mem:rating/mem:rank ?rank ; mem:recommendation ?about .
  ?criterion a mem:Criterion ; mem:recommendation ?about .
}"""
GAPS = (
    "SELECT ?chapter ?finding WHERE { ?finding a mem:Finding ; mem:polarity mem:deficiency ; mem:assessment ?chapter }"
)
AGREED = {MEM.met: MEM.findsMet, MEM.notMet: MEM.findsNotMet, MEM.partlyMet: MEM.findsMetInPart}


def outcomes(graph):
    """What codings and ratings of a release say of each criterion, put together here; by property."""
    said = {}
    for report, criterion, outcome in graph.query(CODED, initNs=PREFIXES):
        said.setdefault((report, criterion), set()).add(outcome)
    found = {each: set() for each in (*AGREED.values(), MEM.saysNothingOf)}
    for about, coded in said.items():
        found[AGREED[coded.pop()] if len(coded) == 1 else MEM.findsMetInPart].add(about)
    found[MEM.saysNothingOf] = {tuple(row) for row in graph.query(APPLYING, initNs=PREFIXES)} - said.keys()
    return found


def test_what_is_derived_is_what_the_findings_come_to(plain):
    """What questions count is the same, counted from the findings by rdflib."""
    found = outcomes(plain)
    assert {about: set(plain.subject_objects(about)) for about in found} == found
    assert sum(map(len, found.values())) == 155
    assert all(found.values())
    assert set(plain.subject_objects(MEM.gap)) == {tuple(row) for row in plain.query(GAPS, initNs=PREFIXES)}


OF_CLASSES = {
    "class-properties": """SELECT ?property (COUNT(DISTINCT ?thing) AS ?things) (COUNT(?value) AS ?count) WHERE {
  ?thing a $this ; ?property ?value } GROUP BY ?property""",
    "class-leads-to": """SELECT ?property ?class (COUNT(?value) AS ?uses) WHERE {
  ?thing a $this ; ?property ?value . ?value a ?class . FILTER (?class != mem:Statement && ?property != rdf:type)
} GROUP BY ?property ?class""",
    "class-led-to": """SELECT ?property ?class (COUNT(?thing) AS ?uses) WHERE {
  ?thing a $this . ?other ?property ?thing ; a ?class . FILTER (?class != mem:Statement) } GROUP BY ?property ?class""",
}
"""What pages of classes ask of the catalogue, as it would be asked of the data; classes of the ontology alone count."""


@pytest.mark.parametrize("name", OF_CLASSES)
def test_what_the_catalogue_counts_is_what_the_data_have(store, plain, name):
    """The page's query from both engines, and counting from ours; rdflib counts in `tests/graph/test_catalog.py`."""
    written = page_query(resources.queries() / "pages", name)
    for about in ("Study", "Assessment", "Criterion"):
        text = written.text(this=MEM[about])
        told = Solutions.from_json(store.query(SparqlRequest(text), JSON).body)
        by_rdflib = Solutions.from_json(plain.query(text).serialize(format="json"))
        assert [without(row, {"example"}) for row in told] == [without(row, {"example"}) for row in by_rdflib]
        asked = "PREFIX mem: <{mem}> PREFIX rdf: <{rdf}> ".format(**PREFIXES) + OF_CLASSES[name]
        counted = Solutions.from_json(store.query(SparqlRequest(asked.replace("$this", f"mem:{about}")), JSON).body)
        rows = [row for row in map(dict, counted) if row.get("class", ONTOLOGY).startswith(ONTOLOGY)]
        assert sorted(map(str, ({key: row[key] for key in counted.columns} for row in told))) == sorted(map(str, rows))
        assert rows


def test_another_identity_base_gives_the_same_rows(peru, store, data, tmp_path):
    """Only the ontology's namespace is written into a query."""
    body = data
    for space in ("id/", "graph/"):
        body = body.replace(f"<{peru.identity_base}{space}".encode(), f"<https://example.org/kg/{space}".encode())
    moved = store_of(tmp_path, body)
    for question in QUESTIONS:
        assert as_text(ask(moved, question)) == as_text(ask(store, question)), question.name


def copied(data, *changes, graphs="edition/PER-R6/en/1|derived", leave_out=()):
    """The quads of the report's edition and what is derived from it, with other keys."""
    lines = [
        line
        for line in data.decode().splitlines(keepends=True)
        if "PER-R6" in line and re.search(rf"/graph/({graphs})> \.$", line)
    ]
    kept = [line for line in lines if not line.startswith(leave_out)] if leave_out else lines
    text = "".join(kept)
    for old, new in changes:
        text = re.sub(old, new, text)
    return text.encode()


def derived_anew(data, nquads):
    """Quads of an edition that were changed, with what is derived from them worked out again."""
    lines = data.splitlines(keepends=True)
    (name,) = {line.rsplit(b" ", 2)[1] for line in lines if line.rstrip().endswith(b"/graph/derived> .")}
    base = name.decode().strip("<>").removesuffix("graph/derived")
    edition = b"".join(line for line in nquads.splitlines(keepends=True) if name not in line)
    known = b"".join(line for line in lines if b"/graph/vocabulary> ." in line)
    graph = derive.derive([as_one_graph(edition)], as_one_graph(known), Iris(base))
    triples = graph.serialize(format="nt").encode().splitlines()
    return edition + b"".join(b"%s %s .\n" % (line.removesuffix(b" ."), name) for line in triples if line)


def test_another_country_has_rows_of_its_own(store, data, tmp_path):
    """A second report, alike but for the country, changes no row of the first but the number of reports loaded."""
    second = copied(data, (r"PER-R6", "CHL-R6"), (r"/country/PER>", "/country/CHL>"))
    both = store_of(tmp_path, data, second)
    for question in (each for each in QUESTIONS if each.name not in RECORD | COMPARING | OF_PERU):
        alone = as_text(ask(store, question))
        for row in alone:
            row.update(dict.fromkeys(COUNTS & row.keys(), "2"))
        assert sorted(map(str, as_text(ask(both, question)))) == sorted(map(str, of_chile(alone) + alone)), (
            question.name
        )
    for question in (each for each in QUESTIONS if each.name in OF_PERU):
        alone = as_text(ask(store, question))
        assert as_text(ask(both, question)) == alone, question.name
        assert as_text(ask(both, about(question, '"CHL"'))) == of_chile(alone), question.name
        assert as_text(ask(both, about(question, "?any"))) == of_chile(alone) + alone, question.name


def of_chile(rows):
    return [{name: "Chile" if value == "Peru" else value for name, value in row.items()} for row in rows]


def about(question, country):
    """The question about another country: its letters, or a variable for all."""
    assert question.text.count('"PER"') == question.text.count("PER") - 1  # and once in what explains it
    return replace(question, text=question.text.replace('"PER"', country))


@pytest.fixture(scope="module")
def three(data, tmp_path_factory):
    """Peru; Chile, which has selective prevention; Brazil, to which recommendation 5 does not apply."""
    folder = tmp_path_factory.mktemp("three")
    chile = copied(data, (r"PER-R6", "CHL-R6"), (r"/country/PER>", "/country/CHL>"))
    chile = re.sub(rb"(/coding/CHL-R6/5/en/1/s2a/5/selective> <[^>]*#outcome> <[^>]*#)notMet>", rb"\1met>", chile)
    brazil = copied(data, (r"PER-R6", "BRA-R6"), (r"/country/PER>", "/country/BRA>"))
    brazil = re.sub(rb"(/assessment/BRA-R6/5> <[^>]*#rating> <[^>]*/rating/6/)[a-z-]+>", rb"\1not-applicable>", brazil)
    brazil = re.sub(rb"<[^>]*/finding/BRA-R6/5/[^>]*> <[^>]*#coding> .*\n", b"", brazil)
    return store_of(folder, data, *(derived_anew(data, each) for each in (chile, brazil)))


def asked(store, name):
    (question,) = (each for each in QUESTIONS if each.name == name)
    return as_text(ask(store, question))


def test_which_countries_lack_it_and_of_how_many(three):
    rows = asked(three, "selective-prevention")
    assert [(row["country"], row["says"]) for row in rows] == [
        ("Brazil", "not applicable"),
        ("Chile", "met"),
        ("Peru", "not met"),
    ]
    counts = {(row["lacking"], row["applicable"], row["reports_loaded"], row["reports_of_round"]) for row in rows}
    assert counts == {("1", "2", "3", "34")}


def test_silence_is_told_as_silence(data, tmp_path):
    silent = re.sub(rb"<[^>]*/finding/PER-R6/5/en/1/s2a> <[^>]*#coding> .*\n", b"", data)
    [row] = asked(store_of(tmp_path, silent), "selective-prevention")
    assert (row["says"], row["words"], row["lacking"], row["applicable"]) == ("says nothing", "", "0", "1")


def test_shared_gaps_are_counted_by_country(three):
    rows = {(row["recommendation"], row["criterion"]): row for row in asked(three, "gaps-shared")}
    selective = rows["5", "Selective prevention"]
    counts = [selective[name] for name in ("not_met", "in_part", "met", "says_nothing", "applicable")]
    assert counts == ["1", "0", "1", "0", "2"]
    assert selective["countries"] == "Peru"
    register = rows["24", "Register of seized firearms"]
    assert [register[name] for name in ("not_met", "applicable", "reports_loaded")] == ["3", "3", "3"]
    assert register["countries"] == "Brazil, Chile, Peru"
    marking = rows["24", "Marking of firearms"]
    assert [marking[name] for name in ("not_met", "in_part", "met")] == ["0", "3", "0"]


def test_a_country_stands_against_the_others_of_its_region(three):
    rows = {(row["country"], row["area"]): row for row in asked(three, "country-against-region")}
    peru = rows["Peru", "Demand reduction"]
    alone = expected("country-against-region")[1]
    assert [peru[name] for name in ("met", "not_met", "criteria")] == [
        alone[name] for name in ("met", "not_met", "criteria")
    ]
    # Chile meets one more than Peru and Brazil one less, which is universal prevention; Brazil has seven criteria less.
    assert int(peru["region_met"]) == 2 * int(alone["met"]) + 1 - 1
    assert int(peru["region_not_met"]) == 2 * int(alone["not_met"]) - 1 - 3
    assert int(peru["region_criteria"]) == 2 * int(alone["criteria"]) - 7
    assert (peru["others_loaded"], peru["others_in_region"]) == ("2", "11")
    assert "Chile" not in peru["not_loaded"]
    assert "Ecuador" in peru["not_loaded"]


def test_another_edition_adds_no_rows(peru, store, data, tmp_path):
    """A translation says everything again; what is shown, counted and derived from is the edition of record."""
    report = tuple(f"<{peru.identity_base}id/{kind}/PER-R6" for kind in ("report", "assessment"))
    keys = (r"PER-R6/((?:\w+/)?)en/1", r"PER-R6/\1es/1")
    second = copied(data, keys, (r'"@en', '"@es'), graphs="edition/PER-R6/en/1", leave_out=report)
    both = store_of(tmp_path, data, second)
    assert len(both) > len(data.splitlines())
    for question in QUESTIONS:
        assert list(ask(both, question)) == list(ask(store, question)), question.name


# The page

FIRST = 3


def cell(value):
    return " ".join(str("" if value is None else value).split()).replace("|", "\\|")


def page(answers):
    """`docs/questions.md`: each question with its explanation and the first rows of its answer."""
    lines = [
        "# Prepared questions",
        "",
        "Each is a SPARQL query in `mem_graph/queries/`, which runs as it stands on any endpoint that serves a release",
        "with all its graphs as one. `mem-graph query --list` lists them, `mem-graph query gaps-by-area` asks one.",
        "",
        "The rows below are the first of the real answer on the one report that is loaded, Peru in the sixth round.",
        "What is left out here is the IRI of the statement behind each row, which leads to its sentence in the source.",
        "",
    ]
    for question, rows in answers:
        shown = [name for name in rows.columns if name not in STATEMENTS]
        count = f"First {FIRST} of {len(rows)} rows" if len(rows) > FIRST else f"All {len(rows)} rows"
        lines += [f"## {question.title}", "", f"`{question.name}`: {question.question}", "", question.explanation, ""]
        lines += [f"{count}:", "", f"| {' | '.join(shown)} |", f"|{'---|' * len(shown)}"]
        lines += [f"| {' | '.join(cell(row[name]) for name in shown)} |" for row in rows[:FIRST]]
        lines += [""]
    return "\n".join(lines)


def test_the_page_has_the_answers(store):
    assert PAGE.read_text("utf-8") == page([(question, ask(store, question)) for question in QUESTIONS])


if __name__ == "__main__":
    from mem_graph.graph import build
    from mem_graph.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        made = build.build(Settings(releases_dir=Path(folder)), lambda *_, **__: None)
        asked = EmbeddedStore.load([(made.folder / "data.nq", "application/n-quads")], union=True)
        PAGE.write_text(page([(question, ask(asked, question)) for question in QUESTIONS]), "utf-8")
    sys.stdout.write(f"{PAGE} written\n")
