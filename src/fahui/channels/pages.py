"""How a view is made: it announces its reader to the database, checks who may come, and turns refusals into pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from fahui.foundation.accounts.queries import has_factor
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import Reader, reading_as
from fahui.foundation.errors import Forbidden, Refusal

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class _Read(HttpRequest):
    """A request after the ReaderScope middleware."""

    reader: Reader


def reader_of(request: HttpRequest) -> Reader:
    """Who is reading."""
    return cast(_Read, request).reader


def read_by(request: HttpRequest, reader: Reader) -> None:
    """From here on this is who is reading."""
    cast(_Read, request).reader = reader


def scoped(view: View[P]) -> View[P]:
    """A page anyone may open. Inside it, the database shows only what the reader may see."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            _readable(request)
            with transaction.atomic(), reading_as(reader_of(request)):
                return view(request, *args, **kwargs)
        except Refusal as refusal:
            return refusal_page(request, refusal)

    return wrapped


def _readable(request: HttpRequest) -> None:
    """Drop NUL from what was sent: no person types one, and the database cannot keep one."""
    for name in ("GET", "POST"):
        sent = getattr(request, name).urlencode()
        if "%00" in sent:
            setattr(request, name, QueryDict(sent.replace("%00", "")))


def staff_page(*roles: Role) -> Callable[[View[P]], View[P]]:
    """A desk page: for staff with a second factor, and with one of these roles if any are named."""

    def decorate(view: View[P]) -> View[P]:
        inner = scoped(view)

        @wraps(view)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            reader = reader_of(request)
            if reader.kind != "staff":
                return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
            if settings.STAFF_MFA_REQUIRED and not settings.DEMO and not has_factor(reader.user_id or 0):
                return redirect(reverse("mfa_activate_totp"))
            if roles and not set(roles) & reader.roles:
                return refusal_page(request, Forbidden(_("您的岗位不能使用这个页面。")))
            return inner(request, *args, **kwargs)

        return wrapped

    return decorate


def resident_page(view: View[P]) -> View[P]:
    """A page for residents who proved their phone; others prove it first and come back."""
    inner = scoped(view)

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if reader_of(request).kind != "resident":
            return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
        return inner(request, *args, **kwargs)

    return wrapped


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What happened, what still works, and the phone number, with the refusal's status."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"message": refusal.message, "fields": refusal.fields}, status=refusal.status)
    page = render(request, "base/refusal.html", {"refusal": refusal}, status=refusal.status)
    if refusal.retry_after:
        page["Retry-After"] = str(refusal.retry_after)
    return page


def safe_next(request: HttpRequest, default: str) -> str:
    """Where to go next: only ever a page of our own."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and allowed else default


