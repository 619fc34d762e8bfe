"""How a service runs, looking anything up, the components, and the very first account."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fahui.casework.cases.queries import kept_for
from fahui.casework.definitions.diagram import limit_words, mermaid
from fahui.casework.definitions.diagram import rows as steps
from fahui.casework.definitions.loader import services
from fahui.channels.desk import words
from fahui.channels.desk.frame import show
from fahui.channels.gallery import examples
from fahui.channels.pages import reader_of, scoped, staff_page
from fahui.foundation import cities
from fahui.foundation.accounts.actions import first_administrator
from fahui.foundation.accounts.queries import has_staff
from fahui.foundation.errors import Missing, Refusal


@staff_page()
def how(request: HttpRequest, service: str) -> HttpResponse:
    """Every state of a service: who does what, by when, with which papers, and why the law says so."""
    if service not in services():
        raise Missing(_("没有这项服务。"))
    definition, language = services()[service].definition, reader_of(request).language
    short = "en" if language.startswith("en") else "zh"
    states = {state.name.text(language): state for state in definition.states}
    grouped = [
        {"name": name, "state": states[name], "public": states[name].public.text(language),
         "owner": words.role_name(states[name].owner or "", language), "steps": list(lines)}
        for name, lines in groupby(steps(definition, short), key=lambda step: step.state)
    ]  # fmt: skip
    shown = {group["name"] for group in grouped}
    context = {
        "name": definition.name.text(language), "plain": definition.plain.text(language),
        "definition": definition, "kept": kept_for(service, definition), "groups": grouped, "ends": [name for name in states if name not in shown],
        "limits": [{"name": d.name.text(language), "length": limit_words(d, short),
                    "owner": words.role_name(d.owner, language), "local": d.local_parameter or "",
                    "basis": "、".join(d.basis)} for d in definition.deadlines],
        "documents": [{"name": d.name.text(language), "basis": "、".join(d.basis),
                       "remedy": d.remedy.text(language) if d.remedy else ""} for d in definition.documents],
        "mermaid": mermaid(definition, short),
    }  # fmt: skip
    return show(request, "desk/how.html", context, here=f"/desk/how/{service}")


@staff_page()
def style(request: HttpRequest) -> HttpResponse:
    """All components."""
    return show(request, "ui/gallery.html", examples())


@scoped
def first(request: HttpRequest) -> HttpResponse:
    """The first account of a new installation: only while there is none."""
    if has_staff():
        return redirect("/accounts/login/")
    post, errors = request.POST, {}
    if request.method == "POST":
        if not post.get("name", "").strip():
            errors["name"] = _("请填写姓名")
        if not post.get("username", "").strip():
            errors["username"] = _("请填写登录名")
        if post.get("password") != post.get("again"):
            errors["again"] = _("两次输入的密码不一样")
        try:
            validate_password(post.get("password", ""))
        except ValidationError:
            errors["password"] = _("密码至少10个字符，不要太常见，也不要全是数字")
        if not errors:
            try:
                first_administrator(
                    post["username"].strip()[:60], post["name"].strip()[:60], post["password"], cities.current().region
                )
                messages.success(request, _("管理员账号已建立，请登录。"))
                return redirect("/accounts/login/")
            except Refusal as refusal:
                errors["username"] = refusal.message

    def field(name: str, label: str, kind: str = "text", **more: str) -> dict[str, Any]:
        value = "" if kind == "password" else post.get(name, "")
        error = errors.get(name, "")
        return {"name": name, "label": label, "kind": kind, "required": True, "error": error, "value": value, **more}

    context = {
        "fields": [
            field("name", _("您的姓名")), field("username", _("登录名"), hint=_("字母或数字，登录时用"), autocomplete="username"),
            field("password", _("密码"), "password", hint=_("至少10个字符"), autocomplete="new-password"),
            field("again", _("再输一次密码"), "password", autocomplete="new-password"),
        ],
        "errors": [{"name": name, "text": text} for name, text in errors.items()],
    }  # fmt: skip
    return render(request, "desk/first.html", context, status=422 if errors else 200)
