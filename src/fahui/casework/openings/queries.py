"""Who opened sealed files, week by week (未成年人保护法第一百零三条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, QuerySet

from fahui.casework.cases.queries import visible
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.models import Event
from fahui.foundation.clock import SHANGHAI

NOTICE = "sealed.openings"


@dataclass(frozen=True)
class Week:
    """Monday to Sunday, in business time."""

    monday: date

    @staticmethod
    def of(day: date) -> Week:
        """The week of a day."""
        return Week(day - timedelta(days=day.weekday()))

    @property
    def begins(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.monday, time(0), SHANGHAI)

    @property
    def before(self) -> Week:
        """The week before."""
        return Week(self.monday - timedelta(days=7))

    @property
    def after(self) -> Week:
        """The week after."""
        return Week(self.monday + timedelta(days=7))


@dataclass(frozen=True)
class Tally:
    """How often sealed files were opened in a week, by how many people, and how many files."""

    times: int
    people: int
    files: int


def openings(reader: Reader, week: Week) -> QuerySet[Event]:
    """Every look at the sealed files a reader may see, newest first."""
    files = visible(reader).filter(sealed=True).values("pk")
    looked = Event.objects.filter(case_id__in=files, kind="personal_data.read")
    return looked.filter(at__gte=week.begins, at__lt=week.after.begins).order_by("-id")


def tally(reader: Reader, week: Week) -> Tally:
    """The openings of a week in three numbers."""
    found = openings(reader, week).order_by().aggregate(
        times=Count("pk"), people=Count("actor_id", distinct=True), files=Count("case_id", distinct=True)
    )  # fmt: skip
    return Tally(**found)
