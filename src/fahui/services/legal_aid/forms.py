"""What each action asks. Reasons are required where the law wants them in writing; the rest stays short."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import StringConstraints

from fahui.casework.forms.fields import Fen, FormModel, Line, Text, question
from fahui.services.legal_aid.choices import (
    AidForm,
    Answer,
    CaseResult,
    EarlyGround,
    FeePlace,
    HelpKind,
    NoSigningReason,
    ProgressStage,
    RefuseReason,
    TerminationGround,
)

# A reason somebody will read; never empty.
Reasons = Annotated[str, StringConstraints(min_length=2, max_length=4000, strip_whitespace=True)]


class NeedMore(FormModel):
    """Everything that is missing, told once and in full (法律援助法第四十三条)."""

    missing: Reasons = question("还缺什么（一次写全，一行一项）", "Everything that is missing, one a line", kind="long",
                                hint_zh="能通过信息共享查到的，不要求申请人去开证明",
                                hint_en="What data sharing can tell is not asked of the applicant as a certificate")  # fmt: skip
    due_on: date = question("请在哪天以前补上", "Please supply by", hint_zh="给足时间；到期未补按撤回处理",
                            hint_en="Give enough time; what is not supplied by then counts as withdrawn")  # fmt: skip


class Supplement(FormModel):
    """What the applicant supplied or explained."""

    explanation: Text = question("说明（材料可以另外上传或者送到窗口）", "Explanation", default="", kind="long")


class Withdraw(FormModel):
    """The applicant no longer wants aid. No reason is demanded."""

    why: Text = question("为什么不申请了（可以不写）", "Why (optional)", default="", kind="long")


class HandOver(FormModel):
    """The right agency for the matter, so that nobody is just sent away (法律援助法第三十八条)."""

    to_name: Line = question("转给哪个法律援助机构", "To which agency", min_length=2)
    reason_text: Reasons = question("为什么由那里办理", "Why there", kind="long")


class Cooperation(FormModel):
    """A means or fact check in another place."""

    agency: Line = question("请哪里的法律援助机构协助", "Which agency is asked", min_length=2)
    what: Reasons = question("请协助核查什么", "What to check", kind="long")


class EarlyAid(FormModel):
    """Aid before the review is finished (法律援助法第四十四条)."""

    ground: EarlyGround = question("先行提供的情形", "Ground")
    reason_text: Reasons = question("理由", "Reasons", kind="long")
    deadline_on: date | None = question("期限哪天届满", "The period ends on", default=None,
                                        required_if={"ground": ["limitation"]})  # fmt: skip
    make_up: Text = question(
        "需要补办的手续和材料（一行一项）", "To be made up later, one a line", default="", kind="long"
    )


class Grant(FormModel):
    """Aid is granted."""

    aid_form: AidForm = question("援助形式", "Form of aid", default=AidForm.LITIGATION)
    reason_text: Text = question("理由（与系统意见不同的，必须写）", "Reasons (needed when the advice differs)", default="",
                             kind="long")  # fmt: skip


class ConfirmEarly(FormModel):
    """The formalities of early aid are made up and the aid is confirmed."""

    made_up: Reasons = question("已补办的手续和材料", "What was made up", kind="long")
    reason_text: Text = question("理由（与系统意见不同的，必须写）", "Reasons (needed when the advice differs)", default="",
                             kind="long")  # fmt: skip


class Refuse(FormModel):
    """Aid is refused: in writing, with reasons (法律援助法第四十三条)."""

    reason: RefuseReason = question("不予援助的原因", "Why refused")
    reason_text: Reasons = question("说明理由（写给申请人看，写清事实和数字）", "Reasons for the applicant, with figures",
                                kind="long")  # fmt: skip
    other_help: Text = question("还可以怎么办（调解、仲裁、其他部门）", "Other help", default="", kind="long")


class Assign(FormModel):
    """Who gives the aid."""

    practitioner_id: int = question("指派给", "Assigned to", kind="practitioner")
    reason_if_not_first: Text = question("没有选第一位建议人选的理由", "Why not the first suggestion", default="",
                                         kind="long")  # fmt: skip


class Decline(FormModel):
    """A firm or lawyer does not take the assignment."""

    conflict: bool = question("因为有利益冲突", "Conflict of interest", default=False)
    reason_text: Reasons = question("理由", "Reasons", kind="long", hint_zh="没有正当理由拒绝指派的，会记录在案",
                                    hint_en="Refusing an assignment without good reason is put on record")  # fmt: skip


class AgreementSigned(FormModel):
    """The agreement with the recipient is signed and the formalities are filed."""

    signed_on: date = question("哪天签的委托代理（辩护）协议", "Agreement signed on")
    filed_on: date | None = question("哪天把法律援助手续交给办案机关", "Formalities filed on", past=True, default=None)
    first_contact_on: date | None = question("哪天第一次和受援人见面或者通话", "First contact", default=None)


class AskMeeting(FormModel):
    """The lawyer shows licence, firm certificate and aid letter at the detention centre."""

    asked_at: datetime = question("向看守所提出会见的时间", "Meeting asked for at", past=True)
    place: Line = question("看守所", "Detention centre", default="")


class MeetingHeld(FormModel):
    """The meeting in custody took place."""

    met_at: datetime = question("会见时间", "Met at")
    own_lawyer_wanted: bool = question("本人要自己请律师", "Wants an own lawyer", default=False)
    filed_on: date | None = question("哪天把法律援助手续交给办案机关", "Formalities filed on", past=True, default=None)
    note: Text = question("需要记下的事", "Note", default="", kind="long", sensitive=True)


class Progress(FormModel):
    """What the provider tells the recipient (法律援助法第四十六条)."""

    stage: ProgressStage = question("办到哪一步", "Stage")
    told: Reasons = question("告诉受援人的话", "Words to the recipient", kind="long")
    next_on: date | None = question("下一步在哪天", "Next date", default=None)


class FeeRelief(FormModel):
    """A certificate for lower court, notary or appraisal fees (法律援助法第五十三条)."""

    place: FeePlace = question("给谁看", "For whom")
    addressee: Line = question("机构全称", "Full name of the institution", min_length=2)
    fee_fen: Fen | None = question("费用多少", "The fee", default=None, kind="money", unit="fen")


class Replace(FormModel):
    """The recipient asks for another provider (法律援助法第五十五条)."""

    reason_text: Reasons = question("承办人哪里没有做好", "What was not done", kind="long")
    evidence: Text = question("有什么可以说明（短信、通话记录、没到庭等）", "What shows it", default="", kind="long")


class ReplaceDecision(FormModel):
    """The agency's answer to a request for another provider."""

    answer: Answer = question("是否更换", "Replace?")
    reason_text: Reasons = question("理由", "Reasons", kind="long")


class ReportGround(FormModel):
    """The provider reports a ground of termination (法律援助法第四十八条)."""

    ground: TerminationGround = question("发现的情形", "Ground found")
    reason_text: Reasons = question("事实和依据", "Facts", kind="long")


class Terminate(FormModel):
    """Aid is ended (法律援助法第四十八条)."""

    ground: TerminationGround = question("终止的情形", "Ground")
    reason_text: Reasons = question("说明理由（写给受援人看）", "Reasons for the recipient", kind="long")
    work_done: Text = question("已经做了的工作", "Work already done", default="", kind="long")


class OwnLawyer(FormModel):
    """The person keeps a lawyer of their own choice (法律援助法第二十七条)."""

    told_on: date = question("哪天知道的", "Known on")
    organ_told_on: date | None = question("办案机关哪天通知我们", "Told by the organ on", default=None)
    reason_text: Reasons = question("本人怎么说、请了谁", "What the person said", kind="long")


class RejectLawyer(FormModel):
    """The person rejects the assigned lawyer, and the organ found the reason good."""

    rejected_on: date = question("哪天拒绝的", "Rejected on", past=True)
    organ_told_on: date | None = question("办案机关哪天通知我们", "Told by the organ on", default=None)
    reason_text: Reasons = question("拒绝的理由", "The person's reason", kind="long")


class AskedAgain(FormModel):
    """The organ's new notice after the person chose no lawyer (刑事诉讼法解释第五十条)."""

    notified_at: datetime = question("什么时候收到再次通知", "New notice received at", past=True,
                                     hint_zh="三日指派从这时起算", hint_en="The three days for assignment run from here")  # fmt: skip


class FormalitiesFiled(FormModel):
    """The formalities are with the court (刑事诉讼法解释第六十六条)."""

    filed_on: date = question("哪天把法律援助手续交给法院", "Formalities filed on", past=True)


class NoHelpWanted(FormModel):
    """Why a request to see the duty lawyer ends without help."""

    reason_text: Reasons = question("为什么不再需要（例如已释放、本人不愿意见）", "Why it is no longer wanted", kind="long")


class CloseReport(FormModel):
    """The matter is done."""

    done_on: date = question("哪天办结", "Done on", past=True)
    result: CaseResult = question("结果", "Result")
    gained_fen: Fen | None = question("为受援人挽回多少钱", "Money gained", default=None, kind="money", unit="fen")


class HandInFile(FormModel):
    """The closing file (法律援助法第五十条)."""

    report: Reasons = question("办理情况报告", "Report on the case", kind="long")
    copies: bool = question("附了法律文书副本或者复印件", "Copies of the legal documents attached", default=False)
    why_no_copies: Text = question("没有文书的原因", "Why there are none", default="",
                                   required_if={"copies": [False]})  # fmt: skip


class ReturnFile(FormModel):
    """What the closing file lacks."""

    reason_text: Reasons = question("要补正什么（一行一项）", "What to correct, one a line", kind="long")


class CheckFile(FormModel):
    """The agency's check of the closing file, and the subsidy type it earns."""

    opinion: Reasons = question("审核意见", "Opinion", kind="long")
    subsidy_kind: AidForm = question("按哪种服务类型发补贴", "Subsidy type")


class SettleSubsidy(FormModel):
    """The subsidy of a closed case, once the local rate is set (法律援助法第五十二条)."""

    subsidy_kind: AidForm = question("按哪种服务类型发补贴", "Subsidy type")


class ReturnVisit(FormModel):
    """A call or visit to the recipient (法律援助法第五十九条)."""

    visited_on: date = question("哪天回访", "Visited on", past=True)
    reached: bool = question("联系上了", "Reached", default=True)
    money_asked: bool | None = question("承办人收过钱或者东西吗", "Did the provider take money or gifts", default=None,
                                        show_if={"reached": [True]})  # fmt: skip
    told_progress: bool | None = question("告诉过您办到哪一步吗", "Were you told of progress", default=None,
                                          show_if={"reached": [True]})  # fmt: skip
    words: Text = question("受援人的话", "The recipient's words", default="", kind="long", sensitive=True)


class QualitySample(FormModel):
    """A quality check of a closed file (法律援助法第五十七条, 第五十九条)."""

    method_zh: Line = question("方式（庭审旁听、案卷检查、征询司法机关意见、第三方评估）", "Method", min_length=2)
    score: int = question("得分", "Score", kind="number", ge=0, le=100)
    faults: Text = question("问题和页码", "Faults and pages", default="", kind="long")


class Objection(FormModel):
    """An objection to a refusal or termination (法律援助法第四十九条)."""

    reason_text: Text = question("您认为哪里不对（可以不写）", "What is wrong (optional)", default="", kind="long")
    received_on: date | None = question("司法局哪天收到（五日从这天起算，不填按今天）", "Received by the bureau on (the five days run from here; today if empty)",
                                        past=True, default=None, desk_only=True)  # fmt: skip


class ObjectionDecision(FormModel):
    """The bureau's decision on an objection."""

    reason_text: Reasons = question("理由", "Reasons", kind="long")


class RemedyFiled(FormModel):
    """That reconsideration was asked for or a suit filed, after the bureau upheld the agency (法律援助法第四十九条)."""

    filed_on: date = question("哪天被受理", "Accepted on", past=True)
    place: Line = question("哪个复议机关或者法院", "By which organ or court", min_length=2)


class RemedyResult(FormModel):
    """What the reconsideration organ or the court decided."""

    paper: Line = question("决定书、裁判文书的文号", "Number of the decision or judgment", min_length=2)
    decided_on: date = question("哪天作出", "Decided on", past=True)
    reason_text: Reasons = question("结果和理由摘要", "Result and reasons in short", kind="long")


class AidAsked(FormModel):
    """The person applies for aid through the duty lawyer: the 24 hours run from here (法律援助法第三十九条)."""

    asked_at: datetime = question("本人提出申请的时间", "When the person asked")


class TransferToAid(FormModel):
    """The application is passed on to the agency."""

    note: Text = question("要转告法律援助机构的话", "Note for the agency", default="", kind="long", sensitive=True)


class HelpGiven(FormModel):
    """What the duty lawyer did (法律援助法第三十条)."""

    met_at: datetime = question("会见或者答复的时间", "Met at")
    kinds: list[HelpKind] = question("做了什么", "What was done", kind="choices", min_length=1)
    file_read: bool = question("查阅了案卷", "Read the file", default=False, hint_zh="自审查起诉之日起可以阅卷",
                               hint_en="The file may be read from review for prosecution on")  # fmt: skip
    note: Text = question("要点", "Points", default="", kind="long", sensitive=True)


class LawyerOpinion(FormModel):
    """What the duty lawyer told the procuratorate (刑事诉讼法第一百七十三条)."""

    on_charge: Text = question("对涉嫌的事实、罪名和法律适用", "On facts, charge and law", default="", kind="long")
    on_leniency: Text = question("对从轻、减轻或者免除处罚", "On leniency", default="", kind="long")
    on_procedure: Text = question("对适用的程序", "On procedure", default="", kind="long")
    on_other: Text = question("对其他事项", "On other matters", default="", kind="long")
    adopted: bool | None = question("意见被采纳了吗", "Taken up?", default=None)
    reasons_if_not: Text = question("办案机关说明的不采纳理由", "Reasons given for not taking it up", default="",
                                    kind="long", show_if={"adopted": [False]})  # fmt: skip


class SignedPlea(FormModel):
    """The recognizance was signed in the lawyer's presence, or need not be (刑事诉讼法第一百七十四条)."""

    signed_on: date | None = question("哪天签署", "Signed on", default=None)
    lawyer_present: bool = question("值班律师在场并签名", "Duty lawyer present and signed", default=False)
    no_signing: NoSigningReason | None = question("不需要签署的情形", "Why none is needed", default=None)


class HelpLog(FormModel):
    """The shift's entry for this help."""

    minutes: int = question("用了多少分钟", "Minutes", kind="number", ge=1, le=1440)
    summary: Reasons = question("台账摘要", "Entry", kind="long")
