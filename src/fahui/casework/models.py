"""The tables of the spine, gathered from its rooms for Django."""

from fahui.casework.activities.models import Activity, Taking
from fahui.casework.cases.models import (
    Assignment,
    Case,
    CaseAccess,
    CaseParty,
    Draft,
    Idempotency,
    Message,
    Proposal,
    Referral,
    Urge,
)
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.definitions.models import ServiceVersion
from fahui.casework.documents.models import Delivery, DocumentNumber, IssuedDocument, Paper, StoredFile
from fahui.casework.exports.models import Export
from fahui.casework.feedback.models import Feedback, Invitation
from fahui.casework.funding.models import Subsidy
from fahui.casework.imports.models import Import
from fahui.casework.notices.models import Outgoing
from fahui.casework.registers.models import Correction, Entry
from fahui.casework.scheduling.models import Booking, Shift, Slot

__all__ = [
    "Activity", "Assignment", "Booking", "Case", "CaseAccess", "CaseDeadline", "CaseParty", "Correction", "Delivery", "DocumentNumber",
    "Draft", "Entry", "Export", "Feedback", "Idempotency", "Import", "Invitation", "IssuedDocument", "Message", "Outgoing", "Paper", "Proposal",
    "Referral", "ServiceVersion", "Shift", "Slot", "StoredFile", "Subsidy", "Taking", "Urge",
]  # fmt: skip
