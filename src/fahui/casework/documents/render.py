"""A document's fixed text as Word (editable) and PDF (with its own Chinese fonts), and a closed case as one archive."""

from __future__ import annotations

import importlib.util
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from docx import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

# GB/T 9704 page: A4, 37 mm top, 28 mm left; body in 仿宋 where the reader's machine has it.
_TYPST = """
#let d = json(bytes(sys.inputs.content))
#set document(title: d.title)
#set page(paper: "a4", margin: (top: 3.4cm, bottom: 3.2cm, left: 2.8cm, right: 2.6cm),
  footer: context align(center, text(size: 9pt)[#d.tracking_number　第 #counter(page).display() 页 共 #counter(page).final().first() 页]))
#set text(font: ("Noto Serif SC",), size: 14pt, lang: "zh", region: "cn")
#set par(leading: 1.05em, spacing: 1.05em, justify: true, first-line-indent: (amount: 2em, all: true))
#align(center, text(font: ("Noto Sans SC",), size: 21pt)[#d.title])
#align(right, text(size: 11pt)[#d.number])
#v(0.6em)
#if d.addressee != "" { par(first-line-indent: 0em)[#d.addressee：] }
#for p in d.paragraphs { par[#p] }
#if d.reasons != "" { par[理由：#d.reasons] }
#if d.basis.len() > 0 { par[依据：#d.basis.join("、")。] }
#if d.remedy != "" { par[#d.remedy] }
#if d.closing != "" { par[#d.closing] }
#v(2em)
#align(right)[#d.signature \\ #d.date]
#if d.plain.len() > 0 [
  #v(1.2em)
  #block(width: 100%, inset: 10pt, stroke: 0.6pt + luma(150), radius: 3pt)[
    #set text(font: ("Noto Sans SC",), size: 11pt)
    #set par(first-line-indent: 0em)
    说明白些：
    #for p in d.plain { par[#p] }
  ]
]
"""


def _fonts() -> str:
    spec = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package pylopdf-fonts-zh-cn is missing")
    return str(Path(spec.origin).parent)


def pdf(content: dict[str, Any], number: str) -> bytes:
    """The document as PDF/A, fonts embedded."""
    body = json.dumps({**content, "number": number}, ensure_ascii=False)
    made = typst.compile(  # type: ignore[misc] # its published types have one type variable for input and output
        _TYPST.encode(), sys_inputs={"content": body}, font_paths=[_fonts()], ignore_system_fonts=True,
        pdf_standards=["a-2b"],
    )  # fmt: skip
    return bytes(made)


def word(content: dict[str, Any], number: str) -> bytes:
    """The document as Word, to edit or to print on the bureau's own letterhead."""
    document = WordDocument()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.left_margin, section.right_margin = Cm(3.7), Cm(2.8), Cm(2.6)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "仿宋", Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    _line(document, content["title"], size=22, align=WD_ALIGN_PARAGRAPH.CENTER, font="宋体")
    _line(document, number, size=12, align=WD_ALIGN_PARAGRAPH.RIGHT)
    if content["addressee"]:
        _line(document, f"{content['addressee']}：", indent=False)
    for paragraph in content["paragraphs"]:
        _line(document, paragraph)
    if content["reasons"]:
        _line(document, f"理由：{content['reasons']}")
    if content["basis"]:
        _line(document, f"依据：{'、'.join(content['basis'])}。")
    for key in ("remedy", "closing"):
        if content[key]:
            _line(document, content[key])
    _line(document, content["signature"], align=WD_ALIGN_PARAGRAPH.RIGHT)
    _line(document, content["date"], align=WD_ALIGN_PARAGRAPH.RIGHT)
    if content["plain"]:
        _line(document, "说明白些：", size=12, indent=False)
        for paragraph in content["plain"]:
            _line(document, paragraph, size=12, indent=False)
    document.core_properties.title = content["title"]
    document.core_properties.subject = number
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _line(
    document: Any, text: str, *, size: int = 16, align: Any = None, font: str = "仿宋", indent: bool = True
) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    if align is not None:
        paragraph.alignment = align
    elif indent:
        paragraph.paragraph_format.first_line_indent = Pt(size * 2)
