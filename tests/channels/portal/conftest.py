"""Residents at their phones: a browser, and the text messages that reach them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from fahui.casework.cases.models import Case
from fahui.casework.notices import senders
from fahui.foundation.accounts.scope import as_system
from tests.cast import Cast, assemble

COUNTY, TOWNSHIP = "511112000000", "511112101000"


class Phone:
    """What was texted, newest last."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []

    def __call__(self, phone: str, text: str, reference: str) -> str:
        """Take a text, as a gateway would."""
        self.texts.append((phone, text))
        return "test"

    @property
    def code(self) -> str:
        """The newest code."""
        return next(t.split("验证码")[1][:6] for _p, t in reversed(self.texts) if "验证码" in t)


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    """The gateway of this test."""
    made = Phone()
    monkeypatch.setitem(senders.SENDERS, "file", made)
    return made


@pytest.fixture
def staffed(db: None) -> Iterator[Cast]:
    """A house with staff; limits begin anew. Nothing is announced afterwards: each request announces its own reader."""
    cache.clear()
    with transaction.atomic(), as_system():
        made = assemble()
    yield made


@pytest.fixture
def browser(staffed: Cast) -> Client:
    """A resident's browser."""
    return Client()


def cases(**more: object) -> list[Case]:
    """Cases as the system sees them."""
    with transaction.atomic(), as_system():
        return list(Case.objects.filter(**more).select_related("applicant").order_by("id"))


def ask_question(browser: Client, facts: str = "邻居修围墙占了我家的地，怎么办", **you: str) -> str:
    """Fill in a question up to the check page. Returns the interview's address."""
    base = "/apply/consultation/question"
    assert browser.post(base, {"facts": facts}).status_code == 302
    browser.post(f"{base}/q/place", {"county": COUNTY})
    browser.post(f"{base}/q/you", {"for_whom": "self", **you})
    return base


def apply_for_aid(browser: Client, phone: str = "17000000021", **details: str) -> str:
    """Fill in a wage application up to the check page. Returns the interview's address."""
    base = "/apply/legal_aid/civil"
    known = {"applies_for": "self", "matter_kind": "wages", "still_working": "false", "left_on": "2026-06-18",
             "waiver_ground": "none", "exempt_group": "migrant_worker"} | details  # fmt: skip
    assert browser.post(base, known).status_code == 302
    browser.post(f"{base}/q/place", {"county": COUNTY})
    browser.post(f"{base}/q/township", {"township": TOWNSHIP})
    browser.post(f"{base}/q/you", {"name": "申请人乙", "phone": phone})
    browser.post(f"{base}/q/contact", {"may_call": "true", "may_text": "true"})
    return base
