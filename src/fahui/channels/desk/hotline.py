"""The hotline agent's screen: who calls and what they asked before, five fields, eight outcome keys, three for legal aid."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.casework.cases.actions import Opening, open_case, perform
from fahui.casework.cases.available import offers
from fahui.casework.cases.models import Case
from fahui.casework.cases.queries import get
from fahui.casework.companions.actions import convert, join_group, write_message
from fahui.casework.definitions.loader import Service, services
from fahui.casework.definitions.schema import Action
from fahui.casework.forms.fields import FormModel
from fahui.casework.forms.web import answer_words, from_post, questions, readable
from fahui.casework.openings.actions import note_opening
from fahui.casework.scheduling.actions import book
from fahui.casework.scheduling.queries import free_slots, on_duty
from fahui.channels.desk import forms
from fahui.channels.desk import queries as desk
from fahui.channels.desk.alarms import alarms
from fahui.channels.desk.case_page import button_of, part_of
from fahui.channels.desk.frame import HOTLINE, show
from fahui.channels.desk.intake import opening, person, person_fields
from fahui.channels.desk.people import known, look_up
from fahui.channels.desk.rows import row
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.refusals import summary
from fahui.channels.typed import number
from fahui.foundation import clock
from fahui.foundation.errors import Conflict, Invalid, Missing, Refusal

SERVICE, AID = "consultation", "legal_aid"
QUEUE = "hotline"
HAND_ON = "to_legal_aid"
_TOPICS = {"family": "marriage"}
CALL_BACK_WITHIN = timedelta(hours=2)


def _home() -> Service:
    if SERVICE not in services():
        raise Missing(_("法律咨询服务没有启用，请联系系统管理员。"))
    return services()[SERVICE]


@staff_page(*sorted(HOTLINE))
def desk_screen(request: HttpRequest) -> HttpResponse:
    """A call comes in: look up the number, write five fields, register."""
    reader, home = reader_of(request), _home()
    asked = request.POST.get("matter") or request.GET.get("matter") or home.definition.matters[0].id
    spec = next((m for m in home.definition.matters if m.id == asked), home.definition.matters[0])
    refusal: Refusal | None = None
    answers: dict[str, Any] = {}
    if request.method == "POST":
        answers = from_post(home.details_form(spec.id), request.POST)
        try:
            made = open_case(reader, replace(
                opening(request, home, spec, answers, channel="hotline"), handler_id=reader.user_id))  # fmt: skip
            return HttpResponseRedirect(f"/desk/hotline/{made.pk}")
        except (Invalid, Conflict) as found:
            refusal = found
    return _screen(request, home, spec, answers, refusal)


def _screen(request: HttpRequest, home: Service, spec: Any, answers: dict[str, Any], refusal: Refusal | None) -> HttpResponse:
    reader, errors = reader_of(request), (refusal.fields if refusal else {})
    phone = request.GET.get("who", "")
    chosen = request.POST.get("party") or request.GET.get("party", "")
    found = look_up(reader, phone)
    party = desk.party(key) if (key := number(chosen)) else None
    who = known(party) if party else (found.people[0] if len(found.people) == 1 and not request.GET.get("new") else None)
    region = request.POST.get("region") or next((str(p.region_code) for p in reader.posts), "")
    language = reader.language
    context = {
        "asked": phone, "found": found, "party": who, "person": person_fields(request, errors),
        "matters": [{"label": m.name.text(language), "current": m.id == spec.id, "id": m.id}
                    for m in home.definition.matters],
        "spec": spec, "plain": spec.plain.text(language), "errors": summary(refusal),
        "groups": forms.groups(home.details_form(spec.id), answers, errors, language),
        "region": {"name": "region", "label": _("在哪里"), "kind": "select", "required": True, "value": region,
                   "error": errors.get("region") or errors.get("region_code", ""), "options": forms.region_options()},
        "key": request.POST.get("key") or secrets.token_hex(12), "open_groups": desk.open_groups(reader),
        "on_duty": on_duty(QUEUE, clock.now()),
    }  # fmt: skip
    return show(request, "desk/hotline.html", context, here="/desk/hotline", status=refusal.status if refusal else 200)


@staff_page(*sorted(HOTLINE))
def call(request: HttpRequest, case_id: int) -> HttpResponse:
    """A registered call: what must be said about time, alarms heard, and how it ends (keys 1 to 8)."""
    reader = reader_of(request)
    case = get(reader, case_id)
    if case.service != SERVICE:
        return HttpResponseRedirect(f"/desk/cases/{case.pk}")
    note_opening(reader, case)
    home, language = services()[SERVICE], reader.language
    found = [button_of(offer, language) for offer in offers(reader, case, with_refused=False) if offer.allowed]
    for button in found:
        if button["id"] == HAND_ON and AID in services():
            button["href"] = f"/desk/hotline/{case.pk}/aid"
    rules, english = home.rules, language.startswith("en")
    tell = getattr(rules, "reminder", None)
    remind = tell(case.matter, case.details, clock.today()) if tell else None
    context = {
        "case": case, "row": row(case, reader), "parts": [part_of(p, language) for p in desk.parts(case)],
        "details": readable(home.details_form(case.matter), case.details, language),
        "outcomes": sorted((b for b in found if b["key"].isdigit() and "alarm" not in b["id"]), key=lambda b: b["key"]),
        "others": [b for b in found if not b["key"].isdigit() and "alarm" not in b["id"]],
        "alarms": [b for b in found if "alarm" in b["id"]],
        "reminder": {"text": remind.en if english else remind.zh, "basis": "、".join(remind.basis),
                     "pressing": getattr(remind, "pressing", False)} if remind else None,
        "alarms_standing": alarms(case, language),
        "slots": list(free_slots(QUEUE, clock.now(), 3)), "share_code": case.share_code,
    }  # fmt: skip
    return show(request, "desk/call.html", context, here="/desk/hotline")


@staff_page(*sorted(HOTLINE))
def to_aid(request: HttpRequest, case_id: int) -> HttpResponse:
    """Key 2, then Enter: the call becomes an application for legal aid, prefilled; nothing is asked twice."""
    reader = reader_of(request)
    case = get(reader, case_id)
    if case.service != SERVICE or AID not in services():
        raise Missing(_("没有这个操作。"))
    home, aid = services()[SERVICE], services()[AID]
    offer = next((o for o in offers(reader, case) if o.action.id == HAND_ON and o.allowed), None)
    if offer is None:
        raise Conflict(_("这次咨询已经不能再转法律援助了，请看最新情况。"))
    action: Action = offer.action
    mapping = getattr(home.rules, "to_legal_aid", None)
    people = case.applicant.groups if case.applicant else []
    matter, known_answers = mapping(case.details, case.matter, people) if mapping else ("civil", {})
    # What only the person's record tells (a migrant worker's means are not checked) is settled: it is not asked again.
    unrecorded = mapping(case.details, case.matter)[1] if mapping else {}
    settled = {key: value for key, value in known_answers.items() if key not in unrecorded}
    form = home.form(action.form) if action.form else None
    if request.method != "POST":
        return _aid_page(request, case, aid, matter, action, known_answers, _heard(case, form), None, settled)
    answers = from_post(aid.details_form(matter), request.POST, prefix="aid-") | settled
    said = from_post(form, request.POST) if form else {}
    try:
        with transaction.atomic():  # both, or neither
            made = convert(reader, case.pk, replace(_blank(case, aid, matter), details=answers,
                                                    key=request.POST.get("key", "")[:80]))  # fmt: skip
            perform(reader, case.pk, action.id, said)
    except (Invalid, Conflict) as refusal:
        if case.applicant_id is None and not refusal.fields:
            messages.warning(request, _("转法律援助要先知道是谁：请在“人”里加上姓名和电话。"))
        return _aid_page(request, case, aid, matter, action, answers, said, refusal, settled)
    return HttpResponseRedirect(f"/desk/cases/{made.pk}/opened")


def _heard(case: Case, form: type[FormModel] | None) -> dict[str, Any]:
    """What the hand-on form can take from the call. The agent reads it and confirms it by sending."""
    facts = str(case.details.get("facts") or "").strip().splitlines()
    told = "，".join(answer for _question, answer in readable(services()[case.service].details_form(case.matter), case.details))
    line = facts[0] if facts and len(facts[0]) > 3 else f"{case.title}：{told}"
    guess = {"topic": _TOPICS.get(case.matter, case.matter), "facts_line": line[:120], "told": True, "agreed": True}
    return {name: value for name, value in guess.items() if form and name in form.model_fields}


def _blank(case: Case, aid: Service, matter: str) -> Opening:
    return Opening(service=aid.definition.id, matter=matter, channel=case.channel, region_code=case.region_code,
                   title=case.title)  # fmt: skip


def _aid_page(
    request: HttpRequest, case: Case, aid: Service, matter: str, action: Action, answers: dict[str, Any],
    said: dict[str, Any], refusal: Refusal | None, settled: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    reader, home = reader_of(request), services()[SERVICE]
    errors, form = (refusal.fields if refusal else {}), home.form(action.form) if action.form else None
    context = {
        "case": case, "row": row(case, reader), "name": action.name.text(reader.language),
        "matter": aid.definition.matter(matter).name.text(reader.language), "errors": summary(refusal),
        "hand_on": forms.groups(form, said, errors, reader.language) if form else [],
        "groups": forms.groups(aid.details_form(matter), answers, errors, reader.language, skip=settled, prefix="aid-"),
        "settled": [(asked.label, answer_words(asked, reader.language))
                    for asked in questions(aid.details_form(matter), settled, language=reader.language) if asked.key in settled],
        "key": request.POST.get("key") or secrets.token_hex(12),
    }  # fmt: skip
    return show(request, "desk/to_aid.html", context, here="/desk/hotline", status=refusal.status if refusal else 200)


@require_POST
@staff_page(*sorted(HOTLINE))
def call_back(request: HttpRequest, case_id: int) -> HttpResponse:
    """Promise a call-back only when somebody is there to make it; otherwise say so."""
    reader = reader_of(request)
    case = get(reader, case_id)
    try:
        booked = book(reader, case, QUEUE, "callback", clock.now(), CALL_BACK_WITHIN)
        at = booked.slot.starts_at.astimezone(clock.SHANGHAI)
        messages.success(request, _("已约回拨：%(hour)s时这一小时内，两小时之内一定打到。") % {"hour": f"{at:%H}"})
    except Conflict as refusal:
        messages.warning(request, refusal.message)
    return HttpResponseRedirect(f"/desk/hotline/{case.pk}")


@require_POST
@staff_page(*sorted(HOTLINE))
def join(request: HttpRequest) -> HttpResponse:
    """One more worker in the same group matter, not one more file."""
    reader = reader_of(request)
    owed, days = request.POST.get("owed", ""), request.POST.get("days", "")
    try:
        who = person(request)
        if who is None:
            raise Invalid(_("请至少填姓名或电话。"), fields={"name": _("请填写")})
        case = join_group(
            reader, request.POST.get("share_code", ""), who, round(float(owed) * 100) if owed else None,
            number(days),
        )  # fmt: skip
        messages.success(request, _("已加入 %(number)s，现在共%(count)d人。") % {
            "number": case.tracking_number, "count": case.parts.filter(role__in=["applicant", "co_applicant"]).count()})  # fmt: skip
    except ValueError:
        messages.error(request, _("金额请填数字。"))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect("/desk/hotline")


@require_POST
@staff_page(*sorted(HOTLINE))
def note(request: HttpRequest, case_id: int) -> HttpResponse:
    """A word for whoever goes on with this call."""
    reader = reader_of(request)
    try:
        write_message(reader, case_id, request.POST.get("text", ""), "internal")
        messages.success(request, _("已记下。"))
    except Invalid as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(f"/desk/hotline/{case_id}")
