"""Reading regions."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from fahui.foundation.regions.models import Region
from fahui.foundation.regions.rules import ancestors, jurisdiction


def within(code: int, level: int | None = None) -> QuerySet[Region]:
    """The regions inside a jurisdiction (itself included), optionally of one level."""
    low, high = jurisdiction(code)
    found = Region.objects.filter(code__gte=low, code__lt=high)
    return found.filter(level=level) if level else found


def children(code: int) -> QuerySet[Region]:
    """The regions right below one, whatever level that is (a prefecture may have townships and no counties)."""
    parent = Region.objects.filter(pk=code).first()
    if parent is None:
        return Region.objects.none()
    below = within(code).exclude(pk=code)
    lowest = below.order_by("level").values_list("level", flat=True).first()
    return below.filter(level=lowest) if lowest else below


def names_of(codes: Iterable[int]) -> dict[int, str]:
    """Code → name, in one query."""
    return dict(Region.objects.filter(code__in=set(codes)).values_list("code", "name"))


def full_name(code: int) -> str:
    """`五通桥区西坝镇` for a township: the names below the city, joined."""
    path = [*ancestors(code), code]
    names = dict(Region.objects.filter(code__in=path, level__gte=2).values_list("code", "name"))
    parts = [names[c] for c in path if c in names]
    return "".join(parts[1:] or parts)
