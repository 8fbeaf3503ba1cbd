"""Corrections in a release: who, when and why in the graph, what was replaced, and that no question counts it."""

import shutil
from dataclasses import replace

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF

from mem_graph import resources
from mem_graph.errors import CorrectionError, RatingInDoubt
from mem_graph.graph import build, checking, reference, release, shares
from mem_graph.query.opened import OpenRelease
from mem_graph.reading.page import extract
from mem_graph.settings import Settings
from mem_graph.web import create_app

EDITION = "https://w3id.org/mem-graph/graph/edition/PER-R6/en/1"
ID = "https://w3id.org/mem-graph/id/"
SIGNED = """
edition = "PER-R6/en/1"
who = "José Example"
date = 2026-11-25
reason = "It is only a test."
"""
MARKING = "In addition, the country does not require the appropriate marking of all confiscated or forfeited firearms."
DENIED = """
kind = "finding"
where = 5
quote = \"\"\"Peru does not have selective or indicated prevention programs,
nor has it designed a comprehensive prevention system.\"\"\"
"""
ENTRIES = f"""
[[correction]]
action = "withdraw"{DENIED}
words = "selective"
replaced_by = [{{ kind = "finding", words = "selective or indicated prevention programs" }}]{SIGNED}
[[correction]]
action = "add"{DENIED}{SIGNED}
[correction.set]
focus = "selective or indicated prevention programs"
polarity = "deficiency"
modality = "lacks"
topics = ["selective-prevention"]

[[correction]]
action = "change"
kind = "finding"
where = 24
quote = "{MARKING}"
{SIGNED}
[correction.set]
polarity = "achievement"
modality = "does"
codes = [{{ criterion = "24/marking", outcome = "met", because = "appropriate marking" }}]

[[correction]]
action = "withdraw"
kind = "observation"
where = 14
quote = "The country did not eradicate poppy crops in 2011."{SIGNED}
[[correction]]
action = "withdraw"
kind = "treaty-reference"
where = 27
quote = "Peru has ratified the United Nations Convention against Illicit Traffic"
words = "Inter-American Convention on Mutual Assistance in Criminal Matters of 1992"{SIGNED}
[[correction]]
action = "withdraw"
kind = "treaty-reference"
where = "conclusions"
quote = "Peru has ratified the United Nations Convention against Illicit Traffic"
words = "Inter-American Convention on Mutual Assistance in Criminal Matters of 1992"{SIGNED}
[[correction]]
action = "rate"
recommendation = 7
rating = "Started"
quote = "Evaluation: Partially complete"{SIGNED}
[[correction]]
action = "accept"
problem = "tension"
where = 24
quote = "{MARKING}"{SIGNED}
"""
REPORT = resources.data() / "reports" / "PER-R6" / "en-1.txt"
PREFIXES = "\n".join(
    f"PREFIX {name}: <{space}>"
    for name, space in {
        "mem": "https://w3id.org/mem-graph/ontology#",
        "prov": "http://www.w3.org/ns/prov#",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "oa": "http://www.w3.org/ns/oa#",
    }.items()
)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A copy of the data, to which tests may add corrections."""
    folder = tmp_path_factory.mktemp("corrected") / "data"
    shutil.copytree(resources.data(), folder)
    (folder / "corrections").mkdir(exist_ok=True)
    return folder


def built(folder, releases, entries):
    """A release of the data with these corrections."""
    (folder / "corrections" / "PER-R6.toml").write_text(entries, encoding="utf-8")
    chosen = Settings.read({"MEM_GRAPH_DATA_DIR": str(folder), "MEM_GRAPH_RELEASES_DIR": str(releases)})
    return build.build(chosen, lambda words: None)


@pytest.fixture(scope="module")
def made(data, tmp_path_factory):
    return built(data, tmp_path_factory.mktemp("releases") / "releases", ENTRIES)


@pytest.fixture(scope="module")
def ask(made):
    """Rows of a query over the union of all graphs of the corrected release."""
    with OpenRelease.open(made.folder) as opened:
        yield lambda text: rows(opened, f"{PREFIXES}\n{text}")


def last(value):
    """The last part of an IRI."""
    return value.rpartition("#")[2].rpartition("/")[2]


def rows(opened, text):
    return [tuple(str(value) for value in row.values()) for row in opened.query(text)]


def test_a_corrected_release_is_valid_and_has_a_graph_of_corrections(made):
    assert f"{ID.removesuffix('id/')}graph/corrections" in made.graphs
    assert all(report.conforms for report in checking.validate_release(made))


def test_a_statement_by_a_person_says_who_when_and_why(ask):
    found = ask("""
        SELECT ?statement ?action ?name ?day ?why WHERE {
          ?statement a mem:Statement ; mem:sureness mem:byPerson ;
                     prov:wasAttributedTo/foaf:name ?name ; prov:wasGeneratedBy ?correction .
          ?correction mem:action/skos:notation ?action ; dcterms:date ?day ; skos:changeNote ?why .
        } ORDER BY ?statement""")
    assert found == [
        (f"{ID}finding/PER-R6/24/en/1/s8a", "change", "José Example", "2026-11-25", "It is only a test."),
        (f"{ID}finding/PER-R6/5/en/1/s2d", "add", "José Example", "2026-11-25", "It is only a test."),
    ]


def test_what_a_change_replaced_is_described_and_not_asserted(ask):
    statement = f"<{ID}finding/PER-R6/24/en/1/s8a>"
    described = ask(f"""
        SELECT ?of ?property ?value WHERE {{
          {statement} prov:wasRevisionOf/mem:formerValue [
            rdf:subject ?of ; rdf:predicate ?property ; rdf:object ?value ] .
        }} ORDER BY ?of ?property""")
    found = [(of.removeprefix(ID).partition("/")[0], last(about), last(value)) for of, about, value in described]
    assert [row for row in found if row[0] == "finding"] == [
        ("finding", "coding", "marking-confiscated"),
        ("finding", "modality", "lacks"),
        ("finding", "polarity", "deficiency"),
        ("finding", "rule", "denial.not"),
        ("finding", "sureness", "byRule"),
    ]
    coded = {about: value for of, about, value in found if of == "coding"}
    assert (coded["criterion"], coded["outcome"], coded["sureness"]) == ("marking-confiscated", "partlyMet", "byRule")
    assert ask("SELECT ?x WHERE { ?x a mem:Coding ; mem:criterion/skos:notation '24/marking-confiscated' ; "
               f"^mem:coding {statement} }}") == []  # fmt: skip
    assert ask(f"SELECT ?polarity WHERE {{ {statement} mem:polarity/skos:notation ?polarity }}") == [("achievement",)]


def test_a_withdrawn_statement_keeps_its_iri_with_who_and_why(ask):
    found = ask("""
        SELECT ?was ?kind ?words ?name ?why WHERE {
          ?was a mem:WithdrawnStatement ; owl:deprecated true ; dcterms:type ?kind ;
               mem:passage/oa:hasSelector/oa:exact ?words ; prov:wasAttributedTo/foaf:name ?name ;
               prov:wasInvalidatedBy/skos:changeNote ?why .
        } ORDER BY ?was""")
    assert [(was.removeprefix(ID), kind.rpartition("#")[2]) for was, kind, *_ in found] == [
        ("finding/PER-R6/5/en/1/s2a", "Finding"),
        ("observation/PER-R6/14/en/1/s5a", "Observation"),
        ("treaty-reference/PER-R6/27/en/1/s1c", "TreatyReference"),
        ("treaty-reference/PER-R6/conclusions/en/1/s31c", "TreatyReference"),
    ]
    assert found[0][2].startswith("Peru does not have selective or indicated")
    assert ask("SELECT ?new WHERE { ?was a mem:WithdrawnStatement ; dcterms:isReplacedBy ?new }") == [
        (f"{ID}finding/PER-R6/5/en/1/s2d",)
    ]


def test_a_withdrawn_statement_has_no_property_by_which_statements_are_asked_for(ask):
    found = ask("SELECT DISTINCT ?property WHERE { ?was a mem:WithdrawnStatement ; ?property ?value }")
    ours = {str(about).rpartition("#")[2] for (about,) in found if "mem-graph/ontology" in about}
    assert ours == {"passage"}


def test_no_prepared_question_answers_with_a_withdrawn_statement(made, ask):
    """Each question is asked of the corrected release, and its IRIs are no withdrawn or former ones."""
    gone = {was for (was,) in ask("SELECT ?was WHERE { ?was a mem:WithdrawnStatement }")}
    texts = [path.read_text(encoding="utf-8") for path in sorted(resources.queries().glob("*.rq"))]
    with OpenRelease.open(made.folder) as opened:
        cells = {cell for text in texts for row in rows(opened, text) for cell in row}
    assert len(texts) >= 14
    assert f"{ID}finding/PER-R6/5/en/1/s2d" in cells
    assert not cells & gone
    assert not [cell for cell in cells if "/id/former/" in cell]


def test_nothing_is_derived_from_a_withdrawn_statement_nor_found_by_an_audit(made, ask):
    rests = ask("SELECT ?fact WHERE { ?fact ?any ?was . ?was a mem:WithdrawnStatement . ?fact a mem:Derivation }")
    assert rests == []
    assert (
        ask("SELECT ?t WHERE { ?t a mem:Tension ; mem:affirms|mem:denies ?was . ?was a mem:WithdrawnStatement }") == []
    )
    audited = (made.folder / "audit.txt").read_text(encoding="utf-8")
    assert f"<{ID}finding/PER-R6/5/en/1/s2a>" not in audited
    assert "Recommendation 7 counts as Started; its chapter prints Partially complete." in audited


def test_a_withdrawn_ratification_is_no_consent(ask):
    consented = "SELECT ?treaty WHERE { ?country mem:statesRatificationOf ?treaty } ORDER BY ?treaty"
    assert [treaty.rpartition("/")[2] for (treaty,) in ask(consented)] == ["illicit-traffic-1988", "untoc-2000"]


def test_the_rating_that_counts_is_the_person_s_and_the_printed_one_stays(ask):
    found = ask("""
        SELECT ?counts ?printed ?name WHERE {
          ?assessment a mem:Assessment ; mem:recommendation/skos:notation 7 ; mem:rating/skos:notation ?counts ;
                      mem:settledBy/mem:action mem:rateAction ; prov:wasAttributedTo/foaf:name ?name ;
                      prov:wasDerivedFrom/mem:rating/skos:notation ?printed .
        }""")
    assert found == [("started", "partially-complete", "José Example")]


def test_the_order_of_entries_makes_no_difference(data):
    (data / "corrections" / "PER-R6.toml").write_text(ENTRIES, encoding="utf-8")
    known = reference.load_reference(data, ID.removesuffix("id/"))
    turned = replace(known, corrections=known.corrections[::-1])
    graphs = []
    for each in (known, turned):
        share = shares.share_of(reference.read_file(REPORT, each), each)
        graphs.append((share.graphs["edition"], share.graphs["corrections"]))
    assert graphs[0] == graphs[1]
    assert graphs[0][1].count(b"\n") == 8 * 8 + 1 + 3


def test_a_build_stops_where_a_sentence_is_gone_and_changes_nothing(data, made):
    releases = made.folder.parent
    with pytest.raises(CorrectionError, match=r"corrections/PER-R6\.toml, entry 4 \(line \d+\): its sentence is gone"):
        built(data, releases, ENTRIES.replace("poppy crops in 2011", "poppy crops in 2010"))
    assert release.current(releases).digest == made.digest


def test_a_build_stops_for_a_report_that_is_not_there(data, tmp_path):
    other = data / "corrections" / "CHL-R6.toml"
    other.write_text(ENTRIES.replace("PER-R6", "CHL-R6"), encoding="utf-8")
    try:
        with pytest.raises(CorrectionError, match=r"CHL-R6\.toml, entry 1 .*there is no edition CHL-R6/en/1"):
            built(data, tmp_path / "releases", ENTRIES)
    finally:
        other.unlink()


def test_a_rating_in_doubt_stops_a_build_until_a_person_settles_it(tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(resources.data(), folder)
    (folder / "corrections").mkdir(exist_ok=True)
    report = folder / "reports" / "PER-R6" / "en-1.txt"
    text = report.read_text(encoding="utf-8")
    report.write_text(text.replace("Evaluation: Started", "Evaluation: St rted"), encoding="utf-8")
    listed = folder / "reports" / "PER-R6" / "edition.toml"
    digest = extract.read(report).digest
    recorded = extract.read(resources.data() / "reports" / "PER-R6" / "en-1.txt").digest
    listed.write_text(listed.read_text(encoding="utf-8").replace(recorded, digest), encoding="utf-8")
    with pytest.raises(RatingInDoubt, match="no rating 'St rted'"):
        built(folder, tmp_path / "releases", "")
    settled = f"""
        [[correction]]
        action = "rate"
        recommendation = 5
        rating = "Started"
        quote = "Evaluation: St rted"{SIGNED}"""
    made = built(folder, tmp_path / "releases", settled)
    query = f"""{PREFIXES}
        SELECT ?rating ?quote ?sureness ?touched WHERE {{
          ?line a mem:RatingStatement ; mem:recommendation/skos:notation 5 ; mem:rating/skos:notation ?rating ;
                mem:quote ?quote ; mem:sureness/skos:notation ?sureness .
          ?problem a mem:Problem ; mem:touchesRating ?touched ; mem:settledBy/mem:action mem:rateAction .
        }}"""
    with OpenRelease.open(made.folder) as opened:
        assert rows(opened, query) == [("started", "Evaluation: St rted", "person", "True")]


def test_every_rule_that_a_statement_names_says_what_it_does(ask):
    """Of statements that stand and of those that were replaced; the sentence is that of the rules themselves."""
    used = ask("SELECT DISTINCT ?rule WHERE { ?statement a mem:Statement ; mem:rule ?rule }")
    told = dict(ask("SELECT ?rule ?said WHERE { ?rule a mem:Rule ; skos:notation ?key ; skos:definition ?said }"))
    assert len(used) > 60
    assert {rule for (rule,) in used} <= set(told)
    assert told[f"{ID}rule/denial.not"].startswith("not, n't, never: what the clause names is denied.")
    former = ask("SELECT DISTINCT ?rule WHERE { ?value a mem:FormerValue ; rdf:predicate mem:rule ; rdf:object ?rule }")
    assert {rule for (rule,) in former} <= set(told)


def test_what_was_withdrawn_is_a_page_that_says_who_and_why(made):
    """Over HTTP, as a person or a program that follows a cited IRI: the IRI, its page, its data, the former coding."""
    client = create_app(Settings(releases_dir=made.folder.parent)).test_client()
    gone = client.get("/id/finding/PER-R6/5/en/1/s2a")
    assert (gone.status_code, gone.location) == (303, "/doc/finding/PER-R6/5/en/1/s2a")
    page = client.get(gone.location, headers={"Accept": "text/html"})
    assert page.status_code == 200
    for words in ("This statement was withdrawn", "José Example", "It is only a test.", "Peru does not have"):
        assert words in page.text
    notice = page.text.partition('class="notice"')[2].partition("</div>")[0]
    assert "José Example" in notice
    assert "#5-s2" in notice
    data = Graph().parse(data=client.get(f"{gone.location}.nt").text, format="nt")
    node = URIRef(f"{ID}finding/PER-R6/5/en/1/s2a")
    assert (node, OWL.deprecated, Literal(True)) in data
    assert (node, RDF.type, URIRef("https://w3id.org/mem-graph/ontology#Finding")) not in data
    coding = client.get("/doc/coding/PER-R6/24/en/1/s8a/24/marking-confiscated", headers={"Accept": "text/html"})
    assert coding.status_code == 200
    assert client.get("/doc/finding/PER-R6/5/en/1/s9z").status_code == 404


def test_a_coding_by_a_person_has_that_sureness_and_the_words(ask):
    found = ask(f"""
        SELECT ?criterion ?outcome ?words ?sureness WHERE {{
          <{ID}finding/PER-R6/24/en/1/s8a> mem:coding ?coding .
          ?coding mem:criterion/skos:notation ?criterion ; mem:outcome/skos:notation ?outcome ; mem:because ?words ;
                  mem:sureness/skos:notation ?sureness .
        }}""")
    assert found == [("24/marking", "met", "appropriate marking", "person")]
