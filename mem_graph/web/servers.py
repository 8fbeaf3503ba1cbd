"""The program that takes the connections: granian, or waitress in its place. Both run the same application.

granian is one process with threads, below one that watches over it; the application is made in the former, so that no
thread of it is ever there when a process is forked. A thread for each connection that there may be: no number of slow
clients can hold all of them. The workers of queries are forked elsewhere, by their keeper (`engine.keeper`).
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing.util import Finalize
from typing import Any

from flask import Flask

from mem_graph.engine import keeper
from mem_graph.errors import MemGraphError, SettingsError, Unavailable
from mem_graph.query.own_data import OwnData
from mem_graph.settings import Settings
from mem_graph.web import begin, close, connections, create_app
from mem_graph.web.cache import Application, Environ, Headers, Start
from mem_graph.web.connections import Answering
from mem_graph.wording import Wording

NAME = "mem-graph"
SAID = ("Server", NAME)
"""What the header Server says."""

CONNECTIONS = 256
"""Connections at once; the next ones wait until one of these ends."""

HEAD = 1 << 16
"""Bytes that the head of a request may have."""

FAREWELL = 10
"""Seconds that requests under way have when the server is told to stop."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"errors": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {"handlers": ["errors"], "level": "ERROR", "propagate": False}},
}
"""What becomes of granian's own words: what goes wrong goes where ours go."""


def settled(settings: Settings) -> tuple[Settings, str]:
    """The settings with a port that is free, if any will do, and the address of the host.

    Raises SettingsError for a host that is none of this machine, and for a port that is taken.
    """
    try:
        family, _, _, _, (address, *_) = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, settings.port))
            port = probe.getsockname()[1]
    except socket.gaierror:
        raise SettingsError(setting="host", value=settings.host, allowed="a name or address of this machine") from None
    except OSError as error:
        reason = error.strerror or "cannot be had"
        allowed = f"a port to listen on at {settings.host} ({reason.lower()})"
        raise SettingsError(setting="port", value=str(settings.port), allowed=allowed) from None
    return replace(settings, port=port), str(address)


def run(settings: Settings, address: str, data: OwnData | None) -> None:
    """Serve until told to stop, by SIGTERM or Ctrl-C: the current release, or data of somebody's own."""
    programs = {"granian": _granian, "waitress": _waitress}
    programs[settings.server](settings, address, data)


@contextmanager
def application(settings: Settings, data: OwnData | None) -> Iterator[Flask]:
    """The application over the current release or the data, which are closed with the context."""
    connections.give_back()
    app = create_app(settings, data.open(settings) if data else None)
    begin(app)
    try:
        yield app
    finally:
        close(app)


# waitress


def _waitress(settings: Settings, address: str, data: OwnData | None) -> None:
    from waitress import create_server

    with application(settings, data) as app:
        server = create_server(
            lambda environ, start: connections.held_in_file(app.wsgi_app(environ, start)),
            host=address,
            port=settings.port,
            threads=_threads(settings),
            ident=NAME,
            connection_limit=CONNECTIONS,
            channel_timeout=settings.patience,
            cleanup_interval=min(settings.patience, 30),
            outbuf_overflow=connections.LARGE,
            max_request_header_size=HEAD,
            max_request_body_size=settings.body_limit,
        )
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # as Ctrl-C: what is open is closed
        server.run()


def _threads(settings: Settings) -> int:
    """One for each query that runs or may wait, in either lane, and some for all else; none waits for a client."""
    return settings.workers + 2 * settings.waiting + 8


# granian


def _granian(settings: Settings, address: str, data: OwnData | None) -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    server = Granian(
        NAME,
        address=address,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=int(1000 * settings.patience), max_buffer_size=HEAD),
        websockets=False,
        workers=1,
        blocking_threads=CONNECTIONS,
        backpressure=CONNECTIONS,
        workers_kill_timeout=FAREWELL,
        log_level=LogLevels.error,
        log_dictconfig=LOGGING,
    )
    try:
        server.serve(target_loader=partial(_loaded, settings, data), wrap_loader=False)
    except SystemExit:
        raise Unavailable(what=Wording("unavailable.server"), reason=Wording("unavailable.ended")) from None


def _loaded(settings: Settings, data: OwnData | None) -> Application:
    """The application, made in the process that granian runs it in, and closed when that ends."""
    keeper.tie_to_parent()
    os.setpgid(0, 0)  # Ctrl-C is for the one above, which passes it on: two signals at once would hang granian 2.8
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_DFL)  # until granian takes them
    context = application(settings, data)
    try:
        app = context.__enter__()
    except MemGraphError as error:
        sys.exit(f"{NAME}: {error.code}: {error}")
    Finalize(None, context.__exit__, (None, None, None), exitpriority=0)
    answering = Answering(app.wsgi_app, settings.patience)
    connections.watch(settings.port, answering, settings.patience)
    return _named(answering)


def _named(application: Application) -> Application:
    """The application under our name: granian says its own where none is said."""

    def answer(environ: Environ, start: Start) -> Iterable[bytes]:
        def started(status: str, headers: Headers, *more: Any) -> Any:
            headers.append(SAID)
            return start(status, headers, *more)

        return application(environ, started)

    return answer
