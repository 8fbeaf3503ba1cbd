"""Our server beside those of others, over HTTP: answers a second as ratios, from one interleaved run.

Every server holds the same made-up reports (85,000 quads). Each case is measured on one server after the other, all of
them several times over; what is printed are medians. wrk asks. A *hit* asks the same again; a *miss* asks what nobody
has asked before: the same query with another comment. `make bench-http` prints the tables; docs/performance.md holds
some that were printed.
"""

from __future__ import annotations

import json
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote

from peers import PEERS, Running, keep_answer, memory, running

from mem_graph.terminal import show_table

OURS = "mem-graph"
ROUNDS, SECONDS, STARTS = 5, 2, 3
ACCEPT = "application/sparql-results+json, text/turtle;q=0.9"

# Data

WORDS = ("the", "country", "has", "does", "not", "control", "border", "register", "treaty", "drug", "law", "plan")


def quads(reports: int = 34) -> str:
    """Made-up reports of about 2,500 quads each, the same each time."""
    chance = random.Random(7)
    lines = []
    for report in range(reports):
        graph = f"<{BASE}graph/{report}>"

        def say(subject: str, predicate: str, value: str, graph: str = graph) -> None:
            lines.append(f"<{BASE}{subject}> <{MEM}{predicate}> {value} {graph} .\n")

        say(f"report/{report}", "country", f'"Country {report}"')
        for number in range(1, 28):
            rating = chance.randrange(5)
            say(f"a/{report}/{number}", "report", f"<{BASE}report/{report}>")
            say(f"a/{report}/{number}", "number", f'"{number}"^^<{XSD}integer>')
            say(f"a/{report}/{number}", "rating", f"<{BASE}rating/{rating}>")
            say(f"a/{report}/{number}", "next", f"<{BASE}a/{report}/{number % 27 + 1}>")
            for place in range(14):
                finding = f"f/{report}/{number}/{place}"
                say(f"a/{report}/{number}", "finding", f"<{BASE}{finding}>")
                say(finding, "kind", f"<{BASE}kind/{chance.randrange(40)}>")
                say(finding, "polarity", '"achievement"' if chance.random() < 0.6 else '"deficiency"')
                say(finding, "treaty", f"<{BASE}treaty/{chance.randrange(15)}>")
                say(finding, "start", f'"{chance.randrange(46000)}"^^<{XSD}integer>')
                text = " ".join(chance.choice(WORDS) for _ in range(24))
                say(finding, "quote", f'"{text}"@en')
                if place % 3 == 0:
                    say(finding, "state", f"<{BASE}state/{chance.randrange(35)}>")
    return "".join(lines)


BASE, MEM, XSD = "http://example.org/", "http://example.org/mem#", "http://www.w3.org/2001/XMLSchema#"
PREFIXES = f"PREFIX : <{MEM}> PREFIX e: <{BASE}> "
LIGHT = (
    "SELECT ?rating ?kind ?polarity { ?a :report <http://example.org/report/7> ; :number 24 ; :rating ?rating ; "
    ":finding ?f . ?f :kind ?kind ; :polarity ?polarity }"
)
"""One small look-up, for which the engine takes 0.1 ms: what one report says to one recommendation."""
HEAVY = "SELECT ?finding ?quote { ?a :number 24 ; :finding ?finding . ?finding :quote ?quote }"
MIX = (
    LIGHT,
    HEAVY,
    "SELECT ?n ?r { ?a :report <http://example.org/report/3> ; :number ?n ; :rating ?r } ORDER BY ?n",
    "SELECT ?r (COUNT(*) AS ?n) { ?a :rating ?r } GROUP BY ?r",
    "SELECT ?n (COUNT(DISTINCT ?f) AS ?gaps) { ?a :number ?n ; :finding ?f . ?f :polarity 'deficiency' } GROUP BY ?n",
    "SELECT ?a ?f { ?a :finding ?f . ?f :kind <http://example.org/kind/7> ; :polarity 'deficiency' }",
    "SELECT DISTINCT ?country { ?a :report/:country ?country ; :finding/:treaty <http://example.org/treaty/3> }",
    "SELECT ?b { <http://example.org/a/5/1> :next+ ?b }",
    "SELECT ?a { ?a :number 12 MINUS { ?a :finding/:kind <http://example.org/kind/3> } }",
    "SELECT ?f { ?f :quote ?q FILTER(CONTAINS(?q, 'treaty treaty treaty')) }",
    "SELECT ?s (COUNT(*) AS ?n) { ?f :state ?s } GROUP BY ?s ORDER BY DESC(?n) LIMIT 10",
    "SELECT ?f ?start { ?f :start ?start FILTER(?start > 45900) }",
    "ASK { ?f :treaty <http://example.org/treaty/14> ; :polarity 'deficiency' }",
    "DESCRIBE <http://example.org/a/9/9>",
    "CONSTRUCT { ?a :has ?k } WHERE { ?a :report <http://example.org/report/8> ; :finding/:kind ?k }",
)


# Measuring


class Case(NamedTuple):
    """What is asked, by how many at once, and whether it was asked before."""

    name: str
    queries: Sequence[str]
    clients: int
    fresh: bool


CASES = (
    Case("light hit, c=1", [LIGHT], 1, False),
    Case("light hit, c=16", [LIGHT], 16, False),
    Case("heavy hit, c=1", [HEAVY], 1, False),
    Case("heavy hit, c=16", [HEAVY], 16, False),
    Case("light miss, c=1", [LIGHT], 1, True),
    Case("light miss, c=16", [LIGHT], 16, True),
    Case("heavy miss, c=1", [HEAVY], 1, True),
    Case("heavy miss, c=16", [HEAVY], 16, True),
    Case("mix of 15, misses, c=16", MIX, 16, True),
)

FLOORS: Mapping[tuple[str, str], tuple[float | None, float]] = {
    ("Oxigraph server", "light hit, c=1"): (None, 1.8),
    ("Oxigraph server", "light hit, c=16"): (3, 4),
    ("Oxigraph server", "heavy hit, c=1"): (None, 60),
    ("Oxigraph server", "light miss, c=1"): (0.3, 0.5),
    ("Oxigraph server", "light miss, c=16"): (0.2, 0.5),
    ("Oxigraph server", "heavy miss, c=16"): (None, 1.1),
    ("Oxigraph server", "mix of 15, misses, c=16"): (None, 0.9),
    ("Virtuoso 7", "light hit, c=16"): (10, 20),
    ("Virtuoso 7", "heavy miss, c=1"): (None, 2),
    ("rdflib-endpoint", "light hit, c=16"): (50, 80),
    ("rdflib-endpoint", "light hit, c=1"): (None, 15),
    ("rdflib-endpoint", "light miss, c=1"): (None, 5),
    ("rdflib-endpoint", "heavy miss, c=1"): (None, 25),
    ("raw WSGI", "light hit, c=16"): (0.7, 0.85),
}
"""Of our answers a second by those of another: what must be, and where to go."""


class Burst(NamedTuple):
    """What one burst came to: answers a second, milliseconds at the median and at the 99th of a hundred, faults."""

    rate: float
    p50: float
    p99: float
    faults: int


LUA = """
local queries = { %s }
local seed, count = "", 0
function init(args) seed = args[1] or "" end
function request()
  count = count + 1
  local text = queries[(count - 1) %% #queries + 1]
  if seed ~= "" then text = text .. "%%0A%%23" .. seed .. "-" .. count end
  return wrk.format("GET", wrk.path .. "?query=" .. text)
end
"""
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


def burst(server: Running, case: Case, script: Path) -> Burst:
    """Ask a server for a while."""
    texts = ", ".join(json.dumps(quote(PREFIXES + text)) for text in case.queries)
    script.write_text(LUA % texts)
    seed = f"{time.time_ns():x}" if case.fresh else ""
    command = ["wrk", "-t1", f"-c{case.clients}", f"-d{SECONDS}s", "--latency", "--timeout", "20s", "-s", str(script)]
    command += ["-H", f"Accept: {ACCEPT}", server.endpoint, "--", seed]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    percent = {
        name: float(value) * UNITS[unit] for name, value, unit in re.findall(r"(\d\d)%\s+([\d.]+)(us|ms|s|m)", said)
    }
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    faults = sum(map(int, re.findall(r"(?:Non-2xx or 3xx responses: |timeout )(\d+)", said)))
    return Burst(rate, percent.get("50", 0.0), percent.get("99", 0.0), faults)


def interleaved(servers: Sequence[Running], script: Path) -> dict[tuple[str, str], list[Burst]]:
    """Every case on every server, one after the other, all of it several times: by server and case."""
    found: dict[tuple[str, str], list[Burst]] = defaultdict(list)
    for number in range(ROUNDS):
        for case in CASES:
            for server in servers:
                if server.name.startswith("raw WSGI") and case.queries != [LIGHT]:
                    continue
                found[server.name, case.name].append(burst(server, case, script))
        print(f"round {number + 1} of {ROUNDS} done", file=sys.stderr)
    return found


def answers(server: Running) -> list[str]:
    """How many rows or triples each question of the mix has, as a server says it."""
    found = []
    for text in MIX:
        asked = urllib.request.Request(f"{server.endpoint}?query={quote(PREFIXES + text)}", headers={"Accept": ACCEPT})
        try:
            with urllib.request.urlopen(asked, timeout=120) as response:
                kind, body = response.headers["Content-Type"], response.read()
        except HTTPError as error:
            found.append(f"error {error.code}")
            error.close()
            continue
        document = json.loads(body) if "json" in kind else {}
        found.append(
            str(document["boolean"] if "boolean" in document else len(document["results"]["bindings"]))
            if document
            else "a graph"
        )
    return found


# Tables


def median(bursts: Sequence[Burst]) -> Burst:
    """Each figure's median; the faults of all."""
    rate, p50, p99 = (statistics.median(column) for column in list(zip(*bursts, strict=True))[:3])
    return Burst(rate, p50, p99, sum(each.faults for each in bursts))


def ratio_rows(found: Mapping[tuple[str, str], list[Burst]], names: Sequence[str]) -> Iterator[Sequence[object]]:
    """Our answers a second by those of each other server: the median over rounds of the ratio within one."""
    for name in names:
        for case in CASES:
            theirs, ours = found.get((name, case.name)), found[OURS, case.name]
            if name == OURS or theirs is None:
                continue
            ratios = [a.rate / b.rate for a, b in zip(ours, theirs, strict=True) if b.rate]
            if not ratios:  # it has answered nothing
                continue
            ratio = statistics.median(ratios)
            floor, aim = FLOORS.get((name, case.name), (None, None))
            met = "" if floor is None else "yes" if ratio >= floor else "NO"
            yield name, case.name, f"{ratio:.2f}", floor or "", met, aim or ""


def rate_rows(found: Mapping[tuple[str, str], list[Burst]], names: Sequence[str]) -> Iterator[Sequence[object]]:
    """What each server came to."""
    for case in CASES:
        for name in names:
            if bursts := found.get((name, case.name)):
                each = median(bursts)
                yield case.name, name, f"{each.rate:,.0f}", f"{each.p50:.2f}", f"{each.p99:.2f}", each.faults or ""


def started(folder: Path, question: str) -> dict[str, float]:
    """The median of the seconds from start to first answer, the data being loaded meanwhile."""
    found = defaultdict(list)
    for _ in range(STARTS):
        for peer in PEERS:
            if peer.there():
                with running(peer, folder, question) as server:
                    found[peer.name].append(server.first)
    return {name: statistics.median(seconds) for name, seconds in found.items()}


def main() -> None:
    """Measure and print."""
    if shutil.which("wrk") is None:
        sys.exit("bench-http: wrk is not here; on Debian: make setup-system")
    light = quote(PREFIXES + LIGHT)
    with tempfile.TemporaryDirectory() as room, ExitStack() as stack:
        folder = Path(room)
        data = quads()
        (folder / "data.nq").write_text("".join(sorted(data.splitlines(keepends=True))))
        with running(PEERS[0], folder, light) as ours:
            keep_answer(ours.endpoint, light, ACCEPT, folder)
        first = started(folder, light)
        servers = [stack.enter_context(running(peer, folder, light)) for peer in PEERS if peer.there()]
        fresh = {each.name: memory(each.pid) for each in servers}
        said = {each.name: answers(each) for each in servers if not each.name.startswith("raw WSGI")}
        found = interleaved(servers, folder / "asking.lua")
        names = [each.name for each in servers]
        print(
            f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[1]:.1f} (5 minutes); "
        )
        print(f"{data.count(chr(10)):,} quads; medians of {ROUNDS} interleaved rounds of {SECONDS} s each\n")
        for name, counts in said.items():
            if counts != said[OURS]:
                print(f"{name} answers otherwise: {counts} and not {said[OURS]}")
        absent = [peer.name for peer in PEERS if not peer.there()]
        if absent:
            print(f"not here: {', '.join(absent)}")
        columns = ("mem-graph by", "case", "ratio", "floor", "met", "aim")
        show_table(columns, list(ratio_rows(found, names)))
        columns = ("case", "server", "answers a second", "p50 ms", "p99 ms", "faults")
        show_table(columns, list(rate_rows(found, names)))
        rows = [
            (each.name, f"{first[each.name]:.2f}", f"{fresh[each.name]:.0f}", f"{memory(each.pid):.0f}")
            for each in servers
        ]
        show_table(("server", "first answer, s", "MB then", "MB after all"), rows)


if __name__ == "__main__":
    main()
