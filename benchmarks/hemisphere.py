"""A whole round through `mem-graph add`: 34 reports in one command, from nothing; then again with one changed.

The reports are MADE UP: Peru's text with the country and its bodies renamed and the ratings dealt anew, five of them
Not applicable in most; every third is printed as a PDF file. Each says on its cover that it is made up, and they live
in a temporary folder only. Memory is that of the command with all its processes, shared pages counted once (PSS);
seconds of processors are theirs too: half of them is what two processors with nothing else at work need at least.
`make bench-add` prints the tables; docs/performance.md holds some that were printed.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mem_graph import resources
from mem_graph.graph import release
from mem_graph.terminal import show_table

COMMAND = str(Path(sys.executable).with_name("mem-graph"))
PERU = (resources.data() / "reports" / "PER-R6" / "en-1.txt").read_text(encoding="utf-8")
TABLES = resources.read_tables(resources.data() / "tables")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
FORMS = {
    "Complete": "completed",
    "Mostly complete": "mostly completed",
    "Partially complete": "partially completed",
    "Started": "started",
    "Not started": "not started",
    "Not applicable": "not applicable",
}
ILLICIT_CROPS = ("Bolivia", "Colombia", "Ecuador", "Guatemala", "Mexico", "Peru")
"""Countries whose made-up report rates recommendations 11 to 15, too."""


def states() -> list[tuple[str, str]]:
    """Code and name of the 34 states of the round."""
    return [(row["iso3"], row["name_en"]) for row in TABLES["states"] if row["mem_sixth_round"] == "yes"]


def report(code: str, name: str, number: int) -> str:
    """The made-up report of one country."""
    chance = random.Random(number)
    ratings = {at: chance.choice(list(FORMS)[:5]) for at in range(1, 28)}
    if not name.startswith(ILLICIT_CROPS):
        ratings |= dict.fromkeys(range(11, 16), "Not applicable")
    text = _rated(PERU, ratings, name)
    for row in TABLES["institution-names"]:
        if row["key"].startswith("PER/"):
            acronym = row["printed"].isupper()
            text = text.replace(
                row["printed"], f"{code}{row['printed'][:3]}" if acronym else f"{row['printed']} {code}"
            )
    text = text.replace("Peruvian", "National").replace("Peru", name)
    cover = f"{name}\n\nMADE UP BY A BENCHMARK"
    return text.replace(name, cover, 1).replace("doc.2148/14 Add.26", f"doc.0000/14 Add.{number}")


def _rated(text: str, ratings: dict[int, str], name: str) -> str:
    """Peru's text with other ratings in chapters, conclusions and table; no findings where one does not apply."""
    for number, rating in ratings.items():
        chapter = rf"(RECOMMENDATION {number}\n\n.*?\n\nEvaluation: )[^\n]+(\n\n.*?)(?=\n\n\n|\Z)"
        excused = f"\n\nThis recommendation does not apply to {name}, since it has no significant illicit crops."
        said = excused if rating == "Not applicable" else r"\2"
        text = re.sub(chapter, rf"\g<1>{rating}{said}", text, count=1, flags=re.DOTALL)
        text = re.sub(rf"(?m)^({number}\t[^\t]+\t)[A-Z ]+$", rf"\g<1>{rating.upper()}", text)
    counts = Counter(ratings.values())
    tally = ", ".join(f"{_number(counts[rating])} {FORMS[rating]}" for rating in FORMS if counts[rating])
    return re.sub(r"Peru has completed 16,[^.]+\.", f"Peru has {tally}.", text)


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def write_reports(folder: Path) -> None:
    """All reports as files, text or PDF."""
    spec = importlib.util.spec_from_file_location("printing", resources.CHECKOUT / "tests" / "printing.py")
    assert spec is not None
    assert spec.loader is not None
    printing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(printing)
    folder.mkdir()
    for number, (code, name) in enumerate(states(), start=1):
        text = report(code, name, number)
        if number % 3:
            (folder / f"{code}.txt").write_text(text, encoding="utf-8")
        else:
            (folder / f"{code}.pdf").write_bytes(printing.printed(text, "MADE UP BY A BENCHMARK"))


class Run:
    """One command, timed: seconds in all and by step, peak memory of it and its processes, what it printed."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        self.steps: Counter[str] = Counter()
        self.peak = 0.0
        before = _processors()
        start = last = time.perf_counter()
        process = subprocess.Popen(
            [COMMAND, *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        watcher = threading.Thread(target=self._watch, args=(process,))
        watcher.start()
        assert process.stderr is not None
        assert process.stdout is not None
        with process.stderr, process.stdout:
            for line in process.stderr:
                now = time.perf_counter()
                self.steps[line.split()[0].rstrip(":")] += now - last
                last = now
            self.printed = process.stdout.read()
        process.wait()
        watcher.join()
        self.seconds = time.perf_counter() - start
        self.processors = _processors() - before
        self.code = process.returncode

    def _watch(self, process: subprocess.Popen[str]) -> None:
        while process.poll() is None:
            self.peak = max(self.peak, sum(map(_memory, _tree(process.pid))))
            time.sleep(0.2)


def _processors() -> float:
    """Seconds that processors have worked for the commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tree(root: int) -> Iterator[int]:
    """A process and all that come of it."""
    yield root
    try:
        children = Path(f"/proc/{root}/task/{root}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _memory(process: int) -> float:
    """MB of a process, a page that n share counted as 1/n."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024


STEPS = {
    "unchanged": "read the files given; take up what is kept",
    "read": "make what each edition comes to: map, derive, validate, audit",
    "validated": "validate what they share",
    "audited": "gather what audits found",
    "wrote": "describe, sort, write, read back",
    "release": "file, make current",
}


def changed(folder: Path, data: Path) -> Path:
    """One of the reports, as a revision of itself in which a sentence is gone."""
    folder.mkdir()
    source = next(path for path in sorted((data / "reports").glob("*/en-1.txt")))
    text = source.read_text(encoding="utf-8")
    number = re.search(r"Add\.\d+", text)
    assert number is not None
    text = text.replace(number[0], f"{number[0]} Rev.1").replace(
        "The Strategy has a monitoring and evaluation framework.", ""
    )
    (folder / "revised.txt").write_text(text, encoding="utf-8")
    return folder / "revised.txt"


def main() -> None:
    """Print the tables."""
    load = os.getloadavg()[0]
    machine = f"{os.cpu_count()} cores, load {load:.1f} before"
    print(f"Python {platform.python_version()}, {machine}, one run, made-up reports\n")
    with tempfile.TemporaryDirectory() as room:
        data, arrived = Path(room) / "data", Path(room) / "arrived"
        shutil.copytree(resources.data(), data, ignore=shutil.ignore_patterns("reports", "corrections"))
        write_reports(arrived)
        environment = {
            **os.environ,
            "MEM_GRAPH_DATA_DIR": str(data),
            "MEM_GRAPH_RELEASES_DIR": str(Path(room) / "releases"),
        }
        first = Run(["add", "--yes", str(arrived)], environment)
        made = release.current(Path(room) / "releases")
        again = Run(["add", "--yes", str(arrived)], environment)
        revised = Run(["add", "--yes", str(changed(Path(room) / "revised", data))], environment)
        filed = len(list((data / "reports").glob("*/edition.toml")))
        rows = [
            (f"add {filed} reports, nothing kept", first, "at most 90 s, 1,500 MB"),
            ("add them again: nothing changes", again, ""),
            ("add one of them changed", revised, "at most 10 s"),
        ]
        show_table(
            ("command", "exit", "seconds", "of processors", "peak MB", "aim"),
            [
                (what, run.code, f"{run.seconds:.1f}", f"{run.processors:.1f}", f"{run.peak:.0f}", aim)
                for what, run, aim in rows
            ],
        )
        show_table(
            ("step", "first add, s", "one changed, s"),
            [(words, f"{first.steps[step]:.1f}", f"{revised.steps[step]:.1f}") for step, words in STEPS.items()],
        )
        editions = [count for graph, count in made.graphs.items() if "/graph/edition/" in graph]
        show_table(
            ("what", "how much"),
            [
                ("editions", f"{len(editions)}"),
                ("triples of an edition, mean", f"{sum(editions) / len(editions):,.0f}"),
                ("quads of the release", f"{sum(made.graphs.values()):,}"),
                ("bytes of data.nq", f"{made.files[release.DATA]:,}"),
            ],
        )
        for line in first.printed.splitlines():
            if "refused" in line:
                print(line)


if __name__ == "__main__":
    main()
