"""Pages that belong to no channel: preferences, the city's colours, errors."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from fahui.channels.pages import safe_next
from fahui.foundation import cities

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
    """404."""
    return render(request, "base/refusal.html", {"missing": True}, status=404)


@transaction.non_atomic_requests
def failed(request: HttpRequest) -> HttpResponse:
    """500: without anything that might fail again."""
    return render(request, "base/failed.html", status=500)
