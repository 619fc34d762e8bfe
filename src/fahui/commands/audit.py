"""`fahui audit verify`: walk the hash chains."""

from __future__ import annotations

import argparse

from django.db import connection, transaction

from fahui.foundation.accounts.scope import as_system
from fahui.foundation.audit import queries


def run(arguments: list[str]) -> int:
    """0 when every chain holds, 1 when a row was changed, removed or reordered."""
    parser = argparse.ArgumentParser(prog="fahui audit")
    parser.add_argument("what", choices=["verify"])
    parser.parse_args(arguments)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One picture of heads and rows, although others go on writing.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with as_system():
            faults = list(queries.verify())
            total = queries.count()
    for fault in faults[:50]:
        print(f"chain {fault.chain}, position {fault.position}: {fault.what}")
    print(f"{total} events, {len(faults)} faults" + ("" if faults else ": every chain holds"))
    return 1 if faults else 0
