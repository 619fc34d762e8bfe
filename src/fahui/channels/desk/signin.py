"""Signing in: staff only, no self-registration, and a second factor."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):
    """allauth's account rules for a bureau: accounts are made by an administrator, never by the visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers themselves."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff go to their desk."""
        return "/desk/"

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Residents sign in by phone code, never here."""
        if getattr(user, "kind", "") != "staff":
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)
