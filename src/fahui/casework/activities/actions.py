"""Every change to an activity: entered, corrected, confirmed by the other side, made void, imported.

The other side's word is recorded with a name and an office; what is corrected afterwards has to be confirmed again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.casework.activities.forms import VISITS, Filled, read, read_many
from fahui.casework.activities.models import Activity, Taking
from fahui.casework.activities.queries import KEEPERS, as_told, locked
from fahui.casework.activities.tables import columns
from fahui.casework.documents.models import StoredFile
from fahui.casework.documents.storage import keep
from fahui.casework.registers import changes, rights
from fahui.casework.registers.actions import Imported, code_for
from fahui.casework.registers.models import Correction
from fahui.casework.registers.tables import Given, Steps, checked, in_one_go, refused
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry as Event
from fahui.foundation.audit.actions import append
from fahui.foundation.errors import Conflict, Invalid
from fahui.foundation.identifiers import new_id
from fahui.foundation.people.models import Practitioner
from fahui.foundation.tables.importer import BadTable, Fault

MOST_EVIDENCE = 20
_BATCH = 1000
_COMMITTEE = re.compile("[村居社区]|village|committee|community", re.IGNORECASE)


@transaction.atomic
def add(reader: Reader, given: Mapping[str, Any], key: str = "") -> Activity:
    """Enter one. A repeated idempotency key gets the first answer. Raises Forbidden, Invalid field by field, or Conflict."""
    rights.must_keep(reader, KEEPERS)
    content = json.dumps(["activity", given], sort_keys=True, default=str)
    first = changes.first_answer(reader, key, content)
    if first is not None:
        return Activity.objects.get(pk=first)
    filled = read(given)
    rights.must_cover(reader, KEEPERS, filled.columns["region_code"])
    activity = _made(reader, filled, clock.now())
    changes.written(activity, new=True)
    Taking.objects.bulk_create(_takings(activity, filled))
    changes.remember(reader, key, content, activity.pk)
    append(reader, _event("activity.added", activity))
    return activity


def _made(reader: Reader, filled: Filled, now: datetime) -> Activity:
    activity = Activity(id=new_id(), entered_by=reader.user_id, entered_at=now, changed_at=now, **filled.columns)
    activity.code = activity.code or code_for(activity.pk, activity.held_on.year)
    return activity


def _takings(activity: Activity, filled: Filled) -> list[Taking]:
    return [Taking(activity=activity, practitioner_id=who, part=part, minutes=minutes) for (who, part), minutes in filled.takings.items()]


def _event(kind: str, activity: Activity, **data: Any) -> Event:
    return Event(kind, about=f"activity:{activity.pk}", data={"kind": activity.kind, "code": activity.code, "revision": activity.revision, **data})


def _mine(reader: Reader, activity_id: int, revision: int | None) -> Activity:
    """The activity under lock, as it was looked at. Raises Missing or Conflict."""
    activity = locked(reader, activity_id)
    changes.at_revision(activity, revision)
    if activity.state == "void":
        raise Conflict(_("这一条已经作废，不能再改。"))
    return activity


@transaction.atomic
def correct(reader: Reader, activity_id: int, given: Mapping[str, Any], reason: str, revision: int | None = None) -> Activity:
    """Say it right, with the reason; what it said is kept, and the other side's word is asked for again.

    Raises Missing, Forbidden, Conflict (changed meanwhile, or void), or Invalid (a field, no reason, nothing changed).
    """
    activity = _mine(reader, activity_id, revision)
    filled = read_many([given])[0]
    wrong = dict(filled.errors)
    try:
        why = changes.reason_of(reason)
    except Invalid as invalid:
        wrong |= invalid.fields
    if wrong:
        raise Invalid(_("有%(count)s处要改。") % {"count": len(wrong)}, fields=wrong)
    rights.must_cover(reader, KEEPERS, filled.columns["region_code"])
    filled.columns["code"] = filled.columns["code"] or activity.code
    kept = _change(reader, activity, filled, why, clock.now())
    if kept is None:
        raise Invalid(_("没有改动。"))
    changes.written(activity, new=False)
    kept.save(force_insert=True)
    _renew([(activity, filled)])
    append(reader, _event("activity.corrected", activity, reason=kept.reason))
    return activity


def _change(reader: Reader, activity: Activity, filled: Filled, reason: str, now: datetime) -> Correction | None:
    """Put the columns into the activity; what to keep of before, or None when nothing changes."""
    before = changes.changed(activity, filled.columns)
    held = {(t.practitioner_id, t.part): t.minutes for t in activity.takings.all()}
    if held != filled.takings:
        row = as_told(activity)
        before |= {"gave": row.gave, "attended": row.attended}
    if not before:
        return None
    kept = changes.correction(f"activity:{activity.pk}", activity, before, reason, reader, now)
    for name, value in filled.columns.items():
        setattr(activity, name, value)
    activity.state, activity.confirmed_by, activity.confirmed_at = "entered", "", None
    activity.revision, activity.changed_at = activity.revision + 1, now
    return kept


def _renew(pairs: list[tuple[Activity, Filled]]) -> None:
    """Who took part, anew."""
    Taking.objects.filter(activity__in=[activity for activity, _filled in pairs]).delete()
    Taking.objects.bulk_create([taking for pair in pairs for taking in _takings(*pair)], batch_size=_BATCH)


@transaction.atomic
def confirm(reader: Reader, activity_id: int, name: str, office: str, revision: int | None = None) -> Activity:
    """The other side's word that it took place: who says so, in what office; of a counsel's visit the village committee.

    Raises Missing, Forbidden, Conflict (changed meanwhile, confirmed, void), or Invalid (no name, no office, or one who gave it).
    """
    activity = _mine(reader, activity_id, revision)
    if activity.state != "entered":
        raise Conflict(_("这一条已经确认过了。"))
    name, office = (text.replace("\x00", "").strip() for text in (name, office))
    wrong = {}
    if len(name) < 2:
        wrong["name"] = _("请写明对方谁确认的")
    elif Practitioner.objects.filter(takings__activity=activity, takings__part="gave", name=name).exists():
        wrong["name"] = _("要由对方确认，不能是提供服务的人自己")
    if len(office) < 2:
        wrong["office"] = _("请写明对方的单位和职务")
    elif activity.kind in VISITS and not _COMMITTEE.search(office):
        wrong["office"] = _("顾问现场服务由村（居）委会确认，请写村（居）委会的职务")
    if len(name) + len(office) > 58:
        wrong["office"] = _("太长了，请写简称")
    if wrong:
        raise Invalid(_("请写明对方的姓名和职务。"), fields=wrong)
    activity.state, activity.confirmed_by, activity.confirmed_at = "confirmed", f"{name}（{office}）", clock.now()
    activity.revision, activity.changed_at = activity.revision + 1, activity.confirmed_at
    activity.save()
    append(reader, _event("activity.confirmed", activity))
    return activity


@transaction.atomic
def add_evidence(reader: Reader, activity_id: int, name: str, data: bytes) -> Activity:
    """Keep a file that proves it: a photograph, the list of those who came, the minutes. It changes no figure, so it needs no correction.

    Raises Missing, Conflict (void, or too many), or Invalid (type, size).
    """
    activity = _mine(reader, activity_id, None)
    if len(activity.evidence) >= MOST_EVIDENCE:
        raise Conflict(_("最多放%(most)s份证明。") % {"most": MOST_EVIDENCE})
    digest, mime = keep(data)
    if digest in {one["digest"] for one in activity.evidence}:
        raise Conflict(_("这份文件已经有了。"))
    StoredFile.objects.bulk_create([StoredFile(digest=digest, size=len(data), mime=mime)], ignore_conflicts=True)
    activity.evidence = [*activity.evidence, {"digest": digest, "name": name.replace("\x00", "").strip()[:120] or digest[:8]}]
    activity.changed_at = clock.now()
    activity.save(update_fields=["evidence", "changed_at"])
    append(reader, _event("activity.evidence", activity, digest=digest))
    return activity


@transaction.atomic
def void(reader: Reader, activity_id: int, reason: str, revision: int | None = None) -> Activity:
    """It should not be there: it stays on record and counts no more. Raises Missing, Forbidden, Conflict or Invalid."""
    activity = _mine(reader, activity_id, revision)
    why = changes.reason_of(reason)
    activity.state, activity.changed_at, activity.revision = "void", clock.now(), activity.revision + 1
    activity.save()
    append(reader, _event("activity.voided", activity, reason=why))
    return activity


@transaction.atomic
def import_activities(reader: Reader, path: Path, reason: str) -> Imported:
    """Every row of a table, or none. A row whose number is known corrects that activity; others are entered.

    Raises Forbidden, Invalid (unreadable file, no reason), or BadTable naming every row, column and remedy.
    """
    return write_activities(reader, check_activities(reader, path), reason)


def check_activities(reader: Reader, path: Path, steps: Steps = in_one_go) -> Given:
    """Read a table and check its rows, step by step; nothing is written. Raises as `import_activities` does, save for the reason."""
    rights.must_keep(reader, KEEPERS)
    return checked(path, columns(), read_many, steps)


@transaction.atomic
def write_activities(reader: Reader, given: Given, reason: str) -> Imported:
    """Write every row of a table that was checked, or none. Raises as `import_activities` does."""
    rights.must_keep(reader, KEEPERS)
    why = changes.reason_of(reason)
    codes = {code for one in given.filled if (code := one.columns.get("code"))}
    held = Activity.objects.select_for_update().order_by("pk").filter(code__in=codes).prefetch_related("takings__practitioner")
    known = {activity.code: activity for activity in held}
    faults = []
    for (number, row), one in zip(given.rows, given.filled, strict=True):
        faults += [Fault(number, name, str(row.get(name) or ""), said) for name, said in one.errors.items()]
        if one.errors:
            continue
        there = known.get(one.columns["code"])
        if there is not None and there.state == "void":
            faults.append(Fault(number, "code", there.code, _("这一条已经作废，不能再改，请换一个编号")))
        places = [one.columns["region_code"], *([there.region_code] if there else [])]
        if not all(rights.covers(reader, KEEPERS, place) for place in places):
            faults.append(Fault(number, "region_code", str(row.get("region_code") or ""), rights.not_yours()))
    if faults:
        raise BadTable(refused(faults, columns()))
    with changes.all_or_none():
        return _store(reader, given.filled, known, why)


def _store(reader: Reader, rows: Sequence[Filled], known: Mapping[str, Activity], why: str) -> Imported:
    now, fresh, moved, kept, events = clock.now(), [], [], [], []
    for filled in rows:
        there = known.get(filled.columns["code"]) if filled.columns["code"] else None
        if there is None:
            fresh.append((_made(reader, filled, now), filled))
            events.append(_event("activity.added", fresh[-1][0]))
        elif (before := _change(reader, there, filled, why, now)) is not None:
            moved.append((there, filled))
            kept.append(before)
            events.append(_event("activity.corrected", there, reason=why))
    Activity.objects.bulk_create([activity for activity, _filled in fresh], batch_size=_BATCH)
    Taking.objects.bulk_create([taking for pair in fresh for taking in _takings(*pair)], batch_size=_BATCH)
    Correction.objects.bulk_create(kept, batch_size=_BATCH)
    changes.rewritten([activity for activity, _filled in moved], {"code", "entered_by", "entered_at"})
    _renew(moved)
    append(reader, *events, Event("table.imported", about="table:activities", data={"rows": len(rows), "why": why}))
    return Imported(len(fresh), len(moved), len(rows) - len(fresh) - len(moved))
