"""The WSGI application the web server runs."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fahui.config.settings")
django.setup(set_prefix=False)


class _Machines(WSGIHandler):
    """The API. Machines bring a key with every request, so sessions, forms and messages are not loaded for them."""

    def load_middleware(self, is_async: bool = False) -> None:
        whole = settings.MIDDLEWARE
        settings.MIDDLEWARE = [name for name in whole if name in settings.API_MIDDLEWARE]
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = whole


_pages, _machines = WSGIHandler(), _Machines()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request."""
    handler = _machines if environ["PATH_INFO"].startswith("/api/") else _pages
    return handler(environ, start_response)


# Load every page's module now: the first visitor should not wait for it, and a broken one should stop the start.
_ = get_resolver().url_patterns
# What is there now stays: the collector of rubbish need not walk through it again and again.
gc.collect()
gc.freeze()
