"""Reading editions of open data. They are for everybody; the figures of one that was withdrawn are for nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from fahui.foundation import cities, clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Missing, Refusal
from fahui.insight.opendata.content import Content, Published, question_of
from fahui.standards.indicators.roles import covers_city
from fahui.standards.indicators.schema import Indicator
from fahui.standards.models import Edition, Measured
from fahui.standards.policies.definitions import demands

PAGE = 50


class Withdrawn(Refusal):
    """The edition was there and is not shown any more; the message says since when and why."""

    status = 410
    code = "withdrawn"


def may_publish(reader: Reader) -> bool:
    """Whether the reader publishes and withdraws: leaders and supervisors of the city itself."""
    return covers_city(reader)


def newest(*, withdrawn: bool = False) -> Edition | None:
    """The present edition: the newest that was not withdrawn; with `withdrawn`, the newest of all."""
    rows = Edition.objects.order_by("-number")
    return (rows if withdrawn else rows.filter(withdrawn_at=None)).first()


def current_number() -> int | None:
    """The number of the present edition."""
    return Edition.objects.filter(withdrawn_at=None).aggregate(last=Max("number"))["last"]


def listed(before: int = 0, size: int = PAGE) -> list[Edition]:
    """Editions without their figures, newest first: a page and one more."""
    rows = Edition.objects.defer("content").order_by("-number")
    return list((rows.filter(number__lt=before) if before else rows)[: size + 1])


def edition(number: int) -> Edition:
    """One edition. Raises Missing."""
    found = Edition.objects.filter(number=number).first()
    if found is None:
        raise Missing(_("没有这一版。"))
    return found


def content_of(row: Edition) -> Content:
    """What an edition says. Raises Withdrawn."""
    if row.withdrawn_at is not None:
        raise Withdrawn(
            _("第%(n)s版已于%(day)s撤回：%(why)s")
            % {"n": row.number, "day": f"{row.withdrawn_at.astimezone(clock.SHANGHAI):%Y-%m-%d}", "why": row.withdrawn_reason}
        )
    return Content.model_validate(row.content)


def published_before(as_of: date) -> list[tuple[str, Published]]:
    """What the editions of a year up to a day (withdrawn ones too: they were public) said, with the question of each target."""
    rows = list(Edition.objects.filter(as_of__gt=as_of - timedelta(days=366)).order_by("number"))
    found = Measured.objects.filter(run__in={row.run_id for row in rows}).values_list("run_id", "indicator", "definition")
    asks = {(run, name): question_of(Indicator.model_validate(told)) for run, name, told in found}
    said = [(row.run_id, one) for row in rows for one in Content.model_validate(row.content).indicators]
    return [(asks.get((run, one.id), one.id), one) for run, one in said]


def section_of() -> Callable[[Indicator], tuple[str, str, str]]:
    """Which clause of this city's policy an indicator stands under, and its heading in both languages; one of the bureau's own, its own clause."""
    known = {demand.id: (clause.id, clause.heading.zh, clause.heading.en) for clause, demand in demands(cities.current().id)}

    def section(indicator: Indicator) -> tuple[str, str, str]:
        return next((known[name] for name in indicator.demands if name in known), (indicator.clause, "", ""))

    return section
