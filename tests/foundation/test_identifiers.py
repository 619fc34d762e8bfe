"""Row keys never clash within a process and grow; tracking numbers tell a slip."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from fahui.foundation.identifiers import new_id


def test_keys_made_in_bulk_grow_and_never_clash():
    made = [new_id() for _ in range(50_000)]
    assert made == sorted(set(made))


def test_a_run_of_keys_is_kept_free_and_threads_do_not_meet():
    def some(_n: int) -> list[int]:
        return [first + n for first in (new_id(5) for _ in range(2_000)) for n in range(5)]

    with ThreadPoolExecutor(8) as pool:
        made = [key for part in pool.map(some, range(8)) for key in part]
    assert len(set(made)) == len(made) == 80_000
