"""Prints the made-up report beside it as pages: running heads, page numbers, footnotes, hyphens, a table.

Each line of ``source.txt`` is a kind, a tab and its text; PRINTED says what is done with each kind.
``python make_pdf.py [SOURCE PDF]`` makes ``report.pdf`` again, the same from the same source.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).parent
LEFT, TOP, WIDTH, BOTTOM, LINE = 25, 28, 160, 247, 5.4
COLUMNS = (LEFT, LEFT + 12, LEFT + 122)
HEADS = ("MEM · Sexta Ronda de Evaluación · 2014", "BOLIVIA · Informe de Evaluación sobre el Control de las Drogas")
TABLE_HEAD = ("N.º", "RECOMENDACIÓN", "EVALUACIÓN")
TEXT, BOLD, SANS = "Times-Roman", "Helvetica-Bold", "Helvetica"
# A syllable of Spanish may end after a vowel before one consonant and a vowel.
SYLLABLE = re.compile(r"(?<=[aeiouáéíóú])(?=[bcdfgjlmnpqrstvz][aeiouáéíóú])")
MARKS = {"¹": "1", "²": "2", "³": "3"}


class Pages:
    """Pages of A4, measured in millimetres from the top, that keep the footnotes of a page until its end."""

    def __init__(self, target: Path) -> None:
        self.canvas = Canvas(str(target), pagesize=A4, invariant=1)
        self.page = 0
        self.notes: list[str] = []
        self.waiting: dict[str, str] = {}
        self.y_now = float(TOP)
        self.font, self.size = TEXT, 11.0

    def set_font(self, font: str, size: float) -> None:
        self.font, self.size = font, size

    def width(self, text: str) -> float:
        return stringWidth(text, self.font, self.size) / mm

    def text(self, x: float, y: float, text: str) -> None:
        self.canvas.setFont(self.font, self.size)
        self.canvas.drawString(x * mm, A4[1] - y * mm, text)

    def start(self) -> None:
        """Ends the page, if there is one, with its notes and its number; begins the next."""
        if self.page:
            self.finish()
        self.page += 1
        self.y_now = TOP
        if self.page > 1:
            self.set_font(SANS, 8)
            self.text(LEFT, 17, HEADS[self.page % 2])

    def finish(self) -> None:
        """The notes and the number at the foot of the page."""
        y = BOTTOM + LINE * 0.9 - len(self.notes) * 4
        self.set_font(TEXT, 8)
        for line in self.notes:
            self.marked(LEFT, y, line, 8)
            y += 4
        self.notes = []
        if self.page > 1:
            self.set_font(TEXT, 9)
            self.text(LEFT + WIDTH / 2, 285, f"- {self.page} -")
        self.canvas.showPage()

    def marked(self, x: float, y: float, line: str, size: float) -> None:
        """One line, with the marks of footnotes small and raised."""
        for part in re.split("([¹²³])", line):
            if part in MARKS:
                self.set_font(self.font, size * 0.6)
                self.text(x, y - 1.2, MARKS[part])
                x += self.width(MARKS[part])
                self.set_font(self.font, size)
            elif part:
                self.text(x, y, part)
                x += self.width(part)

    def room(self) -> bool:
        """Whether one more line of text fits above the notes."""
        return self.y_now + LINE <= BOTTOM - len(self.notes) * 4

    def wrapped(self, text: str, width: float, hyphens: bool = True) -> list[str]:
        """The lines of a paragraph; a long word may be divided at the end of one."""
        lines, line = [], ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if self.width(longer) <= width:
                line = longer
                continue
            head = self.divided(line, word, width) if hyphens and word.islower() and len(word) > 8 else ""
            if head:
                lines.append(f"{line} {head}-".strip())
                line = word[len(head) :]
            else:
                lines.append(line)
                line = word
        return [*lines, line]

    def divided(self, line: str, word: str, width: float) -> str:
        """The longest beginning of a word that still fits, with its hyphen."""
        cuts = [at.start() for at in SYLLABLE.finditer(word) if 3 <= at.start() <= len(word) - 3]
        return max((word[:at] for at in cuts if self.width(f"{line} {word[:at]}-") <= width), default="")


def cover(pages: Pages, text: str) -> None:
    pages.set_font(BOLD, 14)
    for line in pages.wrapped(text, WIDTH, hyphens=False):
        pages.text(LEFT, pages.y_now, line)
        pages.y_now += 8
    pages.y_now += 6


def page(pages: Pages, _: str) -> None:
    pages.start()


def heading(pages: Pages, text: str, size: float = 11) -> None:
    """A heading on as many lines as it needs, kept together with what follows."""
    pages.set_font(BOLD, size)
    lines = pages.wrapped(text, WIDTH * 0.7, hyphens=False)
    if pages.y_now + LINE * (len(lines) + 4) > BOTTOM:
        pages.start()
        pages.set_font(BOLD, size)
    for line in lines:
        pages.text(LEFT, pages.y_now, line)
        pages.y_now += LINE
    pages.y_now += 2


def area(pages: Pages, text: str) -> None:
    """The area's heading stands on two lines."""
    first, _, rest = text.partition(" ")
    heading(pages, first, 13)
    pages.y_now -= 2
    heading(pages, rest, 13)


def note(pages: Pages, text: str) -> None:
    pages.waiting[text[0]] = text


def paragraph(pages: Pages, text: str) -> None:
    """Wrapped lines; a footnote goes to the foot of the page that its mark stands on."""
    pages.set_font(TEXT, 11)
    for line in pages.wrapped(text, WIDTH):
        if not pages.room():
            pages.start()
        pages.set_font(TEXT, 11)
        pages.marked(LEFT, pages.y_now, line, 11)
        pages.y_now += LINE
        for mark in [mark for mark in pages.waiting if mark in line]:
            pages.set_font(TEXT, 8)
            pages.notes += pages.wrapped(pages.waiting.pop(mark), WIDTH)
            pages.set_font(TEXT, 11)
    pages.y_now += 2.5


def row(pages: Pages, text: str) -> None:
    """A row of the table, cell by cell; it may go on on the next page, under the head of the table."""
    number, words, rating = text.split("\t")
    pages.set_font(TEXT, 10)
    lines = pages.wrapped(words, COLUMNS[2] - COLUMNS[1] - 4)
    for at, line in enumerate(lines):
        if not pages.room():
            pages.start()
            columns(pages, "")
            pages.set_font(TEXT, 10)
        if not at:
            pages.text(COLUMNS[0], pages.y_now, number)
        pages.text(COLUMNS[1], pages.y_now, line)
        pages.y_now += LINE
    pages.text(COLUMNS[2], pages.y_now - LINE, rating)
    pages.y_now += 1.5


def columns(pages: Pages, _: str) -> None:
    """The head of the table."""
    pages.set_font(BOLD, 9)
    for x, word in zip(COLUMNS, TABLE_HEAD, strict=True):
        pages.text(x, pages.y_now, word)
    pages.y_now += LINE


PRINTED = {
    "cover": cover,
    "page": page,
    "area": area,
    "heading": heading,
    "note": note,
    "paragraph": paragraph,
    "row": row,
    "columns": columns,
}


def main(source: Path = HERE / "source.txt", target: Path = HERE / "report.pdf") -> None:
    pages = Pages(target)
    pages.start()
    for line in source.read_text(encoding="utf-8").splitlines():
        kind, _, text = line.partition("\t")
        PRINTED[kind](pages, text)
    pages.finish()
    pages.canvas.save()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
