"""A file to a source: the text as it stands, its digest; what is no text is refused with a reason."""

import hashlib
from pathlib import Path

import pytest

from mem_graph.errors import ExtractError
from mem_graph.reading import extract


def test_the_text_is_kept_as_it_stands(tmp_path):
    data = "\ufeffPeru\r\n\r\nUpper Huallaga\u00a0Valley\u2019s\t25.5\f".encode()
    (tmp_path / "en-1.txt").write_bytes(data)
    source = extract.read(tmp_path / "en-1.txt")
    assert source.text.encode() == data
    assert source.digest == hashlib.sha256(data).hexdigest()
    assert (source.media_type, source.name, source.pages) == ("text/plain", "en-1.txt", ())


def test_peru_has_the_digest_recorded_for_it(peru):
    recorded = Path(__file__).parents[2] / "data" / "reports" / "PER-R6"
    notes = " ".join(file.read_text("utf-8") for file in recorded.iterdir() if file.name != "en-1.txt")
    assert peru.digest in notes


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n\t\r\n\x0c", "is empty"),
        ("\ufeff\n".encode(), "is empty"),
        (b"Peru\x00", "is binary: a zero byte at offset 4"),
        (b"Peru\x01", "is binary: control character at offset 4"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is binary: a zero byte at offset 8"),
        ("Perú".encode("latin-1"), "is not UTF-8: byte 3, line 1"),
        ("a\nPerú\n".encode("latin-1"), "is not UTF-8: byte 5, line 2"),
        ("Peru".encode("utf-16"), "is binary: a zero byte at offset 3"),
        (b"%PDF-1.7\n", "is a PDF file; only text files are read"),
    ],
)
def test_what_is_no_text_is_refused(data, reason):
    with pytest.raises(ExtractError) as refused:
        extract.from_bytes(data, Path("x.txt"))
    assert refused.value.reason == reason


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ExtractError) as refused:
        extract.read(tmp_path / "none.txt")
    assert refused.value.reason == "No such file or directory"
