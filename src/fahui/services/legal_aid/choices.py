"""The answers people can pick in legal-aid forms, with the words they read. Stable values, plain words first."""

from __future__ import annotations

from typing import TypeVar

from fahui.casework.forms.fields import Choice

C = TypeVar("C", bound=Choice)


def chosen(choices: type[C], value: str) -> C:
    """The member with a value. Raises ValueError when there is none."""
    for member in choices:
        if member.value == value:
            return member
    raise ValueError(f"{value!r} is no {choices.__name__}")


class AppliesFor(Choice):
    """Who is asking, and for whom (法律援助法第二十四条, 第二十九条, 第四十条)."""

    SELF = "self", "我自己的事", "Myself"
    STATUTORY_REPRESENTATIVE = (
        "statutory_representative",
        "我是他（她）的法定代理人（如父母、监护人）",
        "I am the guardian",
    )
    NEAR_RELATIVE = "near_relative", "我是他（她）的近亲属", "I am a near relative"
    OTHER_REPRESENTATIVE = (
        "other_representative",
        "法定代理人侵害了他（她），我来代为申请",
        "The guardian does harm; I apply",
    )
    ENTRUSTED = "entrusted", "他（她）委托我来申请", "I was asked to apply"


class MatterKind(Choice):
    """What the civil or administrative matter is about. The first block is the list of 法律援助法第三十一条."""

    WAGES = "wages", "要工资、劳务报酬", "Unpaid wages"
    LABOUR_RELATION = "labour_relation", "确认劳动关系", "Confirming employment"
    WORK_INJURY = "work_injury", "工伤赔偿", "Work injury"
    TRAFFIC_INJURY = "traffic_injury", "交通事故人身损害赔偿", "Traffic injury"
    FOOD_DRUG_INJURY = "food_drug_injury", "食品药品安全事故人身损害赔偿", "Injury by food or medicine"
    MEDICAL_INJURY = "medical_injury", "医疗事故人身损害赔偿", "Medical injury"
    SUPPORT = "support", "赡养费、抚养费、扶养费", "Support of parents, children or spouse"
    SOCIAL_INSURANCE = "social_insurance", "社会保险待遇或者社会救助", "Social insurance or assistance"
    PENSION = "pension", "抚恤金", "Bereavement or disability pension"
    STATE_COMPENSATION = "state_compensation", "国家赔偿", "State compensation"
    CAPACITY = "capacity", "认定无民事行为能力或者限制民事行为能力", "Declaration of incapacity"
    ENVIRONMENT = "environment", "环境污染、生态破坏损害赔偿", "Environmental damage"
    DOMESTIC_VIOLENCE = "domestic_violence", "虐待、遗弃、家庭暴力", "Abuse, abandonment or domestic violence"
    HERO_HONOUR = "hero_honour", "维护英雄烈士的姓名、肖像、名誉、荣誉", "A hero's or martyr's good name"
    GOOD_SAMARITAN = "good_samaritan", "见义勇为后的赔偿、补偿", "After helping others in danger"
    # Not on the national list; a province or city may add them.
    MARRIAGE = "marriage", "婚姻家庭、继承", "Marriage, family, inheritance"
    LAND = "land", "土地承包、征收、宅基地", "Farm land, expropriation, homestead"
    CONSUMER = "consumer", "消费、产品质量", "Consumer goods"
    CONTRACT = "contract", "借款、租房等合同纠纷", "Loans, leases and other contracts"
    OTHER = "other", "其他，说不清也没关系", "Something else"


class CivilStage(Choice):
    """How far the matter has come."""

    NOT_STARTED = "not_started", "还没有打官司或者仲裁", "Nothing filed yet"
    ARBITRATION = "arbitration", "正在仲裁", "In arbitration"
    COURT = "court", "正在法院打官司", "In court"
    RETRIAL = "retrial", "法院已决定再审，或者检察院已抗诉", "Retrial ordered or protest filed"
    ADMINISTRATIVE = "administrative", "行政机关、调解组织正在处理", "Before a government office or mediators"


class WaiverGround(Choice):
    """Where economic difficulty is no condition at all (法律援助法第三十二条)."""

    NONE = "none", "都不是", "None of these"
    HERO_RELATIVE = (
        "hero_relative",
        "我是英雄烈士近亲属，维护英烈人格权益",
        "Near relative protecting a hero's good name",
    )
    GOOD_SAMARITAN = "good_samaritan", "因见义勇为主张民事权益", "Claim after helping others in danger"
    ACQUITTED_ON_RETRIAL = (
        "acquitted_on_retrial",
        "再审改判无罪，请求国家赔偿",
        "Acquitted on retrial, seeking compensation",
    )
    ABUSED = "abused", "遭受虐待、遗弃或者家庭暴力", "Victim of abuse, abandonment or domestic violence"
    OTHER_BY_LAW = "other_by_law", "法律、法规、规章规定的其他情形", "Another ground fixed by law"


class ExemptGroup(Choice):
    """Whose economic difficulty is presumed (法律援助法第四十二条; assistance types: 社会救助法第十三条)."""

    NONE = "none", "都不是", "None of these"
    NO_INCOME_MINOR = "no_income_minor", "没有固定生活来源的未成年人", "Minor without fixed income"
    NO_INCOME_ELDERLY = "no_income_elderly", "没有固定生活来源的老年人", "Older person without fixed income"
    NO_INCOME_DISABLED = "no_income_disabled", "没有固定生活来源的残疾人", "Disabled person without fixed income"
    DESTITUTE = "destitute", "特困人员", "Destitute person on state support"
    DIBAO = "dibao", "低保家庭", "Family on the minimum living allowance"
    DIBAO_MARGIN = "dibao_margin", "低保边缘家庭", "Family just above that allowance"
    RIGID_EXPENDITURE = (
        "rigid_expenditure",
        "刚性支出困难家庭（看病、上学花费大）",
        "Family with unavoidable heavy costs",
    )
    DISASTER = "disaster", "受灾人员", "Disaster victim"
    TEMPORARY_HARDSHIP = "temporary_hardship", "临时遇困家庭或者人员", "In temporary hardship"
    EMERGENCY_MEDICAL = "emergency_medical", "需要急救但身份不明或者无力付费", "Emergency patient unable to pay"
    VAGRANT = "vagrant", "生活无着的流浪乞讨人员", "Homeless, without means"
    JUDICIAL_RELIEF = "judicial_relief", "司法救助对象", "Recipient of judicial relief"
    PREFERENTIAL = "preferential", "优抚对象", "Entitled to preferential treatment"
    MIGRANT_WORKER = "migrant_worker", "进城务工，要工资或者工伤赔偿", "Migrant worker claiming pay or injury damages"
    OTHER_BY_LAW = "other_by_law", "法律、法规、规章规定的其他人员", "Another group fixed by law"


class PriorityGroup(Choice):
    """Who is served first or with special help."""

    NONE = "none", "都不是", "None of these"
    SERVICE_MEMBER = "service_member", "现役军人", "Service member"
    MILITARY_FAMILY = "military_family", "军人家属", "Family of a service member"
    SURVIVOR = "survivor", "烈士、因公牺牲或者病故军人遗属", "Survivor of a service member"
    VETERAN = "veteran", "退役军人", "Veteran"


class AccessNeed(Choice):
    """What somebody needs to be able to take part (法律援助法第四十五条)."""

    SIGN_LANGUAGE = "sign_language", "手语翻译", "Sign language"
    LARGE_PRINT = "large_print", "大字材料", "Large print"
    BRAILLE_OR_VOICE = "braille_or_voice", "盲文或者读给我听", "Braille or reading aloud"
    WHEELCHAIR = "wheelchair", "轮椅通行", "Wheelchair access"
    HOME_VISIT = "home_visit", "上门办理", "Home visit"
    INTERPRETER = "interpreter", "方言或者少数民族语言翻译", "Interpreter"


class ForwardedBy(Choice):
    """Who passed on the application of a detained person."""

    DETENTION_CENTRE = "detention_centre", "看守所", "Detention centre"
    PRISON = "prison", "监狱", "Prison"
    POLICE = "police", "公安机关", "Police"
    PROCURATORATE = "procuratorate", "人民检察院", "Procuratorate"
    COURT = "court", "人民法院", "Court"
    REHABILITATION = "rehabilitation", "强制隔离戒毒所", "Compulsory drug rehabilitation centre"
    DUTY_LAWYER = "duty_lawyer", "值班律师", "Duty lawyer"


class CriminalRole(Choice):
    """The person's part in the criminal case (法律援助法第二十四条, 第二十九条)."""

    SUSPECT = "suspect", "犯罪嫌疑人", "Suspect"
    DEFENDANT = "defendant", "被告人", "Defendant"
    VICTIM = "victim", "被害人", "Victim"
    PRIVATE_PROSECUTOR = "private_prosecutor", "自诉人", "Private prosecutor"
    INCIDENTAL_PLAINTIFF = "incidental_plaintiff", "附带民事诉讼原告人", "Incidental civil plaintiff"
    PRISONER = "prisoner", "服刑人员", "Prisoner"


class CriminalStage(Choice):
    """Where the criminal case stands."""

    INVESTIGATION = "investigation", "侦查", "Investigation"
    PROSECUTION = "prosecution", "审查起诉", "Review for prosecution"
    FIRST_INSTANCE = "first_instance", "一审", "First instance"
    SECOND_INSTANCE = "second_instance", "二审", "Second instance"
    DEATH_REVIEW = "death_review", "死刑复核", "Death-penalty review"
    RETRIAL = "retrial", "再审或者抗诉", "Retrial or protest"
    SERVING = "serving", "服刑", "Serving a sentence"


class Organ(Choice):
    """The case-handling organ."""

    POLICE = "police", "公安机关", "Police"
    PROCURATORATE = "procuratorate", "人民检察院", "Procuratorate"
    COURT = "court", "人民法院", "Court"


class NoticeGround(Choice):
    """Why the organ notifies (法律援助法第二十五条, 第二十八条; 刑事诉讼法第三十五条, 第二百七十八条)."""

    MINOR = "minor", "未成年人", "Minor"
    SENSORY_DISABILITY = "sensory_disability", "视力、听力、言语残疾人", "Sight, hearing or speech disability"
    LIMITED_UNDERSTANDING = (
        "limited_understanding",
        "不能完全辨认自己行为的成年人",
        "Adult not fully aware of own conduct",
    )
    LIFE_OR_DEATH = "life_or_death", "可能被判处无期徒刑、死刑", "Possible life or death sentence"
    DEATH_REVIEW = "death_review", "申请法律援助的死刑复核案件被告人", "Death-penalty review"
    IN_ABSENTIA = "in_absentia", "缺席审判案件的被告人", "Trial in absentia"
    COMPULSORY_TREATMENT = "compulsory_treatment", "强制医疗案件的被申请人、被告人", "Compulsory medical treatment"
    OTHER_BY_LAW = "other_by_law", "法律法规规定的其他人员", "Another person named by law"
    COURT_MAY = "court_may", "人民法院认为需要（可以通知）", "The court sees a need (may notify)"


class EarlyGround(Choice):
    """Why aid starts before the review is finished (法律援助法第四十四条)."""

    LIMITATION = "limitation", "距时效或者期限届满不足七日", "Under seven days to a limitation"
    PRESERVATION = "preservation", "需要立即申请保全或者先予执行", "Preservation or advance enforcement needed at once"
    OTHER_BY_LAW = "other_by_law", "法律、法规、规章规定的其他情形", "Another ground fixed by law"


class RefuseReason(Choice):
    """Why aid is refused. A wrong office is no reason: it hands the matter over (法律援助法第三十八条)."""

    OUT_OF_SCOPE = "out_of_scope", "不属于法律援助的事项范围", "Matter outside the scope"
    OVER_MEANS = "over_means", "经济状况不符合本地经济困难标准", "Above the local means limit"
    HAS_LAWYER = "has_lawyer", "已经委托了律师或者其他代理人", "Already has a lawyer"
    NO_STANDING = "no_standing", "不是可以申请的人", "Not a person who may apply"


class TerminationGround(Choice):
    """The eight grounds of 法律援助法第四十八条."""

    FRAUD = "fraud", "以欺骗或者其他不正当手段获得法律援助", "Aid obtained by deceit"
    CONCEALMENT = "concealment", "故意隐瞒重要事实或者提供虚假证据", "Concealment or false evidence"
    UNLAWFUL_USE = "unlawful_use", "利用法律援助从事违法活动", "Aid used for unlawful ends"
    ECONOMIC_CHANGE = "economic_change", "经济状况发生变化，不再符合条件", "Means have changed"
    CASE_ENDED = "case_ended", "案件终止审理或者已经被撤销", "Case ended or withdrawn"
    OWN_LAWYER = "own_lawyer", "自行委托了律师或者其他代理人", "Own lawyer retained"
    RECIPIENT_ASKS = "recipient_asks", "受援人有正当理由要求终止", "Asked by the recipient with reason"
    OTHER_BY_LAW = "other_by_law", "法律法规规定的其他情形", "Another ground fixed by law"


class AidForm(Choice):
    """The form in which aid is given (法律援助法第二十二条)."""

    DRAFTING = "drafting", "代拟法律文书", "Drafting of papers"
    DEFENCE = "defence", "刑事辩护与代理", "Criminal defence or representation"
    LITIGATION = "litigation", "民事、行政、国家赔偿案件的代理", "Civil or administrative representation"
    DUTY_HELP = "duty_help", "值班律师法律帮助", "Duty-lawyer help"
    LABOUR = "labour", "劳动争议调解与仲裁代理", "Labour mediation and arbitration"
    OTHER = "other", "法律、法规、规章规定的其他形式", "Another form fixed by law"


class ProgressStage(Choice):
    """What the lawyer tells the person (法律援助法第四十六条)."""

    MET = "met", "已见面或者通话，了解了情况", "Met or talked"
    FILED = "filed", "已立案、已申请仲裁或者已提交材料", "Filed"
    HEARING = "hearing", "已开庭、已调解或者已会见", "Heard, mediated or visited"
    DECIDED = "decided", "已有裁判、调解书或者处理结果", "Decided or settled"


class CaseResult(Choice):
    """How the matter itself ended."""

    WON = "won", "请求全部支持", "Claim met in full"
    PARTLY = "partly", "请求部分支持", "Claim met in part"
    SETTLED = "settled", "调解、和解", "Settled"
    LOST = "lost", "请求未获支持", "Claim not met"
    DEFENCE_TAKEN = "defence_taken", "辩护意见被全部或者部分采纳", "Defence taken up in whole or part"
    DEFENCE_NOT_TAKEN = "defence_not_taken", "辩护意见未被采纳", "Defence not taken up"
    PAPER_DONE = "paper_done", "文书已完成", "Paper drafted"


class HelpKind(Choice):
    """What a duty lawyer may do (法律援助法第三十条)."""

    ADVICE = "advice", "法律咨询", "Advice"
    PROCEDURE_CHOICE = "procedure_choice", "程序选择建议", "Choice of procedure"
    COMPULSORY_MEASURE = "compulsory_measure", "申请变更强制措施", "Change of compulsory measure"
    OPINION = "opinion", "对案件处理提出意见", "Opinion on the handling"
    AID_APPLICATION = "aid_application", "帮助申请法律援助", "Help with an aid application"
    PLEA = "plea", "认罪认罚释明、到场见证签署具结书", "Plea explained, signing attended"


class NoSigningReason(Choice):
    """Why no recognizance is needed (刑事诉讼法第一百七十四条)."""

    DISABILITY = (
        "disability",
        "盲、聋、哑人，或者尚未完全丧失辨认、控制能力的精神病人",
        "Disability or limited capacity",
    )
    MINOR_OBJECTION = (
        "minor_objection",
        "未成年人的法定代理人、辩护人对认罪认罚有异议",
        "Guardian or defender of a minor objects",
    )
    OTHER = "other", "其他不需要签署的情形", "Another case"


class FeePlace(Choice):
    """Who lowers its fees for a recipient (法律援助法第五十三条)."""

    COURT = "court", "人民法院（诉讼费）", "Court fees"
    NOTARY = "notary", "公证机构（公证费）", "Notary fees"
    APPRAISER = "appraiser", "司法鉴定机构（鉴定费）", "Appraisal fees"


class Answer(Choice):
    """Yes or no to a request that was looked into."""

    YES = "yes", "同意", "Agree"
    NO = "no", "不同意", "Do not agree"
