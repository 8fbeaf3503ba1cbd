"""A small edition made by hand from real sentences of the report on Peru, with every kind of record in it."""

import pytest

from mem_graph import resources, vocabulary
from mem_graph.graph import derive, mapping, tables, things
from mem_graph.iris import DEFAULT_BASE, Iris
from mem_graph.model import (
    Affiliation,
    Assessment,
    Edition,
    Evidence,
    Finding,
    Fraction,
    GlossaryEntry,
    GlossaryUse,
    Identity,
    Institution,
    MechanismStatement,
    Mention,
    Observation,
    Passage,
    PlaceMention,
    Plan,
    Problem,
    Source,
    Span,
    Study,
    SummaryRow,
    Tally,
    TreatyReference,
)

VERSION = "0.0.0"
TEXT = (resources.data() / "reports/PER-R6/en-1.txt").read_text(encoding="utf-8")
DIGEST = "ef" * 32


def span(words, inside=None):
    """The words as they stand in the report, or in these other words of it."""
    start = TEXT.index(words) if inside is None else inside.start + inside.quote.index(words)
    return Span(words, start, start + len(words))


def passage(where, number, first_words):
    """The sentence that begins with these words."""
    start = TEXT.index(first_words)
    if where == "conclusions":
        start = TEXT.index(first_words, TEXT.index("\nCONCLUSIONS\n"))
    end = min(TEXT.index(stop, start) + 1 for stop in (". ", ".\n"))
    return Passage(where, number, Span(TEXT[start:end], start, end))


SENTENCES = {
    "preface/s2": passage("preface", 2, "As part of the Secretariat of Multidimensional Security"),
    "1/s1": passage(1, 1, "Peru's national drug authority is"),
    "2/s1": passage(2, 1, "Peru has the National Strategy for the Fight against Drugs"),
    "11/s4": passage(11, 4, "The risk factors identified in the assessment"),
    "12/s1": passage(12, 1, "Peru, through the National Commission for Development"),
    "13/s1": passage(13, 1, "Peru, through DEVIDA's Budget Program"),
    "14/s1": passage(14, 1, "Peru carries out eradication programs and activities to reduce"),
    "14/s2": passage(14, 2, "The country manually eradicated"),
    "14/s3": passage(14, 3, "Additionally, the country eradicated"),
    "14/s4": passage(14, 4, "Moreover, Peru eradicated 18 hectares of poppy in 2012 and 25.5 hectares in 2013"),
    "14/s5": passage(14, 5, "The country did not eradicate poppy crops"),
    "14/s6": passage(14, 6, "Peru evaluates and monitors its eradication programs"),
    "14/s7": passage(14, 7, "Local civil society in Peru participates"),
    "14/s8": passage(14, 8, "The country highlights civil society participation"),
    "17/s4": passage(17, 4, "The country has an updated register of individuals"),
    "24/s3": passage(24, 3, "Peru requires the appropriate marking of firearms"),
    "24/s5": passage(24, 5, "Peru has a national authority responsible for coordinating control activities for the"),
    "24/s7": passage(24, 7, "The country does not require the marking of firearms"),
    "27/s1": passage(27, 1, "Peru has ratified the United Nations Convention"),
    "conclusions/s2": passage("conclusions", 2, "CICAD recognizes that among"),
    "conclusions/s5": passage("conclusions", 5, "The country has carried out all of the priority"),
    "conclusions/s8": passage("conclusions", 8, "The country has universal prevention programs, but does not have"),
    "conclusions/s20": passage("conclusions", 20, "The country also carried out two studies"),
}


def read(key, letter="a", sureness="rule", rule=None):
    """The evidence of a statement: ``24/s7`` and its letter."""
    return Evidence(SENTENCES[key], letter, rule or f"test.{key.partition('/')[2]}", sureness)


def words(key, quote):
    """Words of a sentence."""
    return span(quote, SENTENCES[key].span)


def finding(key, focus, polarity, modality, *topics, letter="a", **more):
    """A finding, or a statement of the conclusions."""
    return Finding(polarity, modality, words(key, focus), topics, read(key, letter), **more)


def reference(key, treaty, relation, printed, *articles, letter="a"):
    """A reference to an instrument."""
    return TreatyReference(treaty, relation, articles, words(key, printed), read(key, letter, "printed"))


def assessment(number, area, rating, findings):
    """An assessment with the title and the evaluation line of its chapter."""
    start = TEXT.index(f"RECOMMENDATION {number}\n")
    line = f"Evaluation: {rating}"
    at = TEXT.index(line, start)
    title = TEXT[start:at].split("\n\n")[1]
    return Assessment(number, area, rating, Span(line, at, at + len(line)), span(title), tuple(findings))


def eradicated(key, subject, unit, year, value, printed, letter="a", **more):
    """An observation of something eradicated."""
    at = read(key, letter, "printed")
    return Observation("eradicated", subject, unit, year, value, words(key, printed), at, **more)


CIFTA = (
    "Inter-American Convention against the Illicit Manufacturing of and Trafficking in Firearms, Ammunition, Explosives"
)
CITED = reference("24/s5", "cifta-1997", "authority", f"{CIFTA} and Other Related Materials of 1997", "8")
RATIFIED = (
    reference(
        "27/s1",
        "illicit-traffic-1988",
        "ratified",
        "United Nations Convention against Illicit Traffic in Narcotic Drugs and Psychotropic Substances of 1988",
    ),
    reference(
        "27/s1",
        "oas-mla-1992",
        "ratified",
        "Inter-American Convention on Mutual Assistance in Criminal Matters of 1992",
        letter="b",
    ),
)

CHAPTERS = (
    assessment(12, "Supply reduction", "Complete", [
        finding(
            "12/s1", "collects and analyzes internal and relevant external information", "achievement", "does",
            "supply-information", actors=("PER/devida",), institutions=("PER/devida", "PER/corah"),
        ),
    ]),
    assessment(14, "Supply reduction", "Complete", [
        finding("14/s1", "carries out eradication programs and activities", "achievement", "does", "crop-eradication"),
        finding("14/s2", "manually eradicated 10,290 hectares of coca", "achievement", "does", "crop-eradication"),
        finding("14/s3", "eradicated 156,872 kg of marijuana", "achievement", "does", "crop-eradication"),
        finding("14/s4", "eradicated 18 hectares of poppy", "achievement", "does", "crop-eradication"),
        finding("14/s6", "evaluates and monitors its eradication programs", "achievement", "does", "crop-eradication"),
        finding("14/s7", "participates in the design", "achievement", "participates", "alternative-development"),
        finding("14/s8", "highlights civil society participation", "achievement", "other", "alternative-development"),
    ]),
    assessment(17, "Control measures", "Complete", [
        finding(
            "17/s4", "has an updated register", "achievement", "has", "chemical-control",
            exception=words("17/s4", "with some exceptions for domestic users"),
        ),
    ]),
    assessment(24, "Control measures", "Partially complete", [
        finding("24/s3", "requires the appropriate marking of firearms", "achievement", "does", "firearms-marking"),
        finding(
            "24/s5", "has a national authority", "achievement", "has", "firearms-trafficking", instruments=(CITED,),
        ),
        finding("24/s7", "name of the manufacturer", "deficiency", "lacks", "firearms-marking"),
        finding("24/s7", "place of manufacture", "deficiency", "lacks", "firearms-marking", letter="b"),
    ]),
    assessment(27, "International cooperation", "Mostly complete", [
        finding("27/s1", "has ratified", "achievement", "has", "treaty-participation", instruments=RATIFIED),
    ]),
)  # fmt: skip

RISK = "Risk factors: risk factors are those conditions"
ENTRY = span(TEXT[TEXT.index(RISK) : TEXT.index("\n", TEXT.index(RISK))])
ROW = span(next(line for line in TEXT.splitlines() if line.startswith("24\t")))

EDITION = Edition(
    identity=Identity(
        "PER", 6, 2014, "en", 1, ("OEA/Ser.L/XIV.2.56", "CICAD/doc.2148/14 Add.26"), "2013 to mid-2014",
        {
            "country": span("Peru"),
            "period": span("2013 to mid-2014"),
            "symbols": span("OEA/Ser.L/XIV.2.56\nCICAD/doc.2148/14 Add.26"),
            "year": span("2014"),
        },
    ),
    source=Source(TEXT, DIGEST, "text/plain", "en-1.txt"),
    passages=tuple(SENTENCES.values()),
    assessments=CHAPTERS,
    conclusions=(
        finding("conclusions/s8", "has universal prevention programs", "achievement", "has", "universal-prevention"),
        finding(
            "conclusions/s8", "does not have selective", "deficiency", "lacks", "selective-prevention", letter="b"
        ),
    ),
    institutions=(
        Institution("INT/cicad", "Inter-American Drug Abuse Control Commission", "CICAD"),
        Institution("PER/devida", "National Commission for Development and Life without Drugs", "DEVIDA"),
        Institution("PER/new-body", "A Body that no Table Holds", "ABTH", ("The Body",), known=False),
    ),
    mentions=(
        Mention("INT/cicad", words("preface/s2", "CICAD"), read("preface/s2", "a", "printed")),
        Mention("PER/devida", words("1/s1", "DEVIDA"), read("1/s1", "a", "printed")),
        Mention("PER/devida", words("12/s1", "DEVIDA"), read("12/s1", "a", "printed")),
    ),
    affiliations=(Affiliation("PER/devida", "PER/pcm", read("1/s1", "a", "printed")),),
    treaty_references=(CITED, *RATIFIED),
    observations=(
        eradicated("14/s2", "coca", "ha", 2011, "10290", "10,290 hectares of coca in 2011", method="manually"),
        eradicated("14/s2", "coca", "ha", 2012, "14171", "14,171 hectares in 2012", "b", method="manually"),
        eradicated("14/s2", "coca", "ha", 2013, "23785", "23,785 hectares in 2013", "c", method="manually"),
        eradicated("14/s3", "marijuana", "kg", 2011, "156872", "156,872 kg of marijuana in 2011"),
        eradicated("14/s3", "marijuana", "kg", 2012, "979640", "979,640 kg in 2012", "b"),
        eradicated("14/s3", "marijuana", "kg", 2013, "3423", "3,423 kg in 2013", "c"),
        eradicated("14/s4", "poppy", "ha", 2012, "18", "18 hectares of poppy in 2012"),
        eradicated("14/s4", "poppy", "ha", 2013, "25.5", "25.5 hectares in 2013", "b"),
        eradicated(
            "14/s5", "poppy", "ha", 2011, "0", "did not eradicate poppy crops in 2011", inferred_from_words=True,
        ),
    ),
    fractions=(
        Fraction(
            3, 3, words("conclusions/s5", "priority demand reduction studies"), words("conclusions/s5", "3 of 3"),
            read("conclusions/s5", "a", "printed"),
        ),
    ),
    studies=(
        Study(
            words("13/s1", "the productivity index for coca cultivation"), False, "PER/devida", read("13/s1"),
            number=1, year=2013, month=12,
        ),
        Study(words("conclusions/s20", "the environmental impact"), False, "PER", read("conclusions/s20"), 2),
    ),
    plans=(
        Plan("PER/national-strategy-2012-2016", "National Strategy for the Fight against Drugs 2012-2016", "strategy"),
        Plan("PER/new-plan", "A Plan that no Table Holds", "plan", "PER/devida", 2012, 2016, known=False),
    ),
    plan_mentions=(
        Mention(
            "PER/national-strategy-2012-2016",
            words("2/s1", "National Strategy for the Fight against Drugs 2012-2016"),
            read("2/s1", "a", "printed"),
        ),
    ),
    places=(
        PlaceMention("CHL/santiago", words("preface/s2", "Santiago"), read("preface/s2", "a", "printed")),
        PlaceMention("CHL/new-place", words("preface/s2", "Chile"), read("preface/s2", "b", "printed")),
        PlaceMention(
            "PER/upper-huallaga-valley", words("12/s1", "Upper Huallaga Valley"), read("12/s1", "a", "printed"), True
        ),
    ),
    glossary=(
        GlossaryEntry(
            10,
            span("Risk factors", ENTRY),
            "III. SUPPLY REDUCTION",
            span(ENTRY.quote.removeprefix("Risk factors: "), ENTRY),
            ENTRY,
        ),
    ),
    glossary_uses=(GlossaryUse(10, words("11/s4", "risk factors"), read("11/s4", "a", "printed")),),
    mechanism=(
        MechanismStatement(
            "body", words("preface/s2", "is the OAS specialized agency responsible"), read("preface/s2", "a", "printed")
        ),
        MechanismStatement(
            "mandate", words("preface/s2", "pursuant to a mandate"), read("preface/s2", "b", "printed")
        ),
    ),
    tallies=(
        Tally("Complete", 16, words("conclusions/s2", "completed 16"), read("conclusions/s2", "a", "printed")),
        Tally("Started", 1, words("conclusions/s2", "one started"), read("conclusions/s2", "b", "printed")),
    ),
    summary=(SummaryRow(24, "Control measures", "PARTIALLY COMPLETE", span(ROW.quote.split("\t")[1], ROW), ROW),),
    not_understood=(SENTENCES["14/s8"],),
    problems=(Problem("repeated_word", "A word is printed twice.", span("CONCLUSIONS"), False),),
)  # fmt: skip


@pytest.fixture(scope="session")
def edition():
    """The edition made by hand."""
    return EDITION


@pytest.fixture(scope="session")
def iris():
    """The IRIs below the default identity base."""
    return Iris()


@pytest.fixture(scope="session")
def rows():
    """The curated tables."""
    return resources.read_tables(resources.data() / "tables")


@pytest.fixture(scope="session")
def ontology_graph():
    """Ontology and vocabulary in one graph."""
    return resources.read_ontology(resources.ontology(), DEFAULT_BASE)


@pytest.fixture(scope="session")
def words_known(ontology_graph, rows):
    """The vocabulary of the sixth round."""
    return vocabulary.from_tables(ontology_graph, rows)


@pytest.fixture(scope="session")
def graph(edition, words_known, iris):
    """The graph of the edition made by hand."""
    return mapping.to_graph(edition, words_known, iris, VERSION)


@pytest.fixture(scope="session")
def shared(edition, words_known, iris):
    """What the edition made by hand names that other editions may name too."""
    return things.shared([edition], words_known, iris)


@pytest.fixture(scope="session")
def tables_graph(rows, iris):
    """The graph of the curated tables."""
    return tables.tables_graph(rows, iris)


@pytest.fixture(scope="session")
def derived(graph, ontology_graph, iris):
    """What is derived from the edition made by hand."""
    return derive.derive([graph], ontology_graph, iris)
