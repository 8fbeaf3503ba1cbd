"""Workers: what they answer, what ends them, what they cannot do, and that nothing of them is left."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest

from mem_graph.engine import keeper, media_types, store, wire, workers
from mem_graph.engine.lanes import Gate, Lane, looks_small
from mem_graph.engine.wire import Frame, Kind
from mem_graph.errors import (
    AnswerLimit,
    BadRequest,
    FederationRefused,
    MemoryLimit,
    NotAcceptable,
    ParseError,
    SettingsError,
    TimeLimit,
    TooLarge,
    Unavailable,
    UpdateRefused,
)
from mem_graph.outcomes import SparqlRequest
from mem_graph.settings import Settings

pytestmark = pytest.mark.alone

SMALL = Path(__file__).with_name("small.trig")
JSON, TURTLE = media_types.JSON.media_type, media_types.TURTLE.media_type
LIMITS = {"deadline": 5.0, "row_limit": 1000, "answer_limit": 1_000_000}
ENDLESS = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9)) + "}"
HUNGRY = "SELECT * {" + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9)) + "} ORDER BY ?a0"
DEEP = "SELECT * " + "{" * 10_000 + "}" * 10_000
"""What the guard lets nobody ask; said to be checked, it reaches the engine."""


def asked(text, **fields):
    return SparqlRequest(text, form=text.split()[0], **fields)


def opening(**settings):
    """A store with workers and short limits; they have a gigabyte beside what this process holds already."""
    room = {"memory_limit": keeper.resident() + 1_000_000_000}
    return store.open_workers(Settings(**{**LIMITS, **room, **settings}), [SMALL])


def soon(true, seconds=5.0):
    """Whether something comes true within so many seconds."""
    until = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < until:
        time.sleep(0.01)
    return found


def children(pid):
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] == "Z"
    except OSError:
        return True


def keeper_of(opened):
    return opened._crew._keeper._process.pid


@pytest.fixture(scope="module")
def opened():
    found = opening()
    yield found
    found.close()


@pytest.fixture(scope="module")
def embedded():
    return store.open_store(Settings(), [SMALL])


@pytest.mark.parametrize("made", ["UUID()", "STRUUID()", "RAND()", "BNODE()"])
def test_workers_make_each_its_own_random_numbers(made):
    """They are forked from one memory, and with it from one state of what makes such numbers."""
    text = f"SELECT ({made} AS ?x) {{ ?s ?p ?o . ?a ?b ?c }} LIMIT 1 #"
    assert not looks_small(text)
    opened = opening(workers=4)
    try:
        answers = {opened.query(asked(f"{text}{number}"), media_types.JSON.media_type).body for number in range(9)}
    finally:
        opened.close()
    assert len(answers) == 9


# Answers


ALL = {"SELECT": "SELECT * { ?s ?p ?o }", "ASK": "ASK { ?s ?p ?o }", "CONSTRUCT": "CONSTRUCT WHERE { ?s ?p ?o }"}
OFFERS = [
    (text, each.media_type)
    for form, text in ALL.items()
    for each in media_types.offers(form)
    if each is not media_types.HTML
]


@pytest.mark.parametrize(("text", "media_type"), OFFERS)
def test_an_answer_is_that_of_the_embedded_store(opened, embedded, text, media_type):
    assert opened.query(asked(text), media_type) == embedded.query(asked(text), media_type)


def test_a_dataset_of_ones_own_goes_along(opened, embedded):
    request = asked(ALL["SELECT"], default_graphs=("http://example.org/graph/terms",))
    assert opened.query(request, JSON) == embedded.query(request, JSON)
    assert opened.query(request, JSON) != opened.query(asked(ALL["SELECT"]), JSON)


def test_the_graphs_are_those_of_the_embedded_store(opened, embedded):
    assert opened.graphs() == embedded.graphs()
    with pytest.raises(TypeError):
        opened.graphs()["x"] = 1


def test_many_threads_ask_at_once(opened):
    with ThreadPoolExecutor(8) as pool:
        bodies = set(pool.map(lambda _: opened.query(asked(ALL["SELECT"]), JSON).body, range(200)))
    assert len(bodies) == 1


@pytest.mark.parametrize(
    ("request_", "media_type", "error"),
    [
        (asked("SELECT *\n{ ?s ?p }"), JSON, BadRequest),
        (asked(ALL["SELECT"]), "text/x-nothing", NotAcceptable),
        (SparqlRequest("CLEAR ALL"), JSON, UpdateRefused),
        (SparqlRequest("ASK { SERVICE <http://127.0.0.1/> {} }"), JSON, FederationRefused),
        (SparqlRequest(DEEP), JSON, TooLarge),
        (asked(DEEP, deferred=True), JSON, TooLarge),
    ],
)
def test_an_error_of_a_worker_arrives_as_it_is(opened, embedded, request_, media_type, error):
    with pytest.raises(error) as here:
        embedded.query(request_, media_type)
    with pytest.raises(error) as caught:
        opened.query(request_, media_type)
    assert vars(caught.value) == vars(here.value)


def test_a_fault_of_ours_is_no_error_of_the_client(opened):
    with pytest.raises(RuntimeError, match="UnicodeEncodeError"):
        opened.query(asked("SELECT ('\ud800' AS ?x) {}"), JSON)


def test_a_file_that_is_broken_is_told_with_its_line(tmp_path):
    broken = tmp_path / "broken.nq"
    broken.write_text("<a:b> <a:c> <a:d> <a:g> .\n<a:b> <a:c> nothing .\n")
    with pytest.raises(ParseError) as caught:
        store.open_workers(Settings(), [broken])
    assert caught.value.line == 2


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(Unavailable):
        store.open_workers(Settings(), [tmp_path / "missing.nq"])


# Limits


def test_the_deadline_ends_a_query_and_it_alone(opened):
    start = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(opened.query, asked(ENDLESS, timeout=0.3), JSON)
        while not late.done():
            assert opened.query(asked(ALL["ASK"]), JSON)
    with pytest.raises(TimeLimit) as caught:
        late.result()
    assert caught.value.limit == 0.3
    assert 0.3 <= time.monotonic() - start < 2


def test_a_client_may_ask_for_less_time_and_not_for_more():
    opened = opening(deadline=0.2)
    with pytest.raises(TimeLimit) as caught:
        opened.query(asked(ENDLESS, timeout=100.0), JSON)
    assert caught.value.limit == 0.2
    opened.close()


def test_memory_ends_a_query_and_it_alone(opened):
    with pytest.raises(MemoryLimit) as caught:
        opened.query(asked(HUNGRY), JSON)
    assert caught.value.limit == opened._crew.share
    assert opened.query(asked(ALL["ASK"]), JSON)


def test_a_query_that_overflows_the_stack_ends_alone(opened):
    with pytest.raises(MemoryLimit):
        opened.query(asked(DEEP), JSON)
    assert opened.query(asked(ALL["ASK"]), JSON)


ROWS = "SELECT (1 AS ?x) {{ SELECT * {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} LIMIT {} }}"


@pytest.mark.parametrize("each", [media_types.JSON, media_types.XML, media_types.CSV, media_types.TSV])
def test_rows_are_counted(opened, each):
    assert opened.query(asked(ROWS.format(1000)), each.media_type).body
    with pytest.raises(AnswerLimit) as caught:
        opened.query(asked(ROWS.format(1001)), each.media_type)
    assert (caught.value.limit, caught.value.unit) == (1000, "rows")


TRIPLES = "CONSTRUCT {{ [] <a:p> 1 }} {{ SELECT * {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} LIMIT {} }}"


def test_triples_are_counted(opened):
    assert opened.query(asked(TRIPLES.format(1000)), TURTLE).body
    with pytest.raises(AnswerLimit) as caught:
        opened.query(asked(TRIPLES.format(1001)), TURTLE)
    assert (caught.value.limit, caught.value.unit) == (1000, "rows")


@pytest.mark.parametrize("text", ["SELECT ('{}' AS ?x) {{}}", "CONSTRUCT {{ <a:s> <a:p> '{}' }} {{}}"])
def test_bytes_are_counted(opened, text):
    media_type = JSON if text.startswith("SELECT") else TURTLE
    assert opened.query(asked(text.format("x" * 900_000)), media_type).body
    with pytest.raises(AnswerLimit) as caught:
        opened.query(asked(text.format("x" * 1_000_000)), media_type)
    assert (caught.value.limit, caught.value.unit) == (1_000_000, "bytes")


def test_an_endless_answer_ends_early(opened):
    start = time.monotonic()
    with pytest.raises(AnswerLimit):
        opened.query(asked(ENDLESS.replace("(COUNT(*) AS ?n)", "*")), JSON)
    assert time.monotonic() - start < 2


def test_too_little_memory_is_told_at_the_start():
    with pytest.raises(SettingsError) as caught:
        store.open_workers(Settings(memory_limit=100_000_000), [SMALL])
    assert caught.value.setting == "memory_limit"


def test_a_worker_that_has_grown_is_replaced(opened):
    before = opened.lost.get("grown", 0)
    text = "SELECT (STRLEN(?x) AS ?n) { BIND('" + "x" * 100_000 + "' AS ?a) BIND(CONCAT("
    assert opened.query(asked(text + ",".join(["?a"] * 800) + ") AS ?x) }"), JSON)
    assert opened.lost["grown"] == before + 1


# Waiting


def test_too_many_that_wait_are_refused_at_once():
    opened = opening(workers=2, waiting=2)
    lane = opened._gate._large
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(opened.query, asked(ENDLESS, timeout=1.5), JSON)
        assert soon(lambda: lane._room == 0)
        waiting = [pool.submit(opened.query, asked(ENDLESS, timeout=0.5), JSON) for _ in range(2)]
        assert soon(lambda: len(lane._queue) == 2)
        with pytest.raises(Unavailable, match="2 queries are waiting already"):
            opened.query(asked(ENDLESS), JSON)
        for each in waiting:
            with pytest.raises(Unavailable, match="all were busy"):
                each.result()
        assert not first.done()
        assert opened.query(asked(ALL["ASK"]), JSON)  # a small one has a lane of its own
        with pytest.raises(TimeLimit):
            first.result()
    opened.close()


def test_one_worker_alone_answers_all():
    opened = opening(workers=1, deadline=0.3)
    with pytest.raises(TimeLimit):
        opened.query(asked(ENDLESS), JSON)
    assert opened.query(asked(ALL["ASK"]), JSON)
    opened.close()


def test_a_lane_lets_in_by_turn():
    lane, order = Lane(1, 10, small=False), []
    lane.enter(time.monotonic() + 5)

    def enter(number):
        lane.enter(time.monotonic() + 5)
        order.append(number)
        lane.leave()

    threads = [Thread(target=enter, args=(number,)) for number in range(5)]
    for number, each in enumerate(threads, 1):
        each.start()
        assert soon(lambda number=number: len(lane._queue) == number)
    lane.leave()
    for each in threads:
        each.join(5)
    assert order == [0, 1, 2, 3, 4]


def test_who_waited_too_long_leaves_the_queue():
    lane = Lane(1, 10, small=False)
    assert lane.enter_now()
    with pytest.raises(Unavailable):
        lane.enter(time.monotonic() + 0.05)
    assert not lane.pressed
    lane.leave()
    assert lane.enter_now()
    assert not lane.enter_now()


def test_a_small_query_takes_any_room_and_a_large_one_leaves_the_small_lane_alone():
    gate, until = Gate(3, 0), time.monotonic() + 5
    with gate.room(True, until) as first, gate.room(True, until) as second, gate.room(False, until) as third:
        assert [first.small, second.small, third.small] == [True, False, False]
        with pytest.raises(Unavailable), gate.room(False, until):
            pass
    with gate.room(False, until), gate.room(False, until), pytest.raises(Unavailable), gate.room(False, until):
        pass


def test_a_query_that_only_looked_small_gives_way(opened):
    before = opened.lost.get("gave-way", 0)
    pretending = "SELECT (COUNT(*) AS ?n) { OPTIONAL { <a:b> <a:c> <a:d> } ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . "
    pretending += "?m ?n ?o . ?p ?q ?r . ?s ?t ?u . ?v ?w ?x }"
    assert looks_small(pretending)
    with ThreadPoolExecutor(3) as pool:
        late = [pool.submit(opened.query, asked(f"{pretending} #{n}", timeout=1.5), JSON) for n in range(3)]
        assert soon(lambda: sum(each.running() for each in late) == 3)
        time.sleep(0.1)
        start = time.monotonic()
        assert opened.query(asked(ALL["ASK"]), JSON)
        assert time.monotonic() - start < 0.5
        for each in late:
            with pytest.raises((TimeLimit, Unavailable)):
                each.result()
    assert opened.lost["gave-way"] > before
    assert hash(f"{pretending} #0") in opened._known or hash(f"{pretending} #1") in opened._known


@pytest.mark.parametrize(
    "text",
    [
        "ASK {}",
        "SELECT * { ?s ?p ?o } LIMIT 10",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT * { <http://example.org/s> ?p ?o }",
        'SELECT * { ?s ?p "a.b;c" }',
        "PREFIX a: <http://a/> SELECT * { a:s ?p ?o . ?o ?q ?r . ?r a:label ?l }",
        "SELECT * { ?s a <http://a/T> ; <http://a/p> ?o . ?o ?q 'x' FILTER(?n * ?n > 4) }",
        "DESCRIBE <http://example.org/s>",
    ],
)
def test_what_looks_small(text):
    assert looks_small(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o . ?a ?b ?c }",
        "SELECT * { ?s ?p ?o . ?a ?b ?c } # <http://example.org/s>",
        "PREFIX a: <http://a/> SELECT * { ?s ?p ?o . ?a ?b ?c }",
        "SELECT * { <a:s> <a:p>* ?o }",
        "SELECT * { <a:s> (<a:p>/<a:q>)+ ?o }",
        "SELECT * { <a:s> a:p+/a:q ?o }",
        "SELECT * { <a:s> ?p ?o FILTER NOT EXISTS { ?o ?q ?r } }",
        "SELECT * { <a:s> " + "?p ?o ; " * 20 + "}",
        "SELECT * { VALUES ?x {" + " 1" * 2000 + " } }",
    ],
)
def test_what_does_not_look_small(text):
    assert not looks_small(text)


# Confinement


def held(pid):
    return {each.name: os.readlink(each) for each in Path(f"/proc/{pid}/fd").iterdir()}


CLOSED = ("Max open files", "Max file size", "Max core file size", "Max processes")


def test_a_worker_holds_its_channel_and_nothing_else(opened):
    found = children(keeper_of(opened))
    assert len(found) == 3
    for pid in found:
        assert soon(lambda pid=pid: "Max open files            0 " in Path(f"/proc/{pid}/limits").read_text())
        assert held(pid).keys() == {"0", "1", "2"}
        assert held(pid)["0"].startswith("socket:")
        assert held(pid)["1"] == held(pid)["2"] == os.devnull
        lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
        limits = [line[26:].split()[:2] for line in lines if line.startswith(CLOSED)]
        assert limits == [["0", "0"]] * len(CLOSED)


def test_the_keeper_has_one_thread(opened):
    assert len(list(Path(f"/proc/{keeper_of(opened)}/task").iterdir())) == 1


def test_workers_for_large_queries_let_others_pass(opened):
    def priorities():
        return sorted(os.getpriority(os.PRIO_PROCESS, pid) for pid in children(keeper_of(opened)))

    assert soon(lambda: priorities() == [0, workers.NICENESS, workers.NICENESS])


def connections(listener, ask):
    """How often a listener is called while a query is asked; each call is refused by hanging up."""
    found = 0
    listener.settimeout(0.5)
    thread = Thread(target=ask)
    thread.start()
    try:
        for _ in range(10):
            listener.accept()[0].close()
            found += 1
    except TimeoutError:
        pass
    thread.join(10)
    return found


def test_a_service_that_nobody_refused_goes_nowhere(opened, embedded):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        request = asked(f"SELECT * {{ SERVICE <http://127.0.0.1:{listener.getsockname()[1]}/> {{ ?s ?p ?o }} }}")

        def ask(of):
            with pytest.raises((RuntimeError, OSError)):
                of.query(request, JSON)

        assert connections(listener, lambda: ask(embedded)) > 0  # so the listener is one that can be called
        assert connections(listener, lambda: ask(opened)) == 0
    assert opened.query(asked(ALL["ASK"]), JSON)


# Nothing is left


def test_a_worker_that_is_killed_is_replaced(opened):
    before = children(keeper_of(opened))
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert soon(lambda: all(gone(pid) for pid in before))
    for _ in range(6):
        assert opened.query(asked(ALL["ASK"]), JSON)
    with pytest.raises(TimeLimit):
        opened.query(asked(ENDLESS, timeout=0.1), JSON)
    assert all(gone(pid) for pid in before)


def test_a_keeper_that_is_killed_is_replaced_with_its_workers():
    opened = opening()
    old = keeper_of(opened)
    before = children(old)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(opened.query, asked(ENDLESS), JSON)
        time.sleep(0.2)
        os.kill(old, signal.SIGKILL)
        with pytest.raises(Unavailable):
            running.result(10)
    for _ in range(3):
        assert opened.query(asked(ALL["ASK"]), JSON)
    assert keeper_of(opened) != old
    assert soon(lambda: all(gone(pid) for pid in before))
    opened.close()


def test_a_closed_store_has_no_processes_and_answers_nothing():
    opened = opening()
    pids = [keeper_of(opened), *children(keeper_of(opened))]
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(opened.query, asked(ENDLESS), JSON)
        time.sleep(0.2)
        opened.close()
        opened.close()
        with pytest.raises(Unavailable, match="closed"):
            running.result(10)
    assert soon(lambda: all(gone(pid) for pid in pids))
    with pytest.raises(Unavailable, match="closed"):
        opened.query(asked(ALL["ASK"]), JSON)


def test_a_store_that_is_forgotten_is_closed():
    pid = keeper_of(opening())
    assert soon(lambda: gone(pid))


SERVER = """
import sys, threading
from pathlib import Path
from mem_graph.engine import store
from mem_graph.outcomes import SparqlRequest
from mem_graph.settings import Settings
opened = store.open_workers(Settings(), [Path(sys.argv[1])])
asked = threading.Thread(target=opened.query, args=(SparqlRequest(sys.argv[2], "SELECT"), sys.argv[3]), daemon=True)
asked.start()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, None], ids=str)
def test_no_process_outlives_the_server(how):
    command = [sys.executable, "-c", SERVER, str(SMALL), ENDLESS, JSON]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout.readline() == b"ready\n"
        keepers = children(server.pid)
        found = keepers + [pid for each in keepers for pid in children(each)]
        assert len(found) == 4
        if how is not None:
            server.send_signal(how)
        server.stdin.close()
        server.wait(10)
    assert soon(lambda: all(gone(pid) for pid in found))


def test_kill_and_fork_is_quick(opened):
    took = []
    for _ in range(5):
        start = time.monotonic()
        with pytest.raises(TimeLimit):
            opened.query(asked(ENDLESS, timeout=0.05), JSON)
        took.append(time.monotonic() - start - 0.05)
    assert sorted(took)[2] < 0.2


# What is sent


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.mark.parametrize("size", [0, 1, wire.CHUNK - wire.HEAD.size, wire.CHUNK, 1_000_000])
def test_a_frame_arrives_as_it_was_sent(pair, size):
    frame = Frame(Kind.ANSWER, b"x" * size, spent=True)
    thread = Thread(target=wire.send, args=(pair[0], frame))
    thread.start()
    assert wire.receive(pair[1], 1_000_000, time.monotonic() + 5) == frame
    thread.join(5)


@pytest.mark.parametrize(
    "sent",
    [b"", b"\x02", wire.HEAD.pack(2, False, 1001), wire.HEAD.pack(9, False, 0), wire.HEAD.pack(2, False, 1) + b"xy"],
)
def test_what_is_no_frame_is_not_taken(pair, sent):
    pair[0].sendall(sent)
    pair[0].shutdown(socket.SHUT_WR)
    with pytest.raises(EOFError):
        wire.receive(pair[1], 1000)


def test_a_frame_that_does_not_come_is_not_waited_for(pair):
    pair[0].sendall(wire.HEAD.pack(2, False, 10) + b"half")
    with pytest.raises(TimeoutError):
        wire.receive(pair[1], 1000, time.monotonic() + 0.05)


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b'["Exception", {}]', b'["BadRequest", {"x": 1}]', b"\xff"])
def test_what_is_no_error_of_ours_is_not_raised(body):
    with pytest.raises(ValueError):  # noqa: PT011
        wire.unpack_error(body)


def test_the_worker_of_a_store_is_the_keeper_of_this_package():
    assert keeper.__name__ == "mem_graph.engine.keeper"
    assert workers.STEP < 0.1
