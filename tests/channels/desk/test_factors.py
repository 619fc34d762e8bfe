"""Second factors at rest: the database alone holds nothing from which a code can be made."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import connection

from fahui.foundation.vault.crypto import VaultError
from tests.cast import Cast


def stored() -> str:
    """What the table holds, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, '') FROM mfa_authenticator")
        return str(cursor.fetchone()[0])


def test_a_totp_secret_is_sealed_and_still_makes_codes(cast: Cast):
    secret = generate_totp_secret()
    TOTP.activate(cast.users["clerk"], secret)
    assert secret not in stored()
    held = Authenticator.objects.get(user=cast.users["clerk"]).wrap()
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert held.validate_code(code)


def test_recovery_codes_are_sealed_and_each_works_once(cast: Cast):
    RecoveryCodes.activate(cast.users["clerk"])
    row = Authenticator.objects.get(user=cast.users["clerk"])
    codes = row.wrap()
    first = codes.get_unused_codes()[0]
    assert first not in stored()
    # The seed would give every code: it must not stand there either.
    assert len(row.data["seed"]) > 64
    assert codes.validate_code(first) and not codes.validate_code(first)


def test_a_secret_that_was_tampered_with_is_refused(cast: Cast):
    TOTP.activate(cast.users["clerk"], generate_totp_secret())
    row = Authenticator.objects.get(user=cast.users["clerk"])
    sealed = row.data["secret"]
    row.data["secret"] = ("B" if sealed[20] == "A" else "A").join([sealed[:20], sealed[21:]])
    with pytest.raises(VaultError):
        row.wrap().validate_code("000000")
