"""What a legal-aid case asks. Papers never block asking: most answers may stay empty, and an empty answer means "not
yet known", never "no". Name, identity number and phone of the applicant are the Party's and stand in no form here.

The forms of the actions live in `forms.py` and are named here too, so that a definition finds every class in one place.
"""

from __future__ import annotations

from datetime import date, datetime

from fahui.casework.forms.fields import CaseDetails, Fen, Line, Text, question
from fahui.services.legal_aid.choices import (
    AccessNeed,
    AppliesFor,
    CivilStage,
    CriminalRole,
    CriminalStage,
    ExemptGroup,
    ForwardedBy,
    MatterKind,
    NoticeGround,
    Organ,
    PriorityGroup,
    WaiverGround,
)
from fahui.services.legal_aid.forms import (
    AgreementSigned,
    AidAsked,
    AskedAgain,
    AskMeeting,
    Assign,
    CheckFile,
    CloseReport,
    ConfirmEarly,
    Cooperation,
    Decline,
    EarlyAid,
    FeeRelief,
    FormalitiesFiled,
    Grant,
    HandInFile,
    HandOver,
    HelpGiven,
    HelpLog,
    LawyerOpinion,
    MeetingHeld,
    NeedMore,
    NoHelpWanted,
    Objection,
    ObjectionDecision,
    OwnLawyer,
    Progress,
    QualitySample,
    Refuse,
    RejectLawyer,
    RemedyFiled,
    RemedyResult,
    Replace,
    ReplaceDecision,
    ReportGround,
    ReturnFile,
    ReturnVisit,
    SettleSubsidy,
    SignedPlea,
    Supplement,
    Terminate,
    TransferToAid,
    Withdraw,
)

__all__ = [
    "AgreementSigned",
    "AidAsked",
    "AidDetails",
    "AskMeeting",
    "AskedAgain",
    "Assign",
    "CheckFile",
    "CivilDetails",
    "CloseReport",
    "ConfirmEarly",
    "Cooperation",
    "CriminalDetails",
    "Decline",
    "DutyHelpDetails",
    "EarlyAid",
    "FeeRelief",
    "FormalitiesFiled",
    "Grant",
    "HandInFile",
    "HandOver",
    "HelpGiven",
    "HelpLog",
    "LawyerOpinion",
    "MeetingHeld",
    "NeedMore",
    "NoHelpWanted",
    "NotifiedDefenceDetails",
    "Objection",
    "ObjectionDecision",
    "OwnLawyer",
    "Progress",
    "QualitySample",
    "Refuse",
    "RejectLawyer",
    "RemedyFiled",
    "RemedyResult",
    "Replace",
    "ReplaceDecision",
    "ReportGround",
    "ReturnFile",
    "ReturnVisit",
    "SettleSubsidy",
    "SignedPlea",
    "Supplement",
    "Terminate",
    "TransferToAid",
    "Withdraw",
]

# The applicant Party is the person who needs help; whoever applies for them is asked for here.
_FOR_ANOTHER = {"applies_for": ["statutory_representative", "near_relative", "other_representative", "entrusted"]}
# The means questions appear only where the law asks for means: neither waived nor exempt.
_MEANS = {"waiver_ground": ["none"], "exempt_group": ["none"]}


class FileNotes(CaseDetails):
    """What decisions leave in the file, written by actions and never typed by hand."""

    supplement_list: Text = question("要补充的材料", "Papers asked for", default="", kind="hidden", desk_only=True)
    supplement_due_on: date | None = question("补充材料的最后一天", "Supplement due", default=None, kind="hidden",
                                              desk_only=True)  # fmt: skip
    decided_on: date | None = question("作出决定的日期", "Decided on", default=None, kind="hidden", desk_only=True)
    granted_at: datetime | None = question("决定给予的时间", "Granted at", default=None, kind="hidden", desk_only=True)
    early_reason: Text = question("先行提供的理由", "Why aid starts early", default="", kind="hidden", desk_only=True)
    reconsider_until: date | None = question("可以申请行政复议的最后一天", "Reconsideration until", default=None,
                                             kind="hidden", desk_only=True)  # fmt: skip
    sue_until: date | None = question("可以提起行政诉讼的最后一天", "Suit until", default=None, kind="hidden",
                                      desk_only=True)  # fmt: skip


class AidDetails(FileNotes):
    """Asked in every application, civil or criminal."""

    applies_for: AppliesFor | None = question("您替谁申请", "Who needs the help", default=None, group="申请人")
    representative_name: Line = question("代为申请的人叫什么", "Name of the person applying for them", default="",
                                         sensitive=True, show_if=_FOR_ANOTHER, group="申请人")  # fmt: skip
    representative_phone: Line = question("代为申请的人的电话", "Their phone", default="", kind="phone", sensitive=True,
                                          show_if=_FOR_ANOTHER, group="申请人")  # fmt: skip
    birth_date: date | None = question("需要帮助的人的出生日期", "Their birth date", past=True, default=None,
                                       sensitive=True, hint_zh="不满十八周岁的，会指派熟悉未成年人的律师",
                                       hint_en="A person under eighteen gets a lawyer who knows minors",
                                       group="申请人")  # fmt: skip
    limited_capacity: bool | None = question("他（她）是不是不能完全辨认自己的行为", "Limited capacity", default=None,
                                             group="申请人")  # fmt: skip
    detained: bool | None = question("他（她）现在是不是被关押（看守所、监狱、戒毒所）", "In custody now", default=None,
                                     group="申请人")  # fmt: skip
    foreign_national: bool | None = question("是不是外国人或者无国籍人", "Foreign or stateless", default=None,
                                             group="申请人")  # fmt: skip
    own_lawyer: bool | None = question("有没有已经请好的律师或者其他代理人", "Has a lawyer already", default=None)
    priority_group: PriorityGroup | None = question("是不是军人、军属、退役军人", "Service member, family or veteran",
                                                    default=None, group="照顾")  # fmt: skip
    access_needs: list[AccessNeed] = question("需要我们怎样方便您", "What would make it easier", default=[],
                                              kind="choices", group="照顾")  # fmt: skip
    safe_contact: Text = question("怎样联系您才安全", "How can we reach you safely", default="", sensitive=True,
                                  hint_zh="例如：只在上午打电话；不要发短信；打给我姐姐",
                                  hint_en="For example: call in the morning only; no texts; call my sister",
                                  group="照顾")  # fmt: skip
    facts: Text = question("用自己的话说说发生了什么", "What happened, in your own words", default="", kind="long",
                           hint_zh="想到哪里说到哪里，以后还能补充",
                           hint_en="Say it as it comes to you; you can add to it later", sensitive=True)  # fmt: skip
    wanted: Text = question("您想要什么结果", "What do you want to achieve", default="", kind="long")
    other_side: Text = question("对方是谁（一行写一个）", "The other side (one a line)", default="", sensitive=True,
                                hint_zh="不知道全名也可以，先写知道的。用来避免派给替对方做过事的律师",
                                hint_en="Write what you know, full name or not. It keeps us from choosing a lawyer who has worked for them")  # fmt: skip
    handling_organ: Line = question("现在由哪个机关处理（没有就不填）", "Which office handles it now", default="")
    organ_region: int | None = question("这个机关在哪个区县", "Where that office is", default=None, kind="region")
    waiver_ground: WaiverGround | None = question("有没有下面的情形（有的话不看经济条件）", "Any of these",
                                                  default=None, group="条件")  # fmt: skip
    exempt_group: ExemptGroup | None = question("您是不是下面的人（是的话不核查经济状况）", "Are you one of these",
                                                default=None, show_if={"waiver_ground": ["none"]},
                                                group="条件")  # fmt: skip
    household_members: int | None = question("一起生活的家里人有几个（算上自己）", "Household members", default=None,
                                             kind="number", show_if=_MEANS, group="经济状况", ge=1, le=50)  # fmt: skip
    household_income_fen: Fen | None = question("全家每月一共收入多少", "Household income a month", default=None,
                                                kind="money", unit="fen", show_if=_MEANS, group="经济状况",
                                                hint_zh="记不清可以估一个数",
                                                hint_en="An estimate will do", sensitive=True)  # fmt: skip
    savings_fen: Fen | None = question("全家的存款和其他值钱的东西大约多少", "Household savings and property",
                                       default=None, kind="money", unit="fen", show_if=_MEANS, group="经济状况",
                                       hint_zh="自己住的一套房不算",
                                       hint_en="The home you live in does not count", sensitive=True)  # fmt: skip
    commitment_signed: bool | None = question("我承诺以上经济状况属实（个人诚信承诺）", "I promise this is true",
                                              default=None, show_if=_MEANS, group="经济状况",
                                              hint_zh="签了承诺或者同意信息核查，就不用开证明",
                                              hint_en="With this promise, or your consent to a data check, no certificate is needed")  # fmt: skip
    sharing_agreed: bool | None = question("同意向民政等部门核查，免得我去开证明", "I agree to a check by data sharing",
                                           default=None, show_if=_MEANS, group="经济状况")  # fmt: skip
    forwarded_by: ForwardedBy | None = question("由谁转交", "Forwarded by", default=None, desk_only=True, group="转交")
    forwarded_from_at: datetime | None = question("本人向转交单位提出申请的时间", "When the person asked there",
                                                  default=None, desk_only=True, group="转交")  # fmt: skip
    oral: bool = question("口头申请，由工作人员记录", "Oral application written down by staff", default=False,
                          desk_only=True, group="转交")  # fmt: skip


class CivilDetails(AidDetails):
    """A civil or administrative matter (法律援助法第三十一条 to 第三十三条)."""

    matter_kind: MatterKind | None = question("是什么事", "What is it about", default=None)
    stage: CivilStage | None = question("现在到了哪一步", "How far is it", default=None)
    cause_region: int | None = question("事情发生在哪个区县", "Where did it happen", default=None, kind="region")
    claim_fen: Fen | None = question("要的钱一共多少", "How much money", default=None, kind="money", unit="fen",
                                     hint_zh="记不清可以估一个数",
                                     hint_en="An estimate will do")  # fmt: skip
    work_site: Line = question("在哪个工地、厂、店", "Which site, factory or shop", default="",
                               show_if={"matter_kind": ["wages", "labour_relation", "work_injury"]})  # fmt: skip
    still_working: bool | None = question("还在那里干活吗", "Still working there", default=None,
                                          show_if={"matter_kind": ["wages", "labour_relation"]})  # fmt: skip
    left_on: date | None = question("哪天离开的", "When did you leave", past=True, default=None,
                                    show_if={"still_working": [False]},
                                    hint_zh="要工资的仲裁时效从这天起算一年",
                                    hint_en="The year for arbitration about wages runs from this day")  # fmt: skip
    known_on: date | None = question("哪天知道自己的权利受了侵害", "When did you learn of it", past=True, default=None,
                                     show_if={"matter_kind": ["labour_relation", "work_injury"]})  # fmt: skip
    deadline_on: date | None = question("有没有写明的最后期限（如起诉、上诉、复议、仲裁）", "A written last day",
                                        default=None, hint_zh="例如判决书、决定书上写的最后一天",
                                        hint_en="For example the last day named in a judgment or decision")  # fmt: skip
    deadline_what: Line = question("这是什么期限", "What must be done by then", default="",
                                   hint_zh="例如：不服工伤认定，申请行政复议",
                                   hint_en="For example: reconsideration of a decision on work injury")  # fmt: skip
    preservation_needed: bool | None = question("对方是不是正在转移财产、毁掉证据，或者您急需先拿到钱看病、生活",
                                                "Property or evidence at risk, or money needed at once",
                                                default=None)  # fmt: skip
    preservation_why: Text = question("说说为什么急", "Why at once", default="", kind="long",
                                      show_if={"preservation_needed": [True]})  # fmt: skip
    group_matter: bool | None = question(
        "有没有其他人遇到同样的事，一起申请", "Others with the same matter", default=None
    )
    group_size: int | None = question("一共几个人（算上自己）", "How many people", default=None, kind="number",
                                      show_if={"group_matter": [True]}, ge=2, le=2000)  # fmt: skip


class CriminalDetails(AidDetails):
    """An application in a criminal case (法律援助法第二十四条, 第二十九条, 第三十三条)."""

    criminal_role: CriminalRole | None = question("他（她）在案子里是什么人", "Part in the case", default=None)
    criminal_stage: CriminalStage | None = question("案子到了哪一步", "Stage", default=None)
    charge: Line = question("涉嫌什么罪名", "Charge", default="", sensitive=True)
    organ: Organ | None = question("现在由谁办案", "Handling organ", default=None)
    detained_at: Line = question("关押在哪里", "Where held", default="", show_if={"detained": [True]}, sensitive=True)
    detained_since: date | None = question("哪天被关押", "Held since", past=True, default=None, show_if={"detained": [True]})
    other_reason: Text = question("没有请律师的其他原因（不是因为钱）", "Other reason for having no lawyer", default="",
                                  kind="long")  # fmt: skip
    possible_life_or_death: bool | None = question("是不是可能判无期徒刑、死刑", "Possible life or death sentence",
                                                   default=None, desk_only=True)  # fmt: skip
    disability: bool | None = question(
        "是不是视力、听力、言语残疾人", "Sight, hearing or speech disability", default=None
    )
    hearing_at: datetime | None = question("定了哪天开庭", "Hearing", default=None)


class NotifiedDefenceDetails(FileNotes):
    """A notice to assign a defender. The fields of a court's notice: 刑事诉讼法解释第四十九条."""

    organ: Organ | None = question("哪个机关通知", "Notifying organ", default=None)
    organ_name: Line = question("通知机关全称", "Full name of the organ", default="")
    organ_contact: Line = question(
        "承办人员姓名和电话", "Officer's or judge's name and phone", default="", sensitive=True
    )
    notice_number: Line = question("通知书文号", "Number of the notice", default="")
    notice_received_at: datetime | None = question("收到通知的时间", "Notice received at", default=None,
                                                   hint_zh="三日指派从这时起算；不填按登记时间",
                                                   hint_en="The three days for assignment run from here; from registration if left empty")  # fmt: skip
    situation_found_on: date | None = question("办案机关发现应当通知情形的日期", "Situation found on", past=True, default=None)
    charge: Line = question("案由", "Cause", default="", sensitive=True)
    birth_date: date | None = question("出生日期", "Birth date", past=True, default=None, sensitive=True)
    ground: NoticeGround | None = question("通知的理由", "Ground of the notice", default=None)
    possible_life_or_death: bool | None = question("是不是可能判无期徒刑、死刑", "Possible life or death sentence",
                                                   default=None)  # fmt: skip
    criminal_stage: CriminalStage | None = question("诉讼阶段", "Stage", default=None)
    ordinary_procedure: bool | None = question("是不是普通程序", "Ordinary procedure", default=None)
    detained: bool | None = question("是不是在押", "In custody", default=None)
    detained_at: Line = question("关押在哪里", "Where held", default="", show_if={"detained": [True]}, sensitive=True)
    detained_since: datetime | None = question("什么时候被关押", "Held since", past=True, default=None,
                                               show_if={"detained": [True]})  # fmt: skip
    hearing_at: datetime | None = question("开庭时间", "Hearing", default=None)
    hearing_place: Line = question("开庭地点", "Place of hearing", default="")
    indictment_attached: bool | None = question("附了起诉意见书、起诉书或者判决书", "Indictment or judgment attached",
                                                default=None)  # fmt: skip
    own_lawyer: bool | None = question("问过本人：要不要自己请律师（已请填是）", "Own lawyer retained (asked)",
                                       default=None)  # fmt: skip
    guardian_name: Line = question("法定代理人、监护人姓名", "Guardian", default="", sensitive=True)
    guardian_phone: Line = question("监护人同意联系的电话", "Guardian's consented phone", default="", kind="phone",
                                    sensitive=True)  # fmt: skip
    access_needs: list[AccessNeed] = question("需要的便利", "Access needs", default=[], kind="choices")
    other_side: Text = question("同案人、被害人（一行写一个，用来查利益冲突）", "Co-defendants, victims (one a line)",
                                default="", sensitive=True)  # fmt: skip


class DutyHelpDetails(FileNotes):
    """A request to see the duty lawyer (法律援助法第三十条; 刑事诉讼法第三十六条)."""

    aid_asked_at: datetime | None = question("本人提出申请法律援助的时间", "When the person asked for legal aid", default=None,
                                             kind="hidden", desk_only=True)  # fmt: skip

    requested_at: datetime | None = question("本人什么时候提出要见值班律师", "When the person asked", default=None)
    told_by: ForwardedBy | None = question("由谁通知值班律师", "Who told the duty lawyer", default=None)
    birth_date: date | None = question("出生日期", "Birth date", past=True, default=None, sensitive=True)
    charge: Line = question("涉嫌罪名", "Charge", default="", sensitive=True)
    criminal_stage: CriminalStage | None = question("诉讼阶段", "Stage", default=None)
    organ: Organ | None = question("办案机关", "Handling organ", default=None)
    organ_name: Line = question("办案机关全称", "Full name of the organ", default="")
    own_lawyer: bool | None = question("自己请了律师没有", "Own lawyer retained", default=None)
    aid_lawyer: bool | None = question("法律援助已经派了律师没有", "Aid lawyer assigned", default=None)
    detained: bool | None = question("是不是在押", "In custody", default=None)
    detained_at: Line = question("在哪里（看守所、办案区）", "Where", default="", sensitive=True)
    plea: bool | None = question("是不是认罪认罚案件", "Guilty-plea case", default=None)
    access_needs: list[AccessNeed] = question("需要的便利", "Access needs", default=[], kind="choices")
    other_side: Text = question("同案人、被害人（一行写一个，用来查利益冲突）", "Co-defendants, victims (one a line)",
                                default="", sensitive=True)  # fmt: skip
