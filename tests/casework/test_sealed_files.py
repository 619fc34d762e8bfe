"""A minor's file: every opening is on record and told to the head weekly; when nobody takes the case, phones ring."""

from __future__ import annotations

import html
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from fahui.casework.cases.actions import Opening, open_case, perform
from fahui.casework.cases.models import Case
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.notices.actions import send_waiting
from fahui.casework.notices.models import Outgoing
from fahui.casework.openings.actions import tell_heads
from fahui.casework.tasks import sweep_deadlines
from fahui.foundation import clock
from fahui.foundation.accounts.actions import make_key
from fahui.foundation.accounts.models import Post, User
from fahui.foundation.accounts.scope import as_system, reading_as
from fahui.foundation.audit.models import Event
from fahui.foundation.clock import SHANGHAI
from fahui.foundation.people.actions import Person
from tests.cast import CITY, TOWNSHIP, Cast

# Tuesday 9 June 2026; the holidays of the month lie later.
TUESDAY = datetime(2026, 6, 9, 16, 0, tzinfo=SHANGHAI)
BOY = {"organ": "police", "ground": "minor", "birth_date": "2009-03-02", "detained": True, "own_lawyer": False}


@pytest.fixture
def boy(cast: Cast, settings: Any) -> Case:
    settings.STAFF_MFA_REQUIRED = False
    opening = Opening(service="legal_aid", matter="notified_defence", channel="organ", region_code=TOWNSHIP, details=BOY,
                      person=Person(name="未成年乙", phone="17000000009"))  # fmt: skip
    with clock.at(TUESDAY), reading_as(cast["reviewer"]):
        return open_case(cast["reviewer"], opening)


def at_desk(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def told(user: User) -> list[str]:
    with as_system():
        rows = Outgoing.objects.filter(notice="sealed.openings", user_id=user.pk).order_by("made_at")
        return list(rows.values_list("text", flat=True))


def test_every_opening_of_the_page_is_on_record_and_listed_for_the_head(cast: Cast, boy: Case):
    assert boy.sealed
    with clock.at(TUESDAY + timedelta(hours=1)):
        assert at_desk(cast, "reviewer").get(f"/desk/cases/{boy.pk}").status_code == 200
    look = Event.objects.get(case_id=boy.pk, kind="personal_data.read")
    assert look.actor_id == cast.users["reviewer"].pk
    page = html.unescape(at_desk(cast, "approver").get("/desk/openings?week=2026-06-10").content.decode())
    assert boy.tracking_number in page and "reviewer" in page and "打开案卷" in page and "未成年乙" not in page
    assert "打开 1 次 · 1 人 · 1 件" in page
    for outsider in ("lead", "leader", "officer"):  # supervise, but are not cleared for this file
        assert boy.tracking_number not in at_desk(cast, outsider).get("/desk/openings?week=2026-06-10").content.decode()
    assert at_desk(cast, "reviewer").get("/desk/openings").status_code == 403


def test_reading_through_the_api_is_on_record_as_at_the_desk(cast: Cast, boy: Case):
    _key, secret = make_key(cast["admin"], "registry", cast.users["reviewer"].pk, ["cases:read", "cases:write"])
    client, head = Client(), {"Authorization": f"Bearer {secret}"}
    looks = Event.objects.filter(case_id=boy.pk, kind="personal_data.read")
    assert client.get("/api/v1/cases", headers=head).status_code == 200 and not looks.exists()  # a list holds no answers
    with clock.at(TUESDAY + timedelta(hours=1)):
        assert client.get(f"/api/v1/cases/{boy.pk}", headers=head).status_code == 200
    assert [look.actor_id for look in looks] == [cast.users["reviewer"].pk]
    page = html.unescape(at_desk(cast, "approver").get("/desk/openings?week=2026-06-10").content.decode())
    assert boy.tracking_number in page and "经接口读取" in page
    _key, other = make_key(cast["admin"], "outsider", cast.users["clerk"].pk, ["cases:read"])
    assert client.get(f"/api/v1/cases/{boy.pk}", headers={"Authorization": f"Bearer {other}"}).status_code == 404
    assert looks.count() == 1
    with as_system():
        Case.objects.filter(pk=boy.pk).update(sealed=False)
    assert client.get(f"/api/v1/cases/{boy.pk}", headers=head).status_code == 200
    assert looks.count() == 1


def test_an_open_file_is_not_written_down_at_every_look(cast: Cast, boy: Case):
    with as_system():
        Case.objects.filter(pk=boy.pk).update(sealed=False)
    at_desk(cast, "reviewer").get(f"/desk/cases/{boy.pk}")
    assert not Event.objects.filter(case_id=boy.pk, kind="personal_data.read").exists()


def test_the_head_is_told_on_monday_once_and_nobody_else(cast: Cast, boy: Case):
    with clock.at(TUESDAY):
        for _ in range(2):
            at_desk(cast, "reviewer").get(f"/desk/cases/{boy.pk}")
    monday = datetime(2026, 6, 15, 7, 11, tzinfo=SHANGHAI)
    with clock.at(monday):
        assert tell_heads() == 0  # not before eight
    with clock.at(monday + timedelta(hours=1)):
        assert tell_heads() == 1
        assert tell_heads() == 0
    assert told(cast.users["approver"]) == ["6月8日至6月14日保密案卷被打开2次，涉及1件、1人。请看清单，有疑问的问清原因。"]
    assert told(cast.users["leader"]) == [] and told(cast.users["lead"]) == []
    inbox = at_desk(cast, "approver").get("/desk/inbox").content.decode()
    assert "/desk/openings?week=2026-06-08" in inbox
    # The worker was away on Monday: it is told on the first day it is back; a quiet week is told too.
    with clock.at(monday + timedelta(days=9)):
        assert tell_heads() == 1
    assert told(cast.users["approver"])[-1] == "6月15日至6月21日没有人打开过保密案卷。"


def chief(cast: Cast) -> User:
    """The head of the city's own agency, with an office line."""
    user = User.objects.create(username="t-chief", name="chief", kind="staff", phone="0833-2100001")
    Post.objects.create(user=user, role="aid_approver", region_code=CITY, service="legal_aid",
                        institution=cast.institutions["aid_city"], valid_from="2020-01-01")  # fmt: skip
    User.objects.filter(pk=cast.users["approver"].pk).update(phone="0833-2100002")
    return user


def calls(boy: Case) -> dict[int | None, Outgoing]:
    with as_system():
        return {row.user_id: row for row in Outgoing.objects.filter(case_id=boy.pk, channel="call")}


def test_twelve_hours_before_the_third_day_ends_the_head_and_the_city_are_rung_up(
    cast: Cast, boy: Case, settings: Any, tmp_path: Path
):
    settings.DATA_DIR, settings.SMS_SENDER = tmp_path, "file"
    city = chief(cast)
    with as_system():
        clock_ = CaseDeadline.objects.get(case=boy, code="assign_notified")
    assert clock_.due_at is not None
    half = clock_.started_at + (clock_.due_at - clock_.started_at) / 2
    with clock.at(half + timedelta(minutes=1)):
        sweep_deadlines()
    assert calls(boy) == {}  # a first word to the dispatcher is enough
    with clock.at(clock_.due_at - timedelta(hours=12)):
        sweep_deadlines()
        rung = calls(boy)
        assert set(rung) == {cast.users["approver"].pk, city.pk, cast.users["officer"].pk}
        assert "通知辩护指派期限将到期" in rung[city.pk].text and "未成年" not in rung[city.pk].text
        send_waiting()
    lines = [json.loads(line) for line in (tmp_path / "sms.log").read_text(encoding="utf-8").splitlines()]
    assert {line["to"] for line in lines if line.get("means") == "call"} == {"0833-2100001", "0833-2100002"}
    # Who has no office line on record cannot be rung: that is said, and the line stands in the inbox as well.
    unreached = calls(boy)[cast.users["officer"].pk]
    assert (unreached.status, unreached.error) == ("dropped", "没有电话号码")
    with as_system():
        assert Outgoing.objects.filter(case_id=boy.pk, channel="inbox", user_id=cast.users["officer"].pk).exists()


def test_a_case_that_was_taken_rings_nobody(cast: Cast, boy: Case):
    with clock.at(TUESDAY + timedelta(hours=2)):
        with reading_as(cast["approver"]):
            perform(cast["approver"], boy.pk, "check_notice")
            perform(cast["approver"], boy.pk, "assign",
                    {"practitioner_id": cast.lawyers["lawyer"].pk, "reason_if_not_first": "专长"})  # fmt: skip
        with reading_as(cast["lawyer"]):
            perform(cast["lawyer"], boy.pk, "accept_assignment")
    with clock.at(TUESDAY + timedelta(days=10)):
        for _ in range(4):
            sweep_deadlines()
    assert calls(boy) == {}
