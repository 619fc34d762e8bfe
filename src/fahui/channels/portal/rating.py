"""好差评: five faces, none chosen beforehand; reasons when it was bad; three questions of fairness; skipping is fine."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fahui.casework.definitions.queries import definition_of
from fahui.casework.feedback.models import BAD, REASONS
from fahui.casework.ratings.actions import invitation, rate, refuse_staff
from fahui.channels import limits
from fahui.channels.pages import reader_of, scoped
from fahui.channels.portal import queries as portal
from fahui.channels.typed import number
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.errors import Conflict, Invalid, Refusal

_FAIR = ("heard", "respected", "understood")
_YES_NO = {"yes": True, "no": False}


@scoped
def rating(request: HttpRequest, token: str) -> HttpResponse:
    """The rating behind an invitation's secret."""
    reader = reader_of(request)
    refuse_staff(reader)
    with as_system():
        found = invitation(token)
        before = portal.rated(found.case_id)
        definition = definition_of(found.case.version_id)
    if before is not None:
        return render(request, "portal/rate/done.html", {"again": True})
    refusal: Refusal | None = None
    score = number(request.POST.get("score", "")) or 0
    if request.method == "POST":
        if request.POST.get("skip"):
            return render(request, "portal/rate/done.html", {"skipped": True})
        bad = score in BAD
        reasons = request.POST.getlist("reasons")
        if bad and not reasons and not request.POST.get("asked"):
            return _page(request, definition.name.text(reader.language), None, bad=True)
        try:
            limits.spend(request, "rate")
            given = rate(reader, token, score, reasons if bad else [],
                         request.POST.get("comment", ""),
                         **{name: _YES_NO.get(request.POST.get(name, "")) for name in _FAIR})  # fmt: skip
        except Conflict:
            return render(request, "portal/rate/done.html", {"again": True})
        except Invalid as wrong:
            refusal = wrong
        else:
            with as_system():
                review = given.review.tracking_number if given.review else ""
            return render(request, "portal/rate/done.html", {"bad": given.score in BAD, "review": review})
    return _page(request, definition.name.text(reader.language), refusal, bad=False)


def _page(request: HttpRequest, service: str, refusal: Refusal | None, *, bad: bool) -> HttpResponse:
    fields = refusal.fields if refusal else {}
    labels = {"heard": _("听您把话说完了吗"), "respected": _("尊重您吗"), "understood": _("说的您都看懂、听懂了吗")}
    fair = [
        {"name": name, "label": labels[name], "kind": "radio", "value": request.POST.get(name, ""),
         "options": [("yes", _("是")), ("no", _("否"))]}
        for name in _FAIR
    ]  # fmt: skip
    return render(request, "portal/rate/rate.html", {
        "service": service, "fair": fair, "bad": bad, "score": request.POST.get("score", ""),
        "score_error": fields.get("score", ""),
        "reasons": {"name": "reasons", "label": _("哪里不满意"), "kind": "checkbox", "options": [(code, _(name)) for code, name in REASONS],
                    "value": request.POST.getlist("reasons"), "hint": _("可以选几个，也可以不选")},
        "comment": {"name": "comment", "label": _("还想说什么"), "kind": "textarea", "maxlength": 1000,
                    "value": request.POST.get("comment", ""), "error": fields.get("comment", "")},
        "errors": [{"name": name, "text": text} for name, text in fields.items()],
    }, status=refusal.status if refusal else 200)  # fmt: skip
