"""The definition as data: it loads, names only what exists, leaves nobody without owner, date, reason or remedy."""

# ruff: noqa: ANN001, ANN003, ANN201, ANN202, ANN204
from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from fahui.casework.definitions.plugin import registry_of
from fahui.casework.definitions.schema import Definition, Words
from fahui.casework.forms.fields import CaseDetails, FormModel
from fahui.services.legal_aid import actions, details, eligibility, flags, limits, means, rules
from fahui.services.legal_aid.tests.cast import BOY, TENANT, WORKER

HOME = Path(details.__file__).parent
REGISTRY = registry_of("fahui.services.legal_aid")
# What the spine provides for every service.
SPINE = {"dismiss_duty_lawyers", "take_charge", "seal", "unseal", "offer_assignment", "accept_assignment", "decline_assignment",
         "release_assignment", "open_feedback", "record_subsidy"}  # fmt: skip
ADVERSE = {"refusal", "termination", "own_lawyer_end", "replacement_refusal", "uphold_decision"}


@cache
def definition() -> Definition:
    return Definition.model_validate(yaml.safe_load((HOME / "definition.yaml").read_text(encoding="utf-8")))


def words_in(part) -> list[str]:
    found = [getattr(part, name, None) for name in ("name", "public", "plain", "text")]
    return [words.zh for words in found if isinstance(words, Words)]


def test_the_four_matters_begin_where_the_law_begins_them():
    found = {m.id: (m.start, m.public) for m in definition().matters}
    assert found == {
        "civil": ("submitted", True), "criminal": ("submitted", True),
        "notified_defence": ("notice_received", False), "duty_help": ("requested", False),
    }  # fmt: skip
    assert (definition().id, definition().number, definition().handled_by) == ("legal_aid", 2, "legal_aid_agency")


def test_every_name_exists():
    d = definition()
    states = {s.id for s in d.states}
    guards = {g for a in d.actions for g in a.guards} | {x.when for x in [*d.deadlines, *d.materials] if x.when}
    guards |= {m.sealed_when for m in d.matters} | set(d.assignment.guards)
    assert guards <= set(REGISTRY.guards)
    effects = {e for a in d.actions for e in a.effects}
    assert effects <= set(REGISTRY.effects) | SPINE
    assert set(REGISTRY.effects) - effects == {"on_open"}
    for action in d.actions:
        assert {*action.from_, *([action.to] if action.to else [])} <= states
        assert action.form is None or issubclass(getattr(details, action.form), FormModel)
    for matter in d.matters:
        assert issubclass(getattr(details, matter.details), CaseDetails)
    assert set(REGISTRY.guards) - guards == set()


def test_every_state_can_be_reached_and_can_end():
    d = definition()
    ends = {s.id for s in d.states if s.end}
    steps = {s.id: {a.to for a in d.actions if s.id in a.from_ and a.to} for s in d.states}

    def closure(begin):
        seen, todo = set(begin), list(begin)
        while todo:
            todo += (fresh := steps[todo.pop()] - seen)
            seen |= fresh
        return seen

    assert closure({m.start for m in d.matters}) == set(steps)
    for state in d.states:
        assert closure({state.id}) & ends, state.id
        assert not (state.end and steps[state.id]), state.id


def test_every_open_state_has_an_owner_and_a_date_or_a_reason():
    d = definition()
    national = {s for x in d.deadlines if not x.when or not x.when.startswith("set_") for s in x.starts}
    for state in d.states:
        if state.end:
            assert state.owner is None
        else:
            assert state.owner
            assert state.id in national or state.no_deadline_because, state.id


@pytest.mark.parametrize(
    ("deadline", "length", "basis"),
    [
        ("review", "7 natural days", "法律援助法第四十三条"),
        ("assign", "3 natural days", "法律援助法第四十三条"),
        ("assign_notified", "3 natural days", "法律援助法第三十六条"),
        ("forward_24h", "24 hours", "法律援助法第三十九条"),
        ("objection_review", "5 natural days", "法律援助法第四十九条"),
        ("meeting_48h", "48 hours", "刑事诉讼法第三十九条"),
        ("tell_duty_lawyer", "24 hours", "公安机关办理刑事案件程序规定第四十九条"),
        ("own_lawyer_choice", "5 natural days", "最高人民法院关于适用《中华人民共和国刑事诉讼法》的解释第五十条"),
        ("court_formalities", "3 natural days", "最高人民法院关于适用《中华人民共和国刑事诉讼法》的解释第六十六条"),
    ],
)
def test_statutory_limits_cite_their_article(deadline, length, basis):
    found = definition().deadline(deadline)
    assert found.length == length
    assert basis in found.basis


def test_closing_runs_only_where_the_city_says_how_long():
    for name, parameter in (("closing_file", "aid_closing_period"), ("file_check", "aid_file_check_period")):
        assert definition().deadline(name).length is None and definition().deadline(name).local_parameter == parameter


def test_a_term_nobody_verified_is_only_the_citys():
    for deadline in definition().deadlines:
        if deadline.when and deadline.when.startswith("set_"):
            assert deadline.when == f"set_{deadline.local_parameter}"
            assert deadline.length is None
    used = {x.local_parameter for x in definition().deadlines if x.when and x.when.startswith("set_")}
    assert used == set(rules.LOCAL_TERMS)


def test_the_seven_days_stop_while_papers_are_missing_unless_the_city_says_otherwise():
    d = definition()
    assert d.deadline("review").suspends == ["need_more"] and d.deadline("review").when == "supplement_stops_clock"
    assert d.deadline("review_running").suspends == [] and d.deadline("review_running").when == "supplement_keeps_clock"


def test_the_assignment_clock_runs_until_somebody_accepts():
    d = definition()
    assert {"assign", "assign_notified"} <= set(d.action("accept_assignment").meets)
    assert "assigned" not in [*d.deadline("assign").meets, *d.deadline("assign_notified").meets]


def test_adverse_papers_carry_reasons_and_a_remedy():
    d = definition()
    for name in ADVERSE:
        template = yaml.safe_load((HOME / "documents" / f"{name}.yaml").read_text(encoding="utf-8"))
        assert template["reasons"] is True, name
        assert d.document(name).remedy and template["remedy"], name
    for action in d.actions:
        if set(action.documents) & ADVERSE:
            form = getattr(details, action.form)
            assert form.model_fields["reason_text"].is_required(), action.id


def test_no_two_keys_of_one_state_are_the_same():
    d = definition()
    for state in d.states:
        keys = [a.key for a in d.actions if a.key and state.id in a.from_]
        assert len(keys) == len(set(keys)), (state.id, keys)


def test_residents_read_plain_words():
    for part in [*definition().states, *definition().matters, *definition().notices, *definition().materials]:
        for text in words_in(part):
            assert "法律援助法第" not in text, part.id


def test_notices_tell_no_facts_of_the_case():
    allowed = {"number", "state", "due", "person", "phone", "place", "link"}
    for notice in definition().notices:
        for text in (notice.text.zh, notice.text.en):
            assert {part.split("}")[0] for part in text.split("{")[1:]} <= allowed


class Blank(dict):
    """As the spine gives answers to a template: an unanswered question reads as empty."""

    def __missing__(self, key):
        return ""


def sample(payload, provided=True):
    provider = {"name": "吕律师", "firm": "嘉州律师事务所", "phone": "0833-1234567"}
    due = Blank({x.id: "2026年6月20日" for x in definition().deadlines})
    return {
        "applicant": "申请人甲", "number": "〔2026〕乐援决字第1号", "tracking_number": "LS26-0001", "org": "马边县法律援助中心",
        "case": {"matter_name": "民事、行政法律援助申请", "opened_on": "2026年6月13日", "title": "欠薪", "state": "审查中"},
        "details": Blank(WORKER | BOY | {"reconsider_until": "2026-08-17", "sue_until": "2026-12-18"}),
        "payload": Blank(payload), "bureau": "马边县司法局", "provider": provider if provided else None, "today": "2026年6月18日", "basis": [],
        "due": due, "hotline": "12348",
    }  # fmt: skip


def filled(name, provided=True, **payload):
    template = yaml.safe_load((HOME / "documents" / f"{name}.yaml").read_text(encoding="utf-8"))
    assert set(template) <= {"title", "addressee", "body", "plain", "reasons", "remedy", "closing"}, name
    environment = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    texts = [template.get("addressee"), *template["body"], *template.get("plain", []), template.get("remedy"),
             template.get("closing")]  # fmt: skip
    return "\n".join(environment.from_string(text).render(sample(payload, provided)) for text in texts if text)


@pytest.mark.parametrize("name", sorted(x.template for x in definition().documents))
def test_every_template_fills_in_with_and_without_a_provider(name):
    for provided in (True, False):
        text = filled(name, provided)
        assert "LS26-0001" in text
        assert "{{" not in text and "None" not in text and "undefined" not in text


def test_every_template_belongs_to_a_document_and_is_issued():
    d = definition()
    files = {path.stem for path in (HOME / "documents").glob("*.yaml")}
    assert files == {x.template for x in d.documents}
    source = (HOME / "actions.py").read_text(encoding="utf-8")
    issued = {x for a in d.actions for x in a.documents} | {x.id for x in d.documents if f'"{x.id}"' in source}
    assert issued == {x.id for x in d.documents}


@pytest.mark.parametrize(
    ("name", "payload", "words"),
    [
        ("refusal", {"reason": "经济状况不符合本地经济困难标准"}, "可以向马边县司法局书面或者口头提出"),
        ("refusal", {}, "自收到异议之日起五日内审查"),
        ("uphold_decision", {}, "申请行政复议（今日收到的，最迟2026-08-17）"),
        ("uphold_decision", {}, "提起行政诉讼（最迟2026-12-18）"),
        ("termination", {"ground": "自行委托了律师或者其他代理人"}, "对本决定有异议的，可以向马边县司法局提出"),
        ("supplement_notice", {"missing": "身份证", "due_on": "2026-06-25"}, "请在2026-06-25以前补充或者说明"),
        ("early_decision", {"ground": "距时效或者期限届满不足七日"}, "决定先行提供法律援助"),
        ("assignment_recipient", {}, "承办人不得向您收取任何财物"),
        ("fee_certificate", {"addressee": "马边县人民法院", "fee_fen": 12000}, "120.00元"),
        ("fee_certificate", {"addressee": "马边县人民法院"}, "减交的，比例不得低于百分之三十"),
        ("meeting_letter", {"asked_at": "2026-06-12 09:00"}, "至迟不得超过四十八小时"),
        ("replacement_refusal", {}, "会把处理结果告诉您"),
        ("help_record", {"kinds": "法律咨询"}, "不出庭辩护"),
    ],
)
def test_papers_say_what_the_law_wants(name, payload, words):
    assert words in filled(name, **payload)


def test_details_hold_no_name_number_or_phone_of_the_applicant():
    for matter in definition().matters:
        fields = getattr(details, matter.details).model_fields
        assert not {"name", "applicant_name", "identity", "phone", "applicant_phone"} & set(fields)
        assert not any(field.is_required() for field in fields.values()), "papers and answers never block asking"


def test_means_questions_are_hidden_where_means_do_not_count():
    for name in ("household_members", "household_income_fen", "savings_fen", "commitment_signed", "sharing_agreed"):
        extra = details.CivilDetails.model_fields[name].json_schema_extra["x-fahui"]
        assert extra["show_if"] == {"waiver_ground": ["none"], "exempt_group": ["none"]}


def test_the_cast_fits_the_forms():
    details.CivilDetails.model_validate(WORKER)
    details.CivilDetails.model_validate(TENANT)
    details.NotifiedDefenceDetails.model_validate(BOY)


STATUTES = ["E-01", "E-02", "E-03", "E-04", "E-05", "E-06", "E-07", "E-08", "E-09", "E-10", "E-11", "E-12", "E-13", "E-14", "E-15", "E-16", "X-01", "X-02", "X-03", "X-04", "X-05", "M-01", "M-02", "M-03", "M-04", "M-05", "M-06", "M-07", "J-01", "T-01", "T-02", "T-03", "T-04", "T-05", "T-06", "T-07", "T-08", "T-09", "T-10", "T-11", "T-12", "T-13", "T-14", "T-15", "T-20", "T-21", "T-22", "D-01", "D-02", "D-03", "D-04", "D-05", "D-06", "D-07", "A-01", "A-02", "A-03", "A-04", "A-05", "U-01", "U-02", "U-03", "U-04", "U-05", "U-06", "U-07", "U-08", "U-09", "U-10", "U-11", "U-12", "U-13", "U-14", "U-15", "U-16", "U-17", "U-18", "U-19", "U-20", "U-21", "U-22", "U-23", "U-24", "U-25", "U-26", "U-27", "U-28", "F-01", "F-02", "F-03", "F-04", "F-05", "F-06", "F-07", "R-01", "B-01", "O-01"]
DUTY = ["E-01", "T-01", "T-02", "U-01", "U-02", "U-03", "U-04", "U-05", "U-06", "U-07", "U-08", "U-09", "U-10", "O-01", "O-02"]


def test_every_rule_of_the_law_is_held_here_or_named_elsewhere():
    known = {f"LA-{x}" for x in STATUTES} | {f"DL-{x}" for x in DUTY}
    held = {x for x in rules.RULES_HELD if not x.startswith("PR-")}
    assert held | set(rules.RULES_ELSEWHERE) == known
    assert not held & set(rules.RULES_ELSEWHERE)


@pytest.mark.parametrize("rule_id", sorted(rules.RULES_HELD))
def test_what_holds_a_rule_exists(rule_id):
    d = definition()
    sources = "".join((HOME / f"{m.__name__.split('.')[-1]}.py").read_text() for m in (eligibility, means, flags, limits))
    for held in rules.RULES_HELD[rule_id]:
        kind, name = held.split(":")
        match kind:
            case "guard":
                assert name in REGISTRY.guards
            case "deadline" | "document" | "action" | "matter":
                getattr(d, kind)(name)
            case "material":
                assert name in {m.id for m in d.materials}
            case "step" | "flag":
                assert f'"{name}"' in sources, held
            case "function":
                assert callable(getattr(rules, name))
            case "field":
                form, field = name.split(".")
                assert field in getattr(details, form).model_fields
            case _:
                pytest.fail(held)


def test_actions_module_registers_effects_for_this_service():
    assert REGISTRY.effects["on_open"] is actions.on_open
