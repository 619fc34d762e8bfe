"""Places and records of a small world, from which measures can be counted by hand.

Two counties with a township and three villages each, and an autonomous county without any. Whatever a test does not say is such that
the record counts: verified, in use, in office since long, in the spring of the half year that is asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any

from fahui.casework.activities.models import Activity, Taking
from fahui.casework.cases.models import Case
from fahui.casework.definitions.models import ServiceVersion
from fahui.casework.feedback.models import Feedback, Invitation
from fahui.casework.registers.models import Entry
from fahui.casework.scheduling.models import Shift
from fahui.foundation import clock
from fahui.foundation.models import Institution, Post, Posting, Practitioner, Region, Site, User
from fahui.standards.periods import Period

CITY = 511100000000
A, B, C = 511112000000, 511123000000, 511133000000
TOWN_A, TOWN_B = 511112101000, 511123100000
A1, A2, A3 = 511112101201, 511112101203, 511112101204
B1, B2, B3 = 511123100001, 511123100002, 511123100003
PEOPLE = {A: 20_000, B: 30_000, C: 50_000}

BEFORE, NOW = -1, 0
PERIODS = [
    Period(BEFORE, date(2024, 1, 1), date(2024, 12, 31), True),
    Period(NOW, date(2025, 1, 1), date(2025, 6, 30), False),
]
LONG_AGO, LAST_YEAR, SPRING, TOO_LATE = date(2010, 1, 1), date(2024, 3, 5), date(2025, 3, 5), date(2025, 7, 1)

Expected = Mapping[int, Mapping[int, tuple[int, int | None] | None]]
Says = Callable[..., None]
"""`says(measure, {period: {place: (upper, lower)}}, **given)`: fails unless every engine gives just this."""

_NUMBERS = count(1)


def settle() -> None:
    """The world without records: four counties of places at most, with people in three of them."""
    kept = (CITY, A, B, C, TOWN_A, TOWN_B, A1, A2, A3, B1, B2, B3)
    Region.objects.filter(level__gte=2).exclude(code__in=kept).delete()
    Region.objects.update(population=None)
    # Nobody may be counted twice: the city's residents are those of its counties.
    Region.objects.filter(code=CITY).update(population=sum(PEOPLE.values()))
    for code, people in PEOPLE.items():
        Region.objects.filter(code=code).update(population=people)
    Region.objects.filter(level=5).update(urban_rural="rural")
    Region.objects.filter(code=A3).update(urban_rural="urban")


def _new(letter: str) -> str:
    return f"{letter}{next(_NUMBERS)}"


def body(kind: str, region: int = A, **more: Any) -> Institution:
    """An institution or body."""
    name = _new("B")
    return Institution.objects.create(**{"code": name, "name": name, "kind": kind, "region_code": region} | more)


def person(kind: str, home: Institution | None = None, region: int = A, **more: Any) -> Practitioner:
    """A practitioner, licensed since long, in the place of the institution."""
    home = home or body("justice_bureau", region)
    told = {"institution": home, "region_code": home.region_code, "licensed_on": LONG_AGO}
    name = _new("P")
    return Practitioner.objects.create(**{"licence": name, "name": name, "kind": kind} | told | more)


def site(kind: str, region: int, **more: Any) -> Site:
    """A place one can go to."""
    name = _new("S")
    return Site.objects.create(**{"code": name, "name": name, "kind": kind, "region_code": region} | more)


def entry(register: str, category: str, region: int, begins: date = SPRING, **more: Any) -> Entry:
    """A line of a register, verified."""
    now, name = clock.now(), _new("E")
    told = {"code": name, "title": name, "state": "verified", "entered_at": now, "changed_at": now}
    return Entry.objects.create(
        **told | {"register": register, "category": category, "region_code": region, "begins": begins} | more
    )


def posting(role: str, where: Institution | int, who: Practitioner | None = None, **more: Any) -> Posting:
    """Somebody in a role for a place or a body."""
    at_body = isinstance(where, Institution)
    told = {
        "target_kind": "institution" if at_body else "region", "target_institution": where if at_body else None,
        "target_region": where.region_code if isinstance(where, Institution) else where, "valid_from": LONG_AGO,
    }  # fmt: skip
    return Posting.objects.create(**{"role": role, "practitioner": who} | told | more)


Part = tuple[Practitioner, str, int]


def held(kind: str, region: int, day: date = SPRING, parts: Sequence[Part] = (), **more: Any) -> Activity:
    """An activity of an hour, and who gave or attended it for how many minutes."""
    now, name = clock.now(), _new("V")
    told = {"code": name, "title": name, "minutes": 60, "entered_at": now, "changed_at": now}
    made = Activity.objects.create(**told | {"kind": kind, "region_code": region, "held_on": day} | more)
    for who, part, minutes in parts:
        Taking.objects.create(activity=made, practitioner=who, part=part, minutes=minutes)
    return made


def case(
    service: str, region: int = TOWN_A, day: date = SPRING, *, ended: bool = True, score: int | None = None,
    asked: bool = False, **more: Any
) -> Case:  # fmt: skip
    """A case opened at ten in the morning and ended an hour later, rated with `score`, or only asked to be."""
    version, _made = ServiceVersion.objects.get_or_create(
        service=service, version="0", defaults={"digest": "0", "definition": {}, "published_at": clock.now()}
    )
    opened = datetime(day.year, day.month, day.day, 10, tzinfo=clock.SHANGHAI)
    told = {
        "matter": "civil", "channel": "window", "title": "一件", "state": "closed" if ended else "registered", "open": not ended,
        "outcome": "completed" if ended else "", "closed_at": opened.replace(hour=11) if ended else None,
    }  # fmt: skip
    made = Case.objects.create(
        **{"service": service, "version": version, "region_code": region, "scope_key": 10**12 + region} | told
        | {"opened_at": opened, "changed_at": opened} | more
    )  # fmt: skip
    if score is not None:
        Feedback.objects.create(case=made, score=score, at=opened)
    if asked or score is not None:
        Invitation.objects.create(case=made, token=_new("T"), sent_at=opened)
    return made


def user(**more: Any) -> User:
    """Somebody who can sign in."""
    name = _new("U")
    return User.objects.create(**{"username": name, "name": name} | more)


def post(region: int, who: User | None = None, **more: Any) -> Post:
    """Somebody of the staff at work in a place."""
    told = {"role": "justice_office", "region_code": region, "valid_from": LONG_AGO}
    return Post.objects.create(**{"user": who or user()} | told | more)


def shift(who: User, office: Institution, begins: str, ends: str, queue: str = "hotline") -> Shift:
    """Duty from a day and hour to another, as '2025-06-30 08:00'."""
    first, last = (datetime.fromisoformat(told).replace(tzinfo=clock.SHANGHAI) for told in (begins, ends))
    return Shift.objects.create(queue=queue, user=who, institution=office, starts_at=first, ends_at=last)
