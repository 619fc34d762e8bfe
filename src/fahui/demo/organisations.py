"""The institutions, lawyers and accounts of a demo city."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password

from fahui.casework.scheduling.actions import plan_shift
from fahui.demo import people
from fahui.demo.phones import landline
from fahui.foundation import cities, clock
from fahui.foundation.accounts.models import Post, User
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import SYSTEM
from fahui.foundation.people.models import Institution, Practitioner
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.queries import within

FIELDS = ["劳动", "婚姻家庭", "合同", "交通事故", "医疗损害", "刑事", "行政", "农村土地"]


@dataclass
class Demo:
    """What the demo city is made of."""

    counties: list[Region]
    townships: dict[int, list[int]]
    institutions: dict[tuple[str, int], Institution] = field(default_factory=dict)
    practitioners: list[Practitioner] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)
    by_county: dict[int, list[Practitioner]] = field(default_factory=dict)


def build(random: Random) -> Demo:
    """Institutions of every county, firms and lawyers, and one account of every kind."""
    city = cities.current()
    counties = [r for r in within(city.region, level=3) if r.name not in ("市辖区", "县")]
    townships = {c.code: list(within(c.code, level=4).values_list("code", flat=True)) or [c.code] for c in counties}
    demo = Demo(counties, townships)
    _institutions(demo, random)
    _lawyers(demo, random)
    _accounts(demo, random)
    _colleagues(demo)
    _shifts(demo)
    return demo


def _institutions(demo: Demo, random: Random) -> None:
    city = cities.current()
    short = city.name.zh[:1]
    rows = []

    def add(kind: str, code: int, name: str, mark: str) -> None:
        row = Institution(
            code=f"DEMO-{kind[:8]}-{code // 10**6}", kind=kind, name=name, short_name=mark, region_code=code,
            phone=landline(random), address=f"{name}（示例地址）",
            opening_hours="周一至周五 9:00–17:00",
        )  # fmt: skip
        rows.append(row)
        demo.institutions[(kind, code)] = row

    add("justice_bureau", city.region, city.bureau.zh, short)
    add("hotline_centre", city.region, f"{city.name.zh}12348公共法律服务热线中心", short)
    add("legal_aid_agency", city.region, f"{city.name.zh}法律援助中心", short)
    for county in demo.counties:
        mark = short + county.name[:1]
        add("justice_bureau", county.code, f"{county.name}司法局", mark)
        add("legal_aid_agency", county.code, f"{county.name}法律援助中心", mark)
        add("public_legal_service_centre", county.code, f"{county.name}公共法律服务中心", mark)
        add("public_security_organ", county.code, f"{county.name}公安局", mark)
        add("court", county.code, f"{county.name}人民法院", mark)
        add("law_firm", county.code, people.firm(random, county.name.rstrip("市区县")), mark)
    Institution.objects.bulk_create(rows)


def _lawyers(demo: Demo, random: Random) -> None:
    today = clock.today()
    rows = []
    for county in demo.counties:
        firm = demo.institutions[("law_firm", county.code)]
        for number in range(6):
            years = random.randrange(1, 22)
            licensed = today - timedelta(days=365 * years + random.randrange(300))
            fields = random.sample(FIELDS, 3)
            if number == 0 and "劳动" not in fields:
                fields[0] = "劳动"
            if number in (1, 2) and "刑事" not in fields:
                fields[0] = "刑事"
            row = Practitioner(
                licence=f"DEMO-{county.code // 10**6}-{number:02d}", kind="lawyer", name=people.name(random),
                institution=firm, region_code=county.code, phone=people.phone(random), licensed_on=licensed,
                criminal_since=licensed + timedelta(days=400) if "刑事" in fields else None, fields=fields,
                tags=["juvenile_skilled"] if number in (1, 3) else [],
                languages=["彝语"] if county.ethnic_autonomous and number % 2 else [],
            )  # fmt: skip
            rows.append(row)
            demo.by_county.setdefault(county.code, []).append(row)
    demo.practitioners = rows
    Practitioner.objects.bulk_create(rows)


def _accounts(demo: Demo, random: Random) -> None:
    """One account of every kind, with random passwords written to a file that is shown once and removed."""
    city = cities.current().region
    home = demo.counties[0].code
    beside = demo.counties[1].code if len(demo.counties) > 1 else home
    bureau, hotline = demo.institutions[("justice_bureau", city)], demo.institutions[("hotline_centre", city)]
    aid, centre = demo.institutions[("legal_aid_agency", home)], demo.institutions[("public_legal_service_centre", home)]
    aid_beside = demo.institutions[("legal_aid_agency", beside)]
    aid_city = demo.institutions[("legal_aid_agency", city)]
    kinds: list[tuple[str, str, list[tuple[Role, int, str, Institution, bool]]]] = [
        ("agent", "热线座席", [(Role.HOTLINE_AGENT, city, "*", hotline, False)]),
        ("lead", "热线班长", [(Role.HOTLINE_LEAD, city, "*", hotline, False)]),
        ("clerk", "窗口人员", [(Role.WINDOW_CLERK, home, "*", centre, False)]),
        ("reviewer", "法援审查员", [(Role.AID_REVIEWER, home, "legal_aid", aid, True), (Role.DISPATCHER, home, "legal_aid", aid, True)]),
        ("approver", "法援审批人", [(Role.AID_APPROVER, home, "legal_aid", aid, True), (Role.DISPATCHER, home, "legal_aid", aid, True)]),
        ("neighbour", "邻县审查员", [(Role.AID_REVIEWER, beside, "legal_aid", aid_beside, True)]),
        ("city", "市法援中心", [(Role.AID_APPROVER, city, "legal_aid", aid_city, False), (Role.AID_REVIEWER, city, "legal_aid", aid_city, False)]),
        ("officer", "局承办人", [(Role.BUREAU_OFFICER, city, "*", bureau, False), (Role.SUPERVISOR, city, "*", bureau, False)]),
        ("leader", "局长", [(Role.BUREAU_LEADER, city, "*", bureau, False)]),
        ("admin", "系统管理员", [(Role.SYSTEM_ADMIN, city, "*", bureau, False)]),
    ]  # fmt: skip
    lines = []
    for username, title, posts in kinds:
        user, password = _user(username, f"{people.name(random)}", "12348")
        demo.users[username] = user
        Post.objects.bulk_create([
            Post(user=user, role=role, region_code=region, service=service, institution=institution, cleared=cleared,
                 valid_from=date(2020, 1, 1))
            for role, region, service, institution, cleared in posts
        ])  # fmt: skip
        lines.append(f"{username:<10} {password}   {title}")
    lawyer = demo.by_county[home][0]
    user, password = _user("lawyer", lawyer.name, lawyer.phone)
    Post.objects.create(user=user, role=Role.DUTY_LAWYER, region_code=home, institution=lawyer.institution, valid_from=date(2020, 1, 1))
    lawyer.user = user
    lawyer.save(update_fields=["user"])
    demo.users["lawyer"] = user
    lines.append(f"{'lawyer':<10} {password}   承办律师")
    lines.append("residents sign in with any mobile number; the code is in sms.log of the data directory")
    path = Path(settings.DATA_DIR) / "demo-accounts.txt"
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _colleagues(demo: Demo) -> None:
    """Whoever does the work in the other counties. Nobody signs in as them before the administrator gives them a password."""
    random, users, posts = Random(sum(county.code for county in demo.counties)), [], []
    for county in demo.counties[1:]:
        aid = demo.institutions[("legal_aid_agency", county.code)]
        centre = demo.institutions[("public_legal_service_centre", county.code)]
        for username, institution, roles in (
            ("clerk", centre, {Role.WINDOW_CLERK: "*"}),
            ("reviewer", aid, {Role.AID_REVIEWER: "legal_aid", Role.DISPATCHER: "legal_aid"}),
            ("approver", aid, {Role.AID_APPROVER: "legal_aid", Role.DISPATCHER: "legal_aid"}),
        ):
            user = User(username=f"{username}-{county.code // 10**6}", name=people.name(random), phone=landline(random), password=make_password(None))
            users.append(user)
            posts += [Post(user=user, role=role, region_code=county.code, service=service, institution=institution,
                           cleared=institution is aid, valid_from=date(2020, 1, 1)) for role, service in roles.items()]  # fmt: skip
    User.objects.bulk_create(users)
    Post.objects.bulk_create(posts)


def _user(username: str, name: str, phone: str) -> tuple[User, str]:
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    user = User(username=username, name=name, kind="staff", phone=phone, password=make_password(password))
    user.save(force_insert=True)
    return user, password


def _shifts(demo: Demo) -> None:
    """The hotline is staffed this week, so that call-backs can be promised."""
    start = clock.now().astimezone(clock.SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(7):
        for username, begin, end in (("agent", 8, 16), ("lead", 16, 24)):
            at = start + timedelta(days=day, hours=begin)
            plan_shift(SYSTEM, "hotline", demo.users[username].pk, at, at + timedelta(hours=end - begin), 4)
