"""Every guard holds and fails for its reason, in the words people read. The table is checked for completeness."""

# ruff: noqa: ANN001, ANN003, ANN201, ANN202, ANN204, C408
from __future__ import annotations

import pytest

from fahui.casework.definitions.plugin import Parameter, registry_of
from fahui.services.legal_aid import rules
from fahui.services.legal_aid.tests.cast import BOY, LYU, TENANT, WORKER, facts

GUARDS = registry_of("fahui.services.legal_aid").guards
GRAVE = {**BOY, "possible_life_or_death": True}
CHILD = dict(details=BOY, matter="notified_defence")
STOP = {"aid_supplement_stops_clock": Parameter(False, "", "市规")}

# guard, answer, words, facts
TABLE = [
    ("no_interest", True, "没有发现", dict(details={}, actor_party=7, parties={"applicant": (8,)})),
    ("no_interest", True, "没有发现", dict(details={}, actor_party=7, parties={"handler": (7,)})),
    ("no_interest", False, "请回避", dict(details={}, actor_party=7, parties={"opponent": (7,)})),
    ("told_once", True, "一次性", dict(details={})),
    ("told_once", False, "已经一次性告知过", dict(details={}, history=("ask_more", "supplement"))),
    ("supplement_overdue", None, "没有告知", dict(details={})),
    ("supplement_overdue", False, "还没有过", dict(details={"supplement_due_on": "2026-06-13"})),
    ("supplement_overdue", True, "视为撤回", dict(details={"supplement_due_on": "2026-06-12"})),
    ("early_ground_holds", True, "余 5 日", dict(details=WORKER, payload={"ground": "limitation"})),
    ("early_ground_holds", False, "应当不足七日",
     dict(details=TENANT, payload={"ground": "limitation", "deadline_on": "2026-06-20"})),
    ("early_ground_holds", True, "余 6 日",
     dict(details=TENANT, payload={"ground": "limitation", "deadline_on": "2026-06-19"})),
    ("early_ground_holds", None, "哪天届满", dict(details=TENANT, payload={"ground": "limitation"})),
    ("early_ground_holds", True, "写明理由", dict(details=TENANT, payload={"ground": "preservation"})),
    ("early_ground_holds", None, "请选择", dict(details=TENANT)),
    ("early_ground_holds", True, "可先行提供", dict(details=WORKER)),
    ("advice_answered", True, "可以决定", dict(details=WORKER)),
    ("advice_answered", None, "请写明理由", dict(details={})),
    ("advice_answered", True, "可以决定", dict(details={}, payload={"reason_text": "已当面核实"})),
    ("refusal_fits", None, "应当书面说明理由", dict(details=TENANT, payload={"reason": "over_means"})),
    ("refusal_fits", False, "不能因为经济状况", dict(details=WORKER, payload={"reason": "over_means", "reason_text": "收入高"})),
    ("refusal_fits", None, "还没有问清", dict(details={}, payload={"reason": "over_means", "reason_text": "收入高"})),
    ("refusal_fits", False, "没有高于标准", dict(details=TENANT, payload={"reason": "over_means", "reason_text": "收入高"})),
    ("refusal_fits", True, "已写明", dict(details={**TENANT, "household_income_fen": 600_001}, payload={"reason": "over_means", "reason_text": "收入高"})),
    ("refusal_fits", False, "没有高于标准", dict(details={**TENANT, "household_income_fen": 9_000_000}, parameters={}, payload={"reason": "over_means", "reason_text": "收入高"})),
    ("refusal_fits", False, "不能以不属于法律援助的事项范围", dict(details=TENANT, payload={"reason": "out_of_scope", "reason_text": "不在范围"})),
    ("refusal_fits", True, "已写明", dict(details={**TENANT, "matter_kind": "contract"}, payload={"reason": "out_of_scope", "reason_text": "不在范围"})),
    ("refusal_fits", False, "没有委托律师", dict(details=WORKER, payload={"reason": "has_lawyer", "reason_text": "已有律师"})),
    ("refusal_fits", True, "已写明", dict(details={**WORKER, "own_lawyer": True}, payload={"reason": "has_lawyer", "reason_text": "已有律师"})),
    ("refusal_fits", False, "本人申请", dict(details=WORKER, payload={"reason": "no_standing", "reason_text": "不是本人"})),
    ("supplement_day_ahead", True, "以后", dict(details={}, payload={"due_on": "2026-06-14"})),
    ("supplement_day_ahead", False, "应当在今天以后", dict(details={}, payload={"due_on": "2026-06-13"})),
    ("organ_may_notify", True, "可以用", dict(details={"organ": "court", "ground": "in_absentia"})),
    ("organ_may_notify", False, "只有人民法院", dict(details={"organ": "police", "ground": "in_absentia"})),
    ("not_own_decision", True, "没有参与", dict(details={}, actor_user=8, doers={"refuse": frozenset({7})})),
    ("not_own_decision", False, "不能由您审查", dict(details={}, actor_user=7, doers={"refuse": frozenset({6, 7})})),
    ("remedy_pending", True, "等结果", dict(details={}, history=("uphold", "note_reconsideration"))),
    ("remedy_pending", False, "没有登记过", dict(details={}, history=("note_suit", "remedy_upholds"))),
    ("subsidy_open", True, "可以登记", dict(details={}, flags=frozenset({"subsidy_rate_missing"}))),
    ("subsidy_open", False, "已经登记", dict(details={})),
    ("subsidy_settled", True, "已登记", dict(details={})),
    ("subsidy_settled", False, "先登记再归档", dict(details={}, flags=frozenset({"subsidy_rate_missing"}))),
    ("work_handed_in", True, "材料已交", dict(details={}, history=("terminate", "hand_in_work_done"))),
    ("work_handed_in", False, "还没有交", dict(details={}, history=("terminate", "hand_in_work_done", "check_work_done"))),
    ("notice_names_ground", None, "没有写明理由", dict(details={}, matter="notified_defence")),
    ("notice_names_ground", True, "应当通知辩护：未成年人", CHILD),
    ("notice_names_ground", True, "强制医疗", dict(details={"ground": "compulsory_treatment"})),
    ("notice_names_ground", True, "可以通知", dict(details={"ground": "court_may"})),
    ("termination_fits", None, "请选择终止情形", dict(details=TENANT)),
    ("termination_fits", True, "法定终止情形",
     dict(details=TENANT, payload={"ground": "economic_change", "reason_text": "收入增加"})),
    ("termination_fits", False, "不受经济困难条件限制",
     dict(details={**TENANT, "waiver_ground": "abused"}, payload={"ground": "economic_change", "reason_text": "收入增加"})),
    ("offer_open", True, "等承办人答复", dict(details={}, history=("grant", "assign"))),
    ("offer_open", False, "已经接受", dict(details={}, history=("assign", "accept_assignment"))),
    ("offer_open", True, "等承办人答复", dict(details={}, history=("assign", "accept_assignment", "assign"))),
    ("offer_accepted", True, "已接受", dict(details={}, history=("grant", "assign", "accept_assignment"))),
    ("offer_accepted", None, "还没有接受", dict(details={}, history=("assign", "accept_assignment", "assign"))),
    ("offer_accepted", None, "还没有接受", dict(details={})),
    ("formalities_pending", True, "手续待补", dict(details={}, flags=frozenset({"pending_formalities"}))),
    ("formalities_pending", False, "不是先行援助", dict(details={})),
    ("replacement_reasoned", True, "可以申请", dict(details={}, payload={"reason_text": "三次不接电话"})),
    ("replacement_reasoned", None, "哪里没有做好", dict(details={})),
    ("file_complete", None, "办理情况报告", dict(details={})),
    ("file_complete", None, "没有的写明原因", dict(details={}, payload={"report": "已调解", "copies": False})),
    ("file_complete", True, "齐全", dict(details={}, payload={"report": "已调解", "copies": True})),
    ("file_complete", True, "齐全", dict(details={}, payload={"report": "代书", "why_no_copies": "只代写诉状"})),
    ("plea_signed_properly", None, "签署日期", dict(details={})),
    ("plea_signed_properly", False, "应当在场", dict(details={}, payload={"signed_on": "2026-06-12"})),
    ("plea_signed_properly", True, "在场签署",
     dict(details={}, payload={"signed_on": "2026-06-12", "lawyer_present": True})),
    ("plea_signed_properly", True, "不需要签署", dict(details={}, payload={"no_signing": "disability"})),
    ("file_reading_allowed", True, "可以记录", dict(details={"criminal_stage": "prosecution"}, payload={"file_read": True})),
    ("file_reading_allowed", False, "侦查阶段不能阅卷",
     dict(details={"criminal_stage": "investigation"}, payload={"file_read": True})),
    ("must_be_sealed", True, "未成年人：案卷保密", CHILD),
    ("must_be_sealed", True, "家庭暴力", dict(details={"matter_kind": "domestic_violence"})),
    ("must_be_sealed", True, "在押", dict(details={"detained": True}, matter="criminal")),
    ("must_be_sealed", False, "没有需要密封", dict(details=WORKER)),
    ("mandatory_situation", True, "提醒办案机关", dict(details={"birth_date": "2009-03-02"}, matter="duty_help")),
    ("mandatory_situation", None, "请核实", dict(details={}, matter="duty_help")),
    ("in_custody", True, "在押", CHILD),
    ("in_custody", False, "不在押", dict(details={})),
    ("before_court", True, "在法院", dict(details={"organ": "court"}, matter="criminal")),
    ("before_court", False, "不在法院", dict(details={"organ": "police"}, matter="criminal")),
    ("supplement_stops_clock", True, "停表", dict(details={})),
    ("supplement_stops_clock", False, "照计", dict(details={}, parameters=STOP)),
    ("supplement_keeps_clock", False, "停表", dict(details={})),
    ("supplement_keeps_clock", True, "照计", dict(details={}, parameters=STOP)),
    ("acts_for_another", True, "替别人", dict(details={"applies_for": "near_relative"})),
    ("acts_for_another", False, "本人", dict(details={})),
    ("means_asked", True, "需要核查", dict(details=TENANT)),
    ("means_asked", False, "不要经济材料", dict(details=WORKER)),
    ("means_asked", False, "不要经济材料", dict(details={})),
    ("claims_exemption", True, "主张", dict(details=WORKER)),
    ("claims_exemption", False, "没有主张", dict(details=TENANT)),
    ("provider_kind_fits", None, "还没有选人", dict(details={})),
    ("provider_kind_fits", True, "合适", dict(details={}, candidate=LYU)),
    ("provider_kind_fits", False, "只能由律师承办", dict(**CHILD, candidate={"kind": "grassroots_legal_worker"})),
    ("provider_kind_fits", True, "合适", dict(details={}, candidate={"kind": "grassroots_legal_worker"})),
    ("provider_kind_fits", False, "只能指派律师", dict(details={}, candidate={"kind": "notary"})),
    ("provider_kind_fits", False, "只做咨询和代拟", dict(details={}, candidate={"kind": "volunteer", "tags": ["law_school"]})),
    ("provider_kind_fits", True, "代拟",
     dict(details={}, candidate={"kind": "volunteer", "tags": ["law_school"]}, flags=frozenset({"drafting_only"}))),
    ("no_conflict", None, "还没有选人", dict(details=WORKER)),
    ("no_conflict", True, "没有发现利益冲突", dict(details=WORKER, candidate=LYU)),
    ("no_conflict", False, "替B劳务办过事", dict(details=WORKER, candidate={**LYU, "conflicts": ["B劳务"]})),
    ("no_conflict", True, "知道后请再查", dict(details={}, candidate={**LYU, "conflicts": ["B劳务"]})),
    ("three_years", True, "不是可能判", dict(**CHILD, candidate=LYU)),
    ("three_years", None, "还没有选人", dict(details=GRAVE)),
    ("three_years", True, "刑事辩护5年", dict(details=GRAVE, candidate=LYU)),
    ("three_years", False, "应当指派执业三年以上的律师；这位执业2年", dict(details=GRAVE, candidate={**LYU, "practice_years": 2})),
    ("three_years", False, "三年以上刑事辩护经历", dict(details=GRAVE, candidate={**LYU, "criminal_years": 2})),
    ("three_years", True, "3年", dict(details=GRAVE, candidate={**LYU, "practice_years": 3, "criminal_years": 3})),
    ("three_years", None, "请先录入", dict(details={"criminal_stage": "death_review"}, candidate={"kind": "lawyer"})),
    ("minor_skilled", True, "不是未成年人", dict(details=WORKER)),
    ("minor_skilled", None, "还没有选人", CHILD),
    ("minor_skilled", True, "熟悉", dict(**CHILD, candidate=LYU)),
    ("minor_skilled", False, "应当指派熟悉未成年人", dict(**CHILD, candidate={**LYU, "tags": []})),
    ("own_lawyer_respected", True, "已问过本人", CHILD),
    ("own_lawyer_respected", True, "会见时请问清", dict(details={})),
    ("own_lawyer_respected", False, "由本人确定", dict(details={"own_lawyer": True})),
    ("no_defender_at_all", True, "由值班律师", dict(details={}, matter="duty_help")),
    ("no_defender_at_all", False, "已委托辩护人", dict(details={"own_lawyer": True}, matter="duty_help")),
    ("no_defender_at_all", False, "已指派法律援助律师", dict(details={"aid_lawyer": True}, matter="duty_help")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words", "seen"), TABLE, ids=[f"{row[0]}-{n}" for n, row in enumerate(TABLE)])
def test_a_guard_says_why(name, answer, words, seen):
    verdict = GUARDS[name].test(facts(**seen))
    assert verdict.allowed is answer
    assert words in verdict.zh
    assert verdict.en.isprintable() and verdict.en != verdict.zh


@pytest.mark.parametrize("parameter", sorted(rules.LOCAL_TERMS))
def test_a_local_term_runs_only_where_the_city_set_it(parameter):
    guard = GUARDS[f"set_{parameter}"]
    unset = guard.test(facts({}))
    assert unset.allowed is False and parameter not in unset.zh + unset.en and "本地没有规定" in unset.zh
    found = guard.test(facts({}, parameters={parameter: Parameter("5 working days", "", "市规第三条")}))
    assert found.allowed is True and "5 working days（市规第三条）" in found.zh


def test_every_guard_is_in_the_table_with_a_yes_and_a_refusal():
    tabled = {row[0] for row in TABLE}
    local = {f"set_{name}" for name in rules.LOCAL_TERMS}
    assert set(GUARDS) == tabled | local
    for name in tabled:
        answers = {row[1] for row in TABLE if row[0] == name}
        assert True in answers and answers - {True}, name


def test_every_guard_has_a_sentence_in_both_languages():
    for guard in GUARDS.values():
        assert guard.zh and guard.en
