"""`fahui account LOGIN`: help a staff account that cannot sign in any more, by whoever holds the machine."""

from __future__ import annotations

import argparse
import sys

from django.db import transaction

from fahui.foundation.accounts.actions import forget_factors, reset_password
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import SYSTEM, as_system


def run(arguments: list[str]) -> int:
    """A new password, or no second factor until the next sign-in; both stand in the audit log. 1 when there is no such account."""
    parser = argparse.ArgumentParser(prog="fahui account")
    parser.add_argument("login", help="sign-in name of the staff account")
    parser.add_argument("--new-password", action="store_true", help="make a random password and show it once")
    parser.add_argument("--forget-factors", action="store_true", help="take away lost second factors; new ones are asked for at the next sign-in")
    chosen = parser.parse_args(arguments)
    if not (chosen.new_password or chosen.forget_factors):
        parser.error("say what is lost: --new-password, --forget-factors, or both")
    with transaction.atomic(), as_system():
        user = User.objects.filter(username__iexact=chosen.login, kind="staff").first()
        if user is None:
            print(f"fahui account: there is no staff account {chosen.login!r}.", file=sys.stderr)
            return 1
        if chosen.forget_factors:
            print(f"{forget_factors(SYSTEM, user.pk)} second factors and recovery codes taken away")
        if chosen.new_password:
            print(reset_password(SYSTEM, user.pk))
    return 0
