"""The answers people can pick in complaint forms. Stable values, plain words first."""

from __future__ import annotations

from fahui.casework.forms.fields import Choice


class About(Choice):
    """Whose service the complaint is about; each has its own law behind it."""

    LEGAL_AID = "legal_aid", "法律援助机构、法律援助律师", "Legal aid"
    LAWYER = "lawyer", "律师、律师事务所", "A lawyer or firm"
    NOTARY = "notary", "公证处、公证员", "A notary"
    APPRAISER = "appraiser", "司法鉴定机构、鉴定人", "A forensic appraiser"
    MEDIATOR = "mediator", "人民调解员、调委会", "A mediator"
    HOTLINE = "hotline", "12348热线、窗口", "The hotline or a window"
    COUNSEL = "counsel", "村居法律顾问", "Village counsel"
    BUREAU = "bureau", "司法局、司法所工作人员", "Staff of the bureau or a justice office"
    OTHER = "other", "其他，说不清也没关系", "Something else"


class RatingReason(Choice):
    """Why somebody rated badly: the reasons of the rating page."""

    SLOW = "slow", "太慢了", "Too slow"
    NOT_HEARD = "not_heard", "没听我说完", "Did not hear me out"
    NOT_RESPECTED = "not_respected", "态度不好", "Not respectful"
    NOT_CLEAR = "not_clear", "看不懂、没讲明白", "Not clear"
    NOT_SOLVED = "not_solved", "问题没解决", "Not solved"
    ASKED_TWICE = "asked_twice", "同样的材料要了好几次", "Asked for the same papers again"
    CHARGED = "charged", "被收了钱", "Was charged"
    OTHER = "other", "其他", "Other"


class SiteFault(Choice):
    """What is wrong on the site."""

    WRONG = "wrong", "内容错了、过时了", "Wrong or out of date"
    BROKEN = "broken", "打不开、点了没反应", "Does not open or work"
    HARD = "hard", "看不懂、用不了（读屏、字号）", "Hard to understand or to use"
    PERSONAL = "personal", "露出了别人的信息", "Shows somebody's personal data"
    OTHER = "other", "其他", "Other"


class Proceeding(Choice):
    """The way a grievance goes first (信访工作条例第三十一条)."""

    COURT = "court", "诉讼、行政复议", "A suit or reconsideration"
    ARBITRATION = "arbitration", "仲裁", "Arbitration"
    PARTY = "party", "党组织复查、申诉", "Party review"
    ADMINISTRATIVE = "administrative", "其他行政程序（许可、裁决、确认）", "Another administrative procedure"
    DUTY = "duty", "请求行政机关履行职责、查处违法", "Performance of a statutory duty"
    OTHER_ORGAN = "other_organ", "不归本机关管，由有权机关处理", "Another organ is competent"


class Finding(Choice):
    """What the complaint came to."""

    SUPPORTED = "supported", "反映属实，支持", "Upheld"
    PARTLY = "partly", "部分属实，部分支持", "Upheld in part"
    UNSUPPORTED = "unsupported", "没有查到所反映的情况，不予支持", "Not upheld"
    SETTLED = "settled", "已协商解决", "Settled"


class ReviewResult(Choice):
    """What the organ above decided (信访工作条例第三十五条, 第三十六条)."""

    UPHELD = "upheld", "维持处理意见", "The opinion stands"
    REDO = "redo", "重新处理", "To be handled again"


class RatingFinding(Choice):
    """What the review of a bad rating found."""

    JUSTIFIED = "justified", "属实，已整改", "Justified, put right"
    EXPLAINED = "explained", "有误会，已解释清楚", "A misunderstanding, explained"
    NO_GROUND = "no_ground", "诉求没有法律依据，已说明", "No legal ground, explained"
    NOT_REACHED = "not_reached", "联系不上本人，已自行核查", "Not reached; checked without them"
