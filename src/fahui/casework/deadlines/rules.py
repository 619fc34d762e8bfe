"""Last days that the law sets for people, as a rule tells them: counted on the civil calendar, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from fahui.foundation.worktime.rules import BUSINESS_ZONE, Calendar, Duration, due

# Months and years run on the civil calendar; without roll no announcement of holidays is looked at.
CIVIL = Calendar({}, (date.min, date.max))
PRESSING_DAYS = 7  # 法律援助法第四十四条: 距法定时效或者期限届满不足七日


@dataclass(frozen=True)
class LastDay:
    """A limitation or other last day. `until` None: it does not run, or the day it begins is not known yet."""

    until: date | None
    days_left: int | None
    zh: str
    en: str
    basis: tuple[str, ...]

    @property
    def pressing(self) -> bool:
        """Fewer than seven days are left, and the last day has not passed."""
        return self.days_left is not None and 0 <= self.days_left < PRESSING_DAYS


def later(day: date, length: str) -> date:
    """The last day of a period that begins with an event on a day (民法典第二百零一条, 第二百零二条); not rolled."""
    start = datetime.combine(day, time(12), BUSINESS_ZONE)
    return due(start, Duration.parse(length), CIVIL, roll=False).date()
