"""The leader's first page: today's exceptions and the totals with their denominators, all from live records."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, Value

from fahui.casework.cases.models import Case, Urge
from fahui.casework.cases.queries import visible
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.feedback.models import BAD, Feedback, Invitation
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Missing
from fahui.foundation.prelude import write
from fahui.foundation.regions.rules import COUNTY, span_of
from fahui.insight.rules import RECENT_DAYS, STUCK_DAYS, UNCLAIMED_HOURS, Alert, Figure, Tally, first_five


def _conditions() -> dict[str, Q]:
    """Which cases each alert counts that is about cases."""
    now = clock.now()
    conditions = {
        "overdue": Q(next_due__lt=now),
        "urgent": Q(priority=2, provider=None),
        "soon": Q(next_due__gte=now, next_due__lt=now + timedelta(hours=24)),
        "unclaimed": Q(handler=None, opened_at__lt=now - timedelta(hours=UNCLAIMED_HOURS)),
        "stuck": Q(changed_at__lt=now - timedelta(days=STUCK_DAYS)),
    }
    return {alert: Q(open=True) & condition for alert, condition in conditions.items()}


def tallies(reader: Reader) -> list[Tally]:
    """The cases the reader may see that are open or of this year, counted in one pass: everything on the page that is about cases."""
    this_year = Q(opened_at__gte=_new_year())
    ranges = [Q(scope_key__gte=low, scope_key__lt=high) for low, high in reader.ranges]
    within = ExpressionWrapper(reduce(or_, ranges), BooleanField()) if ranges else Value(False)
    rows = visible(reader).filter(Q(open=True) | this_year).annotate(
        county=F("region_code") / Value(span_of(COUNTY)) * Value(span_of(COUNTY)), within=within,
    ).values("service", "county", "sealed", "within").annotate(
        opened=Count("pk", filter=this_year), closed=Count("pk", filter=this_year & Q(open=False)), total=Count("pk", filter=Q(open=True)),
        **{alert: Count("pk", filter=condition) for alert, condition in _conditions().items()},
    )  # fmt: skip
    with _hashed():
        return [Tally(open=row.pop("total"), **row) for row in rows.order_by()]


@contextlib.contextmanager
def _hashed() -> Iterator[None]:
    """Groups are gathered by hashing. PostgreSQL would sort a million rows first: beside what row security seems to cost it, one looks as
    dear as the other."""
    write(("SET LOCAL enable_sort = off", []))
    yield
    write(("SET LOCAL enable_sort TO DEFAULT", []))


def exceptions(reader: Reader, counted: list[Tally]) -> list[Alert]:
    """Today's five: each a count of cases the reader may open."""
    of = sum(tally.open for tally in counted)
    rated = _recent(reader).aggregate(all=Count("pk"), bad=Count("pk", filter=Q(score__in=BAD)))
    urged = _urged(reader).aggregate(all=Count("pk"), late=Count("pk", filter=Q(due__lt=clock.now())))
    return first_five([
        *(Alert(alert, sum(getattr(tally, alert) for tally in counted), of) for alert in _conditions()),
        Alert("urges", urged["late"], urged["all"]), Alert("bad", rated["bad"], rated["all"]),
    ])  # fmt: skip


def exception(reader: Reader, alert: str) -> Alert:
    """One alert and its number (not of how many). Raises Missing for an alert there is none of."""
    conditions = _conditions()
    if alert in conditions:
        return Alert(alert, visible(reader).filter(conditions[alert]).count(), 0)
    others: dict[str, Callable[[], int]] = {
        "urges": _urged(reader).filter(due__lt=clock.now()).count, "bad": _recent(reader).filter(score__in=BAD).count,
    }  # fmt: skip
    if alert not in others:
        raise Missing("没有这一类异常。")
    return Alert(alert, others[alert](), 0)


def behind(reader: Reader, alert: str, after: int = 0, size: int = 50) -> list[Case]:
    """The cases an alert counts, by key. Raises Missing for an alert there is none of."""
    now = clock.now()
    conditions = _conditions() | {
        "urges": Q(urges__answered_at=None, urges__due__lt=now),
        "bad": Q(feedback__score__in=BAD, feedback__at__gte=now - timedelta(days=RECENT_DAYS)),
    }
    if alert not in conditions:
        raise Missing("没有这一类异常。")
    rows = visible(reader).select_related("handler", "provider", "institution")
    return list(rows.filter(conditions[alert], pk__gt=after).distinct().order_by("pk")[: size + 1])


def _recent(reader: Reader) -> QuerySet[Feedback]:
    return Feedback.objects.filter(case__in=visible(reader).values("pk"), at__gte=clock.now() - timedelta(days=RECENT_DAYS))


def _urged(reader: Reader) -> QuerySet[Urge]:
    return Urge.objects.filter(case__in=visible(reader).values("pk"), answered_at=None)


def _new_year() -> datetime:
    return clock.now().astimezone(clock.SHANGHAI).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def totals(reader: Reader, counted: list[Tally]) -> list[Figure]:
    """This year's totals, each with its denominator and definition."""
    begin = _new_year()
    inside = visible(reader).filter(opened_at__gte=begin).values("pk")
    # Whatever happened to a case of this year happened this year: said, so that only that is looked at.
    clocks = CaseDeadline.objects.filter(case__in=inside, ended_at__gte=begin).aggregate(
        ended=Count("pk", filter=Q(status__in=["met", "late"])), met=Count("pk", filter=Q(status="met"))
    )
    asked = Invitation.objects.filter(case__in=inside, sent_at__gte=begin).count()
    ratings = Feedback.objects.filter(case__in=inside, at__gte=begin).aggregate(
        all=Count("pk"), good=Count("pk", filter=~Q(score__in=BAD))
    )
    opened, closed = (sum(getattr(tally, name) for tally in counted) for name in ("opened", "closed"))
    return [
        Figure("closed", closed, opened, "已办结", "Closed", "今年受理的事项中已办结的件数", "Closed among cases opened this year"),
        Figure("in_time", clocks["met"], clocks["ended"], "按时完成的期限", "Limits kept", "已结束的法定和规定期限中按时完成的个数", "Ended time limits that were met in time"),
        Figure("reach", ratings["all"], asked, "评价率", "Rated", "收到邀请的人中作出评价的件数", "Ratings given among invitations sent"),
        Figure("satisfied", ratings["good"], ratings["all"], "满意", "Satisfied", "评价为基本满意以上的件数；须与评价率一起看", "Ratings of 3 and above; read it with the reach beside it"),
    ]  # fmt: skip
