"""The leader's page of today: every number on it is the number of records it stands for, as far as this leader sees them."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fahui.casework.cases.models import Case, CaseAccess, Urge
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.feedback.models import Feedback, Invitation
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader, as_system, reading_as, scope_key
from fahui.insight import queries
from fahui.insight.rules import Alert, by_county, by_service
from tests.cast import COUNTY, NEIGHBOUR, TOWNSHIP, Cast, wage_claim
from tests.channels.desk.test_desk import at, text

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False


@pytest.fixture
def cases(cast: Cast) -> list[Case]:
    """Thirty matters of two counties, of this year and the one before, of all kinds that the page tells apart."""
    chosen, now, found = random.Random(5), clock.now(), []
    for number in range(30):
        case = wage_claim(cast["clerk"], key=f"today-{number}")
        case.region_code = chosen.choice([TOWNSHIP, TOWNSHIP, NEIGHBOUR + 1000])
        case.scope_key = scope_key(case.scope_key // 10**12, case.region_code)
        case.open, case.sealed, case.priority = chosen.random() < 0.7, chosen.random() < 0.2, chosen.choice([0, 2])
        case.institution = cast.institutions["aid"]
        case.handler = chosen.choice([None, cast.users["reviewer"]])
        case.provider = chosen.choice([None, cast.lawyers["lawyer"]])
        case.opened_at = now - chosen.choice([2 * HOUR, 30 * HOUR, 500 * 24 * HOUR])
        case.changed_at = max(case.opened_at, now - chosen.choice([HOUR, 11 * 24 * HOUR]))
        case.next_due = chosen.choice([None, now - HOUR, now + HOUR, now + 48 * HOUR])
        found.append(case)
    with as_system():
        for case in found:
            case.save()
            CaseDeadline.objects.filter(case=case).update(status=chosen.choice(["met", "late", "running"]), ended_at=now)
            if chosen.random() < 0.7:
                Invitation.objects.create(case=case, token=f"t{case.pk}", sent_at=now)
                Feedback.objects.create(case=case, score=chosen.randint(1, 5), at=max(case.opened_at, now - timedelta(days=chosen.choice([1, 9]))))
            Urge.objects.create(case=case, by=cast.users["leader"], text="请说明", due=now + chosen.choice([-HOUR, HOUR]), at=now - 2 * HOUR)
        # One matter outside is opened to the leader of the county alone.
        outside = next(case for case in found if case.region_code != TOWNSHIP and case.open and not case.sealed)
        CaseAccess.objects.create(case=outside, user=cast.users["officer"], why="test")
        cast.users["officer"].posts.update(region_code=COUNTY)
    return found


def seen(reader: Reader, cases: list[Case]) -> list[Case]:
    """What this reader may see, told from the cases themselves."""
    given = set(CaseAccess.objects.filter(user_id=reader.user_id).values_list("case_id", flat=True))
    cleared = reader.cleared_institutions
    return [c for c in cases if c.pk in given or (reader.sees(c.scope_key) and (not c.sealed or c.institution_id in cleared))]


@pytest.mark.parametrize("who", ["leader", "officer", "reviewer", "neighbour"])
def test_every_number_is_that_of_its_records(cast: Cast, cases: list[Case], who: str):
    reader, now = cast[who], clock.now()
    with as_system():
        mine = seen(reader, cases)
        of_mine = {"case__in": [c.pk for c in mine]}
        urged, rated = list(Urge.objects.filter(**of_mine)), list(Feedback.objects.filter(**of_mine))
        invited, clocks = Invitation.objects.filter(**of_mine), CaseDeadline.objects.filter(**of_mine)
        this_year = [c.pk for c in mine if c.opened_at.astimezone(clock.SHANGHAI).year == now.astimezone(clock.SHANGHAI).year]
        asked = invited.filter(case__in=this_year).count()
        kept = Counter(clocks.filter(case__in=this_year).values_list("status", flat=True))
    with reading_as(reader):
        counted = queries.tallies(reader)
        alerts = {a.id: (a.count, a.of) for a in queries.exceptions(reader, counted)}
        totals = {f.id: (f.numerator, f.denominator) for f in queries.totals(reader, counted)}
        behind = {alert: {c.pk for c in queries.behind(reader, alert)} for alert in alerts}
        single = {alert: queries.exception(reader, alert).count for alert in alerts}
    live = [c for c in mine if c.open]
    late, soon = ([c for c in live if c.next_due and low <= c.next_due < high] for low, high in ((now - 9 * HOUR, now), (now, now + 24 * HOUR)))
    expected = {
        "overdue": (len(late), len(live)), "urgent": (sum(c.priority == 2 and c.provider is None for c in live), len(live)),
        "urges": (sum(u.due < now for u in urged), len(urged)), "bad": (sum(r.score <= 2 for r in rated if r.at > now - timedelta(days=7)), sum(r.at > now - timedelta(days=7) for r in rated)),
        "soon": (len(soon), len(live)), "unclaimed": (sum(c.handler is None and c.opened_at < now - 24 * HOUR for c in live), len(live)),
        "stuck": (sum(c.changed_at < now - timedelta(days=10) for c in live), len(live)),
    }  # fmt: skip
    shown = sorted((Alert(alert, *numbers) for alert, numbers in expected.items() if numbers[0]), key=lambda a: -a.weight)[:5]
    assert alerts == {a.id: (a.count, a.of) for a in shown}
    assert single == {alert: count for alert, (count, _of) in alerts.items()}
    assert behind.get("overdue", set()) == {c.pk for c in late}
    fresh = [r for r in rated if r.case_id in this_year]
    assert totals == {
        "closed": (sum(not c.open for c in mine if c.pk in this_year), len(this_year)), "in_time": (kept["met"], kept["met"] + kept["late"]),
        "reach": (len(fresh), asked), "satisfied": (sum(r.score > 2 for r in fresh), len(fresh)),
    }  # fmt: skip
    assert by_service(counted) == ([("legal_aid", len(live), len(late), len(soon))] if live else [])
    counties = sorted({c.region_code // 10**6 * 10**6 for c in mine if reader.sees(c.scope_key) and not c.sealed and (c.open or c.pk in this_year)})
    plain = {county: [c for c in mine if c.region_code // 10**6 * 10**6 == county and not c.sealed and reader.sees(c.scope_key)] for county in counties}
    assert by_county(counted) == [
        (county, sum(c.pk in this_year for c in of), sum(c.open for c in of), sum(c in late for c in of)) for county, of in plain.items()
    ]
    if who == "leader":
        assert mine and len(mine) < len(cases) and len(counties) == 2, "sealed ones are not the leader's"


def test_the_page_shows_them_and_hides_small_cells(cast: Cast, cases: list[Case]):
    page = text(at(cast, "leader").get("/cockpit/"))
    assert "今天要看的五件事" in page and "五通桥区" in page and "犍为县" in page and "&lt;5" in page
    assert str(Case.objects.filter(open=True, next_due__lt=clock.now(), sealed=False).count()) in page


def test_an_alert_there_is_none_of_is_not_there(cast: Cast):
    assert at(cast, "leader").get("/cockpit/behind/nothing").status_code == 404


def test_its_cost_does_not_grow_with_the_cases(cast: Cast, cases: list[Case]):
    leader = at(cast, "leader")
    leader.get("/cockpit/")
    with CaptureQueriesContext(connection) as asked:
        leader.get("/cockpit/")
    over_cases = [q["sql"] for q in asked.captured_queries if 'FROM "casework_' in (q["sql"] or "")]
    assert len(over_cases) == 6, over_cases
