"""Who edits what residents read, and where: those who supervise at the bureau and its hotline, each in their own place."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from fahui.foundation import cities
from fahui.foundation.accounts.roles import SUPERVISING
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Forbidden
from fahui.foundation.regions.rules import ancestors, jurisdiction

EDITORS = SUPERVISING


def may_edit(reader: Reader) -> None:
    """Raise Forbidden for anybody who edits nowhere."""
    if reader.kind != "system" and not reader.roles & EDITORS:
        raise Forbidden(_("您的岗位不能编辑这些内容。"))


def may_edit_in(reader: Reader, region_code: int | None) -> None:
    """Raise Forbidden unless an editing post covers the place; None is the whole city."""
    may_edit(reader)
    if not covers(reader, region_code):
        raise Forbidden(_("您的岗位管不到这个地方，请由那里或者上级的人来改。"))


def covers(reader: Reader, region_code: int | None) -> bool:
    """Whether an editing post covers the place; None is the whole city."""
    code = region_code or cities.current().region
    return reader.kind == "system" or any(low <= code < high for low, high in reach(reader))


def reach(reader: Reader) -> tuple[tuple[int, int], ...]:
    """The ranges of region codes (the end excluded) of the reader's editing posts."""
    return tuple(sorted({jurisdiction(post.region_code) for post in reader.posts if post.role in EDITORS}))


def in_reach(reader: Reader, field: str = "region_code") -> Q:
    """Rows whose place the reader's editing posts cover; rows of no place only where they cover the city."""
    if reader.kind == "system":
        return Q()
    found = Q(pk__in=[])
    for low, high in reach(reader):
        found |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
    return found | Q(**{f"{field}__isnull": True}) if covers(reader, None) else found


def shown_to(reader: Reader) -> Q:
    """What an editor sees: everything of their own places, and what is published for a wider place they lie in."""
    wider = {code for post in reader.posts if post.role in EDITORS for code in ancestors(post.region_code)}
    return in_reach(reader) | Q(state="published") & (Q(region_code__isnull=True) | Q(region_code__in=wider))
