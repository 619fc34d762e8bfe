"""Counting legal time: typed durations, the working calendar, due moments and suspensions. Pure; no clock, no database.

Sources. 民法典 第二百条 to 第二百零四条: the first day is not counted, hours run from the stated minute (201); a month
or year ends on the corresponding day, or on the month's last day (202); a last day on a holiday moves to the day after
the holiday, and the last day runs to 24:00 (203). 刑事诉讼法 第一百零五条: the same, but a holiday never prolongs
custody. Weekends count as rest days except the make-up workdays the State Council announces.

Every moment returned is aware, in Asia/Shanghai. A day that no announced calendar covers is refused, never guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from fahui.foundation.errors import Refusal

BUSINESS_ZONE = ZoneInfo("Asia/Shanghai")
LAST_SECOND = time(23, 59, 59)
_DAY = timedelta(days=1)

Stop = tuple[datetime, datetime | None]
"""When the clock was stopped and when it resumed; None while it is still stopped."""

_Stretches = Iterator[tuple[datetime, datetime | None]]
"""Stretches of running time, in order; None means without end."""


class OutsideCalendar(Refusal):
    """The working calendar of `year` is not loaded, so whether a day is a working day is unknown."""

    status = 409
    code = "outside_calendar"

    def __init__(self, year: int) -> None:
        super().__init__(
            _("%(year)s年的节假日安排尚未导入，无法计算期限。请先导入国务院办公厅公布的%(year)s年节假日安排，再重试。") % {"year": year}
        )
        self.year = year


class Unit(StrEnum):
    """What a duration counts. The value is the text it is written with."""

    NATURAL_DAY = "natural day"
    WORKING_DAY = "working day"
    HOUR = "hour"
    WORKING_HOUR = "working hour"
    MONTH = "month"
    YEAR = "year"


class Kind(StrEnum):
    """What an announced day is: a rest day although it may be a weekday, or a workday although a weekend."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"


_WRITTEN = re.compile(r"([1-9][0-9]{0,3}) (natural day|working day|working hour|hour|month|year)s?")


@dataclass(frozen=True, slots=True)
class Duration:
    """A legal length of time, such as `7 natural days`. The text is its one written form: parse(str(d)) == d."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.count <= 9999:
            raise ValueError(f"A duration counts from 1 to 9999 units, not {self.count}.")

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read `7 natural days`, `15 working days`, `24 hours`, `5 working hours`, `6 months` or `1 year`."""
        match = _WRITTEN.fullmatch(text.strip())
        if match is None:
            raise ValueError(
                f"{text!r} is not a duration. Write a number and a unit, e.g. '7 natural days', '15 working days', "
                "'24 hours', '5 working hours', '6 months' or '1 year' (plain 'days' does not say which kind)."
            )
        return cls(int(match[1]), Unit(match[2]))

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


@dataclass(frozen=True, eq=False)
class Calendar:
    """The days on which offices work: weekdays, except announced holidays, and announced make-up workdays.

    `covered` is the first and last day for which announcements are loaded; asking for any other day raises
    OutsideCalendar. `office_hours` bound the working hours of a working day.
    """

    days: Mapping[date, Kind]
    covered: tuple[date, date]
    office_hours: tuple[time, time] = field(default=(time(9), time(17)))

    def __post_init__(self) -> None:
        if self.covered[0] > self.covered[1]:
            raise ValueError(f"The calendar ends {self.covered[1]} before it begins {self.covered[0]}.")
        if self.office_hours[0] >= self.office_hours[1]:
            raise ValueError("Office hours end before they begin.")
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day. Raises OutsideCalendar for a day without announcements."""
        if not self.covered[0] <= day <= self.covered[1]:
            raise OutsideCalendar(day.year)
        announced = self.days.get(day)
        return announced is Kind.WORKDAY if announced else day.weekday() < 5

    def next_working(self, day: date) -> date:
        """This day if it is a working day, else the first working day after it."""
        while not self.is_working(day):
            day += _DAY
        return day

    def working_days(self, after: date, through: date) -> int:
        """How many working days lie after one day, up to and including another."""
        return sum(self.is_working(after + _DAY * n) for n in range(1, (through - after).days + 1))


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left until a due moment; all figures are negative or zero once it has passed."""

    time: timedelta
    natural_days: int
    working_days: int | None

    @property
    def overdue(self) -> bool:
        """Whether the due moment has passed."""
        return self.time < timedelta(0)


def due(
    start: datetime, duration: Duration, calendar: Calendar, *, roll: bool = True, extends_custody: bool = False
) -> datetime:
    """The last moment of a period that begins with an event at `start` (aware).

    Days, months and years exclude the day of the event and end at 23:59:59 of their last day; if `roll`, a last day
    that is a rest day moves to the next working day. With `extends_custody` the period is one whose rolling would keep
    a person in custody longer, so it never rolls, whatever `roll` says. Hours run from the minute of the event and
    never roll; working hours run in office hours only.
    """
    found = due_with_suspensions(start, duration, calendar, (), roll=roll, extends_custody=extends_custody)
    assert found is not None  # only an open stop leaves a period without an end
    return found


def due_with_suspensions(
    start: datetime,
    duration: Duration,
    calendar: Calendar,
    stops: Sequence[Stop],
    *,
    roll: bool = True,
    extends_custody: bool = False,
) -> datetime | None:
    """As `due`, without the time in `stops` (from, to or None). None while an open stop holds off the end.

    Hours leave out exactly the stopped time. Days leave out the calendar days after the day of the stop, up to and
    including the day of the resumption: the day of the stop still counts, the first day after the resumption counts
    again, and a stop resumed on its own day costs nothing. A month or year is first laid on the calendar without stops
    and then counted as that many natural days. A period never ends, nor rolls, onto a left-out day.
    """
    begin, pauses = _local(start), _merged(stops)
    match duration.unit:
        case Unit.HOUR:
            return _run(begin, timedelta(hours=duration.count), pauses, _around_the_clock)
        case Unit.WORKING_HOUR:
            return _run(begin, timedelta(hours=duration.count), pauses, partial(_in_office_hours, calendar))
    skipped = _Skipped(pauses)
    if duration.unit is Unit.WORKING_DAY:
        last = _count(begin.date(), duration.count, skipped, calendar)
    else:
        last = _count(begin.date(), _natural_days(begin.date(), duration), skipped, None)
        if roll and not extends_custody:
            last = _rolled(last, skipped, calendar)
    return None if last is None else datetime.combine(last, LAST_SECOND, BUSINESS_ZONE)


def before(anchor: datetime, duration: Duration, calendar: Calendar | None = None) -> datetime:
    """The last moment to act so that `duration` lies before `anchor`, as in "15 days before the hearing".

    The day of the anchor is not counted: 15 natural days before a hearing on the 20th is the 5th, until 23:59:59. The
    result never rolls, since moving it later would shorten the protection it gives. Working days are counted backwards
    over working days and need a calendar; hours run back from the minute; months and years to the corresponding day.
    """
    moment = _local(anchor)
    match duration.unit:
        case Unit.HOUR:
            return moment - timedelta(hours=duration.count)
        case Unit.WORKING_HOUR:
            raise ValueError("A period before an event is counted in days, months, years or hours, not working hours.")
        case Unit.NATURAL_DAY:
            day = moment.date() - _DAY * duration.count
        case Unit.WORKING_DAY:
            if calendar is None:
                raise ValueError("Working days can only be counted with a calendar.")
            day = moment.date()
            for _ in range(duration.count):
                day -= _DAY
                while not calendar.is_working(day):
                    day -= _DAY
        case _:
            day = _corresponding(moment.date(), -_months(duration))
    return datetime.combine(day, LAST_SECOND, BUSINESS_ZONE)


def remaining(now: datetime, due_at: datetime, calendar: Calendar | None = None) -> Remaining:
    """What is left at `now`. Working days are counted only with a calendar, and negatively once the day has passed."""
    today, last = _local(now).date(), _local(due_at).date()
    working = None
    if calendar is not None:
        working = calendar.working_days(today, last) if last >= today else -calendar.working_days(last, today)
    return Remaining(due_at - now, (last - today).days, working)


def full_years(since: date, day: date) -> int:
    """Full years from one day to another by the calendar (公历的年、月、日), as ages and years of practice are told."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; periods are counted from aware moments.")
    return moment.astimezone(BUSINESS_ZONE)


def _merged(stops: Sequence[Stop]) -> list[Stop]:
    """The stops in order, overlapping ones joined. Nothing after an open stop matters."""
    merged: list[Stop] = []
    for since, until in sorted(((_local(s), u and _local(u)) for s, u in stops), key=lambda stop: stop[0]):
        if until is not None and until < since:
            raise ValueError(f"A stop at {since.isoformat()} cannot have resumed at {until.isoformat()}, before it.")
        if merged and (merged[-1][1] is None or since <= merged[-1][1]):
            earlier_since, earlier_until = merged.pop()
            until = None if until is None or earlier_until is None else max(until, earlier_until)
            since = earlier_since
        merged.append((since, until))
    return merged


class _Skipped:
    """The calendar days left out by stops, and the day from which an open stop leaves out everything."""

    def __init__(self, pauses: Sequence[Stop]) -> None:
        self.spans = [(since.date(), until.date() if until else date.max) for since, until in pauses]
        self.for_good = next((since.date() for since, until in pauses if until is None), date.max)

    def __contains__(self, day: date) -> bool:
        return any(stopped < day <= resumed for stopped, resumed in self.spans)


def _count(first: date, days: int, skipped: _Skipped, calendar: Calendar | None) -> date | None:
    """The day on which the n-th counted day after `first` falls; every day counts, or working days with a calendar."""
    day = first
    while days:
        day += _DAY
        if day > skipped.for_good:
            return None
        if day not in skipped and (calendar is None or calendar.is_working(day)):
            days -= 1
    return day


def _rolled(last: date | None, skipped: _Skipped, calendar: Calendar) -> date | None:
    while last is not None and (last in skipped or not calendar.is_working(last)):
        last += _DAY
        if last > skipped.for_good:
            return None
    return last


def _months(duration: Duration) -> int:
    return duration.count * (12 if duration.unit is Unit.YEAR else 1)


def _corresponding(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day where it has no such day (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _natural_days(first: date, duration: Duration) -> int:
    if duration.unit is Unit.NATURAL_DAY:
        return duration.count
    return (_corresponding(first, _months(duration)) - first).days


def _run(
    begin: datetime, need: timedelta, pauses: Sequence[Stop], running: Callable[[datetime], _Stretches]
) -> datetime | None:
    """The moment at which `need` of running time, outside the pauses, is used up; None if an open pause comes first."""
    moment = begin
    for since, until in pauses:
        if since > moment:
            end, need = _use(running(moment), need, since)
            if end is not None:
                return end
        if until is None:
            return None
        moment = max(moment, until)
    end, _ = _use(running(moment), need, None)
    return end


def _use(stretches: _Stretches, need: timedelta, limit: datetime | None) -> tuple[datetime | None, timedelta]:
    """The moment `need` is used up along the stretches; or None, and what is left of it, if `limit` comes first."""
    for opens, closes in stretches:
        if limit is not None and opens >= limit:
            break
        end = min((moment for moment in (closes, limit) if moment is not None), default=None)
        if end is None or end - opens >= need:
            return opens + need, timedelta(0)
        need -= end - opens
        if end == limit:
            break
    return None, need


def _around_the_clock(begin: datetime) -> _Stretches:
    yield begin, None


def _in_office_hours(calendar: Calendar, begin: datetime) -> _Stretches:
    day = begin.date()
    while True:
        day = calendar.next_working(day)
        opens, closes = (datetime.combine(day, hour, BUSINESS_ZONE) for hour in calendar.office_hours)
        if begin < closes:
            yield max(begin, opens), closes
        day += _DAY
