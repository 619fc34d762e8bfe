"""Numbers, places and days as they stand in an address or a hidden field, where anybody can write anything."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from fahui.foundation.errors import Invalid

_DIGITS = 18  # of the largest number a key can be


def number(text: str) -> int | None:
    """A number; None for anything else, and for one that no key can be."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def day_of(text: str) -> date | None:
    """A day; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def place_of(text: str) -> int | None:
    """The code of a place; None for anything else."""
    code = number(text)
    return code if code and len(str(code)) == 12 else None


def asked_place(text: str) -> int | None:
    """The code of a place; None where none is given. Raises Invalid for anything else."""
    code = place_of(text)
    if text and code is None:
        raise Invalid(_("地区代码不对，请从页面上选择。"))
    return code


def year_of(text: str) -> int | None:
    """A year; None for anything else."""
    year = number(text)
    return year if year and 1949 <= year <= 9000 else None
