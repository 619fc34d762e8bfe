"""The roles a post can carry. Names follow the field's terms; a definition's `by` and `owner` use these ids."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody does, either by a post (staff) or by their part in one case (applicant, provider)."""

    # By a post in a jurisdiction.
    HOTLINE_AGENT = "hotline_agent"  # 热线坐席人员
    HOTLINE_LEAD = "hotline_lead"  # 热线班长
    WINDOW_CLERK = "window_clerk"  # 窗口人员
    VILLAGE_HELPER = "village_helper"  # 村居代办员
    AID_REVIEWER = "aid_reviewer"  # 法律援助审查员
    AID_APPROVER = "aid_approver"  # 法律援助审批人
    DISPATCHER = "dispatcher"  # 指派员
    DUTY_LAWYER = "duty_lawyer"  # 值班律师
    JUSTICE_OFFICE = "justice_office"  # 司法所
    BUREAU_OFFICER = "bureau_officer"  # 司法局承办人（异议、投诉）
    SUPERVISOR = "supervisor"  # 督办员
    BUREAU_LEADER = "bureau_leader"  # 局领导
    EVALUATOR = "evaluator"  # 第三方评估员
    SYSTEM_ADMIN = "system_admin"  # 系统管理员
    # By a part in one case.
    APPLICANT = "applicant"  # 申请人 / 受援人
    PROVIDER = "provider"  # 承办人
    HANDLER = "handler"  # 经办人（本件负责人）
    CASE_ORGAN = "case_organ"  # 办案机关、监管场所（经接口或窗口代录）
    SYSTEM = "system"  # 系统（期限、定时任务）


ROLE_NAMES: dict[str, tuple[str, str]] = {
    Role.HOTLINE_AGENT: ("热线坐席", "Hotline agent"),
    Role.HOTLINE_LEAD: ("热线班长", "Hotline lead"),
    Role.WINDOW_CLERK: ("窗口人员", "Window clerk"),
    Role.VILLAGE_HELPER: ("村居代办员", "Village helper"),
    Role.AID_REVIEWER: ("法援审查员", "Legal aid reviewer"),
    Role.AID_APPROVER: ("法援审批人", "Legal aid approver"),
    Role.DISPATCHER: ("指派员", "Dispatcher"),
    Role.DUTY_LAWYER: ("值班律师", "Duty lawyer"),
    Role.JUSTICE_OFFICE: ("司法所", "Justice office"),
    Role.BUREAU_OFFICER: ("司法局承办人", "Bureau officer"),
    Role.SUPERVISOR: ("督办员", "Supervisor"),
    Role.BUREAU_LEADER: ("局领导", "Bureau leader"),
    Role.EVALUATOR: ("第三方评估员", "Evaluator"),
    Role.SYSTEM_ADMIN: ("系统管理员", "System administrator"),
    Role.APPLICANT: ("申请人", "Applicant"),
    Role.PROVIDER: ("承办律师", "Provider"),
    Role.HANDLER: ("经办人", "Handler"),
    Role.CASE_ORGAN: ("办案机关", "Case-handling organ"),
    Role.SYSTEM: ("系统", "System"),
}

# Roles held by a post, with what they may do beyond the actions of a definition.
POST_ROLES = [r for r in Role if r not in {Role.APPLICANT, Role.PROVIDER, Role.HANDLER, Role.CASE_ORGAN, Role.SYSTEM}]
# Posts that read the cases of their service and jurisdiction. An evaluator reads only what was drawn for them;
# an administrator runs the system and reads no case.
CASE_READERS = frozenset(POST_ROLES) - {Role.EVALUATOR, Role.SYSTEM_ADMIN, Role.DUTY_LAWYER}
SUPERVISING = frozenset({Role.SUPERVISOR, Role.BUREAU_LEADER, Role.HOTLINE_LEAD, Role.AID_APPROVER})
INTAKE = frozenset({Role.HOTLINE_AGENT, Role.HOTLINE_LEAD, Role.WINDOW_CLERK, Role.VILLAGE_HELPER, Role.AID_REVIEWER,
                    Role.AID_APPROVER, Role.JUSTICE_OFFICE, Role.DUTY_LAWYER, Role.BUREAU_OFFICER})  # fmt: skip
