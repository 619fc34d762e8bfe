"""The facts of a case on one form: what was asked later is written down, what was noted wrongly is put right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from fahui.casework.cases.permissions import standing
from fahui.casework.cases.queries import get
from fahui.casework.corrections.actions import KEPT, correct, may_correct
from fahui.casework.definitions.loader import service
from fahui.casework.forms.web import from_post
from fahui.channels.desk import forms
from fahui.channels.desk.explain import explanation
from fahui.channels.desk.frame import show
from fahui.channels.desk.rows import row
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.refusals import summary
from fahui.channels.typed import number
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Refusal


@staff_page()
def details(request: HttpRequest, case_id: int) -> HttpResponse:
    """The form, and keeping it. The rules say beside it what is still to be asked."""
    reader = reader_of(request)
    case = get(reader, case_id)
    if not may_correct(standing(reader, case)):
        raise Forbidden(_("您不能更正：这件事不在您的职责范围内，或者已经办结。"))
    model = service(case.service).details_form(case.matter)
    answers: dict[str, Any] = dict(case.details)
    refusal: Refusal | None = None
    if request.method == "POST":
        answers = from_post(model, request.POST)
        try:
            done = correct(reader, case.pk, answers, request.POST.get("reason", ""), number(request.POST.get("revision", "")))
        except (Invalid, Conflict) as wrong:
            refusal, case = wrong, get(reader, case_id)
        else:
            messages.success(request, _("已记下。"))
            return HttpResponseRedirect(f"/desk/cases/{done.pk}")
    errors = refusal.fields if refusal else {}
    return show(request, "desk/details.html", {
        "case": case, "row": row(case, reader), "groups": forms.groups(model, answers, errors, reader.language, skip=KEPT),
        "reason": {"name": "reason", "label": _("怎么知道的"), "required": True, "maxlength": 200, "value": request.POST.get("reason", ""),
                   "error": errors.get("reason", ""), "hint": _("例如：11月23日电话问的；看了户口簿")},
        "errors": summary(refusal), "advice": explanation(case, reader),
    }, here="/desk/", status=refusal.status if refusal else 200)  # fmt: skip
