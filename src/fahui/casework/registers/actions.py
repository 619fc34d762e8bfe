"""Every change to an entry: entered, corrected, verified by a second person, sent back, made void, imported.

One transaction each, with its event and, where values change, what they were before. An entry counts in figures when it is
verified, or as soon as it is entered where its register asks for no second person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.casework.registers import changes, rights
from fahui.casework.registers.definitions import register_of
from fahui.casework.registers.forms import read, read_many
from fahui.casework.registers.models import Correction, Entry
from fahui.casework.registers.queries import locked
from fahui.casework.registers.schema import Register
from fahui.casework.registers.tables import Given, Steps, checked, columns_of, in_one_go, refused
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry as Event
from fahui.foundation.audit.actions import append
from fahui.foundation.errors import Conflict, Invalid
from fahui.foundation.identifiers import new_id
from fahui.foundation.tables.importer import BadTable, Fault

_BATCH = 1000
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no letters that are read as digits


@dataclass(frozen=True)
class Imported:
    """What an import did: rows that are new, that corrected an entry, and that said what is there already."""

    added: int
    corrected: int
    same: int


@transaction.atomic
def add(reader: Reader, register_id: str, given: Mapping[str, Any], key: str = "") -> Entry:
    """Enter one. A repeated idempotency key gets the first answer.

    Raises Missing (no such register), Forbidden, Invalid field by field, or Conflict (the key was used for something else).
    """
    register = register_of(register_id)
    rights.must_keep(reader, register.keepers)
    content = json.dumps([register_id, given], sort_keys=True, default=str)
    first = changes.first_answer(reader, key, content)
    if first is not None:
        return Entry.objects.get(pk=first)
    columns = read(register, given)
    rights.must_cover(reader, register.keepers, columns["region_code"])
    entry = _made(reader, register, columns, clock.now())
    changes.written(entry, new=True)
    changes.remember(reader, key, content, entry.pk)
    append(reader, _event("entry.added", entry))
    return entry


def _made(reader: Reader, register: Register, columns: Mapping[str, Any], now: datetime) -> Entry:
    entry = Entry(id=new_id(), register=register.id, entered_by=reader.user_id, entered_at=now, changed_at=now, **columns)
    entry.code = entry.code or code_for(entry.pk, entry.begins.year)
    return entry


def code_for(pk: int, year: int) -> str:
    """The number a record gets when its bureau gave none: the year, and its key in few signs."""
    signs = ""
    while pk:
        pk, digit = divmod(pk, len(_DIGITS))
        signs = _DIGITS[digit] + signs
    return f"{year}-{signs}"


def _event(kind: str, entry: Entry, **data: Any) -> Event:
    return Event(kind, about=f"entry:{entry.pk}", data={"register": entry.register, "code": entry.code, "revision": entry.revision, **data})


def _mine(reader: Reader, entry_id: int, revision: int | None) -> tuple[Entry, Register]:
    """The entry under lock, as it was looked at. Raises Missing, Forbidden or Conflict."""
    entry = locked(reader, entry_id)
    register = register_of(entry.register)
    rights.must_cover(reader, register.keepers, entry.region_code)
    changes.at_revision(entry, revision)
    if entry.state == "void":
        raise Conflict(_("这一条已经作废，不能再改。"))
    return entry, register


@transaction.atomic
def correct(reader: Reader, entry_id: int, given: Mapping[str, Any], reason: str, revision: int | None = None) -> Entry:
    """Say it right, with the reason; what it said is kept, and a verified entry waits for its second person again.

    Raises Missing, Forbidden, Conflict (changed meanwhile, or void), or Invalid (a field, no reason, nothing changed).
    """
    entry, register = _mine(reader, entry_id, revision)
    columns, wrong = _read_again(register, given, reason)
    if wrong:
        raise Invalid(_("有%(count)s处要改。") % {"count": len(wrong)}, fields=wrong)
    rights.must_cover(reader, register.keepers, columns["region_code"])
    columns["code"] = columns["code"] or entry.code
    kept = _change(reader, entry, columns, changes.reason_of(reason), clock.now())
    if kept is None:
        raise Invalid(_("没有改动。退回的请按退回的理由改，改不了的可以作废。"))
    changes.written(entry, new=False)
    kept.save(force_insert=True)
    append(reader, _event("entry.corrected", entry, reason=kept.reason))
    return entry


def _read_again(register: Register, given: Mapping[str, Any], reason: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The columns and everything that is wrong, the reason included."""
    filled = read_many(register, [given])[0]
    wrong = dict(filled.errors)
    try:
        changes.reason_of(reason)
    except Invalid as invalid:
        wrong |= invalid.fields
    return filled.columns, wrong


def _change(reader: Reader, entry: Entry, columns: Mapping[str, Any], reason: str, now: datetime) -> Correction | None:
    """Put the columns into the entry; what to keep of before, or None when nothing changes."""
    before = changes.changed(entry, columns)
    if not before:
        return None
    kept = changes.correction(f"entry:{entry.pk}", entry, before, reason, reader, now)
    for name, value in columns.items():
        setattr(entry, name, value)
    _move(entry, "entered", now)
    entry.verified_by = entry.verified_at = None
    return kept


def _move(entry: Entry, state: str, now: datetime) -> None:
    entry.state, entry.changed_at = state, now
    entry.revision += 1


@transaction.atomic
def verify(reader: Reader, entry_id: int, revision: int | None = None) -> Entry:
    """A second person has looked at the evidence: it counts from now on. Raises Missing, Forbidden, or Conflict (changed
    meanwhile, not waiting for it, or by whoever entered or corrected it last)."""
    entry, register = _mine(reader, entry_id, revision)
    if not register.verified or entry.state != "entered":
        raise Conflict(_("这一条现在不等复核。"))
    changes.others_only(reader, entry, f"entry:{entry.pk}")
    now = clock.now()
    _move(entry, "verified", now)
    entry.verified_by, entry.verified_at = reader.user_id, now
    entry.save()
    append(reader, _event("entry.verified", entry))
    return entry


@transaction.atomic
def send_back(reader: Reader, entry_id: int, reason: str, revision: int | None = None) -> Entry:
    """Back to whoever entered it, with what is wrong; it no longer counts. Raises as `verify` does, or Invalid (no reason)."""
    entry, _register = _mine(reader, entry_id, revision)
    if entry.state == "returned":
        raise Conflict(_("这一条已经退回了。"))
    why = changes.reason_of(reason)
    _move(entry, "returned", clock.now())
    entry.verified_by = entry.verified_at = None
    entry.save()
    append(reader, _event("entry.returned", entry, reason=why))
    return entry


@transaction.atomic
def void(reader: Reader, entry_id: int, reason: str, revision: int | None = None) -> Entry:
    """It should not be there: it stays on record and counts no more. Raises Missing, Forbidden, Conflict or Invalid."""
    entry, _register = _mine(reader, entry_id, revision)
    why = changes.reason_of(reason)
    _move(entry, "void", clock.now())
    entry.save()
    append(reader, _event("entry.voided", entry, reason=why))
    return entry


@transaction.atomic
def import_entries(reader: Reader, register_id: str, path: Path, reason: str) -> Imported:
    """Every row of a table, or none. A row whose number is known corrects that entry; others are entered.

    Raises Missing, Forbidden, Invalid (unreadable file, no reason), or BadTable naming every row, column and remedy.
    """
    return write_entries(reader, register_id, check_entries(reader, register_id, path), reason)


def check_entries(reader: Reader, register_id: str, path: Path, steps: Steps = in_one_go) -> Given:
    """Read a table and check its rows, step by step; nothing is written. Raises as `import_entries` does, save for the reason."""
    register = register_of(register_id)
    rights.must_keep(reader, register.keepers)
    return checked(path, columns_of(register), lambda rows: read_many(register, rows), steps)


@transaction.atomic
def write_entries(reader: Reader, register_id: str, given: Given, reason: str) -> Imported:
    """Write every row of a table that was checked, or none. Raises as `import_entries` does."""
    register = register_of(register_id)
    rights.must_keep(reader, register.keepers)
    why = changes.reason_of(reason)
    known = {entry.code: entry for entry in Entry.objects.select_for_update().order_by("pk").filter(
        register=register.id, code__in={one.columns["code"] for one in given.filled if one.columns.get("code")})}  # fmt: skip
    faults = _faults(reader, register, given, known)
    if faults:
        raise BadTable(refused(faults, columns_of(register)))
    with changes.all_or_none():
        return _store(reader, register, [one.columns for one in given.filled], known, why)


def _faults(reader: Reader, register: Register, given: Given, known: Mapping[str, Entry]) -> list[Fault]:
    faults = []
    for (number, row), one in zip(given.rows, given.filled, strict=True):
        columns = one.columns
        faults += [Fault(number, name, str(row.get(name) or ""), said) for name, said in one.errors.items()]
        there = known.get(columns.get("code", "")) if not one.errors else None
        if there is not None and there.state == "void":
            faults.append(Fault(number, "code", there.code, _("这一条已经作废，不能再改，请换一个编号")))
        places = [columns["region_code"]] if not one.errors else []
        places += [there.region_code] if there is not None else []
        if not all(rights.covers(reader, register.keepers, place) for place in places):
            faults.append(Fault(number, "region_code", str(row.get("region_code") or ""), rights.not_yours()))
    return faults


def _store(
    reader: Reader, register: Register, rows: list[dict[str, Any]], known: Mapping[str, Entry], why: str
) -> Imported:
    now, fresh, moved, kept, events = clock.now(), [], [], [], []
    for columns in rows:
        there = known.get(columns["code"]) if columns["code"] else None
        if there is None:
            fresh.append(_made(reader, register, columns, now))
            events.append(_event("entry.added", fresh[-1]))
        elif (before := _change(reader, there, columns, why, now)) is not None:
            moved.append(there)
            kept.append(before)
            events.append(_event("entry.corrected", there, reason=why))
    Entry.objects.bulk_create(fresh, batch_size=_BATCH)
    Correction.objects.bulk_create(kept, batch_size=_BATCH)
    changes.rewritten(moved, {"register", "code", "entered_by", "entered_at"})
    append(reader, *events, Event("table.imported", about=f"register:{register.id}", data={"rows": len(rows), "why": why}))
    return Imported(len(fresh), len(moved), len(rows) - len(fresh) - len(moved))
