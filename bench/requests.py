"""The requests the benchmarks send, as they go over the wire."""

from __future__ import annotations

import json
import secrets

from bench.places import TOWNSHIP

# About 1.5 KB, as a resident tells it.
FACTS = "去年三月到滨江二期工地做木工，说好每天三百二十元，做到六月，工钱一直没有结清，包工头说等甲方拨款。" * 10


def intake_body(number: int) -> bytes:
    """A question with name, phone and words, from another system."""
    return json.dumps({
        "service": "consultation", "matter": "question", "region_code": TOWNSHIP, "title": "工钱没有结清",
        "applicant": {"name": f"压测{number % 977}", "phone": f"170{number % 10**8:08d}"},
        "details": {"facts": FACTS, "wanted": "把工钱要回来"},
    }, ensure_ascii=False).encode()  # fmt: skip


def request(method: str, path: str, key: str = "", body: bytes = b"", *, idempotent: bool = False) -> bytes:
    """One HTTP/1.1 request on a connection that stays open."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    if key:
        lines.append(f"Authorization: Bearer {key}")
    if idempotent:
        lines.append(f"Idempotency-Key: {secrets.token_hex(12)}")
    if body or method == "POST":
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
