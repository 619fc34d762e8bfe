"""Taking a new matter in: choose it, find the person, ask everything on one page, and say who goes on by when."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fahui.casework.cases.actions import Opening, open_case
from fahui.casework.cases.models import CHANNELS, Case
from fahui.casework.cases.queries import get
from fahui.casework.definitions.loader import Service, services
from fahui.casework.definitions.queries import definition_of
from fahui.casework.definitions.schema import Matter
from fahui.casework.forms.web import from_post
from fahui.channels.desk import forms, words
from fahui.channels.desk import queries as desk
from fahui.channels.desk.frame import show
from fahui.channels.desk.people import known, look_up
from fahui.channels.desk.rows import row
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.refusals import summary
from fahui.channels.typed import number
from fahui.foundation.accounts.actions import give_consent
from fahui.foundation.accounts.roles import INTAKE, Role
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Conflict, Invalid, Missing, Refusal
from fahui.foundation.people.actions import Person

GROUPS = [("migrant_worker", gettext_lazy("进城务工人员")), ("older_person", gettext_lazy("老年人")), ("minor", gettext_lazy("未成年人")), ("disabled_person", gettext_lazy("残疾人")),
          ("woman", gettext_lazy("妇女")), ("veteran", gettext_lazy("退役军人")), ("military_family", gettext_lazy("军人军属")), ("low_income", gettext_lazy("低保、特困"))]  # fmt: skip
CONSENTS = [("spoken", gettext_lazy("当面或电话里口头同意")), ("code", gettext_lazy("本人报了验证码")), ("signed", gettext_lazy("签了委托书"))]
_USUAL = {Role.HOTLINE_AGENT: "hotline", Role.HOTLINE_LEAD: "hotline", Role.VILLAGE_HELPER: "helper",
          Role.DUTY_LAWYER: "duty"}  # fmt: skip


@staff_page(*sorted(INTAKE))
def choose(request: HttpRequest) -> HttpResponse:
    """Which service, which matter."""
    reader = reader_of(request)
    found = [
        {"name": s.definition.name.text(reader.language), "plain": s.definition.plain.text(reader.language),
         "matters": [{"href": f"/desk/new/{name}/{m.id}", "name": m.name.text(reader.language),
                      "plain": m.plain.text(reader.language)} for m in s.definition.matters if not m.internal]}
        for name, s in services().items()
    ]  # fmt: skip
    return show(request, "desk/new.html", {"services": found}, here="/desk/new")


@staff_page(*sorted(INTAKE))
def take(request: HttpRequest, service: str, matter: str) -> HttpResponse:
    """The whole of one matter on one page, and opening it."""
    reader = reader_of(request)
    home, spec = _asked(service, matter)
    if request.method != "POST":
        return _page(request, home, spec, {}, None)
    answers = from_post(home.details_form(matter), request.POST)
    try:
        with transaction.atomic():  # the case and the consent to open it, or neither
            case = open_case(reader, opening(request, home, spec, answers))
            _record_consent(request, reader, case)
    except (Invalid, Conflict) as refusal:
        return _page(request, home, spec, answers, refusal)
    return HttpResponseRedirect(f"/desk/cases/{case.pk}/opened")


def _asked(service: str, matter: str) -> tuple[Service, Matter]:
    try:
        home = services()[service]
        return home, home.definition.matter(matter)
    except KeyError as error:
        raise Missing(_("没有这种服务事项。")) from error


def opening(request: HttpRequest, home: Service, spec: Matter, answers: dict[str, Any], channel: str = "") -> Opening:
    """What was posted, as an opening. Raises Invalid naming the field."""
    post = request.POST
    region, party, other = post.get("region", ""), post.get("party", ""), post.get("other_name", "").strip()
    code, known_party = number(region), number(party)
    if code is None:
        raise Invalid(_("请选择地区。"), fields={"region": _("请选择事情发生或居住的地区")})
    if bool(post.get("helper_relation")) != bool(post.get("helper_given")):
        raise Invalid(_("替别人办理，请写明关系和对方怎样同意。"), fields={"helper_relation": _("关系和同意方式要一起填")})
    others: tuple[tuple[str, Person, dict[str, Any]], ...] = (("opponent", Person(name=other), {}),) if other else ()
    return Opening(
        service=home.definition.id, matter=spec.id, channel=channel or post.get("channel", "window"),
        region_code=code, title=post.get("title", ""), party_id=known_party,
        person=None if known_party else person(request), details=answers, others=others, key=post.get("key", "")[:80],
    )  # fmt: skip


def person(request: HttpRequest) -> Person | None:
    """The person as typed in; None when everything was left empty (an anonymous matter). Raises Invalid."""
    post = request.POST
    name, phone, identity = (post.get(key, "").strip() for key in ("name", "phone", "identity"))
    if not (name or phone or identity):
        return None
    try:
        born = date.fromisoformat(post["born"]) if post.get("born") else None
    except ValueError as error:
        raise Invalid(_("出生日期看不懂。"), fields={"born": _("请写成 1974-06-18 这样")}) from error
    contact: dict[str, Any] = {key: False for key in ("may_call", "may_text", "say_bureau") if post.get(f"not_{key}")}
    contact |= {key: post[key].strip()[:100] for key in ("times", "words") if post.get(key, "").strip()}
    return Person(
        name=name or "未填姓名", phone=phone, identity=identity, birth_date=born, address=post.get("address", "")[:200],
        groups=tuple(post.getlist("groups")), languages=tuple(post.get("languages", "").replace("，", "、").split("、"))
        if post.get("languages", "").strip() else (), contact=contact,
    )  # fmt: skip


def _record_consent(request: HttpRequest, reader: Reader, case: Case) -> None:
    relation, given = request.POST.get("helper_relation", ""), request.POST.get("helper_given", "")
    if relation and given and case.applicant:
        give_consent(reader, case.applicant, relation, given)


@dataclass(frozen=True)
class PersonFields:
    """The fields about the person, filled with what was typed."""

    main: list[dict[str, Any]]
    more: list[dict[str, Any]]
    helper: list[dict[str, Any]]


def person_fields(request: HttpRequest, errors: dict[str, str]) -> PersonFields:
    """Name, phone and identity first; the rest folded away."""
    post, asked = request.POST, request.GET.get("who", "")
    digits = asked if asked.isdigit() and len(asked) == 11 else ""

    def field(name: str, label: str, kind: str = "text", **more: Any) -> dict[str, Any]:
        return {"name": name, "label": label, "kind": kind, "value": post.get(name, more.pop("value", "")),
                "error": errors.get(name, ""), **more}  # fmt: skip

    return PersonFields(
        main=[
            field("name", _("姓名"), value="" if asked.isdigit() else asked, hint=_("不愿意说可以不填")),
            field("phone", _("手机号"), "phone", value=digits),
            field("identity", _("身份证号"), hint=_("没带可以以后补")),
        ],
        more=[
            field("born", _("出生日期"), "date"),
            field("address", _("住址")),
            field("languages", _("说什么话"), hint=_("例如：彝语、手语")),
            {**field("groups", _("属于哪些情况"), "checkbox", options=GROUPS), "value": post.getlist("groups")},
            field("not_may_call", _("不要打电话"), "boolean"),
            field("not_may_text", _("不要发短信"), "boolean"),
            field("not_say_bureau", _("电话里不要说是司法局"), "boolean"),
            field("times", _("什么时候方便")),
        ],
        helper=[
            field("helper_relation", _("我替谁办：与当事人的关系"), hint=_("例如：女儿、村干部。本人来办不用填")),
            field("helper_given", _("当事人怎样同意的"), "select", options=CONSENTS),
        ],
    )


def _page(
    request: HttpRequest, home: Service, spec: Matter, answers: dict[str, Any], refusal: Refusal | None
) -> HttpResponse:
    reader, errors = reader_of(request), (refusal.fields if refusal else {})
    errors = {**errors, "region": errors.get("region") or errors.get("region_code", "")}
    asked = request.GET.get("who", "")
    chosen = request.POST.get("party") or request.GET.get("party", "")
    party = desk.party(key) if (key := number(chosen)) else None
    usual = next((_USUAL[r] for r in sorted(reader.roles) if r in _USUAL), "window")
    region = request.POST.get("region") or (str(party.region_code) if party and party.region_code else "")
    context = {
        "home": home.definition.name.text(reader.language), "matter": spec.name.text(reader.language),
        "plain": spec.plain.text(reader.language), "asked": asked, "found": look_up(reader, asked),
        "party": known(party) if party else None, "person": person_fields(request, errors),
        "groups": forms.groups(home.details_form(spec.id), answers, errors, reader.language),
        "region": {"name": "region", "label": _("在哪里"), "kind": "select", "required": True, "value": region,
                   "error": errors["region"], "options": forms.region_options()},
        "channel": {"name": "channel", "label": _("怎么来的"), "kind": "select", "required": True,
                    "value": request.POST.get("channel", usual),
                    "options": [(c, words.channel_name(c, reader.language)) for c, _w in CHANNELS if c != "api"]},
        "title": {"name": "title", "label": _("一句话的题目"), "value": request.POST.get("title", ""), "maxlength": 60,
                  "hint": _("不写姓名，例如：讨薪 · 滨江二期工地")},
        "other": {"name": "other_name", "label": _("对方是谁"), "value": request.POST.get("other_name", ""),
                  "maxlength": 120, "hint": _("用来查利益冲突。还有别人可以以后加")},
        "errors": summary(refusal), "key": request.POST.get("key") or secrets.token_hex(12),
        "materials": [m.plain.text(reader.language) for m in home.definition.materials if m.required],
    }  # fmt: skip
    return show(request, "desk/intake.html", context, here="/desk/new", status=refusal.status if refusal else 200)


@staff_page()
def opened(request: HttpRequest, case_id: int) -> HttpResponse:
    """What to tell the person: the number, who is in charge, when they will hear."""
    reader = reader_of(request)
    case = get(reader, case_id)
    definition = definition_of(case.version_id)
    if case.merged_into_id:
        messages.info(request, _("这件事已经并入另一件。"))
    context = {
        "case": case, "row": row(case, reader), "documents": desk.documents(case), "flags":
        words.flag_badges(case.flags, reader.language),
        "public_text": definition.state(case.state).public.text(reader.language),
    }  # fmt: skip
    return show(request, "desk/opened.html", context, here="/desk/new")
