"""The tables of this floor, gathered from its rooms for Django."""

from fahui.foundation.accounts.models import ApiKey, HelperConsent, LocalParameter, PhoneCode, Post, User
from fahui.foundation.audit.models import ChainHead, Event
from fahui.foundation.people.models import Institution, MergeRecord, Party, Posting, Practitioner, PublicRecord, Site
from fahui.foundation.regions.models import Region
from fahui.foundation.worktime.models import CalendarDay, CalendarYear

__all__ = [
    "ApiKey", "CalendarDay", "CalendarYear", "ChainHead", "Event", "HelperConsent", "Institution", "LocalParameter",
    "MergeRecord", "Party", "PhoneCode", "Post", "Posting", "Practitioner", "PublicRecord", "Region", "Site", "User",
]  # fmt: skip
