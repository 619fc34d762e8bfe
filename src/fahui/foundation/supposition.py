"""What a request goes by before the database has said so. It says so in the round trip of the request's first answer, ahead of it.

A machine's key is looked up at every request, since a key that was withdrawn ends at once. Nearly always its rows are those of
the request before: so the request goes by those, and the question goes along with the first other one (`config.engine`). Nothing
that was asked after it is handed on, and nothing is committed, before its answer was found to be the expected one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.db import DatabaseError

from fahui.foundation.exchange import Rows, Statement


class Untrue(DatabaseError):
    """What was supposed is not so: all that was done by it has to go. `done` says whether what it was asked along with has been done."""

    done = False


@dataclass(eq=False)
class Supposition:
    """A question, and the rows it is supposed to return."""

    question: Statement
    expected: Rows
    # None until the database has answered.
    true: bool | None = None

    def hear(self, rows: Rows, *, along: bool = False) -> None:
        """The database's answer, which may have come along with others. Raises Untrue when it is another one."""
        self.true = rows == self.expected
        self.insist(done=along)

    def insist(self, *, done: bool = False) -> None:
        """Raises Untrue when the answer was another one."""
        if self.true is False:
            untrue = Untrue("what this request went by is no longer so")
            untrue.done = done
            raise untrue


class Connection(Protocol):
    """A connection that goes by a supposition, as `config.engine` makes them."""

    supposition: Supposition | None

    def make_sure(self) -> None:
        """Have the database answer, if it has not yet. Raises Untrue."""


@contextlib.contextmanager
def supposing(here: Connection, supposition: Supposition) -> Iterator[None]:
    """Go by a supposition in this block, on this connection. It is asked at the latest at the block's end, whatever happened in it:
    whoever opens the block looks at `supposition.true` then, and does it all anew by what is so if it was not."""
    here.supposition = supposition
    try:
        yield
    finally:
        try:
            with contextlib.suppress(Untrue):
                here.make_sure()
        finally:
            here.supposition = None
