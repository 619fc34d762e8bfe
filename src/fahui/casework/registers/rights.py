"""Who keeps a register or the activities, and where: by the role of a post and the place it covers."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Forbidden
from fahui.foundation.regions.rules import jurisdiction


def reach(reader: Reader, keepers: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """The ranges of region codes (the end excluded) of the reader's posts with one of these roles."""
    wanted = set(keepers)
    return tuple(sorted({jurisdiction(post.region_code) for post in reader.posts if post.role in wanted}))


def keeps(reader: Reader, keepers: Iterable[str]) -> bool:
    """Whether the reader keeps this anywhere."""
    return reader.kind == "system" or bool(reach(reader, keepers))


def covers(reader: Reader, keepers: Iterable[str], region_code: int) -> bool:
    """Whether such a post covers the place. An entry of the whole city lies only in posts of the city."""
    return reader.kind == "system" or any(low <= region_code < high for low, high in reach(reader, keepers))


def in_reach(reader: Reader, keepers: Iterable[str], field: str = "region_code") -> Q:
    """Rows whose place such posts cover."""
    if reader.kind == "system":
        return Q()
    found = Q(pk__in=[])
    for low, high in reach(reader, keepers):
        found |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
    return found


def must_keep(reader: Reader, keepers: Iterable[str]) -> None:
    """Raise Forbidden for anybody who keeps this nowhere."""
    if not keeps(reader, keepers):
        raise Forbidden(_("您的岗位不管这本台账。"))


def must_cover(reader: Reader, keepers: Iterable[str], region_code: int) -> None:
    """Raise Forbidden unless such a post covers the place."""
    must_keep(reader, keepers)
    if not covers(reader, keepers, region_code):
        raise Forbidden(not_yours(), fields={"region_code": not_yours()})


def not_yours() -> str:
    """What is said of a place that no post of the reader covers."""
    return _("您的岗位管不到这个地方，请由那里或者上级的人登记。")
