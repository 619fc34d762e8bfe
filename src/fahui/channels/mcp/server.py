"""The Model Context Protocol over HTTP, without sessions: each POST is one JSON-RPC message and its answer.

Specification 2025-06-18, "Streamable HTTP" with plain JSON answers. https://modelcontextprotocol.io/specification
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, ValidationError
from pydantic_core import to_jsonable_python

from fahui.channels import limits
from fahui.channels.mcp.tools import TOOLS
from fahui.channels.pages import reader_of
from fahui.foundation import cities
from fahui.foundation.accounts.scope import reading_as
from fahui.foundation.errors import Refusal
from fahui.knowledge.answers.danger import alarm_in

VERSIONS = ("2025-06-18", "2025-03-26")
LONGEST = 64 * 1024  # bytes of one message
PARSE, INVALID, UNKNOWN, BAD_PARAMS = -32700, -32600, -32601, -32602


@csrf_exempt
def endpoint(request: HttpRequest) -> HttpResponse:
    """Answer one message. Notifications get 202; there is no stream to GET."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.get_host():
        return _failed(None, INVALID, "Origin is not this server", 403)
    if len(request.body) > LONGEST:
        return _failed(None, INVALID, f"a message may have {LONGEST} bytes", 413)
    try:
        message = json.loads(request.body)
    except ValueError:
        return _failed(None, PARSE, "not JSON", 400)
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0" or not isinstance(message.get("method"), str):
        return _failed(None, INVALID, "not a JSON-RPC 2.0 message", 400)
    if "id" not in message:
        return HttpResponse(status=202)
    key, method, params = message["id"], message["method"], message.get("params") or {}
    if not isinstance(params, dict) or not isinstance(key, (str, int)):
        return _failed(None, INVALID, "id must be a string or number, params an object", 400)
    if method == "initialize":
        return _answer(key, _hello(params))
    if method == "ping":
        return _answer(key, {})
    if method == "tools/list":
        return _answer(key, {"tools": [tool.told() for tool in TOOLS.values()]})
    if method == "tools/call":
        return _call(request, key, params)
    return _failed(key, UNKNOWN, f"no such method: {method[:60]}")


def _hello(params: dict[str, Any]) -> dict[str, Any]:
    asked = params.get("protocolVersion")
    city = cities.current()
    return {
        "protocolVersion": asked if asked in VERSIONS else VERSIONS[0],
        "capabilities": {"tools": {"listChanged": False}},
        "serverInfo": {"name": "fahui", "title": f"Fahui 法惠 · {city.bureau.zh}", "version": "1"},
        "instructions": f"{city.name.zh}公共法律服务。法条只引用工具返回的原文；没有可靠依据时请说明，并请居民拨打{city.hotline}。",
    }


def _call(request: HttpRequest, key: str | int, params: dict[str, Any]) -> HttpResponse:
    tool = TOOLS.get(str(params.get("name")))
    if tool is None:
        return _failed(key, BAD_PARAMS, "no such tool; see tools/list")
    try:
        asked = tool.takes.model_validate(params.get("arguments") or {})
    except ValidationError as error:
        return _answer(key, _told("; ".join(f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['msg']}" for e in error.errors()), failed=True))
    try:
        with transaction.atomic(), reading_as(reader_of(request)):
            limits.spend(request, "mcp")
        with transaction.atomic(), reading_as(reader_of(request)):
            return _answer(key, _told(tool.run(request, asked)))
    except Refusal as refusal:
        heard = alarm_in(" ".join(value for value in asked.model_dump().values() if isinstance(value, str)))
        first = [heard.danger.say.text("zh-hans"), *(f"{p.number} {p.name.text('zh-hans')}" for p in heard.danger.phones)] if heard else []
        return _answer(key, _told("\n".join([*first, refusal.message]), failed=True))


def _told(result: Any, *, failed: bool = False) -> dict[str, Any]:
    """A tool's result, as text for every assistant and as data for those that read it."""
    if failed:
        return {"content": [{"type": "text", "text": str(result)}], "isError": True}
    plain = to_jsonable_python(result if not isinstance(result, BaseModel) else result.model_dump())
    return {
        "content": [{"type": "text", "text": json.dumps(plain, ensure_ascii=False)}], "structuredContent": plain, "isError": False,
    }  # fmt: skip


def _answer(key: str | int, result: dict[str, Any]) -> HttpResponse:
    return JsonResponse({"jsonrpc": "2.0", "id": key, "result": result}, json_dumps_params={"ensure_ascii": False})


def _failed(key: str | int | None, code: int, text: str, status: int = 200) -> HttpResponse:
    return JsonResponse({"jsonrpc": "2.0", "id": key, "error": {"code": code, "message": text}}, status=status)
