"""Reading accounts: who is this, and how far do they see."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from fahui.foundation import clock
from fahui.foundation.accounts.models import LocalParameter, Post, User
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import HeldPost, Reader, ranges_of
from fahui.foundation.exchange import Rows, Statement
from fahui.foundation.prelude import Plan, ask, fresh
from fahui.foundation.supposition import Supposition
from fahui.foundation.vault.crypto import sm3


def reader_of(user: User, service_numbers: Mapping[str, int], operations: frozenset[str] | None = None) -> Reader:
    """The reader behind an account, with today's posts."""
    posts = () if user.kind == "resident" else held_posts(user.pk, clock.today())
    return _reader(user, posts, service_numbers, operations)


def _reader(
    user: User, posts: tuple[HeldPost, ...], service_numbers: Mapping[str, int], operations: frozenset[str] | None
) -> Reader:
    if user.kind == "resident":
        return Reader(kind="resident", user_id=user.pk, party_id=user.party_id, name=user.name, acting_as="applicant")
    practitioner = getattr(user, "practitioner", None) if any(p.role == Role.DUTY_LAWYER for p in posts) else None
    return Reader(
        kind="staff", user_id=user.pk, name=user.name, posts=posts,
        acting_as=posts[0].role.value if posts else "staff",
        ranges=ranges_of(posts, dict(service_numbers)), operations=operations,
        practitioner_id=practitioner.pk if practitioner else None,
    )  # fmt: skip


def posts_on(day: date) -> QuerySet[Post]:
    """Everybody's posts in force on a day, also of blocked accounts."""
    return Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def staffed_institutions(day: date) -> QuerySet[Post, int | None]:
    """The keys of institutions in which somebody who can sign in has a post on a day."""
    return posts_on(day).filter(user__is_active=True, institution__isnull=False).values_list("institution_id", flat=True)


def held_posts(user_id: int, day: date) -> tuple[HeldPost, ...]:
    """The posts in force on a day."""
    return tuple(held_post(post) for post in posts_on(day).filter(user_id=user_id).order_by("id"))


def held_post(post: Post) -> HeldPost:
    """A post as a reader holds it."""
    return HeldPost(Role(post.role), post.region_code, post.service, post.institution_id, post.cleared)


_KEY = Plan("fahui_key", "timestamptz, date, date, text", """
SELECT k.digest, k.expires_at <= %s, k.name, k.operations, u.id, u.kind, u.name, u.party_id, u.is_active,
    p.role, p.region_code, p.service, p.institution_id, p.cleared
FROM foundation_apikey k JOIN foundation_user u ON u.id = k.user_id
LEFT JOIN foundation_post p ON p.user_id = u.id AND p.valid_from <= %s AND (p.valid_to IS NULL OR p.valid_to >= %s)
WHERE k.prefix = %s AND k.revoked_at IS NULL ORDER BY p.id
""")


# What was made of a key's rows: the same rows are the same reader.
_readers: dict[str, tuple[Rows, dict[str, int], Reader]] = {}


def reader_of_key(text: str, service_numbers: Mapping[str, int]) -> Reader | None:
    """The reader behind the key a machine presented, with today's posts of its account; None when it is not live.

    One statement, since every request of a machine begins with it.
    """
    prefix, secret = _parts(text)
    if not prefix:
        return None
    (rows,) = ask(_question(prefix))
    if not rows or rows[0][1] or not rows[0][8]:  # withdrawn, expired, or of an account that is closed
        _readers.pop(prefix, None)
        return None
    if not _opens(secret, rows):
        return None
    _digest, _expired, key_name, operations, user_id, kind, name, party_id, _active = rows[0][:9]
    if held := _held(prefix, service_numbers, rows):
        return held[1]
    user = fresh(User, id=user_id, kind=kind, name=name, party_id=party_id)
    posts = tuple(HeldPost(Role(row[9]), *row[10:]) for row in rows if row[9] is not None)
    reader = replace(_reader(user, posts, service_numbers, frozenset(json.loads(operations))), acting_as=f"api:{key_name}"[:40])
    if not any(post.role == Role.DUTY_LAWYER for post in posts):  # whose own record is looked up each time
        if len(_readers) > 1000:
            _readers.clear()
        _readers[prefix] = (rows, dict(service_numbers), reader)
    return reader


def supposed_reader(text: str, service_numbers: Mapping[str, int]) -> tuple[Reader, Supposition] | None:
    """The reader that was behind this key the last time, and what has to be true for it to be so now; None when there was none."""
    prefix, secret = _parts(text)
    held = _held(prefix, service_numbers)
    if held is None or not _opens(secret, held[0]):
        return None
    return held[1], Supposition(_question(prefix), held[0])


def _parts(text: str) -> tuple[str, str]:
    """A key's public part, by which it is found, and its secret; nothing of what is no key."""
    parts = text.split("_", 2)
    return ("", "") if len(parts) != 3 or parts[0] != "fh" or "\x00" in text else (parts[1], parts[2])


def _question(prefix: str) -> Statement:
    day = clock.today()
    return _KEY(clock.now(), day, day, prefix)


def _opens(secret: str, rows: Rows) -> bool:
    return hmac.compare_digest(bytes(rows[0][0]), sm3(secret.encode()))


def _held(prefix: str, service_numbers: Mapping[str, int], rows: Rows | None = None) -> tuple[Rows, Reader] | None:
    """The rows that were a key's and the reader made of them; with `rows` given, only if they are still these."""
    held = _readers.get(prefix)
    if held is None or held[1] != service_numbers or (rows is not None and held[0] != rows):
        return None
    return held[0], held[2]


def has_factor(user_id: int) -> bool:
    """Whether an account has a second factor."""
    return Authenticator.objects.filter(user_id=user_id).exists()


def has_staff() -> bool:
    """Whether the installation has any staff account yet."""
    return User.objects.filter(kind="staff").exists()


_KEEP = 10.0  # seconds a process may go on with values that another process has just changed
_kept: dict[tuple[str, date], tuple[float, dict[str, LocalParameter]]] = {}
_keep_from = 0.0


def local_parameters(service: str, day: date) -> dict[str, LocalParameter]:
    """The values the bureau set itself that are in force on a day. Kept for ten seconds: every case asks for them."""
    now = time.monotonic()
    held = _kept.get((service, day))
    if held is not None and now - held[0] < _KEEP:
        return held[1]
    found = _read_parameters(service, day)
    if now >= _keep_from:
        if len(_kept) > 100:
            _kept.clear()
        _kept[service, day] = (now, found)
    return found


def forget_parameters() -> None:
    """A value changes in this transaction: read again, and keep nothing until the change is surely settled."""
    global _keep_from
    _keep_from = time.monotonic() + _KEEP
    _kept.clear()


def _read_parameters(service: str, day: date) -> dict[str, LocalParameter]:
    rows = LocalParameter.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day), service=service, valid_from__lte=day
    ).order_by("valid_from")
    return {row.name: row for row in rows}
