"""Reading exports: only ever one's own."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fahui.casework.exports.models import Export
from fahui.casework.registers.queries import Page
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Missing

PAGE = 20


def own(reader: Reader) -> QuerySet[Export]:
    """The exports the reader asked for."""
    return Export.objects.filter(user_id=reader.user_id or 0)


def newest(reader: Reader, cursor: str = "", size: int = PAGE) -> Page[Export]:
    """A keyset page, the newest first; what has expired is shown no more, even before it is dropped."""
    rows = own(reader).filter(expires_at__gt=clock.now())
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows.order_by("-id")[: size + 1])
    return Page(found[:size], str(found[size - 1].pk) if len(found) > size else "")


def ready(reader: Reader, export_id: int) -> Export:
    """An export of the reader that can be fetched. Raises Missing: not theirs, not made yet, or expired."""
    found = own(reader).filter(pk=export_id, state="done", expires_at__gt=clock.now()).first()
    if found is None:
        raise Missing(_("没有这份导出，或者已经过期删除。请再导出一次。"))
    return found
