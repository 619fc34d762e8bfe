"""Cases and the people in them, for staff: through `cases.queries` only, so that nobody finds what they may not see."""

from __future__ import annotations

from django.db.models import Q

from fahui.casework.cases.models import Case
from fahui.casework.cases.queries import search
from fahui.channels.desk.rows import row
from fahui.channels.find.hits import Filters, Hit, Page, Place, cursor, page
from fahui.channels.find.reading import Asked
from fahui.channels.templatetags.fahui import mask_name
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.identifiers import read_tracking_number
from fahui.foundation.people.models import Party
from fahui.foundation.people.queries import masked_phone, parties_by_identity, parties_by_phone
from fahui.foundation.sounds import pinyin_of
from fahui.foundation.vault import identity as numbers

_AMONG = 50  # newest cases whose people are looked at


def cases(reader: Reader, asked: Asked, filters: Filters, after: Place | None, size: int) -> Page:
    """Cases by number, phone, identity number, name or title, newest first; by what was meant or its sound if by nothing else."""
    before = int(after[1]) if after else None
    found = _search(reader, asked, size + 1, before)
    hits = []
    for case in found[:size]:
        line = row(case, reader)
        hits.append(Hit(case.pk, 0.0, line.title, line.href, f"{line.service} · {line.state}", line.person, of=case))
    return Page(hits, cursor(0.0, hits[-1].key) if len(found) > size else "")


def _search(reader: Reader, asked: Asked, limit: int, before: int | None = None) -> list[Case]:
    ways = (asked.text, asked.meant) if _names_nobody(asked) else (asked.text, asked.meant, pinyin_of(asked.text))
    for words in dict.fromkeys(ways):
        found = search(reader, words, limit, before)
        if found:
            return found
    return []


def _names_nobody(asked: Asked) -> bool:
    """Whether the words are ones this house knows: nobody is called 工钱."""
    return bool(asked.mended or asked.legal or asked.regions or asked.offices or asked.people)


def parties(reader: Reader, asked: Asked, filters: Filters, after: Place | None, size: int) -> Page:
    """People in cases the reader may see and that are not sealed, masked, each with the newest such case."""
    text = asked.text
    if _names_nobody(asked):
        return Page([])
    found = {case.pk: case for case in _search(reader, asked, _AMONG) if not case.sealed}
    if len(text) < 2 or not found:
        return Page([])
    wanted = Q(name__icontains=text) | Q(pinyin__startswith=pinyin_of(text))
    if _is_number(text):
        wanted = Q(pk__in=[*parties_by_identity(text).values_list("pk", flat=True)[:_AMONG],
                           *parties_by_phone(text).values_list("pk", flat=True)[:_AMONG]])  # fmt: skip
    rows = Party.objects.filter(wanted, parts__case__in=list(found), merged_into=None).values_list("pk", "parts__case_id")
    newest: dict[int, int] = {}
    for party_id, case_id in rows:
        newest[party_id] = max(case_id, newest.get(party_id, 0))
    if after is not None:
        newest = {key: case for key, case in newest.items() if key < int(after[1])}
    keys = sorted(newest, reverse=True)[: size + 1]
    held = Party.objects.in_bulk(keys[: size + 1])
    return page([_person(held[key], newest[key]) for key in keys if key in held], size)


def is_secret(text: str) -> bool:
    """Whether a text is a matter's number, a phone or an identity number."""
    return read_tracking_number(text) is not None or _is_number(text)


def _is_number(text: str) -> bool:
    for read in (numbers.read_phone, numbers.read_identity):
        try:
            read(text)
            return True
        except ValueError:
            continue
    return False


def _person(party: Party, case_id: int) -> Hit:
    return Hit(party.pk, 0.0, mask_name(party.name), f"/desk/cases/{case_id}", masked_phone(party))
