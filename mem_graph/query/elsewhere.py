"""A question to any SPARQL endpoint, and its answer in a format of ours."""

from __future__ import annotations

from mem_graph.engine import guard, media_types, remote, remote_store
from mem_graph.engine.remote import Engine
from mem_graph.errors import Unavailable
from mem_graph.outcomes import Answer, SparqlRequest
from mem_graph.wording import Wording


def answer(address: str, text: str, kind: str | None, seconds: float) -> Answer:
    """The answer in the format of that short name, else JSON, or Turtle for graphs.

    Raises BadRequest where the endpoint refuses the query, with what it says of it; UpdateRefused; Unavailable where it
    is away, silent for so many seconds, answers with another error, or with what is no answer.
    """
    engine = Engine(address, address, name=address)
    request = SparqlRequest(text, guard.form_of(text))
    assert request.form is not None
    chosen = media_types.negotiate(media_types.offers(request.form), wanted=[kind] if kind else [])
    try:
        body = remote.within(seconds, lambda: remote.ask(engine, request, seconds))
        return Answer(remote_store.written(body, request, chosen.media_type), chosen.media_type)
    except TimeoutError:
        raise Unavailable(what=address, reason=Wording("unavailable.silent", seconds=float(seconds))) from None
    except (ValueError, LookupError, TypeError, AttributeError):
        raise Unavailable(what=address, reason=Wording("unavailable.no-rows-or-graph")) from None
