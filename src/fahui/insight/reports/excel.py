"""A report as an Excel workbook: the targets, their parts, their course, the readings, and what a correction changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from fahui.foundation.clock import SHANGHAI
from fahui.foundation.tables.cells import safe
from fahui.insight.figures.rules import STATUSES, told
from fahui.insight.reports.content import STATUS_ZH, Content, Line

_HEAD = PatternFill("solid", fgColor="E8E4DA")


def workbook(content: Content) -> bytes:
    """The bytes of the .xlsx. Numbers are numbers, so that totals can be checked."""
    book = Workbook()
    first: Any = book.active
    first.title = "目标"
    _fill(first, ["编号", "条款", "目标", "数值", "单位", "分子", "分母", "要达到", "期限", "状态", "基数", "责任单位", "增幅从哪到哪"],
          ([x.id, x.clause, x.name, _number(x.value), x.unit, _amount(x.upper), _amount(x.lower), x.aim, x.by, x.status, x.baseline, x.responsible, x.grown]
           for x in content.lines), [14, 18, 42, 12, 10, 12, 12, 18, 12, 10, 22, 30, 34])  # fmt: skip
    _parts(book.create_sheet("各地"), content)
    _fill(book.create_sheet("走势"), ["编号", "目标", "到哪一天", "数值"],
          ([x.id, x.name, day, _number(value)] for x in content.lines for day, value in x.trend), [14, 42, 14, 12])  # fmt: skip
    _fill(book.create_sheet("依据与口径"), ["编号", "条款", "原文", "解读"],
          ([x.id, x.clause, x.quote, x.reading] for x in content.lines), [14, 18, 70, 60])  # fmt: skip
    if content.standings:
        _fill(book.create_sheet("各地比较"), ["地区", "已达到（%）", *(STATUS_ZH[status] for status in STATUSES)],
              ([x.name, _number(told(x.met, 1)), *x.counts] for x in content.standings), [24, 12, *[10] * len(STATUSES)])  # fmt: skip
    if content.chapters:
        _fill(book.create_sheet("逐条依据"), ["条款", "标题", "编号", "原文", "责任单位", "平台", "已有的", "还缺", "目标数值"],
              ([c.id, c.heading, p.id, p.quote, p.responsible, p.state, "；".join(p.parts), p.lacking, "；".join(map(_figure, p.figures))]
               for c in content.chapters for p in c.proofs), [14, 24, 12, 60, 24, 12, 60, 40, 40])  # fmt: skip
    if content.version > 1:
        _fill(
            book.create_sheet("修订表"),
            ["目标", "原数", "更正后"],
            ([c.name, c.before, c.after] for c in content.changes),
            [42, 24, 24],
        )
    about = book.create_sheet("说明")
    for row in _about(content):
        about.append([safe(cell) for cell in row])
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 16, 80
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _parts(sheet: Worksheet, content: Content) -> None:
    heads = ["编号", "目标", *(f"{name} {what}" for name in content.part_names for what in ("分子", "分母", "数值"))]

    def cells(line: Line) -> list[Any]:
        found: list[Any] = [line.id, line.name]
        for _name, numbers, value in line.parts:
            upper, lower = numbers or (None, None)
            found += [_amount(upper), _amount(lower), _number(value)]
        return found

    _fill(sheet, heads, (cells(line) for line in content.lines), [14, 42, *[10] * (3 * len(content.part_names))])


def _about(content: Content) -> list[list[str]]:
    rows = [["标题", content.title], ["依据", content.policy], ["地区", content.place], ["截至", str(content.as_of)],
            ["记录取自", f"{content.records_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"], ["版本", f"第{content.version}版"]]  # fmt: skip
    rows += [["更正原因", content.reason]] if content.reason else []
    rows += [[name, str(count)] for name, count in content.counts]
    if content.part_names:
        rows.append(["各地", "各地加“本级”等于合计；不同的人、不同的时间只计一次的，各地不能相加"])
    return [*rows, ["无", "表示没有可计的数，不等于0，也不等于100%"]]


def _fill(sheet: Worksheet, heads: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> None:
    sheet.append(list(heads))
    for row in rows:
        sheet.append([safe(cell) if isinstance(cell, str) else cell for cell in row])
    for cell in sheet[1]:
        cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, Alignment(wrap_text=True, vertical="center")
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _amount(value: Fraction | None) -> int | float | None:
    return None if value is None else int(value) if value.denominator == 1 else float(value)


def _figure(line: Line) -> str:
    return f"{line.name}：{line.value}{'' if line.value == '无' else line.unit}（{line.status}）"


def _number(text: str) -> float | str:
    return text if text == "无" else float(text)
