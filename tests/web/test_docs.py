"""What docs/endpoint.md says of formats, errors and addresses is what the tables say."""

import re
from pathlib import Path

from mem_graph import web
from mem_graph.engine import media_types
from mem_graph.query import sparql

TEXT = (Path(__file__).parents[2] / "docs" / "endpoint.md").read_text("utf-8")
CELLS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TEXT.splitlines() if line.startswith("| ")]


def names(cell):
    return tuple(re.findall(r"`([^`]+)`", cell))


def test_the_formats_are_those_of_the_tables():
    written = [(names(a)[0], names(b), names(c)) for a, b, c in (row for row in CELLS if len(row) == 3) if "/" in a]
    tables = media_types.RESULTS + media_types.GRAPHS
    assert written == [(each.media_type, (each.name, *each.short_names), each.aliases) for each in tables]


def test_the_errors_are_those_of_the_tables():
    written = {(int(row[0]), code) for row in CELLS if row[0].isdigit() for code in names(row[1])}
    ours = {(status, kind.code) for kind, status in web.STATUS.items()}
    assert written == ours | {(status, code) for status, code in web.OTHER.items()}


def test_the_addresses_answer(client):
    addresses = [names(row[0])[0] for row in CELLS if row[0].startswith("`/")]
    assert len(addresses) == 11
    assert [address for address in addresses if client.get(address).status_code != 200] == []


def test_the_parameters_and_headers_are_named(client):
    assert "`format`, `output`, `results` or `_mediatype`" in TEXT
    assert sparql.WANTED == ("format", "output", "results", "_mediatype")
    headers = client.get("/sparql").headers
    assert all(
        names(row[0])[0].partition(":")[0] in headers for row in CELLS if row[0].startswith(("`X-", "`ETag", "`Acc"))
    )


def test_the_error_shown_is_the_error_told(client):
    shown = re.search(r'"detail": (".*")', TEXT)[1]
    told = client.get("/sparql?query=SELECT * WHERE { ?s ?p }").json["detail"]
    assert told == shown.strip('"')
