"""How an event is turned into bytes and linked to the one before it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from fahui.foundation.vault.crypto import sm3


def link(previous: bytes, chain: int, position: int, event: dict[str, Any]) -> bytes:
    """The SM3 digest of an event and its predecessor's digest.

    `event` holds id, at, kind, actor_id, actor_role, case_id, about, data; the form is canonical (sorted keys, UTC
    with microseconds), so that what is read back from the database gives the same bytes.
    """
    at: datetime = event["at"]
    body = json.dumps(
        {**event, "at": at.astimezone(UTC).isoformat(timespec="microseconds"), "chain": chain, "position": position},
        sort_keys=True, ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip
    return sm3(previous + body.encode())
