"""Where the time of a request goes: its statements, and its Python, in one process without a web server."""

from __future__ import annotations

import cProfile
import io
import json
import pstats
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.people import county_key
from bench.ready import connection
from bench.requests import intake_body
from fahui.channels.api import api
from fahui.config.wsgi import application

LOOPS = 200


class InProcess:
    """The WSGI application called directly."""

    def __init__(self, key: str) -> None:
        self.application, self.key = application, key

    def call(self, method: str, path: str, body: bytes = b"", token: str = "") -> dict[str, Any]:
        """One request; its JSON answer. Raises RuntimeError when it is refused."""
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)), "HTTP_AUTHORIZATION": f"Bearer {self.key}", "REMOTE_ADDR": "127.0.0.1",
        }  # fmt: skip
        if token:
            environ["HTTP_IDEMPOTENCY_KEY"] = token
        seen: list[str] = []

        def begin(status: str, headers: list[tuple[str, str]], problem: Any = None, /) -> Callable[[bytes], object]:
            seen.append(status)
            return lambda _text: None

        answer = self.application(environ, begin)
        content = b"".join(answer)
        answer.close()
        if seen[0][0] != "2":
            raise RuntimeError(f"{method} {path}: {seen[0]} {content[:400]!r}")
        return dict(json.loads(content))


def statements(app: InProcess, *request: Any) -> list[str]:
    """The statements one request sends, in order."""
    found: list[str] = []

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not str(sql).startswith(("SAVEPOINT", "RELEASE")):  # these wait for the next statement
            found.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        app.call(*request)
    return found


def pages(app: InProcess) -> dict[int, int]:
    """How many statements a page of cases takes, by its size."""
    found = {}
    for size in (10, 50):
        api.PAGE = size
        app.call("GET", "/api/v1/cases")
        found[size] = len(statements(app, "GET", "/api/v1/cases?order=due"))
    return found


def main() -> None:
    """`python -m bench.profiling`: print statements and the costliest functions of intake and action."""
    app = InProcess(county_key()[1])
    if "--pages" in sys.argv:
        print(json.dumps(pages(app)))
        return
    made = [app.call("POST", "/api/v1/cases", intake_body(n), f"warm-{time.time_ns()}") for n in range(20)]
    act = b"{}"
    app.call("POST", f"/api/v1/cases/{made.pop()['id']}/actions/take", act)
    samples = {
        "intake": ("POST", "/api/v1/cases", intake_body(1), f"one-{time.time_ns()}"),
        "action": ("POST", f"/api/v1/cases/{made.pop()['id']}/actions/take", act, f"act-{time.time_ns()}"),
        "track": ("GET", f"/api/v1/track/{made[0]['tracking_number']}"),
        "list": ("GET", "/api/v1/cases?order=due"),
    }
    for name, request in samples.items():
        found = statements(app, *request)
        print(f"\n== {name}: {len(found)} statements")
        for text in found:
            print("   " + " ".join(text.split())[:150])
    loops: dict[str, list[tuple[Any, ...]]] = {
        "intake": [("POST", "/api/v1/cases", intake_body(n), f"p{n}-{time.time_ns()}") for n in range(LOOPS)]
    }
    answers: list[dict[str, Any]] = []
    for name in ("intake", "action"):
        if name == "action":
            loops[name] = [
                ("POST", f"/api/v1/cases/{case['id']}/actions/take", act, f"a{case['id']}") for case in answers
            ]
        began, cpu = time.perf_counter(), time.process_time()
        half = LOOPS // 2
        answers = [app.call(*request) for request in loops[name][:half]]
        took, used = (time.perf_counter() - began) / half, (time.process_time() - cpu) / half
        profile = cProfile.Profile()
        profile.enable()
        answers += [app.call(*request) for request in loops[name][half:]]
        profile.disable()
        print(f"\n== {name}: {took * 1000:.2f} ms a request, of which Python {used * 1000:.2f} ms CPU (one connection)")
        stats = pstats.Stats(profile)
        stats.sort_stats("cumulative" if "--cumulative" in sys.argv else "tottime").print_stats(110 if "--cumulative" in sys.argv else 40)


if __name__ == "__main__":
    main()
