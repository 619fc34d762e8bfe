"""Lists of cases: keyset pages by what is due or by age, narrowed as asked. No list is ever counted.

Their text is put together here rather than by the query set, because each shape of a list is then planned once a
connection: compiling and planning a page cost more than reading it. Row security draws the same line underneath.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from fahui.casework.cases.models import Case
from fahui.foundation import clock
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Invalid
from fahui.foundation.people.models import Party, Practitioner
from fahui.foundation.prelude import Plan, Statement, ask, columns, made, named

T = TypeVar("T")
PAGE = 30
# Facts of a case are no part of a list.
_WITHOUT = ("details",)
# A reader whose ranges span no more than a township sees so few cases that finding them beats walking the whole order.
_FEW = 1000


@dataclass(frozen=True)
class Page(Generic[T]):
    """One keyset page: the rows, and the cursor of the next page ("" at the end)."""

    rows: list[T]
    following: str


@dataclass(frozen=True)
class _Shape(Generic[T]):
    """What a row brings beside its key and due moment, which come first, and what is made of it."""

    columns: str
    joins: str
    read: Callable[[Sequence[Any]], T]


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to. Empty values narrow nothing."""

    service: str = ""
    matter: str = ""
    state: str = ""
    owner: str = ""
    flag: str = ""
    region: tuple[int, int] | None = None
    handler_id: int | None = None
    institution_id: int | None = None
    open_only: bool = False
    overdue_at: datetime | None = None
    unassigned: bool = False


@dataclass
class _Narrowed:
    """The conditions of one list, with the types and values of their places."""

    texts: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, text: str, *given: tuple[str, Any]) -> None:
        self.texts.append(text)
        self.types += [kind for kind, _value in given]
        self.values += [value for _kind, value in given]

    def copy(self) -> _Narrowed:
        return _Narrowed([*self.texts], [*self.types], [*self.values])


def work_list(reader: Reader, wanted: Filter, cursor: str = "", size: int = PAGE) -> Page[Case]:
    """Open cases by what is due first (those without a due moment last)."""
    return _by_due(_narrow(_open(reader), wanted), cursor, size, _CASES)


def newest(reader: Reader, wanted: Filter, cursor: str = "", size: int = PAGE) -> Page[Case]:
    """Cases newest first."""
    return _by_age(_narrow(_visible(reader), wanted), cursor, size, _CASES)


def plain(
    reader: Reader, wanted: Filter, cursor: str, size: int, order: str, names: tuple[str, ...]
) -> Page[dict[str, Any]]:
    """The same lists for machines, as these attributes of a case by name. `order`: `due` (open cases) or `newest`."""
    shape = _Shape(", ".join(f'c."{name}"' for name in names), "", lambda row: dict(zip(names, row, strict=True)))
    if order == "due":
        return _by_due(_narrow(_open(reader), wanted), cursor, size, shape)
    return _by_age(_narrow(_visible(reader), wanted), cursor, size, shape)


def mine(reader: Reader, cursor: str = "", size: int = PAGE) -> Page[Case]:
    """What I am in charge of or provide, by what is due first."""
    narrowed = _open(reader)
    me, practitioner = reader.user_id or 0, reader.practitioner_id
    if practitioner:
        narrowed.add(
            "c.id IN (SELECT id FROM casework_case WHERE handler_id = %s AND open UNION SELECT id FROM casework_case WHERE "
            "provider_id = %s AND open UNION SELECT case_id FROM casework_assignment WHERE practitioner_id = %s "
            "AND status = 'offered')", ("bigint", me), ("bigint", practitioner), ("bigint", practitioner),
        )  # fmt: skip
    else:
        narrowed.add("c.handler_id = %s", ("bigint", me))
    return _by_due(narrowed, cursor, size, _CASES)


def _open(reader: Reader) -> _Narrowed:
    found = _visible(reader)
    found.add("c.open")
    return found


def _visible(reader: Reader) -> _Narrowed:
    """The line `cases.queries.visible` draws, as text."""
    found = _Narrowed()
    if reader.kind == "system":
        return found
    me, now = ("bigint", reader.circle_of), ("timestamptz", clock.now())
    if not reader.ranges:
        found.add(
            "c.id IN (SELECT a.case_id FROM casework_caseaccess a WHERE a.user_id = %s AND (a.until IS NULL OR a.until > %s))",
            me, now,
        )  # fmt: skip
        return found
    live = "a.user_id = %s AND (a.until IS NULL OR a.until > %s)"
    if all(high - low <= _FEW for low, high in reader.ranges):
        inside = " OR ".join("c.scope_key >= %s AND c.scope_key < %s" for _range in reader.ranges)
        bounds: list[tuple[str, Any]] = [("bigint", bound) for held in reader.ranges for bound in held]
        circle = f"c.id = ANY (ARRAY(SELECT a.case_id FROM casework_caseaccess a WHERE {live}))"
    else:
        inside, bounds = "c.scope_key <@ %s", [("int8multirange", reader.multirange)]
        # A sub-select with a limit is asked row by row, and only for rows outside: gathering a large circle first
        # costs more than a page.
        circle = f"(SELECT true FROM casework_caseaccess a WHERE a.case_id = c.id AND {live} LIMIT 1)"
    found.add(
        f"((({inside}) AND (NOT c.sealed OR c.institution_id = ANY (%s))) OR {circle})",
        *bounds, ("bigint[]", [*reader.cleared_institutions]), me, now,
    )  # fmt: skip
    return found


def _narrow(narrowed: _Narrowed, wanted: Filter) -> _Narrowed:
    for column in ("service", "matter", "state", "owner"):
        if getattr(wanted, column):
            narrowed.add(f"c.{column} = %s", ("text", getattr(wanted, column)))
    for column in ("handler_id", "institution_id"):
        if getattr(wanted, column):
            narrowed.add(f"c.{column} = %s", ("bigint", getattr(wanted, column)))
    if wanted.flag:
        narrowed.add("c.flags @> ARRAY[%s]::varchar[]", ("text", wanted.flag))
    if wanted.region:
        narrowed.add("c.region_code >= %s AND c.region_code < %s", *(("bigint", bound) for bound in wanted.region))
    if wanted.open_only:
        narrowed.add("c.open")
    if wanted.overdue_at:
        narrowed.add("c.next_due < %s", ("timestamptz", wanted.overdue_at))
    if wanted.unassigned:
        narrowed.add("c.handler_id IS NULL")
    return narrowed


def _by_due(narrowed: _Narrowed, cursor: str, size: int, shape: _Shape[T]) -> Page[T]:
    """One page by what is due first, then by key; those without a due moment last."""
    after = _read_cursor(cursor)
    if not after:
        questions = [_question(narrowed, "c.next_due NULLS LAST, c.id", size + 1, shape)]
    else:
        # With a moment to begin at, the order is walked from there; those without one are a list of their own.
        due, last, undated = after.get("due"), int(after["id"]), narrowed.copy()
        undated.add("c.next_due IS NULL AND c.id > %s", ("bigint", last if due is None else -1))
        questions = [_question(undated, "c.next_due, c.id", size + 1, shape)]
        if due is not None:
            narrowed.add("(c.next_due, c.id) > (%s, %s)", ("timestamptz", due), ("bigint", last))
            questions.insert(0, _question(narrowed, "c.next_due, c.id", size + 1, shape))
    return _page([row for rows in ask(*questions) for row in rows], size, shape, lambda key, due: {"due": due, "id": key})


def _by_age(narrowed: _Narrowed, cursor: str, size: int, shape: _Shape[T]) -> Page[T]:
    after = _read_cursor(cursor)
    if after:
        narrowed.add("c.id < %s", ("bigint", int(after["id"])))
    (rows,) = ask(_question(narrowed, "c.id DESC", size + 1, shape))
    return _page(rows, size, shape, lambda key, _due: {"id": key})


def _page(
    rows: Sequence[Sequence[Any]], size: int, shape: _Shape[T], place: Callable[[int, str | None], dict[str, Any]]
) -> Page[T]:
    following = ""
    if len(rows) > size:
        key, due = rows[size - 1][:2]
        following = _cursor(place(key, due.isoformat() if due else None))
    return Page([shape.read(row[2:]) for row in rows[:size]], following)


def _question(narrowed: _Narrowed, order: str, limit: int, shape: _Shape[Any]) -> Statement:
    text = (
        f"SELECT c.id, c.next_due, {shape.columns} FROM casework_case c{shape.joins} "
        f"WHERE {' AND '.join(narrowed.texts) or 'true'} ORDER BY {order} LIMIT %s"
    )
    return Plan(named("fahui_list", text), ", ".join([*narrowed.types, "int"]), text)(*narrowed.values, limit)


def _case(row: Sequence[Any]) -> Case:
    """A case without its details; handler, provider and applicant carry names only."""
    case = made(Case, row[:-4], _WITHOUT)
    handler, provider, provider_user, applicant = row[-4:]
    if case.handler_id:
        case.handler = User(id=case.handler_id, name=handler or "")
    if case.provider_id:
        case.provider = Practitioner(id=case.provider_id, name=provider or "", user_id=provider_user)
    if case.applicant_id:
        case.applicant = Party(id=case.applicant_id, name=applicant) if applicant is not None else None
    return case


_CASES = _Shape(
    f"{columns(Case, 'c', _WITHOUT)}, h.name, p.name, p.user_id, a.name",
    " LEFT JOIN foundation_user h ON h.id = c.handler_id LEFT JOIN foundation_practitioner p ON p.id = c.provider_id "
    "LEFT JOIN foundation_party a ON a.id = c.applicant_id", _case,
)  # fmt: skip


def _cursor(place: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _read_cursor(text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        place = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not 0 <= int(place["id"]) < 2**63:
            raise ValueError
        if place.get("due") is not None:
            place["due"] = datetime.fromisoformat(place["due"])
        return dict(place)
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(_("翻页标记不对，请从第一页重新开始。"), fields={"cursor": _("请去掉这个参数")}) from error
