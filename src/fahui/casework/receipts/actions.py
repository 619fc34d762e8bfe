"""A document reached the applicant: recorded as delivery, and the limits that run from receipt begin."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from fahui.casework.cases.models import Case
from fahui.casework.deadlines.actions import Clocks
from fahui.casework.definitions.queries import definition_of
from fahui.casework.documents.actions import record_receipt
from fahui.casework.documents.models import Delivery
from fahui.foundation import clock
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import Reader, as_system


@transaction.atomic
def receive(reader: Reader, case: Case, delivery_id: int, method: str, receipt: str, on: date | None = None) -> Delivery:
    """Record that a document was received (now, or on the day `on`), and count from then what the law counts from its receipt.

    Raises Missing (no such delivery), Conflict (recorded before) or Invalid (method, day). Whoever calls has let the reader
    work on the case, or knows that the reader is the one who received.
    """
    delivery = record_receipt(reader, case, delivery_id, method, receipt, on)
    if delivery.to_role == Role.APPLICANT and delivery.received_at is not None:
        with as_system():
            held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            clocks = Clocks(held, definition_of(held.version_id), clock.now())
            clocks.receive(delivery.document.document, delivery.received_at)
            clocks.save()
            held.save(update_fields=["next_due", "next_deadline"])
    return delivery
