"""Signing in with the bureau's own identity provider (OpenID Connect, code flow with PKCE).

The provider says who somebody is; who may come in is still decided here: only staff accounts that an administrator
made, found at the first sign-in by the claim `FAHUI_OIDC_CLAIM` and by the provider's own key (`sub`) afterwards.
The second factor, posts and blocking stay as they are. Nothing of what the provider tells is kept but `sub` and that claim.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any, NoReturn

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess, ProviderException
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.audit.actions import Entry, append

SECONDS = 10
"""How long a page waits for the identity provider."""


class BureauProvider(OpenIDConnectProvider):
    """OpenID Connect with what the library leaves out: a nonce, and one person behind both answers."""

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponseBase:
        """Send the visitor to the provider. The nonce waits in the session; a visitor adds no parameters of their own."""
        nonce = secrets.token_urlsafe(24)
        kwargs |= {"auth_params": {**self.get_auth_params(), "nonce": nonce}, "scope": self.get_scope(), "nonce": nonce}
        return super().redirect(request, AuthProcess.LOGIN, next_url, data, **kwargs)

    def extract_uid(self, data: dict[str, Any]) -> str:
        """The provider's key of the person. Raises ProviderException when the signed token and the profile differ."""
        token, profile = data.get("id_token"), data.get("userinfo")
        if not isinstance(token, dict) or (profile and profile.get("sub") != token.get("sub")):
            raise ProviderException("no id_token, or it speaks of somebody else")
        return str(token["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Only what decides: the nonce that came back, and the claim that names the account."""
        claims = {**(data.get("userinfo") or {}), **data["id_token"]}
        return {"nonce": claims.get("nonce"), "named": str(claims.get(settings.OIDC_CLAIM) or "")}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """None: addresses are the administrator's business."""
        return []


class BureauAdapter(DefaultSocialAccountAdapter):
    """Whom the provider's word lets in, and what is said when it does not."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """The bureau's provider."""
        found = super().get_provider(request, provider, client_id=client_id)
        return BureauProvider(request, app=found.app) if isinstance(found, OpenIDConnectProvider) else found

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Check the nonce, then find the staff account. Whoever has none is told whom to ask."""
        told, sent = sociallogin.account.extra_data.get("nonce"), sociallogin.state.get("nonce")
        if not (isinstance(told, str) and isinstance(sent, str) and hmac.compare_digest(told, sent)):
            self._refuse(_("统一身份认证的回答对不上这次登录，请重新登录。"), 401)
        if sociallogin.is_existing:
            return
        named = sociallogin.account.extra_data["named"]
        with as_system():
            user = User.objects.filter(kind="staff", username__iexact=named).first() if named else None
        if user is None:
            self._refuse(
                _("统一身份认证认得您，但这里还没有您的工作人员账号。请本单位的系统管理员建立登录名为“%(name)s”的账号。") % {"name": named or "—"},
                403,
            )
        sociallogin.connect(request, user)
        append(SYSTEM, Entry("account.linked", about=f"user:{user.pk}"))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Say in plain words that it did not work; nothing of the cause, which is the administrator's to read."""
        self._refuse(_("统一身份认证没有成功，您还没有登录。请重新登录；一直不行，请用登录名和密码登录，并告诉系统管理员。"), 401)

    def get_requests_session(self) -> requests.Session:
        """A session to the provider that gives up in time; a provider that is away is told as such, not as our failure."""
        return _Patient(self)

    def not_reached(self) -> NoReturn:
        """Say that the provider is away."""
        self._refuse(_("统一身份认证现在连不上。请用登录名和密码登录，或者过一会儿再试。"), 503)

    def _refuse(self, text: str, status: int) -> NoReturn:
        raise ImmediateHttpResponse(render(self.request, "account/not_let_in.html", {"text": text}, status=status))


class _Patient(requests.Session):
    """Asks the provider with a limit of time, and tells the visitor when it does not answer."""

    def __init__(self, adapter: BureauAdapter) -> None:
        super().__init__()
        self._adapter = adapter

    def request(self, *asked: Any, **how: Any) -> requests.Response:
        try:
            answer = super().request(*asked, **{"timeout": SECONDS, **how})
            if answer.request.method == "GET":
                answer.raise_for_status()
        except requests.RequestException:
            self._adapter.not_reached()
        return answer
