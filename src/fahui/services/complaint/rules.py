"""The rules of complaints: who may handle one, which limit runs, when it may be answered, reviewed, closed. Pure.

Importing this registers every guard of the definition.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fahui.casework.definitions.plugin import Facts, Verdict, guard, no, unknown, yes

PETITIONS = "信访工作条例"
# 信访工作条例第三十四条: 60 days, and 30 more at most, all counted from acceptance.
EXTENDED = "90 natural days"
MOST_REPRESENTATIVES = 5
MATTERS = {"complaint": ("投诉", "complaints"), "bad_rating": ("差评复核", "reviews of bad ratings"),
           "site_error": ("网站找错", "faults on the site")}  # fmt: skip
ORGAN_CHANNELS = frozenset({"organ", "api"})


def _only(facts: Facts, matter: str) -> Verdict:
    zh, en = MATTERS[matter]
    if facts.matter == matter:
        return yes(f"是{zh}", f"One of the {en}")
    return no(f"只用于{zh}", f"Only for {en}")


@guard("is_complaint", "是投诉", "It is a complaint")
def is_complaint(facts: Facts) -> Verdict:
    """Complaints follow the petition rules."""
    return _only(facts, "complaint")


@guard("is_bad_rating", "是差评复核", "It is the review of a bad rating")
def is_bad_rating(facts: Facts) -> Verdict:
    """A bad rating is called back, put right and rated again."""
    return _only(facts, "bad_rating")


@guard("is_site_error", "是网站找错", "It is a fault on the site")
def is_site_error(facts: Facts) -> Verdict:
    """A fault on the site is fixed and answered."""
    return _only(facts, "site_error")


@guard("outside_reviewer", "办理人没有办过原来那件事", "Handled by somebody who had no part in the original",
       ["信访工作条例第三十条", "济南市12345市民服务热线条例第三十二条"])  # fmt: skip
def outside_reviewer(facts: Facts) -> Verdict:
    """Nobody reviews their own work, nor a case in which they have a part (HL-U-13, PT-U-02)."""
    if facts.actor_user is not None and facts.actor_user in facts.origin_handlers:
        return no("您办过被投诉（评价）的那件事，请回避，交给别人办",
                  "You handled the matter complained of: somebody else must take this",
                  "信访工作条例第三十条", "济南市12345市民服务热线条例第三十二条")  # fmt: skip
    if facts.actor_party is not None and any(facts.actor_party in people for people in facts.parties.values()):
        return no("您是这件事的当事人，请回避，交给别人办", "You have a part in this case: somebody else must take it",
                  "信访工作条例第三十条")  # fmt: skip
    return yes("没有办过原来那件事，可以办理", "Had no part in the original")


@guard("few_representatives", "走访代表不超过5人", "At most five representatives", ["信访工作条例第二十条"])
def few_representatives(facts: Facts) -> Verdict:
    """Many with one matter who come in person choose at most five (PT-U-01)."""
    came = facts.payload.get("representatives")
    if facts.channel == "window" and came is not None and came > MOST_REPRESENTATIVES:
        return no(f"来了{came}位，请推选不超过{MOST_REPRESENTATIVES}位代表；其他人的诉求一并登记",
                  f"{came} came: choose at most {MOST_REPRESENTATIVES} representatives", "信访工作条例第二十条")  # fmt: skip
    return yes("代表人数合乎规定", "The number of representatives is right", "信访工作条例第二十条")


@guard("passed_by_organ", "由其他机关转来", "Passed on by another organ", ["信访工作条例第二十三条"])
def passed_by_organ(facts: Facts) -> Verdict:
    """Five working days run to object to what another organ passed on (PT-T-02)."""
    if facts.matter == "complaint" and facts.channel in ORGAN_CHANNELS:
        return yes("其他机关转来，不属于本机关职权的，5个工作日内提出异议", "Passed on: object within 5 working days",
                   "信访工作条例第二十三条")  # fmt: skip
    return no("不是其他机关转来的投诉", "Not passed on by another organ", "信访工作条例第二十三条")


@guard("not_extended_yet", "还没有延长过", "Not extended yet", ["信访工作条例第三十四条"])
def not_extended_yet(facts: Facts) -> Verdict:
    """At most 30 days more, so once (PT-T-03)."""
    if "extend" in facts.history:
        return no("已经延长过30日，不能再延长", "Extended by 30 days already", "信访工作条例第三十四条")
    return yes("情况复杂的，可以延长30日", "May be extended by 30 days", "信访工作条例第三十四条")


@guard("opinion_grounded", "处理意见写明了依据", "The opinion names its ground", ["信访工作条例第三十二条"])
def opinion_grounded(facts: Facts) -> Verdict:
    """Request, facts, reasons, decision and legal ground (PT-O-01); what is upheld says what is done about it."""
    basis = "信访工作条例第三十二条"
    if not facts.payload:
        return unknown("请填写处理意见", "Write the opinion", basis)
    if not str(facts.payload.get("articles") or "").strip():
        return no("处理意见应当载明法律法规依据，请写明条文", "The opinion must name its legal ground", basis)
    upheld = facts.payload.get("finding") in {"supported", "partly"}
    if upheld and not str(facts.payload.get("measures") or "").strip():
        return no("支持的，请写明怎么处理、怎么改正", "Say what is done about it", basis)
    return yes("内容齐全", "Complete", basis)


REVIEWS = ((f"{PETITIONS}第三十五条", "复查", "review"), (f"{PETITIONS}第三十六条", "复核", "re-review"))


@guard("review_open", "还可以请求复查、复核", "A review may still be asked for",
       ["信访工作条例第三十五条", "信访工作条例第三十六条"])  # fmt: skip
def review_open(facts: Facts) -> Verdict:
    """Review, then re-review, each within 30 days of the written answer; then the matter is final (PT-A-01, PT-A-02)."""
    asked = reviews_asked(facts.history)
    if asked >= len(REVIEWS):
        return no("已经复核，同一事实和理由不再受理；可以走其他法定途径", "Re-reviewed: final on the same facts",
                  "信访工作条例第三十六条")  # fmt: skip
    basis, zh, en = REVIEWS[asked]
    received = _day(facts.payload.get("received_on"))
    if received is not None and (facts.today - received).days > 30:
        return no(f"收到处理意见已超过30日，不能再请求{zh}", f"More than 30 days since the opinion: no {en}", basis)
    return yes(f"可以向上一级机关请求{zh}", f"May ask the organ above for {en}", basis)


@guard("review_upheld", "上级维持", "The organ above upheld the opinion",
       ["信访工作条例第三十五条", "信访工作条例第三十六条"])  # fmt: skip
def review_upheld(facts: Facts) -> Verdict:
    """After the review the opinion stands, and a re-review is open."""
    if reviews_asked(facts.history) >= len(REVIEWS):
        return no("这是复核，结果是终局的，请选“复核终结”", "This is the re-review: choose the final end",
                  "信访工作条例第三十六条")  # fmt: skip
    return _result(facts, "upheld")


@guard("review_final", "复核维持，终局", "Upheld on re-review, final", ["信访工作条例第三十六条"])
def review_final(facts: Facts) -> Verdict:
    """Upheld twice: no further petition on the same facts."""
    if reviews_asked(facts.history) < len(REVIEWS):
        return no(
            "这是复查，不服的还可以请求复核", "This is the review: a re-review is still open", "信访工作条例第三十五条"
        )
    return _result(facts, "upheld")


@guard("review_redo", "上级要求重新处理", "The organ above wants it handled again", ["信访工作条例第三十五条"])
def review_redo(facts: Facts) -> Verdict:
    """The opinion does not stand."""
    return _result(facts, "redo")


def _result(facts: Facts, wanted: str) -> Verdict:
    given = facts.payload.get("result")
    if given is None:
        return unknown("请登记上级机关的决定", "Record the decision", "信访工作条例第三十五条")
    if given != wanted:
        return no("登记的决定和这个操作不一致，请选另一个操作", "The decision does not fit this action")
    return yes("与上级机关的决定一致", "Fits the decision")


def reviews_asked(history: tuple[str, ...]) -> int:
    """How often the opinion in force was taken to the organ above; a matter handled again starts anew."""
    count = 0
    for action in history:
        if action == "ask_review":
            count += 1
        elif action == "review_redo":
            count = 0
    return count


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value)[:10])
