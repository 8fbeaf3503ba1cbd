"""Strangers' queries in processes that can be ended: a deadline, a memory limit, and room kept for small queries.

A keeper (`engine.keeper`) holds the data and forks workers; this side, in the server, gives each query to a worker and
watches the clock. A worker over a limit is killed and replaced, and its query alone is lost.

One worker is kept for queries that look small (`engine.lanes`). Where one of them turns out not to be and another one
waits, it is stopped and begun again in the other lane, and its text is remembered. The workers of that lane have a
lower priority, so that the kernel lets small queries pass.
"""

from __future__ import annotations

import json
import resource
import select
import signal
import socket
import subprocess
import sys
import weakref
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from types import MappingProxyType
from typing import Any

from mem_graph.engine import guard, keeper, wire
from mem_graph.engine.lanes import Lane, gate, looks_small
from mem_graph.engine.wire import Frame, Kind
from mem_graph.errors import MemoryLimit, SettingsError, StoreError, TimeLimit, Unavailable
from mem_graph.outcomes import Answer, SparqlRequest
from mem_graph.settings import Settings
from mem_graph.wording import Wording

STEP = 0.05
"""Seconds that a query may hold the small worker while another one waits for it."""

KNOWN = 1000
"""Queries that are remembered because they looked small and were not."""

NICENESS = 5
"""Of workers for large queries: enough for small ones to pass, and not so much that another program starves them."""

SETS = 3
"""Keepers there may be at once: of the current release, of the one before or after it, of one that is kept."""

ANSWERS = 4
"""Answers of the largest size that the server may hold at once; memory is set aside for them."""

OWN = 24_000_000
"""Bytes that a worker takes before it has a query, or keeps after one; those of all sets are set aside."""

BESIDE = 80
"""Bytes for each quad that a server takes beside the data: for the names of things, and for the index of search."""

TOGETHER = 2
"""Releases of which it holds that at once: the current one, and the one before or after it."""

LEAST = 32_000_000
"""Bytes that a worker needs to be of use."""

PATIENCE = 60.0
"""Seconds after which a keeper that does not follow an order is given up."""


class WorkerStore:
    """A store whose queries run in workers; any thread may ask.

    Raises from `query`, besides what an embedded store raises: TimeLimit, MemoryLimit, AnswerLimit; Unavailable where
    too many queries wait, or no worker was free in time.
    """

    def __init__(self, settings: Settings, files: Iterable[tuple[Path, str]]) -> None:
        """In: files with their media types. Raises ParseError, Unavailable; SettingsError where memory is too short."""
        self._deadline = settings.deadline
        self._gate = gate(settings.workers, settings.waiting)
        self._crew = _Crew(settings, files)
        self._known: dict[int, None] = {}
        self._close = weakref.finalize(self, self._crew.close)

    @property
    def lost(self) -> Mapping[str, int]:
        """How many workers have been replaced, by why: the code of an error, ``gave-way``, ``grown``, ``idle``."""
        return dict(self._crew.lost)

    def graphs(self) -> Mapping[str, int]:
        """The number of triples in each named graph, by its IRI."""
        return self._crew.graphs

    def query(self, request: SparqlRequest, media_type: str) -> Answer:
        """The answer to a query; a worker puts one that has not been checked to the guard. The clock runs from here."""
        until = monotonic() + (limit := min(self._deadline, request.timeout or self._deadline))
        task = _Task(wire.pack_request(request, media_type), limit, until)
        if self._looks_small(request.query):
            try:
                return Answer(self._answered(task, small=True), media_type)
            except _GaveWay:
                self._remember(request.query)
        return Answer(self._answered(task, small=False), media_type)

    def _answered(self, task: _Task, small: bool) -> bytes:
        with self._gate.room(small, task.until) as lane, self._crew.worker(lane.small) as worker:
            frame = self._crew.ask(worker, task, lane)
        if frame.kind is Kind.ANSWER:
            return frame.body
        if frame.kind is Kind.REFUSAL:
            raise wire.unpack_error(frame.body)
        raise RuntimeError(frame.body.decode(errors="replace"))

    def _looks_small(self, text: str) -> bool:
        return hash(text) not in self._known and looks_small(text)

    def _remember(self, text: str) -> None:
        self._known[hash(text)] = None
        if len(self._known) > KNOWN:
            self._known.pop(next(iter(self._known)), None)

    def close(self) -> None:
        """End all processes; a query that is still running ends with Unavailable."""
        self._close()


@dataclass(frozen=True, slots=True)
class _Task:
    """A packed request, the seconds it has, and when they are over."""

    body: bytes
    limit: float
    until: float


class _GaveWay(Exception):
    """A query in the lane for small ones was not small, and another one waited."""


# Processes


@dataclass(slots=True, eq=False)
class _Worker:
    """A place for a worker, and the channel to the one that is there."""

    place: int
    small: bool
    channel: socket.socket | None = None

    def fit(self) -> bool:
        """Whether there is one, and it waits for a query: one that has ended can be read to its end."""
        return self.channel is not None and not _readable(self.channel, 0)

    def drop(self) -> None:
        """Let go of the channel."""
        if self.channel is not None:
            self.channel.close()
        self.channel = None


def _readable(channel: socket.socket, seconds: float) -> bool:
    """Whether something comes, or the end, within so many seconds."""
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    return bool(poll.poll(1000 * seconds))


class _Crew:
    """A keeper and its workers. If the keeper is killed, a new one is started when it is missed."""

    def __init__(self, settings: Settings, files: Iterable[tuple[Path, str]]) -> None:
        bounds = (settings.row_limit, settings.answer_limit)
        limits = guard.Limits(settings.query_limit, settings.nesting, settings.nesting)
        plan = {"files": [(str(path.absolute()), kind) for path, kind in files], "bounds": bounds, "limits": limits}
        switches = {"union": settings.default_graph == "union", "rewrite": settings.rewrite == "on"}
        self._plan = json.dumps(plan | switches).encode()
        self._most = max(settings.answer_limit, 1 << 20)  # an error needs some room too
        self._lock = Lock()
        self._closed = False
        self.lost = Counter[str]()
        self._keeper, report = _Keeper.start(self._plan)
        self.graphs: Mapping[str, int] = MappingProxyType(report["graphs"])
        places = [_Worker(place, small=place == 0 < settings.workers - 1) for place in range(settings.workers)]
        self._idle = {small: deque(each for each in places if each.small is small) for small in (True, False)}
        try:
            self.share = _share(settings, report["memory"], sum(self.graphs.values()))
            for each in places:
                self._renew(each)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def worker(self, small: bool) -> Iterator[_Worker]:
        """A worker that is idle: whoever is let in by the gate finds one."""
        worker = self._idle[small].popleft()
        try:
            if not worker.fit():
                self._renew(worker, "idle")
            yield worker
        finally:
            self._idle[small].append(worker)

    def ask(self, worker: _Worker, task: _Task, lane: Lane) -> Frame:
        """What a worker says to a task; one that says nothing, or has grown, is replaced first."""
        try:
            frame = self._reply(worker, task, lane)
        except TimeoutError:
            raise self._loss(worker, TimeLimit(limit=task.limit)) from None
        except (EOFError, ConnectionError):
            raise self._loss(worker) from None
        except BaseException as error:
            self._renew(worker, "gave-way" if isinstance(error, _GaveWay) else "interrupted")
            raise
        if frame.spent:
            self._renew(worker, "grown")
        return frame

    def _reply(self, worker: _Worker, task: _Task, lane: Lane) -> Frame:
        assert worker.channel is not None
        wire.send(worker.channel, Frame(Kind.REQUEST, task.body), task.until)
        while lane.small and not _readable(worker.channel, min(STEP, wire.left(task.until) or STEP)):
            if monotonic() >= task.until:
                raise TimeoutError
            if lane.pressed:
                raise _GaveWay
        return wire.receive(worker.channel, self._most, task.until)

    def _loss(self, worker: _Worker, error: StoreError | None = None) -> StoreError:
        """Replace a worker, and say why it was lost: by the error given, else by how it ended."""
        ended = self._renew(worker)
        error = error or self._reason(ended)
        self.lost[error.code] += 1
        return error

    def _reason(self, ended: int) -> StoreError:
        if ended in (keeper.OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL):  # the engine aborts, the kernel kills
            return MemoryLimit(limit=self.share)
        if ended in (-signal.SIGSEGV, -signal.SIGBUS):  # it went too deep for its stack
            return MemoryLimit(limit=resource.getrlimit(resource.RLIMIT_STACK)[0])
        return Unavailable(what=Wording("unavailable.worker"), reason=Wording("unavailable.ended-outside"))

    def _renew(self, worker: _Worker, why: str | None = None) -> int:
        """Put a new worker at a place, and say how the one before ended; raises Unavailable."""
        worker.drop()
        with self._lock:
            if self._closed:
                raise Unavailable(what=Wording("unavailable.release"), reason=Wording("unavailable.closed"))
            try:
                worker.channel, ended = self._keeper.replace(worker, self.share)
            except (OSError, EOFError):
                self._keeper.end()
                self._keeper, _ = _Keeper.start(self._plan)
                worker.channel, ended = self._keeper.replace(worker, self.share)
        if why is not None and ended != keeper.NOBODY:
            self.lost[why] += 1
        return ended

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            self._closed = True
            self._keeper.end()
        for worker in (*self._idle[True], *self._idle[False]):
            worker.drop()


class _Keeper:
    """A keeper process, and the socket to it."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self._process, self._control = process, control

    @classmethod
    def start(cls, plan: bytes) -> tuple[_Keeper, dict[str, Any]]:
        """A keeper that has loaded what the plan says, with its report; raises ParseError, Unavailable."""
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", keeper.__name__]
        with theirs:
            process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, process_group=0)
        started = cls(process, ours)
        try:
            return started, started._report(plan)
        except BaseException:
            started.end()
            raise

    def _report(self, plan: bytes) -> dict[str, Any]:
        try:
            wire.send(self._control, Frame(Kind.REQUEST, plan))
            frame = wire.receive(self._control, keeper.LONGEST)
        except (EOFError, OSError):
            raise Unavailable(what=Wording("unavailable.data"), reason=Wording("unavailable.data-ended")) from None
        if frame.kind is Kind.REFUSAL:
            raise wire.unpack_error(frame.body)
        if frame.kind is Kind.FAULT:
            raise Unavailable(what=Wording("unavailable.data"), reason=frame.body.decode(errors="replace"))
        report: dict[str, Any] = json.loads(frame.body)
        return report

    def replace(self, worker: _Worker, memory: int) -> tuple[socket.socket, int]:
        """A channel to a new worker, and how the one before it ended; OSError, EOFError where the keeper is away."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                order = keeper.ORDER.pack(worker.place, 0 if worker.small else NICENESS, memory)
                self._control.settimeout(PATIENCE)
                socket.send_fds(self._control, [order], [theirs.fileno()])
            done = wire.at_least(self._control, keeper.DONE.size, monotonic() + PATIENCE)
            ended, pid = keeper.DONE.unpack(done)
            if not pid:
                raise Unavailable(what=Wording("unavailable.worker"), reason=Wording("unavailable.not-started"))
        except BaseException:
            ours.close()
            raise
        return ours, ended

    def end(self) -> None:
        """Let it end: it does when the socket does. It is killed where it is stuck."""
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _share(settings: Settings, held: int, quads: int) -> int:
    """The bytes that one worker may take so that all processes together stay below the limit.

    In: the bytes that a keeper holds, and how many quads those are. Raises SettingsError where too little is left.
    """
    own = SETS * (held + settings.workers * OWN) + TOGETHER * BESIDE * quads
    free = settings.memory_limit - keeper.resident() - own - ANSWERS * settings.answer_limit
    share = free // settings.workers
    if share < LEAST:
        least = settings.memory_limit + settings.workers * (LEAST - share)
        allowed = f"{least:,} or more, for {settings.workers} workers and this release"
        raise SettingsError(setting="memory_limit", value=str(settings.memory_limit), allowed=allowed)
    return share
