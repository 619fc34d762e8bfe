"""Reading exports: only ever one's own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fahui.casework.errands.queries import own
from fahui.casework.exports.models import Export
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Missing


def ready(reader: Reader, export_id: int) -> Export:
    """An export of the reader that can be fetched. Raises Missing: not theirs, not made yet, or expired."""
    found = own(Export, reader).filter(pk=export_id, state="done", expires_at__gt=clock.now()).first()
    if found is None:
        raise Missing(_("没有这份导出，或者已经过期删除。请再导出一次。"))
    return found
