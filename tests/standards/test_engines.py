"""The same measure gives the same numbers on PostgreSQL and on the lake, and they are those counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fahui.casework.activities.models import Activity, Taking
from fahui.casework.registers.models import Entry
from fahui.foundation import clock
from fahui.foundation.models import Institution, Posting, Practitioner, Region, Site
from fahui.standards.indicators.definitions import measures
from fahui.standards.lake.engines import Duck, Postgres
from fahui.standards.measures.compile import numbers
from fahui.standards.measuring import cells
from fahui.standards.periods import Period
from fahui.standards.star import facts
from tests.standards.engines import lake_of_this_transaction

COUNTY = 511102000000
YEAR = [Period(-1, date(2025, 1, 1), date(2025, 12, 31), True), Period(0, date(2026, 1, 1), date(2026, 6, 30), False)]


@pytest.fixture
def villages(system: None) -> list[int]:
    """Three villages of one township; the first has everything, the second counsel without service, the third nothing."""
    codes = list(Region.objects.filter(level=5, code__gte=COUNTY, code__lt=COUNTY + 10**6).order_by("code").values_list("code", flat=True)[:3])
    Region.objects.filter(level=5).exclude(code__in=codes).delete()
    firm = Institution.objects.create(code="firm-1", kind="law_firm", name="天平所", region_code=COUNTY)
    lawyers = [
        Practitioner.objects.create(licence=f"L{n}", kind="lawyer", name=f"律师{n}", institution=firm, region_code=COUNTY,
                                    licensed_on=date(2020 + 3 * n, 1, 1))
        for n in range(3)
    ]  # fmt: skip
    for code in codes[:2]:
        Posting.objects.create(role="village_counsel", practitioner=lawyers[0], target_kind="region", target_region=code,
                               valid_from=date(2026, 2, 1))  # fmt: skip
    Site.objects.create(code="s1", kind="service_room", name="工作室", region_code=codes[0])
    now = clock.now()
    visit = Activity.objects.create(code="a1", kind="counsel_visit", title="入村服务", held_on=date(2026, 3, 5), minutes=3000,
                                    region_code=codes[0], state="confirmed", entered_at=now, changed_at=now)  # fmt: skip
    Activity.objects.create(code="a2", kind="counsel_visit", title="作废", held_on=date(2026, 3, 6), minutes=900,
                            region_code=codes[1], state="void", entered_at=now, changed_at=now)  # fmt: skip
    Taking.objects.create(activity=visit, practitioner=lawyers[0], minutes=3000)
    for code, state, part in (("q1", "verified", 70), ("q2", "entered", 10)):
        Entry.objects.create(register="survey", code=code, title="知晓率调查", region_code=COUNTY, category="awareness", begins=date(2026, 5, 1),
                             part=part, whole=100, state=state, entered_at=now, changed_at=now)  # fmt: skip
    return codes


@pytest.fixture
def both(villages: list[int], tmp_path: Path) -> Iterator[tuple[Postgres, Duck]]:
    """The two engines over the same records, for last year and the first half of this one."""
    live = Postgres()
    live.periods(YEAR)
    with Duck(lake_of_this_transaction(tmp_path)) as duck:
        duck.periods(YEAR)
        yield live, duck


EXPECTED = {
    ("practitioners", ("kinds", "lawyer")): {-1: {"county": (2, None)}, 0: {"county": (3, None)}},
    ("places_with_posting", ("levels", 5), ("roles", "village_counsel")): {-1: {"town": (0, 3)}, 0: {"town": (2, 3)}},
    ("villages_served_by_counsel",): {-1: {"town": (0, 3)}, 0: {"town": (1, 3)}},
    ("places_with_activity_time", ("levels", 5), ("kinds", "counsel_visit"), ("minutes", 3000)): {-1: {"town": (0, 3)}, 0: {"town": (1, 3)}},
    # Sites are known as they stand: nothing can be said of the year before.
    ("places_with_site", ("levels", 5), ("kinds", "service_room")): {0: {"town": (1, 3)}},
    ("hours_a_person", ("kinds", "lawyer")): {-1: {"county": (0, 2)}, 0: {"county": (3000, 3)}},
    ("entry_share", ("register", "survey"), ("category", "awareness")): {0: {"county": (7000, 10000)}},
    ("people_serving", ("kinds", "lawyer")): {-1: {"county": (0, 2)}, 0: {"county": (1, 3)}},
}


@pytest.mark.parametrize("asked", EXPECTED, ids=lambda asked: asked[0])
def test_both_engines_count_what_was_counted_by_hand(asked: tuple, villages: list[int], both: tuple[Postgres, Duck]):
    measure, *given = asked
    town = villages[0] - villages[0] % 1000
    places = {"county": COUNTY, "town": town}
    expected = {period: {places[name]: told for name, told in cells_.items()} for period, cells_ in EXPECTED[asked].items()}
    for engine in both:
        assert cells(engine, measure, dict(given)) == expected, engine.name


FILL = {"levels": [5], "kinds": ["x"], "roles": ["r"], "professions": ["lawyer"], "register": "survey", "category": "awareness", "titles": ["t"],
        "activities": ["lecture"], "services": ["legal_aid"], "outcomes": ["granted"], "decided": ["granted"], "minutes": 10,
        "at_least": 2, "days": 2, "part": "gave", "sites": ["s"], "categories": ["c"]}  # fmt: skip


def test_every_measure_runs_on_both_engines(both: tuple[Postgres, Duck]):
    for measure in measures().values():
        given = {name: FILL.get(name, "x") for name, value in measure.takes.items() if value == "required" or name == "category"}
        answers = [sorted(map(str, engine.rows(numbers(measure.shape(given))))) for engine in both]
        assert answers[0] == answers[1], measure.id


def test_nothing_personal_is_in_the_star():
    columns = {column for fact in facts().values() for column in fact.columns}
    assert not columns & {"name", "phone", "identity", "title", "address", "details", "applicant", "birth_date", "note"}
