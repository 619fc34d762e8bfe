"""Signing in by phone code, and out."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fahui.channels import limits
from fahui.channels.pages import reader_of, safe_next, scoped
from fahui.channels.portal.actions import text_code
from fahui.channels.portal.submit import sign_in as sign_in_as
from fahui.foundation.accounts.actions import check_code
from fahui.foundation.errors import Invalid, Refusal
from fahui.foundation.vault.identity import mask, read_phone

# The phone a code went to, between the two pages; it leaves the session with the sign-in.
PHONE = "portal.phone"


@never_cache
@scoped
def sign_in(request: HttpRequest) -> HttpResponse:
    """A phone, then its code. Wrong tries are counted: the view answers, so the count is kept."""
    if reader_of(request).kind == "resident":
        return HttpResponseRedirect(safe_next(request, "/my/"))
    refusal: Refusal | None = None
    phone = str(request.session.get(PHONE, ""))
    if request.method == "POST" and request.POST.get("other"):
        request.session.pop(PHONE, None)
        phone = ""
    elif request.method == "POST" and (request.POST.get("phone") or not phone or request.POST.get("send")):
        phone, refusal = _send(request, request.POST.get("phone") or phone)
        if refusal is None:
            request.session[PHONE] = phone
        elif not request.POST.get("send"):
            phone = ""
    elif request.method == "POST":
        try:
            check_code(phone, request.POST.get("code", ""))
        except Refusal as wrong:
            refusal = wrong
        else:
            sign_in_as(request, phone)
            request.session.pop(PHONE, None)
            return HttpResponseRedirect(safe_next(request, "/my/"))
    return _page(request, phone, refusal)


def _send(request: HttpRequest, typed: str) -> tuple[str, Refusal | None]:
    try:
        phone = read_phone(typed)
        limits.spend(request, "code")
        text_code(phone)
    except ValueError as error:
        return "", Invalid(str(error))
    except Refusal as refusal:
        return typed, refusal
    return phone, None


def _page(request: HttpRequest, phone: str, refusal: Refusal | None) -> HttpResponse:
    text = refusal.message if refusal else ""
    name = "code" if phone else "phone"
    field = (
        {"name": "code", "label": _("6位验证码"), "kind": "code", "required": True, "maxlength": 6, "error": text}
        if phone else
        {"name": "phone", "label": _("手机号"), "kind": "phone", "required": True, "error": text,
         "value": request.POST.get("phone", "")}
    )  # fmt: skip
    return render(request, "portal/account/sign_in.html", {
        "field": field, "phone": mask(phone) if phone else "", "next": safe_next(request, ""),
        "errors": [{"name": name, "text": text}] if text else [],
    }, status=refusal.status if refusal else 200)  # fmt: skip


@require_POST
@scoped
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave; nothing of the visit stays in this browser."""
    logout(request)
    response = HttpResponseRedirect("/")
    for name in list(request.COOKIES):
        if name.startswith("fahui_draft_"):
            response.delete_cookie(name)
    messages.success(request, _("已退出。"))
    return response
