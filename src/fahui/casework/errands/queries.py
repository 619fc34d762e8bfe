"""Reading errands: only ever one's own, or the worker's own attempt."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from django.db.models import QuerySet

from fahui.casework.definitions.loader import service_numbers
from fahui.casework.errands.models import Errand
from fahui.casework.registers.queries import Page
from fahui.foundation import clock
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.queries import reader_of
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Forbidden

PAGE = 20
T = TypeVar("T", bound=Errand)


def own(kind: type[T], reader: Reader) -> QuerySet[T]:
    """Those the reader asked for."""
    return kind._default_manager.filter(user_id=reader.user_id or 0)


def newest(kind: type[T], reader: Reader, cursor: str = "", size: int = PAGE) -> Page[T]:
    """A keyset page, the newest first; what has expired is shown no more, even before it is dropped."""
    rows = own(kind, reader).filter(expires_at__gt=clock.now())
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows.order_by("-id")[: size + 1])
    return Page(found[:size], str(found[size - 1].pk) if len(found) > size else "")


def this_attempt(errand: T) -> QuerySet[T]:
    """The errand, as long as nobody stopped it or began it anew."""
    return type(errand)._default_manager.filter(pk=errand.pk, state="working", attempts=errand.attempts)


def over(errand: T) -> T | None:
    """The errand as it ended by this attempt; None if it was stopped or begun anew: then nobody is told of it."""
    ended = type(errand)._default_manager.filter(pk=errand.pk, attempts=errand.attempts, state__in=("done", "failed"))
    return ended.first()


def asker(errand: Errand, switched_off: str) -> Reader:
    """Whoever asked for it, as they are today, in the language they asked in. To be run as the system. Raises Forbidden, saying
    `switched_off`, where the account no longer is."""
    user = User.objects.filter(pk=errand.user_id, kind="staff", is_active=True).first()
    if user is None:
        raise Forbidden(switched_off)
    return replace(reader_of(user, service_numbers()), language=errand.language)
