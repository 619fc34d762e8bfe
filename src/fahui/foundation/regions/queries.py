"""Reading regions."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from fahui.foundation.regions.models import Region
from fahui.foundation.regions.rules import ONLY_NUMBERS, ancestors, jurisdiction


def within(code: int, level: int | None = None) -> QuerySet[Region]:
    """The regions inside a jurisdiction (itself included), optionally of one level, in the order of their codes."""
    low, high = jurisdiction(code)
    found = Region.objects.filter(code__gte=low, code__lt=high).order_by("code")
    return found.filter(level=level) if level else found


def children(code: int) -> QuerySet[Region]:
    """The regions right below one, whatever level that is (a prefecture may have townships and no counties). What is only a number
    before others (市辖区) is passed over, and what is under it stands with the others."""
    below = within(code).exclude(pk=code)
    real = below.exclude(name__in=ONLY_NUMBERS)
    lowest = real.order_by("level").values_list("level", flat=True).first()
    wanted = Q(level=lowest)
    for number, level in below.filter(name__in=ONLY_NUMBERS, level__lte=lowest or 0).values_list("code", "level"):
        low, high = jurisdiction(number)
        wanted |= Q(level=level + 1, code__gte=low, code__lt=high)
    return real.filter(wanted)


def names_of(codes: Iterable[int]) -> dict[int, str]:
    """Code → name, in one query."""
    return dict(Region.objects.filter(code__in=set(codes)).values_list("code", "name"))


def full_name(code: int) -> str:
    """`五通桥区西坝镇` for a township: the names below the city, joined."""
    path = [*ancestors(code), code]
    names = dict(Region.objects.filter(code__in=path, level__gte=2).values_list("code", "name"))
    parts = [names[c] for c in path if c in names]
    return "".join(parts[1:] or parts)
