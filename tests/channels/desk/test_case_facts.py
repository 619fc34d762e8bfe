"""What is asked after an intake can be written down: the rules ask for it, so somebody must be able to answer them."""

from __future__ import annotations

from typing import Any

import pytest

from fahui.casework.cases.actions import perform
from fahui.casework.cases.models import Case
from fahui.casework.corrections.actions import correct
from fahui.foundation import clock
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from tests.cast import Cast, wage_claim
from tests.channels.desk.test_desk import at, text


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False


@pytest.fixture
def case(cast: Cast) -> Case:
    return wage_claim(cast["clerk"])


def again(case: Case) -> Case:
    with as_system():
        return Case.objects.get(pk=case.pk)


def test_what_the_rules_ask_for_is_written_down_and_they_ask_no_more(cast: Cast, case: Case):
    reviewer, url = at(cast, "reviewer"), f"/desk/cases/{case.pk}"
    page = text(reviewer.get(url))
    assert "请问清有没有自己请律师" in page and f'href="{url}/details"' in page
    form = text(reviewer.get(f"{url}/details"))
    assert "请问清有没有自己请律师" in form and 'name="other_side"' not in form
    posted = {"applies_for": "self", "matter_kind": "wages", "own_lawyer": "false", "revision": str(again(case).revision)}
    refused = reviewer.post(f"{url}/details", posted)
    assert refused.status_code == 422 and "请写明是怎么知道的" in text(refused)
    assert reviewer.post(f"{url}/details", posted | {"reason": "电话问的"}).status_code == 302
    page = text(reviewer.get(url))
    assert "请问清有没有自己请律师" not in page and "记下问到的、更正（" in page and "电话问的" in page
    stale = reviewer.post(f"{url}/details", posted | {"own_lawyer": "true", "reason": "电话问的"})
    assert stale.status_code == 409 and "刚刚被别人改动过" in text(stale) and again(case).details["own_lawyer"] is False


def test_it_is_on_record_what_changed_and_what_it_was_but_nothing_that_names_people(cast: Cast, case: Case):
    before = again(case).details
    correct(cast["reviewer"], case.pk, before | {"claim_fen": 99_900, "facts": "老板叫王五"}, "看了欠条")
    data = Event.objects.get(kind="case.corrected").data
    assert data["was"] == {"claim_fen": before["claim_fen"]} and data["reason"] == "看了欠条" and set(data["fields"]) == {"claim_fen", "facts"}
    assert "王五" not in str(data)


def test_a_minor_found_out_later_is_sealed_at_once(cast: Cast, case: Case):
    born = clock.today().replace(day=1).replace(year=clock.today().year - 15)
    correct(cast["reviewer"], case.pk, again(case).details | {"birth_date": born.isoformat()}, "看了户口簿")
    assert again(case).sealed and "minor" in again(case).flags


def test_only_who_works_on_an_open_case_and_nothing_while_a_second_person_decides(cast: Cast, case: Case):
    details = again(case).details
    with pytest.raises((Forbidden, Missing)):
        correct(cast["neighbour"], case.pk, details | {"own_lawyer": True}, "x")
    with pytest.raises(Invalid):
        correct(cast["reviewer"], case.pk, details, "没有变化")
    with pytest.raises(Invalid):
        correct(cast["reviewer"], case.pk, details | {"birth_date": "2999-01-01"}, "看错了")
    assert again(case).details == details
    with as_system():
        perform(cast["reviewer"], case.pk, "refuse", {"reason": "has_lawyer", "reason_text": "已自行委托律师。"})
    with pytest.raises(Conflict):
        correct(cast["reviewer"], case.pk, details | {"own_lawyer": True}, "电话问的")


def test_what_the_service_keeps_itself_is_not_taken_from_outside(cast: Cast, case: Case):
    correct(cast["reviewer"], case.pk, again(case).details | {"own_lawyer": False, "decided_on": "2020-01-01", "other_side": "别人"}, "电话问的")
    held = again(case).details
    assert held.get("decided_on") is None and held.get("other_side") == case.details.get("other_side")
    assert held["own_lawyer"] is False
