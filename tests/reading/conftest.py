"""What the tests of the reader share: vocabulary, rules, Peru's report, a way to read single sentences."""

from dataclasses import dataclass

import pytest

from mem_graph import resources, vocabulary
from mem_graph.model import Passage, Source, TreatyReference
from mem_graph.reading import report, rules
from mem_graph.reading.coding import codebook
from mem_graph.reading.entities import anaphora, instruments, mentions, names
from mem_graph.reading.figures import quantities
from mem_graph.reading.page import extract, sentences

BASE = "https://mem.example/"


@pytest.fixture(scope="session")
def words():
    """The vocabulary of the sixth round."""
    graph = resources.read_ontology(resources.ontology(), BASE)
    return vocabulary.from_tables(graph, resources.read_tables(resources.data() / "tables"))


@pytest.fixture(scope="session")
def coding():
    """The rules."""
    return rules.read(resources.data() / "rules")


@pytest.fixture(scope="session")
def peru():
    """The source of Peru's report."""
    return extract.read(resources.data() / "reports" / "PER-R6" / "en-1.txt")


@pytest.fixture(scope="session")
def edition(peru, words, coding):
    """Peru's report, read."""
    return report.parse(peru, words, coding)


@pytest.fixture(scope="session")
def parse(words, coding):
    """Read a text as a report; or of its sentences those of one chapter, ``only``."""

    def read(text, only=None):
        return report.parse(Source(text, "0" * 64, "text/plain", "made-up.txt"), words, coding, only)

    return read


@dataclass(frozen=True)
class Said:
    """What single sentences say: findings as (polarity, modality, focus, topics), references, names, numbers."""

    drafts: list[tuple[str, str, str, tuple[str, ...]]]
    references: list[TreatyReference]
    names: list[tuple[str, str, str]]
    numbers: list[tuple[str, str, str, int | None, str]]
    methods: list[str | None]

    @property
    def signs(self):
        """One sign for each finding: + and -."""
        return "".join("+" if polarity == "achievement" else "-" for polarity, *_ in self.drafts)


@pytest.fixture(scope="session")
def say(words, coding):
    """Read sentences as if they stood in the chapter of a recommendation."""

    def read(text, where=24, country="PER", language="en"):
        spoken = coding.languages[language]
        finder = names.finder(words, spoken, country)
        spans = sentences.split(text, 0, len(text), spoken)
        passages = [Passage(where, number, span) for number, span in enumerate(spans, 1)]
        said = Said([], [], [], [], [])
        context, last, seen, lead = codebook.Context(), None, [], ""
        for sentence in mentions.sentences(text, passages, finder, spoken):
            sentence = anaphora.with_anaphora(sentence, last, spoken)
            last = sentence if sentence.of("instrument") else last
            reading = codebook.read(sentence, context, spoken)
            context = reading.context
            shown = sentence.view
            said.drafts.extend(
                (draft.polarity, draft.modality, shown.text[slice(*draft.focus)], draft.topics)
                for draft in reading.drafts
            )
            extents = [instruments.Extent(*extent, denied) for extent, denied in reading.clauses]
            said.references.extend(instruments.references(sentence, extents, spoken))
            said.names.extend((name.kind, name.key, shown.text[name.start : name.end]) for name in sentence.names)
            seen.extend(quantities.observations(sentence, seen, spoken, lead))
            lead = shown.text
        said.numbers.extend((one.measure, one.subject, one.unit, one.year, one.value) for one in seen)
        said.methods.extend(one.method for one in seen)
        return said

    return read
