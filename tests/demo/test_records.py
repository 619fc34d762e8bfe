"""The demo's records: the same for the same seed, of every kind the city's targets count, with the slips that real data has."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from django.db.models import Max, Min

from fahui.casework.activities.models import Activity, Taking
from fahui.casework.registers.definitions import current
from fahui.casework.registers.models import Entry
from fahui.demo import places, records
from fahui.demo.bulk import write
from fahui.demo.organisations import build
from fahui.demo.world import BASE, many
from fahui.foundation import clock
from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.people.models import Institution, Posting, Practitioner, Site
from fahui.foundation.regions.models import Region
from fahui.standards.indicators.definitions import indicators
from fahui.standards.returns.queries import of_region
from fahui.standards.returns.rules import State, rate

CITY = 511100000000


@pytest.fixture
def filled(system: None) -> Iterator[dict[str, int]]:
    """Leshan with the records of a small demo."""
    yield _fill(1, 200)


def _fill(seed: int, cases: int) -> dict[str, int]:
    demo = build(Random(seed))
    places.fill(demo, seed)
    return records.fill(demo, seed, cases)


def _digest() -> str:
    rows = [
        *Entry.objects.order_by("register", "code").values_list("register", "code", "title", "region_code", "begins", "ends", "part", "whole", "amount_fen", "state"),
        *Activity.objects.order_by("code").values_list("code", "held_on", "region_code", "minutes", "people", "state", "organiser__code", "guest__code"),
        *Taking.objects.order_by("activity__code", "practitioner__licence", "part").values_list("activity__code", "practitioner__licence", "minutes"),
        *Site.objects.order_by("code").values_list("code", "area_m2", "opening_hours"),
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_one_seed_gives_the_same_records_again(db: None) -> None:
    found = []
    for seed in (1, 1, 2):
        with transaction.atomic(), as_system():
            _fill(seed, 50)
            found.append(_digest())
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_one_seed_gives_the_same_records_whatever_order_the_database_reads_in(db: None, request: pytest.FixtureRequest) -> None:
    found = []
    for fixture in ("db", "newest_first"):
        request.getfixturevalue(fixture)
        with transaction.atomic(), as_system():
            _fill(1, 50)
            found.append(_digest())
            transaction.set_rollback(True)
    assert found[0] == found[1]


def test_what_the_city_counts_is_there(filled: dict[str, int]) -> None:
    assert filled["entries"] == Entry.objects.count()
    registered = set(Entry.objects.values_list("register", "category"))
    lacking = []
    nobody_yet = {"brand_appraisal", "regional_arbitration"}  # not reached in this story
    for indicator in indicators("leshan").indicators:
        given = indicator.use.given if indicator.use else {}
        for register in many(given.get("register", [])):
            categories = [*many(given.get("category", [])), *many(given.get("categories", []))]
            if not any(name == register and (not categories or kind in categories) for name, kind in registered):
                lacking.append((indicator.id, register, categories))
        for title in set(many(given.get("titles", []))) - nobody_yet:
            if ("honour", title) not in registered:
                lacking.append((indicator.id, "honour", title))
        for role in many(given.get("roles", [])):
            if not Posting.objects.filter(role=role).exists():
                lacking.append((indicator.id, "posting", role))
        for kind in many(given.get("kinds", [])):
            if not any(model.objects.filter(kind=kind).exists() for model in (Site, Institution, Practitioner, Activity)):
                lacking.append((indicator.id, "kind", kind))
    assert not lacking


def test_entries_say_what_their_register_allows(filled: dict[str, int]) -> None:
    known = current()
    for register, category, grade in set(Entry.objects.values_list("register", "category", "grade")):
        told = known[register]
        assert category in ({"", *told.category.choices} if told.category else {""}), (register, category)
        assert grade in ({"", *told.grade.choices} if told.grade else {""}), (register, grade)
    assert not Entry.objects.filter(entered_at__gt=clock.now()).exists()
    more = [e for e in Entry.objects.exclude(whole=None).iterator() if known[e.register].share and (e.part or 0) > (e.whole or 0)]
    assert not more


def test_it_has_the_slips_of_real_data(filled: dict[str, int]) -> None:
    villages = set(Region.objects.filter(level=5).values_list("code", flat=True))
    today = clock.today()
    served = set(Posting.objects.filter(role="village_counsel", valid_to=None).values_list("target_region", flat=True))
    assert 1 <= len(villages - served) <= len(villages) // 20
    assert set(Entry.objects.values_list("state", flat=True)) == {"entered", "verified", "returned", "void"}
    committees = Institution.objects.filter(kind="peoples_mediation_committee")
    assert committees.filter(entries=None).exists()
    assert committees.exclude(entries=None).exists()
    late = [e for e in Entry.objects.filter(register="call_return") if e.entered_at.date() - e.begins > timedelta(days=25)]
    assert late
    told = Activity.objects.aggregate(first=Min("held_on"), last=Max("held_on"))
    assert told["first"].year == BASE.year + 1
    assert today - timedelta(days=30) < told["last"] < today


def test_it_starts_where_the_policy_started(filled: dict[str, int]) -> None:
    """Leshan's plan: 520 lawyers, 38 notaries, 266 full-time mediators, 72 % of calls answered at the end of 2020."""
    then = Practitioner.objects.filter(licensed_on__lte=BASE)
    assert abs(then.filter(kind="lawyer").count() - 520) <= 20
    assert then.filter(kind="notary").count() == 38
    assert Posting.objects.filter(role="full_time_mediator", valid_from__lte=BASE).values("practitioner").distinct().count() == 266
    calls = list(Entry.objects.filter(register="call_return", category="answered", begins__lt=date(2021, 7, 1)))
    answered, offered = sum(e.part or 0 for e in calls), sum(e.whole or 0 for e in calls)
    assert Decimal("0.70") < answered / offered < Decimal("0.77")
    assert sum(r.population or 0 for r in Region.objects.filter(level=3)) == pytest.approx(3_160_000, abs=20)


def test_some_places_owe_returns_and_most_reported_what_is_theirs_alone(filled: dict[str, int]) -> None:
    """Who reports what, as a leader would see it: the city's own returns are in, each village's counsel is not, and some owe more."""
    picture = of_region(SYSTEM, CITY)
    states = {key: picture.only(key).counts() for key in (one.key for one in picture.returns)}
    city, counties = Counter[State](), Counter[State]()
    for key, told in states.items():
        for (_place, _key), counts in told.items():
            (city if key.endswith("@2") else counties if key.endswith("@3") else Counter()).update(counts)
    assert city["given"] > 4 * city["owed"]
    assert counties["given"] > counties["owed"] > 0
    assert {line.state for line in picture.lines} <= {"given", "owed"}  # nobody has declared anything, and last year is long over
    rates = {place: rate(sum((Counter(c) for (p, _k), c in picture.counts().items() if p == place), Counter())) for place in {line.county for line in picture.lines}}
    assert len({given / asked for given, asked in rates.values()}) > 5  # not one like the other


def test_rows_written_as_json_are_read_back_as_they_were(system: None) -> None:
    rows = [
        Entry(register="survey", code=f"t-{n}", title="“引号”、\\反斜线\n换行 %s", region_code=CITY, begins=date(2024, 2, 29), ends=None, part=Decimal("12.34"),
              details={"a": ["一", 2]}, entered_at=clock.now(), changed_at=clock.now())
        for n in range(3)
    ]  # fmt: skip
    home = Institution(code="t-home", kind="court", name="丽水法院", region_code=CITY)
    write([home])
    write(rows)
    write([])
    kept = {row.pk: row for row in Entry.objects.filter(register="survey")}
    for row in rows:
        read = kept[row.pk]
        assert [getattr(read, f.attname) for f in Entry._meta.concrete_fields] == [getattr(row, f.attname) for f in Entry._meta.concrete_fields]
    assert Institution.objects.get(pk=home.pk).initials == "lsfy"
