"""Clients that stand still, or send what is no request, on both servers: nobody waits for them, and they are let go."""

import re
import socket
import time
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from urllib.parse import quote

import pytest

from mem_graph.web.connections import LARGE, _paced

pytestmark = pytest.mark.alone

PATIENCE = 1.0
MANY = 100
"""More than the threads of waitress; and all of granian's would be held if half of its connections were."""

HALVES = [
    b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 1000\r\n\r\nASK ",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n3e8\r\nASK ",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 200000\r\n\r\nquery=" + b"+" * 150_000,
]
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LONG = "SELECT * { ?s <http://example.org/label> ?o VALUES ?n { " + " ".join(map(str, range(10))) + " } }"
ROWS = 30_000
"""Rows of that: more bytes than the kernel takes in our stead."""


@pytest.fixture(scope="module", params=["granian", "waitress"])
def server(request, serve):
    with serve(server=request.param, patience=PATIENCE, deadline=2.5 * PATIENCE) as found:
        yield found


def connected(stack, server, room=None):
    connection = stack.enter_context(socket.socket())
    if room is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    connection.settimeout(15)
    connection.connect(("127.0.0.1", server.port))
    return connection


def status(server):
    connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request("GET", f"/sparql?query=ASK%7B%7D%23{time.monotonic_ns()}")
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def received(connection):
    """All that comes until the connection ends, in whatever way."""
    found = b""
    with suppress(ConnectionError):
        while more := connection.recv(1 << 16):
            found += more
    return found


def answered(connection):
    """One answer, head and body, however long the connection stays open behind it."""
    found = b""
    with suppress(ConnectionError):
        while not is_whole(found) and (more := connection.recv(1 << 16)):
            found += more
    return found


def is_whole(answer):
    head, end, body = answer.partition(b"\r\n\r\n")
    if b"\r\ntransfer-encoding: chunked" in head.lower():
        return body.endswith(b"0\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head.lower())
    return bool(end) and length is not None and len(body) >= int(length[1])


def test_slow_clients_keep_nobody_waiting_and_are_let_go(server):
    with ExitStack() as stack:
        slow = [connected(stack, server) for _ in range(MANY)]
        for number, each in enumerate(slow):
            each.sendall(HALVES[number % len(HALVES)])
        began = time.monotonic()
        assert [status(server) for _ in range(5)] == [200] * 5
        assert time.monotonic() - began < 2
        answers = [received(each) for each in slow]
        assert time.monotonic() - began < 10 * PATIENCE
    assert not any(answer.startswith(b"HTTP/1.1 200") for answer in answers)


def test_who_waits_for_a_slow_answer_is_not_hung_up_on(server):
    assert server.ask(SLOW) == (503, "time-limit")


def test_who_takes_nothing_keeps_nobody_waiting_takes_no_memory_and_is_let_go(server, family, memory):
    size = len(server.ask(LONG)[1])
    assert size > LARGE
    before = memory([server.pid, *family(server.pid)])
    with ExitStack() as stack:
        readers = [connected(stack, server, room=4096) for _ in range(30)]
        for each in readers:
            each.sendall(f"GET /sparql?query={quote(LONG)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert each.recv(100).startswith(b"HTTP/1.1 200")
        began = time.monotonic()
        assert [status(server) for _ in range(5)] == [200] * 5
        assert time.monotonic() - began < 2
        assert memory([server.pid, *family(server.pid)]) - before < 15 * size, "half of what 30 answers take"
        time.sleep(4 * PATIENCE)
        assert len(received(readers[0])) < size, "what was under way, and no more"


def test_an_answer_that_is_taken_is_whole(server):
    status, body = server.ask(LONG)
    assert (status, body.endswith(b"]}}"), body.count(b'"s":')) == (200, True, ROWS)


def test_a_chunk_too_late_ends_an_answer():
    closed = []

    def trickle():
        try:
            while True:
                time.sleep(0.02)
                yield b"x" * 20
        finally:
            closed.append(True)

    began = time.monotonic()
    assert 100 < len(b"".join(_paced(trickle(), 0.2))) < 2000
    assert time.monotonic() - began < 5
    assert closed == [True]


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /sparql HTTP/1.1\r\nHost: x\r\nX-Bad\x00: 1\r\n\r\n",
        b"GET /sparql?query=\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /sp\r\narql HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nASK{}",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nASK{}",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 99000000\r\n\r\nASK",
        b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
        b"BREW /sparql HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /dump/..%2f..%2f..%2fetc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /sparql%0d%0aX-Injected:%201 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /sparql?query=ASK%7B%7D&format=%0d%0aX-Injected:%201&default-graph-uri=%0d%0aX-Injected HTTP/1.1\r\n\r\n",
    ],
    ids=(
        "nul|bytes|line end|tls|negative|two lengths|coding|body|address|header|method|path|dump|path with lines|"
        "parameters with lines"
    ).split("|"),
)
def test_what_is_no_request_gets_a_clear_answer(server, sent):
    with ExitStack() as stack:
        connection = connected(stack, server)
        with suppress(ConnectionError):  # it may be told before it has said all
            connection.sendall(sent)
        answer = answered(connection)
    assert answer[:9] in (b"HTTP/1.1 ", b"HTTP/1.0 ")
    assert int(answer[9:12]) in (400, 404, 405, 411, 413, 414, 431, 501)
    head = answer.lower().partition(b"\r\n\r\n")[0]
    assert b"\r\nx-injected" not in head
    for word in (b"Traceback", b".py", b"/tmp", b"/home", b"granian", b"waitress", b"Werkzeug", b"Python"):
        assert word not in answer
    assert status(server) == 200


def test_a_request_that_ends_before_its_length_is_not_answered_as_if_it_were_whole(server):
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 20\r\n\r\n"
    with ExitStack() as stack:
        connection = connected(stack, server)
        connection.sendall(head + b"ASK {}")
        connection.shutdown(socket.SHUT_WR)
        assert not received(connection).startswith(b"HTTP/1.1 200")


def test_an_answer_names_neither_the_software_below_nor_a_version(server):
    connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("GET", "/sparql?query=ASK%7B%7D")
    assert connection.getresponse().headers["Server"] == "mem-graph"
    connection.close()
