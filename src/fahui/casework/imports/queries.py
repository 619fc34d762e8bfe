"""Reading imports: only ever one's own."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fahui.casework.imports.models import Import
from fahui.casework.registers.queries import Page
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Missing

PAGE = 20


def own(reader: Reader) -> QuerySet[Import]:
    """The imports the reader asked for."""
    return Import.objects.filter(user_id=reader.user_id or 0)


def newest(reader: Reader, cursor: str = "", size: int = PAGE) -> Page[Import]:
    """A keyset page, the newest first; what has expired is shown no more, even before it is dropped."""
    rows = own(reader).filter(expires_at__gt=clock.now())
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows.order_by("-id")[: size + 1])
    return Page(found[:size], str(found[size - 1].pk) if len(found) > size else "")


def faulty(reader: Reader, import_id: int) -> Import:
    """An import of the reader in which there is something to change. Raises Missing: not theirs, nothing wrong, or expired."""
    found = own(reader).filter(pk=import_id, state="failed", faults__gt=0, expires_at__gt=clock.now()).first()
    if found is None:
        raise Missing(gone())
    return found


def gone() -> str:
    """What is said of an import that is not there (any more)."""
    return _("没有这次导入，或者已经过期删除。")
