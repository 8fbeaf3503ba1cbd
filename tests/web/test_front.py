"""The outermost layer: request ids, the log, rates, metrics, and the manners of every answer."""

import logging
import re

import pytest

from mem_graph.settings import Settings
from mem_graph.web import create_app
from mem_graph.web.front import Rates, client_of, escaped

ASK = "/sparql?query=ASK%7B%7D"


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, "mem_graph.web.front")
    return caplog


def test_a_request_is_found_in_the_log_by_the_id_of_its_answer(client, log):
    response = client.get("/sparql?query=ASK%7B%7D%23log")
    assert re.fullmatch("[0-9a-f]{16}", response.headers["X-Request-Id"])
    line = next(each for each in log.messages if response.headers["X-Request-Id"] in each)
    assert re.fullmatch(r'request \w+ "GET" "/sparql" 200 answered [0-9.]+ ms "ASK\{\}#log"', line)


def test_an_error_is_in_the_log_by_its_code(client, log):
    problem = client.get("/sparql?query=x").json
    assert f'{problem["requestId"]} "GET" "/sparql" 400 bad-request' in log.text


def test_the_log_holds_at_most_two_kilobytes_of_a_query_on_one_line(client, log):
    text = "ASK {} # \u202e\x1b[2J\r\nrequest forged " + "é" * 5000
    assert client.post("/sparql", data={"query": text}).status_code in (200, 400)
    line = log.messages[-1]
    assert len(line) < 2200
    assert line.isascii()
    assert line.isprintable()
    assert r"\u202e\u001b[2J\r\nrequest forged" in line


def test_a_path_cannot_write_a_line_of_its_own(client, log):
    client.get("/a%0D%0Arequest%20forged%1B")
    assert log.messages[-1].isprintable()


@pytest.mark.parametrize(("text", "most"), [("x" * 10, 10), ("x" * 11, 10), ("é" * 10, 10), ('"\\\n', 20)])
def test_what_is_escaped_is_cut_after_it(text, most):
    assert len(escaped(text, most)) <= most + 5
    assert escaped(text, most).isascii()


# Rates


def test_a_client_over_its_share_is_told_when_to_come_again(releases):
    client = create_app(Settings(releases_dir=releases, rate_limit=5)).test_client()
    codes = [client.get(f"{ASK}%23{number}").status_code for number in range(6)]
    assert codes == [200] * 5 + [429]
    refused = client.get(f"{ASK}%23more")
    assert refused.json["code"] == "too-many-requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 12
    assert client.get(f"{ASK}%230").status_code == 200, "what is kept is no burden"
    assert client.get("/health").status_code == client.get("/metrics").status_code == 200
    assert client.get(f"{ASK}%23x", environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 200


def test_on_loopback_there_is_no_limit(releases):
    client = create_app(Settings(releases_dir=releases)).test_client()
    assert {client.get(f"{ASK}%23{number}").status_code for number in range(700)} == {200}


def test_behind_a_proxy_the_client_is_who_the_proxy_has_seen(releases):
    client = create_app(Settings(releases_dir=releases, rate_limit=1, proxies=1)).test_client()

    def status(forwarded):
        return client.get("/errors", headers={"X-Forwarded-For": forwarded}).status_code

    assert status("192.0.2.1") == 200
    assert status("192.0.2.1") == 429
    assert status("198.51.100.7, 192.0.2.1") == 429, "what a client puts in front changes nothing"
    assert status("192.0.2.2") == 200


def test_an_address_of_version_6_counts_with_its_network():
    rates = Rates(1, clock=lambda: 0.0)
    assert rates.wait("2001:db8::1") == 0
    assert rates.wait("2001:db8::ffff") > 0
    assert rates.wait("2001:db8:0:1::1") == 0
    assert rates.wait("::ffff:192.0.2.1") == 0
    assert rates.wait("::ffff:192.0.2.2") == 0


def test_a_share_comes_back_with_time():
    now = [0.0]
    rates = Rates(60, clock=lambda: now[0])
    assert [rates.wait("a") for _ in range(60)] == [0.0] * 60
    assert rates.wait("a") == pytest.approx(1.0)
    now[0] = 1.5
    assert rates.wait("a") == 0
    assert rates.wait("a") == pytest.approx(0.5)


def test_no_more_clients_are_remembered_than_there_is_room_for():
    rates = Rates(1)
    for number in range(10_500):
        rates.wait(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(rates._left) == 10_000


@pytest.mark.parametrize(
    ("forwarded", "proxies", "client"),
    [
        ("", 0, "127.0.0.1"),
        ("192.0.2.1", 0, "127.0.0.1"),
        ("", 1, "127.0.0.1"),
        ("192.0.2.1", 1, "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1", 1, "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1, 10.0.0.1", 2, "192.0.2.1"),
        ("192.0.2.1", 2, "127.0.0.1"),
    ],
)
def test_the_client_is_whom_the_outermost_proxy_of_ours_has_seen(forwarded, proxies, client):
    assert client_of({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}, proxies) == client


# Metrics


def numbers(client):
    lines = client.get("/metrics").text.splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def test_the_metrics_count_queries_by_outcome(releases):
    client = create_app(Settings(releases_dir=releases)).test_client()
    for path in (ASK, ASK, f"{ASK}%23", "/sparql?query=x", "/nope"):
        client.get(path)
    found = numbers(client)
    assert found['mem_graph_requests_total{route="sparql",outcome="answered"}'] == "2"
    assert found['mem_graph_requests_total{route="sparql",outcome="cached"}'] == "1"
    assert found['mem_graph_requests_total{route="sparql",outcome="bad-request"}'] == "1"
    assert found['mem_graph_requests_total{route="page",outcome="not-found"}'] == "1"
    assert found['mem_graph_query_seconds_count{outcome="answered"}'] == "2"
    assert found['mem_graph_query_seconds_bucket{outcome="answered",le="+Inf"}'] == "2"
    assert float(found['mem_graph_query_seconds_sum{outcome="answered"}']) > 0
    assert found['mem_graph_cache_requests_total{result="hit"}'] == "1"


def test_the_metrics_name_the_release(client, served):
    response = client.get("/metrics")
    assert response.content_type.startswith("text/plain; version=0.0.4")
    assert f'mem_graph_release_info{{digest="{served.digest}",software="0.1.0"}} 1' in response.text
    assert "mem_graph_release_triples 21" in response.text


def test_the_metrics_are_written_as_prometheus_reads_them(client):
    client.get(ASK)
    text = client.get("/metrics").text
    sample = r'[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? [0-9.e+-]+'
    for line in text.splitlines():
        assert re.fullmatch(rf"# (HELP|TYPE) [a-z_]+ .+|{sample}", line), line
    names = re.findall("# TYPE ([a-z_]+)", text)
    assert len(names) == len(set(names)) == 10


def test_ready_asks_the_store(releases, tmp_path):
    app = create_app(Settings(releases_dir=releases))
    assert app.test_client().get("/ready").json == {"status": "ok"}
    without = create_app(Settings(releases_dir=tmp_path)).test_client().get("/ready")
    assert (without.status_code, without.json["reason"]) == (503, "unavailable")


# Manners


@pytest.mark.parametrize("path", ["/", ASK, "/health", "/metrics", "/errors", "/nope", "/static/style.css"])
def test_every_answer_has_the_headers_of_safety(client, path):
    with client.get(path, headers={"Accept": "text/html, */*;q=0.1"}) as response:
        headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert ("sandbox" in policy) == (not headers["Content-Type"].startswith("text/html"))
    assert "Server" not in headers


TRICKS = [
    "/sparql/",
    "/sparql/..",
    "/./sparql",
    "/static/../sparql",
    "/static/..%2f..%2fsettings.py",
    "/static/%2e%2e/__init__.py",
    "/static//etc/passwd",
    "/sparql%00",
    "/%ff",
    "/sparql;x=1",
    "/SPARQL",
    "/release/../sparql",
    "/release/x/sparql",
    f"/release/{'0' * 64}/sparql?query=ASK%7B%7D",
    f"/release/{'0' * 63}/sparql?query=ASK%7B%7D",
    "/release/..%2f..%2fetc/sparql?query=ASK%7B%7D",
    "/release/current/sparql?query=ASK%7B%7D",
    "/.git/config",
    "/etc/passwd",
]


@pytest.mark.parametrize("path", TRICKS)
def test_a_path_that_is_none_is_not_found(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    assert "Location" not in response.headers
    assert "/tmp" not in response.text


def test_no_path_leads_to_a_redirect_that_would_name_the_host(client):
    for path in ("//sparql", "//evil.example/sparql", "/release//sparql", "/static//style.css"):
        response = client.get("/x", environ_overrides={"PATH_INFO": path})
        assert response.status_code in (200, 404)
        assert "Location" not in response.headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "BREW", "G" * 100])
@pytest.mark.parametrize("path", ["/", "/sparql", "/health", "/metrics"])
def test_a_method_that_is_none_of_ours_is_refused(client, method, path):
    response = client.open(path, method=method)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize(
    ("overrides", "root"),
    [({}, "/"), ({"SCRIPT_NAME": "/deep/down"}, "/deep/down/")],
)
def test_links_keep_the_prefix_that_a_server_has_cut_off(releases, overrides, root):
    client = create_app(Settings(releases_dir=releases)).test_client()
    for path in ("/", "/sparql", "/nope"):
        asked = {"Accept": "text/html", "Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        page = client.get(path, headers=asked, environ_overrides=overrides).text
        assert f'href="{root}static/style.css"' in page
        assert "evil" not in page
        ours = re.sub('<link rel="canonical"[^>]*>|<a [^>]*rel="[^"]*external"[^>]*>', "", page)
        links = set(re.findall('(?:href|action|src)="([^"#?]+)', ours))
        assert all(link.startswith(root) for link in links)


def test_the_page_of_a_kept_release_asks_that_release(client, served):
    page = client.get(f"/release/{served.digest}/sparql", headers={"Accept": "text/html"})
    assert f'action="/mem/release/{served.digest}/sparql"' in page.text
    assert "immutable" in page.headers["Cache-Control"]


def test_a_release_that_is_not_kept_is_not_found_and_those_alike_are_named(client, served):
    response = client.get(f"/release/{served.digest[:-1]}0/sparql?query=ASK%7B%7D")
    assert (response.status_code, response.json["code"]) == (404, "unknown-term")
    assert response.json["didYouMean"] == [served.digest]
