"""Names of treaties and states as people write them: in any case, with or without accents, by their telling words.

>>> known = [("CIFTA", "cifta-1997"), ("Convención de Viena", "illicit-traffic-1988")]
>>> names = Names.of(known, "treaties", "treaty", {})
>>> names.find("cifta"), names.find("the Viena convention")
('cifta-1997', 'illicit-traffic-1988')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self

from mem_graph.errors import BadRequest, UnknownTerm
from mem_graph.wording import Wording

ARTICLES = ("the", "of", "on", "against", "and", "de", "del", "la", "el", "los", "las", "contra", "sobre", "y")
GENERIC = frozenset((*ARTICLES, "convention", "convencion", "convenio", "treaty", "tratado"))
"""Words that tell no treaty from another."""

PROTOCOL = frozenset(("protocol", "protocolo", "protocols", "protocolos"))
"""Words of names that speak of another instrument, too: ``Protocol to the Nassau Convention``."""

LONGEST = 200
"""Signs of a name that are read."""

NEAR = 5
"""Near names in an error."""


def fold(words: str) -> str:
    """Words without case, accents and signs: ``Convención de Viena`` is ``convencion de viena``."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


def essential(folded: str) -> frozenset[str]:
    """The telling words of a folded name; all of them where none tells more than another."""
    words = frozenset(folded.split())
    return words - GENERIC or words


@dataclass(frozen=True)
class Names:
    """The folded names of one scheme, each with the keys of what has it; what each is called; and what an error calls
    the scheme.
    """

    keys: Mapping[str, frozenset[str]]
    called: Mapping[str, str]
    scheme: str
    parameter: str

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], scheme: str, parameter: str, called: Mapping[str, str]) -> Self:
        """In: each name with the key of what has it; the scheme; the parameter that names it; what errors call each."""
        found: dict[str, frozenset[str]] = {}
        for name, key in pairs:
            folded = fold(name)
            found[folded] = found.get(folded, frozenset()) | {key}
        return cls(found, called, scheme, parameter)

    def find(self, words: str) -> str:
        """The one key that the words name: by a whole name, by its telling words, or by some of them.

        Raises BadRequest where several do, UnknownTerm where none does, both with near names.
        """
        words = words[:LONGEST]
        folded = fold(words)
        for found in self._readings(folded, essential(folded)):
            if len(found) == 1:
                return next(iter(found))
            if found:
                near, problem = tuple(sorted(found))[:NEAR], Wording("names-several", words=words)
                raise BadRequest(problem=problem, parameter=self.parameter, near=near, called=self._names(near))
        raise self.unknown(words)

    def _readings(self, folded: str, asked: frozenset[str]) -> Iterator[frozenset[str]]:
        yield self.keys.get(folded, frozenset())
        if asked:
            yield self._whole(folded, asked)
            yield self._where(lambda name: name.replace(" ", "") == folded.replace(" ", ""))
            begun = self._where(lambda name: name.startswith(f"{folded} "))
            yield begun if len(begun) == 1 and len(asked) > 1 else frozenset()
            yield self._where(lambda name: asked <= essential(name))

    def _whole(self, folded: str, asked: frozenset[str]) -> frozenset[str]:
        """Those with a name of just these telling words; of one bare word, all but protocols that have it in a name.

        ``corruption`` alone is no more the Convention against Corruption than the Inter-American one.
        """
        found = self._where(lambda name: essential(name) == asked)
        if not found or not folded.isalpha():
            return found
        return found | self._where(lambda name: asked <= essential(name) and not PROTOCOL & essential(name))

    def _where(self, fits: Callable[[str], bool]) -> frozenset[str]:
        return frozenset(key for name, keys in self.keys.items() if fits(name) for key in keys)

    def unknown(self, words: str) -> UnknownTerm:
        """The error for words that name nothing, with what has names like them."""
        alike = get_close_matches(fold(words[:LONGEST]), self.keys, n=NEAR, cutoff=0.5)
        near = tuple(dict.fromkeys(key for name in alike for key in sorted(self.keys[name])))[:NEAR]
        return UnknownTerm(word=words[:LONGEST], scheme=self.scheme, near=near, called=self._names(near))

    def _names(self, keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.called.get(key, key) for key in keys)
