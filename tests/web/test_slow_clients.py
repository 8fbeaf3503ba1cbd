"""Clients that send their request one byte at a time, or half of it and no more, keep nobody else waiting."""

import socket
import threading
import time
from contextlib import ExitStack
from http.client import HTTPConnection

import pytest
from waitress import create_server

HALVES = [
    b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 1000\r\n\r\nASK ",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\nASK ",
]


@pytest.fixture
def port(app):
    options = {"threads": 2, "channel_timeout": 1, "cleanup_interval": 1}
    server = create_server(app, host="127.0.0.1", port=0, **options)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server.effective_port
    server.pull_trigger()
    for channel in list(server.active_channels.values()):
        channel.will_close = True
    until = time.monotonic() + 10
    while server.active_channels and time.monotonic() < until:
        time.sleep(0.01)
    server.close()
    thread.join(timeout=10)
    server.task_dispatcher.shutdown()


def status(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", f"/sparql?query=ASK%7B%7D%23{time.monotonic_ns()}")
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def test_slow_clients_keep_nobody_waiting_and_are_let_go(port):
    with ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=8)) for _ in range(30)]
        for number, each in enumerate(slow):
            each.sendall(HALVES[number % len(HALVES)])
        began = time.monotonic()
        assert [status(port) for _ in range(5)] == [200] * 5
        assert time.monotonic() - began < 2
        assert slow[0].recv(1000) == b"", "closed after a while of silence"


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
    ],
    ids=["nul", "bytes", "line end", "tls", "negative", "two lengths", "coding"],
)
def test_what_is_no_request_gets_a_clear_4xx_or_501(port, sent):
    with socket.create_connection(("127.0.0.1", port), timeout=8) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer[:10] in (b"HTTP/1.1 4", b"HTTP/1.0 4", b"HTTP/1.0 5", b"HTTP/1.1 5")
    assert int(answer[9:12]) in (400, 404, 411, 413, 431, 501)
    for word in (b"Traceback", b".py", b"/tmp"):
        assert word not in answer
    assert status(port) == 200
