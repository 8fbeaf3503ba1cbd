"""What answers say beside their body, whoever makes them: what every one says, and what caches need.

https://www.rfc-editor.org/rfc/rfc9110 ; https://www.rfc-editor.org/rfc/rfc9111
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from mem_graph.web.cache import CODING, tagged

EXPOSED = "ETag, Link, Retry-After, X-MEM-Release, X-Request-Id, X-Result-Limit, X-Result-Truncated"
HEADERS: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""What every answer has."""

RELEASE = "X-MEM-Release"
"""The digest of the release that has answered."""

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SCRIPTED = f"{POLICY}; script-src 'self'; connect-src 'self'; font-src 'self' data:".replace(
    "img-src 'self'", "img-src 'self' data:"
)
"""For the query editor, the one page with a script: that comes from here and asks here."""

SANDBOX = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
"""For what is no page: a browser that shows it all the same runs nothing in it."""

PUBLIC, NOBODY = "public, max-age=60", "no-store"
"""Who may keep an answer: everybody for a while; nobody, where the same request may have another one next time."""

NEGOTIATED, SPOKEN = "Accept, Accept-Encoding", "Accept, Accept-Language, Accept-Encoding"
"""By what an answer may differ: that of programs, and one that has words."""


def tag_of(fingerprint: str, shown: str, environ: Mapping[str, Any]) -> str:
    """The tag of an answer to a request: it has the coding that was agreed on.

    In: what changes when the answer may; the settings that answers show, in one word; the environment of the request,
    for the prefix that links have.
    """
    text = f"{fingerprint} {shown} {environ.get('SCRIPT_NAME', '').rstrip('/')}"
    return tagged(hashlib.sha256(text.encode()).hexdigest()[:32], environ.get(CODING, ""))
