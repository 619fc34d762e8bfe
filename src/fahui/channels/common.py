"""Pages that belong to no channel: preferences, the city's colours, errors."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from fahui.channels.api.api import problem
from fahui.channels.pages import safe_next
from fahui.foundation import cities
from fahui.foundation.errors import Forbidden, Invalid

YEAR = 365 * 24 * 3600


@transaction.non_atomic_requests
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Set language or elder mode, and go back to where the visitor was."""
    response = HttpResponseRedirect(safe_next(request, "/"))
    if request.POST.get("lang") in {"zh-hans", "en"}:
        response.set_cookie("fahui_lang", request.POST["lang"], max_age=YEAR, samesite="Lax")
    if request.POST.get("elder") in {"0", "1"}:
        response.set_cookie("fahui_elder", request.POST["elder"], max_age=YEAR, samesite="Lax")
    return response


@transaction.non_atomic_requests
@cache_control(max_age=3600, public=True)
def theme(request: HttpRequest) -> HttpResponse:
    """The city's colours as CSS variables."""
    colours = cities.current().theme
    css = f":root{{--brand:{colours.primary};--brand-dark:{colours.dark};--accent:{colours.accent}}}"
    return HttpResponse(css, content_type="text/css; charset=utf-8")


@transaction.non_atomic_requests
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: a page for people, a problem for programs."""
    if request.path.startswith("/api/"):
        return problem(request, 404, _("没有这个接口。接口的说明在 /api/v1/openapi.json。"), "not_found")
    return render(request, "base/refusal.html", {"missing": True}, status=404)


@transaction.non_atomic_requests
def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token is not the browser's. `reason` is for programmers; people read what to do."""
    told = _("这一页开得太久了，或者浏览器不让存登录信息（Cookie）。请返回上一页，刷新一下，再交一次。")
    return render(request, "base/refusal.html", {"refusal": Forbidden(told)}, status=403)


@transaction.non_atomic_requests
def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what came cannot be read, so nothing was done with it."""
    told = _("交上来的内容看不懂，什么也没有改动。请返回上一页，核对后再交一次。")
    return render(request, "base/refusal.html", {"refusal": Invalid(told)}, status=400)


@transaction.non_atomic_requests
def failed(request: HttpRequest) -> HttpResponse:
    """500: without anything that might fail again."""
    return render(request, "base/failed.html", status=500)
