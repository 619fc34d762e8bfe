"""Codes of the record as words people read: events, roles, flags, states."""

from __future__ import annotations

from typing import Any

from fahui.casework.cases.models import CHANNELS, CaseParty
from fahui.casework.definitions.schema import Definition, State
from fahui.foundation.accounts.roles import ROLE_NAMES
from fahui.foundation.audit.models import Event

CHANNELS_EN = {"hotline": "12348 hotline", "window": "Window", "web": "Web", "helper": "Village helper",
               "duty": "Duty lawyer", "organ": "Case organ", "api": "Interface", "letter": "Letter"}  # fmt: skip
PARTS_EN = {"applicant": "Applicant", "co_applicant": "Co-applicant", "opponent": "Other side", "guardian": "Guardian",
            "agent": "Agent", "helper": "Helper", "case_organ": "Case organ", "contractor": "Main contractor"}  # fmt: skip
PRIORITIES = {1: ("依法优先", "Priority by law"), 2: ("紧急", "Urgent")}

# kind → (Chinese, English). Braces are filled from the event's data, codes already turned into words.
EVENTS: dict[str, tuple[str, str]] = {
    "case.opened": ("受理（{channel}）", "Opened ({channel})"),
    "case.action": ("{action}", "{action}"),
    "case.corrected": ("记下问到的、更正（{count}处）", "Facts noted or corrected ({count})"),
    "case.taken": ("接手经办", "Took charge"),
    "case.handed": ("转给{handler}经办", "Handed to {handler}"),
    "case.handed_back": ("{handler}的岗位结束，没人经办了", "The post of {handler} ended; nobody is in charge"),
    "case.touched": ("有改动", "Changed"),
    "case.sealed": ("设为保密", "Sealed"),
    "case.unsealed": ("解除保密", "Unsealed"),
    "case.urged": ("督办", "Urged"),
    "answer.written": ("写问答草稿", "Answer drafted"),
    "answer.handed_in": ("问答送审", "Answer handed in for review"),
    "answer.published": ("审核发布问答", "Answer approved and published"),
    "answer.sent_back": ("问答退回修改", "Answer sent back"),
    "answer.expired": ("停用问答", "Answer stopped"),
    "urge.answered": ("答复督办", "Urge answered"),
    "case.referred": ("发出移交（协办）", "Referred"),
    "referral.accepted": ("对方已接收", "Referral accepted"),
    "referral.refused": ("对方已退回", "Referral refused"),
    "case.merged": ("并入 {into}", "Merged into {into}"),
    "case.repeated": ("同一件事又来了一次（共{repeats}次）", "Brought again ({repeats} times)"),
    "case.converted": ("转办，新编号 {to}", "Converted, new number {to}"),
    "flag.set": ("标记：{flag}", "Flag: {flag}"),
    "flag.cleared": ("取消标记：{flag}", "Flag cleared: {flag}"),
    "proposal.made": ("提出“{action}”，等另一人复核", "Proposed “{action}”; a second person must confirm"),
    "proposal.rejected": ("退回“{action}”", "Sent back “{action}”"),
    "message.written": ("留言（{audience}）", "Message ({audience})"),
    "group.started": ("建立群体事项", "Group started"),
    "group.joined": ("又有人加入（共{members}人）", "Somebody joined ({members} people)"),
    "party.added": ("添加当事人：{role}", "Added: {role}"),
    "paper.added": ("收到材料：{material}", "Paper received: {material}"),
    "paper.checked": ("核验材料：{material}（{trust}）", "Paper checked: {material} ({trust})"),
    "paper.removed": ("撤回材料：{material}", "Paper taken back: {material}"),
    "document.issued": ("出具《{document}》{number}", "Issued “{document}” {number}"),
    "citations.passed": ("有{count}处引文核对不上，看过后仍然办理“{action}”", "{count} citations did not check; went on with “{action}” after seeing them"),
    "document.received": ("《{document}》已送达", "“{document}” received"),
    "assignment.offered": ("向承办人发出指派", "Offered to a provider"),
    "assignment.accepted": ("承办人接受指派", "Provider accepted"),
    "assignment.declined": ("承办人未接受指派", "Provider declined"),
    "assignment.released": ("更换承办人", "Provider relieved"),
    "assignment.refusal": ("登记拒绝指派", "Refusal recorded"),
    "feedback.invited": ("邀请评价", "Invited to rate"),
    "feedback.given": ("收到评价：{score}分", "Rated {score}"),
    "booking.made": ("约好时间", "Booked"),
    "booking.done": ("预约已完成", "Booking kept"),
    "booking.missed": ("回拨未接通", "Call-back not answered"),
    "booking.cancelled": ("取消预约", "Booking cancelled"),
    "deadline.missed": ("超过时限：{deadline}", "Limit missed: {deadline}"),
    "limit.checked": ("核对时限（{rule}）", "Limit checked ({rule})"),
    "progress.reported": ("通报进展", "Progress reported"),
    "aid.result": ("登记办理结果", "Result recorded"),
    "visit.made": ("回访", "Return visit"),
    "subsidy.due": ("登记补贴", "Subsidy recorded"),
    "personal_data.read": ("查看个人信息", "Looked at personal data"),
    "account.made": ("新建账号", "Account made"),
    "account.linked": ("首次用统一身份认证登录", "First sign-in by the identity provider"),
    "account.blocked": ("停用账号", "Account blocked"),
    "account.enabled": ("启用账号", "Account enabled"),
    "account.password_reset": ("重置密码", "Password reset"),
    "account.factors_forgotten": ("清除第二步验证，重新设置", "Second factors cleared, to be set up anew"),
    "post.given": ("授予岗位", "Post given"),
    "post.ended": ("结束岗位", "Post ended"),
    "directory.changed": ("修改登记信息", "Facts changed"),
    "directory.shown": ("恢复在目录里显示", "Shown in the directory again"),
    "directory.hidden": ("不再在目录里显示", "Hidden from the directory"),
    "directory.day_set": ("{on} 的开放时间另定", "Hours of {on} set"),
    "directory.day_dropped": ("{on} 恢复平常的开放时间", "{on} is as usual again"),
    "record.entered": ("登记一条奖惩、考核或信用", "Published record entered"),
    "record.withdrawn": ("撤下一条奖惩、考核或信用", "Published record taken back"),
    "practitioner.tied": ("关联人员与账号", "Practitioner tied to an account"),
    "practitioner.untied": ("解除人员与账号的关联", "Practitioner parted from an account"),
    "key.made": ("新建接口密钥", "Key made"),
    "key.revoked": ("停用接口密钥", "Key revoked"),
    "parameter.set": ("设定本地标准", "Local value set"),
    "calendar.loaded": ("载入工作日历", "Calendar loaded"),
    "calendar.announced": ("录入节假日安排", "Calendar entered"),
    "shift.planned": ("排班", "Shift planned"),
    "shift.dropped": ("撤销班次", "Shift dropped"),
    "party.merged": ("合并人员记录", "Records joined"),
    "party.parted": ("撤销合并", "Records parted"),
    "consent.given": ("登记代办同意", "Consent recorded"),
    "entry.added": ("登记一条台账", "Entry added"),
    "entry.corrected": ("更正台账", "Entry corrected"),
    "entry.verified": ("复核台账", "Entry verified"),
    "entry.returned": ("退回台账", "Entry sent back"),
    "entry.voided": ("作废台账", "Entry made void"),
    "activity.added": ("登记一次活动", "Activity added"),
    "activity.corrected": ("更正活动", "Activity corrected"),
    "activity.confirmed": ("记下对方的确认", "The other side's word recorded"),
    "activity.evidence": ("放入一份活动证明", "Evidence added"),
    "activity.voided": ("作废活动", "Activity made void"),
    "table.imported": ("导入表格", "Table imported"),
    "list.exported": ("导出清单", "List exported"),
    "list.fetched": ("取回导出的清单", "Exported list fetched"),
}

FLAGS: dict[str, tuple[str, str]] = {
    "early_aid_possible": ("可先行提供", "Early aid possible"),
    "forwarded_late": ("转交超时", "Forwarded late"),
    "life_or_death": ("可能无期、死刑", "Life or death"),
    "minor": ("未成年", "Minor"),
    "detained": ("在押", "In custody"),
    "domestic_violence": ("家暴", "Domestic violence"),
    "wage_fast_lane": ("欠薪绿色通道", "Wage fast lane"),
    "priority_military": ("军人军属优先", "Military first"),
    "veteran": ("退役军人", "Veteran"),
    "access_needs": ("需要无障碍服务", "Access needs"),
    "manual_review": ("人工审查", "Manual review"),
    "group_matter": ("群体", "Group"),
    "means_waived": ("不看经济条件", "No means test"),
    "pending_formalities": ("待补手续", "Formalities pending"),
    "refusal_corrected": ("不予援助已改正", "Refusal corrected"),
    "drafting_only": ("仅代书", "Drafting only"),
    "subsidy_rate_missing": ("补贴标准未设", "Subsidy rate missing"),
    "money_taken": ("反映收钱", "Money reported"),
    "alarm": ("警报", "Alarm"),
    "suicide_risk": ("轻生风险", "Suicide risk"),
    "threat": ("人身威胁", "Threat"),
    "mass_incident": ("聚集风险", "Crowd risk"),
    "self_harm": ("轻生风险", "Self-harm risk"),
    "crowd": ("聚集风险", "Crowd risk"),
    "repeat": ("重复来访", "Repeat"),
    "alarm_suicide": ("警报：轻生", "Alarm: suicide"),
    "alarm_child": ("警报：未成年人", "Alarm: child"),
    "alarm_threat": ("警报：人身危险", "Alarm: threat"),
    "alarm_domestic_violence": ("警报：家暴", "Alarm: violence at home"),
    "alarm_crowd": ("警报：聚集", "Alarm: crowd"),
    "may_be_danger": ("话里可能有危险，请先看", "May tell of danger: read first"),
}
ALARMING = frozenset({"alarm", "suicide_risk", "self_harm", "threat", "mass_incident", "crowd", "life_or_death",
                      "early_aid_possible", "domestic_violence", "money_taken",
                      "alarm_suicide", "alarm_child", "alarm_threat", "alarm_domestic_violence", "alarm_crowd"})  # fmt: skip


def pick(pair: tuple[str, str], language: str) -> str:
    """(Chinese, English) in the reader's language."""
    return pair[1] if language.startswith("en") else pair[0]


def channel_name(code: str, language: str) -> str:
    """`hotline` → 12348热线."""
    return CHANNELS_EN.get(code, code) if language.startswith("en") else dict(CHANNELS).get(code, code)


def part_name(role: str, language: str) -> str:
    """`opponent` → 对方."""
    return PARTS_EN.get(role, role) if language.startswith("en") else dict(CaseParty.ROLES).get(role, role)


def role_name(role: str, language: str) -> str:
    """`aid_reviewer` → 法援审查员; machine actors read as they are."""
    return pick(ROLE_NAMES[role], language) if role in ROLE_NAMES else role


def flag_name(flag: str, language: str) -> str:
    """`minor` → 未成年. A flag without words reads as its code, so that it is not overlooked."""
    return pick(FLAGS[flag], language) if flag in FLAGS else flag


def flag_badges(flags: list[str], language: str) -> list[dict[str, str]]:
    """Flags as badges, alarming ones first."""
    ordered = sorted(flags, key=lambda flag: (flag not in ALARMING, flag))
    return [{"label": flag_name(f, language), "tone": "error" if f in ALARMING else "neutral"} for f in ordered]


def tone(state: State, *, merged: bool = False) -> str:
    """The colour of a state: ended, waiting for the applicant, or ours to move."""
    if merged or state.end:
        return "neutral"
    return "warn" if state.owner == "applicant" else "progress"


def event_text(event: Event, definition: Definition | None, names: dict[int, str], language: str) -> str:
    """One event as a sentence."""
    pair = EVENTS.get(event.kind)
    if pair is None:
        return event.kind
    values = {key: _value(key, value, definition, names, language) for key, value in event.data.items()}
    try:
        text = pick(pair, language).format(**values)
    except KeyError:  # an older event with fewer values
        text = pick(pair, language).split("{")[0].rstrip("：（(“ ")
    return text or event.kind


def event_note(event: Event, definition: Definition | None, language: str) -> str:
    """The second line of an event: where the case went, the outcome, the reason."""
    if event.kind == "case.action" and definition:
        data, found = event.data, []
        before, after = data.get("from"), data.get("to")
        if after and before != after:
            found.append(f"{_state(definition, before, language)} → {_state(definition, after, language)}")
        if data.get("outcome"):
            found.append(_named(definition.outcome, str(data["outcome"]), language))
        return " · ".join(found)
    return str(event.data.get("reason") or "")


def _value(key: str, value: Any, definition: Definition | None, names: dict[int, str], language: str) -> str:
    english = language.startswith("en")
    if key == "channel":
        return channel_name(str(value), language)
    if key == "flag":
        return flag_name(str(value), language)
    if key == "role":
        return part_name(str(value), language)
    if key == "handler":
        return names.get(value, str(value))
    if key == "audience":
        return {"internal": ("内部", "internal"), "applicant": ("与申请人", "with applicant")}[str(value)][english]
    if definition and key in {"action", "document", "deadline"}:
        return _named(getattr(definition, key), str(value), language)
    if definition and key == "material":
        found = next((m for m in definition.materials if m.id == value), None)
        return found.name.text(language) if found else ("其他材料", "another paper")[english] if value == "other" else str(value)
    return str(value)


def _named(find: Any, code: str, language: str) -> str:
    try:
        return find(code).name.text(language)
    except KeyError:
        return code


def _state(definition: Definition, code: Any, language: str) -> str:
    return _named(definition.state, str(code), language)
