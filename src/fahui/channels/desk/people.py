"""Finding who is speaking: past matters in one view, and the same person used again instead of typed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fahui.casework.cases.queries import matters_of
from fahui.channels.desk import queries as desk
from fahui.channels.desk.rows import Row, rows
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.people.models import Party
from fahui.foundation.people.queries import masked_identity, masked_phone, parties_by_identity, parties_by_phone


@dataclass(frozen=True)
class Known:
    """Somebody on record, masked, as one line to choose from."""

    id: int
    name: str
    phone: str
    identity: str
    groups: list[str]


@dataclass(frozen=True)
class Found:
    """The people behind a phone, an identity number or a name, and all their matters."""

    people: list[Known]
    matters: list[Row]


def look_up(reader: Reader, text: str) -> Found:
    """Who this may be, as far as the reader may see: four queries whatever is found."""
    words = text.strip()
    if not words:
        return Found([], [])
    parties: Sequence[Party] = list(parties_by_phone(words)[:20]) or list(parties_by_identity(words)[:20])
    if not parties and len(words) >= 2 and not words.isdigit():
        parties = desk.parties_named(words)
    matters = matters_of(reader, [p.pk for p in parties], 12) if parties else []
    return Found([known(p) for p in parties], rows(matters, reader))


def known(party: Party) -> Known:
    """One person, masked; enough to ask "are you …?"."""
    return Known(party.pk, party.name, masked_phone(party), masked_identity(party), list(party.groups))
