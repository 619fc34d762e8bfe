"""Several people, one matter: co-workers join by a code in four answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from fahui.casework.companions.actions import join_group, open_group
from fahui.casework.forms.fields import Fen, FormModel, Line, question
from fahui.casework.forms.validation import clean
from fahui.casework.forms.web import from_post, questions
from fahui.channels import limits
from fahui.channels.api.tracking import tracked
from fahui.channels.pages import reader_of, scoped
from fahui.channels.refusals import summary
from fahui.foundation.errors import Conflict, Invalid, Missing, Refusal
from fahui.foundation.people.actions import Person


class Join(FormModel):
    """What a co-worker says: who, how to reach them, how much, how long."""

    name: Line = question("您的姓名", "Your name", min_length=1, sensitive=True)
    phone: Line = question("您的手机号", "Your mobile phone", kind="phone", min_length=1, sensitive=True)
    owed_fen: Fen | None = question("欠您多少", "How much you are owed", default=None, kind="money", unit="元",
                                    hint_zh="记不清可以估一个数")  # fmt: skip
    days: int | None = question("干了多少天", "Days worked", default=None, kind="number", unit="天", ge=1, le=3660)


@scoped
def door(request: HttpRequest) -> HttpResponse:
    """Type the code."""
    code = "".join(c for c in request.GET.get("code", "").upper() if c.isalnum())[:8]
    if code:
        return HttpResponseRedirect(f"/join/{code}")
    return render(request, "portal/join/door.html", {"code": "", "errors": []})


def _unknown(request: HttpRequest, code: str) -> HttpResponse:
    """Said before anything is filled in. Each wrong code counts, so that none is found by trying."""
    limits.spend(request, "join")
    wrong = _("没有这个群体编号，或已经办结。请向发给您编号的人核对。")
    return render(request, "portal/join/door.html", {"code": code, "errors": [{"name": "code", "text": wrong}]}, status=404)


@scoped
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Join a group matter. The page says nothing of the matter itself: a code can be passed on."""
    reader = reader_of(request)
    refusal: Refusal | None = None
    answers = {}
    if request.method != "POST" and not open_group(code):
        return _unknown(request, code)
    if request.method == "POST":
        answers = from_post(Join, request.POST)
        try:
            limits.spend(request, "join")
            form = clean(Join, answers, reader.language)
            assert isinstance(form, Join)
            case = join_group(reader, code, Person(form.name, phone=form.phone), form.owed_fen, form.days)
        except (Invalid, Conflict, Missing) as wrong:
            refusal = wrong
        else:
            return render(request, "portal/join/joined.html", {"where": tracked(case.tracking_number, reader.language)})
    fields = refusal.fields if refusal else {}
    return render(request, "portal/join/join.html", {
        "code": code, "asked": [q.as_field() for q in questions(Join, answers, fields, language=reader.language)],
        "errors": summary(refusal), "joined": isinstance(refusal, Conflict),
        "title": _("和工友一起讨薪"),
    }, status=refusal.status if refusal else 200)  # fmt: skip
