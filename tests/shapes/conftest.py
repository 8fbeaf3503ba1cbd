"""The report on Peru as coded by hand (tests/reports/PER-R6), as records, beside what the program reads."""

import csv
import hashlib
from collections import Counter
from pathlib import Path

import pytest

from mem_graph import model, resources, vocabulary
from mem_graph.graph.derive import derive
from mem_graph.graph.mapping import to_graph
from mem_graph.graph.tables import tables_graph
from mem_graph.graph.things import shared
from mem_graph.iris import Iris
from mem_graph.reading import report, rules
from mem_graph.reading.page import extract

TABLES = Path(__file__).parents[1] / "reports" / "PER-R6"
TEXT = (resources.data() / "reports" / "PER-R6" / "en-1.txt").read_text(encoding="utf-8")
IRIS = Iris()


def rows(name, folder=TABLES):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def where(text):
    return int(text) if text.isdigit() else text


SENTENCES = {
    (where(row["where"]), row["sentence"]): model.Passage(
        where(row["where"]), int(row["sentence"][1:]), model.Span(row["quote"], int(row["start"]), int(row["end"]))
    )
    for row in rows("sentences")
}
MADE = Counter()


def words(text, inside, after=0):
    """The first such words in a span, which has them."""
    start = TEXT.index(text, inside.start + after, inside.end)
    return model.Span(text, start, start + len(text))


def evidence(kind, row, sureness="printed"):
    """Letters are given in the order of the rows."""
    passage = SENTENCES[where(row["where"]), row["sentence"]]
    MADE[kind, passage.key] += 1
    letter = row.get("letter") or "abcdefghijklmnopqrstuvwxyz"[MADE[kind, passage.key] - 1]
    return model.Evidence(passage, letter, f"{kind}.by-hand", row.get("sureness") or sureness)


def located(kind, row, of="printed"):
    read = evidence(kind, row)
    return {of: words(row[of], read.passage.span), "evidence": read}


def keys(text):
    return tuple(filter(None, text.split(";")))


def references():
    for row in rows("treaty_references"):
        span = located("treaty-reference", row)
        yield model.TreatyReference(row["treaty"], row["relation"], keys(row["articles"].replace(",", ";")), **span)


def finding(row, cited):
    read = evidence("finding", row)
    inside = read.passage.span
    named = [tuple(text.split(":")[:2]) for text in keys(row["instruments"])]
    here = [each for each in cited if each.evidence.passage == read.passage]
    return model.Finding(
        polarity=row["polarity"],
        modality=row["modality"],
        focus=words(row["focus"], inside),
        topics=keys(row["topics"]),
        evidence=read,
        actors=keys(row["actors"]),
        institutions=keys(row["institutions"]),
        instruments=tuple(each for each in here if (each.treaty, each.relation) in named),
        exception=words(row["exception"], inside) if row["exception"] else None,
    )


def assessments(findings):
    for row in rows("assessments"):
        number, line = int(row["recommendation"]), model.Span(row["quote"], int(row["start"]), int(row["end"]))
        start = TEXT.rindex(row["title"], 0, line.start)
        title = model.Span(row["title"], start, start + len(row["title"]))
        own = tuple(each for each in findings if each.evidence.passage.where == number)
        yield model.Assessment(number, row["area"], row["rating"], line, title, own)


def summary():
    for row in rows("summary"):
        line = model.Span(row["quote"], int(row["start"]), int(row["end"]))
        yield model.SummaryRow(
            int(row["recommendation"]), row["area"], row["rating"], words(row["wording"], line), line
        )


def tallies():
    passage = SENTENCES["conclusions", "s2"]
    for letter, row in zip("abcde", rows("tallies"), strict=True):
        read = model.Evidence(passage, letter, "tally.by-hand", "printed")
        yield model.Tally(row["rating"], int(row["count"]), words(row["printed"], passage.span), read)


def observations():
    for row in rows("statistics"):
        year, inferred = int(row["year"]) if row["year"] else None, row["inferred_from_words"] == "true"
        figures = row["measure"], row["subject"], row["unit"], year, row["value"]
        yield model.Observation(
            *figures, **located("observation", row), method=row["method"] or None, inferred_from_words=inferred
        )


def fractions():
    for row in rows("fractions"):
        span = located("fraction", row)
        of = words(row["of"], span["evidence"].passage.span)
        yield model.Fraction(int(row["part"]), int(row["whole"]), of, **span)


def studies():
    for row in rows("studies"):
        numbers = {name: int(row[name]) if row[name] else None for name in ("number", "year", "month")}
        yield model.Study(named=row["named"] == "true", maker=row["maker"], **numbers, **located("study", row, "title"))


def glossary():
    for row in rows("glossary"):
        entry = model.Span(row["quote"], int(row["start"]), int(row["end"]))
        term, definition = words(row["term"], entry), words(row["definition"], entry, len(row["term"]))
        yield model.GlossaryEntry(int(row["number"]), term, row["section"], definition, entry)


def glossary_uses():
    numbers = {row["term"]: int(row["number"]) for row in rows("glossary")}
    for row in rows("glossary_uses"):
        yield model.GlossaryUse(numbers[row["term"]], **located("glossary-use", row))


def places():
    known = {row["name"]: row["key"] for row in rows("places", resources.data() / "tables")}
    for row in rows("places"):
        inside = row["inside_name"] == "true"
        yield model.PlaceMention(known[row["name"]], **located("place-mention", row), inside_name=inside)


def plans():
    for row in rows("plans"):
        first, last = (int(row[name]) if row[name] else None for name in ("from", "to"))
        yield model.Plan(row["key"], row["name"], row["kind"], row["owner"] or None, first, last)


def identity():
    printed = {"country": "Peru", "year": "2014", "symbols": "CICAD/doc.2148/14 Add.26", "period": "2013 to mid-2014"}
    spans = {name: words(text, model.Span(TEXT, 0, len(TEXT))) for name, text in printed.items()}
    symbols = ("OEA/Ser.L/XIV.2.56", "CICAD/doc.2148/14 Add.26")
    return model.Identity("PER", 6, 2014, "en", 1, symbols, "2013 to mid-2014", spans)


def edition():
    cited = tuple(references())
    findings = [finding(row, cited) for row in rows("findings")]
    return model.Edition(
        identity=identity(),
        source=model.Source(TEXT, hashlib.sha256(TEXT.encode()).hexdigest(), "text/plain", "en-1.txt"),
        passages=tuple(SENTENCES.values()),
        assessments=tuple(assessments(findings)),
        conclusions=tuple(each for each in findings if each.evidence.passage.where == "conclusions"),
        institutions=tuple(
            model.Institution(row["key"], row["name"], row["acronym"] or None, keys(row["other_names"]))
            for row in rows("institutions")
        ),
        mentions=tuple(
            model.Mention(row["institution"], **located("institution-mention", row)) for row in rows("mentions")
        ),
        affiliations=tuple(
            model.Affiliation(row["institution"], row["part_of"], evidence("affiliation", row))
            for row in rows("affiliations")
        ),
        treaty_references=cited,
        observations=tuple(observations()),
        fractions=tuple(fractions()),
        studies=tuple(studies()),
        plans=tuple(plans()),
        plan_mentions=tuple(
            model.Mention(row["plan"], **located("plan-mention", row)) for row in rows("plan_mentions")
        ),
        places=tuple(places()),
        glossary=tuple(glossary()),
        glossary_uses=tuple(glossary_uses()),
        mechanism=tuple(
            model.MechanismStatement(row["topic"], **located("mechanism", row, "focus")) for row in rows("mechanism")
        ),
        tallies=tuple(tallies()),
        summary=tuple(summary()),
    )


@pytest.fixture(scope="session")
def ontology():
    """Ontology and vocabulary in one graph."""
    return resources.read_ontology(resources.ontology(), IRIS.base)


def as_read(known):
    """The report as the program reads it."""
    source = extract.read(resources.data() / "reports" / "PER-R6" / "en-1.txt")
    return report.parse(source, known, rules.read(resources.data() / "rules"))


@pytest.fixture(scope="session", params=["by hand", "as read"])
def peru(request, ontology):
    """The named graphs of the report on Peru, by name: as coded by hand, and as the program reads it."""
    tables = resources.read_tables(resources.data() / "tables")
    known = vocabulary.from_tables(ontology, tables)
    coded = edition() if request.param == "by hand" else as_read(known)
    read = to_graph(coded, known, IRIS, "0")
    return {
        "ontology": ontology,
        "tables": tables_graph(tables, IRIS) + shared([coded], known, IRIS),
        "edition": read,
        "derived": derive([read], ontology, IRIS),
    }


@pytest.fixture(scope="session")
def hand():
    """The rows of a table made by hand."""
    return rows


@pytest.fixture(scope="session")
def peru_sources():
    """The text of its source, by IRI."""
    return {IRIS.source("PER-R6/en/1"): TEXT}


@pytest.fixture(scope="session")
def told():
    """The results of a report, in which blank nodes are alike: the reference names them anew."""
    return lambda report: sorted(
        (
            *map(named_or_blank, (each.focus, each.shape, each.value or "")),
            *(each.component, each.severity, each.message, each.path),
        )
        for each in report.results
    )


def named_or_blank(term):
    return term if ":" in term.removeprefix("_:") or term.startswith('"') else "_"
