"""How a text message or a spoken call leaves: a file (default), the console, or the bureau's gateway over HTTP."""

from __future__ import annotations

import json
import logging
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Literal, Protocol

from django.conf import settings

from fahui.foundation import clock

log = logging.getLogger("fahui.sms")

Means = Literal["text", "call"]


class Sender(Protocol):
    """Sends a text, or has it read out in a call, to a phone; gives the gateway's receipt. Raises SendFailed."""

    def __call__(self, phone: str, text: str, reference: str, means: Means = "text") -> str:
        """`reference` is our own id of the message."""


class SendFailed(Exception):
    """The message did not leave; it will be tried again."""


def to_file(phone: str, text: str, reference: str, means: Means = "text") -> str:
    """Append to DATA_DIR/sms.log, readable by the installation's own user only."""
    line = {"at": clock.now().isoformat(timespec="seconds"), "to": phone, "text": text, "id": reference, **_how(means)}
    with open(Path(settings.DATA_DIR) / "sms.log", "a", encoding="utf-8", opener=_own) as handle:
        handle.write(json.dumps(line, ensure_ascii=False) + "\n")
    return f"file:{reference}"


def _own(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def to_console(phone: str, text: str, reference: str, means: Means = "text") -> str:
    """Print, for trying things out."""
    log.warning("text message", extra={"fields": {"id": reference, "tail": phone[-4:], "text": text, **_how(means)}})
    return f"console:{reference}"


def to_gateway(phone: str, text: str, reference: str, means: Means = "text") -> str:
    """POST {to, text, id} as JSON to FAHUI_SMS_URL with a bearer token; the answer's `receipt` is kept.

    A call carries `means: "call"` as well: the gateway rings and reads the text out.
    """
    body = json.dumps({"to": phone, "text": text, "id": reference, **_how(means)}, ensure_ascii=False).encode()
    request = urllib.request.Request(
        settings.SMS_URL, data=body, method="POST",
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_TOKEN}"},
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(json.loads(answer.read() or b"{}").get("receipt", "accepted"))
    except (urllib.error.URLError, ValueError, TimeoutError) as error:
        raise SendFailed(f"短信网关：{type(error).__name__}") from error


def _how(means: Means) -> dict[str, str]:
    """What a message says of its means: nothing when it is a plain text."""
    return {} if means == "text" else {"means": means}


SENDERS: dict[str, Sender] = {"file": to_file, "console": to_console, "http": to_gateway}


def sender() -> Sender:
    """The sender named in the settings."""
    return SENDERS[settings.SMS_SENDER]
