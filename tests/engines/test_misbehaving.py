"""Engines that misbehave, as small servers on loopback: slow, away, out of memory, answering rubbish. Always a 503."""

import json
import re
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode

import pytest

from mem_graph.engine.holdings import EXTENTS, MARK, NOTES, Mark, merged
from mem_graph.engine.remote import Engine
from mem_graph.errors import AnswerLimit, Unavailable
from mem_graph.graph import publishing, release
from mem_graph.query import elsewhere
from mem_graph.settings import Settings
from mem_graph.web import close, create_app

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

DEADLINE = 1.0
BASE = "https://w3id.org/mem-graph/"
JSON = "application/sparql-results+json"
ROW = {"s": {"type": "uri", "value": "http://e/a"}}


def rows(*bindings, names=("s",)):
    return json.dumps({"head": {"vars": list(names)}, "results": {"bindings": bindings}}).encode()


def row(**values):
    return {name: {"type": "literal", "value": value} for name, value in values.items()}


class Misbehaving(BaseHTTPRequestHandler):
    """Holds a release by its own word: mark and book are right. To all else it does what it is told to."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        query = parse_qs(body.decode()).get("query", [""])[0]
        if query == MARK:
            self.say(rows({"mark": {"type": "literal", "value": " ".join(self.server.mark)}}, names=("mark",)))
        elif query == EXTENTS:
            self.say(rows(*self.server.extents, names=("graph", "triples", "signs")))
        elif query == NOTES:
            self.say(rows(*self.server.notes, names=("graph", "checksum", "extent")))
        else:
            self.server.misbehave(self)

    def do_GET(self):
        self.server.misbehave(self)

    def do_PUT(self):
        self.server.misbehave(self)

    def say(self, body, status=200, media_type=JSON, length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def silent(handler):
    handler.server.stop.wait(20)


def slow_head(handler):
    """A header that never ends: each byte comes in time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    trickle(handler)


def slow_body(handler):
    handler.say(b"{", length=1_000_000)
    trickle(handler)


def trickle(handler):
    try:
        while not handler.server.stop.wait(0.1):
            handler.wfile.write(b" ")
            handler.wfile.flush()
    except OSError:
        pass
    handler.close_connection = True


def hangs_up(handler):
    handler.close_connection = True


def breaks_off(handler):
    handler.say(rows(ROW)[:40], length=4000)
    handler.close_connection = True


def out_of_memory(handler):
    handler.say(b"java.lang.OutOfMemoryError at /var/lib/engine/data", 500, "text/plain")


def overloaded(handler):
    handler.say(b"too busy, ask 10.0.0.7", 503, "text/plain")


def locked(handler):
    handler.say(b"", 401, "text/plain", WWW_Authenticate="Basic realm=x")


def a_page(handler):
    handler.say(b"<!doctype html><title>Welcome to nginx</title>", media_type="text/html")


def half_a_document(handler):
    handler.say(rows(ROW)[:-10])


def another_document(handler):
    handler.say(b'{"results": [1, 2, 3], "head": "__ASK_RETVAL"}')


def nothing(handler):
    handler.say(b"")


def not_http(handler):
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    handler.close_connection = True


def of_unknown_length(handler):
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: " + JSON.encode() + b"\r\n\r\n" + rows(ROW))
    handler.close_connection = True


def another_release(handler):
    handler.server.mark = Mark("0" * 64, "other")
    handler.say(rows(ROW))


UNAVAILABLE = (
    hangs_up,
    breaks_off,
    out_of_memory,
    overloaded,
    locked,
    a_page,
    half_a_document,
    another_document,
    nothing,
    not_http,
    of_unknown_length,
)
SLOW = (silent, slow_head, slow_body)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a small release."""
    room = tmp_path_factory.mktemp("small")
    body = "".join(f'<http://e/{n}> <http://e/is> "{n}" <{BASE}graph/shared> .\n' for n in range(5))
    with release.writing(room):
        small = release.write(room, {release.DATA: body.encode()}, {"version": "1", "identity_base": BASE})
        release.switch(room, small)
    return room


@pytest.fixture(scope="module")
def made(folder):
    return release.current(folder)


@contextmanager
def misbehaving(made, how):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving)
    server.daemon_threads = True
    server.misbehave, server.stop, server.mark = how, threading.Event(), Mark(made.digest, "once")
    held = {**made.graphs, merged(made.digest): sum(made.graphs.values())}
    server.extents = [row(graph=graph, triples=str(count), signs="7") for graph, count in held.items()]
    server.notes = [row(graph=graph, checksum=made.digest, extent=f"{count} 7") for graph, count in held.items()]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.stop.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=20)


@contextmanager
def served(folder, address, **more):
    app = create_app(Settings(releases_dir=folder, engine=address, deadline=DEADLINE, cache_bytes=0, **more))
    try:
        yield app.test_client()
    finally:
        close(app)


def ask(client, query="SELECT ?s { ?s a ?c }", **more):
    return client.get(f"/sparql?{urlencode({'query': query, **more})}")


@pytest.mark.parametrize("how", UNAVAILABLE, ids=lambda how: how.__name__)
def test_what_is_no_answer_is_503(folder, made, how):
    """With a code, a word on what to do, and nothing of where the engine is or what it says of itself."""
    with misbehaving(made, how) as (_, address), served(folder, address) as client:
        found = ask(client)
        assert (found.status_code, found.json["code"]) == (503, "unavailable")
        assert found.headers["Retry-After"]
        assert not re.search(r"127\.0\.0\.1:(?!8000/errors)|10\.0\.0\.7|/var/|java|Traceback|nginx", found.text)
        assert client.get("/health").status_code == 200
        assert client.get(f"/graph-store?graph={BASE}graph/shared").status_code == 200


@pytest.mark.parametrize("how", SLOW, ids=lambda how: how.__name__)
def test_the_time_is_over_when_it_is_over(folder, made, how):
    with misbehaving(made, how) as (_, address), served(folder, address) as client:
        began = time.monotonic()
        found = ask(client)
        assert (found.status_code, found.json["code"], found.json["limit"]) == (503, "time-limit", DEADLINE)
        assert time.monotonic() - began < DEADLINE + 2


def test_who_waits_too_long_is_told_before_the_engine_is_asked(folder, made):
    """An engine that never ends holds its places; whoever comes later is told so, and the threads stay few."""
    with misbehaving(made, slow_head) as (_, address), served(folder, address, engine_calls=2, waiting=3) as client:
        before = threading.active_count()
        codes = [ask(client, timeout="0.3").json["code"] for _ in range(4)]
        assert codes == ["time-limit"] * 2 + ["unavailable"] * 2
        assert threading.active_count() - before <= 2 * 2 + 1


def test_another_release_that_is_not_here_is_waited_for_and_then_told_of(folder, made):
    with misbehaving(made, another_release) as (_, address), served(folder, address) as client:
        found = ask(client)
        assert (found.status_code, found.json["code"]) == (503, "exchanged")
        assert found.headers["Retry-After"]


def test_an_answer_that_is_too_large_is_not_read_to_its_end(folder, made):
    def endless(handler):
        handler.say(b"", length=1 << 40)
        try:
            for _ in range(100_000):
                handler.wfile.write(b" " * 65536)
        except OSError:
            handler.server.stop.set()
        handler.close_connection = True

    with misbehaving(made, endless) as (server, address), served(folder, address, answer_limit=2_000_000) as client:
        found = ask(client)
        assert (found.status_code, found.json["code"], found.json["limit"]) == (503, "answer-limit", 2_000_000)
        assert server.stop.wait(20)


def test_a_cut_of_the_engine_is_not_passed_on(folder, made):
    """Virtuoso says in a header that it has left rows out, or has stopped before it was done."""
    for header in ({"X_SPARQL_MaxRows": "10000"}, {"X_SQL_State": "S1TAT"}):
        with (
            misbehaving(made, lambda handler, more=header: handler.say(rows(ROW), **more)) as (_, address),
            served(folder, address) as client,
        ):
            assert ask(client).json["code"] == "answer-limit"


def test_the_words_of_a_refusal_are_told(folder, made):
    def refuses(handler):
        handler.say(b"no such function: <http://e/f>\nat /usr/lib/engine.so", 400, "text/plain")

    with misbehaving(made, refuses) as (_, address), served(folder, address) as client:
        found = ask(client)
        assert (found.status_code, found.json["detail"]) == (400, "no such function: <http://e/f>")


def test_an_engine_that_comes_back_is_asked_again(folder, made):
    with misbehaving(made, hangs_up) as (server, address), served(folder, address) as client:
        assert ask(client).status_code == client.get("/ready").status_code == 503
        server.misbehave = lambda handler: handler.say(rows(ROW))
        found = ask(client)
        assert found.status_code == 200
        assert found.json["results"]["bindings"] == [ROW]


def test_a_server_starts_without_its_engine(folder):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with served(folder, f"http://127.0.0.1:{nobody.getsockname()[1]}/") as client:
            found = ask(client)
            assert (found.status_code, found.json["code"]) == (503, "unavailable")
            assert "the engine that holds it does not answer" in found.json["detail"]
            assert client.get("/health").status_code == 503


@pytest.mark.parametrize("how", [hangs_up, out_of_memory, a_page, breaks_off], ids=lambda how: how.__name__)
def test_nothing_is_published_to_what_does_not_take_it(made, how):
    """The engine says that another release is current; it takes nothing of this one, and nothing is said to be done."""
    with misbehaving(made, how) as (server, address):
        server.mark, server.extents, server.notes, said = Mark("1" * 64, "before"), [], [], []
        with pytest.raises(Unavailable):
            publishing.publish(made, Engine(address, address, address), said.append)
        assert not any("put" in line or "current" in line for line in said)


@pytest.mark.parametrize("how", [out_of_memory, a_page, half_a_document, breaks_off, nothing], ids=lambda h: h.__name__)
def test_the_command_line_says_what_an_endpoint_does(made, how):
    with misbehaving(made, how) as (_, address):
        with pytest.raises(Unavailable) as met:
            elsewhere.answer(address, "SELECT ?s { ?s a ?c }", None, 5)
        assert address in str(met.value)


def test_the_command_line_tells_of_a_cut(made):
    def cut(handler):
        handler.say(rows(ROW), X_SPARQL_MaxRows="1")

    with misbehaving(made, cut) as (_, address), pytest.raises(AnswerLimit):
        elsewhere.answer(address, "SELECT ?s { ?s a ?c }", None, 5)
