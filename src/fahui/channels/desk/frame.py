"""What every desk page shares: its left column by the reader's posts, and the rendering itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fahui.casework.activities.queries import KEEPERS as ACTIVITY_KEEPERS
from fahui.casework.definitions.loader import services
from fahui.casework.funding.actions import PAYERS
from fahui.casework.registers.queries import kept_by
from fahui.casework.registers.rights import keeps
from fahui.casework.scheduling.rules import PLANNERS
from fahui.channels.desk import queries as desk
from fahui.channels.pages import reader_of
from fahui.foundation.accounts.roles import CASE_READERS, INTAKE, SUPERVISING, Role
from fahui.foundation.accounts.scope import Reader

HOTLINE = frozenset({Role.HOTLINE_AGENT, Role.HOTLINE_LEAD, Role.DUTY_LAWYER})
ADMINS = frozenset({Role.SYSTEM_ADMIN, Role.BUREAU_LEADER})


def show(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, here: str = "", status: int = 200
) -> HttpResponse:
    """Render a desk page with its left column; `here` is the address of the entry to mark (default: the path)."""
    nav = desk_nav(reader_of(request), here or request.path)
    return render(request, template, {"desk_nav": nav, **(context or {})}, status=status)


def desk_nav(reader: Reader, here: str) -> list[dict[str, Any]]:
    """The entries of the left column that this reader's posts have use for."""
    roles, unread = reader.roles, desk.unread(reader)
    registers, activities = kept_by(reader), keeps(reader, ACTIVITY_KEEPERS)

    def entry(label: str, href: str, icon: str, **more: Any) -> dict[str, Any]:
        return {"label": label, "href": href, "icon": icon, "current": href == here, **more}

    items = [
        entry(_("我的活"), "/desk/", "home"),
        entry(_("消息"), "/desk/inbox", "bell", count=unread or None, alert=True),
    ]
    if roles & CASE_READERS:
        items.append(entry(_("待办与查找"), "/desk/team", "list"))
    if roles & CASE_READERS or registers or activities:
        items.append(entry(_("我的导出"), "/desk/exports/", "download"))
    if registers or activities:
        items.append(entry(_("我的导入"), "/desk/imports/", "upload"))
    if roles & INTAKE:
        items += [{"group": _("受理")}, entry(_("新受理"), "/desk/new", "file")]
    if roles & HOTLINE:
        items += [
            entry(_("热线座席"), "/desk/hotline", "phone"),
            entry(_("回拨与排队"), "/desk/callbacks", "clock"),
        ]
    if roles & (HOTLINE | PLANNERS):
        items.append(entry(_("排班"), "/desk/shifts", "calendar"))
    if roles & SUPERVISING:
        items += [{"group": _("督办")}, entry(_("督办与负荷"), "/desk/supervise", "chart"),
                  entry(_("保密案卷打开记录"), "/desk/openings", "lock"), entry(_("知识内容"), "/desk/answers/", "chat")]  # fmt: skip
    if roles & PAYERS:
        items.append(entry(_("办案补贴"), "/desk/subsidies", "scale"))
    if roles & {Role.BUREAU_LEADER, Role.SUPERVISOR}:
        items.append(entry(_("驾驶舱"), "/cockpit/", "map"))
    books = [entry(_("台账"), "/desk/registers/", "list")] if registers else []
    books += [entry(_("活动"), "/desk/activities/", "calendar")] if activities else []
    items += [{"group": _("台账与活动")}, *books, entry(_("报送"), "/desk/returns", "clock")] if books else []
    if roles & ADMINS:
        items += [{"group": _("管理")}, entry(_("账号与岗位"), "/desk/admin/accounts", "people")] if (
            Role.SYSTEM_ADMIN in roles
        ) else [{"group": _("管理")}]
        items += [
            entry(_("工作日历"), "/desk/admin/calendar", "calendar"),
            entry(_("本地标准"), "/desk/admin/values", "scale"),
            entry(_("机构"), "/desk/admin/institutions", "home"),
            entry(_("服务点"), "/desk/admin/sites", "map"),
            entry(_("法律服务卡"), "/desk/admin/cards", "print"),
            entry(_("律师等人员"), "/desk/admin/practitioners", "people"),
            entry(_("导入"), "/desk/admin/imports", "upload"),
            entry(_("审计"), "/desk/admin/audit", "lock"),
        ]
        if Role.SYSTEM_ADMIN in roles:
            items.append(entry(_("接口密钥"), "/desk/admin/keys", "globe"))
    items += [{"group": _("怎么办")}, entry(_("判断小助手"), "/desk/checks/", "ok")]
    items += [entry(s.definition.name.text(reader.language), f"/desk/how/{name}", "book") for name, s in services().items()]
    items.append(entry(_("登录安全"), "/accounts/2fa/", "lock"))
    return items
