"""The guards of the process: when a decision may be taken, and which deadlines and papers apply. Pure."""

from __future__ import annotations

from collections.abc import Callable

from fahui.casework.definitions.plugin import Facts, Verdict, guard, no, unknown, yes
from fahui.casework.definitions.values import day_of, text_of
from fahui.services.legal_aid.choices import NoticeGround, RefuseReason, chosen
from fahui.services.legal_aid.eligibility import (
    WAIVED_BY_MATTER,
    assess,
    early_step,
    lawyer_step,
    matter_step,
    needs_means,
    standing_step,
)
from fahui.services.legal_aid.flags import intake_flags
from fahui.services.legal_aid.limits import written_deadline
from fahui.services.legal_aid.means import means_steps
from fahui.services.legal_aid.values import COURT_RULES

STOPS_CLOCK = "aid_supplement_stops_clock"
SEALING = frozenset({"minor", "detained", "domestic_violence"})


@guard(
    "no_interest",
    "经办人与本件没有利害关系",
    "The decider has no interest in the case",
    ["法律援助法第二十一条", "浙江省法律援助条例第十六条"],
)
def no_interest(facts: Facts) -> Verdict:
    """Nobody decides a case in which they or their near relatives have a part."""
    for role, people in facts.parties.items():
        if facts.actor_party is not None and role not in {"handler", "provider"} and facts.actor_party in people:
            return no(
                "您是本件的当事人或者有利害关系的人，请回避，交给别人办", "You have a part in this case: hand it on"
            )
    return yes("没有发现利害关系", "No interest found")


@guard("told_once", "只告知一次", "Missing papers are told once", ["法律援助法第四十三条"])
def told_once(facts: Facts) -> Verdict:
    """Everything missing is named in one notice; a second one is not allowed."""
    if facts.history.count("ask_more"):
        return no(
            "补充材料已经一次性告知过，不能再要求补；请按现有材料决定",
            "Missing papers were told once already: decide now",
            "法律援助法第四十三条",
        )
    return yes("可以一次性告知", "May be told once", "法律援助法第四十三条")


@guard("supplement_day_ahead", "补充材料的日期在今天以后", "The day for supplements lies ahead", ["法律援助法第四十三条"])
def supplement_day_ahead(facts: Facts) -> Verdict:
    """Nobody can supply by a day that has passed: such a notice would be a withdrawal by the office's own hand."""
    due = day_of(facts.payload, "due_on")
    if due is not None and due <= facts.today:
        return no("补充材料的最后一天应当在今天以后，给足时间", "The last day for supplements must lie ahead", "法律援助法第四十三条")
    return yes("日期在今天以后", "The day lies ahead", "法律援助法第四十三条")


@guard("supplement_overdue", "补充材料的日期已过", "The day for supplements has passed", ["法律援助法第四十三条"])
def supplement_overdue(facts: Facts) -> Verdict:
    """Deemed withdrawal only after the day named in the notice."""
    due = day_of(facts.details, "supplement_due_on")
    if due is None:
        return unknown(
            "没有告知补充材料的日期，不能按撤回处理",
            "No day was named, so it cannot be deemed withdrawn",
            "法律援助法第四十三条",
        )
    if facts.today <= due:
        return no(
            f"告知的补充日期是{due}，还没有过", f"The day named is {due}; it has not passed", "法律援助法第四十三条"
        )
    return yes(
        f"{due}已过，没有补充，视为撤回",
        f"{due} has passed without supplement: deemed withdrawn",
        "法律援助法第四十三条",
    )


@guard("early_ground_holds", "有先行提供的情形", "There is a ground for early aid", ["法律援助法第四十四条"])
def early_ground_holds(facts: Facts) -> Verdict:
    """Under seven days to a limitation; preservation or advance enforcement; another ground fixed by law."""
    basis, ground = "法律援助法第四十四条", facts.payload.get("ground")
    found = early_step(facts)
    if ground == "limitation":
        if found is not None and found.figures.get("until"):
            return yes(found.zh, found.en, basis)
        stated = written_deadline(facts)
        if stated is None:
            return unknown("请写明期限哪天届满", "Say when the period ends", basis)
        return no(
            f"不到先行提供的条件：{stated.zh}，应当不足七日且没有过期", f"Not under seven days: {stated.en}", basis
        )
    if ground in {"preservation", "other_by_law"}:
        return yes("由审批人写明理由", "The approver gives the reasons", basis)
    if found is not None:
        return yes(found.zh, found.en, basis)
    return unknown("请选择先行提供的情形", "Choose the ground", basis)


@guard(
    "advice_answered",
    "与系统意见不同时写明理由",
    "Reasons are given where the decision differs from the advice",
    ["个人信息保护法第二十四条"],
)
def advice_answered(facts: Facts) -> Verdict:
    """A person decides; departing from the advice takes a written reason."""
    advice = assess(facts)
    if advice.result == "eligible" or text_of(facts.payload, "reason_text"):
        return yes("可以决定", "May decide")
    return unknown(
        f"系统意见：{advice.zh}。决定给予的，请写明理由", f"Advice: {advice.en}. To grant, give your reasons"
    )


@guard(
    "refusal_fits",
    "不予援助的原因成立",
    "The ground of refusal fits",
    ["法律援助法第三十二条", "法律援助法第四十二条", "法律援助法第四十三条"],
)
def refusal_fits(facts: Facts) -> Verdict:
    """Means are no ground where they are waived, exempt, never asked, or not over a limit that is set here; nor is any
    other ground that the answers on file deny."""
    if not text_of(facts.payload, "reason_text"):
        return unknown("不予援助应当书面说明理由", "A refusal needs written reasons", "法律援助法第四十三条")
    if facts.payload.get("reason") == "over_means":
        needed = needs_means(facts)
        if needed is False:
            return no(
                "本件不看经济条件或者免予核查，不能因为经济状况不予援助",
                "Means are no condition here",
                "法律援助法第三十二条",
                "法律援助法第四十二条",
            )
        if needed is None:
            return unknown(
                "还没有问清是不是免予核查，不能因为经济状况不予援助", "Ask for exemptions first", "法律援助法第四十二条"
            )
        if not any(step.ok is False for step in means_steps(facts)):
            return no(
                "按现有数字和本地标准，经济状况没有高于标准，不能因为经济状况不予援助；数字不对的，请先更正",
                "By the figures on file and the local limits the means are not over them. Correct the figures first if they are wrong",
                "法律援助法第三十四条",
            )
    denied = {"out_of_scope": matter_step, "has_lawyer": lawyer_step, "no_standing": standing_step}.get(str(facts.payload.get("reason")))
    found = denied(facts) if denied else None
    if found is not None and found.ok:
        ground = chosen(RefuseReason, str(facts.payload["reason"]))
        return no(
            f"{found.zh}，不能以{ground.zh}不予援助；记错了的，请先更正",
            f"{found.en}: this denies the ground chosen. Correct the facts first if they were noted wrongly",
            *found.basis,
        )
    return yes("已写明理由", "Reasons are given", "法律援助法第四十三条")


@guard(
    "notice_names_ground",
    "通知写明了理由",
    "The notice names its ground",
    ["法律援助法第二十五条", "法律援助法第二十八条", f"{COURT_RULES}第四十九条"],
)
def notice_names_ground(facts: Facts) -> Verdict:
    """The agency does not re-examine the ground; it must be named."""
    value = facts.details.get("ground")
    if not value:
        return unknown(
            "通知书没有写明理由，请打电话向承办人员问清，三日期限照走",
            "Ask the organ for the ground; the clock runs",
            f"{COURT_RULES}第四十九条",
        )
    ground = chosen(NoticeGround, value)
    if value == "court_may":
        return yes(
            f"{ground.zh}，人民法院可以通知", "The court may notify", "法律援助法第二十五条", f"{COURT_RULES}第四十八条"
        )
    basis = "法律援助法第二十八条" if value == "compulsory_treatment" else "法律援助法第二十五条"
    return yes(f"应当通知辩护：{ground.zh}，不审查经济状况", f"Mandatory: {ground.en}; no means test", basis)


# Grounds that only a court can have (法律援助法第二十五条第一款第五项、第六项, 第二款, 第二十八条).
_COURT_ONLY = frozenset({"court_may", "compulsory_treatment", "in_absentia", "death_review"})


@guard("organ_may_notify", "通知机关可以用这个理由", "The organ may give this ground", ["法律援助法第二十五条", "法律援助法第二十八条"])
def organ_may_notify(facts: Facts) -> Verdict:
    """Trials in absentia, death-penalty review, compulsory treatment and the court's own view come from a court."""
    organ, ground = facts.details.get("organ"), facts.details.get("ground")
    if ground in _COURT_ONLY and organ not in {None, "court"}:
        named = chosen(NoticeGround, ground)
        return no(
            f"“{named.zh}”只有人民法院可以通知，请向通知机关核实理由",
            f"{named.en}: only a court notifies on this ground. Ask the organ",
            "法律援助法第二十五条",
            "法律援助法第二十八条",
        )
    return yes("通知机关可以用这个理由", "The organ may give this ground", "法律援助法第二十五条")


@guard("not_own_decision", "没有参与作出原决定", "Took no part in the decision objected to", ["法律援助法第四十九条"])
def not_own_decision(facts: Facts) -> Verdict:
    """Whoever proposed or confirmed a refusal or termination does not review the objection to it."""
    took = facts.doers.get("refuse", frozenset()) | facts.doers.get("terminate", frozenset())
    if facts.actor_user is not None and facts.actor_user in took:
        return no("原决定是您参与作出的，不能由您审查异议，请交给别人", "You took part in the decision: somebody else reviews it", "法律援助法第四十九条")
    return yes("没有参与作出原决定", "Took no part in the decision", "法律援助法第四十九条")


@guard("remedy_pending", "复议或者诉讼还没有登记结果", "A reconsideration or suit waits for its result", ["法律援助法第四十九条"])
def remedy_pending(facts: Facts) -> Verdict:
    """A result needs what it is the result of, and is noted once."""
    for action in reversed(facts.history):
        if action in {"note_reconsideration", "note_suit"}:
            return yes("等结果", "Waits for its result", "法律援助法第四十九条")
        if action in {"remedy_upholds", "remedy_corrects", "uphold"}:
            break
    return no("没有登记过复议或者起诉，或者结果已经登记", "No reconsideration or suit is on record, or its result is", "法律援助法第四十九条")


@guard("termination_fits", "终止的情形成立", "The ground of termination fits", ["法律援助法第四十八条"])
def termination_fits(facts: Facts) -> Verdict:
    """One of the eight grounds, with reasons; a change of means ends nothing where means are no condition."""
    ground = facts.payload.get("ground")
    if not ground or not text_of(facts.payload, "reason_text"):
        return unknown("请选择终止情形并写明理由", "Choose the ground and give reasons", "法律援助法第四十八条")
    waived = facts.details.get("waiver_ground") not in {None, "none"}
    waived = waived or facts.details.get("matter_kind") in WAIVED_BY_MATTER or facts.matter == "notified_defence"
    if ground == "economic_change" and waived:
        return no(
            "本件不受经济困难条件限制，不能因为经济状况变化终止", "Means are no condition here", "法律援助法第三十二条"
        )
    return yes("属于法定终止情形", "A statutory ground", "法律援助法第四十八条")


@guard(
    "formalities_pending", "先行援助，手续待补", "Early aid with formalities to be made up", ["法律援助法第四十四条"]
)
def formalities_pending(facts: Facts) -> Verdict:
    """Only early aid is confirmed afterwards."""
    if "pending_formalities" in facts.flags:
        return yes("手续待补", "Formalities are pending", "法律援助法第四十四条")
    return no("不是先行援助，或者手续已经补齐", "Not early aid, or already complete", "法律援助法第四十四条")


@guard("offer_open", "指派还没有答复", "The assignment waits for an answer", ["法律援助法第四十六条"])
def offer_open(facts: Facts) -> Verdict:
    """An assignment is taken once: a second time would issue its papers again."""
    answered = next((action for action in reversed(facts.history) if action in {"assign", "accept_assignment"}), "assign")
    if answered == "accept_assignment":
        return no("已经接受指派，下一步是签协议、开始办理", "Accepted already: sign the agreement and begin", "法律援助法第四十六条")
    return yes("等承办人答复", "Waits for the provider", "法律援助法第四十六条")


@guard("offer_accepted", "承办人已经接受指派", "The provider has accepted", ["法律援助法第四十六条"])
def offer_accepted(facts: Facts) -> Verdict:
    """Work starts after the last assignment was accepted."""
    for action in reversed(facts.history):
        if action == "accept_assignment":
            return yes("已接受指派", "Accepted", "法律援助法第四十六条")
        if action == "assign":
            break
    return unknown("承办人还没有接受指派，请先点“接”", "The provider has not accepted yet", "法律援助法第四十六条")


@guard(
    "replacement_reasoned",
    "写明了承办人没有履职的情况",
    "The request says what was not done",
    ["法律援助法第五十五条", "办理法律援助案件程序规定"],
)
def replacement_reasoned(facts: Facts) -> Verdict:
    """In the recipient's own words; evidence may follow."""
    if text_of(facts.payload, "reason_text"):
        return yes("可以申请更换", "May ask for another provider", "法律援助法第五十五条")
    return unknown("请说说承办人哪里没有做好", "Say what was not done", "法律援助法第五十五条")


@guard("file_complete", "结案材料齐全", "The closing file is complete", ["法律援助法第五十条"])
def file_complete(facts: Facts) -> Verdict:
    """A report, and copies of the legal documents or the reason why there are none."""
    if not text_of(facts.payload, "report"):
        return unknown("请写办理情况报告", "Write the case report", "法律援助法第五十条")
    if facts.payload.get("copies") or text_of(facts.payload, "why_no_copies"):
        return yes("材料齐全", "Complete", "法律援助法第五十条")
    return unknown(
        "请附法律文书副本或者复印件，没有的写明原因", "Attach copies, or say why there are none", "法律援助法第五十条"
    )


@guard(
    "plea_signed_properly", "具结书签署合规", "The recognizance is signed as the law asks", ["刑事诉讼法第一百七十四条"]
)
def plea_signed_properly(facts: Facts) -> Verdict:
    """Signed with the lawyer present, or a statutory exception is named."""
    if text_of(facts.payload, "no_signing"):
        return yes("属于不需要签署的情形", "No signing needed", "刑事诉讼法第一百七十四条")
    if not facts.payload.get("signed_on"):
        return unknown(
            "请填签署日期，或者选择不需要签署的情形", "Give the day, or the exception", "刑事诉讼法第一百七十四条"
        )
    if not facts.payload.get("lawyer_present"):
        return no(
            "签署具结书时辩护人或者值班律师应当在场",
            "The lawyer must be present at signing",
            "刑事诉讼法第一百七十四条",
        )
    return yes(
        "值班律师在场签署",
        "Signed with the duty lawyer present",
        "刑事诉讼法第一百七十四条",
        "人民检察院刑事诉讼规则第二百七十二条",
    )


@guard(
    "file_reading_allowed",
    "阅卷的阶段合规",
    "Reading the file is allowed at this stage",
    ["人民检察院刑事诉讼规则第二百六十九条", f"{COURT_RULES}第五十三条"],
)
def file_reading_allowed(facts: Facts) -> Verdict:
    """From review for prosecution on."""
    if facts.payload.get("file_read") and facts.details.get("criminal_stage") == "investigation":
        return no(
            "侦查阶段不能阅卷；自审查起诉之日起可以查阅",
            "The file may be read from review for prosecution on",
            "人民检察院刑事诉讼规则第二百六十九条",
        )
    return yes("可以记录", "May be recorded", "人民检察院刑事诉讼规则第二百六十九条")


@guard(
    "must_be_sealed",
    "未成年人、在押人员、家庭暴力的案卷保密",
    "Minors, detained persons and domestic violence are sealed",
    ["未成年人保护法第一百零三条", "法律援助法第二十一条"],
)
def must_be_sealed(facts: Facts) -> Verdict:
    """Sealed from the first moment when an answer says so."""
    reasons = [flag for flag in intake_flags(facts) if flag.name in SEALING]
    if reasons:
        return yes(
            "；".join(flag.zh for flag in reasons), "; ".join(flag.en for flag in reasons), "法律援助法第二十一条"
        )
    return no("没有需要密封的情形", "Nothing to seal", "法律援助法第二十一条")


@guard("mandatory_situation", "属于应当通知辩护的情形", "A situation of mandatory defence", ["法律援助法第二十五条"])
def mandatory_situation(facts: Facts) -> Verdict:
    """A person who asks the duty lawyer but must have a defender goes over to notified defence."""
    if any(flag.name == "minor" for flag in intake_flags(facts)) or facts.details.get("access_needs"):
        return yes(
            "可能属于应当通知辩护的人员，请同时提醒办案机关通知",
            "Possibly mandatory: remind the organ to notify",
            "法律援助法第二十五条",
            "法律援助法第三十六条",
        )
    return unknown("请核实是不是应当通知辩护的人员", "Check whether defence is mandatory", "法律援助法第二十五条")


@guard("in_custody", "本人在押", "The person is in custody", ["刑事诉讼法第三十九条"])
def in_custody(facts: Facts) -> Verdict:
    """The 48 hours for a meeting concern people in custody."""
    if facts.details.get("detained") or "detained" in facts.flags:
        return yes("在押", "In custody", "刑事诉讼法第三十九条")
    return no("不在押", "Not in custody", "刑事诉讼法第三十九条")


@guard("before_court", "案件在法院", "The case is before a court", [f"{COURT_RULES}第六十六条"])
def before_court(facts: Facts) -> Verdict:
    """Formalities go to the court within three days when aid counsel represents a party there."""
    details = facts.details
    if facts.matter == "criminal" and details.get("organ") == "court":
        return yes("案件在法院", "Before the court", f"{COURT_RULES}第六十六条")
    return no("案件不在法院，或者不适用这条", "Not before a court", f"{COURT_RULES}第六十六条")


@guard(
    "supplement_stops_clock",
    "补充材料期间不计入审查期限",
    "Supplementing stops the review clock",
    ["法律援助法第四十三条"],
)
def supplement_stops_clock(facts: Facts) -> Verdict:
    """The clock stops unless the city says it runs on (parameter aid_supplement_stops_clock)."""
    parameter = facts.parameters.get(STOPS_CLOCK)
    if parameter is not None and parameter.value in {False, "false", "否"}:
        return no(f"本地规定补充期间照计（{parameter.source}）", "The clock runs on here", "法律援助法第四十三条")
    return yes("补充材料期间停表", "The clock stops", "法律援助法第四十三条")


@guard(
    "supplement_keeps_clock",
    "补充材料期间计入审查期限",
    "Supplementing does not stop the review clock",
    ["法律援助法第四十三条"],
)
def supplement_keeps_clock(facts: Facts) -> Verdict:
    """The opposite of supplement_stops_clock."""
    stops = supplement_stops_clock(facts)
    return Verdict(not stops.allowed, stops.zh, stops.en, stops.basis)


@guard("acts_for_another", "替别人申请", "Applied for by another", ["法律援助法第四十条"])
def acts_for_another(facts: Facts) -> Verdict:
    """Papers about the representation are asked only then."""
    other = facts.details.get("applies_for") not in {None, "self"}
    return yes("替别人申请", "For another") if other else no("本人申请", "In person")


@guard("means_asked", "需要核查经济状况", "Means are checked", ["法律援助法第四十一条"])
def means_asked(facts: Facts) -> Verdict:
    """The economic statement is asked only where the law asks for means."""
    if needs_means(facts):
        return yes("需要核查经济状况", "Means are checked", "法律援助法第四十一条")
    return no("不看经济条件、免予核查或者还没有问清，不要经济材料", "No economic papers", "法律援助法第四十二条")


@guard("claims_exemption", "免予核查的人员", "Claims an exempt group", ["法律援助法第四十二条"])
def claims_exemption(facts: Facts) -> Verdict:
    """Proof of the group is welcome, and queried where it can be shared."""
    if facts.details.get("exempt_group") in {None, "none"}:
        return no("没有主张免予核查", "No exemption claimed", "法律援助法第四十二条")
    return yes("主张免予核查", "Exemption claimed", "法律援助法第四十二条")


LOCAL_TERMS = {
    "aid_supplement_period": ("补充材料的期限", "supplements"),
    "aid_agreement_period": ("签订协议的期限", "signing the agreement"),
    "aid_offer_answer": ("承办人答复的期限", "the provider's answer"),
    "aid_progress_interval": ("通报进展的间隔", "reports of progress"),
    "aid_formalities_period": ("补办手续的期限", "making up formalities"),
    "aid_early_target": ("先行援助的目标时间", "early aid"),
    "aid_replace_period": ("答复更换申请的期限", "deciding on replacement"),
    "aid_reassign_period": ("更换后重新指派的期限", "assigning again"),
    "aid_notified_target": ("通知辩护指派的目标时间", "assigning on a notice"),
    "aid_visit_period": ("回访的期限", "the return visit"),
    "aid_terminate_period": ("决定是否终止的期限", "deciding on termination"),
    "duty_log_period": ("值班台账的期限", "the duty log"),
}


def _set_here(parameter: str, zh: str, en: str) -> Callable[[Facts], Verdict]:
    def test(facts: Facts) -> Verdict:
        value = facts.parameters.get(parameter)
        if value is None:
            return no(f"本地没有规定{zh}", f"No local term for {en}")
        return yes(f"本地规定{zh}为{value.value}（{value.source}）", f"Local term for {en}: {value.value}")

    return test


for _name, (_zh, _en) in LOCAL_TERMS.items():
    # Named like the parameter: a deadline without a verified national length runs only where the city set one.
    guard(f"set_{_name}", f"本地规定了{_zh}", f"A local term is set for {_en}", [])(_set_here(_name, _zh, _en))
