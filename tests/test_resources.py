"""Where the files are, and what is said when they are not there."""

import pytest

from mem_graph import resources
from mem_graph.errors import ReleaseError, SettingsError

PLACES = {
    resources.ontology: "ontology",
    resources.shapes: "shapes",
    resources.data: "data",
    resources.queries: "mem_graph/queries",
    resources.reading_schema: "docs/reading.schema.json",
}


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An empty folder in the place of the checkout."""
    monkeypatch.setattr(resources, "CHECKOUT", tmp_path)
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "mem_graph")
    return tmp_path


def test_the_checkout_is_the_folder_of_the_project():
    assert (resources.CHECKOUT / "pyproject.toml").is_file()
    assert (resources.PACKAGE / "resources.py").is_file()


@pytest.mark.parametrize(("function", "place"), PLACES.items())
def test_each_function_gives_its_place(checkout, function, place):
    (checkout / place).mkdir(parents=True)
    assert function() == checkout / place


@pytest.mark.parametrize(("function", "place"), PLACES.items())
def test_a_missing_place_is_named(checkout, function, place):
    with pytest.raises(ReleaseError) as caught:
        function()
    assert (caught.value.path, caught.value.fault) == (checkout / place, "missing")


def test_a_chosen_data_folder_is_given_back(tmp_path):
    assert resources.data(tmp_path) == tmp_path


def test_a_chosen_data_folder_must_be_there(tmp_path):
    with pytest.raises(SettingsError) as caught:
        resources.data(tmp_path / "nowhere")
    assert caught.value.setting == "data_dir"
