"""The definition as data: it validates, its keys never clash, its promises fit its limits, its papers name real fields."""

# ruff: noqa: ANN001, ANN201
from __future__ import annotations

import re
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from fahui.casework.definitions.plugin import registry_of
from fahui.casework.definitions.schema import Definition
from fahui.services.consultation import details, rules

HOME = Path(details.__file__).parent
GUARDS = registry_of("fahui.services.consultation").guards
OUTCOME_KEYS = {"answered": "1", "legal_aid": "2", "mediation": "3", "notary": "4", "appraisal": "5", "city_hotline": "6",
                "appointment": "7", "other": "8"}  # fmt: skip


@cache
def definition() -> Definition:
    return Definition.model_validate(yaml.safe_load((HOME / "definition.yaml").read_text(encoding="utf-8")))


def test_it_is_service_number_one_at_the_hotline_with_a_quick_exit():
    d = definition()
    assert (d.id, d.number, d.order, d.handled_by, d.quick_exit) == ("consultation", 1, 1, "hotline_centre", True)
    assert [matter.id for matter in d.matters] == ["question", "wages", "family", "land", "other"]


def test_the_eight_outcomes_have_the_keys_one_to_eight_on_the_action_too():
    d = definition()
    assert {o.id: o.key for o in d.outcomes if o.id in OUTCOME_KEYS} == OUTCOME_KEYS
    for action in d.actions:
        if action.outcome in OUTCOME_KEYS:
            assert action.key == OUTCOME_KEYS[action.outcome]


def test_no_two_actions_of_one_state_share_a_key():
    for one, other in combinations(definition().actions, 2):
        if set(one.from_) & set(other.from_) and one.key is not None:
            assert one.key != other.key, f"{one.id} and {other.id}"


def test_the_red_key_works_in_every_open_state():
    d = definition()
    assert set(d.action("raise_alarm").from_) == {state.id for state in d.states if not state.end}
    assert d.action("raise_alarm").key == "0"


@pytest.mark.parametrize(
    ("deadline", "channel", "live", "figure"),
    [("answer_message", "web", False, "24"), ("answer_chat", "web", True, "5"), ("answer_letter", "letter", False, "7"),
     ("order", "api", False, "5")],
)  # fmt: skip
def test_what_the_portal_promises_is_what_the_clock_counts(deadline, channel, live, figure):
    assert definition().deadline(deadline).length.split()[0] == figure
    assert re.match(r"\d+", rules.answer_within(channel, live=live))[0] == figure


def test_notices_name_the_matter_and_fill_with_what_the_spine_gives():
    gives = {
        "number": "FH1",
        "state": "",
        "due": "6月18日",
        "person": "小吴",
        "phone": "12348",
        "place": "热线",
        "link": "/t",
    }
    for notice in definition().notices:
        assert "FH1" in notice.text.zh.format(**gives) and "FH1" in notice.text.en.format(**gives)


def test_a_wage_question_needs_no_field_at_all():
    assert details.WageDetails.model_validate({}).people is None
