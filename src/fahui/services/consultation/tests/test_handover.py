"""What legal aid receives from a consultation: everything known, nothing invented."""

# ruff: noqa: ANN201
from __future__ import annotations

from fahui.services.consultation.rules import to_legal_aid
from fahui.services.consultation.tests.cast import WORKER


def test_the_five_fields_of_a_wage_call_fill_the_application():
    matter, found = to_legal_aid({**WORKER, "facts": "老板不给工钱"}, "wages", ["migrant_worker"])
    assert matter == "civil"
    assert found == {
        "applies_for": "self", "matter_kind": "wages", "claim_fen": 8_640_000, "work_site": "滨江二期",
        "other_side": "B劳务公司", "still_working": False, "left_on": "2025-06-18", "group_matter": True,
        "group_size": 8, "waiver_ground": "none", "exempt_group": "migrant_worker",
        "facts": "老板不给工钱\n欠款人：B劳务公司。\n8人被欠。\n其中本人12,600.00元。\n2025年6月18日离开。",
    }  # fmt: skip


def test_unknown_answers_stay_out():
    assert to_legal_aid({}, "wages") == ("civil", {"applies_for": "self", "matter_kind": "wages"})
    assert to_legal_aid({"facts": "借钱不还"}, "question") == ("civil", {"applies_for": "self", "facts": "借钱不还"})


def test_a_day_of_leaving_does_not_go_with_somebody_who_still_works_there():
    _, found = to_legal_aid({**WORKER, "still_working": True}, "wages")
    assert found["still_working"] is True and "left_on" not in found


def test_one_worker_is_no_group():
    _, found = to_legal_aid({"people": 1}, "wages")
    assert found["group_matter"] is False and "group_size" not in found


def test_violence_waives_means_and_safe_contact_goes_along():
    _, found = to_legal_aid({"violence": True, "may_text": False, "safe_words": "打错了", "facts": "被打"}, "family")
    assert found["matter_kind"] == "domestic_violence" and found["waiver_ground"] == "abused"
    assert found["safe_contact"] == "不要发短信；不方便时本人会说：打错了"


def test_a_divorce_without_violence_waives_nothing():
    _, found = to_legal_aid({"violence": False}, "family")
    assert found == {"applies_for": "self", "matter_kind": "marriage"}


def test_land_goes_with_its_papers():
    _, found = to_legal_aid({"facts": "围墙占地", "papers": "经营权证"}, "land")
    assert found["matter_kind"] == "land" and found["facts"] == "围墙占地\n手里有：经营权证。"
