"""What surrounds every request: measuring it, the visitor's preferences, and who is reading."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from fahui.casework.definitions.loader import service_numbers
from fahui.channels.metrics import REQUESTS, SECONDS
from fahui.channels.pages import read_by
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.queries import reader_of, reader_of_key, supposed_reader
from fahui.foundation.accounts.scope import ANONYMOUS, Reader
from fahui.foundation.supposition import Supposition, Untrue, supposing

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
    """The language, kept in a cookie; the page says so in <html>."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read the preference before the view runs. Chinese is the default whatever the browser asks for."""
        language = request.COOKIES.get("fahui_lang", "zh-hans")
        if request.path.startswith("/api/") and "fahui_lang" not in request.COOKIES:
            language = "en" if request.headers.get("Accept-Language", "").startswith("en") else "zh-hans"
        translation.activate(language if language in {"zh-hans", "en"} else "zh-hans")
        request.LANGUAGE_CODE = translation.get_language() or "zh-hans"
        return self.respond(request)


class ReaderScope:
    """Finds out who is reading; a view announces it inside its own transaction."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the reader. A machine's is supposed to be that of its key's last request (`foundation.supposition`)."""
        if (supposed := supposed_reader_for(request)) is not None:
            reader, supposition = supposed
            here: Any = connections[DEFAULT_DB_ALIAS]  # of `config.engine`
            with supposing(here, supposition):
                answer = self.answer(request, reader)
            if supposition.true:
                return answer
        return self.answer(request, reader_for(request))

    def answer(self, request: HttpRequest, reader: Reader) -> HttpResponse:
        """What this reader is answered."""
        read_by(request, replace(reader, language=translation.get_language() or "zh-hans"))
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """An answer nobody gets, since the request is answered anew by what is so."""
        return HttpResponse(status=503) if isinstance(error, Untrue) else None


def reader_for(request: HttpRequest) -> Reader:
    """The reader behind a session or a machine key."""
    if key := _key(request):
        return reader_of_key(key, service_numbers()) or ANONYMOUS
    user = getattr(request, "user", None)  # the API has no sessions
    if isinstance(user, User) and user.is_active:
        return reader_of(user, service_numbers())
    return ANONYMOUS


def supposed_reader_for(request: HttpRequest) -> tuple[Reader, Supposition] | None:
    """The reader a machine had at its last request; None where a second answer could not be made of the request: a file is read once."""
    key = _key(request)
    return supposed_reader(key, service_numbers()) if key and request.content_type != "multipart/form-data" else None


def _key(request: HttpRequest) -> str:
    """The key a machine presents to the API, or nothing."""
    given = request.headers.get("Authorization", "")
    return given.removeprefix("Bearer ").strip() if given.startswith("Bearer ") and request.path.startswith("/api/") else ""
