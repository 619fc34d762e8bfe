"""Records as files: a template to fill in, and a list as Excel or CSV that the importer takes back. Nothing in them computes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.datavalidation import DataValidation

from fahui.casework.registers.tables import HELP, SheetColumn
from fahui.foundation.tables.cells import safe

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MIME = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
_ROWS = 2000  # how far down a template offers its choices
_HELP_FILL = PatternFill("solid", fgColor="EFEFEA")


def template(columns: Sequence[SheetColumn], title: str, english: bool) -> bytes:
    """A workbook to fill in: headings, a line of help, and the choices of each column on the second sheet."""
    book = Workbook()
    sheet, choices = book.active, book.create_sheet(_("选项"))
    assert sheet is not None  # a new workbook has a sheet
    sheet.title = title[:28]
    asked = [column for column in columns if column.key != "state"]
    for number, column in enumerate(asked, start=1):
        head = sheet.cell(1, number, column.heading)
        head.font = Font(bold=True)
        told = sheet.cell(2, number, (HELP[1 if english else 0] if number == 1 else "") + column.help)
        told.alignment, told.fill = Alignment(wrap_text=True, vertical="top"), _HELP_FILL
        sheet.column_dimensions[get_column_letter(number)].width = 22
    sheet.freeze_panes = "A3"
    for number, column in enumerate((c for c in asked if c.choices), start=1):
        letter = get_column_letter(number)
        choices.cell(1, number, column.heading).font = Font(bold=True)
        choices.column_dimensions[letter].width = 28
        for row, choice in enumerate(column.choices, start=2):
            choices.cell(row, number, choice)
        if not column.several:
            offer = DataValidation("list", formula1=f"'{choices.title}'!${letter}$2:${letter}${len(column.choices) + 1}", allow_blank=True)
            place = get_column_letter(asked.index(column) + 1)
            offer.add(f"{place}3:{place}{_ROWS}")
            sheet.add_data_validation(offer)
    return _saved(book)


def written(kind: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], title: str) -> bytes:
    """A short list as a file, made in memory; see `write`."""
    out = BytesIO()
    write(out, kind, headings, rows, title)
    return out.getvalue()


def write(out: IO[bytes], kind: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], title: str, draft: Path | None = None) -> None:
    """A list as `xlsx` (days as days, numbers as numbers, words as words) or `csv` (UTF-8 with its mark, as spreadsheets open it).

    Row by row: no list is held in memory. The sheet of a workbook is written to `draft` first, a path of the caller's, else to a
    temporary file of openpyxl's.
    """
    if kind == "csv":
        _table(out, headings, rows)
    else:
        _workbook(out, headings, rows, title, draft)


def _workbook(out: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Any]], title: str, draft: Path | None) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:28])
    if draft is not None:
        sheet._writer = _Draft(sheet, str(draft))
        sheet._writer.write_top()
    try:
        sheet.append(list(headings))
        for row in rows:
            sheet.append([cell if isinstance(cell, (date, int, Decimal)) else safe(cell) for cell in row])
    except BaseException:
        sheet.close()  # or its generators complain when they are collected
        raise
    book.save(out)


class _Draft(WorksheetWriter):
    """A sheet that is drafted where the caller says: openpyxl's own temporary file outlives a killed process."""

    def cleanup(self) -> None:
        """The draft is in the book."""
        Path(self.out).unlink()


def _table(out: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = TextIOWrapper(out, encoding="utf-8-sig", newline="")
    sheet = csv.writer(text)
    sheet.writerow(headings)
    for row in rows:
        sheet.writerow([f"{cell.normalize():f}" if isinstance(cell, Decimal) else safe(cell) for cell in row])
    text.detach()  # everything is written, and the file stays open


def _saved(book: Workbook) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()
