"""What somebody filled in, read back: names, days and amounts as people say them, never codes."""

from __future__ import annotations

import pytest

from fahui.casework.definitions.loader import services
from fahui.casework.forms.web import readable
from tests.cast import Cast

ANSWERS = {"matter_kind": "wages", "cause_region": 511112000000, "claim_fen": 1_200_000, "still_working": False, "left_on": "2026-06-18"}


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", ["五通桥区", "12,000.00 元", "2026年6月18日"]), ("en", ["12,000.00 yuan", "18 June 2026"])],
)
def test_codes_days_and_amounts_are_read_as_people_say_them(cast: Cast, language: str, said: list[str]):
    told = [answer for _question, answer in readable(services()["legal_aid"].details_form("civil"), ANSWERS, language)]
    assert set(said) <= set(told), told
    assert not {"511112000000", "2026-06-18", "12000.00 元"} & set(told)


def test_a_moment_keeps_its_hour_in_business_time_and_a_slip_stays_as_typed(cast: Cast):
    form = services()["legal_aid"].details_form("criminal")
    told = dict(readable(form, {"hearing_at": "2026-06-10T01:20:00+00:00", "detained": True, "detained_since": "去年夏天"}))
    assert told[next(q for q in told if "开庭" in q)] == "2026年6月10日 09:20"
    assert "去年夏天" in told.values()
