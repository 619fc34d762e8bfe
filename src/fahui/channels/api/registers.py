"""Registers as JSON, for a key with `registers:read` or `registers:write`, in the places where its posts keep them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Path, Query, Router
from pydantic import BaseModel, Field, JsonValue, StringConstraints

from fahui.casework.registers import actions, queries
from fahui.casework.registers.forms import form_of, number
from fahui.casework.registers.models import Entry
from fahui.channels.api.schemas import Input, Problem, RegionCode, Slug
from fahui.channels.pages import reader_of
from fahui.foundation.accounts.scope import Reader, reading_as
from fahui.foundation.errors import Forbidden

router = Router(tags=["registers"])
ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)
READ, WRITE = "registers:read", "registers:write"
PAGE = 100
RegisterId = Annotated[Slug, Path()]
Choice = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9_]*$")]
Cursor = Annotated[str, StringConstraints(max_length=40, pattern=r"^([0-9]{8}-[0-9]+)?$")]
KEY_HEADER: Any = Header("", alias="Idempotency-Key")
IdempotencyKey = Annotated[str, StringConstraints(max_length=80, pattern=r"^[\x21-\x7e]*$")]


class RegisterOut(BaseModel):
    """A register: what belongs in it, the JSON Schema of an entry, and how many entries this key's posts reach."""

    id: str
    area: str
    name: str
    name_en: str
    about: str
    about_en: str
    second_person: bool
    counting: int
    waiting: int
    returned: int
    entry_schema: dict[str, JsonValue]


class EntryIn(Input):
    """A new entry: the answers of the register's form (`entry_schema`). Money is in whole fen; places, institutions, people and
    sites are given by code, name or `name（code）`."""

    answers: dict[str, JsonValue]


class EntryOut(BaseModel):
    """An entry. `part` and `whole` are decimal text, `amount_fen` whole fen; it counts when it is verified, or entered where the
    register asks for no second person."""

    id: int
    register_id: str
    code: str
    title: str
    region_code: RegionCode
    institution: str
    practitioner: str
    site: str
    category: str
    grade: str
    begins: date
    ends: date | None
    part: str | None
    whole: str | None
    amount_fen: int | None
    details: dict[str, JsonValue]
    state: str
    revision: int
    entered_at: datetime
    changed_at: datetime


class EntryPage(BaseModel):
    """A page of entries, newest first; `next` is the cursor of the next page, empty at the end."""

    items: list[EntryOut]
    next: str


@router.get("/registers", response={200: list[RegisterOut], **ERRORS}, summary="Registers and their forms")
def list_registers(request: HttpRequest) -> Any:
    """The registers that this key's posts keep somewhere."""
    reader = _reader(request, READ)
    with reading_as(reader):
        counts = queries.tallies(reader)
        return [
            RegisterOut(
                id=r.id, area=r.area, name=r.name.zh, name_en=r.name.en, about=r.about.zh, about_en=r.about.en, second_person=r.verified,
                counting=counts[r.id].counting, waiting=counts[r.id].waiting, returned=counts[r.id].returned,
                entry_schema=form_of(r).model_json_schema(),
            )
            for r in queries.kept_by(reader)
        ]  # fmt: skip


@router.get("/registers/{register_id}/entries", response={200: EntryPage, **ERRORS}, summary="Entries of a register")
def list_entries(
    request: HttpRequest, register_id: RegisterId, region: Annotated[int, Field(ge=0, le=909_999_999_999)] = Query(0),
    category: Choice = Query(""), grade: Choice = Query(""), state: Choice = Query(""),
    year: Annotated[int, Field(ge=0, le=9000)] = Query(0), cursor: Cursor = Query(""),
) -> Any:  # fmt: skip
    """A keyset page of the entries in reach, narrowed by place, category, grade, state and year."""
    reader = _reader(request, READ)
    with reading_as(reader):
        register = queries.register_for(reader, register_id)
        wanted = queries.Filter(place=queries.known_place(region), category=category, grade=grade, state=state, year=year or None)
        page = queries.listed(reader, register, wanted, cursor, PAGE)
        return EntryPage(items=[_out(entry) for entry in page.rows], next=page.following)


@router.post("/registers/{register_id}/entries", response={201: EntryOut, **ERRORS}, summary="Add an entry")
def add_entry(request: HttpRequest, register_id: RegisterId, body: EntryIn, idempotency_key: IdempotencyKey = KEY_HEADER) -> Any:
    """Enter one. The same Idempotency-Key with the same body returns the first entry; with another body, 409."""
    reader = _reader(request, WRITE)
    with reading_as(reader):
        made = actions.add(reader, register_id, body.answers, idempotency_key)
        answer = _out(queries.one(reader, made.pk))
    return HttpResponse(answer.model_dump_json(), status=201, content_type="application/json; charset=utf-8")


def _reader(request: HttpRequest, operation: str) -> Reader:
    reader = reader_of(request)
    if operation not in (reader.operations or frozenset()):
        raise Forbidden(_("这个接口钥匙没有 %(operation)s 权限。") % {"operation": operation})
    return reader


def _out(entry: Entry) -> EntryOut:
    return EntryOut(
        id=entry.pk, register_id=entry.register, code=entry.code, title=entry.title, region_code=entry.region_code,
        institution=entry.institution.code if entry.institution else "", site=entry.site.code if entry.site else "",
        practitioner=entry.practitioner.licence if entry.practitioner else "", category=entry.category, grade=entry.grade,
        begins=entry.begins, ends=entry.ends, part=number(entry.part) or None, whole=number(entry.whole) or None,
        amount_fen=entry.amount_fen, details=entry.details, state=entry.state, revision=entry.revision,
        entered_at=entry.entered_at, changed_at=entry.changed_at,
    )  # fmt: skip
