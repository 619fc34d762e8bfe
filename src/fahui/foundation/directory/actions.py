"""Changing the directory: facts of an institution, practitioner or site, days that are not as usual, published records.

Each change is an event about the row (`institution:12`), which is its history. Columns are read as the importer reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from fahui.foundation import clock
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.directory.queries import hours_of_day
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.foundation.people.models import Institution, Practitioner, PublicRecord, Site
from fahui.foundation.regions.models import Region
from fahui.foundation.tables.actions import INSTITUTION, PRACTITIONER, RECORD, SITE
from fahui.foundation.tables.importer import Column
from fahui.foundation.worktime.opening import Unreadable

MODELS: dict[str, type[Institution] | type[Practitioner] | type[Site]] = {
    "institution": Institution, "practitioner": Practitioner, "site": Site,
}  # fmt: skip
# What a row is known by elsewhere stays; a coordinate typed here is WGS-84, which the page says.
_FIXED = {"code", "licence", "institution", "user", "system"}
_FIXED_IN = {"institution": _FIXED - {"licence"}, "practitioner": _FIXED, "site": _FIXED}
_COLUMNS = {"institution": INSTITUTION, "practitioner": PRACTITIONER, "site": SITE}
# Facts about persons: the log says that they changed, not what they were.
_QUIET = {"practitioner": {"name", "phone"}, "institution": {"head"}, "site": set[str]()}
_MOST_EXCEPTIONS = 60


def editable(what: str) -> list[Column]:
    """The columns of a kind of row (institution, practitioner, site) that a page may change."""
    return [column for column in _COLUMNS[what] if column.key not in _FIXED_IN[what]]


@transaction.atomic
def change(reader: Reader, what: str, pk: int, given: Mapping[str, str]) -> int:
    """Change the facts of a row; returns how many changed. Columns that are not given stay.

    Raises Forbidden, Missing, or Invalid naming each field that cannot be read.
    """
    row = _mine(reader, what, pk)
    values, wrong = _read(MODELS[what], editable(what), given)
    if "region_code" in values and not Region.objects.filter(pk=values["region_code"]).exists():
        wrong["region_code"] = _("本市没有这个地区代码，请核对")
    pair = [values.get(key, getattr(row, key, None)) for key in ("longitude", "latitude")]
    if what != "practitioner" and (pair[0] is None) != (pair[1] is None):
        wrong["latitude" if pair[1] is None else "longitude"] = _("经度和纬度要一起填")
    if wrong:
        raise Invalid(_("有%(count)s处要改。") % {"count": len(wrong)}, fields=wrong)
    changes = {key: [_plain(getattr(row, key)), _plain(value)] for key, value in values.items() if getattr(row, key) != value}
    if not changes:
        return 0
    for key in changes:
        setattr(row, key, values[key])
    row.save(update_fields=[*changes, *(["updated_at"] if what == "institution" else [])])
    told = {key: (["…", "…"] if key in _QUIET[what] else pair) for key, pair in changes.items()}
    append(reader, Entry("directory.changed", about=f"{what}:{pk}", data={"changes": told}))
    return len(changes)


@transaction.atomic
def set_active(reader: Reader, what: str, pk: int, active: bool) -> None:
    """Show a row in the directory again, or no longer. Raises Forbidden or Missing."""
    row = _mine(reader, what, pk)
    if row.active != active:
        row.active = active
        row.save(update_fields=["active"])
        append(reader, Entry("directory.shown" if active else "directory.hidden", about=f"{what}:{pk}"))


@transaction.atomic
def set_exception(reader: Reader, what: str, pk: int, on: date, hours: str, why: str) -> None:
    """Say that a day is not as usual: open at these hours, or shut when none are given. Days gone by are dropped.

    Raises Forbidden, Missing, or Invalid (a day that is past, hours that cannot be read, no reason).
    """
    row = _mine(reader, what, pk)
    if isinstance(row, Practitioner):
        raise Missing(_("没有这个地方。"))
    if on < clock.today():
        raise Invalid(_("这一天已经过去了。"), fields={"on": _("请填今天或以后的日期")})
    if not why.strip():
        raise Invalid(_("请写明原因，居民会看到。"), fields={"why": _("例如：全员培训")})
    try:
        hours_of_day(hours)
    except Unreadable as error:
        told = _("请写成 9:00–12:00、14:00–17:00；全天不开门就空着")
        raise Invalid(told, fields={"hours": told}) from error
    kept = [one for one in row.exceptions if clock.today().isoformat() <= one["on"] != on.isoformat()]
    if len(kept) >= _MOST_EXCEPTIONS:
        raise Conflict(_("特殊日期太多了，请直接修改开放时间。"))
    row.exceptions = sorted([*kept, {"on": on.isoformat(), "hours": hours.strip()[:80], "why": why.strip()[:60]}], key=lambda one: one["on"])
    row.save(update_fields=["exceptions"])
    append(reader, Entry("directory.day_set", about=f"{what}:{pk}", data={"on": on.isoformat(), "hours": hours.strip()[:80]}))


@transaction.atomic
def drop_exception(reader: Reader, what: str, pk: int, on: str) -> None:
    """A day is as usual after all. Raises Forbidden or Missing."""
    row = _mine(reader, what, pk)
    if isinstance(row, Practitioner) or on not in {one["on"] for one in row.exceptions}:
        raise Missing(_("没有这个特殊日期。"))
    row.exceptions = [one for one in row.exceptions if one["on"] != on]
    row.save(update_fields=["exceptions"])
    append(reader, Entry("directory.day_dropped", about=f"{what}:{pk}", data={"on": on}))


@transaction.atomic
def add_record(reader: Reader, what: str, pk: int, given: Mapping[str, str]) -> PublicRecord:
    """Enter what an authority published. Raises Forbidden, Missing, or Invalid naming each field."""
    row = _mine(reader, what, pk)
    if isinstance(row, Site):
        raise Missing(_("没有这个机构或人员。"))
    columns = [column for column in RECORD if column.key not in {"institution", "practitioner"}]
    values, wrong = _read(PublicRecord, columns, given)
    wrong |= {c.key: _("请填写") for c in columns if c.required and not values.get(c.key) and c.key not in wrong}
    values = {key: value for key, value in values.items() if value not in (None, "")}
    if values.get("kind") == "penalty" and "shown_until" not in values and "shown_until" not in wrong:
        wrong["shown_until"] = _("行政处罚要写明公示到哪一天")
    if wrong:
        raise Invalid(_("有%(count)s处要改。") % {"count": len(wrong)}, fields=wrong)
    made = PublicRecord.objects.create(**{what: row}, **values)
    append(reader, Entry("record.entered", about=f"{what}:{pk}", data={"record": made.pk, "kind": made.kind}))
    return made


@transaction.atomic
def withdraw_record(reader: Reader, record_id: int, why: str) -> PublicRecord:
    """Take a record back: wrongly entered, or repealed by its organ. It is kept, and never shown again.

    Raises Forbidden, Missing, Conflict (already taken back) or Invalid (no reason).
    """
    record = PublicRecord.objects.select_for_update().filter(pk=record_id).first()
    if record is None:
        raise Missing(_("没有这条记录。"))
    what, pk = ("institution", record.institution_id) if record.institution_id else ("practitioner", record.practitioner_id)
    _mine(reader, what, pk or 0)
    if record.withdrawn_at:
        raise Conflict(_("这条记录已经撤下了。"))
    if not why.strip():
        raise Invalid(_("请写明撤下的理由。"), fields={"why": _("例如：处罚决定已撤销")})
    record.withdrawn_at, record.withdrawn_why = clock.now(), why.strip()[:200]
    record.save(update_fields=["withdrawn_at", "withdrawn_why"])
    append(reader, Entry("record.withdrawn", about=f"{what}:{pk}", data={"record": record.pk, "reason": record.withdrawn_why}))
    return record


def _mine(reader: Reader, what: str, pk: int) -> Any:
    """The row, locked. Raises Forbidden for whoever does not keep the directory there, Missing for what is not there."""
    row = MODELS[what].objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Missing(_("目录里没有这一条，可能已经停用。"))
    keeps = {Role.SYSTEM_ADMIN, Role.BUREAU_LEADER}
    inside = any(low <= row.region_code < high for low, high in reader.regions)
    if reader.kind != "system" and not (keeps & reader.roles and inside):
        raise Forbidden(_("您的岗位不能修改这里的目录。"))
    return row


def _read(model: type[Model], columns: list[Column], given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Values by column, an emptied cell as the column's empty value; and what is wrong with the others."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for column in columns:
        if column.key not in given:
            continue
        text = given[column.key].strip()
        most = getattr(model._meta.get_field(column.key), "max_length", None) or 2000
        if "\x00" in text or len(text) > most:
            wrong[column.key] = _("最多%(most)s个字，请缩短") % {"most": most}
        elif not text and column.required:
            wrong[column.key] = _("请填写")
        elif not text:
            values[column.key] = _EMPTY.get(column.key, "")
        else:
            try:
                values[column.key] = column.read(text)
            except (ValueError, KeyError, ArithmeticError) as error:
                said = str(error).strip("'")
                wrong[column.key] = said if any("一" <= c <= "鿿" for c in said) else str(column.remedy)
    return values, wrong


_EMPTY: dict[str, Any] = {
    **dict.fromkeys(["languages", "accessibility", "business", "facilities", "fields", "tags"], []),
    **dict.fromkeys(["as_of", "licensed_from", "licensed_until", "licensed_on", "criminal_since", "decided_on", "shown_until",
                     "staff_count", "longitude", "latitude", "area_m2", "year"]),
}  # fmt: skip


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, date | Decimal) else value
