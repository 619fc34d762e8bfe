"""The one search as JSON: public groups without a key, cases and the people in them with one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import AuthenticationError
from pydantic import BaseModel, Field, StringConstraints

from fahui.channels import limits
from fahui.channels.api.laws import Day, day_of
from fahui.channels.api.schemas import Problem
from fahui.channels.find.hits import Filters
from fahui.channels.find.marks import spans
from fahui.channels.find.queries import OWN, Found, find, groups_of
from fahui.channels.pages import reader_of
from fahui.foundation.accounts.scope import ANONYMOUS, Reader, reading_as
from fahui.foundation.errors import Forbidden, Invalid
from fahui.foundation.regions.rules import jurisdiction

router = Router(tags=["public"])
ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 403, 422, 429), Problem)
Group = Literal["", "services", "answers", "references", "checks", "laws", "offices", "people", "cases", "parties"]
Words = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Slug = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]*$")]
Region = Annotated[int, Field(ge=0, le=909_999_999_999)]
Cursor = Annotated[str, StringConstraints(max_length=200, pattern=r"^[A-Za-z0-9_-]*$")]


class HitOut(BaseModel):
    """One thing found. `href` is its page on this installation, if it has one; the marks are characters from 0, the end excluded."""

    id: str
    title: str
    title_marks: list[tuple[int, int]]
    under: str
    text: str
    text_marks: list[tuple[int, int]]
    phone: str
    href: str


class GroupOut(BaseModel):
    """A group, best first (cases newest first). `next` is the `after` of the next page of this group, empty at the end."""

    group: str
    items: list[HitOut]
    next: str


class MendedOut(BaseModel):
    """Letters or wrong characters, and what they were read as."""

    typed: str
    meant: str


class FindOut(BaseModel):
    """What was found, and what else was looked for: words put right by their sound, the law's words for everyday ones."""

    q: str
    mended: list[MendedOut]
    legal: list[str]
    groups: list[GroupOut]


@router.get("/find", response={200: FindOut, **ERRORS}, auth=None, summary="Find anything")
def find_anything(
    request: HttpRequest, q: Words = Query(...), group: Group = Query(""), after: Cursor = Query(""), region: Region = Query(0),
    office: Slug = Query(""), people: Slug = Query(""), law: Literal["", "law", "interpretation", "regulation"] = Query(""),
    as_of: Day = Query(""),
) -> Any:  # fmt: skip
    """Laws, answers, precedents, guided checks, services, offices and people of the profession: by words, letters (pinyin or initials) and with
    wrong characters. A key with `cases:read` finds the cases its posts reach and, masked, the people in them. `after` needs a `group`."""
    reader = _reader(request, group)
    if after and not group:
        raise Invalid(_("翻页要先选一组。"), fields={"after": _("请加上 group")})
    if region:
        _known(region)
    if reader.kind == "anonymous":
        limits.spend(request, "find")
    filters = Filters(region or None, office, people, law, day_of(as_of) if as_of else None)
    with reading_as(reader):
        return _out(find(reader, q, [group] if group else groups_of(reader), filters, after))


def _known(region: int) -> None:
    """Raise Invalid for what is no statistical code."""
    try:
        jurisdiction(region)
    except ValueError as error:
        raise Invalid(str(error), fields={"region": str(error)}) from error


def _reader(request: HttpRequest, group: str) -> Reader:
    """Who is asking: whoever has no key that reads cases asks as anybody."""
    reader = reader_of(request)
    if reader.kind == "staff" and "cases:read" in (reader.operations or frozenset()):
        return reader
    if group in OWN:
        if reader.kind != "staff":
            raise AuthenticationError(401)
        raise Forbidden(_("这个接口钥匙没有 %(operation)s 权限。") % {"operation": "cases:read"})
    return ANONYMOUS


def _out(found: Found) -> FindOut:
    asked = found.asked
    return FindOut(
        q=asked.text, mended=[MendedOut(typed=typed, meant=meant) for typed, meant in asked.mended], legal=list(asked.legal),
        groups=[
            GroupOut(group=name, next=page.following, items=[
                HitOut(id=str(hit.key), title=hit.title, title_marks=spans(hit.title, asked, True), under=hit.under, text=hit.text,
                       text_marks=spans(hit.text, asked), phone=hit.phone, href=hit.href)
                for hit in page.hits])
            for name, page in found.groups.items()
        ],
    )  # fmt: skip
