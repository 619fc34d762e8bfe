"""Reading the audit log: verification, and who looked at what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from fahui.foundation.audit.chain import link
from fahui.foundation.audit.models import CHAINS, ChainHead, Event

GENESIS = b"\0" * 32
_BATCH = 5000


@dataclass(frozen=True)
class Fault:
    """A place where a chain does not hold."""

    chain: int
    position: int
    what: str


def verify() -> Iterator[Fault]:
    """Walk every chain from its beginning and yield what was changed, removed, added or reordered.

    Whole chains count too: each has a head from the first day, and no event stands outside them.
    """
    heads = {head.chain: head for head in ChainHead.objects.order_by("chain")}
    for chain in range(CHAINS):
        if chain not in heads:
            yield Fault(chain, 0, "the head of the chain is gone: how far it went cannot be known")
    for event in Event.objects.filter(~Q(chain__in=heads) | Q(position__lt=1)).order_by("chain", "position").iterator():
        yield Fault(event.chain, event.position, "added outside every chain, or its chain's head was removed")
    for head in heads.values():
        expected, previous = 1, GENESIS
        after = 0
        while True:
            batch = list(Event.objects.filter(chain=head.chain, position__gt=after).order_by("position")[:_BATCH])
            if not batch:
                break
            for event in batch:
                if event.position != expected:
                    yield Fault(head.chain, expected, f"missing: the next row is {event.position}")
                    expected = event.position
                digest = link(previous, event.chain, event.position, _content(event))
                if digest != bytes(event.digest):
                    yield Fault(head.chain, event.position, "changed, reordered, or a row before it was removed")
                previous, after = bytes(event.digest), event.position
                expected += 1
        if head.position != expected - 1 or bytes(head.digest) != previous:
            yield Fault(head.chain, head.position, "the end of the chain is not where its head says: rows were removed")


def count() -> int:
    """How many events there are."""
    return Event.objects.count()


def _content(event: Event) -> dict[str, object]:
    return {"id": event.id, "at": event.at, "kind": event.kind, "actor_id": event.actor_id,
            "actor_role": event.actor_role, "case_id": event.case_id, "about": event.about,
            "data": event.data}  # fmt: skip
