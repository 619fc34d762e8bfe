"""Accounts and posts. A secret is shown once, on the page that made it, and is never stored readable."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from fahui.casework.definitions.loader import services
from fahui.casework.handback.queries import in_hand
from fahui.channels.desk import choosing, forms, words
from fahui.channels.desk import queries as desk
from fahui.channels.desk.frame import show
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.refusals import summary
from fahui.channels.typed import day_of, number, place_of
from fahui.foundation import clock
from fahui.foundation.accounts import actions
from fahui.foundation.accounts.models import Post, User
from fahui.foundation.accounts.roles import POST_ROLES, ROLE_NAMES, Role
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Invalid, Refusal
from fahui.foundation.people.queries import institutions
from fahui.foundation.regions.queries import names_of


def post_fields(reader: Reader, values: Any, errors: dict[str, str]) -> list[dict[str, Any]]:
    """The fields of one post."""
    language = reader.language
    column = 1 if language.startswith("en") else 0
    return [
        {"name": "role", "label": _("岗位"), "kind": "select", "required": True, "value": values.get("role", ""),
         "options": [(r.value, ROLE_NAMES[r][column]) for r in POST_ROLES], "error": errors.get("role", "")},
        {"name": "region", "label": _("管哪里"), "kind": "select", "required": True, "value": values.get("region", ""),
         "options": forms.region_options(), "error": errors.get("region", "")},
        {"name": "service", "label": _("管哪项服务"), "kind": "select", "required": True,
         "value": values.get("service", "*"),
         "options": [("*", _("全部")), *((n, s.definition.name.text(language)) for n, s in services().items())]},
        {"name": "institution", "label": _("所在机构"), "error": errors.get("institution", ""),
         **choosing.field("institution", values.get("institution", ""))},
        {"name": "valid_from", "label": _("从哪天起"), "kind": "date", "value": values.get("valid_from", ""),
         "error": errors.get("valid_from", ""), "hint": _("空着是今天")},
        {"name": "valid_to", "label": _("到哪天为止"), "kind": "date", "value": values.get("valid_to", ""),
         "error": errors.get("valid_to", ""), "hint": _("借调、代班、试用填；空着是一直有效")},
        {"name": "cleared", "label": _("可以看本机构的保密案件"), "kind": "boolean",
         "value": values.get("cleared", "")},
    ]  # fmt: skip


def _post_of(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    if post.get("role") not in {r.value for r in POST_ROLES}:
        raise Invalid(_("请选择岗位。"), fields={"role": _("请选择岗位")})
    region = place_of(post.get("region", ""))
    if region is None:
        raise Invalid(_("请选择管哪里。"), fields={"region": _("请选择地区")})
    service, institution = post.get("service", "*"), choosing.chosen("institution", post.get("institution", ""), "institution")
    if institution and not institutions().filter(pk=institution).exists():
        raise Invalid(_("这个机构已经停用。"), fields={"institution": _("请选择另一个机构")})
    return {
        "role": post["role"], "region_code": region,
        "service": service if service in services() else "*",
        "institution_id": institution,
        "cleared": post.get("cleared") == "true",
        **{name: _day(post, name) for name in ("valid_from", "valid_to")},
    }  # fmt: skip


def _day(post: QueryDict, name: str) -> date | None:
    """A field's day, None for an empty one. Raises Invalid."""
    text = post.get(name, "").strip()
    day = day_of(text)
    if text and day is None:
        raise Invalid(_("日期看不懂。"), fields={name: _("请写成 2026-06-18 这样")})
    return day


def post_line(post: Post, language: str, names: dict[int, str]) -> dict[str, Any]:
    """A post in words, and whether it counts today."""
    day, home = clock.today(), services()
    live = post.valid_from <= day and (post.valid_to is None or post.valid_to >= day)
    service = home[post.service].definition.name.text(language) if post.service in home else _("全部服务")
    return {"id": post.pk, "code": post.role, "role": words.role_name(post.role, language), "region": names.get(post.region_code, ""),
            "service": service, "institution": post.institution.name if post.institution else "", "live": live,
            "cleared": post.cleared, "from": post.valid_from, "to": post.valid_to,
            "ended": post.valid_to is not None and post.valid_to < day}  # fmt: skip


def person(user: User, language: str, names: dict[int, str]) -> dict[str, Any]:
    """An account with its posts in words, those of today first; `live` those of today, `kept` also those to come."""
    lines = [post_line(post, language, names) for post in user.posts.all()]
    return {"user": user, "posts": sorted(lines, key=lambda line: not line["live"]),
            "live": [line for line in lines if line["live"]], "kept": [line for line in lines if not line["ended"]]}  # fmt: skip


@staff_page(Role.SYSTEM_ADMIN)
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, and making a new one."""
    reader = reader_of(request)
    refusal: Refusal | None = None
    if request.method == "POST":
        post, password = request.POST, None
        try:
            name, username = post.get("name", "").strip()[:60], post.get("username", "").strip()[:60]
            missing = {k: _("请填写") for k, v in (("name", name), ("username", username)) if not v}
            if missing:
                raise Invalid(_("请填写姓名和登录名。"), fields=missing)
            made = actions.make_staff(reader, username, name, None, [_post_of(request)], phone=post.get("phone", "")[:40])
            password = actions.reset_password(reader, made.pk)
            return _one(request, made.pk, secret=password)
        except Refusal as found:
            refusal = found
    text = request.GET.get("find", "").strip()[:60]
    listed = desk.accounts_page(reader, text, number(request.GET.get("after", "")))
    users, more = listed[: desk.PAGE], len(listed) > desk.PAGE
    names = names_of({p.region_code for u in users for p in u.posts.all()})
    errors, values = (refusal.fields if refusal else {}), request.POST
    context = {
        "people": [person(user, reader.language, names) for user in users], "errors": summary(refusal), "asked": text,
        "find": {"name": "find", "label": _("姓名或登录名"), "value": text},
        "pager": {"next": users[-1].pk if more else "", "shown": len(users)},
        "fields": [
            {"name": "name", "label": _("姓名"), "required": True, "value": values.get("name", ""),
             "error": errors.get("name", "")},
            {"name": "username", "label": _("登录名"), "required": True, "value": values.get("username", ""),
             "error": errors.get("username", ""), "hint": _("字母或数字")},
            {"name": "phone", "label": _("办公电话"), "kind": "phone", "value": values.get("phone", ""),
             "hint": _("会告诉申请人")},
            *post_fields(reader, values, errors),
        ],
    }  # fmt: skip
    status = refusal.status if refusal else 200
    return show(request, "desk/admin/accounts.html", context, here="/desk/admin/accounts", status=status)


@staff_page(Role.SYSTEM_ADMIN)
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    """One account: its posts, its password, whether it may sign in."""
    reader, post = reader_of(request), request.POST
    if request.method != "POST":
        return _one(request, user_id)
    try:
        match post.get("do"):
            case "give":
                actions.give_post(reader, user_id, **_post_of(request))
                messages.success(request, _("已授予岗位。"))
            case "end" if held := number(post.get("post", "")):
                messages.success(request, _ended(actions.end_post(reader, held, _day(post, "last"))))
            case "password":
                return _one(request, user_id, secret=actions.reset_password(reader, user_id))
            case "block" | "unblock" as wanted:
                actions.set_active(reader, user_id, wanted == "unblock")
                messages.success(request, _("已启用。") if wanted == "unblock" else _("已停用，马上不能登录。"))
            case _other:
                raise Invalid(_("请选择要做什么。"))
    except Refusal as refusal:
        return _one(request, user_id, refusal=refusal)
    return HttpResponseRedirect(f"/desk/admin/accounts/{user_id}")


def _ended(post: Post) -> str:
    if post.valid_to and post.valid_to >= clock.today():
        return _("岗位到%(day)s为止。前一周会告诉本人和负责人手上还有什么要交接。") % {"day": post.valid_to}
    return _("岗位已结束。手上不再归其办的事，一分钟内回到“没人经办”，并告诉有岗位的同事。")


def _one(request: HttpRequest, user_id: int, *, secret: str = "", refusal: Refusal | None = None) -> HttpResponse:
    reader = reader_of(request)
    user = desk.account(reader, user_id)
    names = names_of({p.region_code for p in user.posts.all()})
    context = {
        "person": person(user, reader.language, names), "secret": secret,
        "errors": summary(refusal), "own": user.pk == reader.user_id, "in_hand": in_hand(user.pk), "today": clock.today(),
        "fields": post_fields(reader, request.POST if refusal else {}, refusal.fields if refusal else {}),
    }  # fmt: skip
    response = show(request, "desk/admin/account.html", context, here="/desk/admin/accounts",
                    status=refusal.status if refusal else 200)  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response
