"""What is due to providers is seen together, and recorded as paid once, by whoever may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from fahui.casework.funding.actions import mark_paid
from fahui.casework.funding.models import Subsidy
from fahui.foundation import clock
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Conflict, Forbidden, Invalid
from tests.cast import PASSWORD, Cast, wage_claim


@pytest.fixture
def due(cast: Cast) -> list[Subsidy]:
    return [
        Subsidy.objects.create(case=wage_claim(cast["clerk"]), practitioner=cast.lawyers["lawyer"], kind="aid", amount_fen=180_000,
                               source="川财规〔2025〕9号", due_since=clock.now() - timedelta(days=n))
        for n in range(2)
    ]  # fmt: skip


def test_a_payment_is_recorded_for_several_at_once_and_stands_in_each_case(cast: Cast, due: list[Subsidy]):
    assert mark_paid(cast["approver"], [s.pk for s in due], clock.today(), "2026-1101") == 2
    assert set(Subsidy.objects.values_list("status", "payment")) == {("paid", "2026-1101")}
    assert Event.objects.filter(kind="subsidy.paid", case_id__in=[s.case_id for s in due]).count() == 2


def test_all_or_none_and_never_twice(cast: Cast, due: list[Subsidy]):
    mark_paid(cast["approver"], [due[0].pk], clock.today(), "2026-1101")
    with pytest.raises(Conflict):
        mark_paid(cast["approver"], [s.pk for s in due], clock.today(), "2026-1102")
    assert Subsidy.objects.get(pk=due[1].pk).status == "due"


@pytest.mark.parametrize("who", ["clerk", "leader", "lawyer", "agent"])
def test_others_record_no_payment(cast: Cast, due: list[Subsidy], who: str):
    with pytest.raises(Forbidden):
        mark_paid(cast[who], [due[0].pk], clock.today(), "2026-1101")


def test_what_is_missing_is_named(cast: Cast, due: list[Subsidy]):
    with pytest.raises(Invalid) as refused:
        mark_paid(cast["approver"], [], clock.today() + timedelta(days=1), " ")
    assert set(refused.value.fields) == {"subsidy", "payment", "paid_on"}


def test_the_page_lists_what_is_due_and_what_was_paid(cast: Cast, due: list[Subsidy], client: Client, settings, django_assert_max_num_queries):
    settings.STAFF_MFA_REQUIRED = False
    assert client.login(username="t-approver", password=PASSWORD)
    with django_assert_max_num_queries(16):
        page = client.get("/desk/subsidies").content.decode()
    assert "共 2 笔" in page and "3,600" in page
    wrong = client.post("/desk/subsidies", {"paid_on": "昨天", "subsidy": due[0].pk})
    assert wrong.status_code == 422 and "发放日期不对" in wrong.content.decode()
    done = client.post("/desk/subsidies", {"paid_on": clock.today().isoformat(), "payment": "2026-1101", "subsidy": [s.pk for s in due]})
    assert done.status_code == 302
    assert "没有待发放的补贴" in client.get("/desk/subsidies").content.decode()
    assert "2026-1101" in client.get("/desk/subsidies?status=paid").content.decode()


def test_a_neighbouring_countys_subsidies_are_not_there(cast: Cast, due: list[Subsidy], client: Client, settings):
    settings.STAFF_MFA_REQUIRED = False
    assert client.login(username="t-neighbour", password=PASSWORD)
    assert client.get("/desk/subsidies").status_code == 403
