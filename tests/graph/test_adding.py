"""Filing reports: what a file is found to be, what becomes of it, and that nothing changes where something is wrong."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import zipfile
import zlib
from pathlib import Path

import pypdf
import pytest
from reportlab.pdfgen import canvas

from mem_graph import resources
from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.graph import adding, audits, build, checking, filing, release
from mem_graph.outcomes import SparqlRequest
from mem_graph.query import lookups
from mem_graph.query.current import Current
from mem_graph.query.opened import OpenRelease
from mem_graph.settings import Settings
from mem_graph.web import create_app

COMMAND = str(Path(sys.executable).with_name("mem-graph"))
PERU = resources.data() / "reports" / "PER-R6" / "en-1.txt"
TEXT = PERU.read_text(encoding="utf-8")
MADE_UP = Path(__file__).parents[1] / "reports" / "made-up"
PAIR = Path(__file__).parents[1] / "reports" / "in-two-languages"
HEAD = "MEM - Evaluation report"
FRENCH = """HAITI

MÉCANISME D'ÉVALUATION MULTILATÉRALE
RAPPORT D'ÉVALUATION SUR LES POLITIQUES EN MATIÈRE DE DROGUES
Sixième cycle d'évaluation

RECOMMANDATION 1

Évaluation : Complète

Le pays dispose d'une autorité nationale chargée de la lutte contre les drogues, qui coordonne les travaux des
ministères et qui a son propre budget. Il ne dispose pas encore d'un observatoire national.
"""


class House:
    """A copy of the data and its releases, to which reports are added."""

    def __init__(self, folder: Path) -> None:
        self.data, self.releases = folder / "data", folder / "releases"
        self.settings = Settings(data_dir=self.data, releases_dir=self.releases)
        self.looked: dict[str, adding.Looked] = {}

    def add(self, *paths: Path, yes: bool = True, origin: str | None = None) -> release.Release | None:
        """Add files; what they were found to be is kept by name."""

        def agrees(looked) -> bool:
            self.looked = {each.path.name: each for each in looked}
            return yes

        return adding.add(adding.Asked(paths, origin, lambda *_: None, agrees), self.settings, lambda _: None)

    def state(self) -> dict[str, bytes]:
        """Every file that is filed, and which release is current."""
        reports = self.data / "reports"
        files = {str(path.relative_to(reports)): path.read_bytes() for path in reports.rglob("*") if path.is_file()}
        return {**files, "current": str(release.pointed(self.releases)).encode()}

    def entries(self, report: str = "PER-R6") -> list[dict]:
        """The record of a report's files."""
        return tomllib.loads((self.data / "reports" / report / "edition.toml").read_text("utf-8"))["source"]

    def ask(self, query: str) -> list[tuple[str, ...]]:
        """The rows of a query of the current release."""
        store = EmbeddedStore.load([(self.releases / "current" / release.DATA, "application/n-quads")], union=True)
        prefixes = (
            "PREFIX mem: <https://w3id.org/mem-graph/ontology#> PREFIX oa: <http://www.w3.org/ns/oa#> "
            "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        )
        answer = store.query(SparqlRequest(prefixes + query), "text/csv")
        return [tuple(line.split(",")) for line in answer.body.decode().splitlines()[1:]]

    def count(self, what: str) -> int:
        """How many nodes there are of a class."""
        return int(self.ask(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a mem:{what} }}")[0][0])


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A folder with a copy of the data and a release of it."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(resources.data(), folder / "data")
    build.build(House(folder).settings, lambda _: None)
    return folder


@pytest.fixture
def house(built, tmp_path):
    """One that may be changed."""
    shutil.copytree(built, tmp_path / "house", symlinks=True)
    return House(tmp_path / "house")


@pytest.fixture(scope="session")
def peru_pdf(printed, tmp_path_factory):
    """Peru's report as a PDF file."""
    path = tmp_path_factory.mktemp("pdf") / "peru.pdf"
    path.write_bytes(printed(TEXT, HEAD))
    return path


@pytest.fixture(scope="session")
def with_pdf(built, tmp_path_factory, peru_pdf):
    """One to which that file was added; nothing else is."""
    folder = tmp_path_factory.mktemp("with-pdf") / "house"
    shutil.copytree(built, folder, symlinks=True)
    house = House(folder)
    assert house.add(peru_pdf, origin="https://example.org/peru.pdf") is not None
    return house


@pytest.fixture(scope="session")
def several(built, tmp_path_factory):
    """One to which three made-up reports were added, of them a PDF file, and one in Spanish."""
    folder = tmp_path_factory.mktemp("several") / "house"
    shutil.copytree(built, folder, symlinks=True)
    house = House(folder)
    house.add(*(next((MADE_UP / name).glob("report.*")) for name in ("BRB-R6-en", "GUY-R6-en", "CRI-R6-es")))
    return house


# A further file


def test_a_pdf_of_a_filed_edition_adds_passages_and_no_statement(built, with_pdf):
    first, house = House(built), with_pdf
    before = {kind: first.count(kind) for kind in ("Statement", "Finding", "Passage", "Assessment", "Annotation")}
    audit = (first.releases / "current" / "audit.txt").read_text()
    looked = house.looked["peru.pdf"]
    assert (looked.outcome, looked.name) == ("further file", "PER-R6/en-1.pdf")
    after = {kind: house.count(kind) for kind in before}
    # 168 sentences, 27 titles, evaluation lines and rows, 14 entries, 5 parts of the cover stand in both files.
    assert after == {**before, "Passage": before["Passage"] + 168 + 3 * 27 + 14 + 5}
    assert (house.releases / "current" / "audit.txt").read_text() == audit
    assert [entry["file"] for entry in house.entries()] == ["en-1.txt", "en-1.pdf"]
    assert house.entries()[1]["origin"] == "https://example.org/peru.pdf"
    assert "licence" in house.entries()[1]["rights"]


def test_a_page_stands_where_the_source_has_pages(with_pdf, peru_pdf):
    rows = with_pdf.ask(
        "SELECT ?media (COUNT(?passage) AS ?n) (COUNT(?page) AS ?p) (MAX(?page) AS ?last) {"
        " ?passage a mem:Passage ; mem:sentence ?s ; oa:hasSource ?source . "
        " ?source <http://www.w3.org/ns/dcat#mediaType> ?media . OPTIONAL { ?passage mem:page ?page } } GROUP BY ?media"
    )
    pages = len(pypdf.PdfReader(peru_pdf).pages)
    conclusions = pages - 4  # behind them stand the table and the glossary
    found = {media: tuple(map(int, filter(None, numbers))) for media, *numbers in rows}
    assert found["text/plain"] == (168, 0)
    assert found["application/pdf"][:2] == (168, 168)
    assert conclusions <= found["application/pdf"][2] <= pages


def test_the_same_file_twice_changes_nothing(with_pdf, peru_pdf):
    before, looked = with_pdf.state(), with_pdf.looked
    assert with_pdf.add(peru_pdf, PERU) is None
    assert {each.outcome for each in with_pdf.looked.values()} == {"filed already"}
    assert with_pdf.state() == before
    with_pdf.looked = looked


def test_without_a_yes_nothing_changes(house, peru_pdf):
    before = house.state()
    assert house.add(peru_pdf, yes=False) is None
    assert house.looked["peru.pdf"].outcome == "further file"
    assert house.state() == before


def test_sentences_that_only_one_file_has_are_listed_and_a_rating_that_differs_is_refused(house, tmp_path):
    changed = TEXT.replace("Peru has a register of", "Peru keeps a register of").replace(
        "The Strategy has a monitoring and evaluation framework.", ""
    )
    (tmp_path / "other.txt").write_text(changed, encoding="utf-8")
    assert house.add(tmp_path / "other.txt") is not None
    said = house.ask("SELECT ?code { ?x a mem:Problem ; <http://www.w3.org/2004/02/skos/core#notation> ?code }")
    assert ("not-in-file",) in said
    (tmp_path / "rated.txt").write_text(TEXT.replace("Evaluation: Started", "Evaluation: Complete"), encoding="utf-8")
    before = house.state()
    assert house.add(tmp_path / "rated.txt") is None
    assert "Started here, Complete in" in str(house.looked["rated.txt"].error)
    assert house.state() == before


# Editions

TOLD = ("/search?q=prevention", "/search?q=reinsertion", "/doc/assessment/PER-R6/6", "/doc/institution/PER/devida")


def told(house, address):
    """How many times a page quotes, lists and links to sentences, and how many results it says it found."""
    current = Current.open(release.current(house.releases).folder, Settings())
    page = create_app(Settings(), current).test_client().get(address, headers={"Accept": "text/html"})
    current.close()
    assert page.status_code == 200
    return page.text.count("<q"), page.text.count("<li"), re.findall(r"(\d+) found", page.text)


def test_a_revision_keeps_the_old_edition_and_is_of_record(house, tmp_path):
    before = [told(house, address) for address in TOLD]
    revised = TEXT.replace("CICAD/doc.2148/14 Add.26", "CICAD/doc.2148/14 Add.26 Rev.1")
    (tmp_path / "revised.txt").write_text(revised, encoding="utf-8")
    assert house.add(tmp_path / "revised.txt") is not None
    assert house.looked["revised.txt"].name == "PER-R6/en-2.txt"
    assert house.count("Edition") == 2
    assert (house.count("Report"), house.count("Assessment")) == (1, 27)
    assert house.count("Finding") == 2 * 149
    record = house.ask("SELECT DISTINCT ?e { ?r a mem:Report ; mem:editionOfRecord ?e }")
    assert record == [("https://w3id.org/mem-graph/id/edition/PER-R6/en/2",)]
    counted = house.ask(
        "SELECT (COUNT(?f) AS ?n) { ?r a mem:Report ; mem:editionOfRecord ?e . ?f a mem:Finding ; mem:edition ?e }"
    )
    assert counted == [("149",)]
    derived = house.ask("SELECT DISTINCT ?e { ?d a mem:Derivation ; ?p ?s . ?s mem:edition ?e }")
    assert derived == record
    assert [told(house, address) for address in TOLD] == before


# Two languages

ASKED = ("ratings-by-area", "gaps-by-area", "selective-prevention", "gaps-shared", "institutions-and-recommendations")


@pytest.fixture(scope="session")
def dominica(built, tmp_path_factory, printed):
    """A report of a country of which no table holds a body: in Spanish as a PDF file, then in English as text.

    Out: the house, and what some questions were answered before the translation was there.
    """
    folder = tmp_path_factory.mktemp("dominica") / "house"
    shutil.copytree(built, folder, symlinks=True)
    house, pdf = House(folder), folder / "dominica.pdf"
    pdf.write_bytes(printed((PAIR / "DMA-R6-es.txt").read_text(encoding="utf-8"), "MADE UP"))
    assert house.add(PAIR / "DMA-R6-en.txt") is not None
    alone = {name: answered(house, name) for name in ASKED}
    assert house.add(pdf) is not None
    return house, alone


def answered(house, name):
    """The rows of a prepared question."""
    with OpenRelease.open((house.releases / "current").resolve()) as opened:
        return [
            tuple(map(str, row.values())) for row in opened.query(lookups.question(resources.queries(), name).query)
        ]


def test_a_country_is_added_by_its_files_alone(dominica):
    house, _ = dominica
    assert [entry["file"] for entry in house.entries("DMA-R6")] == ["en-1.txt", "es-1.pdf"]
    rows = house.ask(
        "SELECT ?word (COUNT(DISTINCT ?a) AS ?n) { ?a a mem:Assessment ; mem:country ?c ;"
        " mem:rating/skos:prefLabel ?word FILTER(LANG(?word) = 'en' && STRENDS(STR(?c), '/DMA')) } GROUP BY ?word"
    )
    told = {"Complete": 9, "Mostly complete": 6, "Partially complete": 4, "Started": 1, "Not started": 2}
    assert {word: int(count) for word, count in rows} == told | {"Not applicable": 5}
    new = house.ask("SELECT DISTINCT ?key { ?x a mem:Institution ; mem:reviewNeeded true BIND(STR(?x) AS ?key) }")
    assert {key.rpartition("/institution/")[2] for (key,) in new} >= {"DMA/ndapu", "DMA/rdpf"}
    assert all("/DMA/" in key for (key,) in new)


def test_a_translation_is_an_edition_of_its_own_tied_finding_by_finding(dominica):
    house, _ = dominica
    tied = house.ask(
        "SELECT (COUNT(DISTINCT ?x) AS ?n) (COUNT(DISTINCT ?y) AS ?m)"
        " { ?x a mem:Finding ; mem:translationOf ?y . ?y a mem:Finding }"
    )
    said = house.ask(
        "SELECT ?e (COUNT(DISTINCT ?f) AS ?n) { ?f a mem:Finding ; mem:edition ?e FILTER(CONTAINS(STR(?e), 'DMA')) }"
        " GROUP BY ?e ORDER BY ?e"
    )
    assert {count for _, count in said} == set(tied[0])
    denied = house.ask(
        "SELECT ?e (COUNT(DISTINCT ?f) AS ?n) (COUNT(DISTINCT ?r) AS ?m) { ?f a mem:Finding ; mem:edition ?e ;"
        " mem:polarity mem:deficiency ; mem:recommendation ?r FILTER(CONTAINS(STR(?e), 'DMA')) }"
        " GROUP BY ?e ORDER BY ?e"
    )
    assert [row[1:] for row in denied] == [("13", "13")] * 2


@pytest.mark.parametrize("name", ASKED)
def test_a_translation_is_counted_once(dominica, name):
    house, alone = dominica
    assert answered(house, name) == alone[name] != []


def test_a_release_with_a_translation_is_as_valid_as_when_it_was_built(dominica):
    """Looked at again, as `mem-graph validate` does: the translation has its report and assessments beside it."""
    house, _ = dominica
    found = checking.validate_release(release.current(house.releases))
    assert sum("/edition/" in each.graph for each in found) == 3
    assert [each.graph for each in found if not each.conforms] == []


# Folders


def test_a_folder_with_a_bad_file_files_the_others(house, tmp_path, printed):
    folder = tmp_path / "arrived"
    folder.mkdir()
    (folder / "notes.md").write_text("not looked at")
    (folder / "bad.txt").write_text("A letter.\n")
    shutil.copy(MADE_UP / "URY-R6-en" / "report.txt", folder / "uruguay.txt")
    shutil.copy(MADE_UP / "URY-R6-en" / "report.txt", folder / "uruguay again.txt")
    made = house.add(folder)
    assert made is not None
    assert {name: each.outcome for name, each in house.looked.items()} == {
        "bad.txt": "refused",
        "uruguay again.txt": "new edition",
        "uruguay.txt": "filed already",
    }
    assert house.entries("URY-R6")[0]["file"] == "en-1.txt"
    assert house.entries("URY-R6")[0]["title"].startswith("Uruguay: ")
    assert house.count("Report") == 2
    assert house.ask("SELECT ?c { ?r a mem:Report ; mem:country ?c } ORDER BY ?c")[1][0].endswith("/URY")


def test_reports_in_several_forms_are_filed_with_their_findings(several):
    assert {each.outcome for each in several.looked.values()} == {"new edition"}, several.looked
    assert several.count("Report") == 4
    assert several.count("Assessment") == 4 * 27


@pytest.mark.parametrize("name", ["institutions-and-recommendations", "studies"])
def test_a_report_that_is_there_in_spanish_only_is_in_the_answers(several, name):
    assert "Costa Rica" in {row[0] for row in answered(several, name)}


def test_audits_find_in_each_report_what_they_find_in_all_together(several):
    data = several.releases / "current" / release.DATA
    whole = EmbeddedStore.load([(data, "application/n-quads")], union=True)
    together = audits.run(whole, audits.load_audits(resources.shapes() / "audits"))
    assert len({result.report for result in together}) == 4
    told = [f"{line}\n" for line in audits.in_words(together)]
    assert (several.releases / "current" / "audit.txt").read_text() == "".join(told)


# Bad input


def encrypted(data: bytes) -> bytes:
    writer, file = pypdf.PdfWriter(clone_from=io.BytesIO(data)), io.BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(file)
    return file.getvalue()


def scanned() -> bytes:
    file = io.BytesIO()
    page = canvas.Canvas(file)
    page.rect(72, 72, 400, 600, fill=1)
    page.save()
    return file.getvalue()


def swollen() -> bytes:
    """A PDF file of one page whose content has 600 million bytes when it is unpacked."""
    packer = zlib.compressobj()
    once = b"".join(packer.compress(bytes(1_000_000)) for _ in range(600)) + packer.flush()
    content = zlib.compress(once)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>",
        b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%b\nendstream" % (len(content), content),
    ]
    return (
        b"%PDF-1.5\n"
        + b"".join(b"%d 0 obj\n%b\nendobj\n" % each for each in enumerate(parts, 1))
        + (b"trailer<</Size 5/Root 1 0 R>>\n%%EOF\n")
    )


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return file.getvalue()


def test_bad_files_give_one_clear_message_each_and_change_nothing(house, tmp_path, peru_pdf):
    pdf = peru_pdf.read_bytes()
    other = TEXT.replace("Peru", "Chile")
    bad = {
        "protected.pdf": (encrypted(pdf), "is protected by a password"),
        "scanned.pdf": (scanned(), "has no text layer"),
        "cut.pdf": (pdf[: len(pdf) // 2], "is cut off"),
        "large.pdf": (b"%PDF-1.7\n" + bytes(50_000_000), "50,000,009 bytes"),
        "large.txt": (b"word " * 10_000_000, "50,000,000 bytes"),
        "word.pdf": (zipped(), "an archive or an office document"),
        "picture.pdf": (b"\x89PNG\r\n\x1a\n\x00\x00", "is a picture"),
        "swollen.pdf": (swollen(), "needing too much memory"),
        "french.txt": (FRENCH.encode(), "'French' is not known in the languages that are read"),
        "nobody.txt": (
            other.replace("\nChile\n", "\nAtlantis\n").encode(),
            "no line of the cover names a member state of the OAS",
        ),
        "letter.txt": (b"Dear Sir or Madam,\n", "expected an evaluation report of the Mechanism"),
        "two.txt": ((TEXT + "\n\f\n" + other).encode(), "one report; this file has two"),
        "rating.txt": (
            other.replace("Evaluation: Started", "Evaluation: Begun").encode(),
            "rating-in-doubt: {folder}/rating.txt, line 119: recommendation 5: the round has no rating 'Begun', "
            "met 'Evaluation: Begun'; mem-graph review {folder}/rating.txt prints what settles it",
        ),
        "round.txt": (other.replace("Sixth", "Seventh").encode(), "the rounds that are read"),
        "empty.pdf": (b"", "is empty"),
    }
    for name, (data, _) in bad.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "nothing").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    odd = {
        "missing.pdf": "No such file",
        "nothing": "is a folder without a text or PDF file",
        "pipe.txt": "is no file but a folder, a device or the like",
    }
    before = house.state()
    start = time.perf_counter()
    told = subprocess.run(
        [COMMAND, "add", "--yes", *(str(tmp_path / name) for name in [*bad, *odd])],
        env={**os.environ, "MEM_GRAPH_DATA_DIR": str(house.data), "MEM_GRAPH_RELEASES_DIR": str(house.releases)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert time.perf_counter() - start < 60
    assert told.returncode == 2, told.stderr
    lines = {line.partition(": ")[0]: line for line in told.stdout.splitlines()}
    assert set(lines) == {*bad, *odd}
    for name, reason in ({name: reason for name, (_, reason) in bad.items()} | odd).items():
        assert lines[name].startswith(f"{name}: refused: ")
        assert reason.format(folder=tmp_path) in lines[name], lines[name]
    assert not any(line.startswith(("read", "unchanged")) for line in told.stderr.splitlines())
    assert "Traceback" not in told.stderr
    assert house.state() == before


# Killed in the middle


@pytest.mark.parametrize("until", ["read ", "wrote "])
def test_killed_in_the_middle_everything_is_as_it_was(house, peru_pdf, until):
    before = house.state()
    running = subprocess.Popen(
        [COMMAND, "add", "--yes", str(peru_pdf)],
        env={**os.environ, "MEM_GRAPH_DATA_DIR": str(house.data), "MEM_GRAPH_RELEASES_DIR": str(house.releases)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    with running.stderr:
        for line in running.stderr:
            if line.startswith(until):
                break
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    after = {name: body for name, body in house.state().items() if not name.startswith(filing.ADDING)}
    decided = after != before
    assert not decided or until == "wrote "  # moving is the next step: on a busy machine it is quicker than the signal
    assert (house.add(peru_pdf) is not None) or decided
    assert [entry["file"] for entry in house.entries()] == ["en-1.txt", "en-1.pdf"]
    assert not list((house.data / "reports").glob(".a*"))


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_files_that_were_decided_on_are_moved_by_the_next_command(house, peru_pdf, moved):
    """Whatever had been moved when the command was killed: the file, its record, nothing."""
    reports = house.data / "reports"
    with filing.opened(reports) as files:
        (before,) = files
    source = adding.extract.read(peru_pdf)
    filed = filing.Filed(peru_pdf, "en-1.pdf", source.digest, "PER-R6/en/1")
    identity = adding.parsed(source, adding.load_reference(house.data, house.settings.identity_base)).identity
    room = filing.lay_out(reports, [filing.Arrival(filed, identity, "Peru")], adding.datetime.date(2026, 1, 2))
    decided = filing.decide(room)
    for name in ("en-1.pdf", "edition.toml")[:moved]:
        (decided / "PER-R6" / name).replace(reports / "PER-R6" / name)
    with filing.opened(reports) as files:
        assert [file.name for file in files] == [before.name, "en-1.pdf"]
        for file in files:
            filing.verify(file)
    assert not list(reports.glob(".a*"))


# What is kept


def test_what_has_not_changed_is_not_worked_out_again_and_a_damaged_entry_is_none(house):
    said: list[str] = []
    made = build.build(house.settings, said.append)
    assert said[0].split()[0] == "unchanged"
    (entry,) = (house.releases / build.KEPT).glob("*.zip")
    data = bytearray(entry.read_bytes())
    data[len(data) // 2] ^= 1
    entry.write_bytes(data)
    said.clear()
    assert build.build(house.settings, said.append).digest == made.digest
    assert said[0].split()[0] == "read"
    shutil.rmtree(house.releases / build.KEPT)
    assert build.build(house.settings, said.append).digest == made.digest


@pytest.mark.parametrize("changed", ["tables/places.csv", "rules/descriptions.toml"])
def test_what_depends_on_a_table_or_a_rule_is_worked_out_again(house, changed):
    with (house.data / changed).open("a", encoding="utf-8") as file:
        file.write("\n" if changed.endswith(".toml") else "PER/nowhere,Nowhere,PER,region,\n")
    said: list[str] = []
    build.build(house.settings, said.append)
    assert said[0].split()[0] == "read"


def test_a_correction_lets_only_its_own_report_be_worked_out_again(dominica, tmp_path):
    shutil.copytree(dominica[0].data.parent, tmp_path / "house", symlinks=True)
    house = House(tmp_path / "house")
    (house.data / "corrections" / "DMA-R6.toml").write_text(
        """[[correction]]
        edition = "DMA-R6/en/1"
        action = "confirm"
        kind = "finding"
        where = 5
        quote = "The country does not have selective prevention programs."
        who = "Ana Example"
        date = 2026-11-26
        reason = "Read again."
        """,
        encoding="utf-8",
    )
    said: list[str] = []
    build.build(house.settings, said.append)
    done = {line.split()[1].rstrip(":"): line.split()[0] for line in said[:3]}
    assert done == {"DMA-R6/en/1": "read", "DMA-R6/es/1": "read", "PER-R6/en/1": "unchanged"}


def test_an_entry_under_another_key_is_none(house):
    room = house.releases / build.KEPT
    (entry,) = room.glob("*.zip")
    other = build.cache.key_of("another")
    shutil.copy(entry, room / f"{other}.zip")
    assert build.cache.read(room, other) is None
    assert build.cache.read(room, re.sub(r"\.zip$", "", entry.name)) is not None
