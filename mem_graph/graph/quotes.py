"""Whether quotes are cut from their source where they say (Web Annotation Data Model, section 4.2.5), in code points.

The rules stand in ``shapes/quotes.ttl`` with severity and message, deactivated: a SHACL processor has no text. What a
passage lacks is for the other shapes to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from rdflib.namespace import DCTERMS

from mem_graph.engine.scratch import NamedNode, Scratch, Term, iri
from mem_graph.graph.terms import written
from mem_graph.iris import PREFIXES
from mem_graph.iris import SHAPES as SHAPES_IRI
from mem_graph.outcomes import ValidationResult

COMPONENT = f"{SHAPES_IRI}#QuoteConstraintComponent"
IS_PART_OF = iri(str(DCTERMS.isPartOf))
HAS_SOURCE, HAS_SELECTOR, EXACT, PREFIX, SUFFIX, START, END = (
    iri(f"{PREFIXES['oa']}{name}") for name in ("hasSource", "hasSelector", "exact", "prefix", "suffix", "start", "end")
)
QUOTE, PASSAGE, CODING, BECAUSE, OFFSET, CHARACTERS = (
    iri(f"{PREFIXES['mem']}{name}") for name in ("quote", "passage", "coding", "because", "offset", "characters")
)
SELECTED = (EXACT, PREFIX, SUFFIX, START, END)


def compared(graph: Scratch, sources: Mapping[str, str]) -> Iterator[ValidationResult]:
    """Compare every passage, quote and coding of a graph with the text of its source.

    In: the graph of one edition; the text of each source by its IRI. Out: a result for each that differs, which has as
    its message what the source has there; its rule says the rest.
    """
    selected = _Selected(graph)
    for passage, source in graph.pairs(HAS_SOURCE):
        text = sources.get(source.value)
        if text is None:
            yield _broken("QuotedPassage-source-text", passage, source)
        else:
            yield from _cut(selected, passage, text)
            yield from _inside(graph, selected, passage)
    for source_iri, text in sources.items():
        yield from _length(graph, iri(source_iri), text)
    for statement, quote in graph.pairs(QUOTE):
        yield from _quoted(graph, selected, statement, quote)
    for finding, coding in graph.pairs(CODING):
        yield from _because(graph, finding, coding)


class _Selected:
    """What the selectors of each passage say."""

    def __init__(self, graph: Scratch) -> None:
        self._selectors: dict[Term, list[Term]] = defaultdict(list)
        for passage, selector in graph.pairs(HAS_SELECTOR):
            self._selectors[passage].append(selector)
        self._told: dict[NamedNode, dict[Term, Term]] = {about: dict(graph.pairs(about)) for about in SELECTED}

    def get(self, passage: Term, about: NamedNode) -> Term | None:
        """What a selector of a passage says of one thing, if one does."""
        told = self._told[about]
        return next((told[selector] for selector in self._selectors.get(passage, ()) if selector in told), None)

    def at(self, passage: Term) -> tuple[int, int] | None:
        """Where a passage begins and ends, if it says both."""
        start, end = _number(self.get(passage, START)), _number(self.get(passage, END))
        return None if start is None or end is None else (start, end)


def _number(term: Term | None) -> int | None:
    """A number of characters; what is none is told by the shapes, as what is missing is."""
    try:
        return None if term is None else int(term.value)
    except ValueError:
        return None


def _cut(selected: _Selected, passage: Term, text: str) -> Iterator[ValidationResult]:
    """The words of a passage stand in the text where it says, behind its prefix and before its suffix."""
    exact, prefix, suffix = (selected.get(passage, about) for about in (EXACT, PREFIX, SUFFIX))
    place = selected.at(passage)
    if exact is None or place is None:
        return
    first, last = place
    if text[first:last] != exact.value:
        yield _broken("QuotedPassage-cut", passage, exact, text[first:last])
    if prefix is not None and not text[:first].endswith(prefix.value):
        yield _broken("QuotedPassage-prefix", passage, prefix, text[max(0, first - len(prefix.value)) : first])
    if suffix is not None and not text[last:].startswith(suffix.value):
        yield _broken("QuotedPassage-suffix", passage, suffix, text[last : last + len(suffix.value)])


def _inside(graph: Scratch, selected: _Selected, passage: Term) -> Iterator[ValidationResult]:
    """Words stand inside the sentence that they are part of."""
    words = selected.at(passage)
    for sentence in graph.objects(passage, IS_PART_OF):
        whole = selected.at(sentence)
        if words is not None and whole is not None and not whole[0] <= words[0] <= words[1] <= whole[1]:
            yield _broken("QuotedPassage-inside", passage, sentence)


def _quoted(graph: Scratch, selected: _Selected, statement: Term, quote: Term) -> Iterator[ValidationResult]:
    """A quote has the words of a passage of its statement; it has a language too, which a selector has not."""
    exact = [selected.get(passage, EXACT) for passage in graph.objects(statement, PASSAGE)]
    words = [each.value for each in exact if each is not None]
    if words and quote.value not in words:
        yield _broken("QuotedStatement-quote", statement, quote, words[0])


def _because(graph: Scratch, finding: Term, coding: Term) -> Iterator[ValidationResult]:
    """The words of a coding stand in the quote of its finding, where it says."""
    about = ((finding, QUOTE), (coding, BECAUSE), (coding, OFFSET))
    quote, words, offset = (next(graph.objects(*each), None) for each in about)
    first = _number(offset)
    if quote is None or words is None or first is None:
        return
    met = quote.value[first : first + len(words.value)]
    if met != words.value:
        yield _broken("QuotedCoding-because", coding, words, met)


def _length(graph: Scratch, source: Term, text: str) -> Iterator[ValidationResult]:
    """A source has as many characters as it says."""
    for characters in graph.objects(source, CHARACTERS):
        if _number(characters) not in (None, len(text)):
            yield _broken("QuotedSource-length", source, characters, str(len(text)))


def _broken(rule: str, focus: Term, value: Term, met: str = "") -> ValidationResult:
    shape = f"{SHAPES_IRI}#{rule}"
    return ValidationResult("violation", focus.value, shape, COMPONENT, met, value=written(value))
