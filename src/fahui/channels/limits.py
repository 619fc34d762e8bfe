"""Limits on what strangers can send from one place in an hour. Never a puzzle: who meets a limit gets a phone number.

Counts live in the database, one for all web processes, under a keyed digest, so no address of a visitor is kept anywhere.
"""

from __future__ import annotations

import math

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from fahui.foundation import cities, clock
from fahui.foundation.accounts.actions import TooMany
from fahui.foundation.locks import hold
from fahui.foundation.vault.crypto import blind_index

HOUR = 3600
# What may happen in an hour from one address. Generous: a village, a site or a phone network can share one address.
PER_HOUR = {
    "open": 20, "code": 20, "text": 10, "track": 30, "join": 60, "rate": 60, "draft": 120, "ask": 120, "find": 300, "mcp": 600,
}  # fmt: skip


def address_of(request: HttpRequest) -> str:
    """Where a request comes from. Behind a proxy (FAHUI_HTTPS) it is what the proxy saw, never what a visitor claims."""
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        seen = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if seen:
            return seen
    return str(request.META.get("REMOTE_ADDR", ""))


def _key(request: HttpRequest, what: str) -> str:
    return f"limit.{what}.{blind_index(address_of(request), 'limit').hex()[:32]}"


def _used(key: str) -> tuple[int, float]:
    """How often, and until which moment that counts."""
    held: tuple[int, float] = cache.get(key) or (0, clock.now().timestamp() + HOUR)
    return held


def check(request: HttpRequest, what: str) -> None:
    """Raise TooMany when the hour's share is used up; counts nothing.

    Whoever checks is alone with this address's count until the request's transaction ends, whichever process serves it:
    two who ask at once cannot both take the last one.
    """
    key = _key(request, what)
    hold(key)
    used, until = _used(key)
    if used >= PER_HOUR[what]:
        refused = TooMany(
            _("从您这里来的请求太多了，请一小时后再试。着急请打 %(phone)s，有人帮您办。")
            % {"phone": cities.current().hotline}
        )
        refused.retry_after = max(1, math.ceil(until - clock.now().timestamp()))
        raise refused


def count(request: HttpRequest, what: str) -> None:
    """Count one; call after `check`. It is kept when the view answers, refused or not."""
    key = _key(request, what)
    used, until = _used(key)
    cache.set(key, (used + 1, until), max(1.0, until - clock.now().timestamp()))


def spend(request: HttpRequest, what: str) -> None:
    """Check, then count."""
    check(request, what)
    count(request, what)
