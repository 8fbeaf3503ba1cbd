"""The reading rules: cues and word lists from ``data/rules/``, each cue with its id, words, value and examples.

What all languages share stands in the folder itself, the words of each language in a folder named by its tag
(``en``, ``es``: BCP 47). English is the first language; the cues of another have its tag before their ids.

Code knows how a sentence is built; which words mean what is data. A cue's examples say where they come from
(``PER-R6/5: The country …`` or ``made up: The country …``), so that a chapter can be left out to see on what its rules
rest.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from mem_graph.errors import UnknownTerm

MADE_UP = "made up"
FIRST = "en"
"""The language of the first report; its cues have no tag before their ids."""
_BLANK = re.compile(r" (?![?*+\]])")


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that a cue takes, and where it is from: ``PER-R6/5``, ``PER-R6/conclusions`` or ``made up``."""

    origin: str
    text: str


@dataclass(frozen=True, slots=True)
class Cue:
    """One rule: what kind it is, its id (unique among all), its words, what they mean, and further marks."""

    kind: str
    id: str
    words: tuple[str, ...]
    value: str
    examples: tuple[Example, ...]
    marks: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def origins(self) -> frozenset[str]:
        """Where its examples come from."""
        return frozenset(example.origin for example in self.examples)


@dataclass(frozen=True, eq=False)
class Rules:
    """All cues by kind, and the plain word lists by name.

    Compared by identity, so that look-ups made from it are kept.
    """

    cues: Mapping[str, tuple[Cue, ...]]
    lists: Mapping[str, tuple[str, ...]]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    """What rules that are no cue do, by their id."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """What the cues of a kind do, with places for words and value."""
    language: str = FIRST
    others: Mapping[str, Rules] = field(default_factory=dict)
    """The rules of the other languages, by tag."""

    @property
    def languages(self) -> Mapping[str, Rules]:
        """The rules of every language, by tag, these first."""
        return {self.language: self, **self.others}

    def of(self, kind: str) -> tuple[Cue, ...]:
        """The cues of one kind, in the order of the files."""
        return self.cues.get(kind, ())

    def words(self, name: str) -> tuple[str, ...]:
        """One plain word list; empty if there is none."""
        return self.lists.get(name, ())

    def __iter__(self) -> Iterator[Cue]:
        for cues in self.cues.values():
            yield from cues


def load(texts: Mapping[str, str], language: str = FIRST) -> Rules:
    """Make the rules of one language from the text of each file that has some, by file name.

    Raises `ValueError` on a doubled id.
    """
    cues: dict[str, list[Cue]] = {}
    lists: dict[str, tuple[str, ...]] = {}
    sentences: dict[str, dict[str, str]] = {"descriptions": {}, "kinds": {}}
    for name in sorted(texts):
        for kind, entries in tomllib.loads(texts[name]).items():
            if kind in sentences:
                sentences[kind].update(entries)
            elif kind == "families":
                for name_of_kind, family in entries.items():
                    cues.setdefault(name_of_kind, []).extend(_family(name_of_kind, family, language))
            elif kind == "lists":
                lists.update({key: tuple(words) for key, words in entries.items()})
            else:
                cues.setdefault(kind, []).extend(_cue(kind, entry, language) for entry in entries)
    _no_doubles(cue.id for entries in cues.values() for cue in entries)
    return Rules(
        {kind: tuple(entries) for kind, entries in cues.items()},
        lists,
        sentences["descriptions"],
        sentences["kinds"],
        language,
    )


def read(folder: Path) -> Rules:
    """Read a folder of rules: those of the first language, with those of the others."""
    shared = _texts(folder)
    tags = sorted(part.name for part in folder.iterdir() if part.is_dir())
    made = {tag: load({**shared, **_texts(folder / tag)}, tag) for tag in tags}
    return replace(made.pop(FIRST), others=made)


def _texts(folder: Path) -> dict[str, str]:
    return {f"{folder.name}/{file.name}": file.read_text("utf-8") for file in sorted(folder.glob("*.toml"))}


def describe(rules: Rules, name: str) -> str:
    """One sentence on what a rule does, with an example where it is a cue.

    Raises `UnknownTerm` where no rule has this id.
    """
    if name in rules.descriptions:
        return rules.descriptions[name]
    cues = {cue.id: cue for spoken in rules.languages.values() for cue in spoken}
    cue = cues.get(name)
    if cue is None:
        known = [*rules.descriptions, *cues]
        raise UnknownTerm(word=name, scheme="the reading rules", near=tuple(get_close_matches(name, known)))
    words = ", ".join(_readable(word) for word in cue.words[:3]) or "no words"
    said = rules.kinds[cue.kind].format(words=words, value=cue.value.replace("_", " ") or "its own words")
    return f"{said} Example ({cue.examples[0].origin}): {cue.examples[0].text}" if cue.examples else said


def _readable(words: str) -> str:
    """A cue's words without the signs of an expression, where they have none that a reader must know."""
    words = words.replace("{body}", "the name of a body").replace("{part}", "a body").replace("{whole}", "another body")
    plain = re.sub(r"\(\?[-i:!=<]*|\)[?*+]?|\\[wbd][*+]?|\[[^]]*\][*+?]?|\{[\d,]+\}", " ", words)
    return " ".join(re.sub(r"[\\?*+^$]", "", plain).replace("|", " / ").split()) or "a pattern"


def without_examples(rules: Rules, origin: str) -> Rules:
    """The rules without the cues whose only examples come from one chapter (``PER-R6/5``)."""
    kept = {kind: tuple(cue for cue in cues if cue.origins != {origin}) for kind, cues in rules.cues.items()}
    return replace(rules, cues=kept)


def pattern(cue: Cue) -> re.Pattern[str]:
    """A cue's words as one expression: alternatives, any blank for a blank, whole words, either case."""
    return compiled(cue.words)


@lru_cache(maxsize=4096)
def compiled(words: tuple[str, ...], flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """Words as one expression of alternatives.

    A word may hold regular expression syntax; a blank stands for any blank.
    """
    alternatives = "|".join(_BLANK.sub(r"\\s+", word) for word in words) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", flags)


@lru_cache(maxsize=4096)
def expression(text: str, flags: int = 0) -> re.Pattern[str]:
    """An expression made from word lists, compiled once in a process, whichever rules have the words."""
    return re.compile(text, flags)


def _cue(kind: str, entry: Mapping[str, Any], language: str) -> Cue:
    marks = {key: value for key, value in entry.items() if key not in ("id", "words", "value", "examples")}
    examples = tuple(_example(text) for text in entry.get("examples", ()))
    tag = "" if language == FIRST else f"{language}."
    return Cue(kind, f"{tag}{kind}.{entry['id']}", tuple(entry["words"]), entry.get("value", ""), examples, marks)


def _family(kind: str, family: Mapping[str, Any], language: str) -> Iterator[Cue]:
    """The cues of words that differ in nothing but their name: a line each, by the unit in which they are counted.

    Those in ``alone`` are their own unit; those of a kind without units stand in ``names`` themselves.
    """
    groups = {
        unit: names for unit, names in family["names"].items() if isinstance(names, Mapping) and "words" not in names
    }
    plain = {name: said for name, said in family["names"].items() if name not in groups}
    told: list[tuple[str, Any, dict[str, str]]] = [(name, said, {}) for name, said in plain.items()]
    told += [(name, said, {"unit": name}) for name, said in family.get("alone", {}).items()]
    told += [(name, said, {"unit": unit}) for unit, names in groups.items() for name, said in names.items()]
    for name, said, marks in told:
        own = said if isinstance(said, Mapping) else {"words": said}
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        example = family["example"].format(name=name)
        yield _cue(kind, {"id": slug, "value": name, "examples": [example], **marks, **own}, language)


def _example(text: str) -> Example:
    origin, sentence = text.split(": ", 1)
    return Example(origin, sentence)


def _no_doubles(ids: Iterator[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise ValueError(f"two rules are called {name}")
        seen.add(name)
