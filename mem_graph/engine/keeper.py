"""The keeper: a process of its own that loads the data once and forks workers from its memory; and the workers.

`engine.workers` starts it as ``python -m mem_graph.engine.keeper``, with one end of a socket as standard input. It is
never forked from the server, which has threads; it has one thread itself, and so may fork. It is told what to load,
says what it has loaded, and from then on follows one kind of order: put a worker at this place, with this socket.
Whoever had the place is ended first. When the server goes, however it goes, the socket ends, and with it the keeper;
the kernel ends the workers when the keeper is gone.

A worker reads one query after the other from its socket. It holds nothing else, no file and no other socket, and it can
open none; its memory is bounded; a write to a file, a core dump, a new process are refused by the kernel.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import signal
import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, NoReturn

from mem_graph.engine import guard, media_types, wire
from mem_graph.engine.bounds import Bounds
from mem_graph.engine.guard import Limits
from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.engine.wire import Frame, Kind
from mem_graph.errors import MemGraphError
from mem_graph.outcomes import SparqlRequest

ORDER = struct.Struct(">HbQ")
"""An order for a worker: its place, its niceness, the bytes of memory it may take. Its socket comes with it."""

DONE = struct.Struct(">hI")
"""What has become of it: how the last one there ended (`NOBODY`, else a code, or a signal below 0), and the new one."""

NOBODY = 0x7FFF
OUT_OF_MEMORY = 9
"""The exit code of a worker that could not have the memory it asked for."""

GROWN = 64_000_000
"""A worker that has grown by more than this says so, and is replaced by a new one, which is small again."""

LONGEST = 1 << 30
"""Bytes of the longest message from the server, which has checked what it sends."""

PR_SET_PDEATHSIG = 1
STATM = Path("/proc/self/statm")
"""Where Linux says how many pages of memory a process has, and how many of them are in memory now."""


class Work(NamedTuple):
    """What a worker works with: the data, and how large a query may be."""

    store: EmbeddedStore
    limits: Limits


def main() -> None:
    """Load, report, then fork workers until the server is gone."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)  # the server decides when it is over
    with socket.socket(fileno=0) as control, suppress(OSError, EOFError):
        plan = wire.receive(control, LONGEST).body
        try:
            work = _by_another_thread(plan)
        except (MemGraphError, OSError) as error:
            wire.send(control, wire.pack_error(error))
            return
        report = {"graphs": dict(work.store.graphs()), "memory": resident()}
        wire.send(control, Frame(Kind.ANSWER, json.dumps(report).encode()))
        _keep(control, work)


def _by_another_thread(plan: bytes) -> Work:
    """What the server wants, loaded by a thread that is over before anything is forked.

    The engine makes random numbers, and with them blank nodes and UUIDs, from a state of the thread: if this one had
    any, all workers would go on from it and give the same ones.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_loaded, plan).result()


def _loaded(plan: bytes) -> Work:
    """What the server wants."""
    wanted = json.loads(plan)
    files = [(Path(path), media_type) for path, media_type in wanted["files"]]
    store = EmbeddedStore.load(files, wanted["union"], Bounds(*wanted["bounds"]), wanted["rewrite"])
    _warm(store)
    return Work(store, Limits(*wanted["limits"]))


def _warm(store: EmbeddedStore) -> None:
    """Answer once in every format and refuse once: what is imported late cannot be imported by a worker."""
    for text, formats in (("SELECT * {}", media_types.RESULTS), ("CONSTRUCT WHERE {}", media_types.GRAPHS)):
        for each in formats:
            if each is not media_types.HTML:
                store.query(SparqlRequest(text), each.media_type)
    with suppress(MemGraphError):
        store.query(SparqlRequest("SELECT * { ?s a nowhere:x }", form="SELECT"), media_types.JSON.media_type)
    gc.collect()
    gc.freeze()  # a worker that collects does not touch, and so not copy, what it has from here


def resident() -> int:
    """The bytes of memory this process holds."""
    with suppress(OSError):
        return int(STATM.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _keep(control: socket.socket, work: Work) -> None:
    """Follow orders; raises EOFError when the server has gone."""
    workers: dict[int, int] = {}
    try:
        while True:
            place, niceness, memory, channel = _next_order(control)
            ended = _end(workers.pop(place, None))
            with channel, suppress(OSError):
                workers[place] = _fork(work, channel, niceness, memory)
            control.sendall(DONE.pack(ended, workers.get(place, 0)))
    finally:
        for pid in workers.values():
            _end(pid)


def _next_order(control: socket.socket) -> tuple[int, int, int, socket.socket]:
    message, handles, _, _ = socket.recv_fds(control, ORDER.size, 1)
    if len(message) != ORDER.size or len(handles) != 1:
        raise EOFError("no order")
    place, niceness, memory = ORDER.unpack(message)
    return place, niceness, memory, socket.socket(fileno=handles[0])


def _end(pid: int | None) -> int:
    """End a worker, if it has not ended, and say how it did."""
    if pid is None:
        return NOBODY
    found, status = os.waitpid(pid, os.WNOHANG)
    if not found:
        os.kill(pid, signal.SIGKILL)  # a child not waited for keeps its number: this is nobody else
        _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _fork(work: Work, channel: socket.socket, niceness: int, memory: int) -> int:
    keeper = os.getpid()
    pid = os.fork()
    if pid == 0:
        _work(work, channel, niceness, memory, keeper)
    return pid


def _work(work: Work, channel: socket.socket, niceness: int, memory: int, keeper: int) -> NoReturn:
    """The life of a worker."""
    code = 1
    try:
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")  # where memory is short, a worker goes first
        os.nice(niceness)
        own = _left_alone(channel)
        _tie_to(keeper)
        _confine(memory)
        _serve(work, own)
    except (EOFError, OSError):
        code = 0
    except MemoryError:
        code = OUT_OF_MEMORY
    finally:
        os._exit(code)


def _left_alone(channel: socket.socket) -> socket.socket:
    """Close everything but the channel, which becomes standard input; output goes nowhere."""
    os.dup2(channel.fileno(), 0)
    os.dup2(1, 2)  # the keeper's output goes nowhere already
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    return socket.socket(fileno=0)


_LIBC = ctypes.CDLL(None)


def _tie_to(keeper: int) -> None:
    """Have the kernel end this process when the keeper ends."""
    tie_to_parent()
    if os.getppid() != keeper:
        raise EOFError("the keeper has gone")


def tie_to_parent() -> None:
    """Have the kernel end this process when the one that has started it ends."""
    if hasattr(_LIBC, "prctl"):
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _confine(memory: int) -> None:
    """Give up what a query never needs. Memory is counted as address space above what was there at the fork."""
    if STATM.exists():
        there = int(STATM.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (there + memory, there + memory))
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE):
        resource.setrlimit(kind, (0, 0))


def _serve(work: Work, channel: socket.socket) -> NoReturn:
    """Answer until the server has gone, which raises EOFError."""
    before = _peak()
    while True:
        frame = _answer(work, wire.receive(channel, LONGEST).body)
        wire.send(channel, frame._replace(spent=_peak() - before > GROWN))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _answer(work: Work, body: bytes) -> Frame:
    """The frame that answers a request; MemoryError ends the worker."""
    try:
        request, media_type = wire.unpack_request(body)
        if not request.checked:
            request = guard.check(request, work.store.graphs(), work.limits)
        return Frame(Kind.ANSWER, work.store.query(request, media_type).body)
    except MemoryError:
        raise
    except Exception as error:
        return wire.pack_error(error)


if __name__ == "__main__":
    main()
