"""What every test shares, and the table that ends a run: which suites that need something from outside have run.

A test that needs data or a program that may be absent is marked ``suite(name, needs, cases)``: the suite's name, one
word for what it needs, the number of cases there are. It skips where that is absent, and says what to do.
MEM_GRAPH_REQUIRE, a list of those words with commas, makes such a skip a failure. A test that holds many cases says how
many it has run: ``record_property("ran", 894)``; ``record_property("note", "…")`` adds what is to be said of a case.
"""

import gc
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

# The machine that builds may be slow, and a build gives the same result twice.
settings.register_profile("here", deadline=None)
settings.register_profile("build", deadline=None, derandomize=True)
settings.load_profile("build" if os.environ.get("CI") else "here")


BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A folder with a release of all that data/ holds, built by the command; whoever writes there makes a copy."""
    folder = tmp_path_factory.mktemp("built")
    given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
    subprocess.run([BIN / "mem-graph", "build", "--releases-dir", folder], env=given, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def nginx():
    """``with nginx(folder, lines, cases):`` runs nginx with these lines of a page, its files in a folder of its own."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

    @contextmanager
    def over(folder, lines, cases):
        if program is None:
            pytest.skip(f"nginx did not run ({cases} cases): install it (make setup-system)")
        parts = "".join(
            f"{name}_temp_path {folder}/{name};\n" for name in "client_body proxy fastcgi uwsgi scgi".split()
        )
        user = "user root;\n" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log stderr warn;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{parts}{lines}}}\n"
        )
        command = [program, "-p", folder, "-c", folder / "nginx.conf"]
        tried = subprocess.run([*command, "-t"], capture_output=True, check=False, timeout=20)
        assert tried.returncode == 0, tried.stderr.decode()
        running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            running.terminate()
            running.wait(timeout=20)

    return over


@pytest.fixture(scope="session")
def peru(built):
    """The release itself: of the one report that is kept here."""
    from mem_graph.graph import release

    return release.current(built)


@pytest.fixture(scope="session")
def printed():
    """Print a text as a PDF file: the function of ``printing.py``."""
    spec = importlib.util.spec_from_file_location("printing", Path(__file__).with_name("printing.py"))
    printing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(printing)
    return printing.printed


def pytest_configure(config):
    config.addinivalue_line("markers", "suite(name, needs, cases): a suite that needs something from outside")
    config.addinivalue_line("markers", "alone: it measures time or memory, and runs while no other test does")


LONGEST = [
    "graph/test_adding",
    "browser/test_browser",
    "reading/test_report",
    "test_cli",
    "shapes/test_shapes",
    "reading/test_layouts",
    "engines/test_same_answers",
    "evaluate/test_evaluate",
    "graph/test_revisions",
    "query/test_questions",
    "reading/test_odd_texts",
    "test_server",
    "web/pages/test_crawl",
    "engines/test_publishing",
    "reading/test_codebook",
    "reading/test_corrections",
    "web/pages/test_kinds",
    "reading/test_quantities",
]
"""The files that take longest, the longest first: files are dealt out in this order, so that none is begun last."""


def pytest_collection_modifyitems(items):
    place = {Path(__file__).parent / f"{name}.py": number for number, name in enumerate(LONGEST)}
    assert all(path.is_file() for path in place)
    items.sort(key=lambda item: place.get(item.path, len(place)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Name the suite on each report, and let a skip be a failure where what it needs is required."""
    mark = item.get_closest_marker("suite")
    if mark is None:
        return (yield)
    if call.when == "setup":
        item.user_properties.append(("suite", (mark.kwargs["name"], mark.kwargs["cases"])))
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and mark.kwargs["needs"] in required():
        report.outcome = "failed"
        report.longrepr = f"{reason(report)}; MEM_GRAPH_REQUIRE names {mark.kwargs['needs']}"
    return report


def required() -> set[str]:
    """What MEM_GRAPH_REQUIRE asks for."""
    return {word.strip() for word in os.environ.get("MEM_GRAPH_REQUIRE", "").split(",")} - {""}


def reason(report) -> str:
    """Why a test was skipped, or failed for being so."""
    words = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return words.removeprefix("Skipped: ")


def pytest_terminal_summary(terminalreporter):
    """The closing table: suite, ran, expected, why not."""
    rows = list(suite_rows(terminalreporter.stats))
    if not rows:
        return
    terminalreporter.section("suites that need something from outside")
    width = max(len(name) for name, *_ in rows)
    terminalreporter.line(f"{'suite':{width}}  {'ran':>5}  {'expected':>8}  why not")
    for name, ran, cases, why in rows:
        terminalreporter.line(f"{name:{width}}  {ran:>5}  {cases:>8}  {why}".rstrip())


def suite_rows(stats) -> Iterator[tuple[str, int, int, str]]:
    """For each suite: its name, the cases that ran, those there are, and in words what did not run or did not pass."""
    reports = [report for group in stats.values() for report in group if hasattr(report, "user_properties")]
    by_suite: dict[tuple[str, int], list] = {}
    for report in reports:
        if suite := dict(report.user_properties).get("suite"):
            by_suite.setdefault(suite, []).append(report)
    for (name, cases), own in sorted(by_suite.items()):
        ran = sum(dict(each.user_properties).get("ran", 1) for each in own if has_run(each))
        yield name, ran, cases, "; ".join(remarks(own, ran, cases))


def has_run(report) -> bool:
    """Whether a test went to its end: it passed, failed, or failed as expected."""
    return report.when == "call" and (not report.skipped or hasattr(report, "wasxfail"))


def remarks(reports, ran: int, cases: int) -> Iterator[str]:
    """Why fewer cases ran than there are, and how many of them failed."""
    whys = (reason(each) for each in reports if not each.passed and not has_run(each))
    yield from dict.fromkeys(re.sub(r"^.* did not run \(.*?\): ", "", why) for why in whys)
    if 0 < ran < cases:
        yield "the others were not selected"
    if expected := sum(hasattr(each, "wasxfail") for each in reports):
        yield f"{expected} of them fail as listed"
    notes = Counter(
        value for each in reports for name, value in each.user_properties if name == "note" and has_run(each)
    )
    yield from (f"{count} of them {note}" for note, count in notes.items())
    if failed := sum(each.failed and has_run(each) for each in reports):
        yield f"{failed} of them failed"


@pytest.fixture(scope="module")
def few_to_collect():
    """Whoever collects after each test in a module does not go through all that the tests before it have left."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
