"""Doing an action of the definition: its form on one page, what the guards say, and what changed meanwhile."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from fahui.casework.cases.actions import perform, verdicts
from fahui.casework.cases.available import offers
from fahui.casework.cases.models import Case
from fahui.casework.cases.queries import facts, get, timeline
from fahui.casework.definitions.diagram import limit_words
from fahui.casework.definitions.loader import service
from fahui.casework.definitions.queries import definition_of
from fahui.casework.definitions.schema import Action, Definition
from fahui.casework.forms.web import from_post
from fahui.channels.desk import forms, words
from fahui.channels.desk import queries as desk
from fahui.channels.desk.assignment import choice, chooses_provider
from fahui.channels.desk.explain import explanation
from fahui.channels.desk.frame import show
from fahui.channels.desk.letters import Doubts, doubts, record_passed
from fahui.channels.desk.rows import row
from fahui.channels.pages import reader_of, safe_next, staff_page
from fahui.channels.refusals import summary
from fahui.channels.typed import number
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing, Refusal


@staff_page()
def act(request: HttpRequest, case_id: int, action_id: str) -> HttpResponse:
    """An action's page, and doing it."""
    reader = reader_of(request)
    case = get(reader, case_id)
    definition = definition_of(case.version_id)
    try:
        action = definition.action(action_id)
    except KeyError as error:
        raise Missing(_("没有这个操作。")) from error
    form = service(case.service).form(action.form) if action.form else None
    if request.method != "POST":
        return _page(request, case, action, {}, None)
    answers = from_post(form, request.POST) if form else {}
    found = doubts(answers)
    if not found.accepted(request.POST.get("citations_seen", "")):
        return _page(request, case, action, answers, None, found)
    try:
        given = forms.with_keys(form, answers, _elsewhere(action)) if form else {}
        done = perform(
            reader, case.pk, action.id, given, expected_revision=number(request.POST.get("revision", "")),
            key=request.POST.get("key", "")[:80],
        )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        return _page(request, get(reader, case_id), action, answers, refusal)
    if found.failing:
        record_passed(reader, done, action, found)
    messages.success(request, _told(action, definition, done, reader))
    return HttpResponseRedirect(safe_next(request, f"/desk/cases/{case.pk}"))


def _elsewhere(action: Action) -> set[str]:
    """Questions of an action's form that a part of the page of their own asks."""
    return {"practitioner_id"} if chooses_provider(action) else set()


def _told(action: Action, definition: Definition, done: Case, reader: Reader) -> str:
    name = action.name.text(reader.language)
    if action.four_eyes:
        return _("“%(name)s”已提出，等另一位同事复核后生效。") % {"name": name}
    state = definition.state(done.state).name.text(reader.language)
    return _("已办：%(name)s。现在是“%(state)s”。") % {"name": name, "state": state}


def _page(
    request: HttpRequest, case: Case, action: Action, answers: dict[str, Any], refusal: Refusal | None,
    unsure: Doubts | None = None,
) -> HttpResponse:  # fmt: skip
    reader, definition = reader_of(request), definition_of(case.version_id)
    home, language = service(case.service), reader.language
    offer = next((o for o in offers(reader, case) if o.action.id == action.id), None)
    if offer is None and refusal is None:
        now = definition.state(case.state).name.text(language)
        raise Conflict(_("这件事现在是“%(now)s”，不能“%(name)s”。") % {
            "now": now, "name": action.name.text(language)})  # fmt: skip
    if offer is not None and not offer.allowed and not offer.verdicts and refusal is None:
        raise Forbidden(_("；").join(offer.reasons))
    held = verdicts(home, action, facts(case, reader, answers, clock.now())) if action.guards else []
    choosing = chooses_provider(action)
    changed = refusal is not None and refusal.code == "revision"
    form = home.form(action.form) if action.form else None
    suggested = choice(case, language, str(answers.get("practitioner_id", ""))) if choosing else None
    context = {
        "case": case, "row": row(case, reader), "action": action, "name": action.name.text(language),
        "groups": forms.groups(form, answers, refusal.fields if refusal else {}, language,
                               skip=_elsewhere(action)) if form else [],
        "errors": [] if changed else summary(refusal), "changed": changed,
        "news": _since(request, case, definition, reader) if changed else [],
        "verdicts": [{"level": "open" if v.allowed is None else ("met" if v.allowed else "not"), "text": v.text(language),
                      "basis": "、".join(v.basis)} for v in held],
        "blocked": bool(offer and not offer.allowed and refusal is None), "choice": suggested,
        "leads_to": definition.state(action.to).name.text(language) if action.to else "",
        "papers": [definition.document(d).name.text(language) for d in action.documents],
        "limits": [f"{d.name.text(language)} {limit_words(d, 'en' if language.startswith('en') else 'zh')}"
                   for d in definition.deadlines if d.id in action.starts or (action.to and action.to in d.starts)],
        "basis": "、".join(action.basis), "key": request.POST.get("key") or secrets.token_hex(12),
        "seen": desk.last_event(case), "advice": explanation(case, reader) if form and case.open else None,
        "next": safe_next(request, f"/desk/cases/{case.pk}"), "doubts": unsure,
    }  # fmt: skip
    status = refusal.status if refusal else (409 if unsure else 200)
    return show(request, "desk/act.html", context, here="/desk/", status=status)


def _since(request: HttpRequest, case: Case, definition: Definition, reader: Reader) -> list[dict[str, Any]]:
    """What others did since the form was opened."""
    seen = request.POST.get("seen", "")
    after = number(seen) or 0
    fresh = [event for event in timeline(case) if event.pk > after]
    names = desk.names([e.actor_id for e in fresh] + [e.data.get("handler") for e in fresh])
    return [
        {"title": words.event_text(e, definition, names, reader.language), "when": e.at,
         "who": names.get(e.actor_id or 0, words.role_name(e.actor_role, reader.language)),
         "text": words.event_note(e, definition, reader.language)}
        for e in fresh
    ]  # fmt: skip
