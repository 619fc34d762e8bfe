"""The pages of an interview: start, one question a page, resume, check the answers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.casework.drafts import actions as drafts
from fahui.casework.forms.validation import clean, kept
from fahui.casework.forms.web import answer_words, from_post, questions
from fahui.channels import limits
from fahui.channels.pages import reader_of, scoped
from fahui.channels.portal import plans
from fahui.channels.portal.actions import text_link
from fahui.channels.portal.interview import (
    DONE,
    KNOWN,
    Interview,
    going_on,
    gone,
    held,
    matter_of,
    remember,
    resume_words,
)
from fahui.channels.portal.words import time_limit
from fahui.foundation import cities, clock
from fahui.foundation.errors import Invalid, Missing, Refusal
from fahui.foundation.vault.identity import read_phone
from fahui.services.consultation.alarm import alarm_in


@scoped
def start(request: HttpRequest, service_id: str, matter_id: str) -> HttpResponse:
    """The door of a matter. GET says what it is; POST begins a draft, with answers that are known already."""
    home, matter = matter_of(service_id, matter_id)
    reader, begun = reader_of(request), held(request, service_id, matter_id)
    if begun is not None and begun.answers.get(DONE):
        begun = None
    if request.method != "POST":
        definition = home.definition
        private = matter.id == "family" or request.GET.get("waiver_ground") == "abused"
        return render(request, "portal/apply/start.html", {
            "home": definition, "matter": matter, "title": matter.name.text(reader.language),
            "plain": matter.plain.text(reader.language), "begun": begun, "private": private or bool(begun and begun.private),
            "papers": [m.plain.text(reader.language) for m in definition.materials if m.when is None][:4],
            "named": service_id not in plans.ANONYMOUS, "basis": definition.basis,
            "known": [(k, v) for k, v in request.GET.items() if k in home.details_form(matter_id).model_fields],
        })  # fmt: skip
    if begun is not None and request.POST.get("resume"):
        return HttpResponseRedirect(begun.onward)
    limits.spend(request, "draft")
    model = home.details_form(matter_id)
    known = _right_ones(model, from_post(model, request.POST), reader.language)
    known = kept(model, known | plans.said_by_kind(known))
    draft = drafts.start(reader, service_id, matter_id, {"details": known, KNOWN: list(known)} if known else {})
    interview = Interview(home, matter, draft, drafts.answers_of(draft), reader)
    return remember(HttpResponseRedirect(interview.onward), interview)


def _right_ones(model: Any, known: dict[str, Any], language: str) -> dict[str, Any]:
    """The answers carried over that the form takes; a wrong one is asked again, never an error at the door."""
    try:
        clean(model, known, language)
    except Invalid as error:
        wrong = {name.split(".")[0] for name in error.fields}
        return {k: v for k, v in known.items() if k not in wrong}
    return known


@scoped
def question(request: HttpRequest, service_id: str, matter_id: str, step_id: str) -> HttpResponse:
    """One page of questions. Its answers are saved before the next page comes."""
    interview = going_on(request, service_id, matter_id)
    if isinstance(interview, HttpResponse):
        return interview
    step = interview.step(step_id)
    if request.method != "POST":
        return _question_page(request, interview, step, interview.part(step.part), {})
    values, errors = interview.read(step, request.POST)
    if errors:
        posted = {k: v for k, v in from_post(interview.model(step.part), request.POST).items() if k in step.fields}
        return _question_page(request, interview, step, posted, errors, status=422)
    interview.keep(step, values)
    if not request.POST.get("js") and interview.newly_asked(step, values, request.POST.get("shown", "")):
        return remember(_question_page(request, interview, step, interview.part(step.part), {}), interview)
    ahead = f"{interview.base}/check" if request.GET.get("back") == "check" else interview.after(step)
    return remember(HttpResponseRedirect(ahead), interview)


def _question_page(
    request: HttpRequest, interview: Interview, step: plans.Step, answers: dict[str, Any], errors: dict[str, str],
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    steps = [s for s in interview.steps if s.id == step.id or not (s.offered or interview.known(s))]
    number = next((i for i, s in enumerate(steps, 1) if s.id == step.id), 1)
    asked = interview.questions(step, answers, errors)
    labels = {q["name"]: q["field"]["label"] for q in asked}
    order = {name: place for place, name in enumerate(labels)}
    heard = alarm_in(str(interview.details.get("facts") or ""))
    return render(request, "portal/apply/question.html", {
        "interview": interview, "step": step, "asked": asked, "place": number, "total": len(steps) + 1,
        "heading": _heading(step, [q["field"]["label"] for q in asked if not q["show_if"]]), "shown": ",".join(q["name"] for q in asked if q["visible"]),
        "errors": [{"name": name, "text": _named(labels.get(name, ""), text)} for name, text in sorted(errors.items(), key=lambda wrong: order.get(wrong[0], 0))], "back": interview.before(step),
        "limit": time_limit(interview.service_id, interview.matter.id, interview.details, clock.today()),
        "danger": interview.details.get("violence_now") is True or heard is not None,
        "private": interview.private, "last": interview.after(step).endswith("/check") or request.GET.get("back") == "check",
    }, status=status)  # fmt: skip


def _heading(step: plans.Step, labels: list[str]) -> str:
    """What stands above the choices, so that nothing is said twice: the page's `title`, its only question's `label`, or `both`."""
    if len(labels) != 1:
        return "both"
    if not step.lede:
        return "label"
    return "title" if labels[0].startswith(str(step.title)) else "both"


def _named(label: str, text: str) -> str:
    return _("“%(label)s”：%(wrong)s") % {"label": label, "wrong": text} if label else text


@require_POST
@scoped
def autosave(request: HttpRequest, service_id: str, matter_id: str, step_id: str) -> HttpResponse:
    """Keep what was typed so far; what is not right yet is left for the page itself to say."""
    interview = held(request, service_id, matter_id)
    if interview is None or interview.answers.get(DONE):
        return JsonResponse({"saved": False}, status=404)
    step = interview.step(step_id)
    values, errors = interview.read(step, request.POST)
    interview.keep(step, {k: v for k, v in values.items() if k not in errors})
    return JsonResponse({"saved": True})


@scoped
def resume(request: HttpRequest, service_id: str, matter_id: str, token: str) -> HttpResponse:
    """The link from a text: this browser goes on with the draft."""
    home, matter = matter_of(service_id, matter_id)
    try:
        draft = drafts.find(token)
    except Missing:
        return gone(request, service_id, matter_id)
    if (draft.service, draft.matter) != (service_id, matter_id):
        return gone(request, service_id, matter_id)
    interview = Interview(home, matter, draft, drafts.answers_of(draft), reader_of(request))
    if interview.answers.get(DONE):
        return gone(request, service_id, matter_id)  # a link that may have been passed on opens no finished matter
    return remember(HttpResponseRedirect(interview.onward), interview)


@scoped
def later(request: HttpRequest, service_id: str, matter_id: str) -> HttpResponse:
    """Go on later: the link to the draft by text, only when asked for."""
    interview = held(request, service_id, matter_id)
    if interview is None or interview.answers.get(DONE):
        return gone(request, service_id, matter_id)
    error = ""
    if request.method == "POST":
        try:
            phone = read_phone(request.POST.get("phone", ""))
            limits.spend(request, "text")
            # The configured address, never the request's Host header: this link goes to a phone somebody typed.
            link = f"{settings.PUBLIC_URL}{interview.base}/continue/{interview.draft.token}"
            text_link(phone, resume_words(link, interview.draft.expires_at.astimezone(clock.SHANGHAI)))
        except ValueError as wrong:
            error = str(wrong)
        except Refusal as refusal:
            error = refusal.message
        else:
            messages.success(request, _("链接已经发出，30天内都可以接着填。"))
            return HttpResponseRedirect("/")
    known = interview.part("you").get("phone", "")
    return render(request, "portal/apply/later.html", {
        "interview": interview, "private": interview.private,
        "field": {"name": "phone", "label": _("手机号"), "kind": "phone", "required": True,
                  "value": request.POST.get("phone", known), "error": error},
        "errors": [{"name": "phone", "text": error}] if error else [],
    }, status=422 if error else 200)  # fmt: skip


@scoped
def check(request: HttpRequest, service_id: str, matter_id: str) -> HttpResponse:
    """All answers on one page, each with its way back."""
    interview = going_on(request, service_id, matter_id)
    if isinstance(interview, HttpResponse):
        return interview
    return check_page(request, interview)


def check_page(request: HttpRequest, interview: Interview, refusal: Refusal | None = None) -> HttpResponse:
    """The answers, what happens next, and the button. With what was refused, if anything was."""
    lacking = interview.missing
    told = [{"name": "", "text": text} for text in (refusal.fields.values() if refusal and refusal.fields else [])]
    if refusal and not told:
        told = [{"name": "", "text": refusal.message}]
    groups = summary(interview)
    return render(request, "portal/apply/check.html", {
        "interview": interview, "groups": groups, "left_open": [g for g in groups if g["may_stay_open"] and not g["offered"]],
        "offered": [g for g in groups if g["may_stay_open"] and g["offered"]], "lacking": lacking, "private": interview.private,
        "lacking_href": f"{interview.base}/q/{lacking.id}?back=check" if lacking else "", "errors": told,
        "limit": time_limit(interview.service_id, interview.matter.id, interview.details, clock.today()),
        "hotline": cities.current().hotline, "back": f"{interview.base}/q/{[s for s in interview.steps if not s.offered][-1].id}",
    }, status=refusal.status if refusal else 200)  # fmt: skip


def summary(interview: Interview) -> list[dict[str, Any]]:
    """The answers in words, page by page."""
    groups = []
    for step in interview.steps:
        rows = []
        model, context = interview.model(step.part), interview.context(step.part)
        found = {q.key: q for q in questions(model, context, language=interview.reader.language, desk=False)}
        for name in plans.fields_of(model, step.fields):
            asked = found.get(name)
            if asked is None or not asked.visible:
                continue
            interview.fill(asked, context)
            value = "" if asked.value in ("", None, []) else answer_words(asked, interview.reader.language)
            rows.append({"label": asked.label, "value": value})
        answered = [row for row in rows if row["value"]]
        alone = len(answered) == 1 and answered[0]["label"].startswith(str(step.title))
        groups.append({"title": step.title, "href": f"{interview.base}/q/{step.id}?back=check", "rows": answered, "offered": step.offered, "lede": step.lede,
                       "said": answered[0]["value"] if alone else "", "may_stay_open": not answered and not interview.lacks(step)})  # fmt: skip
    return groups
