"""Whoever opens a matter where somebody may be in danger reads first what was heard and what to do, until it is dealt with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast
from tests.channels.desk.test_desk import at, text
from tests.services.test_consultation_flow import ask, do

SCRIPT = "先问：您现在安全吗，对方在不在旁边？"


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False


def test_the_page_of_a_matter_says_what_was_heard_and_what_to_do_until_it_is_dealt_with(cast: Cast):
    case = ask(cast["agent"], details={"facts": "他说再敢报警就杀了我全家。"})
    assert case.flags == ["alarm_threat"]
    for who, address in (("agent", f"/desk/cases/{case.pk}"), ("lead", f"/desk/cases/{case.pk}"), ("agent", f"/desk/hotline/{case.pk}")):
        page = text(at(cast, who).get(address))
        assert "听到“" in page and SCRIPT in page and 'class="panel alarm" role="alert"' in page, (who, address)
        assert page.index(SCRIPT) < page.index("想问什么" if address.startswith("/desk/hotline") else "现在能做什么")
    do(cast["lead"], case, "close_alarm", done="已打110，人已安全")
    for address in (f"/desk/cases/{case.pk}", f"/desk/hotline/{case.pk}"):
        assert SCRIPT not in text(at(cast, "agent").get(address))


def test_an_alarm_nobody_wrote_down_is_said_to_stand(cast: Cast):
    case = do(cast["agent"], ask(cast["agent"]), "raise_alarm", kind="suicide")
    assert "警报还没有解除：可能是“想轻生”" in text(at(cast, "lead").get(f"/desk/cases/{case.pk}"))


def test_an_ordinary_matter_has_no_such_words(cast: Cast):
    assert 'class="panel alarm"' not in text(at(cast, "agent").get(f"/desk/cases/{ask(cast['agent']).pk}"))


def test_it_is_said_in_english_too(cast: Cast):
    case = do(cast["agent"], ask(cast["agent"]), "raise_alarm", kind="suicide")
    lead = at(cast, "lead")
    lead.cookies["fahui_lang"] = "en"
    page = text(lead.get(f"/desk/cases/{case.pk}"))
    assert "An alarm stands: risk of suicide." in page and "Stay on the line and let them talk" in page and "不挂电话" not in page
