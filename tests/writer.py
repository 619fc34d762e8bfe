"""Somebody else's model, on a local port, that speaks OpenAI's chat completions. `says` is what it writes next."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Writer:
    """A running endpoint; `asked` holds every request it got."""

    def __init__(self) -> None:
        self.says: Any = {"plain": ""}
        self.status = 200
        self.asked: list[dict[str, Any]] = []
        writer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                writer.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                content = writer.says if isinstance(writer.says, str) else json.dumps(writer.says, ensure_ascii=False)
                body = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
                self.send_response(writer.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """The endpoint is away."""
        self.server.shutdown()
        self.server.server_close()
