"""Connections that keep a server waiting: found among the open files of this process, and hung up on.

granian waits for the head of a request no longer than it is told to, but for the rest of a body, and for a client to
take its answer, for ever. A request does not know its connection, so connections are looked at from outside, as the
kernel sees them (Linux, tcp(7): TCP_INFO). One is hung up on where

- nothing has come and nothing has gone for as long as the server is patient, nothing waits for the client to take it,
  and no request is being answered that can have come by it; or
- the kernel finds that the client takes nothing of what is owed to it (TCP_USER_TIMEOUT).

A large answer lies in a file while it is sent, and ends where its client takes less than `SLOWEST`: slow readers take
no memory. Elsewhere than on Linux only that holds.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import logging
import os
import socket
import struct
import sys
import termios
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread, get_ident
from time import monotonic, sleep
from typing import IO, Any, NamedTuple

from mem_graph.web.cache import Application, Environ, Start

LOG = logging.getLogger(__name__)

OPEN_FILES = Path("/proc/self/fd")

LARGE = 1 << 18
"""Bytes of an answer from which on it is sent out of a file."""

CHUNK = 1 << 16
"""Bytes of it that are sent at once."""

SLOWEST = 10_000
"""Bytes a second that the client of a large answer must take, after a while of patience."""

SLACK = 5.0
"""Seconds that may pass between the last byte of a request and the moment when it begins to be answered."""

M_MMAP_THRESHOLD = -3
"""Of glibc's ``malloc.h``: the bytes from which on a piece of memory is one of its own; said once, it stays."""

_LIBC = ctypes.CDLL(None)
_TIMES = struct.Struct("@44xI4xI")
"""Of the kernel's ``struct tcp_info``: the milliseconds since the last data went, and since the last came."""


class Connection(NamedTuple):
    """One connection of this process: who is at its other end, since when it stands still, and the bytes owed to it."""

    client: str
    since: float
    owed: int


class Answering:
    """An application that tells which requests are being answered, and since when; it reads bodies for another one."""

    def __init__(self, application: Application, patience: float) -> None:
        """In: what answers, and the seconds that a client may stand still."""
        self._application, self._patience = application, patience
        self._begun: dict[int, tuple[str, float]] = {}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a request."""
        here, client = get_ident(), str(environ.get("REMOTE_ADDR", ""))
        if length := environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)  # a body that ends before its length is a fault of its client
        if length or "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input"] = _Body(environ["wsgi.input"], self._begun, here, client)
        else:
            self._begun[here] = client, monotonic()
        try:
            answer = self._application(environ, start)
        finally:
            self._begun.pop(here, None)
        answer = held_in_file(answer)
        return answer if isinstance(answer, list) else _paced(answer, self._patience)

    def may_answer(self, connection: Connection) -> bool:
        """Whether a request is being answered that can have come by this connection."""
        since = connection.since
        requests = list(self._begun.values())
        return any(client == connection.client and -1 <= begun - since <= SLACK for client, begun in requests)


class _Body:
    """The body of a request; while it is waited for, the request is not being answered."""

    def __init__(self, body: Any, begun: dict[int, tuple[str, float]], thread: int, client: str) -> None:
        self._body, self._begun, self._thread, self._client = body, begun, thread, client

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or what there is of them."""
        self._begun.pop(self._thread, None)
        found: bytes = self._body.read(size) if size >= 0 else self._body.read()
        self._begun[self._thread] = self._client, monotonic()
        return found


def give_back() -> None:
    """Have the memory of a large answer go back to the system when it is free, in whichever thread it was (mallopt(3)).

    glibc would otherwise keep as much for each thread as the largest answer took there.
    """
    if hasattr(_LIBC, "mallopt"):
        _LIBC.mallopt(M_MMAP_THRESHOLD, LARGE)


def held_in_file(parts: Iterable[bytes]) -> Iterable[bytes]:
    """A large answer in chunks, from a file that has no name: its memory is free before the first one is sent.

    A small one comes back as it is, and so does what is no list.
    """
    if not isinstance(parts, list) or sum(map(len, parts)) < LARGE:
        return parts
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115  # closed with the answer
    file.writelines(parts)
    parts.clear()
    file.seek(0)
    return _chunks(file)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def _paced(chunks: Iterable[bytes], patience: float) -> Iterator[bytes]:
    """The chunks of an answer, until they are taken too slowly; the answer then ends before its length."""
    began, sent = monotonic(), 0
    try:
        for chunk in chunks:
            yield chunk
            sent += len(chunk)
            if sent < SLOWEST * (monotonic() - began - patience):
                LOG.info("hung up on a client that took %d bytes in %.0f s", sent, monotonic() - began)
                return
    finally:
        if close := getattr(chunks, "close", None):
            close()


# The connections of this process


def watch(port: int, answering: Answering, patience: float) -> None:
    """Look at the connections of a port from now on, in a thread of its own."""
    Thread(target=_watch, args=(port, answering, patience), name="connections", daemon=True).start()


def _watch(port: int, answering: Answering, patience: float) -> None:
    while OPEN_FILES.exists():
        sleep(min(1.0, patience / 4))
        try:
            hang_up(port, answering, patience)
        except Exception:
            LOG.exception("the connections could not be looked at")


def hang_up(port: int, answering: Answering, patience: float) -> None:
    """Hang up on every connection of a port that has stood still for so long and waits for no answer."""
    for each in _sockets(port):
        with each:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(2000 * patience))
            found = look(each)
            idle = found is not None and not found.owed and monotonic() - found.since > patience
            if found is not None and idle and not answering.may_answer(found):
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)


def _sockets(port: int) -> Iterator[socket.socket]:
    """The sockets of this process that are bound to a port, each as a duplicate: what it was of may close meanwhile."""
    for name in os.listdir(OPEN_FILES):
        with contextlib.suppress(OSError):
            if not os.readlink(OPEN_FILES / name).startswith("socket:"):
                continue
            found = socket.socket(fileno=os.dup(int(name)))
            if found.family in (socket.AF_INET, socket.AF_INET6) and found.getsockname()[1] == port:
                yield found
            else:
                found.close()


def look(connection: socket.socket) -> Connection | None:
    """What the kernel knows of a connection; None where it is none, but listens, or has gone."""
    try:
        client = connection.getpeername()[0]
        sent, came = _TIMES.unpack(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TIMES.size))
        owed = fcntl.ioctl(connection, termios.TIOCOUTQ, b"\0" * 4)
    except OSError:
        return None
    return Connection(str(client), monotonic() - min(sent, came) / 1000, int.from_bytes(owed, sys.byteorder))
