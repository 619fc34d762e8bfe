"""From a wage call to legal aid: what the worker's record tells is neither asked on the page nor by the means check."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from fahui.casework.cases.actions import Opening, open_case
from fahui.casework.cases.models import Case
from fahui.casework.cases.queries import facts
from fahui.foundation import clock
from fahui.foundation.accounts.scope import SYSTEM, as_system, reading_as
from fahui.foundation.people.actions import Person
from fahui.services.legal_aid.rules import assess, needs_means
from tests.cast import COUNTY, Cast

ANSWERS = {"topic": "wages", "facts_line": "工资没有结清", "told": "true", "agreed": "true", "aid-matter_kind": "wages",
           "aid-claim_fen": "12600"}  # fmt: skip


@pytest.fixture
def agent(cast: Cast, settings: Any) -> Client:
    settings.STAFF_MFA_REQUIRED = False
    client = Client()
    client.force_login(cast.users["agent"])
    return client


def call(cast: Cast, *groups: str) -> Case:
    person = Person(name="工人甲", phone="17000000021", groups=groups)
    with reading_as(cast["agent"]):
        return open_case(cast["agent"], Opening(service="consultation", matter="wages", channel="hotline",
                                                region_code=COUNTY, person=person, details={"owed_fen": 1_260_000}))  # fmt: skip


def handed_over(agent: Client, made: Case, **more: str) -> Case:
    assert agent.post(f"/desk/hotline/{made.pk}/aid", ANSWERS | more).status_code == 302
    with as_system():
        return Case.objects.get(service="legal_aid")


def test_a_worker_on_record_as_migrant_is_not_asked_again(cast: Cast, agent: Client):
    made = call(cast, "migrant_worker")
    page = html.unescape(agent.get(f"/desk/hotline/{made.pk}/aid").content.decode())
    assert 'name="aid-exempt_group"' not in page and 'name="aid-waiver_ground"' not in page
    assert "档案里已有，不用再问" in page and "进城务工，要工资或者工伤赔偿" in page
    aid = handed_over(agent, made)
    assert aid.details["exempt_group"] == "migrant_worker"
    seen = facts(aid, SYSTEM, {}, clock.now())
    assert needs_means(seen) is False
    assert not [step for step in assess(seen).open if step.rule_id in {"LA-X-01", "LA-X-02", "LA-M-01", "LA-M-02"}]


def test_a_posted_answer_does_not_undo_what_the_record_tells(cast: Cast, agent: Client):
    aid = handed_over(agent, call(cast, "migrant_worker"), **{"aid-waiver_ground": "none", "aid-exempt_group": "none"})
    assert aid.details["exempt_group"] == "migrant_worker"


def test_of_whom_nothing_is_recorded_the_question_is_asked(cast: Cast, agent: Client):
    made = call(cast)
    page = agent.get(f"/desk/hotline/{made.pk}/aid").content.decode()
    assert 'name="aid-exempt_group"' in page and "档案里已有" not in page
    assert needs_means(facts(handed_over(agent, made), SYSTEM, {}, clock.now())) is None
