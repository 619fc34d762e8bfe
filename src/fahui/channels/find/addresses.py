"""Where the page of an office or a person is, if this installation has one."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

_PAGES = {"institution": "place-institution", "site": "place-site", "practitioner": "place-practitioner"}


def place_address(kind: str, key: int) -> str:
    """The page in the directory; empty without one."""
    try:
        return reverse(_PAGES[kind], args=[key])
    except NoReverseMatch:
        return ""
