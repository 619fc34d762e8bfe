"""A closed-loop HTTP load: so many connections, each with one request under way, in one process.

Plain sockets and epoll, so that the client costs little of the machine it shares with the server. Requests are made
before the clock starts; every answer is checked for its status and read to its end.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What a load saw. Seconds; `bodies` are the answers' bodies when asked for."""

    seconds: float
    times: list[float] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answered requests a second, refused ones not counted."""
        return len(self.times) / self.seconds

    def percentile(self, part: float) -> float:
        """The time, in milliseconds, within which this part of the requests was answered."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000 if ordered else float("nan")


class _Link:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began, self.data, self.whole = 0.0, b"", -1

    def send(self, request: bytes) -> None:
        self.data, self.whole, self.began = b"", -1, time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Read what is there; True when the answer is whole."""
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError("the server closed a connection")
        self.data += more
        if self.whole < 0:
            end = self.data.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = self.data[:end].lower()
            place = head.find(b"content-length:")
            if place < 0:
                raise ValueError(f"an answer without length: {head[:200]!r}")
            self.whole = end + 4 + int(head[place + 15 :].split(b"\r\n", 1)[0])
        return len(self.data) >= self.whole


def drive(
    port: int, requests: Iterator[bytes], clients: int, seconds: float, *, keep: bool = False, expect: tuple[int, ...] = (200, 201)
) -> Outcome:  # fmt: skip
    """Send requests on `clients` connections for so long (or until they run out) and report. Times count once each
    connection has answered its first request."""
    links = [_Link(port) for _ in range(clients)]
    chooser = selectors.DefaultSelector()
    outcome = Outcome(0.0)
    began = time.perf_counter()
    for link in links:
        first = next(requests, None)
        if first is not None:
            chooser.register(link.socket, selectors.EVENT_READ, link)
            link.send(first)
    until = began + seconds
    while chooser.get_map():
        for key, _events in chooser.select(timeout=30):
            link = key.data
            if not link.receive():
                continue
            now = time.perf_counter()
            status = int(link.data[9:12])
            if status in expect:
                outcome.times.append(now - link.began)
                if keep:
                    outcome.bodies.append(link.data[link.data.index(b"\r\n\r\n") + 4 :])
            else:
                outcome.refused[status] = outcome.refused.get(status, 0) + 1
            following = next(requests, None) if now < until else None
            if following is None:
                chooser.unregister(link.socket)
                link.socket.close()
            else:
                link.send(following)
    outcome.seconds = time.perf_counter() - began
    return outcome


def repeat(make: Callable[[int], bytes], start: int = 0) -> Iterator[bytes]:
    """Requests made one after another by number."""
    number = start
    while True:
        yield make(number)
        number += 1


def cycle(requests: list[bytes]) -> Iterator[bytes]:
    """The same requests again and again."""
    while True:
        yield from requests
