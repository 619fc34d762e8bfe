"""Who lost a password or a second factor, and whom nobody at a desk can help."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from fahui.commands import account
from fahui.foundation.accounts.actions import forget_factors
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Forbidden
from tests.cast import Cast


def test_lost_second_factors_are_taken_away_and_it_is_on_record(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    admin, clerk = cast.users["admin"], cast.users["clerk"]
    for user in (admin, clerk):
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
        Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    assert account.run([admin.username.upper(), "--forget-factors", "--new-password"]) == 0
    said = capsys.readouterr().out.splitlines()
    admin.refresh_from_db()
    assert said[0].startswith("2 ") and admin.check_password(said[1])
    assert not Authenticator.objects.filter(user=admin).exists()
    assert Authenticator.objects.filter(user=clerk).count() == 2
    kinds = Event.objects.filter(about=f"user:{admin.pk}").values_list("kind", flat=True)
    assert {"account.factors_forgotten", "account.password_reset"} <= set(kinds)


def test_only_an_administrator_of_the_place_takes_factors_away(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        forget_factors(cast["clerk"], cast.users["reviewer"].pk)


def test_nobody_of_that_name_and_nothing_said_are_refused(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert account.run(["nobody-here", "--new-password"]) == 1
    assert "no staff account" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        account.run([cast.users["clerk"].username])
