"""Reservations and the articles they touch."""

import pytest

from mem_graph import resources
from mem_graph.treaties import record as records
from mem_graph.treaties.paragraphs import article, path, touches, touching

RECORD = records.from_tables(resources.read_tables(resources.data() / "tables"))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("3.1.a.ii", "3", True),
        ("3", "3.1.a.ii", True),
        ("3.1", "3.2", False),
        ("3.1.a", "3.1.a", True),
        ("32.2", "3", False),
        ("3.11", "3.1", False),
        ("", "3", False),
        ("3", "", False),
    ],
)
def test_touching_is_lying_in(one, other, expected):
    assert touches(one, other) is expected
    assert touches(other, one) is expected


@pytest.mark.parametrize(
    ("printed", "number"),
    [("I", "1"), ("IV", "4"), ("VIII", "8"), ("IX", "9"), ("XIV", "14"), ("XXIX", "29"), ("XL", "40"), ("12", "12")],
)
def test_an_article_has_its_number_in_arabic_digits(printed, number):
    assert article(printed) == number


@pytest.mark.parametrize(("printed", "made"), [("3(1)(a)(ii)", "3.1.a.ii"), ("19", "19"), ("12 (5)", "12.5"), ("", "")])
def test_paths_as_printed(printed, made):
    assert path(printed) == made


def found(country, treaty, article):
    own = [each for each in RECORD.statements if each.country == country]
    return [each.articles for each in touching(own, treaty, article)]


def test_peru_reserved_on_a_part_of_article_3_of_1988():
    assert found("PER", "illicit-traffic-1988", "3") == ["3(1)(a)(ii);1(m)"]


def test_a_reservation_to_article_19_of_1971_does_not_touch_article_19_of_1961():
    assert found("PER", "psychotropics-1971", "19") == ["7;19(1);19(2)"]
    assert found("PER", "narcotics-1961", "19") == []
    assert found("PER", "narcotics-1961-amended", "19") == []


def test_articles_of_the_1972_protocol_are_its_own():
    assert found("PER", "narcotics-1961-protocol-1972", "5") == ["5"]
    assert found("PER", "narcotics-1961", "12") == []


def test_roman_numbers_are_figures():
    assert found("ARG", "cifta-1997", "1(3)") == ["I(3)"]


def test_declarations_are_no_reservations():
    assert found("ARG", "untoc-protocol-firearms-2001", "2") == []
