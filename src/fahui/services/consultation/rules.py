"""The rules of consultation: which limit runs, when an action may be done, what intake can tell at once. Pure.

Importing this registers every guard of the definition. The lengths of the limits are data in definition.yaml; national law
sets few here, so where a city has its own (`local_parameter`) that one counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fahui.casework.definitions.plugin import Facts, LocalValue, Verdict, guard, no, unknown, yes
from fahui.casework.definitions.schema import Words
from fahui.casework.definitions.values import moment_of, text_of
from fahui.services.consultation.alarm import FLAG, Alarm, alarm_from, alarm_in, alarm_of, alarms_standing
from fahui.services.consultation.handover import to_legal_aid
from fahui.services.consultation.reminders import land_reminder, limitation_reminder, reminder

__all__ = [
    "Alarm",
    "Mark",
    "alarm_from",
    "alarm_in",
    "alarm_of",
    "alarms_standing",
    "answer_within",
    "draw",
    "intake_marks",
    "land_reminder",
    "limitation_reminder",
    "priority_groups",
    "quality_total",
    "reminder",
    "safe_contact",
    "to_legal_aid",
    "waiting_words",
]

GUIDE = "法律咨询服务指南（公共法律服务实体、热线、网络平台）"
ORDER_RULES = "潍坊市12345政务服务便民热线条例"
CALLBACK_ATTEMPTS = "callback_attempts"
LOCAL_VALUES: dict[str, LocalValue] = {
    CALLBACK_ATTEMPTS: LocalValue("登记几次拨打以后可以按联系不上办结", "Recorded calls before closing as not reached", "count",
                                  ("法律援助条例第二十五条",)),
}  # fmt: skip
# Written questions: somebody else typed or wrote them, and nobody waits on the line.
MESSAGE_CHANNELS = frozenset({"web", "helper"})
WRITTEN_CHANNELS = frozenset({"web", "helper", "letter", "api"})
# 山东省公共法律服务条例第二十一条, in the terms of the person's record. Serving first takes nothing from anybody.
FIRST_SERVED = frozenset({
    "low_income_group", "people_in_hardship", "disabled_person", "migrant_worker", "older_person", "person_aged_80_plus", "minor",
    "military_and_dependants", "veteran", "preferential_treatment_recipient", "single_mother_in_hardship",
})  # fmt: skip
SCORED = ("listening", "asking", "law", "citing", "next_step")


@guard("by_message", "网上留言", "A message left on line", [GUIDE])
def by_message(facts: Facts) -> Verdict:
    """24 hours run for messages (HL-T-02), unless the person asked to speak at once."""
    if facts.channel in MESSAGE_CHANNELS and not facts.details.get("live"):
        return yes("网上留言，24小时内答复", "A message: answered within 24 hours", GUIDE)
    return no("不是网上留言", "Not a message", GUIDE)


@guard("by_chat", "在线即时咨询", "An instant question on line", [GUIDE])
def by_chat(facts: Facts) -> Verdict:
    """Five hours run for instant questions on line (HL-T-03)."""
    if facts.channel in MESSAGE_CHANNELS and facts.details.get("live"):
        return yes("在线即时咨询，5小时内答复", "An instant question: answered within 5 hours", GUIDE)
    return no("不是在线即时咨询", "Not an instant question", GUIDE)


@guard("by_letter", "来信咨询", "A letter", [GUIDE])
def by_letter(facts: Facts) -> Verdict:
    """Seven working days run for letters (HL-T-01)."""
    if facts.channel == "letter":
        return yes("来信，7个工作日内作出处理决定", "A letter: decided within 7 working days", GUIDE)
    return no("不是来信", "Not a letter", GUIDE)


@guard("is_order", "是工单", "It is a work order", [f"{ORDER_RULES}第二十条"])
def is_order(facts: Facts) -> Verdict:
    """The order's clock runs from its arrival from 12345, or from the order made here (HL-T-04)."""
    if facts.channel == "api":
        return yes("12345转来的工单，自收到时起算", "An order from 12345: runs from receipt", f"{ORDER_RULES}第二十条")
    if text_of(facts.payload, "order_to"):
        return yes("交办的工单，自交办时起算", "An order made here: runs from now", f"{ORDER_RULES}第二十条")
    return no("不是工单", "Not a work order", f"{ORDER_RULES}第二十条")


@guard("violence_told", "本人说有家庭暴力或者未成年人有危险", "The person tells of domestic violence or of a child in danger",
       ["反家庭暴力法第五条", "反家庭暴力法第十三条", "未成年人保护法第一百零三条"])  # fmt: skip
def violence_told(facts: Facts) -> Verdict:
    """Sealed from the first moment: told in the form, or heard in the person's words."""
    heard = alarm_in(text_of(facts.details, "facts"))
    if facts.details.get("violence") is True or (heard and heard.kind == "domestic_violence"):
        return yes("涉及家庭暴力，只有办这件事的人看得到", "Domestic violence: seen by those who handle it only",
                   "反家庭暴力法第五条")  # fmt: skip
    if heard and heard.kind == "child":
        return yes("涉及未成年人安全，只有办这件事的人看得到", "A child's safety: seen by those who handle it only",
                   "未成年人保护法第一百零三条")  # fmt: skip
    return no("没有提到家庭暴力", "No domestic violence told", "反家庭暴力法第五条")


@guard("answer_is_grounded", "答复写明了依据", "The answer names its ground", [GUIDE])
def answer_is_grounded(facts: Facts) -> Verdict:
    """Law is answered with its article; only where-and-how questions need none."""
    if not facts.payload:
        return unknown("请填写答复", "Fill in the answer")
    if text_of(facts.payload, "articles") or facts.payload.get("topic") == "procedure":
        return yes("写明了依据", "The ground is named")
    return no(
        "请写明依据的条文；只是告知怎么办、去哪办的，请选“怎么办、去哪办”",
        "Cite the article, or choose the where-and-how topic",
    )


@guard(
    "told_and_agreed", "已告知条件和程序，本人同意转办", "Told of the conditions, and agrees", ["法律援助法第二十三条"]
)
def told_and_agreed(facts: Facts) -> Verdict:
    """Nobody is handed on without knowing what for and without agreeing (LA-U-04)."""
    told, agreed = facts.payload.get("told"), facts.payload.get("agreed")
    if told is None or agreed is None:
        return unknown("转办前请告知条件和程序，并问本人同不同意", "Tell the conditions and ask for consent first",
                       "法律援助法第二十三条")  # fmt: skip
    if not told:
        return no("还没有告知申请的条件和程序，请先告知", "The conditions and procedure have not been told yet",
                  "法律援助法第二十三条")  # fmt: skip
    if not agreed:
        return no("本人不同意转办，请当场解答或者预约", "The person does not agree: answer or appoint instead")
    return yes("已告知，本人同意", "Told and agreed", "法律援助法第二十三条")


@guard("appointment_ahead", "约的时间在以后", "The appointment lies ahead", ["法律援助条例第二十五条"])
def appointment_ahead(facts: Facts) -> Verdict:
    """A complex question may be appointed, for a time that has not passed."""
    at = moment_of(facts.payload, "at")
    if at is None:
        return unknown("请约定时间", "Choose a time", "法律援助条例第二十五条")
    if at <= facts.now:
        return no(
            "约的时间已经过了，请改成以后的时间", "That time has passed: choose a later one", "法律援助条例第二十五条"
        )
    return yes("可以预约", "May be appointed", "法律援助条例第二十五条")


@guard("order_returnable", "工单可以退回", "The order may be returned", [f"{ORDER_RULES}第二十二条"])
def order_returnable(facts: Facts) -> Verdict:
    """A wrong order goes back once; one the centre fixed after a dispute does not (HL-U-11)."""
    orders = [action for action in facts.history if action in {"make_order", "fix_order"}]
    if orders and orders[-1] == "fix_order":
        return no("这件工单已由热线中心确定承办单位，不能再退回；请办理，有异议另行报告",
                  "The centre fixed who handles this order: it cannot be returned", f"{ORDER_RULES}第二十二条")  # fmt: skip
    return yes("可以退回并说明理由", "May be returned with reasons", f"{ORDER_RULES}第二十二条")


@guard("order_disputed", "承办单位有争议", "Who handles it is disputed", [f"{ORDER_RULES}第二十二条"])
def order_disputed(facts: Facts) -> Verdict:
    """The centre fixes an order only after one was returned."""
    if "return_order" in facts.history:
        return yes("工单退回过，可以由中心确定承办单位", "An order was returned: the centre may fix it",
                   f"{ORDER_RULES}第二十二条")  # fmt: skip
    return no(
        "还没有单位退回过，请先正常交办", "No order was returned yet: make an ordinary one", f"{ORDER_RULES}第二十二条"
    )


@guard("visit_settles", "回访后可以办结", "The visit settles it", [f"{ORDER_RULES}第二十五条"])
def visit_settles(facts: Facts) -> Verdict:
    """Content, or not to be reached after trying; discontent goes back to the handler."""
    basis = f"{ORDER_RULES}第二十五条"
    if facts.payload.get("reached") is None:
        return unknown("请登记回访结果", "Record the visit", basis)
    if facts.payload["reached"] is False:
        return yes("联系不上，如实登记后办结", "Not reached: recorded as such", basis)
    match facts.payload.get("satisfied"):
        case True:
            return yes("本人满意，可以办结", "Content: may be closed", basis)
        case False:
            return no("本人不满意，请退回再办，不能办结", "Not content: send it back to be handled again",
                      "济南市12345市民服务热线条例第二十七条")  # fmt: skip
    return unknown("请问本人满不满意", "Ask whether the person is content", basis)


@guard("visit_sends_back", "本人不满意", "The person is not content", ["济南市12345市民服务热线条例第二十七条"])
def visit_sends_back(facts: Facts) -> Verdict:
    """What is not done or not well done is handled again (HL-D-02)."""
    basis = "济南市12345市民服务热线条例第二十七条"
    if not facts.payload:
        return unknown("请登记回访结果", "Record the visit", basis)
    if facts.payload.get("satisfied") is False:
        return yes("本人不满意，退回再办", "Not content: handled again", basis)
    return no("本人没有说不满意，不用退回", "The person is not discontent", basis)


@guard("tried_enough", "已经拨打过", "Calls were tried", ["法律援助条例第二十五条"])
def tried_enough(facts: Facts) -> Verdict:
    """Closed as not reached only after the city's number of recorded calls; one at least, where it sets none."""
    wanted = facts.parameters.get(CALLBACK_ATTEMPTS)
    needed = max(1, int(wanted.value)) if wanted else 1
    tried = int(facts.details.get("attempts") or 0)
    if tried < needed:
        return no(f"只登记了{tried}次拨打，至少{needed}次以后才能按联系不上办结",
                  f"{tried} calls recorded; {needed} are needed before closing")  # fmt: skip
    return yes(f"已登记{tried}次拨打，联系不上", f"{tried} calls recorded, not reached")


@guard(
    "another_scores", "质检人不是答复人", "The scorer is not who answered", ["济南市12345市民服务热线条例第三十二条"]
)
def another_scores(facts: Facts) -> Verdict:
    """Nobody scores their own answer."""
    basis = "济南市12345市民服务热线条例第三十二条"
    if facts.actor_user is not None and facts.actor_user in (facts.details.get("answered_by") or []):
        return no("这是您自己答复的，请由别人质检", "You gave this answer: somebody else must score it", basis)
    return yes("可以质检", "May be scored", basis)


@guard("alarm_raised", "有警情", "There is an alarm")
def alarm_raised(facts: Facts) -> Verdict:
    """Only a raised alarm can be closed."""
    if any(flag.startswith(FLAG) for flag in facts.flags):
        return yes("有未解除的警情", "An alarm is open")
    return no("没有警情需要解除", "No alarm is open")


@dataclass(frozen=True)
class Mark:
    """A flag intake sets, how far ahead it puts the case (1 first served, 2 urgent), and why."""

    name: str
    priority: int
    zh: str
    en: str
    basis: tuple[str, ...]


def intake_marks(facts: Facts) -> list[Mark]:
    """Every flag the answers justify at once. A flag helps; none counts against the person."""
    return [*_urgent_marks(facts), *_first_marks(facts)]


def _urgent_marks(facts: Facts) -> Iterator[Mark]:
    if facts.details.get("violence") is True:
        yield Mark("domestic_violence", 2, "家庭暴力：保密，只用安全的联系方式", "Domestic violence: sealed, contact safely",
                   ("反家庭暴力法第五条",))  # fmt: skip
    found = reminder(facts.matter, facts.details, facts.today)
    if found and found.pressing:
        yield Mark("limitation_near", 2, f"{found.zh}，符合先行提供法律援助的期限", found.en,
                   (*found.basis, "法律援助法第四十四条"))  # fmt: skip


def _first_marks(facts: Facts) -> Iterator[Mark]:
    if facts.matter == "wages":
        yield Mark("wage_fast_lane", 1, "欠薪：优先办理", "Wages: served first", ("保障农民工工资支付条例第四十五条",))
        if (facts.details.get("people") or 0) > 1:
            yield Mark("group_matter", 1, "多人同一件事：并成一件，发编号让同事加入",
                       "Several people, one matter: one case, joined by a code", ())  # fmt: skip
    groups = priority_groups((facts.details.get("_applicant") or {}).get("groups") or [])
    if groups:
        yield Mark(
            "priority_group", 1, "法定优先服务对象", "Served first by law", ("山东省公共法律服务条例第二十一条",)
        )


def priority_groups(groups: Collection[str]) -> list[str]:
    """The groups of a person that are served first (HL-U-05)."""
    return sorted(FIRST_SERVED & set(groups))


def safe_contact(details: Mapping[str, Any]) -> dict[str, Any]:
    """What was said about contact, as the person's record keeps it; what was not said changes nothing.

    With violence at home and nothing said, no text is sent: somebody else may read it.
    """
    names = {"may_call": "may_call", "may_text": "may_text", "contact_times": "times", "who_answers": "who_answers",
             "say_bureau": "say_bureau", "safe_words": "words"}  # fmt: skip
    said = {kept: details[name] for name, kept in names.items() if details.get(name) not in (None, "")}
    return {"may_text": False, "say_bureau": False} | said if details.get("violence") is True else said


def answer_within(channel: str, *, live: bool = False) -> str:
    """When a question of a channel is answered, for the portal: the limits of definition.yaml in words.

    Raises ValueError for a channel without a promise.
    """
    if channel in {"hotline", "window", "duty"}:
        return "当场答复"
    if channel in MESSAGE_CHANNELS:
        return "5小时内答复" if live else "24小时内答复"
    if channel == "letter":
        return "7个工作日内告诉您怎么处理"
    if channel == "api":
        return "5个工作日内办结"
    raise ValueError(f"no promise is made for the channel {channel!r}")


def waiting_words(ahead: int, minutes: int | None) -> Words:
    """Where somebody stands in the queue. `minutes` None: it cannot be told, and that is said. Raises ValueError."""
    if ahead < 0 or (minutes is not None and minutes < 0):
        raise ValueError("A queue position and a wait cannot be negative.")
    if ahead == 0:
        return Words(zh="下一个就是您，请不要挂断。", en="You are next. Please stay on the line.")
    keep = "不想等可以留下号码，我们按顺序回拨，不用重新排队。"
    keep_en = "You may leave your number: we call back in order and you keep your place."
    if minutes is None:
        return Words(zh=f"前面还有{ahead}位，暂时估不出要等多久。{keep}",
                     en=f"{ahead} ahead of you; we cannot tell how long it takes. {keep_en}")  # fmt: skip
    wait, wait_en = (
        ("不到1分钟", "less than a minute") if minutes < 1 else (f"大约{minutes}分钟", f"about {minutes} min")
    )
    return Words(zh=f"前面还有{ahead}位，要等{wait}。{keep}", en=f"{ahead} ahead of you, {wait_en}. {keep_en}")


def quality_total(sheet: Mapping[str, Any]) -> int:
    """The score of a sampled consultation, 0 to 100; a grave fault leaves nothing."""
    return 0 if sheet.get("grave") else sum(int(sheet.get(part) or 0) for part in SCORED)


def draw(numbers: Sequence[str], count: int, seed: str) -> list[str]:
    """A sample of tracking numbers anybody can draw again with the same seed. Raises ValueError (negative count)."""
    if count < 0:
        raise ValueError("A sample cannot be smaller than nothing.")
    ranked = sorted(set(numbers), key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).digest())
    return sorted(ranked[:count])
