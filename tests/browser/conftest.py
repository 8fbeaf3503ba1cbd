"""A real browser over a real server: Debian's Chromium by Playwright, and axe-core to check what it shows.

Chromium comes with ``make setup-system``, axe-core with ``make clients``; where one is absent its tests say so.
"""

import gc
import shutil
import time
import warnings
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from mem_graph.graph import release
from mem_graph.query.current import Current
from mem_graph.settings import Settings
from mem_graph.web import create_app

AXE = Path(__file__).parents[1] / "clients" / "node_modules" / "axe-core" / "axe.min.js"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium():
    """The path of the browser."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("the browser did not run (no chromium): install it with make setup-system")
    return found


@pytest.fixture(scope="session")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()
    with warnings.catch_warnings():  # what Playwright leaves behind is its own
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.fixture(scope="session")
def address(peru):
    """The address of a server of the release."""
    yield from served(peru.folder, strangers=True)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """The address of a server of a release in which an institution is named in HTML."""
    base = "https://w3id.org/mem-graph/"
    about, graph = f"<{base}id/institution/PER/x>", f"<{base}graph/tables>"
    name = r'"<img src=x onerror=\"document.title=1\"></script><b>"'
    lines = [
        f"{about} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{base}ontology#Institution> {graph} .",
        f"<{base}ontology#Institution> <http://www.w3.org/2000/01/rdf-schema#label> {name}@en {graph} .",
        f"<{base}ontology#Institution> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        f" <http://www.w3.org/2002/07/owl#Class> {graph} .",
        f"{about} <http://www.w3.org/2004/02/skos/core#prefLabel> {name}@en {graph} .",
    ]
    folder = tmp_path_factory.mktemp("hostile")
    facts = {"version": "0.1.0", "identity_base": base}
    made = release.write(folder, {release.DATA: ("\n".join(sorted(lines)) + "\n").encode()}, facts)
    yield from served(made.folder)


@pytest.fixture
def dripping(peru):
    """The address of a server that sends pages in small parts, so that a browser shows them before they are whole."""

    def slowly(body):
        for start in range(0, len(body), 3000):
            yield body[start : start + 3000]
            time.sleep(0.03)

    def over(application):
        def answer(environ, start):
            environ.pop("HTTP_ACCEPT_ENCODING", None)
            body = b"".join(application(environ, start))
            return slowly(body) if body.startswith(b"<!doctype html>") else [body]

        return answer

    yield from served(peru.folder, over=over)


def served(folder, strangers=False, over=lambda application: application):
    """Serve a release; gives its address, and stops at the end. In: its folder, and what the application is put in."""
    current = Current.open(folder, Settings(), strangers=strangers)
    app = create_app(Settings(contact="help@example.org"), current)
    app.wsgi_app = over(app.wsgi_app)
    with make_server("127.0.0.1", 0, app, threaded=True) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
    current.close()


@pytest.fixture(scope="session")
def axe():
    """The text of axe-core."""
    if not AXE.is_file():
        pytest.skip("axe did not run (it is not installed): install it with make clients")
    return AXE.read_text("utf-8")


@pytest.fixture
def visit(browser, address):
    """Open a page and hand it over; at the end it must have had no error and asked nobody else."""
    contexts, faults = [], []

    def open_page(path, at=None, **options):
        home = at or address
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on(
            "console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request",
            lambda request: None if request.url.startswith((home, "data:")) else faults.append(request.url),
        )
        page.goto(home + path, timeout=60_000)  # the list of files makes them when it is first asked for
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
