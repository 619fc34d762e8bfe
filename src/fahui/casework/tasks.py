"""What the worker does: send the outbox, tell owners of approaching limits, run the effects of silence, tidy up."""

from __future__ import annotations

import logging
import os
from datetime import timedelta

from django.db import close_old_connections, transaction
from procrastinate.builtin_tasks import remove_old_jobs
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from fahui.casework.cases.actions import perform
from fahui.casework.cases.models import Case, Draft, Idempotency
from fahui.casework.deadlines.actions import next_warning
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.deadlines.queries import due_for_a_word, uncounted
from fahui.casework.definitions.queries import definition_of
from fahui.casework.definitions.schema import Deadline, Definition
from fahui.casework.exports import actions as exports
from fahui.casework.handback.actions import announce, clear_up
from fahui.casework.imports import actions as imports
from fahui.casework.notices.actions import call, holders, send_waiting, tell
from fahui.casework.openings.actions import tell_heads
from fahui.foundation import cities, clock
from fahui.foundation.accounts.actions import forget_old_limits
from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.clock import SHANGHAI, month_day
from fahui.foundation.data import Words
from fahui.foundation.errors import Refusal
from fahui.foundation.worktime.queries import calendar
from fahui.foundation.worktime.rules import Duration, OutsideCalendar, due_with_suspensions

log = logging.getLogger("fahui.worker")
# How many messages a round of the outbox sends at most. On a full machine people at a screen come first.
ROUND, ROUND_WHEN_FULL = 1000, 200
# How long a job that failed or was broken off is kept for whoever looks into it.
_KEPT_HOURS = 30 * 24


@app.periodic(cron="* * * * * */5")  # the sixth field is the seconds
@app.task(queueing_lock="outbox", lock="outbox", pass_context=False)
def send_outbox(timestamp: int) -> int:
    """Every five seconds: what waits in the outbox leaves."""
    close_old_connections()  # the database may have been away since the last time
    return send_waiting(ROUND if os.getloadavg()[0] <= (os.cpu_count() or 1) else ROUND_WHEN_FULL)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="deadlines", lock="deadlines", pass_context=False)
def watch_deadlines(timestamp: int) -> int:
    """Every minute: warn owners, mark missed limits, escalate, and act where the law gives silence an effect."""
    close_old_connections()
    return sweep_deadlines()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="handback", lock="handback", pass_context=False)
def clear_up_posts(timestamp: int) -> int:
    """Every minute: what people had in hand by posts that ended goes back; a week before, it is said that they end."""
    close_old_connections()
    announce()
    return clear_up()


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="tidy", lock="tidy", pass_context=False)
def tidy(timestamp: int) -> int:
    """Every hour: forms left unfinished for a month, old request keys, spent limits, expired exports and imports go; clocks waiting for a calendar are counted."""
    close_old_connections()
    now = clock.now()
    with transaction.atomic(), as_system():
        gone, _ = Draft.objects.filter(expires_at__lt=now).delete()
        Idempotency.objects.filter(made_at__lt=now - timedelta(days=90)).delete()
        forget_old_limits()
    exports.drop_expired()
    imports.drop_expired()
    recount()
    return gone


@app.periodic(cron="11 * * * *")
@app.task(queueing_lock="openings", lock="openings", pass_context=False)
def tell_openings(timestamp: int) -> int:
    """Every hour, so that none is lost while the worker is away; once a week each head gets the list of openings."""
    close_old_connections()
    return tell_heads()


@app.periodic(cron="29 * * * *")
@app.task(queueing_lock="old_jobs", lock="old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Every hour: jobs that failed or were broken off more than a month ago go; done ones went at once."""
    await remove_old_jobs(context, max_hours=_KEPT_HOURS, remove_failed=True, remove_aborted=True)


def sweep_deadlines(limit: int = 500) -> int:
    """One pass over the clocks that need a word now. Each in its own transaction: one that fails stops no other."""
    with transaction.atomic(), as_system():
        ids = list(due_for_a_word(clock.now(), limit).values_list("pk", flat=True))
    done = 0
    for pk in ids:
        try:
            done += _attend(pk)
        except Refusal as refusal:
            log.warning("deadline not handled", extra={"fields": {"deadline": pk, "code": refusal.code}})
    return done


def _attend(pk: int) -> bool:
    with transaction.atomic(), as_system():
        row = CaseDeadline.objects.select_for_update(skip_locked=True).filter(pk=pk, status="running").first()
        if row is None or row.next_warning is None or row.next_warning > clock.now():
            return False
        case = Case.objects.select_related("handler", "provider").get(pk=row.case_id)
        definition = definition_of(case.version_id)
        spec = definition.deadline(row.code)
        row.warned += 1
        if row.due_at and clock.now() >= row.due_at:
            row.status, row.next_warning = "missed", None
            append(SYSTEM, Entry("deadline.missed", case_id=case.pk, data={"deadline": row.code}))
        else:
            row.next_warning = next_warning(row, spec.warn_at)
        row.save(update_fields=["status", "next_warning", "warned"])
        _warn(case, spec, row)
        silent = _effect_of_silence(definition, case, row) if row.status == "missed" else None
    if silent:
        with transaction.atomic(), as_system():
            perform(SYSTEM, case.pk, silent)
    return True


def _warn(case: Case, spec: Deadline, row: CaseDeadline) -> None:
    users = [u for u in (case.handler_id, case.provider.user_id if case.provider else None) if u]
    if not users or row.status == "missed":
        users += holders(spec.owner, case.service, case.region_code)
    if row.status == "missed" and spec.escalates_to:
        users += holders(spec.escalates_to, case.service, case.region_code)
    due = row.due_at.astimezone(SHANGHAI) if row.due_at else None
    when, when_en = (f"{month_day(due)}{due:%H:%M}", f"{month_day(due, True)} {due:%H:%M}") if due else ("", "")
    word, word_en = ("已超期", "is missed") if row.status == "missed" else ("将到期", "ends soon")
    words = Words(
        zh=f"{case.tracking_number}：{spec.name.zh}{word}（{when}，{spec.basis[0]}）。",
        en=f"{case.tracking_number}: {spec.name.en} {word_en} ({when_en}, {spec.basis[0]}).",
    )
    rung = _to_ring(case, spec) if row.status == "missed" or row.warned >= len(spec.warn_at) else []
    tell(users + rung, case, "deadline", words)
    call(rung, case, "deadline", words.zh)


def _to_ring(case: Case, spec: Deadline) -> list[int]:
    """Whom the last warning reaches by phone: the roles' holders where the case is, and in the city."""
    places = (case.region_code, cities.current().region)
    return [user for role in spec.calls for place in places for user in holders(role, case.service, place)]


def _effect_of_silence(definition: Definition, case: Case, row: CaseDeadline) -> str | None:
    for action in definition.actions:
        if action.on_missed == row.code and case.state in action.from_:
            return action.id
    return None


def recount(limit: int = 1000) -> int:
    """Count the clocks that waited for a year's calendar. Returns how many have a due moment now."""
    counted = 0
    with transaction.atomic(), as_system():
        working = calendar()
        for row in uncounted().select_related("case")[:limit]:
            try:
                row.due_at = due_with_suspensions(
                    row.started_at, Duration.parse(row.length), working, (), roll=row.rolls
                )
            except OutsideCalendar:
                continue
            spec = definition_of(row.case.version_id).deadline(row.code)
            row.next_warning = next_warning(row, spec.warn_at)
            row.save(update_fields=["due_at", "next_warning"])
            _refresh_case(row.case)
            counted += 1
    return counted


def _refresh_case(case: Case) -> None:
    nearest = case.deadlines.filter(status__in=["running", "missed"], ended_at=None).exclude(due_at=None)
    first = nearest.order_by("due_at").first()
    case.next_due, case.next_deadline = (first.due_at, first.code) if first else (None, "")
    case.save(update_fields=["next_due", "next_deadline"])
