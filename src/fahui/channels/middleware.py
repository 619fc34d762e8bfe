"""What surrounds every request: measuring it, the visitor's preferences, and who is reading."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from fahui.casework.definitions.loader import service_numbers
from fahui.channels.metrics import REQUESTS, SECONDS
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.queries import reader_of, reader_of_key
from fahui.foundation.accounts.scope import ANONYMOUS, Reader

log = logging.getLogger("fahui.request")
Respond = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class Observe:
    """Counts and times requests by route name (never by path, which may hold a number), and sets safety headers."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Measure one request."""
        began = time.perf_counter()
        response = self.respond(request)
        match = request.resolver_match
        route = (match.view_name or match.route) if match else "none"
        took = time.perf_counter() - began
        REQUESTS.labels(request.method, route, str(response.status_code)).inc()
        SECONDS.labels(route).observe(took)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
        if response.status_code >= 500 or took > 2:
            fields = {"route": route, "status": response.status_code, "ms": round(took * 1000)}
            log.warning("request", extra={"fields": fields})
        return response


class Preferences:
    """Language and elder mode, kept in cookies; the page says so in <html>."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read the preferences before the view runs. Chinese is the default whatever the browser asks for."""
        language = request.COOKIES.get("fahui_lang", "zh-hans")
        if request.path.startswith("/api/") and "fahui_lang" not in request.COOKIES:
            language = "en" if request.headers.get("Accept-Language", "").startswith("en") else "zh-hans"
        translation.activate(language if language in {"zh-hans", "en"} else "zh-hans")
        request.LANGUAGE_CODE = translation.get_language() or "zh-hans"
        request.elder = request.COOKIES.get("fahui_elder") == "1"  # type: ignore[attr-defined]
        return self.respond(request)


class ReaderScope:
    """Finds out who is reading. The view's transaction then tells the database (see `process_view`)."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the reader; a view announces it inside its own transaction."""
        reader = replace(reader_for(request), language=translation.get_language() or "zh-hans")
        request.reader = reader  # type: ignore[attr-defined]
        return self.respond(request)


def reader_for(request: HttpRequest) -> Reader:
    """The reader behind a session or a machine key."""
    given = request.headers.get("Authorization", "")
    if given.startswith("Bearer ") and request.path.startswith("/api/"):
        return reader_of_key(given.removeprefix("Bearer ").strip(), service_numbers()) or ANONYMOUS
    user = getattr(request, "user", None)  # the API has no sessions
    if isinstance(user, User) and user.is_active:
        return reader_of(user, service_numbers())
    return ANONYMOUS


