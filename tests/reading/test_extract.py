"""A file to a source: the text as it stands, its digest; what is no text is refused with a reason."""

import hashlib
import io
import os
import time
from pathlib import Path

import pypdf
import pytest
from reportlab.pdfgen import canvas

from mem_graph.errors import ExtractError
from mem_graph.reading.page import extract


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
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a picture; text in UTF-8 and PDF files are read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is an office document; text in UTF-8 and PDF files are read"),
        (b"{\\rtf1 Peru}", "is an office document; text in UTF-8 and PDF files are read"),
        (b"\n<!DOCTYPE html><html>", "is a web page; text in UTF-8 and PDF files are read"),
        ("Perú".encode("latin-1"), "is not UTF-8: byte 3, line 1"),
        ("a\nPerú\n".encode("latin-1"), "is not UTF-8: byte 5, line 2"),
        ("Peru".encode("utf-16"), "is text in UTF-16, not UTF-8; text in UTF-8 and PDF files are read"),
        (b"%PDF-1.7\n", "is cut off: a PDF file ends with %%EOF, this one does not"),
        (b"%PDF-1.7\n%%EOF\n", "is damaged: it cannot be opened as a PDF file"),
        (b"PK\x03\x04\x14\x00", "is an archive or an office document; text in UTF-8 and PDF files are read"),
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


# PDF


@pytest.fixture(scope="module")
def peru_pdf(printed, peru):
    """Peru's report as a PDF file."""
    return printed(peru.text, "MEM - Evaluation report")


def test_a_pdf_gives_its_text_and_its_pages(peru_pdf, peru):
    source = extract.from_bytes(peru_pdf, Path("peru.pdf"))
    assert (source.media_type, source.name) == ("application/pdf", "peru.pdf")
    assert source.digest == hashlib.sha256(peru_pdf).hexdigest()
    assert len(source.pages) == len(pypdf.PdfReader(io.BytesIO(peru_pdf)).pages) == 18
    assert source.pages[0] == 0
    assert [source.text[start - 1] for start in source.pages[1:]] == ["\f"] * 17
    letters = [word for word in peru.text.replace("*", "").split() if word.isalnum()]
    assert set(letters) <= set(source.text.split())


def test_space_on_the_page_is_kept(printed):
    text = "A first paragraph, long enough that it goes over more than one line of the page that it is printed on.\n\n"
    source = extract.from_bytes(printed(f"{text}A second.\n\n12\tA wording\tCOMPLETE\n"), Path("x.pdf"))
    first, second, row, *_ = source.text.split("\n\n")
    assert (first.replace("\n", " "), second) == (text.strip(), "A second.")
    assert "\n" in first
    assert row.split() == ["12", "A", "wording", "COMPLETE"]
    assert row.startswith("12\tA wording")


def test_a_hyphen_at_the_end_of_a_line_stays(tmp_path):
    page = canvas.Canvas(str(tmp_path / "x.pdf"))
    page.drawString(72, 700, "It has no compre-")
    page.drawString(72, 687, "hensive system.")
    page.save()
    assert extract.read(tmp_path / "x.pdf").text == "It has no compre-\nhensive system.\n"


def encrypted(data, password, owner):
    """The file with a password to open it, or to change it."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(password, owner, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_a_pdf_with_a_password_is_refused_and_one_that_may_only_not_be_changed_is_read(peru_pdf):
    with pytest.raises(ExtractError) as refused:
        extract.from_bytes(encrypted(peru_pdf, "secret", "owner"), Path("x.pdf"))
    assert refused.value.reason == "is protected by a password; save a copy without one"
    open_to_all = extract.from_bytes(encrypted(peru_pdf, "", "owner"), Path("x.pdf"))
    assert open_to_all.text == extract.from_bytes(peru_pdf, Path("x.pdf")).text


def scanned(pages, written=0):
    """A PDF file of pictures with page numbers; some pages have words."""
    file = io.BytesIO()
    page = canvas.Canvas(file)
    for number in range(1, pages + written + 1):
        page.rect(72, 72, 400, 600, fill=1)
        page.drawString(300, 30, f"Page {number}" if number <= pages else "The country has a comprehensive system.")
        page.showPage()
    page.save()
    return file.getvalue()


@pytest.mark.parametrize(("pages", "written", "told"), [(3, 0, "3"), (3, 2, "3 of 5")])
def test_a_scanned_pdf_is_refused_though_its_pages_are_numbered(pages, written, told):
    with pytest.raises(ExtractError) as refused:
        extract.from_bytes(scanned(pages, written), Path("x.pdf"))
    assert refused.value.reason == f"has no text layer: {told} scanned pages; recognise the text first, and check it"


def test_a_pdf_with_a_scanned_page_among_others_is_read():
    assert extract.from_bytes(scanned(1, 2), Path("x.pdf")).text.count("comprehensive") == 2


def test_what_is_no_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    for path in (tmp_path / "pipe.txt", tmp_path, Path("/dev/zero")):
        with pytest.raises(ExtractError, match="is no file but a folder, a device or the like"):
            extract.read(path)


def test_a_text_longer_than_any_report_is_refused(tmp_path):
    (tmp_path / "long.txt").write_text("The country has a plan. " * 20_000)
    with pytest.raises(ExtractError, match="has 480,000 characters; no report has more than 400,000"):
        extract.read(tmp_path / "long.txt")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_pdf_that_is_cut_off_is_refused(peru_pdf, share):
    with pytest.raises(ExtractError) as refused:
        extract.from_bytes(peru_pdf[: int(len(peru_pdf) * share)], Path("x.pdf"))
    assert refused.value.reason.startswith("is cut off")


def test_a_file_of_50_megabytes_is_refused_unread(tmp_path):
    with (tmp_path / "x.pdf").open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(50_000_000)
    start = time.perf_counter()
    with pytest.raises(ExtractError) as refused:
        extract.read(tmp_path / "x.pdf")
    assert refused.value.reason == "has 50,000,000 bytes; no report has more than 20,000,000"
    assert time.perf_counter() - start < 1
