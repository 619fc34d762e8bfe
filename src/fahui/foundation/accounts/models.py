"""Accounts: staff with posts, residents by phone, machines by keys; and consent to act for another."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from fahui.foundation.accounts.roles import POST_ROLES, ROLE_NAMES
from fahui.foundation.identifiers import new_id
from fahui.foundation.people.models import Institution, Party


class UserManager(BaseUserManager["User"]):
    """Makes users; who may do so is decided in actions.py."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Look up by sign-in name, ignoring case."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """Someone who signs in. Staff have posts; a resident is tied to the party with the phone they proved."""

    KINDS = [("staff", "工作人员"), ("resident", "居民")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    username = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=KINDS, default="staff")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=40, blank=True)  # a staff member's office line
    email = models.EmailField(blank=True)
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="accounts")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        indexes = [models.Index(fields=["name", "id"], name="staff_by_name", condition=models.Q(kind="staff"))]

    def get_full_name(self) -> str:
        """The name shown to colleagues and applicants."""
        return self.name

    def __str__(self) -> str:
        return self.username


class Post(models.Model):
    """Role × jurisdiction × service, from a day to a day. The only source of what a staff member may do."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(max_length=40, choices=[(r.value, ROLE_NAMES[r][0]) for r in POST_ROLES])
    region_code = models.BigIntegerField()
    # A service id, or "*" for every service.
    service = models.CharField(max_length=40, default="*")
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT)
    # Cleared to see sealed cases that this post's institution handles.
    cleared = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    # When it was said that it will end, and when what had been in hand by it went back after it ended (casework.handback).
    ending_told_at = models.DateTimeField(null=True)
    handed_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["role", "region_code"], name="post_role_region"),
            models.Index(fields=["valid_to"], name="post_ended", condition=models.Q(handed_back_at=None, valid_to__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.role} in {self.region_code}"


class PhoneCode(models.Model):
    """A one-time code sent to a phone. The phone is kept as its blind index only."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    phone_index = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone_index", "-made_at"], name="phonecode_recent")]

    def __str__(self) -> str:
        return f"code {self.pk}"


class HelperConsent(models.Model):
    """Somebody lets another act for them: recorded, limited in time, ended at will."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    helper = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="consents")
    relation = models.CharField(max_length=40)
    # How consent was given: spoken, code, signed.
    given_by = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.helper_id} for {self.party_id}"


class ApiKey(models.Model):
    """A machine's key: only its digest is kept. It acts with a staff account's posts, narrowed to `operations`."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.BinaryField(max_length=32)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="keys")
    operations = models.JSONField(default=list)  # cases:read, cases:write …
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class LocalParameter(models.Model):
    """A value the bureau set itself, with its source and dates; it goes before the city folder's."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    service = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    value = models.JSONField()
    unit = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    set_by = models.BigIntegerField()
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["service", "name", "valid_from"], name="parameter_lookup")]

    def __str__(self) -> str:
        return f"{self.service}.{self.name}"
