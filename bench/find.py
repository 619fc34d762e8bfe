"""The one search timed: `python -m bench.find` on the installation that FAHUI_DATA_DIR names (a demo city will do).

For each query: median and p95 of the whole search as a resident and as the bureau's officer, and of a plain look-up of one
institution by its key, all in this process on one connection; the ratio tells more than milliseconds of a busy machine.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

from bench.ready import connection, transaction
from fahui.casework.definitions.loader import service_numbers
from fahui.channels.find.queries import find
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.queries import reader_of
from fahui.foundation.accounts.scope import ANONYMOUS, Reader, as_system, reading_as

ASKED = ("工钱", "仲才", "zhongcai", "犍为律师", "老板拖欠工资怎么办", "ldzc", "五通桥区法律援助", "民法典第1076条", "张伟", "讨薪")


def times(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds, after one round to warm up."""
    work()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[18]


def plain() -> None:
    """The look-up that everything is measured by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM foundation_institution WHERE id = (SELECT min(id) FROM foundation_institution)")
        cursor.fetchall()


def main() -> int:
    """Print one line for each query and reader, and one for all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--officer", default="officer", help="login name of the member of staff")
    chosen = parser.parse_args()
    with transaction.atomic(), as_system():
        officer = reader_of(User.objects.get(username=chosen.officer), service_numbers())
        base, base_95 = times(plain, 200)
    print(f"plain look-up: median {base:.2f} ms, p95 {base_95:.2f} ms")
    readers: dict[str, Reader] = {"resident": ANONYMOUS, "officer": officer}
    for name, reader in readers.items():
        every: list[float] = []
        for text in ASKED:
            with transaction.atomic(), reading_as(reader):
                median, slow = times(partial(find, reader, text), chosen.rounds)
            every.append(median)
            print(f"{name:9} median {median:6.1f} ms  p95 {slow:6.1f} ms  ×{median / base:5.0f}  {text}")
        print(f"{name:9} of all queries: median {statistics.median(every):.1f} ms, slowest {max(every):.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
