"""Partitions of a dataset by the classes of a vocabulary, on lines that one can count by hand."""

from mem_graph.engine.partitions import Link, Uses, partitions

V = "http://v/"
A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
P, Q = f"{V}p", f"{V}q"


def parted(*lines):
    return partitions(sorted(f"{line} .\n".encode() for line in lines), V)


def test_a_triple_in_two_graphs_counts_once_and_a_thing_for_each_of_its_classes():
    found = parted(
        f"<http://e/1> {A} <{V}C> <http://g/1>",
        f"<http://e/1> {A} <{V}C> <http://g/2>",
        f"<http://e/1> {A} <{V}D> <http://g/1>",
        f'<http://e/1> <{P}> "a . b <c>"@en <http://g/1>',
        f'<http://e/1> <{P}> "a . b <c>"@en <http://g/2>',
        f"<http://e/1> <{P}> <http://e/2> <http://g/2>",
        f"<http://e/2> {A} <{V}C> <http://g/1>",
        f'<http://e/2> <{P}> "2"^^<{V}C> <http://g/1>',
        f"<http://e/2> <{Q}> <http://e/1> <http://g/1>",
    )
    rdf_type = A[1:-1]
    assert found.properties == {
        (f"{V}C", P): Uses(3, 2, "http://e/1"),
        (f"{V}C", Q): Uses(1, 1, "http://e/2"),
        (f"{V}C", rdf_type): Uses(3, 2, "http://e/1"),
        (f"{V}D", P): Uses(2, 1, "http://e/1"),
        (f"{V}D", rdf_type): Uses(2, 1, "http://e/1"),
    }
    assert found.links == {
        Link(f"{V}C", P, f"{V}C"): 1,
        Link(f"{V}D", P, f"{V}C"): 1,
        Link(f"{V}C", Q, f"{V}C"): 1,
        Link(f"{V}C", Q, f"{V}D"): 1,
    }


def test_other_vocabularies_blank_nodes_and_things_without_a_class_are_left_out():
    found = parted(
        f"<http://e/1> {A} <http://w/C> <http://g/1>",
        f"_:b {A} <{V}C> <http://g/1>",
        f'_:b <{P}> "1" <http://g/1>',
        f"<http://e/2> <{P}> <http://e/1> <http://g/1>",
        f'<http://e/3> <{P}> "{A} <{V}C>" <http://g/1>',
    )
    assert (found.properties, found.links) == ({}, {})


def test_nothing_has_no_parts():
    assert parted() == partitions([], V)
