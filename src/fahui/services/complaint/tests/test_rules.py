"""Every guard both ways, with the words people read."""

# ruff: noqa: ANN001, ANN003, ANN201
from __future__ import annotations

from datetime import datetime

import pytest

from fahui.casework.definitions.plugin import Facts
from fahui.foundation.worktime.rules import BUSINESS_ZONE
from fahui.services.complaint import rules

NOW = datetime(2026, 6, 15, 9, 0, tzinfo=BUSINESS_ZONE)
FULL = {"request": "退钱", "facts_found": "收过200元", "finding": "supported", "reasons": "不应收费",
        "articles": "法律援助法第五十六条", "measures": "当日退还"}  # fmt: skip
ONCE, TWICE = ("answer", "ask_review"), ("answer", "ask_review", "review_upheld", "ask_review")


def facts(**more) -> Facts:
    """A complaint read by officer 7 on Monday 2026-06-15; user 3 handled what it is about."""
    values = {
        "service": "complaint", "matter": "complaint", "state": "filed", "region": 511112101000, "now": NOW,
        "today": NOW.date(), "opened_at": NOW, "details": {}, "payload": {}, "flags": frozenset(), "sealed": False,
        "actor_party": None, "parties": {}, "papers": {}, "channel": "web", "actor_user": 7, "origin_handlers": (3,),
    }  # fmt: skip
    return Facts(**(values | more))


@pytest.mark.parametrize(
    ("guard", "more", "allowed", "words"),
    [
        (rules.is_complaint, {}, True, "是投诉"),
        (rules.is_complaint, {"matter": "bad_rating"}, False, "只用于投诉"),
        (rules.is_bad_rating, {"matter": "bad_rating"}, True, "是差评复核"),
        (rules.is_bad_rating, {}, False, "只用于差评复核"),
        (rules.is_site_error, {"matter": "site_error"}, True, "是网站找错"),
        (rules.is_site_error, {}, False, "只用于网站找错"),
        (rules.outside_reviewer, {}, True, "没有办过原来那件事，可以办理"),
        (rules.outside_reviewer, {"actor_user": 3}, False, "您办过被投诉（评价）的那件事，请回避，交给别人办"),
        (rules.outside_reviewer, {"actor_party": 9, "parties": {"applicant": (9,)}}, False,
         "您是这件事的当事人，请回避，交给别人办"),
        (rules.outside_reviewer, {"actor_user": None, "origin_handlers": ()}, True, "没有办过原来那件事，可以办理"),
        (rules.few_representatives, {"channel": "window", "payload": {"representatives": 5}}, True, "代表人数合乎规定"),
        (rules.few_representatives, {"channel": "window", "payload": {"representatives": 6}}, False,
         "来了6位，请推选不超过5位代表；其他人的诉求一并登记"),
        (rules.few_representatives, {"channel": "web", "payload": {"representatives": 6}}, True, "代表人数合乎规定"),
        (rules.passed_by_organ, {"channel": "organ"}, True, "其他机关转来，不属于本机关职权的，5个工作日内提出异议"),
        (rules.passed_by_organ, {}, False, "不是其他机关转来的投诉"),
        (rules.passed_by_organ, {"channel": "api", "matter": "bad_rating"}, False, "不是其他机关转来的投诉"),
        (rules.not_extended_yet, {"history": ("accept",)}, True, "情况复杂的，可以延长30日"),
        (rules.not_extended_yet, {"history": ("accept", "extend")}, False, "已经延长过30日，不能再延长"),
        (rules.opinion_grounded, {}, None, "请填写处理意见"),
        (rules.opinion_grounded, {"payload": FULL}, True, "内容齐全"),
        (rules.opinion_grounded, {"payload": {**FULL, "articles": ""}}, False, "处理意见应当载明法律法规依据，请写明条文"),
        (rules.opinion_grounded, {"payload": {**FULL, "measures": ""}}, False, "支持的，请写明怎么处理、怎么改正"),
        (rules.opinion_grounded, {"payload": {**FULL, "finding": "unsupported", "measures": ""}}, True, "内容齐全"),
        (rules.review_open, {"history": ("answer",)}, True, "可以向上一级机关请求复查"),
        (rules.review_open, {"history": (*ONCE, "review_upheld")}, True, "可以向上一级机关请求复核"),
        (rules.review_open, {"history": TWICE}, False, "已经复核，同一事实和理由不再受理；可以走其他法定途径"),
        (rules.review_open, {"payload": {"received_on": "2026-05-16"}}, True, "可以向上一级机关请求复查"),
        (rules.review_open, {"payload": {"received_on": "2026-05-15"}}, False, "收到处理意见已超过30日，不能再请求复查"),
        (rules.review_upheld, {"history": ONCE}, None, "请登记上级机关的决定"),
        (rules.review_upheld, {"history": ONCE, "payload": {"result": "upheld"}}, True, "与上级机关的决定一致"),
        (rules.review_upheld, {"history": ONCE, "payload": {"result": "redo"}}, False,
         "登记的决定和这个操作不一致，请选另一个操作"),
        (rules.review_upheld, {"history": TWICE, "payload": {"result": "upheld"}}, False,
         "这是复核，结果是终局的，请选“复核终结”"),
        (rules.review_final, {"history": TWICE, "payload": {"result": "upheld"}}, True, "与上级机关的决定一致"),
        (rules.review_final, {"history": ONCE, "payload": {"result": "upheld"}}, False, "这是复查，不服的还可以请求复核"),
        (rules.review_redo, {"history": ONCE, "payload": {"result": "redo"}}, True, "与上级机关的决定一致"),
        (rules.review_redo, {"history": ONCE, "payload": {"result": "upheld"}}, False,
         "登记的决定和这个操作不一致，请选另一个操作"),
    ],
)  # fmt: skip
def test_guards_say_why(guard, more, allowed, words):
    verdict = guard(facts(**more))
    assert (verdict.allowed, verdict.zh) == (allowed, words)


def test_a_matter_handled_again_starts_its_reviews_anew():
    assert rules.reviews_asked(ONCE) == 1
    assert rules.reviews_asked(TWICE) == 2
    assert rules.reviews_asked((*ONCE, "review_redo", "answer")) == 0
