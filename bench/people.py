"""The restricted user of the benchmarks: a window clerk and a hotline agent of one county, and a machine key for them.

A process of its own (`python -m bench.people`), since it needs Django on the installation's database.
"""

from __future__ import annotations

import sys
from datetime import date

from bench.places import COUNTY
from bench.ready import transaction
from fahui.foundation.accounts.actions import make_key, make_staff
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import SYSTEM, as_system

USERNAME = "bench-county"


def county_key() -> tuple[int, str]:
    """(user id, key) of the restricted user, made if need be; a new key each time."""
    with transaction.atomic(), as_system():
        user = User.objects.filter(username=USERNAME).first()
        if user is None:
            posts = [
                {"role": role, "region_code": COUNTY, "service": "*", "valid_from": date(2020, 1, 1)}
                for role in ("window_clerk", "hotline_agent")
            ]
            user = make_staff(SYSTEM, USERNAME, "压测窗口", None, posts)
        _key, secret = make_key(SYSTEM, "bench", user.pk, ["cases:read", "cases:write"], days=2)
    return user.pk, secret


def main() -> None:
    """Print the user's id and a new key."""
    user, secret = county_key()
    sys.stdout.write(f"{user} {secret}\n")


if __name__ == "__main__":
    main()
