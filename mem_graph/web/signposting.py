"""Typed links of a document, for crawlers: as a header, and as a set of their own where there are many.

https://signposting.org/FAIR/ ; https://www.rfc-editor.org/rfc/rfc8288 (the header) ;
https://www.rfc-editor.org/rfc/rfc9264 section 4.2 (link sets as JSON).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

LINKSET = "application/linkset+json"
SUFFIX = ".linkset.json"
"""What the address of a document's link set ends in."""

MOST = 20
"""Items of a list that its header names; the link set names all."""


class Link(NamedTuple):
    """A link: where it leads, what that is to the document, and of what type it is where that is said."""

    href: str
    rel: str
    type: str = ""


def header(links: Iterable[Link]) -> str:
    """Links as a header field.

    >>> header([Link("https://example.org/x", "cite-as"), Link("/x.ttl", "describedby", "text/turtle")])
    '<https://example.org/x>; rel="cite-as", </x.ttl>; rel="describedby"; type="text/turtle"'
    """
    return ", ".join(
        f'<{each.href}>; rel="{each.rel}"' + (f'; type="{each.type}"' if each.type else "") for each in links
    )


def linkset(anchor: str, links: Iterable[Link]) -> Mapping[str, Any]:
    """Links as a link set: one context, and of each relation its targets.

    >>> linkset("/doc/x", [Link("/x.ttl", "describedby", "text/turtle")])
    {'linkset': [{'anchor': '/doc/x', 'describedby': [{'href': '/x.ttl', 'type': 'text/turtle'}]}]}
    """
    context: dict[str, Any] = {"anchor": anchor}
    for each in links:
        target = {"href": each.href, **({"type": each.type} if each.type else {})}
        context.setdefault(each.rel, []).append(target)
    return {"linkset": [context]}
