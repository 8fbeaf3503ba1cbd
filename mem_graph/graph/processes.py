"""Work on several files at once, in processes of their own: one that fails, hangs or dies takes no other with it.

Processes are forked, so that each has what was loaded before; the caller must have one thread only. Each does several
jobs, for what the first has worked out serves the next, and leaves the rest to another once it has grown. A job has its
time and its memory; a process that has used them up is ended.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from mem_graph.errors import ExtractError, MemGraphError

T = TypeVar("T")

CORES = os.cpu_count() or 1
SECONDS = 300.0
"""How long one file may take; a report takes a few seconds."""
MEMORY = 1_000_000_000
"""Bytes that one file may take beside what was loaded before."""
GROWN = 250_000_000
"""Bytes more after its jobs than before them, and a process does no other: what it keeps is given back by its end."""


Jobs = Mapping[str, Callable[[], T]]
"""Jobs by name, which is the name of a file."""


@dataclass(slots=True)
class _Running:
    """A process, the names of the jobs that it still has to do, and until when the first of them may take."""

    process: BaseProcess
    names: deque[str]
    until: float


def results(
    jobs: Jobs[T], processes: int, seconds: float = SECONDS, memory: int = MEMORY
) -> Iterator[tuple[str, T | MemGraphError]]:
    """What each job gives, as it comes: its value, or the error that it raised.

    In: the jobs by name; how many at once; the limits of each. A process gets a share of the jobs, a smaller one where
    few are left. A job that dies, or is over its limits, gives an ExtractError, and another process does what was left.
    With one process, or where there are other threads, jobs run here.
    """
    if processes < 2 or threading.active_count() > 1:
        yield from ((name, _here(name, job)) for name, job in jobs.items())
        return
    waiting, running = deque(jobs), dict[Connection, _Running]()
    try:
        while waiting or running:
            while waiting and len(running) < processes:
                share = max(1, len(waiting) // (2 * processes))
                _start(deque(waiting.popleft() for _ in range(share)), jobs, running, seconds, memory)
            for reader in _ready(running):
                each = running[reader]
                name = each.names.popleft()
                answer, ended = _answer(reader, name, each.process, seconds)
                each.until = time.monotonic() + seconds
                if ended or not each.names:
                    waiting.extendleft(reversed(running.pop(reader).names))
                    _end(reader, each.process)
                yield name, answer
    finally:
        for reader, left in running.items():
            _end(reader, left.process)


def _here(name: str, job: Callable[[], T]) -> T | MemGraphError:
    try:
        return job()
    except MemGraphError as error:
        return error


def _start(names: deque[str], jobs: Jobs[T], running: dict[Connection, _Running], seconds: float, memory: int) -> None:
    fork = multiprocessing.get_context("fork")
    reader, writer = fork.Pipe(duplex=False)
    given = [(name, jobs[name]) for name in names]
    process = fork.Process(target=_work, args=(given, writer, memory), daemon=True)
    process.start()
    writer.close()
    running[reader] = _Running(process, names, time.monotonic() + seconds)


def _work(jobs: Sequence[tuple[str, Callable[[], T]]], writer: Connection, memory: int) -> None:
    """In the process: do the jobs and send what each gives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller ends us
    used = _size()
    for name, job in jobs:
        resource.setrlimit(resource.RLIMIT_AS, (_size() + memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
        answer = _done(name, job, memory)
        writer.send((answer, grown := _size() - used > GROWN))
        if grown:
            break
    writer.close()


def _size() -> int:
    """The address space of this process, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _done(name: str, job: Callable[[], T], memory: int) -> T | MemGraphError:
    """What a job gives. A fault of ours is that file's error, in its words."""
    try:
        return job()
    except MemGraphError as error:
        return error
    except MemoryError:
        return ExtractError(file=Path(name), reason=f"needs more than {memory:,} bytes of memory")
    except Exception as error:
        fault = f"cannot be worked on, by a fault of this program: {type(error).__name__}: {error}"
        return ExtractError(file=Path(name), reason=fault)


def _ready(running: Mapping[Connection, _Running]) -> list[Connection]:
    """Those that have an answer, have died, or are over their time, as soon as there is one."""
    first = min(each.until for each in running.values())
    ready = wait(running, timeout=max(0.0, first - time.monotonic()))
    late = [reader for reader, each in running.items() if each.until <= time.monotonic()]
    return [reader for reader in running if reader in ready or reader in late]


def _answer(reader: Connection, name: str, process: BaseProcess, seconds: float) -> tuple[Any, bool]:
    """What a job gave, or why it gave nothing; whether its process is at its end by that."""
    try:
        if reader.poll():
            answer, grown = reader.recv()
            return answer, grown
        return ExtractError(file=Path(name), reason=f"takes longer than {seconds:g} seconds"), True
    except EOFError:
        process.join()
        ended = f"ended its process (exit code {process.exitcode})"
        reason = f"cannot be worked on: it {ended}, by its damage or by needing too much memory"
        return ExtractError(file=Path(name), reason=reason), True


def _end(reader: Connection, process: BaseProcess) -> None:
    reader.close()
    process.kill()
    process.join()
