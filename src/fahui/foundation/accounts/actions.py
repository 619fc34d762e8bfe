"""Changing accounts, posts, phone codes, keys, consent and local parameters."""

from __future__ import annotations

import hmac
import secrets
from datetime import date, timedelta
from typing import Any, Literal, get_args

from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.utils.translation import gettext as _

from fahui.foundation import cities, clock
from fahui.foundation.accounts.models import ApiKey, HelperConsent, LocalParameter, PhoneCode, Post, User
from fahui.foundation.accounts.queries import forget_parameters
from fahui.foundation.accounts.roles import INTAKE, Role
from fahui.foundation.accounts.scope import SYSTEM, Reader, as_system
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing, Refusal
from fahui.foundation.locks import hold
from fahui.foundation.people.actions import Person, make_party
from fahui.foundation.people.models import Party, Practitioner
from fahui.foundation.people.queries import parties_by_phone
from fahui.foundation.regions.rules import contains
from fahui.foundation.vault.crypto import blind_index, sm3
from fahui.foundation.vault.identity import read_phone

# What a one-time code is for; the domain of its blind index, so that one is never taken for the other.
CodePurpose = Literal["phone.code", "phone.consent"]
CODE_MINUTES = 5
CODE_TRIES = 5
CODES_PER_HOUR = 5
CONSENT_DAYS = 30


class TooMany(Refusal):
    """Too many tries; wait."""

    status = 429
    code = "too_many"


@transaction.atomic
def make_staff(
    reader: Reader, username: str, name: str, password: str | None, posts: list[dict[str, Any]], **more: Any
) -> User:
    """A staff account with its posts. Raises Forbidden (not an administrator of the posts' regions), Conflict or Invalid (as `give_post`)."""
    _may_administer(reader, [p["region_code"] for p in posts])
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict(_("登录名 %(username)s 已有人使用，请换一个。") % {"username": username})
    user = User(username=username, name=name, kind="staff", **more)
    user.set_password(password)
    user.save(force_insert=True)
    for post in posts:
        _new_post(user, post)
    append(reader, Entry("account.made", about=f"user:{user.pk}", data={"roles": [p["role"] for p in posts]}))
    return user


@transaction.atomic
def give_post(reader: Reader, user_id: int, **post: Any) -> Post:
    """Give a post, from `valid_from` (today unless said) to `valid_to` (open unless said), both included. Raises Forbidden, Missing or
    Invalid (days in the wrong order)."""
    _may_administer(reader, [post["region_code"]])
    user = User.objects.filter(pk=user_id, kind="staff").first()
    if user is None:
        raise Missing(_("没有这个工作人员账号。"))
    made = _new_post(user, post)
    append(reader, Entry("post.given", about=f"user:{user_id}", data={"role": made.role, "region": made.region_code, **_term(made)}))
    return made


def _new_post(user: User, post: dict[str, Any]) -> Post:
    first, last = post.get("valid_from") or clock.today(), post.get("valid_to")
    if last is not None and last < first:
        raise Invalid(_("最后一天早于第一天。"), fields={"valid_to": _("请选择第一天或者以后的一天")})
    return Post.objects.create(user=user, **{**post, "valid_from": first, "valid_to": last})


def _term(post: Post) -> dict[str, str]:
    return {name: day.isoformat() for name, day in (("from", post.valid_from), ("to", post.valid_to)) if day}


@transaction.atomic
def end_post(reader: Reader, post_id: int, last: date | None = None) -> Post:
    """End a post with its last day; without one yesterday, so that it no longer counts.

    Raises Missing, Forbidden, Conflict (it has ended) or Invalid (a last day in the past, or the post by which the reader ends it:
    nobody may be left who can).
    """
    post = Post.objects.select_for_update().filter(pk=post_id).first()
    if post is None:
        raise Missing(_("没有这个岗位。"))
    _may_administer(reader, [post.region_code])
    yesterday = clock.today() - timedelta(days=1)
    if post.valid_to is not None and post.valid_to <= yesterday:
        raise Conflict(_("这个岗位已经结束了。"))
    if post.user_id == reader.user_id and post.role == Role.SYSTEM_ADMIN:
        raise Invalid(_("不能结束自己的系统管理员岗位，请另一位管理员来办。"))
    if last is not None and last < max(clock.today(), post.valid_from):
        raise Invalid(_("最后一天不能在过去，也不能早于第一天。"), fields={"last": _("请选择今天或者以后的一天；马上结束的，空着")})
    post.valid_to, post.ending_told_at = last or yesterday, None
    post.save(update_fields=["valid_to", "ending_told_at"])
    append(reader, Entry("post.ended", about=f"user:{post.user_id}", data={"role": post.role, **_term(post)}))
    return post


@transaction.atomic
def set_active(reader: Reader, user_id: int, active: bool) -> None:
    """Block or unblock an account. Raises Missing, Forbidden, or Invalid (one's own)."""
    user = User.objects.select_for_update().filter(pk=user_id, kind="staff").first()
    if user is None:
        raise Missing(_("没有这个工作人员账号。"))
    if user.pk == reader.user_id:
        raise Invalid(_("不能停用自己的账号。"))
    _may_administer(reader, _places_of(user))
    user.is_active = active
    user.save(update_fields=["is_active"])
    append(reader, Entry("account.enabled" if active else "account.blocked", about=f"user:{user_id}"))


@transaction.atomic
def reset_password(reader: Reader, user_id: int) -> str:
    """Give a staff account a new random password, shown once. Raises Missing or Forbidden."""
    user = User.objects.select_for_update().filter(pk=user_id, kind="staff").first()
    if user is None:
        raise Missing(_("没有这个工作人员账号。"))
    _may_administer(reader, _places_of(user))
    password = secrets.token_urlsafe(9)
    user.set_password(password)
    user.save(update_fields=["password"])
    append(reader, Entry("account.password_reset", about=f"user:{user_id}"))
    return password


@transaction.atomic
def forget_factors(reader: Reader, user_id: int) -> int:
    """Take away every second factor and recovery code of an account, whose owner then sets up new ones at the next sign-in.

    Returns how many there were. Raises Missing or Forbidden.
    """
    user = User.objects.select_for_update().filter(pk=user_id, kind="staff").first()
    if user is None:
        raise Missing(_("没有这个工作人员账号。"))
    _may_administer(reader, _places_of(user))
    gone, _kinds = Authenticator.objects.filter(user=user).delete()
    append(reader, Entry("account.factors_forgotten", about=f"user:{user_id}", data={"count": gone}))
    return gone


def _may_administer(reader: Reader, regions: list[int]) -> None:
    if reader.kind == "system":
        return
    own = [post.region_code for post in reader.posts if post.role == Role.SYSTEM_ADMIN]
    if not own or not all(any(contains(mine, region) for mine in own) for region in regions):
        raise Forbidden(_("只有该地区的系统管理员可以管理账号和岗位。"))


def _places_of(user: User) -> list[int]:
    """Where an account's posts are, those that have ended aside if there are others; the whole city for one without any post."""
    held = list(user.posts.values_list("region_code", "valid_to"))
    lasting = [region for region, last in held if last is None or last >= clock.today()]
    return lasting or [region for region, _last in held] or [cities.current().region]


@transaction.atomic
def first_administrator(username: str, name: str, password: str, region_code: int) -> User:
    """The first account of a new installation. Raises Conflict when there is already a staff account."""
    with as_system():
        hold("fahui.first_administrator")  # two first visitors take turns; there is no row yet that could be locked
        if User.objects.filter(kind="staff").exists():
            raise Conflict(_("管理员已经建立，请直接登录。"))
        posts = [{"role": Role.SYSTEM_ADMIN, "region_code": region_code},
                 {"role": Role.BUREAU_LEADER, "region_code": region_code}]  # fmt: skip
        return make_staff(SYSTEM, username, name, password, posts)


@transaction.atomic
def send_code(phone: str, purpose: CodePurpose = "phone.code") -> str:
    """Make a one-time code for a phone and return it (the caller sends it). Raises Invalid or TooMany.

    A code opens what it was made for and nothing else: one that is told to a helper signs nobody in.
    """
    try:
        plain = read_phone(phone)
    except ValueError as error:
        raise Invalid(str(error), fields={"phone": str(error)}) from error
    index, now = blind_index(plain, purpose), clock.now()
    any_code = [blind_index(plain, each) for each in get_args(CodePurpose)]
    recent = PhoneCode.objects.filter(phone_index__in=any_code, made_at__gt=now - timedelta(hours=1)).count()
    if recent >= CODES_PER_HOUR:
        raise TooMany(_("验证码发送太频繁，请一小时后再试，或拨打12348。"))
    # Only the newest code counts.
    PhoneCode.objects.filter(phone_index=index, used_at=None, expires_at__gt=now).update(expires_at=now)
    code = f"{secrets.randbelow(1_000_000):06d}"
    row = PhoneCode(phone_index=index, made_at=now, expires_at=now + timedelta(minutes=CODE_MINUTES))
    row.digest = _code_digest(row.pk, code)
    row.save(force_insert=True)
    return code


def check_code(phone: str, code: str, purpose: CodePurpose = "phone.code") -> None:
    """Use up a code. Raises Invalid (wrong, old, used) or TooMany. A wrong try counts even though it is refused."""
    try:
        plain = read_phone(phone)
    except ValueError as error:
        raise Invalid(str(error), fields={"phone": str(error)}) from error
    now = clock.now()
    rows = PhoneCode.objects.select_for_update().filter(
        phone_index=blind_index(plain, purpose), used_at=None, expires_at__gt=now
    )
    row = rows.order_by("-made_at").first()
    if row is None:
        raise Invalid(_("验证码已过期，请重新获取。"), fields={"code": _("请重新获取验证码")})
    if row.attempts >= CODE_TRIES:
        raise TooMany(_("错误次数太多，请重新获取验证码。"))
    if not hmac.compare_digest(bytes(row.digest), _code_digest(row.pk, code.strip())):
        row.attempts += 1
        row.save(update_fields=["attempts"])
        raise WrongCode(_("验证码不对，请核对短信。"), fields={"code": _("请核对短信里的6位数字")})
    row.used_at = now
    row.save(update_fields=["used_at"])


def forget_old_limits() -> int:
    """Remove counts behind limits that have run out, and codes older than a day. Returns how many went."""
    gone, _by_table = PhoneCode.objects.filter(made_at__lt=clock.now() - timedelta(days=1)).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM foundation_sharedcount WHERE expires < %s", [clock.now()])
        return gone + cursor.rowcount


class WrongCode(Invalid):
    """The code is wrong; the count of tries was raised and must be kept (the caller commits)."""


def _code_digest(row_id: int, code: str) -> bytes:
    return sm3(f"{row_id}:{code}".encode())


def resident_of(phone: str, name: str = "") -> User:
    """The resident account of a proven phone, made at the first sign-in. Call after `check_code`."""
    plain = read_phone(phone)
    index = blind_index(plain, "party.phone")
    username = f"r-{index.hex()[:24]}"
    with as_system():
        user = User.objects.filter(username=username).first()
        if user is not None:
            return user
        party = parties_by_phone(plain).filter(kind="person").first()
        if party is None:
            party = make_party(Person(name=name or "未填姓名", phone=plain))
            party.save(force_insert=True)
        user = User(username=username, kind="resident", name=party.name, party=party)
        user.set_unusable_password()
        user.save(force_insert=True)
    return user


@transaction.atomic
def tie_practitioner(reader: Reader, practitioner_id: int, username: str) -> tuple[Practitioner, User]:
    """Say which staff account is this practitioner's own. Raises Missing, Forbidden, Invalid or Conflict (one is tied)."""
    practitioner = Practitioner.objects.select_for_update().filter(pk=practitioner_id).first()
    if practitioner is None:
        raise Missing(_("没有这个人员。"))
    user = User.objects.select_for_update().filter(username__iexact=username.strip(), kind="staff").first()
    if user is None:
        raise Invalid(_("没有这个登录名的工作人员账号，请先建账号。"), fields={"username": _("没有这个账号")})
    _may_administer(reader, [practitioner.region_code, *_places_of(user)])
    if practitioner.user_id:
        raise Conflict(_("已经关联了账号，请先解除。"))
    if Practitioner.objects.filter(user=user).exists():
        raise Conflict(_("这个账号已经是另一位人员的，请换一个。"))
    practitioner.user = user
    practitioner.save(update_fields=["user"])
    append(reader, Entry("practitioner.tied", about=f"user:{user.pk}", data={"practitioner": practitioner.pk}))
    return practitioner, user


@transaction.atomic
def untie_practitioner(reader: Reader, practitioner_id: int) -> tuple[Practitioner, User]:
    """Part a practitioner and their account. Raises Missing (no such, or nothing tied) or Forbidden."""
    practitioner = Practitioner.objects.select_for_update().filter(pk=practitioner_id).exclude(user=None).first()
    if practitioner is None or practitioner.user is None:
        raise Missing(_("没有可以解除的关联。"))
    user = practitioner.user
    _may_administer(reader, [practitioner.region_code, *_places_of(user)])
    practitioner.user = None
    practitioner.save(update_fields=["user"])
    append(reader, Entry("practitioner.untied", about=f"user:{user.pk}", data={"practitioner": practitioner.pk}))
    return practitioner, user


@transaction.atomic
def give_consent(reader: Reader, party: Party, relation: str, given_by: str) -> HelperConsent:
    """Record that `party` lets the reader act for them for 30 days. Raises Forbidden or Invalid."""
    if reader.user_id is None or not (reader.kind == "resident" or INTAKE & reader.roles):
        raise Forbidden(_("请先登录再替别人办理。"))
    if given_by not in {"spoken", "code", "signed"} or not relation.strip():
        raise Invalid(_("请写明您与当事人的关系，以及对方怎样表示同意。"), fields={"relation": _("例如：女儿、村干部")})
    now = clock.now()
    consent = HelperConsent.objects.create(
        helper_id=reader.user_id, party=party, relation=relation.strip()[:40], given_by=given_by, given_at=now,
        expires_at=now + timedelta(days=CONSENT_DAYS),
    )  # fmt: skip
    append(reader, Entry("consent.given", about=f"party:{party.pk}", data={"by": given_by}))
    return consent


@transaction.atomic
def make_key(reader: Reader, name: str, user_id: int, operations: list[str], days: int = 365) -> tuple[ApiKey, str]:
    """A machine key of a staff account with its secret, which is shown once. Raises Missing or Forbidden."""
    user = User.objects.filter(pk=user_id, kind="staff").first()
    if user is None:
        raise Missing(_("没有这个工作人员账号。"))
    _may_administer(reader, _places_of(user))
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(24)
    key = ApiKey.objects.create(
        name=name, prefix=prefix, digest=sm3(secret.encode()), user=user, operations=operations,
        expires_at=clock.now() + timedelta(days=days),
    )  # fmt: skip
    append(reader, Entry("key.made", about=f"key:{key.pk}", data={"operations": operations}))
    return key, f"fh_{prefix}_{secret}"


@transaction.atomic
def revoke_key(reader: Reader, key_id: int) -> ApiKey:
    """End a machine key; its next request is refused. Raises Missing, Forbidden or Conflict (ended already)."""
    key = ApiKey.objects.select_for_update(of=["self"]).select_related("user").filter(pk=key_id).first()
    if key is None:
        raise Missing(_("没有这个密钥。"))
    _may_administer(reader, _places_of(key.user))
    if key.revoked_at:
        raise Conflict(_("这个密钥已经停用了。"))
    key.revoked_at = clock.now()
    key.save(update_fields=["revoked_at"])
    append(reader, Entry("key.revoked", about=f"key:{key_id}"))
    return key


@transaction.atomic
def set_parameter(
    reader: Reader, service: str, name: str, value: Any, unit: str, source: str, valid_from: date
) -> LocalParameter:
    """Set a local value with its source. The earlier value ends the day before. Raises Forbidden or Invalid."""
    if not {Role.BUREAU_LEADER, Role.SYSTEM_ADMIN} & reader.roles and reader.kind != "system":
        raise Forbidden(_("只有局领导或系统管理员可以设定本地标准。"))
    if not source.strip():
        raise Invalid(_("请写明依据的文件。"), fields={"source": _("例如：某省人民政府令第12号第三条")})
    earlier = LocalParameter.objects.select_for_update().filter(service=service, name=name, valid_to=None)
    if earlier.filter(valid_from__gte=valid_from).exists():
        raise Invalid(_("已有更晚生效的数值，请改生效日期。"), fields={"valid_from": _("应晚于现有数值的生效日期")})
    earlier.update(valid_to=valid_from - timedelta(days=1))
    made = LocalParameter.objects.create(
        service=service, name=name, value=value, unit=unit, source=source, valid_from=valid_from,
        set_by=reader.user_id or 0,
    )  # fmt: skip
    forget_parameters()
    append(reader, Entry("parameter.set", about=f"parameter:{service}.{name}", data={"from": str(valid_from)}))
    return made
