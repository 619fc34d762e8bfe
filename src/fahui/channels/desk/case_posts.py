"""What can be done to any case beside its definition's actions. Each view does one thing and goes back to the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.casework.cases.actions import decide_proposal
from fahui.casework.cases.models import Case
from fahui.casework.cases.permissions import standing
from fahui.casework.cases.queries import get
from fahui.casework.companions import actions as companions
from fahui.casework.documents.actions import add_paper, check_paper, remove_paper
from fahui.casework.receipts.actions import receive
from fahui.channels.desk import choosing
from fahui.channels.desk import queries as desk
from fahui.channels.desk.frame import show
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.typed import number
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.clock import SHANGHAI
from fahui.foundation.errors import Forbidden, Invalid, Refusal
from fahui.foundation.people.actions import Person
from fahui.foundation.people.queries import reveal as show_clear


def _number(request: HttpRequest, name: str) -> int:
    found = number(request.POST.get(name, ""))
    if found is None:
        raise Invalid(_("请先选择。"), fields={name: _("请选择")})
    return found


def _one(part: str) -> Callable[[Callable[[HttpRequest, Reader, Case], str]], Callable[..., HttpResponse]]:
    """A view that does one thing to a case, says so, and goes back to the `part` of its page.

    A refusal is told on the page as well: the page's small forms are quickly filled again.
    """

    def decorate(do: Callable[[HttpRequest, Reader, Case], str]) -> Callable[..., HttpResponse]:
        @require_POST
        @staff_page()
        def view(request: HttpRequest, case_id: int) -> HttpResponse:
            reader = reader_of(request)
            case = get(reader, case_id)
            try:
                messages.success(request, do(request, reader, case))
            except (Invalid, Forbidden) as refusal:
                messages.error(request, refusal.message)
            except Refusal as refusal:
                messages.warning(request, refusal.message)
            return HttpResponseRedirect(f"/desk/cases/{case_id}#{part}")

        view.__doc__ = do.__doc__
        return view

    return decorate


def must_work_on(reader: Reader, case: Case) -> None:
    """Raise Forbidden for a reader who may see the case but has no part in it."""
    if not standing(reader, case).works:
        raise Forbidden(_("这件事不在您的职责范围内。"))


@_one("talk")
def message(request: HttpRequest, reader: Reader, case: Case) -> str:
    """A note among staff, or a message to the applicant."""
    companions.write_message(reader, case.pk, request.POST.get("text", ""), request.POST.get("audience", ""))
    return _("已留言。")


@_one("papers")
def paper_add(request: HttpRequest, reader: Reader, case: Case) -> str:
    """Papers handed in at the window or sent in."""
    must_work_on(reader, case)
    files = request.FILES.getlist("files")
    if not files:
        raise Invalid(_("请先选文件。"), fields={"files": _("请先选文件")})
    for file in files:
        add_paper(reader, case, request.POST.get("material", "other")[:40] or "other", file.name or "", file.read())
    return _("收到 %(count)d 份材料。") % {"count": len(files)}


@_one("papers")
def paper_check(request: HttpRequest, reader: Reader, case: Case) -> str:
    """The original was seen (B), or the issuer's data (A)."""
    must_work_on(reader, case)
    check_paper(reader, case, _number(request, "paper"), request.POST.get("trust", ""))
    return _("已核验。")


@_one("papers")
def paper_remove(request: HttpRequest, reader: Reader, case: Case) -> str:
    """Take back a paper added by mistake."""
    must_work_on(reader, case)
    remove_paper(reader, case, _number(request, "paper"))
    return _("已撤回。")


@_one("documents")
def delivered(request: HttpRequest, reader: Reader, case: Case) -> str:
    """A document reached its reader."""
    must_work_on(reader, case)
    try:
        on = date.fromisoformat(request.POST["on"]) if request.POST.get("on") else None
    except ValueError as error:
        raise Invalid(_("收到的日期没有填对。"), fields={"on": _("请核对日期")}) from error
    receive(
        reader, case, _number(request, "delivery"), request.POST.get("method", ""), request.POST.get("receipt", ""), on
    )
    return _("已登记送达。")


@_one("top")
def proposal(request: HttpRequest, reader: Reader, case: Case) -> str:
    """The second pair of eyes confirms or sends back."""
    confirm = request.POST.get("decision") == "confirm"
    decide_proposal(reader, _number(request, "proposal"), confirm, request.POST.get("comment", ""))
    return _("已同意，已生效。") if confirm else _("已退回。")


@_one("top")
def urge(request: HttpRequest, reader: Reader, case: Case) -> str:
    """督办 with a day and an hour."""
    try:
        due = datetime.fromisoformat(request.POST.get("due", "")).replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise Invalid(_("请写明最迟什么时候答复。"), fields={"due": _("请选日期和时间")}) from error
    companions.urge(reader, case.pk, request.POST.get("text", ""), due)
    return _("已督办。")


@_one("top")
def urge_answer(request: HttpRequest, reader: Reader, case: Case) -> str:
    """Answer a 督办."""
    companions.answer_urge(reader, _number(request, "urge"), request.POST.get("text", ""))
    return _("已答复。")


@_one("related")
def refer(request: HttpRequest, reader: Reader, case: Case) -> str:
    """Ask another organisation to take over or to help."""
    companions.refer(
        reader, case.pk, choosing.chosen("institution", request.POST.get("institution", ""), "institution") or 0,
        request.POST.get("kind", ""), request.POST.get("reason", ""),
    )  # fmt: skip
    return _("已发出，等对方答复。")


@_one("related")
def refer_answer(request: HttpRequest, reader: Reader, case: Case) -> str:
    """Our organisation accepts or refuses what was sent to it."""
    accept = request.POST.get("decision") == "accept"
    companions.answer_referral(reader, _number(request, "referral"), accept, request.POST.get("text", ""))
    return _("已接收。") if accept else _("已退回。")


@_one("top")
def hand(request: HttpRequest, reader: Reader, case: Case) -> str:
    """Put a colleague in charge, or oneself."""
    companions.hand_to(reader, case.pk, _number(request, "user"), request.POST.get("reason", ""))
    return _("已转交经办人。")


@_one("related")
def group(request: HttpRequest, reader: Reader, case: Case) -> str:
    """Make it a group matter with a share code."""
    made = companions.start_group(reader, case.pk)
    return _("分享码 %(code)s，其他人凭它加入同一件事。") % {"code": made.share_code}


@_one("related")
def merge(request: HttpRequest, reader: Reader, case: Case) -> str:
    """The same matter was brought twice: this one goes into the other."""
    into = companions.merge_repeat(reader, case.pk, _number(request, "into"))
    return _("已并入 %(number)s。") % {"number": into.tracking_number}


@_one("people")
def party(request: HttpRequest, reader: Reader, case: Case) -> str:
    """Add someone with a part."""
    person = Person(name=request.POST.get("name", ""), phone=request.POST.get("phone", ""))
    companions.add_party(reader, case.pk, request.POST.get("role", ""), person)
    return _("已添加。")


@require_POST
@staff_page()
def reveal(request: HttpRequest, case_id: int) -> HttpResponse:
    """Phone and identity number in clear, once, with the reason; the look is logged."""
    reader = reader_of(request)
    case = get(reader, case_id)
    must_work_on(reader, case)
    part, why = desk.part(case, _number(request, "part")), request.POST.get("why", "").strip()[:100]
    if not why:
        raise Invalid(_("请写明为什么要看。"), fields={"why": _("例如：电话回访")})
    context = {"case": case, "part": part, "clear": show_clear(reader, part.party, case.pk, why)}
    if request.headers.get("HX-Request"):
        response = render(request, "desk/parts/revealed.html", context)
    else:
        response = show(request, "desk/revealed.html", context, here="/desk/")
    response["Cache-Control"] = "no-store"
    return response
