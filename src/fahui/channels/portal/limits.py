"""Limits on what strangers can send from one place in an hour. Never a puzzle: who meets a limit gets a phone number.

Counts live in the cache under a keyed digest, so no address of a visitor is kept anywhere.
"""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from fahui.foundation import cities
from fahui.foundation.accounts.actions import TooMany
from fahui.foundation.vault.crypto import blind_index

HOUR = 3600
# What may happen in an hour from one address. Generous: a village, a site or a phone network can share one address.
PER_HOUR = {"open": 20, "code": 20, "text": 10, "track": 30, "join": 60, "rate": 60, "draft": 120}


def address_of(request: HttpRequest) -> str:
    """Where a request comes from. Behind a proxy (FAHUI_HTTPS) it is what the proxy saw, never what a visitor claims."""
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        seen = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if seen:
            return seen
    return str(request.META.get("REMOTE_ADDR", ""))


def _key(request: HttpRequest, what: str) -> str:
    return f"portal.{what}.{blind_index(address_of(request), 'portal.limit').hex()[:32]}"


def check(request: HttpRequest, what: str) -> None:
    """Raise TooMany when the hour's share is used up; counts nothing."""
    if cache.get(_key(request, what), 0) >= PER_HOUR[what]:
        raise TooMany(
            _("从您这里来的请求太多了，请一小时后再试。着急请打 %(phone)s，有人帮您办。")
            % {"phone": cities.current().hotline}
        )


def count(request: HttpRequest, what: str) -> None:
    """Count one."""
    key = _key(request, what)
    if not cache.add(key, 1, HOUR):
        try:
            cache.incr(key)
        except ValueError:  # ran out between the two
            cache.set(key, 1, HOUR)


def spend(request: HttpRequest, what: str) -> None:
    """Check, then count."""
    check(request, what)
    count(request, what)
