"""What records behind a figure are called, and where they open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fahui.casework.activities.models import Activity
from fahui.casework.cases.models import Case
from fahui.casework.registers.definitions import current
from fahui.casework.registers.models import Entry
from fahui.foundation import clock
from fahui.foundation.models import Institution, Posting, Practitioner, Site
from fahui.foundation.regions.queries import names_of


@dataclass(frozen=True)
class Label:
    """A record's words and its page, if it has one."""

    text: str
    href: str = ""


def labels_of(fact: str, keys: Sequence[int]) -> dict[int, Label]:
    """Labels by key, for the rows of one page: one query whatever their number."""
    read = _READ.get(fact)
    return read(keys) if read and keys else {}


def _cases(keys: Sequence[int]) -> dict[int, Label]:
    rows = Case.objects.filter(pk__in=keys).values_list("pk", "tracking_number", "title", "sealed")
    return {
        pk: Label(number if sealed else f"{number} · {title}", reverse("desk-case", args=[pk]))
        for pk, number, title, sealed in rows
    }


def _entries(keys: Sequence[int]) -> dict[int, Label]:
    names = {name: register.name.text() for name, register in current().items()}
    rows = Entry.objects.filter(pk__in=keys).values_list("pk", "register", "title", "code")
    return {pk: Label(f"{names.get(register, register)} · {title}（{code}）") for pk, register, title, code in rows}


def _activities(keys: Sequence[int]) -> dict[int, Label]:
    rows = Activity.objects.filter(pk__in=keys).values_list("pk", "title", "held_on")
    return {pk: Label(f"{held_on} · {title}") for pk, title, held_on in rows}


def _postings(keys: Sequence[int]) -> dict[int, Label]:
    roles = dict(Posting.ROLES)
    rows = Posting.objects.filter(pk__in=keys).values_list("pk", "role", "practitioner__name", "target_name")
    return {
        pk: Label(" · ".join(filter(None, (roles.get(role, role), name, target)))) for pk, role, name, target in rows
    }


def _seats(keys: Sequence[int]) -> dict[int, Label]:
    """A quarter of an hour of duty by when it is; the star counts them as quarters since 1970."""
    begins = {key: datetime.fromtimestamp(key * 900, clock.SHANGHAI) for key in keys}
    return {key: Label(_("%(day)s %(time)s起的一刻钟") % {"day": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}"}) for key, at in begins.items()}


def _named(model: Any) -> Callable[[Sequence[int]], dict[int, Label]]:
    def read(keys: Sequence[int]) -> dict[int, Label]:
        return {pk: Label(name) for pk, name in model.objects.filter(pk__in=keys).values_list("pk", "name")}

    return read


_READ: dict[str, Callable[[Sequence[int]], dict[int, Label]]] = {
    "region": lambda keys: {code: Label(name) for code, name in names_of(keys).items()},
    "case": _cases, "entry": _entries, "activity": _activities, "posting": _postings, "seat": _seats,
    "institution": _named(Institution), "practitioner": _named(Practitioner), "taking": _named(Practitioner), "site": _named(Site),
}  # fmt: skip
