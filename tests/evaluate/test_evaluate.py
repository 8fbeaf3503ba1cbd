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
    assert {result.name for result in results} >= {"PER-R6", "URY-R6-en", "TTO-R6-en"}
    assert evaluate.below(results) == []
