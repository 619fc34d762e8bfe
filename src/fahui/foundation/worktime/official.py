"""The holidays and make-up workdays the State Council has announced, as rows for the calendar table.

Read from the package `chinesecalendar`, which restates the yearly notices. A notice appears each November or so for the
next year, and may still move days of late December: load the new year as soon as it is announced.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from chinese_calendar import Holiday
from chinese_calendar.constants import holidays, workdays

from fahui.foundation.worktime.rules import Kind, OutsideCalendar

FIRST_YEAR: int = min(holidays).year
LAST_YEAR: int = max(holidays).year

_NAMES: dict[str, str] = {holiday.value: holiday.chinese for holiday in Holiday}
_NEW_YEAR: str = Holiday.new_years_day.value

# Days moved by a notice of their own, outside the yearly one.
_OWN_NOTICES: list[tuple[date, date, str]] = [
    (
        date(2015, 9, 3),
        date(2015, 9, 6),
        "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知",
    ),
    (date(2019, 4, 28), date(2019, 5, 5), "国务院办公厅关于调整2019年劳动节假期安排的通知"),
    (date(2020, 1, 31), date(2020, 2, 2), "国务院办公厅关于延长2020年春节假期的通知"),
]


class OfficialDay(NamedTuple):
    """One announced day: a rest day, or a weekend day that is worked; `name` is the festival it belongs to."""

    day: date
    kind: Kind
    name: str
    source: str


def official_days(first_year: int, last_year: int) -> list[OfficialDay]:
    """Every announced day of these years, in order. Raises OutsideCalendar for a year without announcements."""
    if first_year > last_year:
        raise ValueError(f"The years run backwards: {first_year} to {last_year}.")
    for year in (first_year, last_year):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise OutsideCalendar(year)
    announced = [(Kind.HOLIDAY, holidays), (Kind.WORKDAY, workdays)]
    rows = [
        OfficialDay(day, kind, _NAMES[festival], _source(day, festival))
        for kind, table in announced
        for day, festival in table.items()
        if first_year <= day.year <= last_year
    ]
    return sorted(rows)


def _source(day: date, festival: str) -> str:
    """The notice that announced this day. New Year's days of late December stand in the notice for the next year."""
    for first, last, notice in _OWN_NOTICES:
        if first <= day <= last:
            return notice
    year = day.year + (festival == _NEW_YEAR and day.month == 12)
    return f"国务院办公厅关于{year}年部分节假日安排的通知"
