"""Who may have legal aid: scenarios a lawyer can read, with the words people get."""

# ruff: noqa: ANN001, ANN003, ANN201, ANN202, ANN204
from __future__ import annotations

import pytest

from fahui.casework.definitions.plugin import Parameter
from fahui.services.legal_aid.eligibility import ASSISTED, LISTED, assess, needs_means
from fahui.services.legal_aid.tests.cast import BOY, JIANGBEI, LIMITS, MABIAN, SHIZHONG, TENANT, WORKER, facts


def said(details, **more):
    """(result, the words of every step)."""
    found = assess(facts(details, **more))
    return found.result, " ".join(step.zh for step in found.steps)


def test_the_worker_of_j1_is_eligible_without_a_word_about_income():
    found = assess(facts(WORKER))
    assert found.result == "eligible"
    words = " ".join(step.zh for step in found.steps)
    assert "不问收入，不要证明" in words
    assert "仲裁时效至 2026-06-18，余 5 日" in words
    assert not {"LA-M-01", "LA-M-02", "LA-E-08"} & {step.rule_id for step in found.steps}
    assert "由审批人决定" in found.zh


def test_a_worker_who_said_only_five_things_gets_early_aid_and_is_asked_the_rest_later():
    five = {"matter_kind": "wages", "left_on": "2025-06-18", "claim_fen": 1_260_000, "group_size": 8, "other_side": "A建设"}
    found = assess(facts(five))
    assert found.result == "early_aid"
    assert "距期限不足七日" in found.zh and "手续和材料以后补" in found.zh


def test_the_steps_come_in_the_order_of_the_law():
    rules = [step.rule_id for step in assess(facts(TENANT)).steps]
    assert rules == ["LA-U-11", "LA-E-06", "LA-E-06", "LA-E-06", "LA-J-01", "LA-M-07", "LA-E-08", "LA-E-09", "LA-M-02"]


@pytest.mark.parametrize(
    ("change", "result", "words"),
    [
        ({}, "eligible", "低200.00元"),
        ({"household_income_fen": 900_000}, "not_eligible", "高于本地标准2,000.00元，高出1,000.00元"),
        ({"household_income_fen": 600_000}, "eligible", "不高于本地标准2,000.00元，低0.00元"),
        ({"household_income_fen": 600_001}, "not_eligible", "高于本地标准"),
        ({"household_income_fen": None}, "need_more", "每月一共收入多少；估计的数也可以"),
        ({"savings_fen": 5_000_001}, "not_eligible", "家庭财产50,000.01元，高于本地标准50,000.00元，高出0.01元"),
        ({"savings_fen": None}, "need_more", "存款和其他财产大约多少"),
        ({"commitment_signed": None}, "need_more", "不要让他去开证明"),
        ({"commitment_signed": None, "sharing_agreed": True}, "eligible", "通过信息共享核查"),
        ({"own_lawyer": True}, "not_eligible", "已经自己委托了律师"),
        ({"own_lawyer": None}, "need_more", "请问清有没有自己请律师"),
        ({"applies_for": None}, "need_more", "本人申请还是替别人申请"),
        ({"applies_for": "near_relative", "detained": True}, "eligible", "请记下代理关系"),
        ({"applies_for": "other_representative"}, "need_more", "法定代理人侵害权益"),
        ({"applies_for": "other_representative", "limited_capacity": True}, "eligible", "请记下代理关系"),
        ({"limited_capacity": True}, "need_more", "联系期间先收下申请"),
        ({"birth_date": "2009-03-02"}, "need_more", "请联系法定代理人"),
        ({"foreign_national": True}, "need_more", "请人工审查"),
        ({"matter_kind": None}, "need_more", "请问清是什么事"),
        ({"matter_kind": "consumer"}, "need_more", "还没有设定“本地补充的事项范围”"),
        ({"matter_kind": "consumer", "stage": "retrial", "organ_region": MABIAN}, "eligible", "已决定再审"),
        ({"waiver_ground": None, "exempt_group": None}, "need_more", "请问是不是英烈近亲属"),
        ({"waiver_ground": "abused"}, "eligible", "不看经济条件：遭受虐待、遗弃或者家庭暴力"),
        ({"waiver_ground": "hero_relative"}, "eligible", "英雄烈士近亲属"),
        ({"waiver_ground": "acquitted_on_retrial"}, "eligible", "再审改判无罪"),
        ({"matter_kind": "domestic_violence", "waiver_ground": None}, "eligible", "家庭暴力"),
        ({"exempt_group": "dibao"}, "eligible", "免予核查：低保家庭，由民政信息共享查询，不用开证明"),
        ({"exempt_group": "no_income_elderly"}, "eligible", "没有固定生活来源的老年人"),
        ({"exempt_group": "no_income_disabled"}, "eligible", "没有固定生活来源的残疾人"),
        ({"exempt_group": "migrant_worker"}, "need_more", "只有要工资或者工伤赔偿才免予核查"),
        ({"cause_region": SHIZHONG}, "refer", "不要让人再跑"),
        ({"cause_region": None}, "need_more", "事情发生在哪个区县"),
        ({"stage": "court", "organ_region": JIANGBEI}, "refer", "转过去"),
        ({"stage": "court", "organ_region": None}, "need_more", "办案机关在哪个区县"),
    ],
)  # fmt: skip
def test_civil_applications(change, result, words):
    found = said({**TENANT, **change})
    assert found[0] == result
    assert words in found[1]


def test_a_city_agency_takes_matters_of_its_counties():
    assert said({**TENANT, "cause_region": SHIZHONG}, region=511100000000)[0] == "eligible"


@pytest.mark.parametrize("kind", sorted(LISTED))
def test_every_listed_matter_is_covered_and_says_under_which_item(kind):
    assert f"属于第三十一条{LISTED[kind]}" in said({**TENANT, "matter_kind": kind})[1]


@pytest.mark.parametrize("group", sorted(ASSISTED))
def test_each_of_the_eight_kinds_of_social_assistance_is_exempt(group):
    assert len(ASSISTED) == 8
    found = assess(facts({**TENANT, "exempt_group": group}))
    assert [step.rule_id for step in found.steps][-1] == "LA-E-13"
    assert needs_means(facts({**TENANT, "exempt_group": group})) is False


def test_local_additions_extend_the_list_and_close_it():
    extra = LIMITS | {"aid_extra_matters": Parameter("consumer,land", "", "市法援补充事项")}
    assert "属于本地补充事项（市法援补充事项）" in said({**TENANT, "matter_kind": "land"}, parameters=extra)[1]
    assert said({**TENANT, "matter_kind": "contract"}, parameters=extra)[0] == "not_eligible"
    assert said({**TENANT, "matter_kind": "other"}, parameters=extra)[0] == "need_more"


def test_what_the_persons_record_tells_is_not_asked_again():
    known = {"_applicant": {"groups": ["migrant_worker"], "nationality": "CHN", "birth_date": None}}
    assert said({**WORKER, "exempt_group": None, **known})[0] == "eligible"
    foreign = {"_applicant": {"groups": [], "nationality": "VNM"}}
    assert "请人工审查" in said({**TENANT, **foreign})[1]


CRIMINAL = {"applies_for": "near_relative", "own_lawyer": False, "criminal_role": "suspect", "organ_region": MABIAN,
            "waiver_ground": "none", "exempt_group": "dibao", "detained": True}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "result", "words"),
    [
        ({}, "eligible", "犯罪嫌疑人、被告人没有委托辩护人，可以申请"),
        ({"criminal_role": "victim"}, "eligible", "被害人、自诉人、附带民事诉讼原告人"),
        ({"criminal_role": "prisoner"}, "need_more", "是不是已决定再审或者抗诉"),
        ({"criminal_role": "prisoner", "criminal_stage": "retrial"}, "eligible", "再审或者抗诉"),
        ({"criminal_role": None}, "need_more", "在案子里是什么人"),
        ({"exempt_group": "none", "other_reason": "同案人请光了本地律师"}, "eligible", "不看经济条件"),
        ({"own_lawyer": True}, "not_eligible", "已经自己委托"),
    ],
)
def test_criminal_applications(change, result, words):
    found = said({**CRIMINAL, **change}, matter="criminal")
    assert found[0] == result
    assert words in found[1]


def test_notified_defence_asks_no_means():
    found = assess(facts(BOY, matter="notified_defence"))
    assert found.result == "eligible"
    assert [step.rule_id for step in found.steps] == ["LA-X-05", "LA-U-05"]
    assert "不审查经济状况" in found.steps[0].zh


def test_nothing_known_is_never_a_refusal():
    for matter in ("civil", "criminal", "notified_defence"):
        found = assess(facts({}, matter=matter, parameters={}))
        assert found.result == "need_more"
        assert found.against == []
        assert all(step.zh and step.en and step.basis for step in found.steps)
