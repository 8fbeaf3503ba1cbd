"""Damaged and disordered reports: an edition or one clear error; every offset cuts its quote from the source."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mem_graph import resources
from mem_graph.errors import InputError
from mem_graph.model import Span

MADE_UP = Path(__file__).parents[1] / "reports" / "made-up"
TEXTS = (
    (resources.data() / "reports" / "PER-R6" / "en-1.txt").read_text("utf-8"),
    (MADE_UP / "URY-R6-en" / "report.txt").read_text("utf-8"),
)
WHICH = st.integers(0, len(TEXTS) - 1)
"""A text by its number, so that an example is told in a word and not in 40,000 characters."""
FEW = settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def spans(value):
    """Every span in a record."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from spans(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from spans(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from spans(getattr(value, field.name))


def check(parse, text):
    """An edition whose every span is cut from the text, or an input error; how many spans were checked."""
    try:
        edition = parse(text)
    except InputError:
        return 0
    found = list(spans(edition))
    assert all(text[one.start : one.end] == one.quote for one in found)
    return len(found)


@pytest.mark.parametrize("text", TEXTS)
def test_every_span_of_a_whole_report_is_cut_from_it(parse, text):
    assert check(parse, text) > 900


@FEW
@given(WHICH, st.data())
def test_a_cut_text_is_read_or_refused(parse, which, data):
    text = TEXTS[which]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    check(parse, text[start:end] or "x")


@FEW
@given(WHICH, st.integers(0, 10**6))
def test_shuffled_lines_are_read_or_refused(parse, which, seed):
    text = TEXTS[which]
    random, lines = Random(seed), text.splitlines(keepends=True)
    random.shuffle(lines)
    check(parse, "".join(lines))


@FEW
@given(WHICH, st.integers(0, 10**6), st.floats(0.01, 0.6))
def test_lines_left_out_or_said_twice_are_read_or_refused(parse, which, seed, share):
    text = TEXTS[which]
    random, lines = Random(seed), text.splitlines(keepends=True)
    kept = [line * random.choice((1, 1, 2)) for line in lines if random.random() > share]
    check(parse, "".join(kept) or "x")


@FEW
@given(WHICH, st.integers(0, 10**6))
def test_odd_characters_in_between_are_read_or_refused(parse, which, seed):
    text = TEXTS[which]
    odd = "\u00ad-\n\f\t.;:,()[]¹\u201c\u2019ﬁ0\u2028é"
    random, characters = Random(seed), list(text)
    for _ in range(300):
        characters[random.randrange(len(characters))] = random.choice(odd)
    check(parse, "".join(characters))


HEADS = {
    "en": "PREFACE\n\nThe MEM Sixth Evaluation Round.\n\nRECOMMENDATION {}\n\nEvaluation: Complete\n\n",
    "es": "PREFACIO\n\nEl MEM, Sexta Ronda de Evaluación.\n\nRECOMENDACIÓN {}\n\nEvaluación: Cumplida\n\n",
}
SIGNS = (
    ",",
    ";",
    ":",
    "(",
    ")",
    "3",
    "2012",
    "1.000",
    '"',
    "'s",
    "%",
    "¹",
    "no",
    "ni",
    "que",
    "nor",
    "which",
    "y",
    "se",
)
"""What stands between the parts of sentences that are put together anew."""


@pytest.mark.parametrize("language", HEADS)
@pytest.mark.parametrize("seed", range(3))
def test_sentences_put_together_from_parts_of_others_are_read(parse, language, seed):
    """Whatever the words of the tables of cases stand beside, and with whatever a sentence begins or ends."""
    random, told = Random(seed), said(language)

    def part():
        words = random.choice(told).rstrip(".").split()
        start = random.randrange(len(words))
        return " ".join(words[start : start + 6])

    def sentence():
        words = " ".join(
            part() if random.random() < 0.75 else random.choice(SIGNS) for _ in range(random.randrange(1, 6))
        )
        return f"{words[:1].upper()}{words[1:]}."

    check(parse, HEADS[language].format(seed * 9 + 3) + " ".join(sentence() for _ in range(100)))


def said(language):
    """The sentences of the tables of cases in one language."""
    cases = Path(__file__).parent
    polarity = "polarity.txt" if language == "en" else f"polarity-{language}.txt"
    lines = (cases / polarity).read_text("utf-8").splitlines()
    lines += (line for line in (cases / "figures.txt").read_text("utf-8").splitlines() if line.startswith(language))
    return [line.rsplit("|", 1)[1].strip() for line in lines if "|" in line and line[0] != "#"]


@FEW
@given(st.text(max_size=400))
def test_any_words_in_a_chapter_are_read(parse, words):
    text = f"PREFACE\n\nThe MEM Sixth Evaluation Round.\n\nRECOMMENDATION 1\n\nEvaluation: Complete\n\n{words}\n"
    check(parse, text)
