"""Writing notices into the outbox, and sending them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from time import monotonic

from django.db import transaction
from django.db.models import Q

from fahui.casework.cases.models import OWN_PARTS, Case
from fahui.casework.definitions.schema import Notice
from fahui.casework.notices.models import Outgoing
from fahui.casework.notices.senders import SendFailed, sender
from fahui.foundation import clock, prelude
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.queries import held_post, posts_on
from fahui.foundation.accounts.roles import POST_ROLES, Role
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.data import Words
from fahui.foundation.locks import alone
from fahui.foundation.people.models import Party
from fahui.foundation.people.queries import phone_of
from fahui.foundation.prelude import Plan, ask, columns, fresh, made
from fahui.foundation.regions.rules import ancestors, jurisdiction
from fahui.foundation.vault.crypto import VaultError

log = logging.getLogger("fahui.casework")
_WAITS = (1, 5, 15, 60, 240)  # minutes before each further try
# What leaves the house, in this order: a call rings somebody who has to act at once.
_LEAVING = ("call", "text")
# How many messages are read together, and for how many seconds what was read may be used.
_TOGETHER, _FRESH = 100, 5
# What sending a message changes of it.
_BECAME = ("status", "attempts", "next_try", "sent_at", "receipt", "error")
_NEXT = Plan(
    "fahui_next_outgoing", "text, timestamptz, int",
    f"SELECT p.id, p.phone, u.phone, {columns(Outgoing, 'o')} FROM casework_outgoing o "
    "LEFT JOIN foundation_party p ON p.id = o.party_id LEFT JOIN foundation_user u ON u.id = o.user_id AND u.is_active "
    "WHERE o.status = 'waiting' AND o.channel = %s AND o.next_try <= %s ORDER BY o.next_try LIMIT %s",
)  # fmt: skip


@dataclass(frozen=True)
class Named:
    """What a notice's placeholders stand for, in one language. Never facts of the case."""

    number: str
    state: str
    due: str
    time: str
    person: str
    phone: str
    place: str
    link: str


def write(case: Case, notice: Notice, named: Callable[[bool], Named], applicants: Sequence[Party] | None = None) -> list[Outgoing]:
    """Put a notice into the outbox for everyone it is for, in the transaction of what it tells.

    `named`: what the placeholders stand for, in English or not. `applicants`: the people asking, when they are known to be new and
    so to have no account; else they are looked up.
    """
    text, text_en = notice.text.zh.format(**named(False).__dict__)[:500], ""
    now = clock.now()
    rows: list[Outgoing] = []
    for role in notice.to:
        if role == Role.APPLICANT:
            rows += _texts(applicants) if applicants is not None else _to_applicants(case)
        elif role == Role.PROVIDER:
            rows += [Outgoing(channel="inbox", user_id=case.provider.user_id)] if case.provider else []
        elif role == Role.HANDLER:
            rows += [Outgoing(channel="inbox", user_id=case.handler_id)] if case.handler_id else []
        elif role in POST_ROLES:
            rows += [Outgoing(channel="inbox", user_id=u) for u in holders(role, case.service, case.region_code)]
    if any(row.channel == "inbox" for row in rows):
        text_en = notice.text.en.format(**named(True).__dict__)[:500]
    for row in rows:
        row.case_id, row.notice, row.text, row.made_at = case.pk, f"{case.service}.{notice.id}", text, now
        row.next_try = now if row.channel == "text" else None
        if row.channel == "inbox":
            row.status, row.sent_at, row.text_en = "sent", now, text_en
    prelude.write(*rows)
    return rows


def tell(user_ids: list[int], case: Case | None, kind: str, words: Words) -> None:
    """A line in these users' inboxes."""
    now = clock.now()
    prelude.write(*(
        Outgoing(case_id=case.pk if case else None, notice=kind, channel="inbox", user_id=user, text=words.zh[:500],
                 text_en=words.en[:500], made_at=now, status="sent", sent_at=now)
        for user in dict.fromkeys(user_ids)
    ))  # fmt: skip


def call(user_ids: Sequence[int], case: Case, kind: str, text: str) -> None:
    """Ring these users' phones and read the text out: for what must not lie unread in an inbox."""
    now = clock.now()
    prelude.write(*(
        Outgoing(case_id=case.pk, notice=kind, channel="call", user_id=user, text=text[:500], made_at=now, next_try=now)
        for user in dict.fromkeys(user_ids)
    ))  # fmt: skip


def _to_applicants(case: Case) -> list[Outgoing]:
    parties = [p.party for p in case.parts.select_related("party").filter(role__in=OWN_PARTS)]
    accounts = User.objects.filter(party__in=parties, kind="resident").values_list("pk", flat=True)
    return _texts(parties) + [Outgoing(channel="inbox", user_id=pk) for pk in accounts]


def _texts(parties: Sequence[Party]) -> list[Outgoing]:
    """A text is not sent to someone who said a text is not safe."""
    return [
        fresh(Outgoing, channel="text", party_id=party.pk)
        for party in parties
        if party.phone and party.contact.get("may_text", True)
    ]


def holders(role: str, service: str, region_code: int) -> list[int]:
    """Users who hold this role for this service here. Nearest jurisdiction only: a county's own before the city's."""
    posts = posts_on(clock.today()).filter(
        Q(service="*") | Q(service=service), role=role,
        region_code__in=[*ancestors(region_code), region_code], user__is_active=True,
    ).values_list("region_code", "user_id")  # fmt: skip
    found = list(posts)
    nearest = max((code for code, _user in found), default=None)
    return sorted({user for code, user in found if code == nearest})


def holders_within(role: str, service: str, region_code: int) -> list[int]:
    """Users who hold this role for this service somewhere inside a region."""
    low, high = jurisdiction(region_code)
    posts = posts_on(clock.today()).filter(
        Q(service="*") | Q(service=service), role=role, region_code__gte=low, region_code__lt=high, user__is_active=True,
    )  # fmt: skip
    return sorted(set(posts.values_list("user_id", flat=True)))


def members(institution_id: int, roles: Collection[str], service: str, region_code: int) -> list[int]:
    """Users who hold one of these roles in an institution, for this service here."""
    posts = posts_on(clock.today()).filter(institution_id=institution_id, role__in=roles, user__is_active=True)
    return sorted({post.user_id for post in posts if held_post(post).reaches(service, region_code)})


def send_waiting(limit: int = 100) -> int:
    """Send what waits in the outbox; called by the worker. Returns how many were tried.

    One sender at a time, so that none is sent twice. What became of each message is kept before the next one leaves, so that whoever
    is killed repeats one at most. A message whose number cannot be decrypted is tried again like one that the gateway refused, and
    fails at last.
    """
    tried = 0
    while tried < limit:
        with alone("outbox") as free:
            some = _send_some(min(_TOGETHER, limit - tried)) if free else 0
        if not some:
            break
        tried += some
    return tried


def _send_some(limit: int) -> int:
    """Send the next messages, as many as are read together or leave while what was read is fresh. Returns how many were tried."""
    until = monotonic() + _FRESH
    with transaction.atomic(), as_system():
        read = ask(*(_NEXT(channel, clock.now(), limit) for channel in _LEAVING))
    found = list(chain(*read))[:limit]
    for tried, (party_id, phone, office, *row) in enumerate(found, start=1):
        message = made(Outgoing, row)
        message.attempts += 1
        try:
            # A call rings a colleague's office line; a text goes to the party's phone.
            _send(message, (office or "") if message.channel == "call" else phone_of(Party(id=party_id, phone=phone)))
        except (SendFailed, VaultError) as error:
            _try_later(message, error)
        with transaction.atomic(), as_system(), prelude.until_commit(), prelude.gathering():
            prelude.write(prelude.updating(message, _BECAME))
        if monotonic() > until:
            return tried
    return len(found)


def _send(row: Outgoing, phone: str) -> None:
    if not phone:
        row.status, row.error = "dropped", "没有电话号码"
        return
    send, reference = sender(), str(row.pk)
    calls = row.channel == "call"
    row.receipt = (send(phone, row.text, reference, "call") if calls else send(phone, row.text, reference))[:120]
    row.status, row.sent_at, row.next_try = "sent", clock.now(), None


def _try_later(row: Outgoing, error: SendFailed | VaultError) -> None:
    row.error = str(error)[:200]
    if isinstance(error, VaultError):
        log.error("a message's number cannot be decrypted", extra={"fields": {"outgoing": row.pk}})
    if row.attempts > len(_WAITS):
        row.status, row.next_try = "failed", None
    else:
        row.next_try = clock.now() + timedelta(minutes=_WAITS[row.attempts - 1])


def mark_read(user_id: int, ids: list[int]) -> None:
    """Someone read these lines of their inbox."""
    Outgoing.objects.filter(user_id=user_id, pk__in=ids, read_at=None).update(read_at=clock.now())


def mark_kind_read(user_id: int, kind: str) -> None:
    """Someone saw what all lines of this kind speak of."""
    Outgoing.objects.filter(user_id=user_id, channel="inbox", notice=kind, read_at=None).update(read_at=clock.now())
