"""Somebody else's OpenID Connect provider, on a local port: discovery, code flow with PKCE, signed tokens, profile.

It plays the bureau's identity service. `says` changes single claims of the next tokens, to play a broken or hostile one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "fahui", "a-secret-of-the-provider"


class Provider:
    """A running provider. `person` is whoever sits at the browser: `sub` and profile claims."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] = {}
        self.says: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.get(self)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                provider.token(self, {k: v[0] for k, v in parse_qs(body).items()})

            def log_message(self, *arguments: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """The provider is away."""
        self.server.shutdown()
        self.server.server_close()

    def get(self, request: BaseHTTPRequestHandler) -> None:
        """Discovery, keys, the sign-in page (whoever sits there just agrees), and the profile."""
        place = urlsplit(request.path)
        if place.path == "/.well-known/openid-configuration":
            self._answer(request, {
                "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize", "jwks_uri": f"{self.url}/keys",
                "token_endpoint": f"{self.url}/token", "userinfo_endpoint": f"{self.url}/profile",
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            })  # fmt: skip
        elif place.path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            self._answer(request, {"keys": [{**key, "kid": "one", "alg": "RS256", "use": "sig"}]})
        elif place.path == "/authorize":
            asked = {k: v[0] for k, v in parse_qs(place.query).items()}
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            request.send_response(302)
            request.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
            request.end_headers()
        elif place.path == "/profile" and request.headers.get("Authorization") == "Bearer opens-the-profile":
            self._answer(request, {**self.person, "sub": self.says.get("profile_sub", self.person["sub"])})
        else:
            request.send_error(404)

    def token(self, request: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        """Exchange a code, once, for whoever knows the client's secret and the verifier of the challenge."""
        asked = self.codes.pop(form.get("code", ""), {})
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        known = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if not (asked and known and challenge == asked.get("code_challenge") and form.get("redirect_uri") == asked["redirect_uri"]):
            self._answer(request, {"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked.get("nonce"), **self.person, **self.says}
        claims.pop("profile_sub", None)
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})
        self._answer(request, {"access_token": "opens-the-profile", "token_type": "Bearer", "expires_in": 300, "id_token": signed})

    @staticmethod
    def _answer(request: BaseHTTPRequestHandler, body: dict[str, Any], status: int = 200) -> None:
        told = json.dumps(body).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(told)))
        request.end_headers()
        request.wfile.write(told)
