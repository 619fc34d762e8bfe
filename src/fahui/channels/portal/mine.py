"""My matters: where each stands, what comes next, papers, documents, messages, and what I may do."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.casework.cases.actions import perform
from fahui.casework.cases.available import Offer, offers
from fahui.casework.cases.models import Case
from fahui.casework.cases.queries import timeline
from fahui.casework.companions.actions import write_message
from fahui.casework.definitions.loader import service
from fahui.casework.definitions.queries import definition_of
from fahui.casework.documents.render import pdf
from fahui.casework.documents.storage import read
from fahui.casework.forms.web import from_post, questions, readable
from fahui.casework.notices.actions import mark_read
from fahui.channels.api.tracking import person_in_charge
from fahui.channels.pages import reader_of, resident_page
from fahui.channels.portal import queries as portal
from fahui.channels.portal.actions import add_files, opened_document, share
from fahui.channels.portal.words import time_limit
from fahui.channels.refusals import summary
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import record_look
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing, Refusal

OPENED = "portal.opened"
_TONES = {"refused": "warn", "terminated": "warn", "need_more": "warn"}


def opened(request: HttpRequest) -> list[int]:
    """The matters whose number was given on this visit."""
    return list(request.session.get(OPENED, []))


def remember_opened(request: HttpRequest, case: Case) -> None:
    """The number of this matter was given: its page may be opened until the visit ends."""
    request.session[OPENED] = [*opened(request), case.pk][-20:]


def _own(request: HttpRequest, case_id: int) -> Case:
    return portal.of_reader(reader_of(request), case_id, opened(request))


@resident_page
def my(request: HttpRequest) -> HttpResponse:
    """All matters of the reader, and the newest lines of the inbox."""
    reader = reader_of(request)
    rows = portal.mine(reader, opened(request))
    names, lines = portal.names_in(rows), portal.inbox(reader, [case.pk for case in rows])
    fresh = [line.pk for line in lines if line.read_at is None]
    if fresh:
        mark_read(reader.user_id or 0, fresh)
    return render(request, "portal/my/list.html", {
        "cards": [_card(case, reader, names) for case in rows],
        "lines": [{"text": line.words, "at": line.made_at, "fresh": line.pk in fresh, "case": line.case_id} for line in lines],
    })  # fmt: skip


def _card(case: Case, reader: Reader, names: dict[int, str]) -> dict[str, Any]:
    definition = definition_of(case.version_id)
    state = definition.state(case.state)
    person, phone = person_in_charge(case)
    whom = names.get(case.applicant_id or 0, "") if case.applicant_id != reader.party_id else ""
    return {
        "number": case.tracking_number, "title": case.title + (f"（{whom}）" if whom else ""), "href": f"/my/{case.pk}",
        "service": definition.name.text(reader.language), "state": state.name.text(reader.language),
        "tone": _TONES.get(case.state, "progress" if case.open else "ok"), "person": person, "phone": phone,
        "next": state.public.text(reader.language), "clock": _clock(case, reader), "updated": case.changed_at,
        "sealed": case.sealed,
    }  # fmt: skip


def _clock(case: Case, reader: Reader) -> dict[str, Any] | None:
    if not case.next_due or not case.next_deadline:
        return None
    deadline = definition_of(case.version_id).deadline(case.next_deadline)
    return {"label": deadline.name.text(reader.language), "due": case.next_due, "basis": "、".join(deadline.basis)}


@resident_page
def case_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """One matter."""
    return _case_page(request, _own(request, case_id))


def _case_page(request: HttpRequest, case: Case, refusal: Refusal | None = None, at: str = "") -> HttpResponse:
    reader, definition = reader_of(request), definition_of(case.version_id)
    state = definition.state(case.state)
    person, phone = person_in_charge(case)
    if case.sealed and case.handler:
        person, phone = case.handler.name, case.handler.phone or phone
    model = service(case.service).details_form(case.matter)
    found = offers(reader, case, with_refused=False)
    wages = case.matter == "wages" or case.details.get("matter_kind") == "wages" or case.details.get("group_matter")
    invitation = portal.invitation_of(case)
    private = case.matter == "family" or case.details.get("waiver_ground") == "abused"
    return render(request, "portal/my/case.html", {
        "case": case, "definition": definition, "state": state.name.text(reader.language),
        "explanation": state.public.text(reader.language), "tone": _TONES.get(case.state, "progress"),
        "person": person, "phone": phone, "clock": _clock(case, reader),
        "steps": _steps(case, reader, state.public.text(reader.language)),
        "offers": [_offer(o, reader) for o in found], "papers": _papers(case, reader),
        "materials": [(m.id, m.name.text(reader.language), m.plain.text(reader.language))
                      for m in definition.materials if m.id not in portal.OTHERS_BRING],
        "documents": portal.documents(case), "talk": _talk(case, reader), "error": refusal.message if refusal else "",
        "errors": [{"name": at, "text": refusal.message}] if refusal else [], "at": at,
        "facts": readable(model, case.details, reader.language), "acts_for": portal.acts_for(reader, case),
        "rate": f"/rate/{invitation.token}" if invitation else "", "wages": bool(wages), "private": private,
        "members": portal.members(case) if wages else 0,
        "join": request.build_absolute_uri(f"/join/{case.share_code}") if case.share_code else "",
        "limit": time_limit(case.service, case.matter, case.details, clock.today()) if case.open else None,
        "typed": request.POST.get("text", ""),
    }, status=refusal.status if refusal else 200)  # fmt: skip


def _steps(case: Case, reader: Reader, now: str) -> list[dict[str, Any]]:
    definition = definition_of(case.version_id)
    titles = {"case.opened": _("已收到"), "paper.added": _("交了材料"), "message.written": _("有留言"),
              "group.joined": _("有工友加入")}  # fmt: skip
    found: list[dict[str, Any]] = []
    for event in timeline(case):
        if event.kind == "message.written" and event.data.get("audience") != "applicant":
            continue
        title = definition.told(str(event.data.get("action")), reader.language) if event.kind == "case.action" else titles.get(event.kind)
        if title and not (found and found[-1]["title"] == title and event.kind != "case.action"):
            found.append({"title": title, "when": event.at})
    if case.open:
        found.append({"title": now, "when": "", "state": "now"})
    return found


def _offer(offer: Offer, reader: Reader) -> dict[str, Any]:
    action = offer.action
    return {"id": action.id, "name": action.name.text(reader.language), "primary": action.primary,
            "allowed": offer.allowed, "reasons": "；".join(offer.reasons), "danger": action.confirm}  # fmt: skip


def _papers(case: Case, reader: Reader) -> list[dict[str, Any]]:
    trust = {"A": (_("已核验"), "ok"), "B": (_("已核验"), "ok"), "C": (_("已收到，待核原件"), "progress"),
             "D": (_("本人承诺"), "neutral")}  # fmt: skip
    return [
        {"name": p.name, "size": f"{max(1, p.file.size // 1024)} KB", "added": p.added_at,
         "state": dict(zip(("label", "tone"), trust[p.trust], strict=True)),
         "href": f"/my/{case.pk}/papers/{p.pk}" if p.added_by_id == reader.user_id else ""}
        for p in portal.papers(case)
    ]  # fmt: skip


def _talk(case: Case, reader: Reader) -> list[dict[str, Any]]:
    return [
        {"mine": m.author_id == reader.user_id, "who": m.author.name if m.author else _("工作人员"), "text": m.text, "at": m.at}
        for m in portal.messages(case)
    ]  # fmt: skip


@require_POST
@resident_page
def message(request: HttpRequest, case_id: int) -> HttpResponse:
    """Write to whoever is in charge."""
    reader = reader_of(request)
    case = _own(request, case_id)
    try:
        write_message(reader, case.pk, request.POST.get("text", ""), "applicant")
    except (Invalid, Forbidden) as refusal:
        return _case_page(request, case, refusal, "text")
    messages.success(request, _("留言已送到办事的人那里。"))
    return HttpResponseRedirect(f"/my/{case.pk}#talk")


@require_POST
@resident_page
def papers_add(request: HttpRequest, case_id: int) -> HttpResponse:
    """Hand in papers."""
    reader = reader_of(request)
    case = _own(request, case_id)
    wanted = request.POST.get("material", "")
    known = {m.id for m in definition_of(case.version_id).materials}
    try:
        added = add_files(reader, case, wanted if wanted in known else "other", request.FILES.getlist("files"))
    except (Invalid, Conflict) as refusal:
        return _case_page(request, case, refusal, "files")
    messages.success(request, _("收到%(count)d份材料。") % {"count": len(added)})
    return HttpResponseRedirect(f"/my/{case.pk}#papers")


@require_POST
@resident_page
def share_code(request: HttpRequest, case_id: int) -> HttpResponse:
    """A code for co-workers."""
    reader = reader_of(request)
    share(reader, _own(request, case_id))
    return HttpResponseRedirect(f"/my/{case_id}#share")


@resident_page
def paper(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    """A paper the reader handed in, to keep."""
    reader = reader_of(request)
    found = portal.own_paper(_own(request, case_id), paper_id, reader)
    return _file(read(found.file_id), found.file.mime, found.name)


@resident_page
def document(request: HttpRequest, case_id: int, document_id: int) -> HttpResponse:
    """A document issued to the applicant, as PDF. Opening it is its receipt."""
    reader = reader_of(request)
    case = _own(request, case_id)
    found = portal.document(case, document_id)
    record_look(reader, f"document:{found.pk}", case_id=case.pk, why="本人打开文书")
    opened_document(reader, case, found)
    return _file(pdf(found.content, found.number), "application/pdf", f"{found.title}{found.number}.pdf")


def _file(data: bytes, mime: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response


@resident_page
def act(request: HttpRequest, case_id: int, action_id: str) -> HttpResponse:
    """Something the applicant may do: its form, and doing it."""
    reader = reader_of(request)
    case = _own(request, case_id)
    offer = next((o for o in offers(reader, case, with_refused=False) if o.action.id == action_id), None)
    if offer is None and request.method != "POST":
        raise Missing(_("这件事现在不能这样办。请回到“我的事”看看现在能做什么。"))
    if offer is None:
        raise Conflict(_("这件事刚刚有了变化，请回到“我的事”看看。"))
    action = offer.action
    model = service(case.service).form(action.form) if action.form else None
    answers: dict[str, Any] = {}
    refusal: Refusal | None = None
    if request.method == "POST":
        answers = from_post(model, request.POST) if model else {}
        try:
            perform(reader, case.pk, action.id, answers, key=request.POST.get("key", "")[:60])
        except (Invalid, Conflict) as wrong:
            refusal = wrong
        else:
            messages.success(request, _("已办好：%(name)s。") % {"name": action.name.text(reader.language)})
            return HttpResponseRedirect(f"/my/{case.pk}")
    fields = refusal.fields if refusal else {}
    asked = questions(model, answers, fields, language=reader.language, desk=False) if model else []
    return render(request, "portal/my/act.html", {
        "case": case, "name": action.name.text(reader.language), "asked": [q.as_field() for q in asked],
        "errors": summary(refusal), "danger": action.confirm,
        "key": request.POST.get("key") or secrets.token_urlsafe(16), "basis": action.basis, "offer": _offer(offer, reader),
        "documents": [definition_of(case.version_id).document(d).name.text(reader.language) for d in action.documents],
    }, status=refusal.status if refusal else 200)  # fmt: skip
