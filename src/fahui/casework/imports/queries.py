"""Reading imports: only ever one's own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fahui.casework.errands.queries import own
from fahui.casework.imports.models import Import
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Missing


def faulty(reader: Reader, import_id: int) -> Import:
    """An import of the reader in which there is something to change. Raises Missing: not theirs, nothing wrong, or expired."""
    found = own(Import, reader).filter(pk=import_id, state="failed", faults__gt=0, expires_at__gt=clock.now()).first()
    if found is None:
        raise Missing(gone())
    return found


def gone() -> str:
    """What is said of an import that is not there (any more)."""
    return _("没有这次导入，或者已经过期删除。")
