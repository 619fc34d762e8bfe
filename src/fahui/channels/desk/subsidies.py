"""Subsidies due to providers: see them together, and record a payment for several at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from fahui.casework.definitions.loader import services
from fahui.casework.funding import queries
from fahui.casework.funding.actions import PAYERS, mark_paid
from fahui.casework.funding.models import Subsidy
from fahui.channels.desk.frame import show
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.typed import number
from fahui.foundation import clock
from fahui.foundation.errors import Invalid, Refusal


@staff_page(*sorted(PAYERS))
def subsidies(request: HttpRequest) -> HttpResponse:
    """What is due or paid; a POST records a payment for the chosen ones."""
    reader, refused = reader_of(request), None
    if request.method == "POST":
        try:
            chosen = [pk for pk in map(number, request.POST.getlist("subsidy")) if pk]
            count = mark_paid(reader, chosen, _day(request.POST.get("paid_on", "")), request.POST.get("payment", ""))
            messages.success(request, _("已登记发放%(count)s笔。") % {"count": count})
            return redirect("desk-subsidies")
        except Refusal as refusal:
            refused = refusal
    status = "paid" if request.GET.get("status") == "paid" else "due"
    rows = queries.listed(reader, status, _after(request.GET.get("after", "")))
    page = rows[: queries.PAGE]
    here = reverse("desk-subsidies")
    fields = refused.fields if refused else {}
    return show(request, "desk/subsidies.html", {
        "lines": [_line(row, reader.language) for row in page], "paid": status == "paid", "total": queries.together(reader, status),
        "tabs": [{"label": _("待发放"), "href": here, "current": status == "due"},
                 {"label": _("已发放"), "href": f"{here}?status=paid", "current": status == "paid"}],
        "following": f"{page[-1].due_since.isoformat()}_{page[-1].pk}" if len(rows) > queries.PAGE else "",
        "refused": refused, "errors": [{"name": name, "text": text} for name, text in fields.items()],
        "chosen": set(request.POST.getlist("subsidy")),
        "paid_on": {"name": "paid_on", "label": _("发放日期"), "kind": "date", "required": True, "error": fields.get("paid_on", ""),
                    "value": request.POST.get("paid_on", clock.today().isoformat())},
        "payment": {"name": "payment", "label": _("支付凭证号"), "required": True, "maxlength": 60, "error": fields.get("payment", ""),
                    "value": request.POST.get("payment", "")},
    }, here=here, status=refused.status if refused else 200)  # fmt: skip


def _line(row: Subsidy, language: str) -> dict[str, Any]:
    definition = services()[row.case.service].definition
    matter = next((m.name.text(language) for m in definition.matters if m.id == row.kind), row.kind)
    return {"row": row, "kind": matter, "href": reverse("desk-case", args=[row.case_id]), "number": row.case.tracking_number,
            "name": row.practitioner.name, "firm": row.practitioner.institution.name}  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(_("发放日期不对。"), fields={"paid_on": _("例如 2026-12-01")}) from error


def _after(text: str) -> tuple[datetime, int] | None:
    since, _sep, pk = text.partition("_")
    try:
        return (datetime.fromisoformat(since), int(pk)) if text else None
    except ValueError as error:
        raise Invalid(_("翻页标记不对，请从第一页重新开始。")) from error
