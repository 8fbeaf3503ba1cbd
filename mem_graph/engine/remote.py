"""A SPARQL engine elsewhere, asked by the SPARQL 1.1 Protocol through SPARQLWrapper: always with a time-out, always by
POST.
"""

from __future__ import annotations

from http.client import HTTPException
from urllib.error import HTTPError

from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from mem_graph.errors import BadRequest, Unavailable


def ask(endpoint: str, query: str, timeout: float) -> bytes:
    """The answer of an endpoint to a SELECT or ASK query, as SPARQL 1.1 Query Results JSON.

    Raises BadRequest where the endpoint refuses the query (400), with what it says of it; Unavailable where it is away,
    silent for ``timeout`` seconds, answers with another error, or with something that is not such JSON.
    """
    wrapper = SPARQLWrapper(endpoint, returnFormat=JSON)
    wrapper.setMethod(POST)
    wrapper.setTimeout(max(1, round(timeout)))
    wrapper.setQuery(query)
    try:
        body: bytes = wrapper.query().response.read()
    except QueryBadFormed as error:
        raise BadRequest(problem=_said(str(error))) from None
    except SPARQLWrapperException as error:
        raise Unavailable(what=endpoint, reason=error.msg) from None
    except HTTPError as error:
        raise Unavailable(what=endpoint, reason=f"it answered {error.code} {error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise Unavailable(what=endpoint, reason=str(error) or type(error).__name__) from None
    if not body.lstrip().startswith(b"{"):
        raise Unavailable(what=endpoint, reason="its answer is no SPARQL result in JSON")
    return body


def _said(message: str) -> str:
    """The endpoint's own words, from the bytes that SPARQLWrapper quotes as they were printed."""
    words = message.partition("Response:\n")[2] or message
    return words.removeprefix("b'").removesuffix("'")[:500]
