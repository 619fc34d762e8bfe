"""Appending to the audit log, inside the transaction of what it records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.chain import link
from fahui.foundation.audit.models import CHAINS, Event
from fahui.foundation.identifiers import new_id
from fahui.foundation.prelude import Plan, Statement, ask, fresh, write

_TAKE_FREE = Plan(
    "fahui_take_free", "int",
    "SELECT chain, position, digest FROM foundation_chainhead ORDER BY chain = %s DESC LIMIT 1 FOR UPDATE SKIP LOCKED",
)  # fmt: skip
_TAKE_ANY = "SELECT chain, position, digest FROM foundation_chainhead WHERE chain = %s FOR UPDATE"
_MOVE = Plan(
    "fahui_move", "bigint, bytea, int", "UPDATE foundation_chainhead SET position = %s, digest = %s WHERE chain = %s"
)
_BATCH = 5000
End = tuple[int, int, bytes]
"""The end of a chain: its number, the last position and that event's digest."""
_taken: ContextVar[list[End]] = ContextVar("fahui_chain_ends")


@dataclass(frozen=True)
class Entry:
    """What is to be appended. `data` holds plain codes and numbers only."""

    kind: str
    case_id: int | None = None
    about: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def free_end() -> Statement:
    """The question that takes the end of a chain nobody holds, for whoever asks the database other things at that moment anyway."""
    return _TAKE_FREE(new_id() % CHAINS)


@contextmanager
def going_on_from(rows: Sequence[tuple[Any, ...]]) -> Iterator[None]:
    """The first events appended in this block go on from the end that `free_end` took (`rows`: what it gave).

    Inside another such block whose end was not used yet it does nothing: both may have taken the same one.
    """
    token = None if _taken.get([]) else _taken.set([(row[0], row[1], bytes(row[2])) for row in rows])
    try:
        yield
    finally:
        if token is not None:
            _taken.reset(token)


def append(reader: Reader, *entries: Entry) -> list[Event]:
    """Append events for what `reader` did. Must run inside a transaction; that transaction keeps one chain's head."""
    at = clock.now()
    return append_history([(at, reader, entry) for entry in entries])


def append_history(items: Sequence[tuple[datetime, Reader, Entry]]) -> list[Event]:
    """Append events of given moments and readers, in this order (for imports and synthetic operations)."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an event is appended in the transaction of its change")
    chain, position, digest = _end()
    events = []
    first = new_id(len(items))
    for number, (at, reader, entry) in enumerate(items):
        position += 1
        # Keys of one append follow each other, so that a timeline read by key keeps their order.
        content = {"id": first + number, "at": at, "kind": entry.kind, "actor_id": reader.user_id,
                   "actor_role": reader.acting_as, "case_id": entry.case_id, "about": entry.about,
                   "data": dict(entry.data)}  # fmt: skip
        digest = link(digest, chain, position, content)
        events.append(fresh(Event, chain=chain, position=position, digest=digest, **content))
    move = _MOVE(position, digest, chain)
    for start in range(0, len(events), _BATCH):
        write(*events[start : start + _BATCH], *([move] if start + _BATCH >= len(events) else []))
    return events


def _end() -> End:
    if ahead := _taken.get([]):
        return ahead.pop()
    wanted = new_id() % CHAINS
    rows = ask(_TAKE_FREE(wanted))[0] or ask((_TAKE_ANY, [wanted]))[0]  # every end is taken: wait for one
    return rows[0][0], rows[0][1], bytes(rows[0][2])


def record_look(reader: Reader, about: str, *, case_id: int | None = None, why: str = "") -> None:
    """Log that someone saw personal data (`about` such as `party:12` or `case:34`)."""
    append(reader, Entry("personal_data.read", case_id=case_id, about=about, data={"why": why} if why else {}))
