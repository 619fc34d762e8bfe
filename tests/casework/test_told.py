"""What an applicant reads of what was done: what happened, in plain words, and nothing that is the office's own."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.test import Client

from fahui.casework.cases.actions import perform
from fahui.casework.definitions.loader import digest_of, services
from fahui.casework.definitions.schema import Definition
from fahui.channels.api.tracking import tracked
from fahui.foundation.accounts.scope import reading_as
from tests.cast import Cast, wage_claim

ALL = {name: service.definition for name, service in services().items()}


def before_there_were_words(definition: Definition) -> dict[str, Any]:
    content = definition.model_dump(mode="json", by_alias=True)
    for action in content["actions"]:
        del action["public"]
        if not action["decided_by"]:
            del action["decided_by"]
    return content


@pytest.mark.parametrize("name", sorted(ALL))
def test_whatever_an_applicant_gets_word_of_has_words_of_its_own(name: str):
    mute = {action.id for action in ALL[name].actions if action.public is None}
    told = {action.id for action in ALL[name].actions if action.notices or action.to or "applicant" in action.by}
    assert mute & told == set()
    for action in ALL[name].actions:
        assert ALL[name].told(action.id, "zh-hans") == (action.public.zh if action.public else "")


def test_alarms_samples_and_subsidies_are_the_offices_own():
    hidden = {(name, action.id) for name, definition in ALL.items() for action in definition.actions if not definition.told(action.id, "en")}
    assert hidden == {("consultation", "raise_alarm"), ("consultation", "close_alarm"), ("consultation", "quality_sample"),
                      ("legal_aid", "settle_subsidy"), ("legal_aid", "check_work_done"), ("legal_aid", "quality_sample")}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_version_from_before_keeps_its_digest_and_tells_the_state_that_was_reached(name: str):
    content = before_there_were_words(ALL[name])
    old = Definition.model_validate(content)
    assert digest_of(old) == hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest() != digest_of(ALL[name])
    for action in old.actions:
        expected = old.state(action.to).name.zh if action.to else action.name.zh if action.notices else ""
        assert old.told(action.id, "zh-hans") == expected
    assert old.told("nothing", "zh-hans") == ""


def test_who_asks_where_it_is_reads_what_happened_and_not_what_a_clerk_pressed(cast: Cast):
    case = wage_claim(cast["clerk"])
    with reading_as(cast["reviewer"]):
        perform(cast["reviewer"], case.pk, "accept")
    page = Client().get(f"/track/{case.tracking_number}").content.decode()
    assert "材料齐了，开始审查" in page and "材料齐全，受理" not in page
    assert [step["text"] for step in tracked(case.tracking_number)["steps"]] == ["已收到", "材料齐了，开始审查"]
    assert tracked(case.tracking_number, "en")["steps"][1]["text"] == "The papers are complete; the review began"
