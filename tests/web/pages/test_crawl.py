"""The whole site, followed link by link: none is broken, none leaves it but for what the data name, all IRIs answer."""

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import unquote

import pytest

PREFIX = "/mem/"
LINK = re.compile(r'(?:href|src|action)="([^"]*)"')
ID = re.compile(r' id="([^"]*)"')
FOREIGN = re.compile(r"[a-z]+:|//")
FIXED = (".ttl", ".nt", ".rdf", ".jsonld")
PAGES = 60
LICENCE = "https://spdx.org/licenses/MIT"


@pytest.fixture(scope="module")
def site(get):
    """Every address that links lead to, with its status, and for pages their links and the places in them.

    Of a kind of which there are very many so many pages are read; the other addresses are asked for their data.
    """
    found, waiting, kinds = {}, deque([PREFIX]), Counter()
    while waiting:
        address = waiting.popleft()
        if address in found:
            continue
        kinds[kind := "/".join(address.split("/")[:4])] += 1
        answer = get(address if kinds[kind] <= PAGES or "?" in address else f"{address}.nt")
        page = answer.mimetype == "text/html" and answer.status_code == 200
        body = answer.text if page else ""
        answer.close()
        links = [unescape(link) for link in LINK.findall(body)]
        found[address] = answer.status_code, links, frozenset(map(unescape, ID.findall(body)))
        if answer.status_code == 303:
            waiting.append(answer.location.partition("#")[0])
        waiting.extend(
            plain for link in links if (plain := link.partition("#")[0]).startswith(PREFIX) and followed(plain)
        )
    return found


def followed(address):
    """Not the same document in other formats, of which another test takes some, nor answers of the endpoint."""
    return (
        not address.endswith(FIXED)
        and "lang=es" not in address
        and not address.startswith((f"{PREFIX}sparql?", f"{PREFIX}query/"))
    )


def test_the_site_has_been_walked(site):
    assert len(site) > 3500


def test_no_link_is_broken(site):
    assert {address: status for address, (status, _, _) in site.items() if status not in (200, 303)} == {}


def test_no_place_is_missing(site):
    """A link to a place in a page leads to one that is there."""
    wanted = {
        tuple(link.split("#"))
        for _, links, _ in site.values()
        for link in links
        if link.startswith(PREFIX) and "#" in link
    }
    assert len(wanted) > 200
    assert [each for each in wanted if unquote(each[1]) not in site[each[0]][2]] == []


def test_no_link_leaves_the_site_but_for_what_the_data_name(site, current):
    """Nor does one lead to the canonical address, which is elsewhere, or to the host that the client has named."""
    foreign = {link for _, links, _ in site.values() for link in links if FOREIGN.match(link)}
    foreign = {link for link in foreign if not link.startswith(("mailto:help@example.org", LICENCE))}
    canonical = {link for link in foreign if link.startswith(current.release.identity_base)}
    data = (current.release.folder / "data.nq").read_text("utf-8")
    assert {link for link in foreign - canonical if f"<{link}>" not in data} == set()


def test_every_iri_of_the_data_answers(site, get, current):
    """Each has a document, to which it leads by 303 or by its part behind #."""
    data = (current.release.folder / "data.nq").read_text("utf-8")
    base = current.release.identity_base
    iris = set(re.findall(rf"<({re.escape(base)}[^>]*)>", data))
    assert len(iris) > 6000
    broken = [
        iri for iri in iris if address(iri.removeprefix(base)) not in site and not answers(iri.removeprefix(base), get)
    ]
    assert broken == []


def address(path):
    return PREFIX + (
        f"doc/{path.removeprefix('id/')}" if path.startswith("id/") else path.rstrip("#").replace("#", "/")
    )


def answers(path, get):
    return get(address(path), "text/turtle,*/*;q=0.1").status_code == 200
