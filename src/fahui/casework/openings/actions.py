"""Openings of sealed files are on record, and told weekly to those who answer for them (未成年人保护法第一百零三条)."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from fahui.casework.cases.models import Case
from fahui.casework.cases.queries import visible
from fahui.casework.definitions.loader import service_numbers
from fahui.casework.notices.actions import tell
from fahui.casework.notices.models import Outgoing
from fahui.casework.openings.queries import NOTICE, Week, tally
from fahui.foundation import clock
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.queries import posts_on, reader_of
from fahui.foundation.accounts.roles import SUPERVISING
from fahui.foundation.accounts.scope import Reader, as_system
from fahui.foundation.audit.actions import record_look
from fahui.foundation.clock import SHANGHAI, month_day
from fahui.foundation.data import Words

# The list of the week before goes out from this hour of Monday on.
_HOUR = 8


def note_opening(reader: Reader, case: Case, why: str = gettext_noop("打开案卷")) -> None:
    """Every opening of a sealed file is on record, with why; those who answer for it get the list weekly."""
    if case.sealed:
        record_look(reader, f"case:{case.pk}", case_id=case.pk, why=why)


def tell_heads() -> int:
    """Once a week, everyone who supervises and may see sealed files is told of their openings; also that there were
    none. Returns how many were told; a second run in the same week tells nobody again."""
    now = clock.now().astimezone(SHANGHAI)
    week = Week.of(now.date())
    if now < week.begins + timedelta(hours=_HOUR):
        return 0
    with transaction.atomic(), as_system():
        told = Outgoing.objects.filter(notice=NOTICE, made_at__gte=week.begins).values("user_id")
        supervising = posts_on(now.date()).filter(role__in=[role.value for role in SUPERVISING])
        heads = User.objects.filter(pk__in=supervising.values("user_id"), kind="staff", is_active=True).exclude(pk__in=told)
        return sum(_tell(head, week.before) for head in heads)


def _tell(head: User, week: Week) -> bool:
    reader = reader_of(head, service_numbers())
    if not visible(reader).filter(sealed=True).exists():
        return False
    counted, sunday = tally(reader, week), week.monday + timedelta(days=6)
    span, span_en = f"{month_day(week.monday)}至{month_day(sunday)}", f"{month_day(week.monday, True)} to {month_day(sunday, True)}"
    words = Words(zh=f"{span}没有人打开过保密案卷。", en=f"{span_en}: nobody opened a sealed file.")
    if counted.times:
        words = Words(
            zh=f"{span}保密案卷被打开{counted.times}次，涉及{counted.files}件、{counted.people}人。请看清单，有疑问的问清原因。",
            en=f"{span_en}, sealed files: opened {counted.times} times, {counted.files} files, {counted.people} people. "
            "Read the list and ask about what you doubt.",
        )
    tell([head.pk], None, NOTICE, words)
    return True
