"""Work on several files at once, each in a process of its own: one that fails, hangs or dies takes no other with it.

Processes are forked, so that each has what was loaded before; the caller must have one thread only. A process has its
time and its memory, and is ended when it has used them up.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class _Running:
    name: str
    process: BaseProcess
    until: float


def results(
    jobs: Mapping[str, Callable[[], T]], processes: int, seconds: float = SECONDS, memory: int = MEMORY
) -> Iterator[tuple[str, T | MemGraphError]]:
    """What each job gives, as it comes: its value, or the error that it raised.

    In: the jobs by name, which is the name of a file; how many at once; the limits of each. A job that dies, or is over
    its limits, gives an ExtractError. With one process, or where there are other threads, jobs run here.
    """
    if processes < 2 or threading.active_count() > 1:
        yield from ((name, _here(name, job)) for name, job in jobs.items())
        return
    waiting, running = deque(jobs.items()), dict[Connection, _Running]()
    try:
        while waiting or running:
            while waiting and len(running) < processes:
                _start(*waiting.popleft(), running, seconds, memory)
            for reader in _ready(running):
                yield _finish(reader, running.pop(reader), seconds)
    finally:
        for reader, left in running.items():
            left.process.kill()
            left.process.join()
            reader.close()


def _here(name: str, job: Callable[[], T]) -> T | MemGraphError:
    try:
        return job()
    except MemGraphError as error:
        return error


def _start(name: str, job: Callable[[], T], running: dict[Connection, _Running], seconds: float, memory: int) -> None:
    fork = multiprocessing.get_context("fork")
    reader, writer = fork.Pipe(duplex=False)
    process = fork.Process(target=_work, args=(name, job, writer, memory), daemon=True)
    process.start()
    writer.close()
    running[reader] = _Running(name, process, time.monotonic() + seconds)


def _work(name: str, job: Callable[[], T], writer: Connection, memory: int) -> None:
    """In the process: do the job and send what it gives. A fault of ours is that file's error, in its words."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller ends us
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    answer: Any
    try:
        answer = job()
    except MemGraphError as error:
        answer = error
    except MemoryError:
        answer = ExtractError(file=Path(name), reason=f"needs more than {memory:,} bytes of memory")
    except Exception as error:
        fault = f"cannot be worked on, by a fault of this program: {type(error).__name__}: {error}"
        answer = ExtractError(file=Path(name), reason=fault)
    writer.send(answer)
    writer.close()


def _ready(running: Mapping[Connection, _Running]) -> list[Connection]:
    """Those that have an answer, have died, or are over their time, as soon as there is one."""
    first = min(each.until for each in running.values())
    ready = wait(running, timeout=max(0.0, first - time.monotonic()))
    late = [reader for reader, each in running.items() if each.until <= time.monotonic()]
    return [reader for reader in running if reader in ready or reader in late]


def _finish(reader: Connection, done: _Running, seconds: float) -> tuple[str, Any]:
    answer: Any
    try:
        if reader.poll():
            answer = reader.recv()
        else:
            answer = ExtractError(file=Path(done.name), reason=f"takes longer than {seconds:g} seconds")
    except EOFError:
        done.process.join()
        ended = f"ended its process (exit code {done.process.exitcode})"
        reason = f"cannot be worked on: it {ended}, by its damage or by needing too much memory"
        answer = ExtractError(file=Path(done.name), reason=reason)
    reader.close()
    done.process.kill()
    done.process.join()
    return done.name, answer
