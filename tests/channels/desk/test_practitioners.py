"""Which account is whose: tying a practitioner to one, what it then sees, and parting them again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fahui.casework.cases.actions import perform
from fahui.casework.cases.models import CaseAccess
from fahui.foundation import clock
from fahui.foundation.accounts.models import User
from fahui.foundation.audit.models import Event
from fahui.foundation.people.models import Practitioner
from tests.cast import NEIGHBOUR, Cast, wage_claim
from tests.channels.desk.test_desk import at, text

LIST = "/desk/admin/practitioners"


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False


def page_of(cast: Cast, name: str = "lawyer") -> str:
    return f"{LIST}/{cast.lawyers[name].pk}"


def test_the_list_finds_people_and_says_who_has_no_account(cast: Cast):
    Practitioner.objects.filter(pk=cast.lawyers["lawyer_b"].pk).update(user=None)
    admin = at(cast, "admin")
    page = text(admin.get(LIST))
    assert page_of(cast) in page and page_of(cast, "lawyer_b") in page and "没有账号" in page
    assert page_of(cast) not in text(admin.get(f"{LIST}?untied=true")) and page_of(cast, "lawyer_b") in text(admin.get(f"{LIST}?untied=true"))
    assert page_of(cast, "lawyer_b") not in text(admin.get(f"{LIST}?name=T-lawyer"))
    assert admin.get(f"{LIST}?name=%00").status_code == 200


def test_a_lawyer_tied_to_an_account_sees_what_was_offered_before_and_nothing_after_parting(cast: Cast):
    lawyer = cast.lawyers["lawyer"]
    Practitioner.objects.filter(pk=lawyer.pk).update(user=None)
    case = wage_claim(cast["clerk"])
    perform(cast["approver"], case.pk, "give_early_aid", {"ground": "limitation", "reason_text": "仲裁时效快到了，先派律师申请。",
                                                          "deadline_on": f"{clock.today() + timedelta(days=5)}"})  # fmt: skip
    perform(cast["approver"], case.pk, "assign", {"practitioner_id": lawyer.pk, "reason_if_not_first": "熟悉"})
    assert at(cast, "lawyer").get(f"/desk/cases/{case.pk}").status_code == 404
    admin = at(cast, "admin")
    assert admin.post(page_of(cast), {"do": "tie", "username": " T-LAWYER "}).status_code == 302
    assert at(cast, "lawyer").get(f"/desk/cases/{case.pk}").status_code == 200
    assert case.tracking_number in text(at(cast, "lawyer").get("/desk/offered")).replace("-", "")
    assert admin.post(page_of(cast), {"do": "untie"}).status_code == 302
    assert at(cast, "lawyer").get(f"/desk/cases/{case.pk}").status_code == 404
    assert not CaseAccess.objects.filter(user=cast.users["lawyer"]).exists()
    told = Event.objects.filter(kind__startswith="practitioner.", about=f"user:{cast.users['lawyer'].pk}")
    assert [event.kind for event in told.order_by("id")] == ["practitioner.tied", "practitioner.untied"]


@pytest.mark.parametrize(("username", "status", "words"), [
    ("", 422, "请写登录名"), ("t-nobody", 422, "先建账号"), ("t-resident", 422, "先建账号"), ("t-lawyer_b", 409, "另一位人员"),
])  # fmt: skip
def test_a_wrong_account_is_refused_and_what_was_written_stays(cast: Cast, username: str, status: int, words: str):
    Practitioner.objects.filter(pk=cast.lawyers["lawyer"].pk).update(user=None)
    answer = at(cast, "admin").post(page_of(cast), {"do": "tie", "username": username})
    assert answer.status_code == status and words in text(answer)
    assert Practitioner.objects.get(pk=cast.lawyers["lawyer"].pk).user_id is None


def test_only_an_administrator_of_the_place_ties(cast: Cast):
    Practitioner.objects.filter(pk=cast.lawyers["lawyer"].pk).update(user=None)
    order = {"do": "tie", "username": "t-lawyer"}
    assert at(cast, "leader").post(page_of(cast), order).status_code == 403  # looks, but does not tie
    assert at(cast, "clerk").get(page_of(cast)).status_code == 403
    User.objects.get(pk=cast.users["admin"].pk).posts.update(region_code=NEIGHBOUR)
    assert at(cast, "admin").post(page_of(cast), order).status_code in (403, 404)
    assert Practitioner.objects.get(pk=cast.lawyers["lawyer"].pk).user_id is None


def test_an_account_without_the_post_is_pointed_out(cast: Cast):
    assert "没有“值班律师”岗位" not in text(at(cast, "admin").get(page_of(cast)))
    cast.users["lawyer"].posts.all().delete()
    assert "没有“值班律师”岗位" in text(at(cast, "admin").get(page_of(cast)))
