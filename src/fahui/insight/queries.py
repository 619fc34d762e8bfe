"""The leader's first page: today's exceptions and the totals with their denominators, all from live records."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.models import Count, Q

from fahui.casework.cases.models import Case, Urge
from fahui.casework.cases.queries import visible
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.feedback.models import BAD, Feedback, Invitation
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Missing
from fahui.insight.rules import Alert, Figure, first_five

STUCK_DAYS = 10
UNCLAIMED_HOURS = 24


def exceptions(reader: Reader) -> list[Alert]:
    """Today's five: each a count of cases the reader may open."""
    now = clock.now()
    counted = visible(reader).filter(open=True).aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(next_due__lt=now)),
        soon=Count("pk", filter=Q(next_due__gte=now, next_due__lt=now + timedelta(hours=24))),
        stuck=Count("pk", filter=Q(changed_at__lt=now - timedelta(days=STUCK_DAYS))),
        unclaimed=Count("pk", filter=Q(handler=None, opened_at__lt=now - timedelta(hours=UNCLAIMED_HOURS))),
        urgent=Count("pk", filter=Q(priority=2, provider=None)),
    )  # fmt: skip
    recent = now - timedelta(days=7)
    rated = Feedback.objects.filter(case__in=visible(reader).values("pk"), at__gte=recent).aggregate(
        all=Count("pk"), bad=Count("pk", filter=Q(score__in=BAD))
    )
    urged = Urge.objects.filter(case__in=visible(reader).values("pk"), answered_at=None).aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due__lt=now))
    )
    total = counted["open"]
    return first_five([
        Alert("overdue", counted["overdue"], total, "件已超过法定或规定期限", "cases past their time limit", 100),
        Alert("urgent", counted["urgent"], total, "件紧急事项还没有承办人", "urgent cases without a provider", 90),
        Alert("urges", urged["late"], urged["all"], "条督办过期没有答复", "supervision requests unanswered in time", 80),
        Alert("bad", rated["bad"], rated["all"], "个差评（近7天）", "bad ratings in the last 7 days", 70),
        Alert("soon", counted["soon"], total, "件将在24小时内到期", "cases due within 24 hours", 60),
        Alert("unclaimed", counted["unclaimed"], total, f"件超过{UNCLAIMED_HOURS}小时没有人经办", f"cases unclaimed for over {UNCLAIMED_HOURS} hours", 50),
        Alert("stuck", counted["stuck"], total, f"件{STUCK_DAYS}天没有任何进展", f"cases without any step for {STUCK_DAYS} days", 40),
    ])  # fmt: skip


def behind(reader: Reader, alert: str, after: int = 0, size: int = 50) -> list[Case]:
    """The cases an alert counts, by key. Raises Missing for an alert there is none of."""
    now = clock.now()
    rows = visible(reader).select_related("handler", "provider", "institution")
    conditions = {
        "overdue": Q(open=True, next_due__lt=now),
        "urgent": Q(open=True, priority=2, provider=None),
        "urges": Q(urges__answered_at=None, urges__due__lt=now),
        "bad": Q(feedback__score__in=BAD, feedback__at__gte=now - timedelta(days=7)),
        "soon": Q(open=True, next_due__gte=now, next_due__lt=now + timedelta(hours=24)),
        "unclaimed": Q(open=True, handler=None, opened_at__lt=now - timedelta(hours=UNCLAIMED_HOURS)),
        "stuck": Q(open=True, changed_at__lt=now - timedelta(days=STUCK_DAYS)),
    }
    if alert not in conditions:
        raise Missing("没有这一类异常。")
    return list(rows.filter(conditions[alert], pk__gt=after).distinct().order_by("pk")[: size + 1])


def totals(reader: Reader) -> list[Figure]:
    """This year's totals, each with its denominator and definition."""
    now = clock.now().astimezone(clock.SHANGHAI)
    begin = now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    mine = visible(reader).filter(opened_at__gte=begin)
    cases = mine.aggregate(all=Count("pk"), closed=Count("pk", filter=Q(open=False)))
    inside = visible(reader).filter(opened_at__gte=begin).values("pk")
    clocks = CaseDeadline.objects.filter(case__in=inside, ended_at__isnull=False).aggregate(
        ended=Count("pk", filter=Q(status__in=["met", "late"])), met=Count("pk", filter=Q(status="met"))
    )
    asked = Invitation.objects.filter(case__in=inside).count()
    ratings = Feedback.objects.filter(case__in=inside).aggregate(
        all=Count("pk"), good=Count("pk", filter=~Q(score__in=BAD))
    )
    return [
        Figure("closed", cases["closed"], cases["all"], "已办结", "Closed", "今年受理的事项中已办结的件数", "Closed among cases opened this year"),
        Figure("in_time", clocks["met"], clocks["ended"], "按时完成的期限", "Limits kept", "已结束的法定和规定期限中按时完成的个数", "Ended time limits that were met in time"),
        Figure("reach", ratings["all"], asked, "评价率", "Rated", "收到邀请的人中作出评价的件数", "Ratings given among invitations sent"),
        Figure("satisfied", ratings["good"], ratings["all"], "满意", "Satisfied", "评价为基本满意以上的件数；须与评价率一起看", "Ratings of 3 and above; read it with the reach beside it"),
    ]  # fmt: skip


def by_service(reader: Reader) -> list[dict[str, int | str]]:
    """Open cases by service: all, overdue, due today."""
    now = clock.now()
    rows = visible(reader).filter(open=True).values("service").annotate(
        total=Count("pk"), overdue=Count("pk", filter=Q(next_due__lt=now)),
        soon=Count("pk", filter=Q(next_due__gte=now, next_due__lt=now + timedelta(hours=24))),
    )  # fmt: skip
    return list(rows.order_by("service"))


def by_county(reader: Reader) -> list[tuple[int, int, int, int]]:
    """(county code, opened this year, open, overdue), for the counties in reach. Small cells are the page's to hide."""
    now = clock.now().astimezone(clock.SHANGHAI)
    begin = now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    if not reader.ranges:
        return []
    # Written as bounds, which an index can answer before row security looks at each row.
    inside = " OR ".join("scope_key >= %s AND scope_key < %s" for _range in reader.ranges)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT region_code / 1000000 * 1000000 AS county, count(*) FILTER (WHERE opened_at >= %s), "
            "count(*) FILTER (WHERE open), count(*) FILTER (WHERE open AND next_due < now()) "
            f"FROM casework_case WHERE ({inside}) AND NOT sealed GROUP BY 1 ORDER BY 1",
            [begin, *(bound for held in reader.ranges for bound in held)],
        )
        return [(int(a), int(b), int(c), int(d)) for a, b, c, d in cursor.fetchall()]
