"""Engines to publish to, started here on loopback: the Oxigraph server, and Virtuoso 7 where it is installed."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

BIN = Path(sys.executable).parent

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
DisableUnixSocket = 1
DirsAllowed = .
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 10
HTTPThreadSize = 4000000
[SPARQL]
ResultSetMaxRows = 100001
"""
"""As small as will do, but for the stack of a thread: with its default our longer queries end the server. One row more
than a service gives: a cut is noticed, not passed on.
"""


@dataclass(frozen=True)
class Running:
    """An engine that runs: what the settings say of it, and its process."""

    settings: dict
    process: subprocess.Popen

    @property
    def environment(self):
        given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
        return given | {f"MEM_GRAPH_{name.upper()}": value for name, value in self.settings.items()}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def started(command, address, folder):
    """A process that answers at an address, in time; ended with the context."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(address, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=20)


def wait_for(address, process, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, "it has ended"
        try:
            return urlopen(address, timeout=10).close()
        except HTTPError as error:
            error.close()
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"no answer at {address}")


@contextmanager
def oxigraph(folder):
    program = shutil.which("oxigraph", path=BIN)
    if program is None:
        pytest.skip("the Oxigraph server did not run (all cases): install the test extra (make setup)")
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with started([program, "serve", "--bind", f"127.0.0.1:{port}"], f"{base}/query?query=ASK%7B%7D", folder) as process:
        places = {"engine": f"{base}/query", "engine_update": f"{base}/update", "engine_graph_store": f"{base}/store"}
        yield Running(places, process)


@contextmanager
def virtuoso(folder):
    if shutil.which("virtuoso-t") is None:
        pytest.skip("Virtuoso did not run (all cases): install it (make setup-system)")
    port, control = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(port=port, control=control))
    base = f"http://127.0.0.1:{port}"
    command = ["virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"]
    with started(command, f"{base}/sparql?query=ASK%7B%7D", folder) as process:
        places = {
            "engine": f"{base}/sparql",
            "engine_update": f"{base}/sparql-auth",
            "engine_graph_store": f"{base}/sparql-graph-crud-auth",
            "engine_login": "dba:dba",
        }
        yield Running(places, process)


STARTS = {"oxigraph": oxigraph, "virtuoso": virtuoso}


@pytest.fixture(scope="session")
def start():
    """Start an engine by its name, in a folder of its own: a context."""
    return lambda name, folder: STARTS[name](folder)


def publish(running, releases, *more):
    """`mem-graph publish` as an operator calls it: its exit code, and what it says."""
    command = [BIN / "mem-graph", "publish", "--to", running.settings["engine"], "--releases-dir", releases, *more]
    done = subprocess.run(command, env=running.environment, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="session", name="publish")
def publish_fixture():
    return publish
