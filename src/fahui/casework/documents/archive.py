"""A closed case as one indexed archive file (卷): every paper, document, delivery, message, event and clock, with digests."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

from fahui.casework.cases.models import Case
from fahui.casework.cases.queries import kept_for, timeline
from fahui.casework.definitions.loader import service
from fahui.casework.definitions.queries import definition_of
from fahui.casework.documents.models import Delivery
from fahui.casework.documents.render import pdf
from fahui.casework.documents.storage import read
from fahui.casework.forms.web import readable
from fahui.foundation import clock
from fahui.foundation.vault.crypto import sm3

_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf", "image/webp": "webp",
               "image/heic": "heic", "video/mp4": "mp4", "audio/mpeg": "mp3",
               "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
               "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx"}  # fmt: skip


def archive(case: Case) -> bytes:
    """The case's file as a ZIP: 目录.json and 目录.txt, then 文书/, 材料/ and 记录/. Digests are SM3."""
    definition = definition_of(case.version_id)
    buffer, index = BytesIO(), []
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:

        def put(path: str, data: bytes, what: str) -> None:
            bundle.writestr(path, data)
            index.append({"path": path, "what": what, "size": len(data), "sm3": sm3(data).hex()})

        for number, document in enumerate(case.documents.order_by("id"), start=1):
            data = pdf(document.content, document.number)
            put(f"文书/{number:02d}-{document.title}.pdf", data, f"{document.title} {document.number}")
        for number, paper in enumerate(case.papers.filter(removed_at=None).select_related("file").order_by("id"), start=1):
            extension = _EXTENSIONS.get(paper.file.mime, "bin")
            put(f"材料/{number:02d}-{paper.material}.{extension}", read(paper.file_id), f"{paper.name}（{paper.trust}级）")
        form = service(case.service).details_form(case.matter)
        answers = "\n".join(f"{question}：{answer}" for question, answer in readable(form, case.details))
        put("记录/申请内容.txt", answers.encode(), "申请内容")
        events = [{"at": e.at.isoformat(), "kind": e.kind, "by": e.actor_role, "data": e.data} for e in timeline(case)]
        put("记录/办理过程.json", json.dumps(events, ensure_ascii=False, indent=1).encode(), "办理过程")
        clocks = [{"code": d.code, "started": d.started_at.isoformat(), "due": d.due_at.isoformat() if d.due_at else None,
                   "status": d.status, "stops": d.stops} for d in case.deadlines.order_by("id")]  # fmt: skip
        put("记录/期限.json", json.dumps(clocks, ensure_ascii=False, indent=1).encode(), "期限")
        delivered = [
            {"document": row.document.title, "number": row.document.number, "to": row.to_role, "method": row.get_method_display(),
             "sent": row.sent_at.isoformat(), "received": row.received_at.isoformat() if row.received_at else None,
             "receipt": row.receipt}
            for row in Delivery.objects.filter(document__case=case).select_related("document").order_by("id")
        ]  # fmt: skip
        put("记录/送达.json", json.dumps(delivered, ensure_ascii=False, indent=1).encode(), "送达")
        said = [f"{m.at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M} {m.get_audience_display()}：{m.text}" for m in case.messages.order_by("id")]
        put("记录/留言.txt", "\n\n".join(said).encode(), "留言")
        head = {
            "tracking_number": case.tracking_number, "service": definition.name.zh,
            "matter": definition.matter(case.matter).name.zh, "version": definition.version,
            "outcome": case.outcome, "opened": case.opened_at.isoformat(),
            "closed": case.closed_at.isoformat() if case.closed_at else None, "made": clock.now().isoformat(),
            "retention_years": kept_for(case.service, definition), "files": index,
        }  # fmt: skip
        bundle.writestr("目录.json", json.dumps(head, ensure_ascii=False, indent=1))
        lines = [f"{n:>3}  {item['path']}  {item['what']}" for n, item in enumerate(index, start=1)]
        bundle.writestr("目录.txt", "\n".join([f"卷号 {case.tracking_number}", *lines]))
    return buffer.getvalue()
