"""A report as a Word document: how the policy stands, chapter by chapter, with the clause behind each figure."""

from __future__ import annotations

from io import BytesIO
from itertools import groupby
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from fahui.insight.figures.rules import STATUSES, told
from fahui.insight.reports.content import STATUS_ZH, Content, Line, share_met

_FONT = "FangSong"
_HEADS = ["目标", "现在", "分子／分母", "要达到", "期限", "状态"]


def document(content: Content) -> bytes:
    """The bytes of the .docx: clause by clause with its figures or, of the evidence, with its demands and what stands behind them."""
    book = Document()
    _page(book)
    book.add_heading(content.title, 0)
    book.add_paragraph(
        f"{content.bureau}　截至{content.as_of.year}年{content.as_of.month}月{content.as_of.day}日　第{content.version}版"
    )
    book.add_paragraph(f"依据：{content.policy}。数值从在办和已办记录直接计算，“无”表示没有可计的数，不等于零。")
    if content.reason:
        book.add_paragraph(f"本版更正原因：{content.reason}")
    _overview(book, content)
    if content.version > 1:
        _changes(book, content)
    if content.standings:
        _standings(book, content)
    if content.chapters:
        _evidence(book, content)
    else:
        _figures(book, content)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _figures(book: Any, content: Content) -> None:
    for chapter, inside in groupby(content.lines, key=lambda line: line.clause):
        book.add_heading(chapter, 1)
        found = list(inside)
        if content.quotes:
            for quote in dict.fromkeys(line.quote for line in found):
                _quote(book, quote)
        _table(book, _HEADS, [_cells(line) for line in found])
        for line in found:
            if line.reading:
                book.add_paragraph(f"口径说明（{line.name}）：{line.reading}")


def _evidence(book: Any, content: Content) -> None:
    for chapter in content.chapters:
        book.add_heading(f"{chapter.id}　{chapter.heading}", 1)
        for proof in chapter.proofs:
            _quote(book, proof.quote)
            line = f"{proof.id}　{proof.state}"
            book.add_paragraph(f"{line}　责任单位：{proof.responsible}" if proof.responsible else line)
            for part in proof.parts:
                book.add_paragraph(part, style="List Bullet")
            if proof.lacking:
                book.add_paragraph(f"还缺：{proof.lacking}")
            if proof.figures:
                _table(book, _HEADS, [_cells(line) for line in proof.figures])


def _quote(book: Any, words: str) -> None:
    book.add_paragraph("“" + " ".join(words.split()) + "”", style="Quote")


def _standings(book: Any, content: Content) -> None:
    book.add_heading("各地比较", 1)
    heads = ["地区", "已达到（%）", *(STATUS_ZH[status] for status in STATUSES)]
    rows = [[one.name, told(one.met, 1), *map(str, one.counts)] for one in content.standings]
    _table(book, heads, rows)
    book.add_paragraph("按有数值目标、要本地达到的各项计算；要全市达到的总数不分到各地。")


def _overview(book: Any, content: Content) -> None:
    book.add_heading("总的情况", 1)
    share = share_met(content.lines)
    book.add_paragraph(
        f"共{len(content.lines)}项目标。有数值目标的，已达到{told(share, 1)}%。"
        if share is not None
        else f"共{len(content.lines)}项目标。"
    )
    _table(book, ["状态", "项数"], [[name, str(count)] for name, count in content.counts])


def _changes(book: Any, content: Content) -> None:
    book.add_heading("修订表", 1)
    _table(book, ["目标", "原数", "更正后"], [[c.name, c.before, c.after] for c in content.changes])


def _cells(line: Line) -> list[str]:
    made = "–" if line.upper is None else told(line.upper) + ("" if line.lower is None else f"／{told(line.lower)}")
    return [
        line.name,
        line.value if line.value == "无" else f"{line.value} {line.unit}",
        line.grown or made,
        line.aim,
        line.by.isoformat(),
        line.status,
    ]


def _table(book: Any, heads: list[str], rows: list[list[str]]) -> None:
    table = book.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    book.add_paragraph()


def _page(book: Any) -> None:
    section = book.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(2))
    style = book.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
