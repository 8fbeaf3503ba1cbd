"""Servers to measure: ours, those of others that are found here, and granian with nothing behind it.

Each is a process on loopback that holds the same N-Quads, asked with all of its graphs as one.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError

from mem_graph.graph import release

ROOT = Path(__file__).parents[1]
OURS = Path(sys.executable).with_name("mem-graph")
PLACE = ROOT / ".venv-bench" / "bin"
SAID = "answer.json"
"""Head and body of one of our answers, in the folder of the data."""

PATIENCE = 120
"""Seconds that a server may take to start."""


@dataclass(frozen=True)
class Peer:
    """A server: its name, the command for a port and a folder, the path of its endpoint, what loads the data."""

    name: str
    command: Callable[[int, Path], Sequence[str | Path]]
    path: str = "/sparql"
    load: Callable[[int, Path], None] | None = None
    there: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class Running:
    """A server that runs: where it is asked, its process, and the seconds until its first answer."""

    name: str
    endpoint: str
    pid: int
    first: float


def mem_graph(port: int, folder: Path) -> Sequence[str | Path]:
    """Our server over a release of the data, with its defaults."""
    releases = folder / "releases"
    if not releases.exists():
        releases.mkdir()
        facts = {"version": "0.1.0", "identity_base": "https://w3id.org/mem-graph/"}
        made = release.write(releases, {release.DATA: (folder / "data.nq").read_bytes()}, facts)
        release.switch(releases, made)
    return [OURS, "serve", "--releases-dir", releases, "--port", str(port)]


def oxigraph(port: int, _: Path) -> Sequence[str | Path]:
    """The Oxigraph server, in memory."""
    return [PLACE / "oxigraph", "serve", "--bind", f"127.0.0.1:{port}", "--union-default-graph"]


def put(port: int, folder: Path) -> None:
    """Send it the data."""
    body = (folder / "data.nq").read_bytes()
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/store", body, {"Content-Type": "application/n-quads"})
    urllib.request.urlopen(asked, timeout=PATIENCE).close()


def rdflib_endpoint(port: int, folder: Path) -> Sequence[str | Path]:
    """rdflib-endpoint, with the store it has by default."""
    command = [PLACE / "rdflib-endpoint", "serve", "--host", "127.0.0.1", "--port", str(port)]
    return [*command, folder / "data.nq"]


VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
TransactionFile = virtuoso.trx
ErrorLogFile = virtuoso.log
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{control}
DirsAllowed = .
NumberOfBuffers = 60000
MaxDirtyBuffers = 40000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 30
HTTPThreadSize = 4000000
[SPARQL]
ResultSetMaxRows = 100000
"""


def virtuoso(port: int, folder: Path) -> Sequence[str | Path]:
    """Virtuoso, as Debian has it."""
    place = folder / "virtuoso"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    shutil.copy(folder / "data.nq", place)
    (place / "virtuoso.ini").write_text(VIRTUOSO.format(control=port + 1, port=port))
    return ["sh", "-c", 'cd "$0" && exec virtuoso-t +configfile virtuoso.ini +foreground', place]


def bulk_load(port: int, folder: Path) -> None:
    """Have it read the data."""
    say = "ld_dir('.', 'data.nq', 'http://example.org/'); rdf_loader_run(); checkpoint;"
    command = ["isql-vt", f"127.0.0.1:{port + 1}", "dba", "dba", f"exec={say}"]
    until = time.monotonic() + PATIENCE
    while subprocess.run(command, capture_output=True, check=False).returncode and time.monotonic() < until:
        time.sleep(0.1)


RAW = """
import json, sys
from granian import Granian
from granian.constants import HTTPModes, Interfaces
head, body = json.load(open(sys.argv[2])) if sys.argv[2:] else [[["Content-Type", "text/plain"]], 300 * "x"]
HEADERS, BODY = [tuple(each) for each in head if each[0].lower() != "content-length"], body.encode()
HEADERS.append(("Content-Length", str(len(BODY))))
def load():
    def answer(environ, start):
        start("200 OK", HEADERS)
        return [BODY]
    return answer
Granian("raw", port=int(sys.argv[1]), interface=Interfaces.WSGI, http=HTTPModes.http1, websockets=False,
        blocking_threads=256, backpressure=256, log_enabled=False).serve(target_loader=load, wrap_loader=False)
"""


def raw_wsgi(port: int, _: Path) -> Sequence[str | Path]:
    """granian over an application that says the same 300 bytes to everybody: the limit for anything in its place."""
    return [sys.executable, "-c", RAW, str(port)]


def raw_answer(port: int, folder: Path) -> Sequence[str | Path]:
    """The same over an application that says to everybody, byte for byte, what ours has answered to one question."""
    return [*raw_wsgi(port, folder), folder / SAID]


def keep_answer(endpoint: str, question: str, accept: str, folder: Path) -> None:
    """Put head and body of an answer where `raw_answer` finds them."""
    asked = urllib.request.Request(f"{endpoint}?query={question}", headers={"Accept": accept})
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        head = [each for each in answer.headers.items() if each[0].lower() not in ("connection", "date")]
        (folder / SAID).write_text(json.dumps([head, answer.read().decode()]))


def waitress(port: int, folder: Path) -> Sequence[str | Path]:
    """Our server with its fallback."""
    return [*mem_graph(port, folder), "--server", "waitress"]


PEERS = (
    Peer("mem-graph", mem_graph),
    Peer("mem-graph, waitress", waitress),
    Peer("raw WSGI", raw_wsgi),
    Peer("raw WSGI, our answer", raw_answer),
    Peer("Oxigraph server", oxigraph, "/query", put, (PLACE / "oxigraph").exists),
    Peer("rdflib-endpoint", rdflib_endpoint, "/", None, (PLACE / "rdflib-endpoint").exists),
    Peer("Virtuoso 7", virtuoso, "/sparql", bulk_load, lambda: shutil.which("virtuoso-t") is not None),
)


@contextmanager
def running(peer: Peer, folder: Path, question: str) -> Iterator[Running]:
    """A server that has the data and has answered a first question."""
    port, command = free_port(), peer.command
    words = command(port, folder)
    began = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if peer.load is not None:
            wait(f"http://127.0.0.1:{port}{peer.path}?query=ASK%7B%7D")
            peer.load(port, folder)
        endpoint = f"http://127.0.0.1:{port}{peer.path}"
        wait(f"{endpoint}?query={question}")
        yield Running(peer.name, endpoint, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port that is free, and the next one too."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def wait(address: str) -> None:
    """Ask until there is an answer."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            return urllib.request.urlopen(address, timeout=PATIENCE).close()
        except HTTPError as error:
            error.close()
        except OSError:
            pass
        time.sleep(0.01)
    raise TimeoutError(address)


def memory(pid: int) -> float:
    """The MB that a process and all below it take, what they share counted once (PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    own = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return own + sum(memory(int(each)) for each in below)
