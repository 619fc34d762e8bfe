"""Dropping errands that are over, and giving up those that never end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import translation

from fahui.casework.errands.queries import T
from fahui.foundation import clock
from fahui.foundation.accounts.scope import as_system

KEPT_FOR = timedelta(days=7)
GIVEN_UP_AFTER = timedelta(days=1)
MOST_ATTEMPTS = 3  # one that kills its worker is not begun for ever


def drop_expired(kind: type[T], drop: Callable[[T], None], unlucky: Callable[[], str]) -> int:
    """Drop what has expired, and give up what was at work for a day, saying `unlucky`. Returns how many were dropped."""
    now, every = clock.now(), kind._default_manager
    with transaction.atomic(), as_system():
        ids = list(every.filter(expires_at__lte=now).values_list("pk", flat=True))
        stuck = list(every.filter(state__in=kind.AT_WORK, asked_at__lte=now - GIVEN_UP_AFTER))
    for pk in ids:
        with transaction.atomic(), as_system():
            found = every.select_for_update(skip_locked=True).filter(pk=pk, expires_at__lte=now).first()
            if found is not None:
                drop(found)
    for each in stuck:
        with translation.override(each.language), transaction.atomic(), as_system():
            every.filter(pk=each.pk, state__in=kind.AT_WORK).update(state="failed", message=unlucky())
    return len(ids)
