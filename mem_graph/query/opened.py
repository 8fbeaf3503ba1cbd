"""An opened release as Python has it: ask a query, get rows or a graph. The command line asks through it too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from mem_graph.engine import guard, media_types
from mem_graph.errors import BadRequest
from mem_graph.graph import release
from mem_graph.outcomes import Answer, SparqlRequest
from mem_graph.query.answers import Solutions
from mem_graph.query.current import Current
from mem_graph.settings import Settings

if TYPE_CHECKING:
    from rdflib import Graph


class OpenRelease:
    """A release in memory, verified; ``digest`` names the data that every answer comes from. Close it, or use it in a
    ``with``.
    """

    def __init__(self, current: Current) -> None:
        """In: a release with its store."""
        self._current = current

    @classmethod
    def open(cls, folder: Path | None = None, settings: Settings | None = None) -> Self:
        """The release in a folder, or the current one of the settings; raises ReleaseError where it is missing or
        damaged.
        """
        chosen = settings or Settings()
        return cls(Current.open(folder or chosen.releases_dir / release.CURRENT, chosen))

    @property
    def digest(self) -> str:
        """The SHA-256 of the release."""
        return self._current.digest

    @property
    def identity_base(self) -> str:
        """What all IRIs of the release but those of the ontology begin with."""
        return self._current.release.identity_base

    @property
    def graphs(self) -> dict[str, int]:
        """The number of triples in each named graph, by its IRI."""
        return dict(self._current.own.graphs())

    def query(self, text: str) -> Solutions:
        """The rows of a SELECT query, or the one row of an ASK; raises BadRequest for a query that is wrong, with line
        and column.
        """
        answer = self.answer(text, "json")
        if answer.media_type != media_types.JSON.media_type:
            raise BadRequest(problem="it makes a graph and no rows; ask for it with graph()")
        return Solutions.from_json(answer.body)

    def graph(self, text: str, graphs: Sequence[str] = ()) -> Graph:
        """The graph of a CONSTRUCT or DESCRIBE query, asked of all graphs or of these alone."""
        from rdflib import Graph

        answer = self.answer(text, "ntriples", graphs)
        if answer.media_type != media_types.N_TRIPLES.media_type:
            raise BadRequest(problem="it makes rows and no graph; ask for them with query()")
        return Graph().parse(data=answer.body, format="nt")

    def answer(self, text: str, kind: str | None = None, graphs: Sequence[str] = ()) -> Answer:
        """The answer as bytes, in the format of that short name, else JSON, or Turtle for graphs."""
        store = self._current.own
        request = guard.check(SparqlRequest(text, default_graphs=tuple(graphs)), store.graphs())
        assert request.form is not None
        chosen = media_types.negotiate(media_types.offers(request.form), wanted=[kind] if kind else [])
        return store.query(request, chosen.media_type)

    def close(self) -> None:
        """Let the data go."""
        self._current.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
