"""A sheet to print and hang up: the QR code of a place's or a matter's own page, large, with the hotline beside it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fahui.channels.pages import reader_of, scoped
from fahui.channels.portal.interview import matter_of
from fahui.channels.qr import qr_path
from fahui.foundation import cities
from fahui.foundation.directory import queries


@scoped
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of a service point. Raises Missing."""
    return _sheet(request, queries.site(pk).name, _("电话、几点开门、在这里能办什么"), f"/places/site/{pk}/")


@scoped
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of an institution. Raises Missing."""
    return _sheet(request, queries.institution(pk).name, _("电话、几点开门、在这里能办什么"), f"/places/institution/{pk}/")


@scoped
def matter(request: HttpRequest, service_id: str, matter_id: str) -> HttpResponse:
    """The sheet of a matter that anyone may apply for. Raises Missing."""
    _home, spec = matter_of(service_id, matter_id)
    return _sheet(request, spec.name.text(reader_of(request).language), _("谁可以办、带什么、多久，扫码就能开始"), f"/guide/{service_id}/{matter_id}")


def _sheet(request: HttpRequest, title: str, plain: str, path: str) -> HttpResponse:
    city, url = cities.current(), f"{settings.PUBLIC_URL}{path}"
    size, drawing = qr_path(url)
    return render(request, "portal/poster.html", {
        "title": title, "plain": plain, "url": url, "back": path, "qr": {"size": size, "path": drawing}, "hotline": city.hotline,
        "bureau": city.bureau.text(reader_of(request).language),
    })  # fmt: skip
