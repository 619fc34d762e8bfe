"""Saying that there is nothing to report, taking that back, and telling keepers once what they owe."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.casework.activities.models import Activity
from fahui.casework.notices.actions import tell
from fahui.casework.registers import rights
from fahui.casework.registers.definitions import current
from fahui.foundation import cities, clock
from fahui.foundation.accounts.queries import posts_on
from fahui.foundation.accounts.scope import SYSTEM, Reader, as_system
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.data import Words, english
from fahui.foundation.errors import Conflict, Missing
from fahui.foundation.regions.rules import ancestors, jurisdiction
from fahui.standards.lake.engines import hash_joins
from fahui.standards.models import NilReturn, OwedNotice, Reported
from fahui.standards.returns.queries import Line, every_record, keepers_of, of_region, one
from fahui.standards.returns.words import name_of, period_code, period_name

NOTICE = "returns.owed"
_YEARS = 5  # how far back it is kept what was reported
_STILL_NEW = timedelta(days=30)
"""Nobody is told of what has been owed for longer: a new installation does not begin with the arrears of years."""


@transaction.atomic
def declare_nil(reader: Reader, what: str, place: int, period: str) -> NilReturn:
    """A keeper says that a place had nothing to report for a period that is over; saying it again changes nothing.

    Raises Missing (never asked), Forbidden (not this keeper's place), or Conflict (there is a record).
    """
    line = one(what, place, period)
    rights.must_cover(reader, keepers_of(line.wanted), place)
    if line.state == "given":
        raise Conflict(_("这一期已经有登记，不用报“本期无”。"))
    span = line.span.period
    made, fresh = NilReturn.objects.get_or_create(
        what=what, region_code=place, first_day=span.first, last_day=span.last, withdrawn_at=None,
        defaults={"declared_by": reader.user_id, "declared_at": clock.now()},
    )  # fmt: skip
    if fresh:
        append(reader, Entry("return.nil", about=f"return:{made.pk}", data={"what": what, "place": place, "period": period}))
    return made


@transaction.atomic
def withdraw_nil(reader: Reader, pk: int) -> NilReturn:
    """Take the word back; the return is asked for again. Raises Missing, Forbidden, or Conflict (taken back already)."""
    row = NilReturn.objects.select_for_update().filter(pk=pk).first()
    if row is None or not any(low <= row.region_code < high for low, high in reader.regions):
        raise Missing(_("没有这条“本期无”。"))
    line = one(row.what, row.region_code, period_code(row.first_day, row.last_day))
    rights.must_cover(reader, keepers_of(line.wanted), row.region_code)
    if row.withdrawn_at:
        raise Conflict(_("这条“本期无”已经撤回了。"))
    row.withdrawn_by, row.withdrawn_at = reader.user_id, clock.now()
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    append(reader, Entry("return.nil_withdrawn", about=f"return:{row.pk}", data={"what": row.what, "place": row.region_code}))
    return row


def keep_reported() -> int:
    """Write down anew which place had a record of which kind in which month; returns how many lines. The pages read these."""
    with transaction.atomic(), as_system(), hash_joins():
        at, today = clock.now(), clock.today()
        first = today.replace(year=today.year - _YEARS, month=1, day=1)
        registers, kinds = list(current()), [kind for kind, _zh in Activity.KINDS]
        named = {"entry": registers, "held": registers, "activity": kinds, "taking": kinds}
        reach = [jurisdiction(cities.current().region)]
        Reported.objects.all().delete()
        lines = Reported.objects.bulk_create((
            Reported(fact=fact, name=name, category=category, region_code=region, first_month=begins, last_month=ends, at=at)
            for fact, name, category, region, begins, ends in every_record(named, reach, first, today.replace(year=today.year + 1, day=1))
        ), batch_size=5000)  # fmt: skip
        return len(lines)


def remind() -> int:
    """Tell the keepers, once a return and period, what became owed in their places; returns how many were told."""
    with transaction.atomic(), as_system():
        return _remind(clock.today())


def _remind(today: date) -> int:
    owed: dict[tuple[str, date, date], list[Line]] = defaultdict(list)
    for line in of_region(SYSTEM, cities.current().region).owed:
        if line.span.due is not None and today - line.span.due <= _STILL_NEW:
            owed[line.wanted.key, line.span.period.first, line.span.period.last].append(line)
    told = set(OwedNotice.objects.filter(last_day__gte=today - timedelta(days=400)).values_list("what", "first_day", "last_day"))
    fresh = [key for key in owed if key not in told]
    OwedNotice.objects.bulk_create(
        [OwedNotice(what=what, first_day=first, last_day=last, told_at=clock.now()) for what, first, last in fresh],
        ignore_conflicts=True,
    )
    mine = _by_keeper([line for key in fresh for line in owed[key]], today)
    for user, lines in mine.items():
        tell([user], None, NOTICE, Words.said(partial(_sentence, lines)))
    return len(mine)


def _by_keeper(lines: list[Line], today: date) -> dict[int, list[Line]]:
    """Whom to tell what: of each place the keepers whose post is nearest to it."""
    roles = {role for line in lines for role in keepers_of(line.wanted)}
    held: dict[tuple[str, int], set[int]] = defaultdict(set)
    posts = posts_on(today).filter(role__in=roles, user__is_active=True)
    for role, region, user in posts.values_list("role", "region_code", "user_id"):
        held[role, region].add(user)
    found: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        near = ({user for role in keepers_of(line.wanted) for user in held.get((role, place), ())} for place in [line.place, *ancestors(line.place)])
        for user in next((users for users in near if users), ()):
            found[user].append(line)
    return found


def _sentence(lines: list[Line]) -> str:
    first = lines[0]
    what = (" " if english() else "").join([period_name(first.period, english()), name_of(first.wanted, english())])
    if len(lines) > 1:
        what = _("%(what)s等%(count)s项") % {"what": what, "count": len(lines)}
    return _("还欠：%(what)s。有的请登记，没有的请报“本期无”。") % {"what": what}
