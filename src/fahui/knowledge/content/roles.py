"""Who edits what residents read: those who supervise at the bureau and its hotline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fahui.foundation.accounts.roles import SUPERVISING
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Forbidden

EDITORS = SUPERVISING


def may_edit(reader: Reader) -> None:
    """Raise Forbidden for anybody else."""
    if reader.kind != "system" and not reader.roles & EDITORS:
        raise Forbidden(_("您的岗位不能编辑问答。"))
