"""The form of an activity: what, when, how long, where, by whom, for whom. What was filled in becomes its columns and takings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import Field

from fahui.casework.activities.models import Activity
from fahui.casework.forms.fields import Choice, FormModel, Line, choices, question
from fahui.casework.forms.validation import clean
from fahui.foundation import clock
from fahui.foundation.errors import Invalid
from fahui.foundation.people.models import Institution
from fahui.foundation.people.references import label_of, place_labels, resolve
from fahui.foundation.regions.rules import VILLAGE, level_of

KINDS_EN = {
    "counsel_visit": "Village counsel's visit", "counsel_service": "Other service of a village counsel", "lecture": "Law lecture",
    "publicity": "Publicity event", "campaign": "Themed campaign", "training": "Training", "volunteering": "Volunteering",
    "welfare_service": "Pro bono service", "mobile_service": "Mobile service", "check_up": "Legal check-up",
    "court_observation": "Court observation", "joint_meeting": "Joint meeting", "screening": "Screening for disputes",
    "guidance": "Guidance of practice", "assessment": "Assessment", "petition_duty": "Duty at petition reception",
    "law_exam": "Law exam", "remote_help": "Help at a distance",
}  # fmt: skip
FORMS_EN = {"onsite": "On site", "phone": "By telephone", "online": "Online"}
Kind: Any = choices("Kind", {code: (zh, KINDS_EN[code]) for code, zh in Activity.KINDS})
Form: Any = choices("Form", {code: (zh, FORMS_EN[code]) for code, zh in Activity.FORMS})


class Topic(Choice):
    """What an activity was about, where figures ask for it."""

    CONSTITUTION_DAY = "constitution_day", "国家宪法日", "Constitution Day"
    CONSTITUTION_WEEK = "constitution_week", "宪法宣传周", "Constitution Week"
    CONSTITUTION = "constitution", "宪法", "Constitution"
    CIVIL_CODE = "civil_code", "民法典", "Civil Code"
    PUBLICITY_DUTY = "publicity_duty", "普法责任制", "Duty of publicity"
    PUBLICITY_DUTY_QUARTER = "publicity_duty_quarter", "普法责任制（季度）", "Duty of publicity, by quarter"
    PUBLICITY_DUTY_YEAR = "publicity_duty_year", "普法责任制（年度）", "Duty of publicity, by year"
    LEGAL_AID = "legal_aid", "法律援助", "Legal aid"
    PUBLIC_LEGAL_SERVICE = "public_legal_service", "公共法律服务", "Public legal services"
    MEDIATION_LAW = "mediation_law", "人民调解", "People's mediation"
    MIGRANT_WAGES = "migrant_wages", "农民工工资", "Migrant workers' wages"
    MINORS = "minors", "未成年人保护", "Protection of minors"
    WOMENS_RIGHTS = "womens_rights", "妇女权益", "Women's rights"
    OLDER_PEOPLE = "older_people", "老年人权益、养老反诈", "Older people"
    MILITARY_FAMILIES = "military_families", "军人军属、退役军人", "Military families"
    CONSUMER = "consumer", "消费者权益", "Consumers"
    NATIONAL_SECURITY = "national_security", "国家安全", "National security"
    SPRING_FESTIVAL = "spring_festival", "春节法治宣传", "Spring Festival"
    DRUGS = "drugs", "禁毒", "Drugs"
    FRAUD = "fraud", "反诈", "Fraud"
    ENVIRONMENT = "environment", "生态环境", "Environment"
    SAFE_PRODUCTION = "safe_production", "安全生产", "Safety at work"
    ENTERPRISE = "enterprise", "法律进企业", "Law for enterprises"
    RURAL = "rural", "法律进乡村", "Law in the countryside"
    SCHOOL = "school", "法律进学校", "Law at school"
    PRACTICE = "practice", "业务能力", "Practice"
    OTHER = "other", "其他", "Other"


class Group(Choice):
    """For whom it was."""

    RESIDENT = "resident", "居民、村民", "Residents"
    MINOR = "minor", "未成年人、学生", "Minors and pupils"
    WOMAN = "woman", "妇女", "Women"
    OLDER_PERSON = "older_person", "老年人", "Older people"
    DISABLED_PERSON = "disabled_person", "残疾人", "Disabled people"
    MIGRANT_WORKER = "migrant_worker", "农民工", "Migrant workers"
    VETERAN = "veteran", "退役军人、军人军属", "Veterans, soldiers and families"
    OFFICIAL = "official", "国家工作人员", "Officials"
    ENTERPRISE = "enterprise", "企业职工", "Staff of enterprises"
    CORRECTED = "corrected", "社区矫正对象、安置帮教人员", "People under correction or resettlement"
    PRACTITIONER = "practitioner", "法律服务人员", "Legal service people"
    PATHFINDER = "pathfinder", "法律明白人、调解员", "Legal pathfinders and mediators"


_Minutes = Annotated[int, Field(ge=0, le=100_000)]
_People = Annotated[int, Field(ge=0, le=10_000_000)]
_Lines = Annotated[list[Line], Field(max_length=500)]
_Groups = Annotated[list[Group], Field(max_length=12)]


class ActivityForm(FormModel):
    """One activity. Places, bodies, sites and people are written as `name（code）`, a code or a name; people one a line, with minutes."""

    kind: Kind = question("活动种类", "Kind of activity")
    title: Annotated[Line, Field(max_length=160)] = question("名称", "Name", hint_zh="例如：民法典进乡村讲座", hint_en="For example: lecture on the Civil Code")
    held_on: Annotated[date, Field(ge=date(1949, 10, 1))] = question("哪一天", "Day")
    minutes: _Minutes = question("时长（分钟）", "Length (minutes)")
    form: Form = question("方式", "Form", default="onsite")
    region_code: Line = question("地点", "Place", hint_zh="填名称或12位代码，边填边查；顾问到村的写到村", hint_en="Its name or 12-digit code; type to search")
    site: Line | None = question("服务点或阵地", "Site", default=None, hint_zh="填编码或名称，边填边查", hint_en="Its code or name; type to search")
    organiser: Line | None = question("谁举办", "Held by", default=None, hint_zh="填编码或名称，边填边查", hint_en="Its code or name; type to search")
    guest: Line | None = question("为哪个单位办的", "Held for", default=None, hint_zh="学校、企业、村委会等；填编码或名称", hint_en="A school, enterprise, committee; its code or name")
    topic: Topic | None = question("主题", "Topic", default=None)
    people: _People = question("到场或受益多少人", "People reached", default=0)
    services: Annotated[int, Field(ge=1, le=100_000)] = question("算几次服务", "Services", default=1, hint_zh="一上午接待十二个人，算十二次", hint_en="A morning with twelve callers is twelve")
    groups: _Groups = question("服务哪些人", "For whom", default=[], kind="choices")
    gave: _Lines = question("谁提供的", "Given by", default=[], hint_zh="一行一人：执业证号或姓名，空格，分钟；不写分钟就按全程", hint_en="One a line: licence or name, a space, minutes; without minutes, all of it")
    attended: _Lines = question("谁参加的", "Attended by", default=[], hint_zh="只登记有执业证号的人员，写法同上", hint_en="Only people with a licence, written as above")
    note: Annotated[Line, Field(max_length=400)] | None = question("说明", "Note", default=None)
    code: Annotated[Line, Field(max_length=60)] | None = question("编号", "Number", default=None, hint_zh="本单位自己的编号；空着由系统编", hint_en="Your own number; left empty, one is given")


# A counsel's visit is confirmed by the village committee, so it has to say which village, and who came.
VISITS = frozenset({"counsel_visit"})
BY_SOMEBODY = frozenset({"counsel_visit", "counsel_service"})
_SUBJECTS = ("site", "organiser", "guest")
_PERSON = re.compile(r"^(.+?)(?:[\s,，:：]+(\d{1,6})\s*(?:分钟|min)?)?$")


@dataclass
class Filled:
    """One filled-in form: columns, who gave and attended with their minutes, or what is wrong field by field."""

    columns: dict[str, Any] = field(default_factory=dict)
    takings: dict[tuple[int, str], int] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_many(given: Sequence[Mapping[str, Any]]) -> list[Filled]:
    """Forms as columns and takings, in a few queries whatever their number."""
    found, forms = [], []
    for answers in given:
        filled = Filled()
        answers = {name: value for name, value in answers.items() if value not in (None, "")}
        try:
            forms.append(clean(ActivityForm, answers).model_dump())
        except Invalid as invalid:
            forms.append({})
            filled.errors = dict(invalid.fields)
        found.append(filled)
    _refer(forms, found)
    today = clock.today()
    for form, filled in zip(forms, found, strict=True):
        if form:
            filled.errors |= _crossed(form, filled, today) | filled.errors
        if not filled.errors:
            plain = {name: value for name, value in form.items() if name not in {"region_code", "gave", "attended", *_SUBJECTS}}
            filled.columns |= plain | {name: plain[name] or "" for name in ("topic", "note", "code")}
    return found


def read(answers: Mapping[str, Any]) -> Filled:
    """One form. Raises Invalid, field by field."""
    filled = read_many([answers])[0]
    if filled.errors:
        raise Invalid(_("有%(count)s处要改。") % {"count": len(filled.errors)}, fields=filled.errors)
    return filled


def _refer(forms: list[dict[str, Any]], found: list[Filled]) -> None:
    for name, what in {"region_code": "region", "site": "site", "organiser": "institution", "guest": "institution"}.items():
        known = resolve(what, (), (str(form.get(name) or "") for form in forms))
        for form, filled in zip(forms, found, strict=True):
            key = known.get(str(form.get(name) or ""))
            if isinstance(key, str):
                filled.errors.setdefault(name, key)
            else:
                filled.columns["region_code" if name == "region_code" else f"{name}_id"] = key
    people = resolve("practitioner", (), (who for form in forms for part in ("gave", "attended") for who, _m in _people(form.get(part) or ())))
    for form, filled in zip(forms, found, strict=True):
        for part in ("gave", "attended"):
            for who, minutes in _people(form.get(part) or ()):
                key = people[who]
                if isinstance(key, str):
                    filled.errors.setdefault(part, f"{who}{_('：')}{key}")
                elif (key, part) in filled.takings:
                    filled.errors.setdefault(part, _("%(who)s写了两次") % {"who": who})
                else:
                    filled.takings[key, part] = form["minutes"] if minutes is None else minutes


def _people(lines: Iterable[str]) -> Iterable[tuple[str, int | None]]:
    """(who, minutes) of each line."""
    for line in lines:
        match = _PERSON.match(line.strip())
        if match:
            yield match[1], int(match[2]) if match[2] else None


def _crossed(form: Mapping[str, Any], filled: Filled, today: date) -> dict[str, str]:
    """What no single field can tell."""
    wrong = {}
    if form["held_on"] > today:
        wrong["held_on"] = _("还没到这一天，办过再登记")
    if form["kind"] in BY_SOMEBODY and not form["gave"]:
        wrong["gave"] = _("请写明是哪位顾问")
    for part in ("gave", "attended"):
        if any(kind == part and minutes > form["minutes"] for (_who, kind), minutes in filled.takings.items()):
            wrong[part] = _("有人的分钟比整个活动还长，请核对")
    place = filled.columns.get("region_code")
    if form["kind"] in VISITS and place and level_of(place) != VILLAGE and not _of_a_village(filled.columns.get("guest_id")):
        wrong["region_code"] = _("顾问现场服务请写到村（社区），由村（居）委会确认")
    return wrong


def _of_a_village(guest: int | None) -> bool:
    return guest is not None and Institution.objects.filter(pk=guest, kind="village_committee").exists()


def told(takings: Iterable[Any], part: str) -> list[str]:
    """Takings as the form writes them: `name（licence） minutes`, in the order of licences."""
    mine = sorted((t for t in takings if t.part == part), key=lambda t: t.practitioner.licence)
    return [f"{label_of(t.practitioner)} {t.minutes}" for t in mine]


def answers_of(activity: Activity) -> dict[str, Any]:
    """An activity as its form would hold it (for correcting it). Its site, bodies and takings should be at hand."""
    names = ("kind", "title", "held_on", "minutes", "form", "people", "services", "groups", "note", "code")
    found: dict[str, Any] = {name: getattr(activity, name) for name in names}
    takings = list(activity.takings.all())
    return found | {
        "topic": activity.topic or None,
        "region_code": place_labels([activity.region_code]).get(activity.region_code, str(activity.region_code)),
        **{name: label_of(getattr(activity, name)) for name in _SUBJECTS},
        "gave": told(takings, "gave"), "attended": told(takings, "attended"),
    }
