"""What staff stumbled over when they walked the desk: whose turn it is, and which of several answers is wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fahui.casework.cases.actions import perform
from fahui.casework.cases.models import Case
from fahui.foundation import clock
from fahui.foundation.accounts.scope import as_system
from tests.cast import Cast, wage_claim
from tests.channels.desk.test_desk import at, revision, text


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False


def test_whoever_has_no_next_step_reads_whose_turn_it_is(cast: Cast):
    case = wage_claim(cast["clerk"])
    with as_system():
        perform(cast["reviewer"], case.pk, "accept")
    case = Case.objects.get(pk=case.pk)
    assert "下一步由法援审批人办" in text(at(cast, "reviewer").get(f"/desk/cases/{case.pk}"))
    assert "下一步由" not in text(at(cast, "approver").get(f"/desk/cases/{case.pk}"))


def test_the_cases_behind_a_warning_are_headed_by_how_many_they_are(cast: Cast):
    wage_claim(cast["clerk"])
    with clock.at(clock.now() + timedelta(days=30)):
        page = text(at(cast, "approver").get("/cockpit/behind/overdue"))
    assert "<h1>1件已超过法定或规定期限</h1>" in page


def test_two_wrong_answers_are_told_apart(cast: Cast):
    case = wage_claim(cast["clerk"])
    page = text(at(cast, "reviewer").post(f"/desk/cases/{case.pk}/do/hand_over", {"revision": revision(case)}))
    assert "“转给哪个法律援助机构”：请填写" in page and "“为什么由那里办理”：请填写" in page
