"""Last days, said while the person is on the line."""

# ruff: noqa: ANN001, ANN201
from __future__ import annotations

from datetime import date

import pytest

from fahui.services.consultation.reminders import land_reminder, limitation_reminder, reminder
from fahui.services.consultation.tests.cast import WORKER

SATURDAY = date(2026, 6, 13)


def test_left_on_18_june_asked_on_13_june_leaves_five_days():
    found = limitation_reminder(WORKER, SATURDAY)
    assert found.zh == "仲裁时效至2026年6月18日，还剩5天"
    assert found.pressing and found.basis == ("劳动争议调解仲裁法第二十七条",)


@pytest.mark.parametrize(
    ("left_on", "words", "pressing"),
    [
        ("2025-06-25", "仲裁时效至2026年6月25日，还剩12天", False),
        ("2025-06-20", "仲裁时效至2026年6月20日，还剩7天", False),
        ("2025-06-19", "仲裁时效至2026年6月19日，还剩6天", True),
        ("2025-06-13", "仲裁时效至2026年6月13日，今天是最后一天", True),
        ("2024-02-29", "仲裁时效按现有日期已在2025年2月28日届满，过了470天；其间要过钱、找过部门或者对方答应过的，"
                       "时效重新计算，请问清再说", False),
    ],
)  # fmt: skip
def test_the_words_count_down_to_the_last_day_and_past_it(left_on, words, pressing):
    found = limitation_reminder({"left_on": left_on}, SATURDAY)
    assert found.zh == words and found.pressing is pressing


def test_no_limitation_runs_while_they_still_work_there():
    found = limitation_reminder({**WORKER, "still_working": True}, SATURDAY)
    assert found.until is None and found.zh == "还在那里干活，要工资不受一年仲裁时效限制" and not found.pressing


def test_without_the_day_it_is_asked_for():
    assert limitation_reminder({}, SATURDAY).zh == "请问清哪天离开的，才能算仲裁时效"


def test_contracted_land_has_two_years_and_other_land_none():
    found = land_reminder({"land_kind": "contracted", "known_on": "2024-07-01"}, SATURDAY)
    assert found.zh == "承包地仲裁时效至2026年7月1日，还剩18天"
    assert found.basis == ("农村土地承包经营纠纷调解仲裁法第十八条",)
    assert land_reminder({"land_kind": "homestead", "known_on": "2024-07-01"}, SATURDAY) is None
    assert land_reminder({"land_kind": "contracted"}, SATURDAY).zh == "请问清哪天知道地被占、被收，才能算仲裁时效"


def test_only_matters_with_a_limit_remind():
    assert reminder("wages", WORKER, SATURDAY).days_left == 5
    assert reminder("land", {"land_kind": "contracted", "known_on": "2026-01-01"}, SATURDAY).until == date(2028, 1, 1)
    assert reminder("question", WORKER, SATURDAY) is None
