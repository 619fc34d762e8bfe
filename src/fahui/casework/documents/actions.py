"""Taking papers in, issuing documents, recording delivery."""

from __future__ import annotations

import functools
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import yaml
from django.db import connection
from django.utils.translation import gettext as _
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from fahui.casework.cases.context import ActionContext
from fahui.casework.cases.models import Case
from fahui.casework.definitions.schema import Document
from fahui.casework.documents.models import Delivery, IssuedDocument, Paper, StoredFile
from fahui.casework.documents.storage import keep
from fahui.foundation import cities, clock
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.clock import SHANGHAI
from fahui.foundation.errors import Conflict, Invalid, Missing

_NEXT_NUMBER = (
    "INSERT INTO casework_documentnumber (series, year, last) VALUES (%s, %s, 1) "
    "ON CONFLICT (series, year) DO UPDATE SET last = casework_documentnumber.last + 1 RETURNING last"
)


def add_paper(reader: Reader, case: Case, material: str, name: str, data: bytes, *, promised: bool = False) -> Paper:
    """Add a paper to a case the reader may act on. Raises Invalid (type, size) or Conflict (the case has ended)."""
    if not case.open:
        raise Conflict(_("这件事已经办结，不能再补材料。如有新情况请另行提出。"))
    digest, mime = keep(data)
    StoredFile.objects.bulk_create(
        [StoredFile(digest=digest, size=len(data), mime=mime)], ignore_conflicts=True
    )
    trust = "D" if promised else ("B" if reader.kind == "staff" else "C")
    paper = Paper.objects.create(
        case=case, material=material, name=(name.strip() or "材料")[:200], file_id=digest, trust=trust,
        source=reader.acting_as, added_by_id=reader.user_id, added_at=clock.now(),
    )  # fmt: skip
    append(reader, Entry("paper.added", case_id=case.pk, data={"material": material, "digest": digest, "trust": trust}))
    return paper


def check_paper(reader: Reader, case: Case, paper_id: int, trust: str) -> Paper:
    """A member of staff saw the original or the issuer's data. Raises Missing or Invalid."""
    if trust not in {"A", "B"}:
        raise Invalid(_("核验结果只能是A（签发单位数据）或B（已核验原件）。"), fields={"trust": _("请选择A或B")})
    paper = Paper.objects.select_for_update(of=("self",)).filter(pk=paper_id, case=case, removed_at=None).first()
    if paper is None:
        raise Missing(_("没有这份材料。"))
    paper.trust, paper.checked_by_id, paper.checked_at = trust, reader.user_id, clock.now()
    paper.save(update_fields=["trust", "checked_by", "checked_at"])
    append(reader, Entry("paper.checked", case_id=case.pk, data={"material": paper.material, "trust": trust}))
    return paper


def remove_paper(reader: Reader, case: Case, paper_id: int) -> None:
    """Take back a paper added by mistake, while nobody has checked it. The file is kept for the record."""
    paper = Paper.objects.select_for_update(of=("self",)).filter(pk=paper_id, case=case, removed_at=None).first()
    if paper is None:
        raise Missing(_("没有这份材料。"))
    if paper.checked_at or paper.added_by_id != reader.user_id:
        raise Conflict(_("这份材料已经核验或不是您添加的，不能撤回。"))
    paper.removed_at = clock.now()
    paper.save(update_fields=["removed_at"])
    append(reader, Entry("paper.removed", case_id=case.pk, data={"material": paper.material}))


def issue(ctx: ActionContext, spec: Document, extra: dict[str, Any]) -> IssuedDocument:
    """Issue a document: give it the next number of its series and fix its text. Word and PDF are made from that text."""
    title, number = spec.name.zh, next_number(ctx, spec)
    template = _template(ctx.service.folder / "documents" / f"{spec.template}.yaml")
    context = _context(ctx, spec, number, extra)
    environment = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)

    def fill(text: str | None) -> str:
        return environment.from_string(text).render(context).strip() if text else ""

    content = {
        "title": fill(template.get("title")) or title,
        "addressee": fill(template.get("addressee")),
        "paragraphs": [p for p in map(fill, template.get("body", [])) if p],
        "plain": [p for p in map(fill, template.get("plain", [])) if p],
        "reasons": str(ctx.answers.get("reason_text") or ctx.answers.get("reason") or "")
        if template.get("reasons") else "",
        "basis": spec.basis,
        "remedy": fill(template.get("remedy")) or (spec.remedy.zh if spec.remedy else ""),
        "closing": fill(template.get("closing")),
        "signature": context["org"] or context["bureau"],
        "date": context["today"],
        "tracking_number": ctx.case.tracking_number,
    }  # fmt: skip
    document = IssuedDocument.objects.create(
        case=ctx.case, document=spec.id, title=content["title"][:120], number=number, content=content,
        issued_by_id=ctx.reader.user_id, issued_at=ctx.now,
    )  # fmt: skip
    for role in spec.to:
        _deliver(ctx, document, role)
    ctx.record("document.issued", document=spec.id, number=number)
    return document


def next_number(ctx: ActionContext, spec: Document) -> str:
    """The next number of the series, e.g. 〔2026〕乐援决字第12号. The row lock keeps the series without gaps."""
    year = ctx.now.astimezone(SHANGHAI).year
    place = cities.current().name.zh[:1]
    if ctx.case.institution and ctx.case.institution.short_name:
        place = ctx.case.institution.short_name
    series = f"{place}{spec.series}"
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, [series, year])
        last = cursor.fetchone()[0]
    return f"〔{year}〕{series}字第{last}号"


def record_receipt(reader: Reader, case: Case, delivery_id: int, method: str, receipt: str, on: date | None = None) -> Delivery:
    """Record that a document reached its reader, now or on an earlier day; limits that run from receipt count from there.

    Raises Missing, Conflict (recorded before) or Invalid (method; a day to come, or before it was sent).
    """
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id, document__case=case).first()
    if delivery is None:
        raise Missing(_("没有这条送达记录。"))
    if delivery.received_at:
        raise Conflict(_("已经登记过送达。"))
    if method not in dict(Delivery.METHODS):
        raise Invalid(_("请选择送达方式。"), fields={"method": _("请选择送达方式")})
    if on is not None and not delivery.sent_at.astimezone(SHANGHAI).date() <= on <= clock.today():
        raise Invalid(_("收到的日期应在文书作出以后、今天以前。"), fields={"on": _("请核对日期")})
    earlier = datetime.combine(on, time(12), SHANGHAI) if on and on < clock.today() else None
    at = max(earlier, delivery.sent_at) if earlier else clock.now()
    delivery.method, delivery.receipt, delivery.received_at = method, receipt.strip()[:200], at
    delivery.save(update_fields=["method", "receipt", "received_at"])
    append(reader, Entry("document.received", case_id=case.pk, data={"document": delivery.document.document}))
    return delivery


def _deliver(ctx: ActionContext, document: IssuedDocument, role: Role) -> None:
    party = ctx.case.applicant if role == Role.APPLICANT else None
    method = {Role.APPLICANT: "online", Role.CASE_ORGAN: "organ"}.get(role, "online")
    Delivery.objects.create(document=document, party=party, to_role=role.value, method=method, sent_at=ctx.now)


def _context(ctx: ActionContext, spec: Document, number: str, extra: dict[str, Any]) -> dict[str, Any]:
    case, provider = ctx.case, ctx.case.provider
    matter = ctx.definition.matter(case.matter)
    due = {row.code: _chinese_day(row.due_at) for row in ctx.clocks.rows if row.due_at}
    return {
        "applicant": case.applicant.name if case.applicant else "申请人",
        "number": number, "tracking_number": case.tracking_number,
        "case": {"matter_name": matter.name.zh, "opened_on": _chinese_day(case.opened_at), "title": case.title,
                 "state": ctx.definition.state(case.state).name.zh},
        "details": _words(ctx, case.details, ctx.definition.matter(case.matter).details),
        "payload": _words(ctx, ctx.answers, ctx.action.form if ctx.action else None),
        "org": case.institution.name if case.institution else "", "bureau": cities.current().bureau.zh,
        "provider": {"name": provider.name, "firm": provider.institution.name, "phone": provider.phone}
        if provider else None,
        "today": _chinese_day(ctx.now), "basis": spec.basis, "due": _Due(due), "hotline": cities.current().hotline,
        **extra,
    }  # fmt: skip


class _Due(dict[str, str]):
    """Deadline dates by id; a clock that does not run reads as words, not as an error."""

    def __missing__(self, key: str) -> str:
        return "规定期限内"


class _Blank(dict[str, Any]):
    """Answers by field; an unanswered question reads as empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _words(ctx: ActionContext, values: dict[str, Any], form: str | None) -> _Blank:
    """Answers for a template: choices as their Chinese words, everything else as it is."""
    if form is None:
        return _Blank(values)
    model = ctx.service.form(form)
    return _Blank(values | model.in_words(values))


def _chinese_day(moment: Any) -> str:
    day = moment.astimezone(SHANGHAI).date()
    return f"{day.year}年{day.month}月{day.day}日"


@functools.lru_cache(maxsize=256)
def _template(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
