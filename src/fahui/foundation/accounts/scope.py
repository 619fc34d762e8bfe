"""Who is reading or acting, and how far they see. Decided here once; enforced in the queries and by row security.

A row's *scope key* is `service number × 10¹² + region code`, so one set of number ranges says exactly which
services a reader sees in which jurisdictions. PostgreSQL compares the same ranges (migrations `row_security`).
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import connection

from fahui.foundation.accounts.roles import CASE_READERS, Role
from fahui.foundation.prelude import Plan, at_work
from fahui.foundation.regions.rules import contains, jurisdiction

SERVICE_STEP = 10**12


@dataclass(frozen=True)
class HeldPost:
    """A post as the scope needs it."""

    role: Role
    region_code: int
    service: str
    institution_id: int | None
    cleared: bool

    def serves(self, service: str) -> bool:
        """Whether it is for this service, by itself or among all."""
        return self.service in {"*", service}

    def reaches(self, service: str, region_code: int) -> bool:
        """Whether it is for this service and this region lies in its own."""
        return self.serves(service) and contains(self.region_code, region_code)

    def lies_in(self, service: str, region_code: int) -> bool:
        """Whether it is a duty lawyer's for this service inside this region: a city's detention centre is wider than any such post."""
        return self.role == Role.DUTY_LAWYER and self.serves(service) and contains(region_code, self.region_code)


@dataclass(frozen=True)
class Reader:
    """A person, machine or the system itself at work.

    kind: `staff`, `resident`, `anonymous` or `system` (which sees everything; only jobs and look-ups by secret use it).
    """

    kind: str
    user_id: int | None = None
    party_id: int | None = None
    name: str = ""
    posts: tuple[HeldPost, ...] = ()
    acting_as: str = ""
    # Ranges of scope keys, half open, sorted.
    ranges: tuple[tuple[int, int], ...] = ()
    # What a key is narrowed to; None for people.
    operations: frozenset[str] | None = None
    # The practitioner this account belongs to, if any.
    practitioner_id: int | None = None
    language: str = field(default="zh-hans", compare=False)

    @property
    def roles(self) -> frozenset[Role]:
        """All roles held by posts."""
        return frozenset(post.role for post in self.posts)

    @property
    def cleared_institutions(self) -> tuple[int, ...]:
        """Institutions whose sealed cases this reader may see."""
        return tuple(sorted({p.institution_id for p in self.posts if p.cleared and p.institution_id}))

    @property
    def circle_of(self) -> int:
        """The account whose circles let this reader in: of staff without a post none, before these are cleared up (casework.handback)."""
        return 0 if self.kind == "staff" and not self.posts else self.user_id or 0

    @property
    def regions(self) -> tuple[tuple[int, int], ...]:
        """Numeric ranges of the regions of all posts."""
        return tuple(sorted({jurisdiction(post.region_code) for post in self.posts}))

    def holds(self, roles: Iterable[str], service: str, region_code: int) -> bool:
        """Whether a post with one of these roles covers this service in this region."""
        wanted = set(roles)
        return any(post.role in wanted and post.reaches(service, region_code) for post in self.posts)

    @property
    def multirange(self) -> str:
        """The ranges as PostgreSQL's int8multirange reads them."""
        return "{" + ",".join(f"[{low},{high})" for low, high in self.ranges) + "}"

    def sees(self, scope_key: int) -> bool:
        """Whether a row of this scope key lies in the reader's ranges."""
        return any(low <= scope_key < high for low, high in self.ranges)


SYSTEM = Reader(kind="system", acting_as="system", name="系统")
ANONYMOUS = Reader(kind="anonymous", acting_as="anonymous")


def scope_key(service_number: int, region_code: int) -> int:
    """The scope key of a row."""
    return service_number * SERVICE_STEP + region_code


def ranges_of(posts: Iterable[HeldPost], service_numbers: dict[str, int]) -> tuple[tuple[int, int], ...]:
    """The scope-key ranges of the posts that read cases. Unknown services give nothing."""
    found: set[tuple[int, int]] = set()
    for post in posts:
        if post.role not in CASE_READERS:
            continue
        low, high = jurisdiction(post.region_code)
        numbers = service_numbers.values() if post.service == "*" else [service_numbers.get(post.service, 0)]
        found |= {(scope_key(number, low), scope_key(number, high)) for number in numbers if number}
    merged: list[tuple[int, int]] = []
    for low, high in sorted(found):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


# Posts that put nobody in charge of a case.
_BESIDE = frozenset({Role.EVALUATOR, Role.SYSTEM_ADMIN})


def covers(posts: Iterable[HeldPost], service: str, region_code: int, institution_id: int | None) -> bool:
    """Whether one of these posts lets somebody be in charge of a case: one for its service where it is, or one in the institution
    that has it."""
    return any(
        post.role not in _BESIDE
        and (post.institution_id is not None and post.institution_id == institution_id
             or post.reaches(service, region_code) or post.lies_in(service, region_code))
        for post in posts
    )  # fmt: skip


_current: ContextVar[Reader | None] = ContextVar("fahui_reader", default=None)


def current() -> Reader:
    """The reader of this request or job. ANONYMOUS when none was set."""
    return _current.get() or ANONYMOUS


_ANNOUNCE = Plan(
    "fahui_reader", "text, text, text, text, text",
    "SELECT set_config('fahui.kind', %s, true), set_config('fahui.user', %s, true), "
    "set_config('fahui.party', %s, true), set_config('fahui.ranges', %s, true), "
    "set_config('fahui.cleared', %s, true)",
)  # fmt: skip


@functools.lru_cache(maxsize=512)
def _announcement(reader: Reader) -> tuple[str, ...]:
    """What the database is told of this reader."""
    cleared = "{" + ",".join(map(str, reader.cleared_institutions)) + "}"
    return reader.kind, str(reader.user_id or 0), str(reader.party_id or 0), reader.multirange, cleared


@contextlib.contextmanager
def reading_as(reader: Reader) -> Iterator[Reader]:
    """Tell the database who reads, for the rest of this block. Must be inside a transaction.

    The telling goes along with the block's first statement; a block without one tells nothing. Nested blocks restore
    the outer reader. After the outermost block the last reader told stays until the transaction ends.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("reading_as needs a transaction: its settings end with it")
    with at_work() as prelude:
        before, prelude.wanted = prelude.wanted, _ANNOUNCE(*_announcement(reader))
        token = _current.set(reader)
        try:
            yield reader
        finally:
            _current.reset(token)
            prelude.wanted = before


def as_system() -> contextlib.AbstractContextManager[Reader]:
    """See everything for a moment: look-ups by an unguessable number, duplicate detection, load counts, jobs."""
    return reading_as(SYSTEM)
