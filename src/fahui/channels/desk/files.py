"""Downloads: papers (logged), issued documents as Word and PDF, and the archive of a closed case."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fahui.casework.cases.queries import get
from fahui.casework.documents.archive import archive
from fahui.casework.documents.render import pdf, word
from fahui.casework.documents.storage import read
from fahui.channels.desk import queries as desk
from fahui.channels.desk.case_posts import must_work_on
from fahui.channels.pages import reader_of, staff_page
from fahui.foundation.audit.actions import record_look
from fahui.foundation.errors import Conflict, Missing

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def attachment(data: bytes, mime: str, name: str) -> HttpResponse:
    """A file to save, never shown inside our pages."""
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@staff_page()
def paper(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    """A paper handed in. That it was opened is written down."""
    reader = reader_of(request)
    case = get(reader, case_id)
    must_work_on(reader, case)
    found = desk.paper(case, paper_id)
    record_look(reader, f"paper:{found.pk}", case_id=case.pk, why="打开材料")
    return attachment(read(found.file_id), found.file.mime, found.name)


@staff_page()
def document(request: HttpRequest, case_id: int, document_id: int, kind: str) -> HttpResponse:
    """An issued document as PDF or Word."""
    reader = reader_of(request)
    case = get(reader, case_id)
    must_work_on(reader, case)
    found = desk.document(case, document_id)
    record_look(reader, f"document:{found.pk}", case_id=case.pk, why="打开文书")
    name = f"{found.title}{found.number}"
    if kind == "pdf":
        return attachment(pdf(found.content, found.number), "application/pdf", f"{name}.pdf")
    if kind == "docx":
        return attachment(word(found.content, found.number), WORD, f"{name}.docx")
    raise Missing(_("没有这种格式。"))


@staff_page()
def whole(request: HttpRequest, case_id: int) -> HttpResponse:
    """The archive of a closed case."""
    reader = reader_of(request)
    case = get(reader, case_id)
    must_work_on(reader, case)
    if case.open:
        raise Conflict(_("办结后才能下载案卷。"))
    record_look(reader, f"case:{case.pk}", case_id=case.pk, why="下载案卷")
    return attachment(archive(case), "application/zip", f"{case.tracking_number}.zip")
