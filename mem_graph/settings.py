"""The table of settings, each with its name, default, kind and sentence, and the frozen record that is read from it.

The environment itself is not read here: the edge passes it in, or any other mapping of names to text.

>>> settings = Settings.read({"MEM_GRAPH_PORT": "9000", "HOME": "/home/ada"})
>>> settings.port, settings.default_graph
(9000, 'union')
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self, get_args

from mem_graph.errors import SettingsError

PREFIX = "MEM_GRAPH_"

LET_PASS = frozenset({"MEM_GRAPH_W3C", "MEM_GRAPH_REQUIRE"})
"""Names with our prefix that belong to the tests."""

IDENTITY_BASE = "https://w3id.org/mem-graph/"

SHOWN = (
    "root",
    "default_graph",
    "deadline",
    "query_limit",
    "nesting",
    "body_limit",
    "row_limit",
    "answer_limit",
    "title",
    "contact",
)
"""The settings that answers show, in links and in the description of the service, or that decide what is asked.

Of host and port only the address that they make, where no other is set: replicas behind one address give the same.
"""

LOOPBACK = frozenset({"localhost", "::1"})
"""Names of this machine for itself, beside 127.0.0.0/8."""

DefaultGraph = Literal["union", "plain"]
Server = Literal["granian", "waitress"]
Switch = Literal["on", "off"]


class Kind(NamedTuple):
    """What a setting can be: the words for what is allowed, text → value (or `ValueError`), and which values hold."""

    allowed: str
    parse: Callable[[str], Any]
    holds: Callable[[Any], bool]


class Setting(NamedTuple):
    """One row of the table."""

    name: str
    default: Any
    kind: Kind
    sentence: str

    @property
    def variable(self) -> str:
        """The name in the environment, such as ``MEM_GRAPH_PORT``."""
        return PREFIX + self.name.upper()

    def told(self, value: Any) -> str:
        """A value of it as it may be shown: of a secret, that there is one."""
        return "(not shown)" if self.kind is SECRET and value is not None else str(value)


def _path(text: str) -> Path:
    """The path a text gives; no text is no path, though `Path` takes it for the current folder."""
    if not text:
        raise ValueError(text)
    return Path(text)


# RFC 3987 without query and fragment: a name put behind it makes an IRI.
_BASE = re.compile(r"""https?://[^\s/?#<>"{}|\\^`]+/([^\s?#<>"{}|\\^`]*/)?""")

_ADDRESS = re.compile(r"""https?://[^\s/?#@<>"{}|\\^`]+(/[^\s#<>"{}|\\^`]*)?""")
_LOGIN = re.compile(r"[^:\s]+:\S+")

TEXT = Kind("text on one line", str, str.isprintable)
NAME = Kind("a host name or address", str, lambda name: re.fullmatch(r"[\w.:%-]+", name) is not None)
FOLDER = Kind("the path of a folder", _path, lambda path: isinstance(path, Path))
COUNT = Kind("a whole number above 0", int, lambda number: number > 0)
NUMBER = Kind("a whole number, 0 or above", int, lambda number: number >= 0)
SECONDS = Kind("a number of seconds above 0", float, lambda seconds: isfinite(seconds) and seconds > 0)
PORT = Kind("a port from 0 to 65535 (0: any that is free)", int, lambda port: 0 <= port <= 65535)
BASE = Kind("an http or https address that ends with '/'", str, lambda base: _BASE.fullmatch(base) is not None)
ADDRESS = Kind("an http or https address", str, lambda text: _ADDRESS.fullmatch(text) is not None)
SECRET = Kind("a name and a password with a colon between them", str, lambda text: _LOGIN.fullmatch(text) is not None)
GRAPH = Kind("'union' or 'plain'", str, get_args(DefaultGraph).__contains__)
SWITCH = Kind("'on' or 'off'", str, get_args(Switch).__contains__)
SERVER = Kind("'granian' or 'waitress'", str, get_args(Server).__contains__)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, each within what is allowed: `SettingsError` otherwise, however the record is made."""

    data_dir: Annotated[Path | None, FOLDER, "Folder of reports, tables and corrections; else the data/ here."] = None
    releases_dir: Annotated[Path, FOLDER, "Folder the releases are written to and served from."] = Path("releases")
    identity_base: Annotated[str, BASE, "What IRIs of data begin with; used by build alone."] = IDENTITY_BASE
    host: Annotated[str, NAME, "Address the server listens on."] = "127.0.0.1"
    port: Annotated[int, PORT, "Port the server listens on."] = 8000
    server: Annotated[Server, SERVER, "Program that takes the connections."] = "granian"
    patience: Annotated[float, SECONDS, "Seconds that a client may stand still while it asks, or is answered."] = 15.0
    public_url: Annotated[str | None, BASE, "Address the service is known by; else that of host and port."] = None
    default_graph: Annotated[DefaultGraph, GRAPH, "What a query asks: all graphs as one, or the unnamed one."] = "union"
    rewrite: Annotated[Switch, SWITCH, "Whether queries are put in a faster way that has the same answer."] = "on"
    deadline: Annotated[float, SECONDS, "Seconds a query may run."] = 30.0
    query_limit: Annotated[int, COUNT, "Bytes of query text."] = 1_000_000
    nesting: Annotated[int, COUNT, "Levels of brackets in a query."] = 128
    body_limit: Annotated[int, COUNT, "Bytes of a request body."] = 10_000_000
    row_limit: Annotated[int, COUNT, "Rows of an answer."] = 100_000
    answer_limit: Annotated[int, COUNT, "Bytes of an answer."] = 50_000_000
    workers: Annotated[int, COUNT, "Processes that queries run in; one of several is kept for small ones."] = 3
    waiting: Annotated[int, COUNT, "Queries that may wait for a worker; the next one is refused."] = 16
    memory_limit: Annotated[int, COUNT, "Bytes of memory that server and workers may take together."] = 2_000_000_000
    cache_bytes: Annotated[int, NUMBER, "Bytes of answers kept for who asks the same again; 0: none."] = 64_000_000
    rate_limit: Annotated[int | None, NUMBER, "Requests a minute of a client, 0: any; else 600, any on loopback."] = (
        None
    )
    engine: Annotated[
        str | None, ADDRESS, "SPARQL engine that holds the release and is asked; else it is held here."
    ] = None
    engine_update: Annotated[str | None, ADDRESS, "Where that engine takes updates; else where it is asked."] = None
    engine_graph_store: Annotated[
        str | None, ADDRESS, "Where that engine takes whole graphs; else publish sends them as updates."
    ] = None
    engine_login: Annotated[str | None, SECRET, "Name and password for that engine, as name:password."] = None
    engine_calls: Annotated[int, COUNT, "Queries that the engine is asked at once."] = 4
    proxies: Annotated[int, NUMBER, "Proxies in front that each add an address to X-Forwarded-For."] = 0
    title: Annotated[str, TEXT, "Name of the service on its pages and in its description."] = "MEM Graph"
    contact: Annotated[str, TEXT, "Whom to ask: a mail address or a page."] = ""

    def __post_init__(self) -> None:
        for row in TABLE:
            value = getattr(self, row.name)
            if value is not None and not row.kind.holds(value):
                raise SettingsError(setting=row.name, value=row.told(value), allowed=row.kind.allowed)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """The settings that the ``MEM_GRAPH_…`` names of a mapping give, the defaults for all others.

        Raises `SettingsError` for a name with our prefix that is no setting, and for a value that is not allowed.
        """
        rows = {row.variable: row for row in TABLE}
        ours = {name: text for name, text in environment.items() if name.upper().startswith(PREFIX)}
        for name in sorted(ours.keys() - rows.keys() - LET_PASS):
            raise SettingsError(setting=name, value=ours[name], allowed=None, near=_near(name))
        return cls(**{row.name: _parsed(row, ours[name]) for name, row in rows.items() if name in ours})

    @property
    def root(self) -> str:
        """The address of the service, ending with a slash: ``public_url``, or one made of host and port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}/"

    @property
    def shown(self) -> str:
        """The values that an answer may show or depend on: where one of them differs, so may the bytes."""
        return json.dumps([getattr(self, name) for name in SHOWN])

    @property
    def rate(self) -> int:
        """Requests a minute from one client; 0 for any number."""
        if self.rate_limit is not None:
            return self.rate_limit
        return 0 if self.host in LOOPBACK or self.host.startswith("127.") else 600


def _near(variable: str) -> tuple[str, ...]:
    """The variables that one we do not have is like, the nearest first."""
    names = {row.name: row.variable for row in TABLE}
    return tuple(names[name] for name in get_close_matches(variable[len(PREFIX) :].lower(), names))


def _parsed(row: Setting, text: str) -> Any:
    """The value that a text stands for; `SettingsError` if for none that is allowed."""
    try:
        value = row.kind.parse(text)
    except ValueError:
        value = None
    if value is None or not row.kind.holds(value):
        raise SettingsError(setting=row.name, value=row.told(text), allowed=row.kind.allowed)
    return value


TABLE = tuple(Setting(each.name, each.default, *get_args(each.type)[1:]) for each in fields(Settings))
"""Every setting, in the order of `Settings`; help, documentation and pages read it."""
