"""What a consultation asks, by what people need. Name and phone are the Party's and stand in no form here; almost
everything may stay empty: nobody is turned away for an empty field.

The forms of the actions live in `forms.py` and are named here too, so that a definition finds every class in one place.
"""

from __future__ import annotations

from datetime import date, datetime

from fahui.casework.forms.fields import CaseDetails, Fen, Line, Text, question
from fahui.services.consultation.choices import LandKind, OtherSide
from fahui.services.consultation.forms import (
    AlarmOver,
    Answer,
    Appointment,
    CallBack,
    ExplainDelay,
    FinishOtherwise,
    HandOn,
    NotReached,
    NotSolved,
    RaiseAlarm,
    Redirect,
    ReturnOrder,
    ReturnVisit,
    ScoreSheet,
    Withdraw,
    WorkOrder,
)

__all__ = [
    "AlarmOver",
    "Answer",
    "Appointment",
    "CallBack",
    "ConsultationDetails",
    "ExplainDelay",
    "FamilyDetails",
    "FinishOtherwise",
    "HandOn",
    "LandDetails",
    "NotReached",
    "NotSolved",
    "RaiseAlarm",
    "Redirect",
    "ReturnOrder",
    "ReturnVisit",
    "ScoreSheet",
    "WageDetails",
    "Withdraw",
    "WorkOrder",
]


class Record(CaseDetails):
    """What actions leave in the record, never typed by hand; and what came with a question asked of the machine first."""

    # Asked to speak with a lawyer at once, on line: answered in hours, not by the next day (HL-T-03).
    live: bool = question("要求马上和律师说", "Wants a lawyer now", default=False, kind="hidden")
    ai_answer: Text = question("机器先前的回答", "The machine's answer", default="", kind="hidden")
    ai_articles: list[Line] = question("机器引用的条文", "Articles it cited", default=[], kind="hidden", max_length=20)
    answered_by: list[int] = question("答复人", "Answered by", default=[], kind="hidden", desk_only=True)
    attempts: int = question("拨打次数", "Calls tried", default=0, kind="hidden", desk_only=True)
    appointment_at: datetime | None = question("预约时间", "Appointment", default=None, kind="hidden", desk_only=True)
    order_to: Line = question("承办单位", "Handling office", default="", kind="hidden", desk_only=True)
    answer_given: Text = question("答复内容", "The answer given", default="", kind="hidden", desk_only=True)
    quality_score: int | None = question("质检得分", "Quality score", default=None, kind="hidden", desk_only=True)


class ConsultationDetails(Record):
    """A question of any kind: only the words matter."""

    facts: Text = question("用自己的话说说您想问什么", "What do you want to ask", default="", kind="long",
                           hint_zh="想到哪里说到哪里，方言也可以",
                           hint_en="Say it as it comes to you, in dialect if you like", sensitive=True)  # fmt: skip
    wanted: Line = question("您最想要什么结果", "What do you want to achieve", default="")
    declined_identity: bool = question("本人不愿意留身份信息", "Declined to give identity", default=False,
                                       desk_only=True, hint_zh="不留也照样解答，如实登记",
                                       hint_en="You are answered all the same; it is recorded as it is")  # fmt: skip


class WageDetails(ConsultationDetails):
    """Unpaid wages: five fields tell what matters. No contract and no proof of means is asked for."""

    who_owes: Line = question("谁欠您的钱", "Who owes you", default="",
                              hint_zh="公司、包工头都行；不知道全名，写知道的",
                              hint_en="A company or a foreman; if you do not know the full name, write what you know")  # fmt: skip
    owed_fen: Fen | None = question("一共欠多少", "How much", default=None, kind="money", unit="fen",
                                    hint_zh="记不清可以估一个数",
                                    hint_en="An estimate will do")  # fmt: skip
    work_site: Line = question("在哪个工地、厂、店", "Which site, factory or shop", default="")
    people: int | None = question(
        "几个人被欠（算上自己）", "How many people", default=None, kind="number", ge=1, le=5000
    )
    left_on: date | None = question("哪天离开的", "When did you leave", past=True, default=None,
                                    hint_zh="要工资的仲裁时效从离开那天起算一年；还在干就不用填",
                                    hint_en="The year for arbitration about wages runs from the day you left; leave it empty if you still work there")  # fmt: skip
    still_working: bool | None = question("还在那里干活吗", "Still working there", default=None)
    own_fen: Fen | None = question("其中欠您自己多少", "Your own part", default=None, kind="money", unit="fen",
                                   hint_zh="一个人就不用填",
                                   hint_en="Leave it empty if you are the only one")  # fmt: skip


class FamilyDetails(ConsultationDetails):
    """Marriage and family. Violence is asked about plainly, and contact only where it is safe."""

    violence: bool | None = question("有没有挨打、被威胁、被关起来、被控制钱和电话", "Violence, threats or control",
                                     default=None, hint_zh="只有办这件事的人看得到",
                                     hint_en="Only those who handle this matter can see it")  # fmt: skip
    violence_now: bool | None = question("现在有危险吗", "In danger now", default=None, show_if={"violence": [True]},
                                         hint_zh="有危险请马上打110",
                                         hint_en="If you are in danger call 110 at once")  # fmt: skip
    children: bool | None = question("有没有未成年的孩子", "Children under eighteen", default=None)
    may_call: bool | None = question("可以打电话给您吗", "May we call", default=None, group="怎样联系您才安全")
    may_text: bool | None = question("可以发短信给您吗", "May we text", default=None, group="怎样联系您才安全")
    contact_times: Line = question("什么时候联系方便", "When", default="", group="怎样联系您才安全")
    who_answers: Line = question("可能是谁接电话、看手机", "Who else may answer or read", default="", sensitive=True,
                                 group="怎样联系您才安全")  # fmt: skip
    say_bureau: bool | None = question("别人接的话，可以说是司法局打来的", "May we say who calls", default=None,
                                       group="怎样联系您才安全")  # fmt: skip
    safe_words: Line = question("不方便时您会怎么说", "What you say when it is not safe", default="", sensitive=True,
                                group="怎样联系您才安全")  # fmt: skip


class LandDetails(ConsultationDetails):
    """Farm land, homesteads, expropriation."""

    land_kind: LandKind | None = question("是哪种地", "What land", default=None)
    other_side: OtherSide | None = question("和谁有争议", "With whom", default=None)
    known_on: date | None = question("哪天知道自己的地被占、被收", "When did you learn of it", past=True, default=None,
                                     hint_zh="承包地仲裁的时效从这天起算二年",
                                     hint_en="The two years for arbitration about contracted land run from this day")  # fmt: skip
    papers: Text = question("手里有什么（承包合同、经营权证、照片）", "Papers you hold", default="", kind="long",
                            hint_zh="没有也可以问",
                            hint_en="You may ask without any")  # fmt: skip
    talked: bool | None = question("找村里、镇上调解过吗", "Mediation tried", default=None)
