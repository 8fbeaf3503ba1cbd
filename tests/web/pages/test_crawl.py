"""The whole site, followed as a program follows it and as a person does: no link is broken, none leaves it unmeant.

Two walks, both in this process. One follows the data from a single IRI: it asks for N-Triples at every IRI it finds,
303 and all, and so asks every IRI of the release. The other follows the links of pages from the home page; of each kind
of page it reads so many, and the rest of their addresses are those that the first walk has had an answer from.
"""

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import unquote, urljoin

import pytest

PREFIX = "/mem/"
LINK = re.compile(r'(?:href|src|action)="([^"]*)"')
ID = re.compile(r' id="([^"]*)"')
FOREIGN = re.compile(r"[a-z]+:|//")
FIXED = (".html", ".ttl", ".nt", ".rdf", ".jsonld", ".json", ".csv")
PAGES = 12
"""Pages of one kind that are read; of prepared questions, whose names are in no IRI, all."""

LICENCE = "https://spdx.org/licenses/MIT"
START = "id/act/cifta-1997/ARG/ratification-2001-10-09"
"""Where the walk over the data begins; any other thing would do."""


@pytest.fixture(scope="module")
def data(current):
    """The quads of the release, as text."""
    return (current.release.folder / "data.nq").read_text("utf-8")


@pytest.fixture(scope="module")
def iri(current):
    """What an IRI of the release looks like in N-Triples and N-Quads."""
    return re.compile(rf"<{re.escape(current.release.identity_base)}([^>]*)>")


@pytest.fixture(scope="module")
def walked(get, iri):
    """What a program reaches from one IRI: the path of every document, with the statuses on the way to it."""
    found, waiting = {}, deque([START])
    while waiting:
        path = waiting.popleft().partition("#")[0]
        if path in found:
            continue
        answer = get(PREFIX + path, "application/n-triples")
        found[path] = [answer.status_code]
        if answer.status_code == 303:
            answer = get(answer.location, "application/n-triples")
            found[path].append(answer.status_code)
        if answer.mimetype == "application/n-triples":
            waiting.extend(set(iri.findall(answer.text)))
        answer.close()
    return found


@pytest.fixture(scope="module")
def site(get):
    """What a person reaches from the home page: every address with its status, its links and the places in it.

    An address that is not read, since enough of its kind are, has no status.
    """
    found, waiting, kinds = {}, deque([PREFIX]), Counter()
    while waiting:
        address = waiting.popleft()
        if address in found:
            continue
        kinds[kind := kind_of(address)] += 1
        if kinds[kind] > PAGES and kind[:2] != (("query",), ()):
            found[address] = None, [], frozenset()
            continue
        answer = get(address)
        page = answer.mimetype == "text/html" and answer.status_code == 200
        body = answer.text if page else ""
        answer.close()
        links = [resolved(unescape(link), address) for link in LINK.findall(body)]
        found[address] = answer.status_code, links, frozenset(map(unescape, ID.findall(body)))
        if answer.status_code == 303:
            waiting.append(answer.location.partition("#")[0])
        waiting.extend(
            plain for link in links if (plain := link.partition("#")[0]).startswith(PREFIX) and followed(plain)
        )
    return found


def kind_of(address):
    """The first step of the path below the prefix, of documents two, and the names of the parameters."""
    path, _, query = address.partition("?")
    steps = path.split("/")
    return (
        tuple(steps[2 : 4 if steps[2] == "doc" else 3]),
        tuple(re.findall(r"(\w+)=", query)),
        path.endswith("/treaties"),
    )


def resolved(link, address):
    return link if FOREIGN.match(link) else urljoin(address, link)


def followed(address):
    """Not the same document in another format, of which another test takes some, nor in another language."""
    return not address.partition("?")[0].endswith(FIXED) and "lang=es" not in address


# As a program


def test_from_one_iri_a_program_reaches_every_other(walked, data, iri):
    paths = {path.partition("#")[0] for path in iri.findall(data)}
    assert len(paths) > 6000
    assert paths - walked.keys() == set()


def test_every_iri_answers(walked):
    """A thing by 303 and then 200; what is a document itself, such as the ontology or a graph, by 200."""
    assert {path: statuses for path, statuses in walked.items() if statuses not in ([303, 200], [200])} == {}
    assert {path for path, statuses in walked.items() if path.startswith("id/") and statuses == [200]} == set()


def test_a_term_is_told_in_the_document_that_its_iri_leads_to(get, data, current):
    """The part behind # names a thing in the document before it."""
    base = current.release.identity_base
    for name in ("ontology", "shapes"):
        terms = set(re.findall(rf"<{re.escape(base)}{name}#([^>]+)>", data))
        text = get(f"{PREFIX}{name}", "application/n-triples").text
        assert len(terms) > 100
        assert {term for term in terms if f"<{base}{name}#{term}> " not in text} == set()


# As a person


def test_the_site_has_been_walked(site):
    read = [address for address, (status, _, _) in site.items() if status]
    assert len(read) > 600
    assert len(site) > 3500


def test_no_link_is_broken(site, walked, get):
    """An address that was read is there; one that was not is one that the data have led to, or a list."""
    assert {address: status for address, (status, _, _) in site.items() if status not in (200, 303, None)} == {}
    unread = [address for address, (status, _, _) in site.items() if status is None and "?" not in address]
    lists = [address for address in unread if thing(address) not in walked]
    assert len(lists) < 10
    assert [address for address in lists if get(address).status_code != 200] == []


def thing(address):
    """The path of what a document is about."""
    path = unquote(address.removeprefix(PREFIX)).removesuffix("/treaties")
    return re.sub(r"^doc/", "id/", path) if path.startswith("doc/") else path.partition("/")[0]


def test_no_place_is_missing(site):
    """A link to a place in a page leads to one that is there."""
    wanted = {
        tuple(link.split("#"))
        for _, links, _ in site.values()
        for link in links
        if link.startswith(PREFIX) and "#" in link
    }
    wanted = {(address, place) for address, place in wanted if site[address][0]}
    assert len(wanted) > 200
    assert [each for each in wanted if unquote(each[1]) not in site[each[0]][2]] == []


def test_no_link_leaves_the_site_but_for_what_the_data_name(site, current, data):
    """Nor does one lead to the canonical address, which is elsewhere, or to the host that the client has named."""
    foreign = {link for _, links, _ in site.values() for link in links if FOREIGN.match(link)}
    foreign = {link for link in foreign if not link.startswith(("mailto:help@example.org", LICENCE))}
    canonical = {link for link in foreign if link.startswith(current.release.identity_base)}
    assert {link for link in foreign - canonical if f"<{link}>" not in data} == set()
