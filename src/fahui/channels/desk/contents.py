"""What the pages of all kinds of content share: states, places, the form's values, and the page somebody writes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fahui.channels import typed
from fahui.channels.desk.frame import show
from fahui.channels.pages import reader_of
from fahui.channels.refusals import summary
from fahui.foundation import cities, clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Invalid, Refusal
from fahui.foundation.regions.queries import children
from fahui.knowledge.answers.schema import topics
from fahui.knowledge.content import actions
from fahui.knowledge.content.models import Reviewed
from fahui.knowledge.content.roles import covers

TONES = {"draft": "neutral", "review": "warn", "published": "ok", "expired": "neutral"}
STEPS = {"hand_in": actions.hand_in, "publish": actions.publish, "send_back": actions.send_back, "expire": actions.expire}
_LINES = 20
Field = dict[str, Any]


def state_badge(row: Reviewed) -> dict[str, Any]:
    """Where it stands, as a cell; what was not reviewed in time says so."""
    if row.state == "published" and row.review_by < clock.today():
        return {"badge": {"label": _("复核日期已过，不再显示"), "tone": "error"}}
    return {"badge": {"label": _(dict(Reviewed.STATES)[row.state]), "tone": TONES[row.state]}}


def place_options(reader: Reader) -> list[tuple[str, str]]:
    """The places an editor may write for: the whole city if their post covers it, and the counties in reach."""
    city = cities.current().region
    options = [(str(city), _("全市"))] if covers(reader, None) else []
    return options + [(str(one.code), one.name) for one in children(city) if covers(reader, one.code)]


def revision_of(post: Any) -> int:
    """The revision somebody looked at when they decided."""
    return typed.number(post.get("revision", "")) or 0


def lines_of(post: Any, name: str) -> list[str]:
    """A field's lines without empty ones."""
    return [one.strip() for one in post.get(name, "").splitlines() if one.strip()][:_LINES]


def line_of(post: Any, name: str) -> str:
    """A field as one line."""
    return " ".join(post.get(name, "").split())


def day_of(post: Any, name: str) -> date:
    """A field's day. Raises Invalid."""
    try:
        return date.fromisoformat(post.get(name, ""))
    except ValueError as error:
        raise Invalid(_("有几处要改。"), fields={name: _("例如：2027-06-30")}) from error


def place_of(post: Any) -> int | None:
    """The chosen place; None is the whole city. Raises Invalid."""
    place = typed.place_of(post.get("region_code", ""))
    if place is None:
        raise Invalid(_("有几处要改。"), fields={"region_code": _("请从列表里选")})
    return place if place != cities.current().region else None


def field_maker(row: Any, refusal: Refusal | None, post: Any, reader: Reader) -> Callable[..., Field]:
    """Makes fields with what was typed, else what is held, else what a new one begins with."""
    errors, places = refusal.fields if refusal else {}, place_options(reader)
    first = {"review_by": (clock.today() + timedelta(days=365)).isoformat(), "region_code": places[0][0] if places else ""}

    def value(name: str) -> str:
        if post is not None:
            return str(post.get(name, ""))
        if row is None:
            return first.get(name, "")
        held = getattr(row, name)
        if name == "region_code":
            return str(held or cities.current().region)
        if name == "asks":
            return "\n".join(" ".join(group) for group in held)
        return "\n".join(held) if isinstance(held, list) else str(held if held is not None else "")

    def field(name: str, label: str, kind: str = "text", **more: Any) -> Field:
        return {"name": name, "label": label, "kind": kind, "value": value(name), "error": errors.get(name, ""), **more}

    return field


def common_fields(field: Callable[..., Field], reader: Reader) -> list[Field]:
    """Topic, place, who answers for it, until when."""
    return [
        field("topic", _("主题"), "select", options=[(t.id, t.name.text(reader.language)) for t in topics().topics], required=True),
        field("region_code", _("哪里用"), "select", options=place_options(reader), required=True, hint=_("选一个区县，就只给那里的人看")),
        field("owner", _("谁负责"), required=True, maxlength=60),
        field("review_by", _("复核期限"), "date", hint=_("过了这天没有复核就不再显示"), required=True),
    ]


def told(fields: list[Field]) -> list[Field]:
    """The fields as they read where nobody may change them: choices by name."""
    for one in fields:
        one["told"] = dict(one.get("options", [])).get(one["value"], one["value"])
        if one["name"] == "region_code" and one["told"].isdigit():
            one["told"] = _("全市")
    return fields


def page(request: HttpRequest, row: Reviewed | None, refusal: Refusal | None, post: Any, fields: list[Field], *, heading: str, base: str,
         back: str) -> HttpResponse:  # fmt: skip
    """The page on which something is written, handed in, published, sent back and stopped."""
    reader = reader_of(request)
    offered: list[tuple[str, str]] = []
    editable = row is None or covers(reader, row.region_code)
    own = bool(row and row.state == "review" and row.author_id == reader.user_id)
    if row and post is None and editable:
        offered = {
            "draft": [("hand_in", _("送审"))], "published": [("expire", _("停用"))], "expired": [],
            "review": [("send_back", _("退回修改"))] + ([] if own else [("publish", _("审核通过，发布"))]),
        }[row.state]  # fmt: skip
    context = {
        "row": row, "heading": heading, "base": base, "back": back, "offered": offered, "errors": summary(refusal),
        "editable": editable, "fields": fields if editable else told(fields), "own": own,
        "state": _(dict(Reviewed.STATES)[row.state]) if row else "", "tone": TONES[row.state] if row else "",
    }  # fmt: skip
    return show(request, "desk/answers/edit.html", context, here="/desk/answers/", status=refusal.status if refusal else 200)
