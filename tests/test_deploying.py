"""docs/deploying.md as it is written: its settings, its unit, its commands, and nginx in front, below a sub-path."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest
from SPARQLWrapper import JSON, POST, SPARQLWrapper

from mem_graph.graph import release
from mem_graph.settings import Settings

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PAGE = (ROOT / "docs" / "deploying.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
PUBLIC = "https://example.org/mem/"


def blocks(kind, holding):
    found = [text for name, text in BLOCKS if name == kind and holding in text]
    assert len(found) == 1
    return found[0]


def clean(**more):
    given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
    return given | more


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# Settings and unit


def test_the_settings_of_the_page_are_settings():
    lines = dict(line.split("=", 1) for line in blocks("", "MEM_GRAPH_RELEASES_DIR=").splitlines())
    settings = Settings.read(lines)
    assert (settings.public_url, settings.proxies, settings.rate) == (PUBLIC, 1, 600)


@pytest.mark.suite(name="systemd unit of docs/deploying.md", needs="systemd", cases=1)
def test_systemd_has_nothing_to_say_against_the_unit(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd did not run (1 case): systemd-analyze is not here")
    unit = tmp_path / "mem-graph.service"
    unit.write_text(blocks("ini", "[Unit]").replace("/opt/mem-graph/venv/bin/mem-graph", str(BIN / "mem-graph")))
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False, timeout=60)
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "mem-graph.service" in line]
    assert ours == []
    assert "mem-graph serve" in unit.read_text()


# Commands


def test_the_commands_of_the_page_do_what_it_says(built, tmp_path):
    """A second release, a look at what has changed, the way back, pruning, and a copy that is verified."""
    folder = tmp_path / "releases"
    shutil.copytree(built, folder, symlinks=True)
    first = release.current(folder)
    commands = re.findall(r"^mem-graph (?:releases|build).*?(?=\s+#|$)", PAGE, re.MULTILINE)
    assert commands == [
        "mem-graph build",
        "mem-graph releases diff DIGEST",
        "mem-graph releases list",
        "mem-graph releases roll-back",
        "mem-graph releases roll-back DIGEST",
        "mem-graph releases prune --keep 5",
        "mem-graph releases verify",
        "mem-graph releases verify --releases-dir backup",
    ]
    with release.writing(folder):
        lines = (folder / first.digest / release.DATA).read_bytes().splitlines(keepends=True)
        second = release.write(
            folder, {release.DATA: b"".join(lines[:-1])}, {"version": "2", "identity_base": first.identity_base}
        )
        release.switch(folder, second)
    said = {}
    for command in commands[1:]:
        words = command.replace("DIGEST", first.digest[:12]).split()
        if "backup" in words:
            shutil.copytree(folder, tmp_path / "backup", symlinks=True)
        done = subprocess.run(
            [BIN / words[0], *words[1:]],
            env=clean(MEM_GRAPH_RELEASES_DIR=str(folder)),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, (command, done.stderr)
        said[command] = done.stdout
    assert said["mem-graph releases diff DIGEST"]
    assert {first.digest[:12], second.digest[:12]} <= set(said["mem-graph releases list"].split())
    assert release.pointed(folder) == first.digest
    assert said["mem-graph releases verify --releases-dir backup"].count("as recorded") == 2


# nginx


@pytest.fixture(scope="module")
def service(built):
    """The server as the page has it started: behind one proxy, known by another address."""
    port = free_port()
    lines = dict(line.split("=", 1) for line in blocks("", "MEM_GRAPH_RELEASES_DIR=").splitlines())
    given = clean(**{**lines, "MEM_GRAPH_RELEASES_DIR": str(built), "MEM_GRAPH_PORT": str(port)})
    server = subprocess.Popen([BIN / "mem-graph", "serve"], env=given, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, "/ready")
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def front(service, nginx, tmp_path_factory):
    """The port of an nginx with the lines of the page, without TLS, and with ports that are free here."""
    port = free_port()
    lines = blocks("nginx", "upstream").replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    lines = re.sub("ssl_certificate.*;", "", lines.replace("127.0.0.1:8000", f"127.0.0.1:{service}"))
    with nginx(tmp_path_factory.mktemp("nginx"), lines, 9):
        wait_for(port, "/mem/health")
        yield port


def wait_for(port, path):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if asked(port, path).status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"no answer at {path}")


def asked(port, path, method="GET", body=None, **headers):
    """An answer with its ``body`` read."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        response.body = response.read()
        return response
    finally:
        connection.close()


SUITE = pytest.mark.suite(name="nginx in front, as in docs/deploying.md", needs="nginx", cases=9)
ASK = "/mem/sparql?query=" + quote("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g")


@SUITE
def test_a_query_is_answered_below_the_sub_path_as_it_is_without_nginx(front, service):
    here, there = asked(front, ASK), asked(service, ASK.removeprefix("/mem"))
    assert (here.status, here.body) == (200, there.body)
    for name in ("ETag", "X-MEM-Release", "Vary", "Cache-Control", "Access-Control-Allow-Origin"):
        assert here.headers[name] == there.headers[name] is not None


@SUITE
def test_a_client_has_its_copy_confirmed_and_its_coding(front):
    coded = asked(front, ASK, Accept_Encoding="gzip")
    assert coded.headers["Content-Encoding"] == "gzip"
    again = asked(front, ASK, Accept_Encoding="gzip", If_None_Match=coded.headers["ETag"])
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", coded.headers["ETag"])


@SUITE
def test_every_link_of_a_page_stays_below_the_sub_path(front):
    for path in ("/mem/", "/mem/sparql", "/mem/nothing-here", ASK):
        page = asked(front, path, Accept="text/html", Host="evil.example").body.decode()
        links = re.findall('(?:href|action|src)="([^"#?]+)', page)
        assert links
        own = [link for link in links if not link.startswith(("http", "mailto:"))]
        assert all(link.startswith("/mem/") for link in own), own
        assert "evil" not in page
        assert asked(front, next(link for link in own if link.endswith(".css"))).status == 200


@SUITE
def test_descriptions_and_errors_have_the_public_address(front):
    described = asked(front, "/mem/sparql", Accept="text/turtle").body.decode()
    assert f"<{PUBLIC}sparql>" in described
    assert "127.0.0.1" not in described
    void = asked(front, "/mem/.well-known/void").body.decode()
    assert f"<{PUBLIC}dump/data.nq>" in void
    assert json.loads(asked(front, "/mem/sparql?query=x").body)["type"] == f"{PUBLIC}errors#bad-request"


@SUITE
def test_sparqlwrapper_asks_through_it(front):
    client = SPARQLWrapper(f"http://127.0.0.1:{front}/mem/sparql", returnFormat=JSON)
    client.setMethod(POST)
    client.setTimeout(20)
    client.setQuery("SELECT * { ?s ?p ?o } LIMIT 3")
    assert len(client.queryAndConvert()["results"]["bindings"]) == 3


@SUITE
def test_a_long_query_passes_by_post_and_a_long_address_up_to_its_limit(front):
    long = "ASK {} #" + "x" * 15_000
    assert asked(front, f"/mem/sparql?query={quote(long)}").status == 200
    assert asked(front, f"/mem/sparql?query={quote(long)}" + "y" * 2000).status == 414
    form = {"Content-Type": "application/sparql-query"}
    assert asked(front, "/mem/sparql", "POST", b"ASK {} #" + b"x" * 900_000, **form).status == 200
    assert asked(front, "/mem/sparql", "POST", b"x" * 11_000_000, **form).status == 413


@SUITE
def test_a_client_has_the_address_that_nginx_has_seen(front):
    """Our limit counts nginx's clients, not nginx, and not what they say of themselves."""
    codes = []
    for number in range(700):
        answer = asked(front, f"/mem/sparql?query=ASK%7B%7D%23{number}", X_Forwarded_For=f"192.0.2.{number % 250}")
        codes.append(answer.status)
        if answer.status == 429:
            break
    assert codes[-1] == 429
    assert int(answer.headers["Retry-After"]) >= 1


@SUITE
def test_what_is_for_the_operator_is_not_for_everybody(front, service):
    assert [asked(front, path).status for path in ("/mem/metrics", "/mem/ready", "/sparql")] == [403, 403, 404]
    assert [asked(service, path).status for path in ("/metrics", "/ready")] == [200, 200]


@SUITE
def test_a_slow_body_reaches_the_server_only_when_it_is_whole(front, service):
    head = "POST /mem/sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    before = requests(service)
    with socket.create_connection(("127.0.0.1", front), timeout=5) as slow:
        slow.sendall(head.encode() + b"Content-Length: 1000\r\n\r\nASK")
        time.sleep(0.3)
    assert requests(service) == before


def requests(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        lines = response.read().decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if 'requests_total{route="sparql"' in line)
