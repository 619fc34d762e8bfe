"""`fahui key NAME --user LOGIN`: make an API key for a machine; its secret is printed once."""

from __future__ import annotations

import argparse
import sys

from django.db import transaction

from fahui.foundation.accounts.actions import make_key
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import SYSTEM, as_system

OPERATIONS = ["cases:read", "cases:write", "indicators:read", "registers:read", "registers:write"]


def run(arguments: list[str]) -> int:
    """Make the key. It acts with the account's posts, narrowed to its operations."""
    parser = argparse.ArgumentParser(prog="fahui key")
    parser.add_argument("name", help="what the key is for, e.g. 12345")
    parser.add_argument("--user", required=True, help="sign-in name of the staff account it acts for")
    parser.add_argument("--operations", default="cases:read,cases:write")
    parser.add_argument("--days", type=int, default=365)
    chosen = parser.parse_args(arguments)
    operations = chosen.operations.split(",")
    unknown = set(operations) - set(OPERATIONS)
    if unknown:
        print(f"fahui key: unknown operations {', '.join(sorted(unknown))}; there are {', '.join(OPERATIONS)}.", file=sys.stderr)
        return 1
    with transaction.atomic(), as_system():
        user = User.objects.filter(username=chosen.user, kind="staff").first()
        if user is None:
            print(f"fahui key: there is no staff account {chosen.user!r}.", file=sys.stderr)
            return 1
        _key, secret = make_key(SYSTEM, chosen.name, user.pk, operations, chosen.days)
    print(secret)
    return 0
