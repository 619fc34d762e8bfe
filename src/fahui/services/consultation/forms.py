"""What each action of a consultation asks. An agent fills these while talking: few fields, the rest suggested."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import StringConstraints

from fahui.casework.forms.fields import FormModel, Line, Text, question
from fahui.services.consultation.choices import AiMark, AlarmKind, MeetBy, OtherEnd, Route, Topic

# Words somebody will read: at least a few of them.
Sentence = Annotated[str, StringConstraints(min_length=4, max_length=4000, strip_whitespace=True)]


class Answer(FormModel):
    """The answer, in five fields; and, where a machine answered before, whether it was right."""

    topic: Topic = question("是哪类问题", "Topic")
    facts_line: Line = question("一句话写事实", "The facts in one line", min_length=4)
    answer: Sentence = question("怎么答复的（先写结论，再写步骤）", "The answer, conclusion first", kind="long")
    articles: Text = question("依据哪些条文（一行一条，如：劳动争议调解仲裁法第二十七条）", "Articles cited, one a line",
                              default="", kind="long")  # fmt: skip
    next_step: Line = question("下一步去哪、做什么、什么时候以前", "Next step: where, what, by when", min_length=2)
    ai_mark: AiMark | None = question("前面机器的回答怎么样（没有就不选）", "The machine's answer before", default=None)


class HandOn(FormModel):
    """Handing the matter on to another service, with the person's consent and what they need to know."""

    topic: Topic = question("是哪类问题", "Topic")
    facts_line: Line = question("一句话写事实", "The facts in one line", min_length=4)
    told: bool = question("已经告知条件和程序", "Conditions and procedure were told", default=False)
    agreed: bool = question("本人同意转过去办", "The person agrees", default=False)
    note: Text = question("要转告接办方的话", "Words for whoever takes over", default="", kind="long", sensitive=True)


class Redirect(FormModel):
    """Another procedure is the right one: which, where, with what."""

    topic: Topic = question("是哪类问题", "Topic")
    facts_line: Line = question("一句话写事实", "The facts in one line", min_length=4)
    route: Route = question("应当走哪条路", "The right way")
    where: Line = question("去哪里（单位、地址、电话）", "Where (office, address, phone)", min_length=2)
    how: Sentence = question("怎么办、带什么、有没有期限", "How, with what papers, by when", kind="long")


class FinishOtherwise(FormModel):
    """An end that is none of the usual ones."""

    kind: OtherEnd = question("怎么结束的", "How it ended")
    note: Line = question("说明", "Note", default="", required_if={"kind": ["other"]})


class Appointment(FormModel):
    """A complex question gets a time and a person (法律援助条例第二十五条)."""

    at: datetime = question("约在什么时候", "When")
    by: MeetBy = question("怎么谈", "How", default=MeetBy.PHONE)
    with_whom: Line = question("和谁谈", "With whom", min_length=2, hint_zh="写姓名，短信会告诉本人",
                               hint_en="Give a name; the text message will tell the person")  # fmt: skip
    place: Line = question("地点或者电话", "Place or phone", default="")
    bring: Text = question("请带上什么", "What to bring", default="", kind="long")


class CallBack(FormModel):
    """A promise to call back, and how to do it safely."""

    not_before: datetime | None = question("什么时候以后打方便", "Not before", default=None)
    who_answers: Line = question("可能是谁接电话", "Who may answer", default="", sensitive=True)
    say_bureau: bool = question("别人接的话，可以说是司法局打来的", "May we say who calls", default=True)
    if_not_safe: Line = question("不方便时您会怎么说", "What you will say when it is not safe", default="",
                                 sensitive=True)  # fmt: skip


class NotReached(FormModel):
    """A call that was tried and not answered."""

    tried_at: datetime = question("什么时候打的", "Tried at")
    note: Line = question("情况（无人接、关机、空号）", "What happened", min_length=2)
    again_at: datetime | None = question("什么时候再打", "Try again at", default=None)


class WorkOrder(FormModel):
    """An order to whoever must handle the matter."""

    order_to: Line = question("交给哪个单位办", "Who handles it", min_length=2)
    order_institution: int | None = question("本系统内的机构", "Office in this installation", default=None, kind="institution",
                                             hint_zh="选了的，那里的人马上收到提醒", hint_en="Its people are told at once")  # fmt: skip
    task: Sentence = question("要办什么、怎样算办好", "What is to be done, and when it is done", kind="long")
    city_order: Line = question("12345工单号（有的话）", "Number of the 12345 order", default="")


class ReturnOrder(FormModel):
    """The order belongs elsewhere: why, and where."""

    reasons: Sentence = question(
        "为什么不归本单位办（写明职责依据）", "Why it is not ours, with the ground", kind="long"
    )
    suggested: Line = question("建议交给谁", "Who should have it", min_length=2)


class ExplainDelay(FormModel):
    """It cannot be done in time: why, what is proposed, and by when."""

    reasons: Sentence = question("为什么按期办不完", "Why it takes longer", kind="long")
    proposal: Sentence = question("打算怎么办", "What is proposed", kind="long")
    promised_on: date = question("最迟哪天办好", "Done by")


class ReturnVisit(FormModel):
    """A call after the reply."""

    visited_on: date = question("哪天回访", "Visited on", past=True)
    reached: bool = question("联系上了", "Reached", default=True)
    satisfied: bool | None = question("对办理结果满意吗", "Content with the result", default=None,
                                      show_if={"reached": [True]})  # fmt: skip
    words: Text = question("本人的话", "The person's words", default="", kind="long", sensitive=True)


class NotSolved(FormModel):
    """The person says it is not solved."""

    words: Sentence = question("还有什么没解决", "What is not solved", kind="long")


class RaiseAlarm(FormModel):
    """The red key. One tap is enough; the rest can be added while talking."""

    kind: AlarmKind = question("是哪种情况", "What kind")
    safe_now: bool | None = question("人现在安全吗", "Is the person safe now", default=None)
    where: Line = question("人现在在哪里", "Where the person is now", default="", sensitive=True)
    words: Text = question("听到了什么", "What was heard", default="", kind="long", sensitive=True)


class AlarmOver(FormModel):
    """What was done about an alarm."""

    done: Sentence = question("怎么处置的（报警、联系家属、到场、误报）", "What was done", kind="long")
    mistaken: bool = question("是误报", "It was a false alarm", default=False)


class ScoreSheet(FormModel):
    """A sampled consultation, scored in five parts of 20."""

    listening: int = question("让人把话说完、态度好", "Listened, polite", kind="number", ge=0, le=20)
    asking: int = question("问清了关键事实", "Asked for the facts that matter", kind="number", ge=0, le=20)
    law: int = question("法律说得对，期限算得对", "Law and limits right", kind="number", ge=0, le=20)
    citing: int = question("条文引得准", "Articles cited right", kind="number", ge=0, le=20)
    next_step: int = question("讲明了下一步，登记完整", "Next step told, record complete", kind="number", ge=0, le=20)
    grave: bool = question("有严重错误（说错法、误期限、泄露隐私）", "A grave fault", default=False)
    faults: Text = question("问题在哪", "The faults", default="", kind="long", required_if={"grave": [True]})


class Withdraw(FormModel):
    """The person does not need an answer any more. No reason is demanded."""

    why: Text = question("为什么不问了（可以不写）", "Why (optional)", default="", kind="long")
