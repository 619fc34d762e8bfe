"""Limitations, early aid and other people's limits, at their boundaries."""

# ruff: noqa: ANN001, ANN003, ANN201, ANN202, ANN204
from __future__ import annotations

import re
from datetime import date

import pytest

from fahui.casework.definitions.plugin import Parameter
from fahui.foundation.worktime.rules import full_years
from fahui.services.legal_aid.flags import intake_flags
from fahui.services.legal_aid.limits import (
    forwarding,
    labour_limitation,
    limitation,
    organ_notice,
    remedies,
    told_of_own_lawyer,
)
from fahui.services.legal_aid.means import FACTOR, income_limit, income_step, property_step
from fahui.services.legal_aid.subsidy import subsidy
from fahui.services.legal_aid.tests.cast import BOY, TENANT, WORKER, at, facts
from fahui.services.legal_aid.values import is_minor, names_in, same_agency


def names(details, **more):
    return [flag.name for flag in intake_flags(facts(details, **more))]


@pytest.mark.parametrize(
    ("left_on", "words", "flagged"),
    [
        ("2025-06-18", "仲裁时效至 2026-06-18，余 5 日", True),
        ("2025-06-19", "仲裁时效至 2026-06-19，余 6 日", True),
        ("2025-06-20", "仲裁时效至 2026-06-20，余 7 日", False),
        ("2025-06-21", "仲裁时效至 2026-06-21，余 8 日", False),
        ("2025-06-25", "仲裁时效至 2026-06-25，余 12 日", False),
        ("2025-06-13", "仲裁时效至 2026-06-13，余 0 日", True),
        ("2025-06-12", "仲裁时效至 2026-06-12，按现有日期已过 1 日；如果其间要过钱", False),
    ],
)
def test_one_year_from_leaving_and_fewer_than_seven_days(left_on, words, flagged):
    details = {**WORKER, "left_on": left_on}
    found = labour_limitation(facts(details))
    assert words in found.zh
    assert found.basis == ("劳动争议调解仲裁法第二十七条",)
    assert found.pressing is flagged
    assert ("early_aid_possible" in names(details)) is flagged


def test_a_leap_day_ends_on_the_last_day_of_february():
    found = labour_limitation(facts({**WORKER, "left_on": "2024-02-29"}, now="2025-02-25T09:00"))
    assert found.until == date(2025, 2, 28)


def test_wages_of_a_running_employment_have_no_limitation():
    found = labour_limitation(facts({**WORKER, "still_working": True}))
    assert found.until is None and not found.pressing
    assert "不受一年仲裁时效限制" in found.zh


def test_an_unknown_day_is_asked_for():
    assert "请问清哪天离开的" in labour_limitation(facts({"matter_kind": "wages"})).zh
    assert "请问清哪天知道权利受到侵害" in labour_limitation(facts({"matter_kind": "work_injury"})).zh
    assert labour_limitation(facts({"matter_kind": "support"})) is None
    assert labour_limitation(facts({**WORKER, "stage": "arbitration"})) is None


def test_the_nearest_written_deadline_counts_too():
    details = {**TENANT, "deadline_on": "2026-06-16", "deadline_what": "不服判决，上诉"}
    found = limitation(facts(details))
    assert found.zh == "不服判决，上诉至 2026-06-16，余 3 日"
    assert "early_aid_possible" in names(details)
    both = limitation(facts({**WORKER, "deadline_on": "2026-06-14"}))
    assert both.days_left == 1
    assert limitation(facts(TENANT)) is None


@pytest.mark.parametrize(
    ("by", "asked", "kept", "rule"),
    [
        ("duty_lawyer", "2026-06-11T09:40:00+08:00", True, "DL-T-01"),
        ("detention_centre", "2026-06-10T10:05:00+08:00", True, "LA-T-05"),
        ("detention_centre", "2026-06-10T10:04:00+08:00", False, "LA-T-05"),
        ("police", "2026-06-09T09:00:00+08:00", False, "LA-T-05"),
        ("procuratorate", "2026-06-11T09:00:00+08:00", True, "LA-T-05"),
        ("prison", "2026-06-11T09:00:00+08:00", True, "LA-T-05"),
    ],
)
def test_twenty_four_hours_to_forward(by, asked, kept, rule):
    case = facts({"forwarded_by": by, "forwarded_from_at": asked}, now="2026-06-11T10:05", matter="criminal")
    found = forwarding(case)
    assert (found.kept, found.rule_id) == (kept, rule)
    assert ("超过二十四小时" in found.zh) is not kept
    assert ("forwarded_late" in [flag.name for flag in intake_flags(case)]) is not kept
    more = {"police": "公安机关办理刑事案件程序规定第四十七条", "procuratorate": "人民检察院刑事诉讼规则第四十三条",
            "prison": "监狱法第三十条"}  # fmt: skip
    assert more.get(by, "法律援助法第三十九条") in found.basis


def test_forwarding_without_a_time_is_a_question():
    assert forwarding(facts({})) is None
    assert forwarding(facts({"forwarded_by": "prison"})).kept is None


@pytest.mark.parametrize(
    ("organ", "found_on", "kept", "rule"),
    [("police", "2026-06-08", True, "LA-T-10"), ("police", "2026-06-07", False, "LA-T-10"),
     ("procuratorate", "2026-06-10", True, "LA-T-14"), ("court", "2026-06-01", False, "LA-T-03")],
)  # fmt: skip
def test_three_days_to_notify(organ, found_on, kept, rule):
    case = facts({**BOY, "organ": organ, "situation_found_on": found_on}, matter="notified_defence")
    found = organ_notice(case)[0]
    assert (found.rule_id, found.kept) == (rule, kept)
    assert ("已超期" in found.zh) is not kept


@pytest.mark.parametrize(("hearing", "kept"), [("2026-06-26T09:00:00+08:00", True), ("2026-06-25T09:00:00+08:00", False)])
def test_fifteen_days_before_the_hearing(hearing, kept):
    details = {**BOY, "organ": "court", "situation_found_on": None, "hearing_at": hearing}
    (found,) = organ_notice(facts(details, matter="notified_defence"))
    assert (found.rule_id, found.kept) == ("LA-T-07", kept)
    summary = {**details, "ordinary_procedure": False}
    assert organ_notice(facts(summary, matter="notified_defence")) == []
    assert organ_notice(facts(details, matter="civil")) == []


def test_the_police_tell_of_an_own_lawyer_within_three_days():
    told = {"told_on": "2026-06-10", "organ_told_on": "2026-06-13"}
    assert told_of_own_lawyer(facts({}, payload=told)).kept is True
    assert told_of_own_lawyer(facts({}, payload={**told, "organ_told_on": "2026-06-14"})).kept is False
    assert told_of_own_lawyer(facts({}, payload={})) is None


def test_remedies_after_the_bureau_upheld():
    found = remedies(date(2026, 6, 18))
    assert found.reconsider_until == date(2026, 8, 17)
    assert found.sue_until == date(2026, 12, 18)
    assert "在 2026-08-17 以前申请行政复议，或者在 2026-12-18 以前向人民法院提起行政诉讼" in found.zh
    assert "十五日内可以起诉" in found.zh
    assert found.basis == ("法律援助法第四十九条", "行政复议法第二十条", "行政诉讼法第四十六条")
    assert remedies(date(2026, 8, 31)).sue_until == date(2027, 2, 28)


def test_the_income_limit_comes_from_the_city_or_names_what_is_missing():
    assert income_limit({}) == "means_income_limit_fen_per_month"
    factor = {"means_income_factor_of_dibao": Parameter(2, "倍", "皖司通")}
    assert income_limit(factor) == "dibao_fen_per_month"
    limit, source = income_limit(factor | {"dibao_fen_per_month": Parameter(74_500, "fen", "民政〔2026〕")})
    assert limit == 149_000
    assert source == "皖司通；低保标准745.00元×2，民政〔2026〕"


def test_the_property_limit_per_head_and_none_at_all():
    per_head = {"means_property_limit_fen": Parameter(300_000, "fen per person", "本地")}
    assert property_step(facts(TENANT, parameters=per_head)).ok is False
    assert "高出1,000.00元" in property_step(facts(TENANT, parameters=per_head)).zh
    no_limit = {"means_property_limit_fen": Parameter("不设", "", "本地")}
    assert property_step(facts({}, parameters=no_limit)).ok is True
    assert "还没有设定“家庭财产标准" in property_step(facts(TENANT, parameters={})).zh
    nobody = facts({**TENANT, "household_members": None}, parameters=per_head)
    assert property_step(nobody).ok is None


def test_a_subsidy_is_never_invented():
    missing = subsidy(facts({}), "labour")
    assert missing.fen is None and missing.verdict.allowed is None
    assert "补贴标准还没有设定" in missing.verdict.zh
    rate = {"subsidy_fen_labour": Parameter(180_000, "fen", "川司法发〔2025〕3号")}
    found = subsidy(facts({}, parameters=rate), "labour")
    assert found.fen == 180_000
    assert found.verdict.zh == "“劳动争议调解与仲裁代理”补贴1,800.00元，免征增值税和个人所得税（川司法发〔2025〕3号）"
    with pytest.raises(ValueError):
        subsidy(facts({}), "nonsense")


@pytest.mark.parametrize(
    ("details", "matter", "flags"),
    [
        (WORKER, "civil", ["early_aid_possible", "wage_fast_lane", "group_matter"]),
        (BOY, "notified_defence", ["minor", "detained"]),
        ({**BOY, "possible_life_or_death": True}, "notified_defence", ["life_or_death", "minor", "detained"]),
        ({"matter_kind": "domestic_violence"}, "civil", ["domestic_violence", "means_waived"]),
        ({"priority_group": "service_member"}, "civil", ["priority_military"]),
        ({"priority_group": "veteran"}, "civil", ["veteran"]),
        ({"access_needs": ["sign_language"]}, "civil", ["access_needs"]),
        ({"foreign_national": True}, "civil", ["manual_review"]),
        ({"preservation_needed": True}, "civil", ["early_aid_possible"]),
        ({}, "civil", []),
    ],
)
def test_intake_flags(details, matter, flags):
    assert names(details, matter=matter) == flags


@pytest.mark.parametrize(
    ("matter", "born", "minor"),
    [
        ("civil", "2008-06-13", False), ("civil", "2008-06-14", True),
        ("criminal", "2008-06-12", False), ("criminal", "2008-06-13", True), ("notified_defence", "2008-06-13", True),
        ("duty_help", "2008-02-29", False),
    ],
)  # fmt: skip
def test_eighteen_is_reached_on_the_birthday_and_before_a_court_on_the_day_after(matter, born, minor):
    assert is_minor(facts({"birth_date": born}, matter=matter)) is minor


def test_small_helpers_read_what_people_write():
    assert names_in("A建设、B劳务；C\n D ") == ["A建设", "B劳务", "C", "D"]
    assert full_years(date(2008, 6, 14), date(2026, 6, 13)) == 17
    assert full_years(date(2008, 6, 13), date(2026, 6, 13)) == 18
    assert same_agency(511133100000, 511133000000) and not same_agency(511133000000, 511102000000)
    assert at("2026-06-13T19:42").isoformat() == "2026-06-13T19:42:00+08:00"


@pytest.mark.parametrize("given", [{}, {FACTOR: Parameter(2, "", "市规")}], ids=["nothing set", "only the factor"])
def test_what_the_city_has_not_set_is_named_in_plain_words(given):
    told = [income_step(facts(TENANT, parameters=given)), property_step(facts(TENANT, parameters=given))]
    for step in told:
        assert step.ok is None and "本地标准" in step.zh
        assert not re.search(r"[a-z]+_[a-z_]+", step.zh + step.en), "people read names, not keys"
