"""`fahui demo`: synthetic operations, deterministic by seed; or new passwords for the demo accounts."""

from __future__ import annotations

import argparse
import secrets
import sys

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from fahui.demo.actions import fill
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import as_system
from fahui.standards.lake.export import default_lake, forget


def run(arguments: list[str]) -> int:
    """Fill an installation, idempotent by seed."""
    parser = argparse.ArgumentParser(prog="fahui demo")
    parser.add_argument("--city", help="must be the installation's city")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--passwords", action="store_true", help="give the demo accounts new passwords and show them")
    chosen = parser.parse_args(arguments)
    if chosen.city and chosen.city != settings.CITY:
        print(f"fahui demo: this installation is {settings.CITY}, not {chosen.city}.", file=sys.stderr)
        return 1
    if chosen.passwords and not settings.DEMO:
        print("fahui demo: this is not a demo installation; reset passwords at the desk.", file=sys.stderr)
        return 1
    if chosen.passwords:
        return _new_passwords()
    try:
        fill(chosen.cases, chosen.seed, lambda text: print(f"· {text}", flush=True))
        forget(default_lake())
    except LookupError as error:
        print(f"fahui demo: {error}", file=sys.stderr)
        return 1
    return 0


def _new_passwords() -> int:
    with transaction.atomic(), as_system():
        for user in User.objects.filter(kind="staff").order_by("username"):
            password = "-".join(secrets.token_hex(2) for _ in range(3))
            user.password = make_password(password)
            user.save(update_fields=["password"])
            print(f"{user.username:<12} {password}   {user.name}")
    return 0
