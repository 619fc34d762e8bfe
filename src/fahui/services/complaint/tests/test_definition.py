"""The definition as data: matters take what they must, names exist, citations lead somewhere, adverse papers say how to object."""

# ruff: noqa: ANN201
from __future__ import annotations

from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from fahui.casework.definitions.plugin import registry_of
from fahui.casework.definitions.schema import Definition
from fahui.foundation.worktime.rules import Duration
from fahui.services.complaint import details, rules

HOME = Path(details.__file__).parent
GUARDS = registry_of("fahui.services.complaint").guards
RATING = {"about_number": "FH2K7PQ9X4M1T8", "score": 1, "reasons": ["slow", "charged"], "words": "等了三个月"}


@cache
def definition() -> Definition:
    return Definition.model_validate(yaml.safe_load((HOME / "definition.yaml").read_text(encoding="utf-8")))


def test_residents_complain_and_find_faults_but_only_the_system_reviews_ratings():
    assert {matter.id: matter.public for matter in definition().matters} == {
        "complaint": True, "bad_rating": False, "site_error": True}  # fmt: skip


def test_a_bad_rating_takes_exactly_what_the_rating_says():
    assert details.BadRatingDetails.model_validate(RATING).model_dump() == RATING
    with pytest.raises(ValidationError):
        details.BadRatingDetails.model_validate({**RATING, "score": 3})
    with pytest.raises(ValidationError):
        details.BadRatingDetails.model_validate({**RATING, "by": "somebody"})


def test_a_complaint_needs_no_field_at_all():
    assert details.ComplaintDetails.model_validate({}).keep_from_them is True


def test_whoever_decides_had_no_part_in_the_original():
    for name in ("accept", "route", "enquire", "answer", "first_contact", "rectify"):
        assert "outside_reviewer" in definition().action(name).guards, name


def test_the_extension_is_thirty_days_on_the_sixty():
    first, longer = Duration.parse(definition().deadline("handle").length), Duration.parse(rules.EXTENDED)
    assert longer.unit is first.unit and longer.count == first.count + 30


def test_the_limit_for_putting_right_is_the_citys_own_or_none():
    limit = definition().deadline("rectify")
    assert limit.length is None and limit.local_parameter == "rectification_limit"


def test_the_opinion_says_how_to_object_and_by_when():
    assert "30日内" in definition().document("opinion").remedy.zh


def test_no_two_actions_of_one_state_and_matter_share_a_key():
    only = {"is_complaint": "complaint", "passed_by_organ": "complaint", "is_bad_rating": "bad_rating",
            "is_site_error": "site_error"}  # fmt: skip
    for one, other in combinations(definition().actions, 2):
        matters = {m for action in (one, other) for g, m in only.items() if g in action.guards}
        if set(one.from_) & set(other.from_) and one.key is not None and len(matters) < 2:
            assert one.key != other.key, f"{one.id} and {other.id}"


def test_notices_to_people_name_the_matter():
    for notice in definition().notices:
        assert "{number}" in notice.text.zh and "{number}" in notice.text.en, notice.id
