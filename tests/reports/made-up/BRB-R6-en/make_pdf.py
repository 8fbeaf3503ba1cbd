"""Prints the made-up report beside it as pages set like a word processor's: justified, with a ruled table.

Each line of ``source.txt`` is a kind, a tab and its text. The head and the number of a page are drawn before its text.
``python make_pdf.py [SOURCE PDF]`` makes ``report.pdf`` again, the same from the same source.
"""

from __future__ import annotations

import sys
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, PageBreak, Paragraph, SimpleDocTemplate, Spacer

HERE = Path(__file__).parent
TEXT = ParagraphStyle("text", fontName="Times-Roman", fontSize=11, leading=14.5, alignment=4, spaceAfter=6)
HEAD = ParagraphStyle("head", fontName="Helvetica-Bold", fontSize=11, leading=14, spaceAfter=6, keepWithNext=1)
STYLES = {
    "paragraph": TEXT,
    "note": ParagraphStyle("note", TEXT, fontSize=8, leading=10),
    "cover": ParagraphStyle("cover", HEAD, fontSize=15, leading=19, alignment=1, spaceAfter=18),
    "area": ParagraphStyle("area", HEAD, fontSize=13, alignment=1, spaceBefore=8),
    "heading": HEAD,
    "title": ParagraphStyle("title", HEAD, fontSize=10, leading=12),
    "rating": ParagraphStyle("rating", HEAD, fontName="Helvetica-BoldOblique", keepWithNext=0),
}
CELL = ParagraphStyle("cell", fontName="Helvetica", fontSize=8.5, leading=10.5)
WIDTHS = (0.5 * inch, 4.6 * inch, 1.4 * inch)
TABLE = [
    ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey),
]


def decorated(canvas: Canvas, document: SimpleDocTemplate) -> None:
    """The running head and the number of a page after the cover."""
    canvas.setFont("Helvetica-Oblique", 8)
    canvas.drawRightString(7.5 * inch, 10.4 * inch, "Barbados - Evaluation Report on Drug Control 2014")
    canvas.drawRightString(7.5 * inch, 0.6 * inch, f"Page {document.page}")


def table(lines: list[str]) -> LongTable:
    """The summary; a row with one cell is the name of an area."""
    cells, style = [], list(TABLE)
    for at, line in enumerate(lines):
        words = line.split("\t")
        if len(words) == 1:
            style.append(("SPAN", (0, at), (-1, at)))
        cells.append([Paragraph(word, CELL) for word in words] + [""] * (3 - len(words)))
    return LongTable(cells, colWidths=WIDTHS, repeatRows=1, style=style)


def flowables(source: str) -> list[Flowable]:
    """What is printed, in order."""
    found: list[Flowable] = []
    rows: list[str] = []
    for line in [*source.splitlines(), "end\t"]:
        kind, _, text = line.partition("\t")
        if kind == "row":
            rows.append(text)
            continue
        if rows:
            found.append(table(rows))
            rows = []
        if kind == "page":
            found.append(PageBreak())
        elif kind in STYLES:
            found.append(Paragraph(text, STYLES[kind]))
    return [Spacer(1, inch), *found]


def main(source: Path = HERE / "source.txt", target: Path = HERE / "report.pdf") -> None:
    document = SimpleDocTemplate(str(target), pagesize=LETTER, invariant=1, title="Barbados")
    document.build(flowables(source.read_text(encoding="utf-8")), onLaterPages=decorated)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
