"""Whatever stands in an address, a page says what is wrong or passes over it: none breaks."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from fahui.foundation import clock
from fahui.standards.actions import measure
from tests.cast import Cast, wage_claim

ODD = ["²", "9" * 30, "-1", "\x00x", "2026-13-45", "x" * 3000]
_ASKED = re.compile(r"\b(?:GET|get|asked|post)\.get\(\s*\"(\w+)\"|_(?:after|day|page)\(request\.GET\.get\(\"(\w+)\"")
_SKIPPED = ("accounts/", "static/")


def _pages(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _pages(entry, prefix + str(entry.pattern))
        elif not entry.pattern.converters and not prefix.startswith(_SKIPPED) and "^" not in prefix + str(entry.pattern):
            yield prefix + str(entry.pattern), entry


def _asked_for(view: Any) -> set[str]:
    """What the module of a view reads from addresses."""
    module = inspect.getmodule(inspect.unwrap(view))
    return {name for found in _ASKED.findall(inspect.getsource(module)) for name in found if name} if module else set()


@pytest.mark.parametrize("who", ["leader", "clerk", "admin", "nobody"])
def test_no_address_breaks_a_page(who: str, cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    wage_claim(cast["clerk"])
    measure(clock.today(), "postgres")
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(cast.users[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    broken, asked = [], 0
    for route, page in _pages(get_resolver()):
        if route == "readyz" or client.get(f"/{route}").status_code != 200:
            continue
        for name in sorted(_asked_for(page.callback)):
            for odd in ODD:
                asked += 1
                if client.get(f"/{route}", {name: odd}).status_code >= 500:
                    broken.append(f"/{route}?{name}={odd[:12]}")
    assert asked > 100
    assert not broken, broken
