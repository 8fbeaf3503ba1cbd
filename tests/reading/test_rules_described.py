"""Every rule that can make a statement is described in one sentence."""

import ast
import re
from pathlib import Path

import pytest

import mem_graph
from mem_graph.errors import UnknownTerm
from mem_graph.reading import report, rules


def test_every_rule_that_made_a_statement_of_peru_is_described(edition, coding):
    made = report.tally_rules(edition)
    assert len(made) > 60
    for name in made:
        assert rules.describe(coding, name).endswith((".", "?")), name


def test_every_cue_is_described_by_kind_words_and_first_example(coding):
    cues = list(coding)
    assert len(cues) > 600
    for cue in cues:
        said = rules.describe(coding, cue.id)
        assert "{" not in said.split(" Example (")[0], cue.id
        if cue.examples and cue.id not in coding.descriptions:
            assert said.endswith(cue.examples[0].text), cue.id


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "verb.possess",
            "The verb possess asserts its object or subject (modality: has). "
            "Example (made up): The country possesses a national drug observatory.",
        ),
        (
            "names.acronym",
            "The report itself gives this acronym to a name, in brackets behind it, and uses it again here.",
        ),
        (
            "lacking.lack",
            "The verb lack says that something is missing. Example (made up): The country lacks a drug observatory.",
        ),
    ],
)
def test_a_rule_in_one_sentence(coding, name, said):
    assert rules.describe(coding, name) == said


def test_a_rule_that_is_none_is_said_to_be_unknown(coding):
    with pytest.raises(UnknownTerm) as caught:
        rules.describe(coding, "names.acronim")
    assert "names.acronym" in caught.value.near


def asked_for():
    """What the code can ask the rules for: its strings, and expressions for those that it puts together."""
    whole, parts = set(), set()
    for file in Path(mem_graph.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr):
                pieces = [re.escape(one.value) if isinstance(one, ast.Constant) else r"\w+" for one in node.values]
                parts.add("".join(pieces))
    return whole, [re.compile(part) for part in parts if re.search(r"[a-z]{4}", part.replace(r"\w+", ""))]


def test_every_list_of_the_rules_is_asked_for(coding):
    whole, parts = asked_for()
    checked = 0
    for spoken in coding.languages.values():
        by_cues = {mark for cue in spoken for mark in cue.marks.values() if isinstance(mark, str)}
        for key in spoken.lists:
            checked += 1
            assert key in whole or key in by_cues or any(part.fullmatch(key) for part in parts), key
    assert checked > 200


def test_words_of_a_family_are_rules_with_its_unit_and_example():
    told = """
        [families.counted]
        example = "made up: In 2013 the authority registered 40 {name}."
        [families.counted.alone]
        "arrest warrants" = ["arrest warrants?"]
        [families.counted.names.persons]
        agents = { words = ["agents?"], general = true }
    """
    warrants, agents = rules.load({"en/quantities.toml": told}).of("counted")
    assert (warrants.id, warrants.value, warrants.marks) == (
        "counted.arrest-warrants",
        "arrest warrants",
        {"unit": "arrest warrants"},
    )
    assert (agents.words, agents.marks) == (("agents?",), {"unit": "persons", "general": True})
    assert agents.examples[0].text == "In 2013 the authority registered 40 agents."
