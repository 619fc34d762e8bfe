"""Practitioners on record, and which account is whose."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from fahui.channels.desk import actions
from fahui.channels.desk import queries as desk
from fahui.channels.desk.admin import person
from fahui.channels.desk.frame import ADMINS, show
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.refusals import summary
from fahui.foundation.accounts.roles import Role
from fahui.foundation.errors import Forbidden, Invalid, Refusal
from fahui.foundation.people.models import Practitioner
from fahui.foundation.regions.queries import names_of

HERE = "/desk/admin/practitioners"


@staff_page(*sorted(ADMINS))
def practitioners(request: HttpRequest) -> HttpResponse:
    """Lawyers, mediators and the others who can be given work, with their accounts."""
    text, untied = request.GET.get("name", "").strip()[:60], request.GET.get("untied") == "true"
    found = desk.practitioners_in(reader_of(request), text, untied)
    names = names_of({p.region_code for p in found})
    return show(request, "desk/admin/practitioners.html", {
        "columns": [{"label": _("姓名")}, {"label": _("种类")}, {"label": _("所在机构")}, {"label": _("地区")},
                    {"label": _("账号")}],
        "rows": [{"href": f"{HERE}/{p.pk}", "cells": [
            p.name, _(p.get_kind_display()), p.institution.name, names.get(p.region_code, ""), _account(p)]}
            for p in found],
        "empty": {"title": _("没有查到"), "text": _("换个名字试试；还没有登记的，请先导入。")}, "many": len(found) == 200,
        "fields": [
            {"name": "name", "label": _("姓名、执业证号或机构"), "value": text},
            {"name": "untied", "label": _("只看没有账号的"), "kind": "boolean", "value": "true" if untied else ""},
        ],
    }, here=HERE)  # fmt: skip


def _account(found: Practitioner) -> Any:
    if not found.active:
        return {"badge": {"label": _("已停止执业"), "tone": "neutral"}}
    return found.user.username if found.user else {"badge": {"label": _("没有账号"), "tone": "warn"}}


@staff_page(*sorted(ADMINS))
def practitioner(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    """One practitioner: facts on record, and the account that works for them."""
    if request.method != "POST":
        return _one(request, practitioner_id, None)
    try:
        if Role.SYSTEM_ADMIN not in reader_of(request).roles:
            raise Forbidden(_("只有系统管理员可以关联账号。"))
        if request.POST.get("do") == "untie":
            actions.untie(reader_of(request), practitioner_id)
            messages.success(request, _("已解除。这个账号看不到其承办的案件了。"))
        elif not request.POST.get("username", "").strip():
            raise Invalid(_("请写登录名。"), fields={"username": _("请写登录名")})
        else:
            actions.tie(reader_of(request), practitioner_id, request.POST["username"][:60])
            messages.success(request, _("已关联。"))
    except Refusal as refusal:
        return _one(request, practitioner_id, refusal)
    return HttpResponseRedirect(f"{HERE}/{practitioner_id}")


def _one(request: HttpRequest, practitioner_id: int, refusal: Refusal | None) -> HttpResponse:
    reader = reader_of(request)
    found = desk.practitioner(reader, practitioner_id)
    user = found.user
    names = names_of({found.region_code} | ({p.region_code for p in user.posts.all()} if user else set()))
    account = person(user, reader.language, names) if user else None
    works = any(post["code"] == Role.DUTY_LAWYER for post in account["live"]) if account else False
    errors = refusal.fields if refusal else {}
    return show(request, "desk/admin/practitioner.html", {
        "found": found, "kind": _(found.get_kind_display()), "region": names.get(found.region_code, ""),
        "account": account, "works": works, "errors": summary(refusal),
        "may": Role.SYSTEM_ADMIN in reader.roles,
        "field": {"name": "username", "label": _("登录名"), "required": True, "maxlength": 60,
                  "value": request.POST.get("username", ""), "error": errors.get("username", ""),
                  "hint": _("这位人员自己的工作人员账号；没有的，先到“账号与岗位”新建")},
    }, here=HERE, status=refusal.status if refusal else 200)  # fmt: skip
