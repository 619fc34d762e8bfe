"""How a record comes to say something else: what it said before is kept, with the reason. For entries and activities alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from fahui.casework.cases.models import Idempotency
from fahui.casework.registers.models import Correction
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Conflict, Invalid
from fahui.foundation.vault.crypto import sm3


def reason_of(text: str) -> str:
    """A reason as it is kept. Raises Invalid when there is none."""
    plain = text.replace("\x00", "").strip()
    if len(plain) < 2:
        raise Invalid(_("请写明理由，至少两个字。"), fields={"reason": _("请写明理由，至少两个字")})
    return plain[:200]


def at_revision(row: Any, revision: int | None) -> None:
    """Raise Conflict when the row is no longer the one that was looked at."""
    if revision is not None and row.revision != revision:
        raise Conflict(_("刚才有人改过这一条，请看过现在的内容再办。"), code="revision")


def changed(row: Any, columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns whose values would change, with what they hold now."""
    return {name: getattr(row, name) for name, value in columns.items() if getattr(row, name) != value}


def correction(about: str, row: Any, before: Mapping[str, Any], reason: str, reader: Reader, at: datetime) -> Correction:
    """What the row said at its present revision (not written yet)."""
    kept = {name: kept_as(value) for name, value in before.items()}
    return Correction(about=about, revision=row.revision, before=kept, reason=reason, by=reader.user_id, at=at)


def kept_as(value: Any) -> Any:
    """A column's value as JSON keeps it."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def corrections(about: str) -> list[Correction]:
    """Every correction of a record, the first one first."""
    return list(Correction.objects.filter(about=about).order_by("revision"))


def others_only(reader: Reader, row: Any, about: str) -> None:
    """Raise Conflict for whoever entered the record or corrected it last: a second person has to look."""
    last = Correction.objects.filter(about=about).order_by("-revision").values_list("by", flat=True).first()
    if reader.user_id is not None and reader.user_id in {row.entered_by, last}:
        raise Conflict(_("您登记或者改过这一条，请由另一个人复核。"))


def written(row: Model, *, new: bool) -> None:
    """Write a record. Raises Invalid when its number is taken."""
    try:
        with transaction.atomic():
            row.save(force_insert=new, force_update=not new)
    except IntegrityError as error:
        raise Invalid(_("这个编号已经有了，请核对。"), fields={"code": _("这个编号已经有了")}) from error


def rewritten(rows: Sequence[Model], fixed: Collection[str]) -> None:
    """Write many records that are there already, whole but for the columns that are `fixed`.

    As an insert that meets its own key: an update by cases takes a minute and half a gigabyte for twenty thousand rows.
    """
    if rows:
        fields = [field.name for field in rows[0]._meta.concrete_fields if field.name not in {"id", *fixed}]
        type(rows[0])._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=fields, batch_size=1000
        )


@contextmanager
def all_or_none() -> Iterator[None]:
    """Write many records. Raises Conflict when somebody else wrote one of the same number meanwhile; then nothing is written."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict(_("刚才有人登记了同样的编号，请再导入一次。")) from error


def first_answer(reader: Reader, key: str, content: str) -> int | None:
    """The record that an earlier request with this key made. Raises Conflict when the key was used for something else."""
    if not key:
        return None
    seen = Idempotency.objects.filter(actor=_actor(reader), key=key).first()
    if seen is None:
        return None
    if bytes(seen.request_digest) != sm3(content.encode()):
        raise Conflict(_("这个 Idempotency-Key 已经用于另一个请求，请换一个。"), code="key_reused")
    return int(seen.case_id)


def remember(reader: Reader, key: str, content: str, pk: int) -> None:
    """Keep that this request was answered with this record. Raises Conflict when it is being answered right now."""
    if not key:
        return
    row = Idempotency(actor=_actor(reader), key=key, request_digest=sm3(content.encode()), case_id=pk, made_at=clock.now())
    if not Idempotency.objects.bulk_create([row], ignore_conflicts=True) or first_answer(reader, key, content) != pk:
        raise Conflict(_("同一个请求正在办理，请稍后再查。"), code="in_progress")


def _actor(reader: Reader) -> str:
    return f"record:{reader.kind}:{reader.user_id or 0}"


def before_and_after(row: Any, kept: Iterable[Correction]) -> dict[int, list[tuple[str, Any, Any]]]:
    """By the revision that a correction made: (column, before, after). What a record says now closes the chain."""
    found: dict[int, list[tuple[str, Any, Any]]] = {}
    now: dict[str, Any] = {}
    for one in sorted(kept, key=lambda c: c.revision, reverse=True):
        lines = []
        for name, before in one.before.items():
            after = now[name] if name in now else kept_as(getattr(row, name, None))
            lines.append((name, before, after))
            now[name] = before
        found[one.revision + 1] = lines
    return found
