"""Handing an interview in: the phone is proven where that is needed, the case is opened, and the last page says
number, who, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.casework.cases.models import Case
from fahui.casework.definitions.loader import service_numbers
from fahui.casework.definitions.queries import definition_of
from fahui.casework.drafts import actions as drafts
from fahui.channels import limits
from fahui.channels.api.tracking import tracked
from fahui.channels.pages import read_by, reader_of, scoped
from fahui.channels.portal import queries as portal
from fahui.channels.portal.actions import add_files, done_case, find_own_cases, hand_in, share, text_code, text_consent
from fahui.channels.portal.apply import check_page
from fahui.channels.portal.interview import Interview, going_on, gone, held, remember
from fahui.channels.portal.mine import remember_opened
from fahui.channels.portal.words import time_limit
from fahui.foundation import clock
from fahui.foundation.accounts.actions import CodePurpose, check_code, resident_of
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.queries import reader_of as reader_behind
from fahui.foundation.accounts.scope import Reader, reading_as
from fahui.foundation.errors import Conflict, Invalid, Refusal
from fahui.foundation.vault.identity import mask, read_phone

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# Where the interview stands between the two codes: whose code was checked already.
AGREED = "_agreed"


def sign_in(request: HttpRequest, phone: str, name: str = "") -> Reader:
    """Sign the holder of a proven phone in; what they brought by phone or at a window is theirs to see."""
    user: User = resident_of(phone, name)
    find_own_cases(user)
    login(request, user, backend=BACKEND)
    reader = replace(reader_behind(user, service_numbers()), language=reader_of(request).language)
    read_by(request, reader)
    return reader


@require_POST
@scoped
def submit(request: HttpRequest, service_id: str, matter_id: str) -> HttpResponse:
    """From the check page: hand in, or first prove the phone."""
    interview = going_on(request, service_id, matter_id)
    if isinstance(interview, HttpResponse):
        return interview
    if interview.missing is not None:
        return check_page(request, interview, Invalid(_("还有一页没有答完，请点下面的“去补上”。")))
    if interview.needs_proof:
        return HttpResponseRedirect(f"{interview.base}/prove")
    if _asks_consent(interview):
        return HttpResponseRedirect(f"{interview.base}/consent")
    return _open(request, interview, reader_of(request))


def _asks_consent(interview: Interview) -> bool:
    return (
        interview.reader.kind == "resident" and interview.for_other and not interview.answers.get(AGREED)
        and bool(interview.part("you").get("helped_phone"))
    )  # fmt: skip


def _open(request: HttpRequest, interview: Interview, reader: Reader, consent: str = "") -> HttpResponse:
    try:
        if reader.kind == "anonymous":
            limits.check(request, "open")
        proven = reader.kind == "resident" and not interview.for_other and bool(interview.part("you").get("phone"))
        hand_in(interview, reader, consent or ("code" if proven else ""))
    except (Invalid, Conflict) as refusal:
        return check_page(request, interview, refusal)
    if reader.kind == "anonymous":
        limits.count(request, "open")
    return remember(HttpResponseRedirect(f"{interview.base}/done"), interview)


@scoped
def prove(request: HttpRequest, service_id: str, matter_id: str) -> HttpResponse:
    """The phone code of whoever applies. Wrong tries are counted: the view answers, so the count is kept."""
    interview = going_on(request, service_id, matter_id)
    if isinstance(interview, HttpResponse):
        return interview
    if not interview.needs_proof or interview.missing is not None:
        return HttpResponseRedirect(f"{interview.base}/check")
    phone = read_phone(str(interview.part("you")["phone"]))
    refusal = None
    if request.method == "POST":
        refusal = _sent(request, phone) if request.POST.get("send") else _checked(phone, request)
        if refusal is None and request.POST.get("send"):
            messages.success(request, _("验证码已发到 %(phone)s。") % {"phone": mask(phone)})
            return HttpResponseRedirect(f"{interview.base}/prove?sent=1")
        if refusal is None:
            reader = sign_in(request, phone, str(interview.part("you").get("name") or ""))
            with reading_as(reader):
                interview.reader = reader
                if _asks_consent(interview):
                    return remember(HttpResponseRedirect(f"{interview.base}/consent"), interview)
                return _open(request, interview, reader)
    return _code_page(request, interview, phone, refusal, own=True)


@scoped
def consent(request: HttpRequest, service_id: str, matter_id: str) -> HttpResponse:
    """The helped person agrees by a code on their own phone; or the matter goes in first and they agree later."""
    interview = going_on(request, service_id, matter_id)
    if isinstance(interview, HttpResponse):
        return interview
    if not _asks_consent(interview):
        return HttpResponseRedirect(f"{interview.base}/check")
    reader, refusal = reader_of(request), None
    phone = read_phone(str(interview.part("you")["helped_phone"]))
    if request.method == "POST":
        if request.POST.get("skip"):
            drafts.save_answers(interview.draft, {AGREED: "later"})
            return _open(request, interview, reader)
        refusal = _sent(request, phone, text_consent) if request.POST.get("send") else _checked(phone, request, "phone.consent")
        if refusal is None and request.POST.get("send"):
            messages.success(request, _("验证码已发到 %(phone)s，请他（她）把6位数字告诉您。") % {"phone": mask(phone)})
            return HttpResponseRedirect(f"{interview.base}/consent?sent=1")
        if refusal is None:
            drafts.save_answers(interview.draft, {AGREED: "code"})
            return _open(request, interview, reader, "code")
    return _code_page(request, interview, phone, refusal, own=False)


def _sent(request: HttpRequest, phone: str, text: Callable[[str], None] = text_code) -> Refusal | None:
    try:
        limits.spend(request, "code")
        text(phone)
    except Refusal as refusal:
        return refusal
    return None


def _checked(phone: str, request: HttpRequest, purpose: CodePurpose = "phone.code") -> Refusal | None:
    try:
        check_code(phone, request.POST.get("code", ""), purpose)
    except Refusal as refusal:
        return refusal
    return None


def _code_page(
    request: HttpRequest, interview: Interview, phone: str, refusal: Refusal | None, *, own: bool
) -> HttpResponse:
    text = refusal.message if refusal else ""
    return render(request, "portal/apply/code.html", {
        "interview": interview, "own": own, "phone": mask(phone), "private": interview.private,
        "sent": bool(request.GET.get("sent") or request.method == "POST"), "action": request.get_full_path(),
        "field": {"name": "code", "label": _("6位验证码"), "kind": "code", "required": True, "maxlength": 6, "error": text},
        "errors": [{"name": "code", "text": text}] if text else [],
    }, status=refusal.status if refusal else 200)  # fmt: skip


@scoped
def done(request: HttpRequest, service_id: str, matter_id: str) -> HttpResponse:
    """The last page: 编号, 谁, 什么时候; what comes next; papers now or later."""
    interview = held(request, service_id, matter_id)
    case = done_case(interview) if interview else None
    if interview is None or case is None:
        return gone(request, service_id, matter_id)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            return _after_done(request, interview, case)
        except (Invalid, Conflict) as wrong:
            refusal = wrong
    if reader_of(request).kind == "resident":
        remember_opened(request, case)
    return _done_page(request, interview, case, refusal)


def _after_done(request: HttpRequest, interview: Interview, case: Case) -> HttpResponse:
    if request.POST.get("share"):
        share(reader_of(request), case, by_secret=True)
        return HttpResponseRedirect(f"{interview.base}/done#share")
    limits.spend(request, "draft")
    added = add_files(reader_of(request), case, _material(request, case), request.FILES.getlist("files"))
    messages.success(request, _("收到%(count)d份材料。") % {"count": len(added)})
    return HttpResponseRedirect(f"{interview.base}/done#papers")


def _material(request: HttpRequest, case: Case) -> str:
    wanted = request.POST.get("material", "")
    known = {m.id for m in definition_of(case.version_id).materials}
    return wanted if wanted in known else "other"


def _done_page(request: HttpRequest, interview: Interview, case: Case, refusal: Refusal | None) -> HttpResponse:
    reader = reader_of(request)
    where = tracked(case.tracking_number, reader.language)
    wages = case.matter == "wages" or case.details.get("matter_kind") == "wages" or case.details.get("group_matter")
    told: list[dict[str, Any]] = [{"name": "files", "text": refusal.message}] if refusal else []
    return render(request, "portal/apply/done.html", {
        "interview": interview, "case": case, "where": where, "due": case.next_due, "private": interview.private,
        "materials": [(m.id, m.name.text(reader.language), m.plain.text(reader.language))
                      for m in definition_of(case.version_id).materials if m.when is None and m.id not in portal.OTHERS_BRING],
        "texts": portal.texts_of(case.pk), "files_error": refusal.message if refusal else "", "errors": told,
        "limit": time_limit(case.service, case.matter, case.details, clock.today()), "wages": bool(wages),
        "join": request.build_absolute_uri(f"/join/{case.share_code}") if case.share_code else "",
        "signed_in": reader.kind == "resident", "case_open": case.open,
    }, status=refusal.status if refusal else 200)  # fmt: skip
