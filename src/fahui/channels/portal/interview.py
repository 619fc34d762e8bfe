"""One interview: its pages, its answers so far, and the secret by which its draft is found again.

The draft's token stands in a signed cookie of the browser that began it, or in a link sent by text. It is never logged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from fahui.casework.cases.models import Draft
from fahui.casework.definitions.loader import Service, services
from fahui.casework.definitions.schema import Matter
from fahui.casework.drafts import actions as drafts
from fahui.casework.forms.fields import FormModel
from fahui.casework.forms.validation import clean, kept
from fahui.casework.forms.web import Option, Question, from_post, questions
from fahui.channels.pages import reader_of
from fahui.channels.portal import plans
from fahui.channels.portal import queries as portal
from fahui.channels.portal.own_forms import Contact, Place, You
from fahui.channels.portal.plans import Step
from fahui.foundation import cities
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Invalid, Missing
from fahui.foundation.vault.identity import read_identity, read_phone

WEEK = 7 * 24 * 3600
DONE = "_done"
# Names of answers that came along from another page.
KNOWN = "_known"
_OWN: dict[str, type[FormModel]] = {"place": Place, "you": You, "contact": Contact}
_READ = {"phone": read_phone, "helped_phone": read_phone, "identity": read_identity}


@dataclass
class Interview:
    """A draft with everything needed to ask the rest."""

    home: Service
    matter: Matter
    draft: Draft
    answers: dict[str, Any]
    reader: Reader
    _models: dict[str, type[FormModel]] = field(default_factory=dict)

    @property
    def service_id(self) -> str:
        """The service's id."""
        return self.home.definition.id

    @property
    def base(self) -> str:
        """The address all pages of this interview begin with."""
        return f"/apply/{self.service_id}/{self.matter.id}"

    @property
    def title(self) -> str:
        """The matter's name."""
        return self.matter.name.text(self.reader.language)

    @property
    def needs_proof(self) -> bool:
        """Whether a phone must be proven before this is handed in."""
        return self.service_id not in plans.ANONYMOUS and self.reader.kind != "resident"

    @property
    def named(self) -> bool:
        """Whether a name and phone are needed at all."""
        return self.service_id not in plans.ANONYMOUS

    def part(self, name: str) -> dict[str, Any]:
        """The answers of one form."""
        return dict(self.answers.get(name) or {})

    @property
    def details(self) -> dict[str, Any]:
        """The answers about the matter itself."""
        return self.part("details")

    @property
    def private(self) -> bool:
        """Whether this is about violence at home: quick exit, a title that says nothing, no text without asking."""
        d = self.details
        return (
            self.matter.id == "family" or d.get("matter_kind") == "domestic_violence"
            or d.get("waiver_ground") == "abused" or d.get("violence") is True
        )  # fmt: skip

    @property
    def for_other(self) -> bool:
        """Whether somebody asks for another person."""
        who = self.details.get("applies_for")
        return (who not in (None, "self")) if who else self.part("you").get("for_whom") == "other"

    def model(self, part: str) -> type[FormModel]:
        """The form of a part."""
        return _OWN[part] if part in _OWN else self.home.details_form(self.matter.id)

    @cached_property
    def all_steps(self) -> list[Step]:
        """Every page there could be."""
        model = self.home.details_form(self.matter.id)
        found = plans.details_steps(self.service_id, self.matter.id, model)
        where = (self.service_id, self.matter.id)
        if where not in plans.NO_CONTACT:
            found.append(Step("place", _("事情在哪里"), ("county",), "place", _("这样能交给最近的机构办。")))
            found.append(Step("township", _("哪个乡镇、街道"), ("township",), "place", offered=self.named))
        found.append(Step("you", _("怎么称呼您"), self._you_fields(), "you", self._you_lede()))
        if where not in plans.ASKS_CONTACT | plans.NO_CONTACT:
            found.append(Step("contact", _("怎样联系您"), tuple(Contact.model_fields), "contact",
                              _("不方便接电话、收短信的，写在这里。"), offered=not self.private))  # fmt: skip
        return found

    def _you_fields(self) -> tuple[str, ...]:
        names = list(You.model_fields)
        if "applies_for" in self.model("details").model_fields:
            names.remove("for_whom")
        if not self.named:
            names.remove("identity")
        if self.reader.kind == "resident":
            names.remove("phone")
            if self.reader.name not in portal.NAMELESS:
                names.remove("name")
        return tuple(names)

    def _you_lede(self) -> str:
        if self.named:
            return _("下一步用短信验证码核对手机号。不用刷脸，不用下载软件。")
        return _("都可以不填。不留电话的，凭编号自己来查。")

    @property
    def steps(self) -> list[Step]:
        """The pages to be asked, given the answers so far."""
        return [s for s in map(self._as_asked, self.all_steps) if plans.asked(s, self.model(s.part), self.context(s.part)) and self._real(s)]

    def _as_asked(self, step: Step) -> Step:
        """A page without the questions that an earlier answer made idle."""
        if step.part == "you" and self.named and self.for_other:  # a helper's own number proves nothing about the other
            return replace(step, fields=tuple(name for name in step.fields if name != "identity"))
        if step.part != "details":
            return step
        idle = {name for name in step.fields if plans.idle(self.service_id, self.matter.id, name, self.details)}
        return replace(step, fields=tuple(name for name in step.fields if name not in idle)) if idle else step

    def _real(self, step: Step) -> bool:
        if step.id == "township":
            county = self.part("place").get("county")
            return bool(portal.below(int(county))) if county else False
        return True

    def context(self, part: str) -> dict[str, Any]:
        """A form's answers, with whose matter it is where another form asked that."""
        if part == "you":
            return (
                {"for_whom": "other" if self.for_other else "self"}
                | self.part("you")
                | ({"for_whom": "other"} if self.for_other else {})
            )
        return self.part(part)

    def step(self, step_id: str) -> Step:
        """A page by its id. Raises Missing."""
        for step in self.all_steps:
            if step.id == step_id:
                return self._as_asked(step)
        raise Missing(_("没有这一页，请从头看一遍您的回答。"))

    def _order(self, step: Step) -> int:
        return next(i for i, s in enumerate(self.all_steps) if s.id == step.id)

    def known(self, step: Step) -> bool:
        """Whether everything on a page came along from another page (我能免费请律师吗, 我要讨薪): not asked twice."""
        came = set(self.answers.get(KNOWN) or [])
        model, context = self.model(step.part), self.context(step.part)
        asked = {name for name in step.fields if plans.asked(replace(step, fields=(name,)), model, context)}
        return step.part == "details" and bool(asked) and asked <= came

    def after(self, step: Step) -> str:
        """The address of the page that follows; an offered page leads back to the answers."""
        return f"{self.base}/check" if step.offered else self._from(self._order(step) + 1)

    @property
    def onward(self) -> str:
        """Where to begin, or to go on after a pause."""
        return self._from(self.draft.step)

    def _from(self, place: int) -> str:
        later = [s.id for s in self.steps if self._order(s) >= place and not s.offered and not self.known(s)]
        return f"{self.base}/q/{later[0]}" if later else f"{self.base}/check"

    def before(self, step: Step) -> str:
        """The address of the page before."""
        if step.offered:
            return f"{self.base}/check"
        earlier = [s.id for s in self.steps if self._order(s) < self._order(step) and not (s.offered or self.known(s))]
        return f"{self.base}/q/{earlier[-1]}" if earlier else ""

    def questions(self, step: Step, answers: Mapping[str, Any], errors: Mapping[str, str]) -> list[dict[str, Any]]:
        """The questions of a page as the template draws them. One whose condition can change on this page is there too."""
        model, context = self.model(step.part), self.context(step.part) | dict(answers)
        found = {q.key: q for q in questions(model, context, errors, language=self.reader.language, desk=False)}
        shown = []
        for name in plans.fields_of(model, step.fields):
            question = found.get(name)
            if question is None:
                continue
            turns_here = bool(set(question.show_if or {}) & set(step.fields))
            if not question.visible and not turns_here:
                continue
            self.fill(question, context)
            likely = plans.LIKELY.get(name, {}).get(str(self.details.get("matter_kind")))
            question.options.sort(key=lambda option: option.value != likely if likely else False)
            drawn = question.as_field()
            if name in {"helped_name", "relation"} and step.part == "you":
                drawn["required"] = True
            if name in {"name", "phone"} and step.part == "you":
                drawn["required"] = self.named
                drawn["autocomplete"] = {"name": "name", "phone": "tel"}[name]
            shown.append({
                "name": name, "field": drawn, "visible": question.visible,
                "show_if": json.dumps(question.show_if, ensure_ascii=False) if turns_here else "",
            })  # fmt: skip
        return shown

    def fill(self, question: Question, context: Mapping[str, Any]) -> None:
        """Give a question about a place its choices."""
        if question.kind != "region":
            return
        top = cities.current().region
        regions = portal.below(int(context["county"])) if question.key == "township" else portal.below(top)
        question.options = [Option(str(code), name, str(code) == str(question.value)) for code, name in regions]

    def read(self, step: Step, post: QueryDict) -> tuple[dict[str, Any], dict[str, str]]:
        """(the posted answers of a page, what is wrong with them)."""
        model = self.model(step.part)
        posted = {k: v for k, v in from_post(model, post).items() if k in step.fields}
        merged = {k: v for k, v in self.context(step.part).items() if k not in step.fields} | posted
        errors: dict[str, str] = {}
        try:
            clean(model, merged, self.reader.language)
        except Invalid as error:
            errors = {k: v for k, v in error.fields.items() if k.split(".")[0] in step.fields}
        held = kept(model, merged)
        errors |= self._own_errors(step, held)
        return {k: v for k, v in held.items() if k in step.fields}, errors

    def _own_errors(self, step: Step, held: Mapping[str, Any]) -> dict[str, str]:
        if step.part != "you":
            return {}
        errors = {}
        for name, read in _READ.items():
            if held.get(name):
                try:
                    read(str(held[name]))
                except ValueError as error:
                    errors[name] = str(error)
        if self.named:
            for name in {"name", "phone"} & set(step.fields):
                if not held.get(name):
                    errors[name] = _("请填写，办事的人要能找到您")
            if self.for_other and not held.get("helped_name"):
                errors["helped_name"] = _("请填写需要帮助的人的姓名")
            if self.for_other and not held.get("relation"):
                errors["relation"] = _("请写您是他（她）的什么人")
        return errors

    def newly_asked(self, step: Step, answers: Mapping[str, Any], shown: str) -> bool:
        """Whether an answer opened a question that this page, without scripts, did not show yet."""
        before = set(shown.split(","))
        return any(q["visible"] and q["name"] not in before for q in self.questions(step, answers, {}))

    def keep(self, step: Step, values: Mapping[str, Any]) -> None:
        """Save a page's answers; what they hid is gone."""
        own = {k: v for k, v in self.part(step.part).items() if k not in step.fields} | dict(values)
        if step.id == "place" and own.get("county") != self.part("place").get("county"):
            own.pop("township", None)
        came = [name for name in self.answers.get(KNOWN) or [] if name not in step.fields]
        if "matter_kind" in values and values["matter_kind"] != self.details.get("matter_kind"):
            own, came = _said_anew(own, came, str(self.details.get("matter_kind")))
        if step.part == "details":
            own = {k: v for k, v in own.items() if not plans.idle(self.service_id, self.matter.id, k, own)}
        own = kept(self.model(step.part), own) if step.part != "you" else own
        reached = max(self.draft.step, self._order(step) + 1)
        drafts.save_answers(self.draft, {step.part: own, KNOWN: came}, reached)
        self.answers = drafts.answers_of(self.draft)

    @property
    def region_code(self) -> int:
        """Where the matter belongs: as near as was said."""
        place = self.part("place")
        return int(place.get("township") or place.get("county") or cities.current().region)

    @property
    def missing(self) -> Step | None:
        """The first page that still lacks something needed."""
        return next((step for step in self.steps if self.lacks(step)), None)

    def lacks(self, step: Step) -> bool:
        """Whether a page still lacks something needed, or holds something wrong."""
        model, held = self.model(step.part), self.context(step.part)
        errors: dict[str, str] = {}
        try:
            clean(model, {k: v for k, v in held.items() if k in model.model_fields})
        except Invalid as error:
            errors = {k: v for k, v in error.fields.items() if k.split(".")[0] in step.fields}
        return bool(errors or self._own_errors(step, held))


def _said_anew(own: dict[str, Any], came: list[str], before: str) -> tuple[dict[str, Any], list[str]]:
    """(the answers, those that came along) after the kind of matter changed: what the old kind said goes, the new one's comes."""
    gone = {name for name, value in plans.SAID_BY_KIND.get(before, {}).items() if name in came and own.get(name) == value}
    own = {name: value for name, value in own.items() if name not in gone}
    said = plans.said_by_kind(own)
    return own | said, [name for name in came if name not in gone] + list(said)


def matter_of(service_id: str, matter_id: str) -> tuple[Service, Matter]:
    """A public matter. Raises Missing."""
    home = services().get(service_id)
    found = next((m for m in home.definition.matters if m.id == matter_id and m.public), None) if home else None
    if home is None or found is None:
        raise Missing(_("没有这种可以在网上办的事。"))
    return home, found


def cookie_name(service_id: str, matter_id: str) -> str:
    """The cookie that holds the token of this matter's draft."""
    return f"fahui_draft_{service_id}_{matter_id}"


def held(request: HttpRequest, service_id: str, matter_id: str) -> Interview | None:
    """The interview this browser began, if its draft is still there."""
    home, matter = matter_of(service_id, matter_id)
    token = request.get_signed_cookie(cookie_name(service_id, matter_id), default="", salt="portal.draft")
    if not token:
        return None
    try:
        draft = drafts.find(token)
    except Missing:
        return None
    if (draft.service, draft.matter) != (service_id, matter_id):
        return None
    return Interview(home, matter, draft, drafts.answers_of(draft), reader_of(request))


def going_on(request: HttpRequest, service_id: str, matter_id: str) -> Interview | HttpResponse:
    """The interview this browser is in the middle of; else the page to show: it is handed in already, or gone."""
    interview = held(request, service_id, matter_id)
    if interview is None:
        return gone(request, service_id, matter_id)
    return HttpResponseRedirect(f"{interview.base}/done") if interview.answers.get(DONE) else interview


def gone(request: HttpRequest, service_id: str, matter_id: str) -> HttpResponse:
    """The draft is not there any more: handed in, or expired."""
    return render(request, "portal/apply/gone.html", {"base": f"/apply/{service_id}/{matter_id}"}, status=404)


def remember(response: HttpResponse, interview: Interview) -> HttpResponse:
    """Put the token into the browser. About violence at home it goes when the browser closes: others use the phone too."""
    response.set_signed_cookie(
        cookie_name(interview.service_id, interview.matter.id), interview.draft.token, salt="portal.draft",
        max_age=None if interview.private else WEEK, httponly=True, samesite="Lax",
        secure=bool(getattr(settings, "SESSION_COOKIE_SECURE", False)),
    )  # fmt: skip
    return response


def forget(response: HttpResponse, service_id: str, matter_id: str) -> HttpResponse:
    """Take the token out of the browser."""
    response.delete_cookie(cookie_name(service_id, matter_id))
    return response


def resume_words(link: str, until: datetime) -> str:
    """The text that carries the link to a draft. It says nothing of the matter."""
    return _("没填完的表在这里，%(day)s前可以接着填：%(link)s") % {
        "day": f"{until.month}月{until.day}日", "link": link}  # fmt: skip
