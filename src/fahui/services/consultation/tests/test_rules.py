"""Every guard both ways, with the words people read; marks, safe contact, queue words, samples."""

# ruff: noqa: ANN001, ANN201
from __future__ import annotations

import pytest

from fahui.casework.definitions.plugin import Parameter
from fahui.services.consultation import rules
from fahui.services.consultation.tests.cast import WORKER, facts


@pytest.mark.parametrize(
    ("guard", "channel", "live", "holds", "words"),
    [
        (rules.by_message, "web", False, True, "网上留言，24小时内答复"),
        (rules.by_message, "helper", False, True, "网上留言，24小时内答复"),
        (rules.by_message, "web", True, False, "不是网上留言"),
        (rules.by_message, "hotline", False, False, "不是网上留言"),
        (rules.by_chat, "web", True, True, "在线即时咨询，5小时内答复"),
        (rules.by_chat, "web", False, False, "不是在线即时咨询"),
        (rules.by_letter, "letter", False, True, "来信，7个工作日内作出处理决定"),
        (rules.by_letter, "web", False, False, "不是来信"),
        (rules.is_order, "api", False, True, "12345转来的工单，自收到时起算"),
        (rules.is_order, "hotline", False, False, "不是工单"),
    ],
)
def test_limits_run_by_channel(guard, channel, live, holds, words):
    verdict = guard(facts({"live": live}, channel=channel))
    assert verdict.allowed is holds and verdict.zh == words and verdict.basis


def test_an_order_made_here_runs_from_now():
    assert rules.is_order(facts(payload={"order_to": "西坝司法所"})).zh == "交办的工单，自交办时起算"


@pytest.mark.parametrize(
    ("guard", "more", "allowed", "words"),
    [
        (rules.answer_is_grounded, {}, None, "请填写答复"),
        (rules.answer_is_grounded, {"payload": {"topic": "wages", "articles": "劳动争议调解仲裁法第二十七条"}}, True, "写明了依据"),
        (rules.answer_is_grounded, {"payload": {"topic": "procedure", "articles": ""}}, True, "写明了依据"),
        (rules.answer_is_grounded, {"payload": {"topic": "wages", "articles": " "}}, False,
         "请写明依据的条文；只是告知怎么办、去哪办的，请选“怎么办、去哪办”"),
        (rules.told_and_agreed, {}, None, "转办前请告知条件和程序，并问本人同不同意"),
        (rules.told_and_agreed, {"payload": {"told": False, "agreed": True}}, False, "还没有告知申请的条件和程序，请先告知"),
        (rules.told_and_agreed, {"payload": {"told": True, "agreed": False}}, False, "本人不同意转办，请当场解答或者预约"),
        (rules.told_and_agreed, {"payload": {"told": True, "agreed": True}}, True, "已告知，本人同意"),
        (rules.appointment_ahead, {}, None, "请约定时间"),
        (rules.appointment_ahead, {"payload": {"at": "2026-06-13T19:42"}}, False, "约的时间已经过了，请改成以后的时间"),
        (rules.appointment_ahead, {"payload": {"at": "2026-06-13T12:00:00Z"}}, True, "可以预约"),
        (rules.order_returnable, {"history": ("make_order",)}, True, "可以退回并说明理由"),
        (rules.order_returnable, {"history": ("make_order", "return_order", "fix_order")}, False,
         "这件工单已由热线中心确定承办单位，不能再退回；请办理，有异议另行报告"),
        (rules.order_disputed, {}, False, "还没有单位退回过，请先正常交办"),
        (rules.order_disputed, {"history": ("make_order", "return_order")}, True, "工单退回过，可以由中心确定承办单位"),
        (rules.visit_settles, {}, None, "请登记回访结果"),
        (rules.visit_settles, {"payload": {"reached": True}}, None, "请问本人满不满意"),
        (rules.visit_settles, {"payload": {"reached": True, "satisfied": True}}, True, "本人满意，可以办结"),
        (rules.visit_settles, {"payload": {"reached": False}}, True, "联系不上，如实登记后办结"),
        (rules.visit_settles, {"payload": {"reached": True, "satisfied": False}}, False, "本人不满意，请退回再办，不能办结"),
        (rules.visit_sends_back, {}, None, "请登记回访结果"),
        (rules.visit_sends_back, {"payload": {"reached": True, "satisfied": False}}, True, "本人不满意，退回再办"),
        (rules.visit_sends_back, {"payload": {"reached": True, "satisfied": True}}, False, "本人没有说不满意，不用退回"),
        (rules.tried_enough, {}, False, "只登记了0次拨打，至少1次以后才能按联系不上办结"),
        (rules.tried_enough, {"details": {"attempts": 1}}, True, "已登记1次拨打，联系不上"),
        (rules.another_scores, {"details": {"answered_by": [7]}}, False, "这是您自己答复的，请由别人质检"),
        (rules.another_scores, {"details": {"answered_by": [8]}}, True, "可以质检"),
        (rules.alarm_raised, {}, False, "没有警情需要解除"),
        (rules.alarm_raised, {"flags": frozenset({"alarm_crowd"})}, True, "有未解除的警情"),
        (rules.violence_told, {"details": {"violence": True}}, True, "涉及家庭暴力，只有办这件事的人看得到"),
        (rules.violence_told, {"details": {"facts": "老公又打我"}}, True, "涉及家庭暴力，只有办这件事的人看得到"),
        (rules.violence_told, {"details": {"facts": "想离婚"}}, False, "没有提到家庭暴力"),
    ],
)  # fmt: skip
def test_guards_say_why(guard, more, allowed, words):
    verdict = guard(facts(**more))
    assert (verdict.allowed, verdict.zh) == (allowed, words)


def test_a_city_may_ask_for_more_calls_before_closing():
    three = {"callback_attempts": Parameter(3, "", "市热线规定")}
    assert rules.tried_enough(facts({"attempts": 2}, parameters=three)).allowed is False
    assert rules.tried_enough(facts({"attempts": 3}, parameters=three)).allowed is True


def test_the_workers_call_is_put_first_with_its_reasons():
    marks = {mark.name: mark for mark in rules.intake_marks(facts(WORKER, matter="wages"))}
    assert set(marks) == {"limitation_near", "wage_fast_lane", "group_matter"}
    assert marks["limitation_near"].zh == "仲裁时效至2026年6月18日，还剩5天，符合先行提供法律援助的期限"
    assert marks["limitation_near"].priority == 2


def test_with_twelve_days_left_and_alone_no_urgency_is_marked():
    alone = {**WORKER, "left_on": "2025-06-25", "people": 1}
    assert [mark.name for mark in rules.intake_marks(facts(alone, matter="wages"))] == ["wage_fast_lane"]


def test_people_served_first_are_marked_by_their_groups():
    old = facts({"_applicant": {"groups": ["older_person", "youth"]}})
    assert [(mark.name, mark.priority) for mark in rules.intake_marks(old)] == [("priority_group", 1)]
    assert rules.intake_marks(facts({"_applicant": {"groups": ["youth"]}})) == []
    assert rules.intake_marks(facts({"violence": True}))[0].name == "domestic_violence"


def test_with_violence_and_nothing_said_no_text_is_sent():
    assert rules.safe_contact({"violence": True, "who_answers": "婆婆"}) == {
        "may_text": False, "say_bureau": False, "who_answers": "婆婆"}  # fmt: skip
    assert rules.safe_contact({"violence": True, "may_text": True})["may_text"] is True


def test_what_was_not_said_about_contact_changes_nothing():
    assert rules.safe_contact({"may_text": None, "contact_times": ""}) == {}
    assert rules.safe_contact({"may_call": False}) == {"may_call": False}


@pytest.mark.parametrize(
    ("channel", "live", "promise"),
    [
        ("hotline", False, "当场答复"), ("window", False, "当场答复"), ("web", False, "24小时内答复"),
        ("web", True, "5小时内答复"), ("letter", False, "7个工作日内告诉您怎么处理"), ("api", False, "5个工作日内办结"),
    ],
)  # fmt: skip
def test_each_channel_has_its_promise(channel, live, promise):
    assert rules.answer_within(channel, live=live) == promise


def test_a_channel_without_a_promise_gets_none():
    with pytest.raises(ValueError, match="pigeon"):
        rules.answer_within("pigeon")


@pytest.mark.parametrize(
    ("ahead", "minutes", "words"),
    [
        (0, 3, "下一个就是您，请不要挂断。"),
        (3, 6, "前面还有3位，要等大约6分钟。不想等可以留下号码，我们按顺序回拨，不用重新排队。"),
        (1, 0, "前面还有1位，要等不到1分钟。不想等可以留下号码，我们按顺序回拨，不用重新排队。"),
        (9, None, "前面还有9位，暂时估不出要等多久。不想等可以留下号码，我们按顺序回拨，不用重新排队。"),
    ],
)
def test_the_queue_says_where_one_stands_and_never_guesses(ahead, minutes, words):
    assert rules.waiting_words(ahead, minutes).zh == words


@pytest.mark.parametrize(("ahead", "minutes"), [(-1, 3), (2, -1)])
def test_a_negative_queue_is_refused(ahead, minutes):
    with pytest.raises(ValueError, match="cannot be negative"):
        rules.waiting_words(ahead, minutes)


def test_five_parts_make_a_hundred_and_a_grave_fault_leaves_nothing():
    sheet = dict.fromkeys(rules.SCORED, 20)
    assert rules.quality_total(sheet) == 100
    assert rules.quality_total({**sheet, "law": 5}) == 85
    assert rules.quality_total({**sheet, "grave": True}) == 0


def test_the_same_seed_draws_the_same_sample_whatever_the_order():
    numbers = [f"FH{n:04}" for n in range(100)]
    drawn = rules.draw(numbers, 5, "20260702")
    assert drawn == rules.draw(numbers[::-1], 5, "20260702") and len(drawn) == 5
    assert drawn != rules.draw(numbers, 5, "20260703")
    assert rules.draw(numbers[:2], 5, "x") == numbers[:2]
    with pytest.raises(ValueError, match="nothing"):
        rules.draw(numbers, -1, "x")
