"""Loading and extending the working calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import SYSTEM, Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Forbidden, Invalid
from fahui.foundation.worktime.models import CalendarDay, CalendarYear
from fahui.foundation.worktime.official import FIRST_YEAR, LAST_YEAR, official_days
from fahui.foundation.worktime.queries import forget
from fahui.foundation.worktime.rules import Kind


@transaction.atomic
def load_official() -> int:
    """Load the announced years of the package that are not in the tables yet; returns how many years."""
    known = set(CalendarYear.objects.values_list("year", flat=True))
    missing = [year for year in range(FIRST_YEAR, LAST_YEAR + 1) if year not in known]
    for year in missing:
        rows = official_days(year, year)
        CalendarDay.objects.bulk_create(
            [CalendarDay(day=r.day, kind=r.kind.value, name=r.name, source=r.source) for r in rows],
            ignore_conflicts=True,
        )
        CalendarYear.objects.create(year=year, source=rows[0].source if rows else "")
    if missing:
        append(SYSTEM, Entry("calendar.loaded", data={"years": missing}))
    forget()
    return len(missing)


@transaction.atomic
def announce_year(
    reader: Reader, year: int, days: Iterable[tuple[date, Kind, str]], source: str
) -> CalendarYear:
    """Enter or correct a year's arrangement as announced. Raises Forbidden, or Invalid naming the wrong day."""
    if reader.kind != "system" and not {Role.SYSTEM_ADMIN, Role.BUREAU_LEADER} & reader.roles:
        raise Forbidden(_("只有系统管理员或局领导可以录入节假日安排。"))
    if not source.strip():
        raise Invalid(_("请写明来源文件。"), fields={"source": _("例如：国务院办公厅关于2027年部分节假日安排的通知")})
    listed = list(days)
    for day, kind, _name in listed:
        weekend = day.weekday() >= 5
        if day.year != year:
            which = {"day": day, "year": year}
            raise Invalid(_("%(day)s 不在%(year)s年。") % which, fields={"days": _("%(day)s：请只填%(year)s年的日期") % which})
        if kind is Kind.WORKDAY and not weekend:
            told = _("%(day)s：调休上班只能是周六或周日") % {"day": day}
            raise Invalid(_("%(day)s 本来就是工作日。") % {"day": day}, fields={"days": told})
    if not any(kind is not Kind.WORKDAY for _day, kind, _name in listed):
        raise Invalid(_("没有写哪几天放假。"), fields={"days": _("请照通知写全，至少有一天放假")})
    twice = next((day for place, (day, _kind, _name) in enumerate(listed) if day in {d for d, _k, _n in listed[:place]}), None)
    if twice:
        raise Invalid(_("%(day)s 写了两次。") % {"day": twice}, fields={"days": _("%(day)s：请删去一行") % {"day": twice}})
    CalendarDay.objects.filter(day__year=year).delete()
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=day, kind=kind.value, name=name, source=source) for day, kind, name in listed]
    )
    entry, _made = CalendarYear.objects.update_or_create(
        year=year, defaults={"source": source, "confirmed_by": reader.user_id}
    )
    append(reader, Entry("calendar.announced", about=f"calendar:{year}", data={"days": len(listed)}))
    transaction.on_commit(forget)
    return entry
