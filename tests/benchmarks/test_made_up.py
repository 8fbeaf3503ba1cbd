"""Made-up hemispheres, as benchmarks have them: they say what they are, are whole releases, and stay out of data/."""

import importlib
import re
from collections import Counter
from pathlib import Path

import pytest

from mem_graph import resources
from mem_graph.graph import release

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
TWO = (1, 2, 2)
"""One round, each report in two editions, two countries: the first two of the alphabet."""


def module(name, monkeypatch=None):
    """A program of benchmarks/ as a module; those it imports are found beside it."""
    if monkeypatch is not None:
        monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module(name)


@pytest.fixture(scope="module")
def program():
    """benchmarks/made_up.py as a module."""
    with pytest.MonkeyPatch.context() as patch:
        return module("made_up", patch)


@pytest.fixture(scope="module")
def two(program, peru, tmp_path_factory):
    """The folder of a release of two made-up reports."""
    before = held(resources.data())
    folder = program.write(peru.folder, program.Size(*TWO), tmp_path_factory.mktemp("two"))
    assert held(resources.data()) == before
    return folder


def held(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_it_says_that_it_is_made_up(program, two):
    made = release.verify(two)
    assert made.version == program.VERSION == "MADE UP BY A BENCHMARK"
    assert str(program.Size(*TWO)) == "2 × 1 × 2"
    assert program.Size(*TWO).reports == 2


def test_it_is_a_release_of_two_reports_in_two_editions_each(program, two, peru):
    """Every line once, in order; what is of no report is as in Peru's; a translation has no assessments."""
    lines = (two / release.DATA).read_bytes().splitlines(keepends=True)
    assert lines == sorted(set(lines))
    graphs = release.verify(two).graphs
    editions = {name.partition("/graph/edition/")[2]: count for name, count in graphs.items() if "/edition/" in name}
    assert editions.keys() == {"ARG-R6/en/1", "ARG-R6/es/1", "ATG-R6/en/1", "ATG-R6/es/1"}
    of_peru = next(count for name, count in peru.graphs.items() if name.endswith("/graph/edition/PER-R6/en/1"))
    assert editions["ARG-R6/en/1"] == editions["ATG-R6/en/1"] == of_peru
    assert 0.5 * of_peru < editions["ARG-R6/es/1"] < of_peru
    for name in ("shapes", "vocabulary", "acts"):
        graph = next(each for each in graphs if each.endswith(f"/graph/{name}"))
        assert graphs[graph] == peru.graphs[graph]
    assert not [line for line in lines if program.OWN.search(line)]


def test_a_rule_is_described_once(two):
    """Where its example is a sentence of Peru's report, it stays so."""
    about = re.compile(rb"<[^>]*/id/rule/([^>]+)> <[^>]*#definition> .*/graph/shared> \.$")
    told = Counter(found[1] for line in (two / release.DATA).read_bytes().splitlines() if (found := about.match(line)))
    assert len(told) > 100
    assert set(told.values()) == {1}


def test_answers_differ_from_report_to_report(two):
    """Ratings are dealt anew: as often as in Peru's, under other names."""
    dealt = {code: Counter() for code in ("ARG", "ATG")}
    for line in (two / release.DATA).read_text("utf-8").splitlines():
        subject, predicate, value = line.split(" ", 3)[:3]
        if "/id/assessment/" in subject and predicate.endswith("#rating>"):
            dealt[subject.partition("/id/assessment/")[2][:3]][value] += 1
    assert [sorted(each.values()) for each in dealt.values()] == [[1, 2, 3, 5, 16]] * 2
    assert dealt["ARG"] != dealt["ATG"]


def test_one_edition_of_it_conforms(two, monkeypatch):
    """As the benchmark validates it: with what stands beside it, and its quotes against the text it keeps."""
    scale = module("scale", monkeypatch)
    name, told = next(scale.validated(release.verify(two)))
    assert name == "validate one edition, s"
    assert 0 < float(told) < 60


def test_what_takes_too_long_or_too_much_is_over_and_what_fails_is_not(monkeypatch, capfd):
    scale = module("scale", monkeypatch)

    def works(then):
        yield "before", "1"
        then()
        yield "after", "2"

    def endless():
        while True:
            pass

    monkeypatch.setattr(scale, "ROOM", 4_000_000_000)
    assert scale.apart(lambda: works(int), 10) == {"before": "1", "after": "2"}
    assert scale.apart(lambda: works(endless), 1) == {"before": "1"}
    assert scale.apart(lambda: works(lambda: bytearray(8_000_000_000)), 10) == {"before": "1"}
    figures = {"devida": "1.2", "devida, rows": "10", "studies": None, "studies, rows": None}
    assert [scale.told(figures, name) for name in ("devida", "studies", "firearms")] == ["1.2 (10)", "over", "over"]
