"""The reader behind a machine's key is the one its rows give at this moment, however often it was asked for before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fahui.casework.definitions.loader import service_numbers
from fahui.foundation import clock
from fahui.foundation.accounts.actions import make_key
from fahui.foundation.accounts.models import ApiKey, Post, User
from fahui.foundation.accounts.queries import reader_of_key
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import Reader
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def _key(cast: Cast, who: str) -> tuple[ApiKey, str]:
    return make_key(cast["admin"], "registry", cast.users[who].pk, ["cases:read"])


def _read(secret: str) -> Reader | None:
    return reader_of_key(secret, service_numbers())


def test_whatever_changes_behind_a_key_changes_its_reader_at_once(cast: Cast):
    key, secret = _key(cast, "reviewer")
    user, posts = cast.users["reviewer"], Post.objects.filter(user=cast.users["reviewer"])
    first = _read(secret)
    assert first is not None and first.operations == {"cases:read"} and first.posts and _read(secret) == first
    ApiKey.objects.filter(pk=key.pk).update(operations=["cases:write"], name="other")
    changed = _read(secret)
    assert changed is not None and changed.operations == {"cases:write"} and changed.acting_as == "api:other"
    User.objects.filter(pk=user.pk).update(name="改名")
    assert (renamed := _read(secret)) is not None and renamed.name == "改名"
    posts.update(region_code=posts.first().region_code // 10**8 * 10**8)
    assert (moved := _read(secret)) is not None and moved.ranges != first.ranges
    posts.update(valid_to=clock.today() - timedelta(days=1))
    assert (without := _read(secret)) is not None and without.posts == () and without.ranges == ()
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert _read(secret) is None
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert _read(secret) == without
    ApiKey.objects.filter(pk=key.pk).update(expires_at=clock.now())
    assert _read(secret) is None
    ApiKey.objects.filter(pk=key.pk).update(expires_at=None, revoked_at=clock.now())
    assert _read(secret) is None


def test_a_wrong_secret_is_no_reader_even_of_a_key_read_before(cast: Cast):
    _made, secret = _key(cast, "reviewer")
    assert _read(secret) is not None
    assert _read(f"{secret[:-1]}{'a' if secret[-1] != 'a' else 'b'}") is None


def test_a_duty_lawyer_is_looked_up_each_time(cast: Cast):
    _made, secret = _key(cast, "lawyer")
    Post.objects.filter(user=cast.users["lawyer"]).update(role=Role.DUTY_LAWYER)
    first = _read(secret)
    assert first is not None and first.practitioner_id == cast.users["lawyer"].practitioner.pk
    type(cast.users["lawyer"].practitioner).objects.filter(user=cast.users["lawyer"]).update(user=None)
    assert (after := _read(secret)) is not None and after.practitioner_id is None
