"""Signing in: staff only, no self-registration, and a second factor."""

from __future__ import annotations

import base64
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from fahui.channels.limits import address_of
from fahui.foundation.vault.crypto import decrypt, encrypt


class StaffAdapter(DefaultAccountAdapter):
    """allauth's account rules for a bureau: accounts are made by an administrator, never by the visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers themselves."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff go to their desk."""
        return "/desk/"

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where limits on sign-ins are counted: behind our proxy, what it saw; else all staff would share its address."""
        return address_of(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in minutes ago sets up the second factor without being asked for the password once more."""
        user = self.request.user
        records = get_authentication_records(self.request, user) if user.is_authenticated else []
        if records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Residents sign in by phone code, never here."""
        if getattr(user, "kind", "") != "staff":
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)


class FactorAdapter(DefaultMFAAdapter):
    """allauth's second factors with their secrets sealed: whoever reads the database alone cannot make a code.

    allauth does not say whose secret it seals, so the place names the kind of value, not the row.
    """

    _PLACE = "mfa_authenticator.secret"

    def encrypt(self, text: str) -> str:
        """What is kept of a secret: a TOTP key, or what recovery codes are made from."""
        return base64.b64encode(encrypt(text, self._PLACE)).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Raises VaultError when it was changed, or the key is another one."""
        return decrypt(base64.b64decode(encrypted_text), self._PLACE)
