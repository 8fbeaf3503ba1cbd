"""The made-up reports: what their tables hold is cut from their texts, and as much of it as is said."""

import csv
import importlib.util
import re
from collections import Counter
from pathlib import Path

import pytest
import rdflib

from mem_graph.reading.page import extract

REPORTS = Path(__file__).parents[1] / "reports" / "made-up"
PROGRAM = Path(__file__).parents[2] / "benchmarks" / "evaluate.py"
CRITERIA = Path(__file__).parents[2] / "ontology" / "criteria.ttl"
SKOS = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
# Rows: findings, codes, institutions, treaty references, statistics, fractions, tallies, studies.
HELD = {
    "BHS-R6-en": (202, 214, 37, 20, 28, 4, 6, 3),
    "BLZ-R6-en": (245, 251, 43, 19, 16, 2, 5, 4),
    "BOL-R6-es": (160, 176, 38, 20, 17, 2, 5, 7),
    "BRB-R6-en": (149, 164, 32, 17, 9, 4, 5, 5),
    "CAN-R6-en": (202, 216, 39, 21, 17, 5, 5, 5),
    "CHL-R6-es": (120, 139, 31, 17, 9, 3, 4, 5),
    "COL-R6-es": (202, 212, 41, 19, 33, 3, 5, 7),
    "CRI-R6-es": (154, 165, 33, 19, 11, 3, 6, 4),
    "DOM-R6-es": (187, 193, 34, 16, 34, 3, 5, 3),
    "ECU-R6-es": (257, 280, 43, 21, 40, 6, 5, 6),
    "GTM-R6-es": (170, 187, 39, 17, 17, 5, 5, 3),
    "GUY-R6-en": (119, 122, 32, 19, 6, 4, 6, 2),
    "HND-R6-en": (246, 260, 44, 21, 35, 6, 5, 5),
    "JAM-R6-en": (177, 187, 45, 17, 12, 6, 6, 3),
    "NIC-R6-es": (320, 337, 60, 23, 106, 4, 5, 9),
    "PAN-R6-es": (252, 273, 55, 29, 49, 6, 5, 7),
    "GRD-R6-en": (257, 270, 44, 23, 40, 3, 5, 7),
    "VCT-R6-en": (350, 367, 67, 25, 80, 3, 4, 12),
    "SUR-R6-en": (251, 263, 43, 15, 51, 1, 5, 8),
    "ATG-R6-en": (270, 283, 55, 24, 76, 2, 3, 9),
    "MEX-R6-es": (234, 252, 42, 19, 50, 6, 5, 8),
    "VEN-R6-es": (279, 301, 45, 21, 80, 9, 5, 12),
    "LCA-R6-en": (287, 293, 47, 23, 64, 2, 5, 9),
    "DMA-R6-en": (304, 321, 50, 22, 81, 2, 5, 8),
    "ARG-R6-es": (245, 264, 49, 21, 57, 6, 5, 9),
    "KNA-R6-en": (275, 286, 49, 19, 63, 3, 5, 8),
    "URY-R6-es": (261, 274, 46, 23, 58, 7, 5, 9),
    "CRI-R6-en": (250, 259, 39, 19, 58, 2, 4, 8),
    "HND-R6-es": (253, 260, 37, 20, 48, 4, 5, 7),
    "HTI-R6-en": (252, 263, 42, 17, 67, 2, 5, 6),
    "USA-R6-en": (290, 312, 57, 24, 69, 3, 4, 12),
    "BRA-R6-es": (289, 307, 47, 24, 50, 4, 5, 8),
    "PAN-R6-en": (286, 298, 52, 17, 67, 4, 5, 8),
    "CAN-R6-es": (277, 295, 45, 18, 75, 4, 5, 8),
    "CHL-R6-en": (276, 284, 42, 23, 76, 5, 5, 11),
    "BLZ-R6-es": (280, 290, 45, 22, 70, 5, 5, 9),
    "COL-R6-en": (283, 298, 46, 24, 83, 2, 4, 12),
    "PER-R6-es": (209, 229, 16, 24, 11, 2, 5, 11),
    "MEX-R6-en": (281, 299, 45, 25, 82, 6, 4, 12),
    "TTO-R6-es": (268, 283, 57, 25, 81, 9, 5, 9),
    "ECU-R6-en": (283, 305, 39, 19, 64, 1, 5, 10),
    "GRD-R6-es": (276, 289, 54, 22, 64, 5, 5, 8),
    "PRY-R6-es": (216, 229, 38, 18, 39, 4, 4, 7),
    "SLV-R6-es": (99, 111, 29, 19, 9, 2, 6, 3),
    "TTO-R6-en": (175, 185, 41, 17, 9, 4, 6, 3),
    "URY-R6-en": (170, 190, 35, 17, 10, 3, 6, 5),
}
TABLES = "findings codes institutions treaty_references statistics fractions tallies studies".split()
PLANTED = {"TTO-R6-en"}
"""Reports in which tallies and ratings are made to differ."""


def rows(name, table):
    with (REPORTS / name / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def evaluate():
    """benchmarks/evaluate.py as a module."""
    import sys

    spec = importlib.util.spec_from_file_location("evaluate", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    sys.modules["evaluate"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def texts(evaluate):
    """The text of each report, as it is read from its file."""
    return {name: extract.read(evaluate.report_file(name, REPORTS / name)).text for name in HELD}


def test_each_report_is_listed():
    folders = {path.name for path in REPORTS.iterdir() if path.is_dir()}
    listed = set(re.findall(r"^\| \[([A-Z]{3}-R6-[a-z]{2})\]", (REPORTS / "README.md").read_text("utf-8"), re.M))
    assert folders == listed == set(HELD)


@pytest.mark.parametrize("name", sorted(HELD))
def test_tables_hold_what_is_said(name):
    assert tuple(len(rows(name, table)) for table in TABLES) == HELD[name]
    assert [row["recommendation"] for row in rows(name, "assessments")] == [str(number) for number in range(1, 28)]
    readme = (REPORTS / name / "README.md").read_text("utf-8")
    said = dict(re.findall(r"^\| ([a-z_]+)\.csv \| (\d+) \|", readme, re.M))
    assert said == {"assessments": "27", **{table: str(rows_) for table, rows_ in zip(TABLES, HELD[name], strict=True)}}


@pytest.mark.parametrize("name", sorted(HELD))
def test_findings_are_cut_from_the_text(name, texts, evaluate):
    text = texts[name]
    for row in rows(name, "findings"):
        assert row["focus"] in row["quote"]
        assert row["exception"] in row["quote"]
        if "start" in row:
            assert text[int(row["start"]) : int(row["end"])] == row["quote"]
        else:
            start, end = evaluate.located(row["quote"], text)
            cut, printed = evaluate.letters(text[start:end])[0], evaluate.letters(row["quote"])[0]
            assert (cut[:9], cut[-9:]) == (printed[:9], printed[-9:])
        assert (row["polarity"] == "deficiency") == (row["modality"] == "lacks")


@pytest.mark.parametrize("name", sorted(HELD))
def test_quotes_and_printed_words_are_cut_from_the_text(name, texts, evaluate):
    for table in ("treaty_references", "statistics", "fractions", "tallies"):
        for row in rows(name, table):
            assert row["printed"] in row["quote"]
            assert evaluate.located(row["quote"], texts[name])
    for row in rows(name, "studies"):
        assert row["title"] in row["quote"]


@pytest.mark.parametrize("name", sorted(HELD))
def test_codes_are_codes_of_findings(name):
    known = set(map(str, rdflib.Graph().parse(CRITERIA).objects(None, SKOS.notation)))
    found = {(row["where"], row["focus"]): row["polarity"] for row in rows(name, "findings")}
    for row in rows(name, "codes"):
        assert row["criterion"] in known
        assert row["where"] in ("conclusions", row["criterion"].partition("/")[0])
        assert row["outcome"] in (
            "partly",
            {"achievement": "met", "deficiency": "not_met"}[found[row["where"], row["focus"]]],
        )


@pytest.mark.parametrize("name", sorted(HELD.keys() - PLANTED))
def test_tallies_count_the_ratings(name):
    ratings = Counter(row["rating"] for row in rows(name, "assessments"))
    told = {row["rating"]: int(row["count"]) for row in rows(name, "tallies") if row["count"] != "0"}
    if "Not applicable" not in told:  # a report may count those alone that it rated
        del ratings["Not applicable"]
    assert told == dict(ratings)


@pytest.mark.parametrize("name", ["BOL-R6-es", "BRB-R6-en"])
def test_pdf_files_are_printed_from_their_sources(name, tmp_path):
    folder = REPORTS / name
    spec = importlib.util.spec_from_file_location("make_pdf", folder / "make_pdf.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main(target=tmp_path / "report.pdf")
    assert extract.read(tmp_path / "report.pdf").text == extract.read(folder / "report.pdf").text
