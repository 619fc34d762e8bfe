"""Half-filled forms: saved as one goes, resumed by a secret or by the account."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.casework.cases.models import Draft
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Missing
from fahui.foundation.vault.crypto import decrypt, encrypt

KEPT_DAYS = 30


def start(reader: Reader, service: str, matter: str, answers: dict[str, Any] | None = None) -> Draft:
    """A new draft; its token is the key to resume it."""
    now = clock.now()
    draft = Draft(token=secrets.token_urlsafe(32), service=service, matter=matter, user_id=reader.user_id,
                  changed_at=now, expires_at=now + timedelta(days=KEPT_DAYS))  # fmt: skip
    draft.answers = _sealed(draft, answers or {})
    draft.save(force_insert=True)
    return draft


def find(token: str) -> Draft:
    """The draft of a token. Raises Missing when it is gone."""
    draft = Draft.objects.filter(token=token, expires_at__gt=clock.now()).first()
    if draft is None:
        raise Missing(_("没有找到这份未完成的表，可能已经提交或过期。请重新开始，或拨打12348由我们帮您填。"))
    return draft


def answers_of(draft: Draft) -> dict[str, Any]:
    """What was answered so far."""
    return dict(json.loads(decrypt(bytes(draft.answers), f"draft.answers:{draft.pk}")))


@transaction.atomic
def save_answers(draft: Draft, answers: dict[str, Any], step: int | None = None) -> None:
    """Merge answers into the draft (None removes one)."""
    locked = Draft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if locked is None:
        raise Missing(_("这份表已经提交或过期。"))
    merged = {k: v for k, v in (answers_of(locked) | answers).items() if v is not None}
    locked.answers, locked.changed_at = _sealed(locked, merged), clock.now()
    if step is not None:
        locked.step = step
    locked.save(update_fields=["answers", "changed_at", "step"])
    draft.answers, draft.step = locked.answers, locked.step


def discard(draft: Draft) -> None:
    """The form was handed in, or is not wanted any more."""
    Draft.objects.filter(pk=draft.pk).delete()


def _sealed(draft: Draft, answers: dict[str, Any]) -> bytes:
    return encrypt(json.dumps(answers, ensure_ascii=False, default=str), f"draft.answers:{draft.pk}")
