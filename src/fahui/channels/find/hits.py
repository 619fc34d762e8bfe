"""What a search gives back: hits in groups, a page at a time, each page beginning where the one before ended. Pure."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fahui.foundation.errors import Invalid

Place = tuple[float, int | str]
"""Where a page ended: the score of its last hit, and its key."""


@dataclass(frozen=True)
class Filters:
    """What narrows a search: a region, kinds of office and of people, and of law the kind and the day it is in force."""

    region: int | None = None
    office: str = ""
    people: str = ""
    law: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Hit:
    """One thing found. `title` and `text` are plain; `href` is its page, if it has one; `of` the record itself."""

    key: int | str
    score: float
    title: str
    href: str = ""
    under: str = ""
    text: str = ""
    phone: str = ""
    of: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Page:
    """Some hits of a group, best first; `following` is the cursor of the next page, empty at the end."""

    hits: list[Hit]
    following: str = ""


def page(hits: Sequence[Hit], size: int) -> Page:
    """A page out of one hit more than it holds, if there is a next."""
    shown = list(hits[:size])
    return Page(shown, cursor(shown[-1].score, shown[-1].key) if len(hits) > size else "")


def ranked(hits: Iterable[Hit], after: Place | None, size: int) -> Page:
    """A page of hits that are all at hand."""
    ordered = sorted((hit for hit in hits if hit.score > 0), key=lambda hit: (-hit.score, str(hit.key)))
    if after is not None:
        ordered = [hit for hit in ordered if (-hit.score, str(hit.key)) > (-after[0], str(after[1]))]
    return page(ordered[: size + 1], size)


def cursor(score: float, key: int | str) -> str:
    """Where a page ended, as a text for the next request."""
    return base64.urlsafe_b64encode(json.dumps([score, key]).encode()).decode().rstrip("=")


def place_of(text: str) -> Place | None:
    """What `cursor` made, or None for the first page. Raises Invalid for anything else."""
    if not text:
        return None
    try:
        score, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if isinstance(key, str) and len(key) <= 120 and "\x00" not in key or type(key) is int and 0 <= key < 2**63:
            return float(score), key
        raise ValueError
    except (ValueError, TypeError, OverflowError) as error:
        raise Invalid(_("翻页标记不对，请从第一页重新开始。"), fields={"after": _("请去掉这个参数")}) from error
