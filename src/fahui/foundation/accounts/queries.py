"""Reading accounts: who is this, and how far do they see."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from fahui.foundation import clock
from fahui.foundation.accounts.models import ApiKey, LocalParameter, Post, User
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import HeldPost, Reader, ranges_of
from fahui.foundation.vault.crypto import sm3


def reader_of(user: User, service_numbers: Mapping[str, int], operations: frozenset[str] | None = None) -> Reader:
    """The reader behind an account, with today's posts."""
    if user.kind == "resident":
        return Reader(kind="resident", user_id=user.pk, party_id=user.party_id, name=user.name, acting_as="applicant")
    posts = held_posts(user.pk, clock.today())
    practitioner = getattr(user, "practitioner", None) if any(p.role == Role.DUTY_LAWYER for p in posts) else None
    return Reader(
        kind="staff", user_id=user.pk, name=user.name, posts=posts,
        acting_as=posts[0].role.value if posts else "staff",
        ranges=ranges_of(posts, dict(service_numbers)), operations=operations,
        practitioner_id=practitioner.pk if practitioner else None,
    )  # fmt: skip


def held_posts(user_id: int, day: date) -> tuple[HeldPost, ...]:
    """The posts in force on a day."""
    rows = Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), user_id=user_id, valid_from__lte=day)
    return tuple(
        HeldPost(Role(p.role), p.region_code, p.service, p.institution_id, p.cleared) for p in rows.order_by("id")
    )


def key_of(text: str) -> ApiKey | None:
    """The live key a machine presented, or None."""
    parts = text.split("_", 2)
    if len(parts) != 3 or parts[0] != "fh":
        return None
    key = ApiKey.objects.select_related("user").filter(prefix=parts[1], revoked_at=None).first()
    if key is None or not hmac.compare_digest(bytes(key.digest), sm3(parts[2].encode())):
        return None
    if (key.expires_at and key.expires_at <= clock.now()) or not key.user.is_active:
        return None
    return key


def has_staff() -> bool:
    """Whether the installation has any staff account yet."""
    return User.objects.filter(kind="staff").exists()


def local_parameters(service: str, day: date) -> dict[str, LocalParameter]:
    """The values the bureau set itself that are in force on a day."""
    rows = LocalParameter.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day), service=service, valid_from__lte=day
    ).order_by("valid_from")
    return {row.name: row for row in rows}
