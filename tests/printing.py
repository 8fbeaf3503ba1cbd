"""Texts printed as PDF files with their fonts embedded: pages, running heads, page numbers, wrapped lines, tables."""

import io
from functools import partial
from itertools import groupby
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

FONT = "Vera"  # it comes with reportlab
BODY = ParagraphStyle("body", fontName=FONT, fontSize=10, leading=13)
WIDTHS = (34, 310, 110)


def printed(text: str, head: str = "", size: tuple[float, float] = A4) -> bytes:
    """A text as a PDF file: blank lines part paragraphs, lines with tabs are rows of a table."""
    pdfmetrics.registerFont(TTFont(FONT, f"{FONT}.ttf"))
    file = io.BytesIO()
    furniture = partial(_furniture, head=head)
    template = SimpleDocTemplate(file, pagesize=size, invariant=1)
    template.build([part for block in text.split("\n\n") for part in _parts(block)], furniture, furniture)
    return file.getvalue()


def _parts(block: str):
    """A paragraph, or the rows of a table and the lines between them."""
    for in_table, lines in groupby(block.strip("\n").splitlines(), key=lambda line: "\t" in line):
        if in_table:
            yield from (_row(line.split("\t")) for line in lines)
        else:
            yield Paragraph("<br/>".join(escape(line.strip("*")) for line in lines), BODY)
    yield Spacer(1, 8)


def _row(cells: list[str]):
    """A row; one whose first cell alone has words is a line over the whole width."""
    words = [Paragraph(escape(cell), BODY) for cell in cells]
    if not any(cells[1:]):
        return words[0]
    return Table([words], colWidths=WIDTHS[: len(cells)], style=[("VALIGN", (0, 0), (-1, -1), "TOP")])


def _furniture(canvas, document, head: str) -> None:
    """What every page but the first has: the running head and the page's number."""
    if document.page > 1:
        canvas.setFont(FONT, 8)
        canvas.drawString(72, 806, head)
        canvas.drawCentredString(297, 30, str(document.page))
