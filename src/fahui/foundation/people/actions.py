"""Changing people and organisations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import UniqueConstraint
from django.utils.translation import gettext as _

from fahui.foundation import clock
from fahui.foundation.accounts.roles import INTAKE, Role
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.foundation.people.models import MergeRecord, Party
from fahui.foundation.prelude import fresh
from fahui.foundation.sounds import pinyin_of
from fahui.foundation.vault import identity as numbers
from fahui.foundation.vault.crypto import blind_index, encrypt


@dataclass(frozen=True)
class Person:
    """What is known of a person at intake. Everything but the name may be missing."""

    name: str
    phone: str = ""
    identity: str = ""
    birth_date: date | None = None
    gender: str = ""
    kind: str = "person"
    nationality: str = "CHN"
    region_code: int | None = None
    address: str = ""
    groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    contact: dict[str, Any] = field(default_factory=dict)


def checked(person: Person) -> tuple[str, str]:
    """The standard form of phone and identity. Raises Invalid naming the field and what to do."""
    phone = identity = ""
    if not person.name.strip():
        raise Invalid(_("请填写姓名；不愿透露可写“匿名”。"), fields={"name": _("请填写姓名；不愿透露可写“匿名”")})
    if "\x00" in person.name + person.address:
        raise Invalid(_("姓名或地址里有看不见的字符，请重新输入。"), fields={"name": _("请重新输入")})
    if person.phone:
        try:
            phone = numbers.read_phone(person.phone)
        except ValueError as error:
            raise Invalid(str(error), fields={"phone": str(error)}) from error
    if person.identity:
        try:
            identity = numbers.read_identity(person.identity)
        except ValueError as error:
            raise Invalid(str(error), fields={"identity": str(error)}) from error
    return phone, identity


def make_party(person: Person) -> Party:
    """A new party, not saved: identity and phone encrypted for its own row. Raises Invalid."""
    phone, identity = checked(person)
    party = fresh(
        Party, kind=person.kind, name=person.name.strip()[:120], pinyin=pinyin_of(person.name), gender=person.gender,
        nationality=person.nationality, region_code=person.region_code, address=person.address,
        groups=list(person.groups), languages=list(person.languages), contact=person.contact,
        birth_date=person.birth_date or (numbers.birth_date(identity) if identity else None),
    )  # fmt: skip
    set_phone(party, phone)
    set_identity(party, identity)
    return party


def set_phone(party: Party, phone: str) -> None:
    """Put a phone (standard form, or empty) on a party."""
    party.phone = encrypt(phone, f"party.phone:{party.pk}") if phone else None
    party.phone_index = blind_index(phone, "party.phone") if phone else None


def set_identity(party: Party, identity: str) -> None:
    """Put an identity number (standard form, or empty) on a party."""
    party.identity = encrypt(identity, f"party.identity:{party.pk}") if identity else None
    party.identity_index = blind_index(identity, "party.identity") if identity else None


@transaction.atomic
def merge_parties(reader: Reader, keep: int, merge: int, reason: str) -> MergeRecord:
    """Join two records of one person; every row that points to `merge` then points to `keep`. Can be undone.

    Where both stand in the same place already (one person entered twice in one matter), that row stays with `merge`.
    Raises Forbidden, Missing, Conflict (already merged) or Invalid (same record, no reason, two identities).
    """
    if not (INTAKE | {Role.BUREAU_LEADER}) & reader.roles:
        raise Forbidden(_("您的岗位不能合并人员记录。"))
    if keep == merge or not reason.strip():
        raise Invalid(_("请选择两条不同的记录并写明理由。"), fields={"reason": _("请写明为什么是同一个人")})
    found = {p.pk: p for p in Party.objects.select_for_update().filter(pk__in=[keep, merge]).order_by("pk")}
    if len(found) != 2:
        raise Missing(_("没有找到要合并的记录。"))
    kept, merged = found[keep], found[merge]
    if kept.merged_into_id or merged.merged_into_id:
        raise Conflict(_("其中一条记录已经合并过了，请刷新后再看。"))
    if kept.identity_index and merged.identity_index and bytes(kept.identity_index) != bytes(merged.identity_index):
        raise Invalid(_("两条记录的身份证号不同，不能合并。"), fields={"merge": _("身份证号不同")})
    moved: dict[str, list[int]] = {}
    for model, column in _pointing_to_party():
        found_rows = model._default_manager.filter(**{column: merge}).exclude(pk__in=_doubles(model, column, keep, merge))
        rows = list(found_rows.values_list("pk", flat=True))
        if rows:
            model._default_manager.filter(pk__in=rows).update(**{column: keep})
            moved[f"{model._meta.label}.{column}"] = rows
    Party.objects.filter(pk=merge).update(merged_into=keep)
    record = MergeRecord.objects.create(
        kept_id=keep, merged_id=merge, moved=moved, reason=reason.strip()[:200], done_by=reader.user_id or 0
    )
    append(reader, Entry("party.merged", about=f"party:{keep}", data={"merged": merge}))
    return record


@transaction.atomic
def undo_merge(reader: Reader, record_id: int) -> MergeRecord:
    """Part two records again, exactly as they were. Raises Forbidden, Missing or Conflict (already undone, or what was kept
    then has itself been merged since: that is undone first).
    """
    if not (INTAKE | {Role.BUREAU_LEADER}) & reader.roles:
        raise Forbidden(_("您的岗位不能撤销合并。"))
    record = MergeRecord.objects.select_for_update().filter(pk=record_id).first()
    if record is None:
        raise Missing(_("没有这次合并的记录。"))
    if record.undone_at:
        raise Conflict(_("这次合并已经撤销过了。"))
    if Party.objects.select_for_update().get(pk=record.kept_id).merged_into_id:
        raise Conflict(_("留下的那条记录后来又并入了别的记录。请先撤销后来的那次合并。"))
    for place, rows in record.moved.items():
        label, column = place.rsplit(".", 1)
        apps.get_model(label)._default_manager.filter(pk__in=rows).update(**{column: record.merged_id})
    Party.objects.filter(pk=record.merged_id).update(merged_into=None)
    record.undone_at = clock.now()
    record.save(update_fields=["undone_at"])
    append(reader, Entry("party.parted", about=f"party:{record.kept_id}", data={"merged": record.merged_id}))
    return record


def _doubles(model: Any, column: str, keep: int, merge: int) -> set[int]:
    """Rows of `merge` that a unique constraint lets nobody give to `keep`, which has such a row of its own."""
    name = next(field.name for field in model._meta.concrete_fields if field.attname == column)
    found: set[int] = set()
    for rule in model._meta.constraints:
        if isinstance(rule, UniqueConstraint) and name in rule.fields and rule.condition is None:
            others = [other for other in rule.fields if other != name]
            taken = set(model._default_manager.filter(**{column: keep}).values_list(*others))
            mine = model._default_manager.filter(**{column: merge}).values_list("pk", *others)
            found |= {pk for pk, *rest in mine if tuple(rest) in taken}
    return found


def _pointing_to_party() -> list[tuple[Any, str]]:
    """Every column that points to a party, in whatever floor it is, except the merge bookkeeping itself."""
    found = []
    for relation in Party._meta.related_objects:
        model = relation.related_model
        if model not in (Party, MergeRecord):
            found.append((model, relation.field.attname))
    return found
