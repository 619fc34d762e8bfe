"""What each action of a complaint asks. What the complainant will read is asked for in full sentences."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import StringConstraints

from fahui.casework.forms.fields import FormModel, Line, Text, question
from fahui.services.complaint.choices import Finding, Proceeding, RatingFinding, ReviewResult

# Words somebody will read: at least a few of them.
Sentence = Annotated[str, StringConstraints(min_length=4, max_length=4000, strip_whitespace=True)]


class Accept(FormModel):
    """The complaint is taken up: told in writing (信访工作条例第二十三条)."""

    subject: Line = question("受理的是什么事（一句话）", "What is taken up, in one line", min_length=4)
    representatives: int | None = question("来了几位代表（多人走访时）", "Representatives, when many came", default=None,
                                           kind="number", ge=1, le=500)  # fmt: skip


class RouteAway(FormModel):
    """Another way goes first: told, with where and how."""

    proceeding: Proceeding = question("应当走哪条途径", "The right way")
    where: Line = question("去哪里（单位、地址、电话）", "Where", min_length=2)
    how: Sentence = question("怎么办、带什么、有没有期限", "How, with what, by when", kind="long")


class ObjectRemit(FormModel):
    """What another organ passed to us is not ours: why, and whose it is (信访工作条例第二十三条)."""

    reasons: Sentence = question("为什么不属于本机关职权（写明依据）", "Why it is not within our powers", kind="long")
    competent: Line = question("应当由哪个机关办", "The competent organ", min_length=2)


class Enquiry(FormModel):
    """A step of the enquiry: whom we asked, what we saw."""

    on: date = question("哪天", "On")
    what: Sentence = question("查了什么、问了谁、看到什么", "What was looked into", kind="long")


class Extend(FormModel):
    """More time, with the reason the complainant is told."""

    reasons: Sentence = question("延长的理由（会告诉投诉人）", "Reasons, told to the complainant", kind="long")


class Opinion(FormModel):
    """The written opinion: request, facts, reasons, decision, ground (信访工作条例第三十二条)."""

    request: Sentence = question("投诉人要求什么", "The request", kind="long")
    facts_found: Sentence = question("查明的事实", "The facts found", kind="long")
    finding: Finding = question("处理意见", "The decision")
    reasons: Sentence = question("理由", "Reasons", kind="long")
    articles: Text = question("依据哪些条文（一行一条）", "Articles relied on, one a line", default="", kind="long")
    measures: Text = question("怎么处理、怎么改正", "What is done about it", default="", kind="long")


class AskReview(FormModel):
    """Not content with the opinion. No reason is demanded."""

    why: Text = question("哪里不服（可以不写）", "What is wrong (optional)", default="", kind="long")
    received_on: date | None = question("哪天收到处理意见", "Opinion received on", default=None)


class RecordReview(FormModel):
    """The decision of the organ above."""

    result: ReviewResult = question("上级机关的决定", "Decision")
    organ: Line = question("哪个机关", "Which organ", min_length=2)
    number: Line = question("文号", "Its number", default="")
    received_on: date | None = question("投诉人哪天收到的", "Received by the complainant on", default=None,
                                        hint_zh="再请求复核的30日从这天起算；不填从今天起算",
                                        hint_en="The 30 days for a further review run from then; from today if left empty")  # fmt: skip
    reasons: Sentence = question("理由", "Reasons", kind="long")


class FirstContact(FormModel):
    """The first call after a bad rating: hear them out."""

    called_at: datetime = question("什么时候联系的", "Called at")
    reached: bool = question("联系上了", "Reached", default=True)
    said: Text = question("本人怎么说、想要什么", "What they said and want", default="", kind="long", sensitive=True,
                          required_if={"reached": [True]})  # fmt: skip


class Rectify(FormModel):
    """What was found and put right."""

    finding: RatingFinding = question("核查结果", "Finding")
    facts_found: Sentence = question("查明的情况", "What was found", kind="long")
    put_right: Text = question("怎么整改的（谁、哪天以前、改了什么）", "What was put right", default="", kind="long",
                               required_if={"finding": ["justified"]})  # fmt: skip
    told_on: date | None = question("哪天告诉本人的", "The person was told on", default=None)


class FixSite(FormModel):
    """The fault on the site and what became of it."""

    really: bool = question("确实有错", "Really a fault", default=True)
    answer: Sentence = question("告诉找错人的话", "Words to who found it", kind="long")


class Withdraw(FormModel):
    """The complainant withdraws. No reason is demanded."""

    why: Text = question("为什么不投诉了（可以不写）", "Why (optional)", default="", kind="long")
