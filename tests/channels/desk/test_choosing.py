"""An institution is chosen by typing, however many there are: none is left out, and what is not found is said."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from fahui.casework.cases.models import Case, Referral
from fahui.casework.notices.models import Outgoing
from fahui.foundation.accounts.models import Post, User
from fahui.foundation.people.models import Institution, Practitioner
from fahui.foundation.regions.queries import within
from tests.cast import CITY, COUNTY, NEIGHBOUR, Cast, wage_claim
from tests.channels.desk.test_desk import at, text
from tests.services.test_consultation_flow import ORDER, ask

CHOICES = "/desk/choices"


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False


@pytest.fixture
def many(cast: Cast) -> list[Institution]:
    """As a city has them: a committee in every village."""
    return Institution.objects.bulk_create(
        Institution(code=f"T-{number:04d}", name=f"{number}村人民调解委员会", kind="peoples_mediation_committee", region_code=COUNTY, source="t")
        for number in range(400)
    )


def offered(client: Client, text: str, **more: str) -> list[str]:
    return [one["value"] for one in client.get(CHOICES, {"what": "institution", "q": text, **more}).json()["items"]]


def test_what_may_be_meant_is_offered(cast: Cast, many: list[Institution]):
    clerk = at(cast, "clerk")
    assert offered(clerk, "399村") == ["399村人民调解委员会（T-0399）"]
    assert offered(clerk, "t-0398") == ["398村人民调解委员会（T-0398）"]
    assert len(offered(clerk, "村人民调解")) == 8 and offered(clerk, "") == []
    who = Practitioner.objects.filter(active=True).first()
    assert who is not None
    found = clerk.get(CHOICES, {"what": "practitioner", "q": who.name})
    assert f"{who.name}（{who.licence}）" in [one["value"] for one in found.json()["items"]] and found["Cache-Control"] == "no-store"


def test_only_where_somebody_works_is_offered_for_a_referral(cast: Cast, many: list[Institution]):
    clerk, name = at(cast, "clerk"), cast.institutions["aid_neighbour"].name
    assert offered(clerk, name, staffed="1") == offered(clerk, name) != []
    assert offered(clerk, "399村", staffed="1") == []
    User.objects.filter(name="neighbour").update(is_active=False)
    assert offered(clerk, name, staffed="1") == []


def test_places_stand_in_the_order_of_their_codes(cast: Cast, newest_first: None):
    codes = list(within(CITY, level=4).values_list("code", flat=True))
    assert len(codes) > 9 and codes == sorted(codes)


def test_nothing_else_is_offered_and_nobody_else_asks(cast: Cast):
    assert at(cast, "clerk").get(CHOICES, {"what": "party", "q": "王"}).status_code == 404
    assert Client().get(CHOICES, {"what": "institution", "q": "司"}).status_code == 302


def test_a_post_is_given_in_whichever_institution(cast: Cast, many: list[Institution]):
    admin, url = at(cast, "admin"), f"/desk/admin/accounts/{cast.users['clerk'].pk}"
    post = {"do": "give", "role": "justice_office", "region": COUNTY, "service": "*"}
    assert admin.post(url, {**post, "institution": "399村人民调解委员会（T-0399）"}).status_code == 302
    assert Post.objects.get(user=cast.users["clerk"], role="justice_office").institution == many[399]
    wrong = admin.post(url, {**post, "institution": "村人民调解"})
    assert wrong.status_code == 422 and "有好几个" in text(wrong) and 'value="村人民调解"' in text(wrong)
    Institution.objects.filter(pk=many[0].pk).update(active=False)
    assert "已经停用" in text(admin.post(url, {**post, "institution": "T-0000"}))
    assert Post.objects.filter(user=cast.users["clerk"]).count() == 2


def refer(client: Client, case: Case, to: str) -> str:
    address = f"/desk/cases/{case.pk}/refer"
    return text(client.post(address, {"institution": to, "kind": "transfer", "reason": "办案机关在那边"}, follow=True))


def test_a_case_is_referred_to_an_institution_by_its_name(cast: Cast, many: list[Institution]):
    case, clerk = wage_claim(cast["clerk"]), at(cast, "clerk")
    page = text(clerk.get(f"/desk/cases/{case.pk}"))
    assert f'data-offers="{CHOICES}?what=institution&amp;staffed=1"' in page
    assert "没有找到" in refer(clerk, case, "没有这个所") and "请选择接收机构" in refer(clerk, case, "")
    assert "没有人看到" in refer(clerk, case, many[7].name)  # nobody there could answer
    assert not Referral.objects.exists()
    refer(clerk, case, cast.institutions["aid_neighbour"].name)
    assert Referral.objects.get().to_institution == cast.institutions["aid_neighbour"]
    assert cast.institutions["aid_neighbour"].region_code == NEIGHBOUR


def test_an_order_names_an_office_that_is_found(cast: Cast, many: list[Institution]):
    case = ask(cast["agent"], "question")
    agent, address = at(cast, "agent"), f"/desk/cases/{case.pk}/do/make_order"
    assert f'data-offers="{CHOICES}?what=institution"' in text(agent.get(address))
    wrong = agent.post(address, {**ORDER, "order_institution": "没有这个所"})
    assert wrong.status_code == 422 and "没有找到" in text(wrong) and 'value="没有这个所"' in text(wrong)
    nobody = agent.post(address, {**ORDER, "order_institution": "399村人民调解委员会"})
    assert nobody.status_code == 422 and "没有人能在这里接办" in text(nobody) and 'value="399村人民调解委员会"' in text(nobody)
    assert Case.objects.get(pk=case.pk).state == "registered"
    office = cast.institutions["bureau"]
    assert agent.post(address, {**ORDER, "order_institution": office.name}).status_code == 302
    people = Post.objects.filter(institution=office, role__in=["justice_office", "bureau_officer", "duty_lawyer", "window_clerk"])
    told = Outgoing.objects.filter(case_id=case.pk, text__contains="交给贵单位办").values_list("user_id", flat=True)
    assert set(told) == set(people.values_list("user_id", flat=True)) != set()
