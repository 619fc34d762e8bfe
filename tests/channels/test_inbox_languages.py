"""What somebody was told is read in the language they read in, also when it was told before they chose it."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from string import Formatter
from typing import Any

import pytest
from django.test import Client

from fahui.casework.cases.models import Case
from fahui.casework.companions.actions import answer_referral, answer_urge, hand_to, refer, urge, write_message
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.definitions.loader import services
from fahui.casework.handback import actions as handback
from fahui.casework.notices.models import Outgoing
from fahui.casework.tasks import sweep_deadlines
from fahui.channels.portal.actions import find_own_cases
from fahui.foundation import clock
from fahui.foundation.accounts.actions import resident_of, set_active
from fahui.foundation.accounts.models import Post, User
from fahui.foundation.accounts.scope import as_system, reading_as
from fahui.foundation.people.queries import phone_of
from tests.cast import Cast, wage_claim

_HAN = re.compile(r"[㐀-鿿]")
_NAMES = ["number", "state", "due", "time", "person", "phone", "place", "link"]


@pytest.mark.parametrize("service", sorted(services()))
def test_every_notice_says_the_same_in_both_languages(service: str):
    for notice in services()[service].definition.notices:
        zh, en = ({name for _text, name, _spec, _how in Formatter().parse(text) if name} for text in (notice.text.zh, notice.text.en))
        assert en <= set(_NAMES) and zh & {"number", "due", "link"} == en & {"number", "due", "link"}, notice.id
        assert not _HAN.search(notice.text.en.format(**dict.fromkeys(_NAMES, "x"))), notice.id


@pytest.fixture
def lived(cast: Cast) -> Case:
    """A matter that much was told about: handed on, urged, referred, late, and left behind."""
    case = wage_claim(cast["clerk"])
    steps = [
        ("reviewer", lambda me: hand_to(me, case.pk, cast.users["approver"].pk)),
        ("officer", lambda me: urge(me, case.pk, "快办", clock.now() + timedelta(days=1))),
        ("approver", lambda me: answer_urge(me, case.urges.get().pk, "今天办")),
        ("approver", lambda me: refer(me, case.pk, cast.institutions["aid_neighbour"].pk, "referral", "请协办")),
        ("neighbour", lambda me: answer_referral(me, case.referrals.get().pk, accept=True)),
        ("approver", lambda me: write_message(me, case.pk, "请补一份身份证。", "applicant")),
    ]
    with as_system():
        find_own_cases(resident_of(phone_of(case.parts.get(role="applicant").party)))
    for who, step in steps:
        with reading_as(cast[who]):
            step(cast[who])
    with as_system():
        clocks = CaseDeadline.objects.filter(case=case, status="running")
        assert clocks.update(due_at=clock.now() - timedelta(hours=1), next_warning=clock.now() - timedelta(minutes=1))
        Post.objects.filter(user=cast.users["approver"]).update(valid_to=clock.today() + timedelta(days=7))
    sweep_deadlines()
    handback.announce()
    set_active(cast["admin"], cast.users["approver"].pk, False)
    handback.clear_up()
    return case


def test_lines_are_read_in_the_language_of_whoever_reads_them(cast: Cast, lived: Case, settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    lines = list(Outgoing.objects.filter(channel="inbox"))
    kinds = {line.notice for line in lines}
    assert kinds >= {"handed", "urged", "urge_answered", "referred", "referral", "message", "deadline", "post_ending", "handed_back"}, kinds
    data = sorted({*(user.name for user in User.objects.all()), *(b for s in services().values() for d in s.definition.deadlines for b in d.basis)},
                  key=len, reverse=True)  # fmt: skip
    for line in lines:
        assert _HAN.search(line.text)
        rest = line.text_en
        for word in data:
            rest = rest.replace(word, "")
        assert rest and not _HAN.search(rest), line.text_en
    for user, address in [(cast.users["officer"], "/desk/inbox"), (User.objects.exclude(username="t-resident").get(kind="resident"), "/my/")]:
        line, client = Outgoing.objects.filter(channel="inbox", user_id=user.pk).order_by("-id")[0], Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        for language, shown, other in [("zh-hans", line.text, line.text_en), ("en", line.text_en, line.text)]:
            client.cookies["fahui_lang"] = language
            page = html.unescape(client.get(address).content.decode())
            assert shown in page and other not in page
