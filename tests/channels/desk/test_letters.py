"""A letter is checked before it is issued: a citation that fails is shown, and going on takes a second click on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from fahui.casework.cases.models import Case
from fahui.casework.documents.models import IssuedDocument
from fahui.channels.desk.letters import doubts
from fahui.foundation import clock
from fahui.foundation.audit.models import Event
from tests.cast import Cast, wage_claim


@pytest.fixture
def case(cast: Cast) -> Case:
    return wage_claim(cast["clerk"])


def reviewer(cast: Cast, settings: Any) -> Client:
    settings.STAFF_MFA_REQUIRED = False
    client = Client()
    client.force_login(cast.users["reviewer"], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def answers(text: str) -> dict[str, str]:
    return {"missing": text, "due_on": (clock.today() + timedelta(days=10)).isoformat()}


def letter(client: Client, case: Case, text: str, **more: str) -> Any:
    form = client.get(f"/desk/cases/{case.pk}/do/ask_more")
    assert form.status_code == 200, form.content.decode()[:400]
    return client.post(f"/desk/cases/{case.pk}/do/ask_more", answers(text) | more)


def issued(case: Case) -> bool:
    return IssuedDocument.objects.filter(case=case, document="supplement_notice").exists()


def test_a_failing_citation_waits_for_a_second_click_that_is_recorded(cast: Cast, case: Case, settings: Any):
    client = reviewer(cast, settings)
    first = letter(client, case, "请按《法律援助法》第四百条补充。")
    assert first.status_code == 409
    shown = first.content.decode()
    assert "有引文核对不上" in shown and "没有第四百条" in shown and "请按《法律援助法》第四百条补充。" in shown
    assert not issued(case)
    token = first.context["doubts"].token
    other = letter(client, case, "请按《法律援助法》第五百条补充。", citations_seen=token)
    assert other.status_code == 409  # the second click is for what was seen, not for anything else
    done = letter(client, case, "请按《法律援助法》第四百条补充。", citations_seen=token)
    assert done.status_code == 302, done.content.decode()[:2000]
    assert issued(case)
    (kept,) = Event.objects.filter(case_id=case.pk, kind="citations.passed")
    assert kept.data == {"action": "ask_more", "count": 1, "kinds": ["no_such_article"]}
    assert "1处引文核对不上" in client.get(f"/desk/cases/{case.pk}").content.decode()


def test_a_letter_without_a_fault_goes_at_once(cast: Cast, case: Case, settings: Any):
    client = reviewer(cast, settings)
    assert letter(client, case, "请按《法律援助法》第四十一条补充工资条。").status_code == 302
    assert not Event.objects.filter(kind="citations.passed").exists()


@pytest.mark.parametrize(
    ("text", "failing"),
    [("民法典第五百条", 0), ("Article 9999 of the Civil Code", 1), ("Article 1076 of the Civil Code", 0), ("start the party", 0), ("《没有的法》第一条", 1), ("三条意见", 0), ("", 0), ("民法典第十十条", 1), ("《诉讼费用交纳办法》第四十七条", 0)],
)
def test_what_is_in_doubt(db: None, text: str, failing: int):
    found = doubts({"note": text, "count": 3, "flag": True, "list": ["《没有的法》第一条"]})
    assert len(found.failing) == failing
    assert found.accepted("") is (failing == 0)
    assert found.accepted(found.token)
