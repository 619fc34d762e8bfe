"""Reading registers: lists in reach, one entry with its history, what waits, and who owes what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.translation import gettext as _

from fahui.casework.registers import changes, rights
from fahui.casework.registers.definitions import current, register_of
from fahui.casework.registers.models import Correction, Entry
from fahui.casework.registers.schema import Register
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Invalid, Missing
from fahui.foundation.regions.rules import jurisdiction

T = TypeVar("T")
PAGE = 30
COUNTY = 10**6  # how many codes one county spans


@dataclass(frozen=True)
class Page(Generic[T]):
    """One keyset page: the rows, and the cursor of the next page ("" at the end)."""

    rows: list[T]
    following: str


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to. Empty values narrow nothing."""

    place: int | None = None
    category: str = ""
    grade: str = ""
    state: str = ""
    year: int | None = None
    text: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Tally:
    """How many entries of a register: that count, that wait for a second person, that were sent back."""

    counting: int = 0
    waiting: int = 0
    returned: int = 0


@dataclass(frozen=True)
class Owing:
    """What a place has not finished in a register: entries sent back, entries not verified, and since when."""

    register: str
    region_code: int
    returned: int
    unverified: int
    since: date


def kept_by(reader: Reader) -> list[Register]:
    """The registers the reader keeps somewhere, in the order of their files."""
    return [register for register in current().values() if rights.keeps(reader, register.keepers)]


def visible(reader: Reader) -> QuerySet[Entry]:
    """The entries in the places where the reader keeps their registers."""
    by_keepers: dict[tuple[str, ...], list[str]] = {}
    for register in kept_by(reader):
        by_keepers.setdefault(register.keepers, []).append(register.id)
    found = Q(pk__in=[])
    for keepers, ids in by_keepers.items():
        found |= Q(register__in=ids) & rights.in_reach(reader, keepers)
    return Entry.objects.filter(found)


def listed(reader: Reader, register: Register, wanted: Filter, cursor: str = "", size: int = PAGE) -> Page[Entry]:
    """A keyset page of a register, newest first. Raises Forbidden for whoever keeps it nowhere."""
    rights.must_keep(reader, register.keepers)
    rows = Entry.objects.filter(rights.in_reach(reader, register.keepers), register=register.id)
    rows = rows.filter(narrowed(wanted, ("category", "grade", "state"), "begins", ("title", "code", "institution__name")))
    rows = rows.select_related("institution", "practitioner", "site")
    return paged(rows, "begins", cursor, size)


def narrowed(wanted: Any, exact: Sequence[str], day: str, texts: Sequence[str]) -> Q:
    """The condition of a filter: place, year and days, `exact` fields that are filled in, and its text in any of `texts`."""
    found = Q(**{name: value for name in exact if (value := getattr(wanted, name))})
    if wanted.place:
        low, high = jurisdiction(wanted.place)
        found &= Q(region_code__gte=low, region_code__lt=high)
    if wanted.year:
        found &= Q(**{f"{day}__gte": date(wanted.year, 1, 1), f"{day}__lte": date(wanted.year, 12, 31)})
    if wanted.since:
        found &= Q(**{f"{day}__gte": wanted.since})
    if wanted.until:
        found &= Q(**{f"{day}__lte": wanted.until})
    if wanted.text:
        found &= Q(*((f"{name}__icontains", wanted.text) for name in texts), _connector=Q.OR)
    return found


def paged(rows: QuerySet[Any], day: str, cursor: str, size: int) -> Page[Any]:
    """A page of rows by day and key, the newest first."""
    found = list(before(rows, day, cursor).order_by(f"-{day}", "-id")[: size + 1])
    following = ""
    if len(found) > size:
        last = found[size - 1]
        following = f"{getattr(last, day):%Y%m%d}-{last.pk}"
    return Page(found[:size], following)


def before(rows: QuerySet[Any], day: str, cursor: str) -> QuerySet[Any]:
    """What comes after a cursor in the order of pages. The first condition says nothing new: it is what an index can begin at."""
    place = _place(cursor)
    if place is None:
        return rows
    return rows.filter(Q(**{f"{day}__lte": place[0]}), Q(**{f"{day}__lt": place[0]}) | Q(pk__lt=place[1]))


def _place(cursor: str) -> tuple[date, int] | None:
    """The place a cursor names; None for the beginning, and for what is no cursor."""
    day, _dash, key = cursor.partition("-")
    if not (len(day) == 8 and day.isascii() and day.isdigit() and key.isascii() and key.isdigit() and len(key) < 20):
        return None
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:])), min(int(key), 2**63 - 1)
    except ValueError:
        return None


def one(reader: Reader, entry_id: int, register_id: str = "") -> Entry:
    """One entry in reach, with what it is about. Raises Missing."""
    rows = visible(reader).select_related("institution", "practitioner", "site")
    entry = rows.filter(pk=entry_id, **({"register": register_id} if register_id else {})).first()
    if entry is None:
        raise Missing(_("没有这条记录，或者您没有查看的权限。"))
    return entry


def locked(reader: Reader, entry_id: int) -> Entry:
    """One entry in reach, under its row lock. Raises Missing."""
    entry = visible(reader).select_for_update().filter(pk=entry_id).first()
    if entry is None:
        raise Missing(_("没有这条记录，或者您没有查看的权限。"))
    return entry


def history(about: str, limit: int = 100) -> list[Event]:
    """What was done with a record (`entry:12`, `activity:12`), newest first."""
    return list(Event.objects.filter(about=about).order_by("-id")[:limit])


def corrections(entry: Entry) -> list[Correction]:
    """What an entry said before each correction, the first one first."""
    return changes.corrections(f"entry:{entry.pk}")


def tallies(reader: Reader) -> dict[str, Tally]:
    """By register: how many count, wait and were sent back, in the reader's reach; one query."""
    found: dict[str, dict[str, int]] = {}
    for row in visible(reader).values("register", "state").annotate(count=Count("id")).order_by():
        found.setdefault(row["register"], {})[row["state"]] = row["count"]
    return {name: _tally(found.get(name, {}), register.verified) for name, register in current().items()}


def _tally(states: dict[str, int], verified: bool) -> Tally:
    entered, good = states.get("entered", 0), states.get("verified", 0)
    return Tally(good if verified else good + entered, entered if verified else 0, states.get("returned", 0))


def waiting(reader: Reader) -> dict[str, tuple[int, int]]:
    """By register, what waits for this reader: (to verify: entered or corrected by others, to correct: sent back)."""
    checked = [register.id for register in kept_by(reader) if register.verified]
    mine = Q(entered_by=reader.user_id) if reader.user_id else Q(pk__in=[])
    rows = visible(reader).values("register").annotate(
        verify=Count("id", filter=Q(state="entered", register__in=checked) & ~mine), correct=Count("id", filter=Q(state="returned")),
    ).order_by()  # fmt: skip
    return {row["register"]: (row["verify"], row["correct"]) for row in rows.filter(state__in=["entered", "returned"])
            if row["verify"] or row["correct"]}  # fmt: skip


def owing(reader: Reader) -> list[Owing]:
    """Who owes what: by county and register, entries sent back and entries that nobody verified, the oldest first."""
    checked = [register.id for register in kept_by(reader) if register.verified]
    rows = visible(reader).filter(Q(state="returned") | Q(state="entered", register__in=checked))
    grouped = rows.annotate(county=F("region_code") / COUNTY * COUNTY).values("register", "county").annotate(
        returned=Count("id", filter=Q(state="returned")), unverified=Count("id", filter=Q(state="entered")), since=Min("changed_at"),
    ).order_by("since")  # fmt: skip
    return [Owing(r["register"], r["county"], r["returned"], r["unverified"], r["since"].date()) for r in grouped]


def known_place(code: int) -> int | None:
    """A place to narrow a list to; 0 narrows nothing. Raises Invalid for what is no statistical code."""
    if not code:
        return None
    try:
        jurisdiction(code)
    except ValueError as error:
        raise Invalid(str(error), fields={"region": str(error)}) from error
    return code


def register_for(reader: Reader, register_id: str) -> Register:
    """A register the reader keeps. Raises Missing or Forbidden."""
    register = register_of(register_id)
    rights.must_keep(reader, register.keepers)
    return register
