"""Settings: defaults, what is read, what is refused."""

import pickle
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from mem_graph.errors import SettingsError
from mem_graph.settings import TABLE, Settings


def test_nothing_given_gives_the_defaults():
    settings = Settings.read({})
    assert settings == Settings()
    assert {row.name: getattr(settings, row.name) for row in TABLE} == {row.name: row.default for row in TABLE}


def test_each_row_has_its_name_and_a_sentence():
    assert len(TABLE) == 29
    for row in TABLE:
        assert row.variable == f"MEM_GRAPH_{row.name.upper()}"
        assert row.sentence.endswith(".")
        assert row.kind.allowed


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("data_dir", "/srv/data", Path("/srv/data")),
        ("releases_dir", "old", Path("old")),
        ("releases_dir", ".", Path(".")),
        ("identity_base", "http://example.org/", "http://example.org/"),
        ("identity_base", "https://example.org:8443/a/b/", "https://example.org:8443/a/b/"),
        ("host", "::1", "::1"),
        ("host", "graph.example.org", "graph.example.org"),
        ("port", "0", 0),
        ("server", "waitress", "waitress"),
        ("patience", "2.5", 2.5),
        ("default_graph", "plain", "plain"),
        ("deadline", "0.5", 0.5),
        ("cache_bytes", "0", 0),
        ("rate_limit", "60", 60),
        ("proxies", "1", 1),
        ("row_limit", "1", 1),
        ("workers", "8", 8),
        ("waiting", "100", 100),
        ("memory_limit", "4000000000", 4_000_000_000),
        ("title", "Grafo del MEM – Perú", "Grafo del MEM – Perú"),
        ("contact", "", ""),
        ("public_url", "https://example.org/mem/", "https://example.org/mem/"),
        ("engine", "http://10.0.0.5:8890/sparql", "http://10.0.0.5:8890/sparql"),
        (
            "engine_update",
            "https://example.org/repositories/mem/statements",
            "https://example.org/repositories/mem/statements",
        ),
        ("engine_graph_store", "http://localhost:7878/store?x=1", "http://localhost:7878/store?x=1"),
        ("engine_login", "dba:a:b", "dba:a:b"),
        ("engine_calls", "16", 16),
    ],
)
def test_a_value_is_read_in_its_type(name, text, value):
    assert getattr(Settings.read({f"MEM_GRAPH_{name.upper()}": text}), name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data_dir", ""),
        ("identity_base", "https://example.org"),
        ("identity_base", "https://example.org/mem"),
        ("identity_base", "https:///"),
        ("identity_base", "https://example.org/?a=/"),
        ("identity_base", "https://example.org/a b/"),
        ("identity_base", "ftp://example.org/"),
        ("identity_base", "example.org/"),
        ("engine", "localhost:8890/sparql"),
        ("engine", "http://dba:dba@localhost/sparql"),
        ("engine", "http://localhost/sparql#x"),
        ("engine_calls", "0"),
        ("host", ""),
        ("host", "local host"),
        ("port", "65536"),
        ("port", "-1"),
        ("port", "http"),
        ("server", "gunicorn"),
        ("patience", "0"),
        ("default_graph", "Union"),
        ("deadline", "0"),
        ("deadline", "inf"),
        ("deadline", "nan"),
        ("nesting", "0"),
        ("cache_bytes", "-1"),
        ("rate_limit", "1.5"),
        ("proxies", "-1"),
        ("query_limit", "1e6"),
        ("title", "two\nlines"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused(name, text):
    with pytest.raises(SettingsError) as caught:
        Settings.read({f"MEM_GRAPH_{name.upper()}": text})
    assert (caught.value.setting, caught.value.value) == (name, text)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("MEM_GRAPH_PROT", "MEM_GRAPH_PORT"),
        ("MEM_GRAPH_RELEASE_DIR", "MEM_GRAPH_RELEASES_DIR"),
        ("mem_graph_port", "MEM_GRAPH_PORT"),
    ],
)
def test_a_mistyped_name_is_refused_with_those_alike(name, near):
    with pytest.raises(SettingsError) as caught:
        Settings.read({name: "9000"})
    assert caught.value.setting == name
    assert caught.value.near[0] == near
    assert near in str(caught.value)


def test_names_of_others_and_of_the_tests_are_let_pass():
    others = {"HOME": "/", "MEM_GRAPHICS": "on", "MEM_GRAPH_W3C": "w3c", "MEM_GRAPH_REQUIRE": "all"}
    assert Settings.read(others) == Settings()


def test_a_record_made_by_hand_is_checked_too():
    with pytest.raises(SettingsError):
        replace(Settings(), identity_base="https://example.org")


def test_settings_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1


@pytest.mark.parametrize(
    ("settings", "root"),
    [
        (Settings(), "http://127.0.0.1:8000/"),
        (Settings(host="::1", port=80), "http://[::1]:80/"),
        (Settings(public_url="https://example.org/mem/"), "https://example.org/mem/"),
    ],
)
def test_the_root_is_the_public_address_or_made_of_host_and_port(settings, root):
    assert settings.root == root


@pytest.mark.parametrize(
    ("settings", "rate"),
    [
        (Settings(), 0),
        (Settings(host="::1"), 0),
        (Settings(host="127.0.0.2"), 0),
        (Settings(host="0.0.0.0"), 600),
        (Settings(host="graph.example.org", rate_limit=0), 0),
        (Settings(rate_limit=60), 60),
    ],
)
def test_on_loopback_any_number_of_requests_is_allowed_unless_said_otherwise(settings, rate):
    assert settings.rate == rate


def test_the_error_survives_the_way_to_another_process():
    error = SettingsError(setting="port", value="http", allowed="a port", near=("MEM_GRAPH_HOST",))
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), vars(copy), str(copy)) == (SettingsError, vars(error), str(error))


@pytest.mark.parametrize("login", ["hunter2", ":hunter2", "dba:", "dba: hunter2"])
def test_a_password_is_in_no_error(login):
    with pytest.raises(SettingsError) as met:
        Settings.read({"MEM_GRAPH_ENGINE_LOGIN": login})
    assert "hunter2" not in str(met.value)
    assert "engine_login" in str(met.value)


def test_a_password_is_not_shown():
    (row,) = (row for row in TABLE if row.name == "engine_login")
    assert row.told("dba:hunter2") == "(not shown)"
    assert row.told(None) == "None"
