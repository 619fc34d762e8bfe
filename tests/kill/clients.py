"""Machines that go on handing in work while the server is being killed, and write down what was acknowledged."""

from __future__ import annotations

import http.client
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

TOWNSHIP = 511112101000
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class Ledger:
    """What the server said yes to. Keys and ids; filled by several threads."""

    cases: dict[str, int] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    actions: dict[str, int] = field(default_factory=dict)
    papers: dict[str, tuple[int, str]] = field(default_factory=dict)
    retries: int = 0
    faults: list[str] = field(default_factory=list)


class Client(threading.Thread):
    """Opens a case, takes it, hands in a paper, again and again. A request without an answer is repeated with its key."""

    def __init__(self, port: int, key: str, ledger: Ledger, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.key, self.ledger, self.stop = port, key, ledger, stop
        self.link: http.client.HTTPConnection | None = None

    def run(self) -> None:
        """Until told to stop; the request under way is finished."""
        try:
            while not self.stop.is_set():
                self._one_case()
        except Exception as error:  # noqa: BLE001 - a thread's error must fail the test, not vanish
            self.ledger.faults.append(f"{type(error).__name__}: {error}")

    def _one_case(self) -> None:
        token = secrets.token_hex(12)
        body = json.dumps({
            "service": "consultation", "matter": "question", "region_code": TOWNSHIP, "title": token[:20],
            "applicant": {"name": "申请人", "phone": "17000000099"}, "details": {"facts": "工钱没有结清"},
        }).encode()  # fmt: skip
        made = self._until_answered("/api/v1/cases", body, "application/json", token)
        case = int(made["id"])
        self.ledger.cases[token], self.ledger.numbers[case] = case, str(made["tracking_number"])
        token = secrets.token_hex(12)
        self._until_answered(f"/api/v1/cases/{case}/actions/take", b"{}", "application/json", token)
        self.ledger.actions[token] = case
        token = secrets.token_hex(12)
        paper = PNG + secrets.token_bytes(20_000)
        form = (
            b'--bound\r\nContent-Disposition: form-data; name="material"\r\n\r\nother\r\n'
            b'--bound\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
            b"Content-Type: image/png\r\n\r\n" + paper + b"\r\n--bound--\r\n"
        )
        kept = self._until_answered(f"/api/v1/cases/{case}/papers", form, "multipart/form-data; boundary=bound", token)
        self.ledger.papers[token] = (case, str(kept["digest"]))

    def _until_answered(self, path: str, body: bytes, kind: str, token: str) -> dict[str, Any]:
        """The answer, however often it must be asked for. A refusal that is no consequence of a kill is a fault."""
        deadline = time.monotonic() + 60
        head = {"Authorization": f"Bearer {self.key}", "Content-Type": kind, "Idempotency-Key": token}
        while True:
            try:
                self.link = self.link or http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
                self.link.request("POST", path, body, head)
                answer = self.link.getresponse()
                content = answer.read()
                if answer.status in (200, 201):
                    return dict(json.loads(content))
                # 500 and 503: the database is away. 409 in_progress: our own first try is still being answered.
                if answer.status < 500 and not (answer.status == 409 and b"in_progress" in content):
                    raise AssertionError(f"POST {path}: {answer.status} {content[:300]!r}")
            except (OSError, http.client.HTTPException):
                pass
            if self.link is not None:
                self.link.close()
                self.link = None
            if time.monotonic() > deadline:
                raise AssertionError(f"POST {path}: no answer for a minute")
            self.ledger.retries += 1
            time.sleep(0.1)
