"""Prepared questions as files: the header is read whole, and a file or name that is wrong is told so."""

import pytest

from mem_graph.errors import ParseError, UnknownTerm
from mem_graph.query import lookups

HEADER = """\
# title: Studies
# question: Which studies are there?
# explanation: One row for each study: the year comes first,
#   then the maker.
# keywords: studies, years , makers
"""
QUERY = "PREFIX a: <http://e/>\n\nSELECT ?s WHERE { ?s a:p 1 } # question: no part of the header\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "studies.rq").write_text(HEADER + QUERY, "utf-8")
    (tmp_path / "gaps.rq").write_text(HEADER.replace("Studies", "Gaps") + QUERY, "utf-8")
    (tmp_path / "notes.txt").write_text("no question", "utf-8")
    return tmp_path


def test_a_file_is_a_question(folder):
    assert lookups.read_question(folder / "studies.rq") == lookups.Question(
        name="studies",
        title="Studies",
        question="Which studies are there?",
        explanation="One row for each study: the year comes first, then the maker.",
        keywords=("studies", "years", "makers"),
        text=HEADER + QUERY,
    )


def test_all_of_a_folder_come_by_name(folder):
    assert [(each.name, each.title) for each in lookups.questions(folder)] == [("gaps", "Gaps"), ("studies", "Studies")]


def test_one_comes_by_its_name(folder):
    assert lookups.question(folder, "gaps").title == "Gaps"


def test_an_unknown_name_tells_the_near_ones(folder):
    with pytest.raises(UnknownTerm) as caught:
        lookups.question(folder, "study")
    assert (caught.value.word, caught.value.near) == ("study", ("studies",))


@pytest.mark.parametrize("name", ["../studies", "studies.rq", "Studies", ""])
def test_a_name_is_no_path(folder, name):
    (folder / "below").mkdir()
    with pytest.raises(UnknownTerm):
        lookups.question(folder / "below" if name.startswith("..") else folder, name)


@pytest.mark.parametrize("field", lookups.FIELDS)
@pytest.mark.parametrize("empty", [True, False])
def test_a_field_that_is_missing_or_empty_is_named(tmp_path, field, empty):
    lines = [line for line in HEADER.replace("\n#   ", " ").splitlines() if not line.startswith(f"# {field}:")]
    path = tmp_path / "broken.rq"
    path.write_text("\n".join([*lines, *([f"# {field}:"] if empty else []), QUERY]), "utf-8")
    with pytest.raises(ParseError) as caught:
        lookups.read_question(path)
    assert (caught.value.file, caught.value.line) == ("broken.rq", 1)
    assert f"# {field}:" in caught.value.expected


def test_a_query_without_a_header_is_refused(tmp_path):
    path = tmp_path / "bare.rq"
    path.write_text(QUERY, "utf-8")
    with pytest.raises(ParseError) as caught:
        lookups.read_question(path)
    assert caught.value.met == "PREFIX a: <http://e/>"


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "empty.rq"
    path.touch()
    with pytest.raises(ParseError):
        lookups.read_question(path)


def test_a_comment_below_the_header_changes_nothing(tmp_path):
    path = tmp_path / "late.rq"
    path.write_text(HEADER + "PREFIX a: <http://e/>\n# title: another\nSELECT ?s WHERE { ?s a:p 1 }\n", "utf-8")
    assert lookups.read_question(path).title == "Studies"
