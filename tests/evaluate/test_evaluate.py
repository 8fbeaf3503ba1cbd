"""The program that scores readings: what counts as right, missed and invented, and the floors of the reports here."""

import importlib.util
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "evaluate.py"


@pytest.fixture(scope="module")
def evaluate():
    """benchmarks/evaluate.py as a module."""
    spec = importlib.util.spec_from_file_location("evaluate", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["evaluate"] = module
    spec.loader.exec_module(module)
    return module


def test_lists_are_compared_one_for_one(evaluate):
    score = evaluate.compared([("a",), ("a",), ("b",)], [("a",), ("c",)])
    assert (score.right, score.gold, score.made) == (1, 3, 2)
    assert (score.precision, score.recall) == (0.5, 1 / 3)
    assert score.missed == ["('a',)", "('b',)"]
    assert score.invented == ["('c',)"]


def test_no_report_is_below_its_floor(evaluate):
    results = evaluate.all_results()
    assert {result.name for result in results} == {*evaluate.floors()}
    assert all(len(each) >= 8 for each in evaluate.floors().values())
    assert evaluate.below(results) == []


def test_words_are_found_over_lines_and_page_ends(evaluate):
    text = "1\nThe Coun-\ncil meets\n\n- 2 -\n\fHEAD\n\nevery month.² It acts."
    start, end = evaluate.located("The Council meets every month.", text)
    assert text[start:end] == "The Coun-\ncil meets\n\n- 2 -\n\fHEAD\n\nevery month"
    assert evaluate.located("It acts.", text, start)[0] > end
    assert evaluate.located("The Board meets", text) is None


def test_rows_without_offsets_are_looked_for_in_the_text(evaluate):
    text = "The Coun-\ncil meets every month.\n\nThe coun-\ncil lacks a plan."
    rows = [
        {"where": "1", "quote": "The Council meets every month.", "focus": "meets every month"},
        {"where": "1", "quote": "The council lacks a plan.", "focus": "lacks a plan"},
    ]
    read = type("Read", (), {"passages": ()})
    placed = evaluate._offsets(read, rows, text)
    assert [text[int(row["start"]) : int(row["end"])] for row in placed] == [row["quote"] for row in placed]
    assert [row["focus"] for row in placed] == ["meets every month", "lacks a plan"]
    with pytest.raises(LookupError, match="no such sentence"):
        evaluate._offsets(read, [{"where": "1", "quote": "It acts.", "focus": "acts"}], text)
