"""Changing a target: draft, see what it would have been last quarter, a second person approves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fahui.channels.cockpit.given import fields as given_fields
from fahui.channels.cockpit.given import in_words, typed
from fahui.channels.cockpit.given import posted as posted_given
from fahui.channels.cockpit.standards import TONES, frame, said, status_words
from fahui.channels.desk.queries import names
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.typed import number
from fahui.foundation import clock
from fahui.foundation.accounts.roles import Role
from fahui.foundation.data import english
from fahui.foundation.errors import Invalid, Refusal
from fahui.insight.figures import rules
from fahui.insight.figures.queries import Result, tried
from fahui.insight.figures.units import made_of
from fahui.standards.indicators import actions, queries
from fahui.standards.indicators.definitions import measures
from fahui.standards.indicators.schema import Indicator
from fahui.standards.indicators.units import unit_text
from fahui.standards.models import IndicatorVersion
from fahui.standards.tasks import try_version

EDITORS = (Role.BUREAU_LEADER, Role.SUPERVISOR)
# What a fault of an indicator's part is called on the form.
_FORM_NAMES = {"name.zh": "name_zh", "name.en": "name_en", "targets.0.value": "value", "targets.0.by": "by", "use.measure": "measure"}


@staff_page(*EDITORS)
def versions(request: HttpRequest) -> HttpResponse:
    """What was changed, by whom, and how far it is."""
    rows = queries.versions(reader_of(request))
    people = names([row.author for row in rows])
    return render(request, "cockpit/versions.html", frame("targets") | {
        "rows": [{"href": reverse("cockpit-version", args=[row.pk]), "cells": [
            f"{row.body['name']['en' if english() else 'zh']} · {_('第%(n)s版') % {'n': row.version}}", people.get(row.author, ""), row.reason,
            row.in_force_from.isoformat(), {"badge": {"label": state_words()[row.state], "tone": "ok" if row.state == "approved" else "neutral"}}]}
            for row in rows],
        "columns": [{"label": label} for label in (_("目标"), _("起草人"), _("为什么改"), _("生效日期"), _("状态"))],
        "empty": {"title": _("还没有改过目标"), "text": _("打开一项目标，点“修改这项目标”；或者新增一项。")},
    })  # fmt: skip


@staff_page(*EDITORS)
def edit(request: HttpRequest, indicator: str = "") -> HttpResponse:
    """The form of a changed or new indicator."""
    reader = reader_of(request)
    queries.versions(reader, indicator or "-")
    now = queries.indicator_of(indicator, clock.today()) if indicator else None
    refused: Refusal | None = None
    if request.method == "POST" and request.POST.get("do") != "refresh":
        try:
            made = actions.draft(
                reader,
                _body(request.POST, now),
                request.POST.get("reason", ""),
                _day(request.POST.get("in_force_from", "")),
            )
            try_version.defer(version=made.pk)
            return redirect("cockpit-version", pk=made.pk)
        except Refusal as refusal:
            refused = refusal
    answer = render(request, "cockpit/edit.html", frame("targets") | {
        "now": now, "refused": refused, "here": request.path,
        "errors": [{"name": _FORM_NAMES.get(name, name), "text": text} for name, text in refused.fields.items()] if refused else [],
    } | _sections(now, request.POST, refused.fields if refused else {}))  # fmt: skip
    answer.status_code = refused.status if refused else 200
    return answer


@staff_page(*EDITORS)
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: what it says, what it would have been last quarter, and the second person's decision."""
    reader = reader_of(request)
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            revision = number(request.POST.get("revision", "")) or 0
            {"approve": actions.approve, "reject": actions.reject}[request.POST.get("do", "")](
                reader, pk, revision
            )
            return redirect("cockpit-version", pk=pk)
        except Refusal as refusal:
            refused = refusal
        except KeyError as error:
            raise Invalid(_("没有这个操作。")) from error
    row = queries.version(reader, pk)
    people = names([row.author, *([row.approver] if row.approver else [])])
    results = tried(row)
    answer = render(request, "cockpit/version.html", frame("targets") | {
        "row": row, "indicator": Indicator.model_validate(row.body), "state": state_words()[row.state], "refused": refused,
        "author": people.get(row.author, ""), "approver": people.get(row.approver or 0, ""), "own": row.author == reader.user_id,
        "changed": changed(row), "changed_columns": [{"label": _("哪一栏")}, {"label": _("现在")}, {"label": _("改后")}],
        "alike": len(results) == 2 and len({(r.told, r.unit, rules.told(r.aim), r.status) for r in results}) == 1,
        "here": request.path, "columns": [{"label": ""}, {"label": _("数值"), "numeric": True}, {"label": _("分子"), "numeric": True},
                    {"label": _("分母"), "numeric": True}, {"label": _("要达到"), "numeric": True}, {"label": _("状态")}],
        "rows": [_trial(name, result) for name, result in zip([_("现在"), _("改后")][-len(results):], results, strict=True)] if results else [],
    })  # fmt: skip
    answer.status_code = refused.status if refused else 200
    return answer


def state_words() -> dict[str, str]:
    """What each state of a change is called."""
    return {
        "draft": _("草稿"),
        "trying": _("试算中"),
        "tried": _("等第二人批准"),
        "approved": _("已批准"),
        "rejected": _("已退回"),
    }


def period_words() -> dict[str, str]:
    """How a target is looked at over time."""
    return {
        "once": _("到期达到"),
        "continuous": _("随时保持"),
        "yearly": _("按年"),
        "quarterly": _("按季"),
        "monthly": _("按月"),
    }


def _trial(name: str, result: Result) -> dict[str, Any]:
    upper, lower = made_of(result.indicator.use, result.numbers)
    badge = {"label": status_words()[result.status], "tone": TONES[result.status]}
    return {
        "cells": [
            name,
            f"{said(result.value)} {unit_text(result.unit) if result.value is not None else ''}",
            upper or "–",
            lower or "–",
            f"{rules.told(result.aim)} {unit_text(result.unit)}" if result.aim is not None else result.target.words or "–",
            {"badge": badge},
        ]
    }


def _held(now: Indicator | None) -> dict[str, str]:
    """What an indicator says, by the form's fields."""
    target = now.targets[-1] if now else None
    use = now.use if now else None
    given = in_words(measures().get(use.measure), use.given) if use else ""
    return {
        "name_zh": now.name.zh if now else "", "name_en": now.name.en if now else "", "unit": now.unit if now else "",
        "clause": now.clause if now else "", "quote": now.quote if now else "", "op": target.op if target else ">=",
        "value": "" if target is None or target.value is None else f"{target.value}", "by": target.by.isoformat() if target else "",
        "period": now.period if now else "yearly", "measure": now.use.measure if now and now.use else "", "given": given,
        "reading": now.reading.zh if now and now.reading else "",
    }  # fmt: skip


def comparisons() -> dict[str, str]:
    """How a figure is held against its target."""
    return {">=": _("至少（≥）"), "<=": _("最多（≤）"), "=": _("正好（=）"), ">": _("多于（>）"), "<": _("少于（<）")}


def changed(row: IndicatorVersion) -> list[dict[str, Any]]:
    """What a change changes, field by field: before and after, in the words of the form."""
    then, now = queries.before(row), Indicator.model_validate(row.body)
    old, new = _held(then), _held(now)
    words = {"op": comparisons(), "period": period_words(), "measure": {m.id: m.text() for m in measures().values()}}

    def told(name: str, value: str) -> str:
        return words.get(name, {}).get(value, value).strip() or "–"

    return [
        {"cells": [field["label"], told(field["name"], old[field["name"]]) if then else "–", told(field["name"], new[field["name"]])]}
        for field in _fields(now, QueryDict(), {})
        if field["name"] in new and (then is None or old[field["name"]].split() != new[field["name"]].split())
    ]


def _fields(now: Indicator | None, posted: QueryDict, errors: dict[str, str]) -> list[dict[str, Any]]:
    """The form's fields with what was typed, else with what holds now."""
    held = _held(now) | {"in_force_from": clock.today().isoformat(), "reason": ""}
    shapes: list[tuple[str, str, str, dict[str, Any]]] = [
        ("name_zh", _("目标名称"), "text", {}), ("name_en", _("英文名称"), "text", {}), ("clause", _("条款"), "text", {}),
        ("quote", _("文件原文"), "textarea", {}), ("unit", _("计量单位"), "text", {}),
        ("op", _("比较"), "select", {"options": list(comparisons().items())}),
        ("value", _("目标值"), "text", {"required": False, "hint": _("只有文字没有数的，可以先空着")}), ("by", _("期限"), "date", {}),
        ("period", _("怎么看"), "select", {"options": list(period_words().items())}),
        ("measure", _("口径"), "select", {"options": sorted(((m.id, m.text()) for m in measures().values()), key=lambda pair: pair[1])}),
        ("given", _("具体数哪些"), "hidden", {"required": False}),
        ("reading", _("怎么理解条款"), "textarea", {"required": False}),
        ("in_force_from", _("生效日期"), "date", {}), ("reason", _("为什么改"), "text", {"hint": _("写明依据，例如文号")}),
    ]  # fmt: skip
    return [
        {"name": name, "label": label, "kind": kind, "value": posted.get(name, held[name]), "required": True, "error": _error(name, errors), **more}
        for name, label, kind, more in shapes
    ]  # fmt: skip


def _sections(now: Indicator | None, posted: QueryDict, errors: dict[str, str]) -> dict[str, Any]:
    """The form in its parts: what the policy says, what is to be reached, how it is counted, and from when and why."""
    found = {field["name"]: field for field in _fields(now, posted, errors)}
    use = now.use if now else None
    measure = measures().get(found["measure"]["value"])
    given: dict[str, Any] = {}
    if measure is not None:
        old = use.given if use and use.measure == measure.id else {}
        # What was sent with another measure on the screen answers other questions.
        given = typed(measure, posted, old) if posted and posted.get("asked") == measure.id else old

    def part(*names: str) -> list[dict[str, Any]]:
        return [found[name] for name in names]

    return {
        "parts": [(_("文件怎么说"), part("name_zh", "name_en", "clause", "quote")), (_("要达到多少"), part("unit", "op", "value", "by", "period"))],
        "measure": found["measure"], "asked": measure.id if measure else "", "questions": given_fields(measure, given, errors) if measure else [],
        "given_error": errors.get("given", ""), "reading": found["reading"], "last": part("in_force_from", "reason"),
    }


def _error(name: str, errors: dict[str, str]) -> str:
    path = next((path for path, field in _FORM_NAMES.items() if field == name), name)
    return errors.get(name) or errors.get(path, "")


def _body(posted: QueryDict, now: Indicator | None) -> dict[str, Any]:
    """What was typed as an indicator; what the form does not ask stays as it was."""
    body: dict[str, Any] = (
        now.model_dump(mode="json")
        if now
        else {"id": f"OWN-{clock.now():%Y%m%d%H%M%S}", "scope": ["city"], "demands": []}
    )
    measure = measures().get(posted.get("measure", ""))
    if measure is None:
        raise Invalid(_("还没有选口径。"), fields={"measure": _("请选一个口径")})
    if posted.get("asked") != measure.id:
        raise Invalid(_("口径换了，请把它要的填上再提交。"), fields={"measure": _("口径换了，下面要填的也换了")})
    old_use = body.get("use") or {}
    given = posted_given(measure, posted, old_use.get("given", {}) if old_use.get("measure") == measure.id else {})
    use = {**old_use, "measure": posted.get("measure", ""), "given": given}
    reading = posted.get("reading", "").strip()
    return body | {
        "name": {"zh": posted.get("name_zh", ""), "en": posted.get("name_en", "")}, "unit": posted.get("unit", ""), "clause": posted.get("clause", ""),
        "quote": posted.get("quote", "").replace("\r\n", "\n"), "period": posted.get("period", ""), "use": use, "not_measured": None,
        "targets": [*body.get("targets", [])[:-1], {"op": posted.get("op", ">="), "value": _value(posted.get("value", "")),
                    "by": posted.get("by", ""), "words": "", "basis": "set_by_bureau"}],
        "reading": {**(body.get("reading") or {"en": reading}), "zh": reading} if reading else None,
    }  # fmt: skip


def _value(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return str(Decimal(text.strip()))
    except InvalidOperation as error:
        raise Invalid(_("目标值要是数字。"), fields={"value": _("例如 95 或 2.5")}) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(_("生效日期不对。"), fields={"in_force_from": _("例如 2026-12-01")}) from error
