"""Records as files: a template to fill in, and a list as Excel or CSV that the importer takes back. Nothing in them computes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from fahui.casework.registers.tables import HELP, SheetColumn
from fahui.foundation.tables.cells import safe

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


def workbook(columns: Sequence[SheetColumn], rows: Iterable[Sequence[Any]], title: str) -> bytes:
    """A list as Excel: days as days, numbers as numbers, words as words."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:28])
    sheet.append([column.heading for column in columns])
    for row in rows:
        sheet.append([cell if isinstance(cell, (date, int, Decimal)) else safe(cell) for cell in row])
    return _saved(book)


def table(columns: Sequence[SheetColumn], rows: Iterable[Sequence[Any]]) -> bytes:
    """A list as CSV in UTF-8 with its mark, as spreadsheets open it."""
    out = StringIO()
    sheet = csv.writer(out)
    sheet.writerow([column.heading for column in columns])
    for row in rows:
        sheet.writerow([f"{cell.normalize():f}" if isinstance(cell, Decimal) else safe(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _saved(book: Workbook) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()
