"""Small facts of the operating system that several runners need."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def die_with_parent(how: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """What a child runs before its program so that the kernel ends it when its parent dies (Linux; else None)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def arrange() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(how))

    return arrange


def port_answers(host: str, port: int) -> bool:
    """Whether something already listens there; granian shares ports, so a leftover would take part of the traffic.

    Raises OSError for a host that is no address of the fourth or sixth kind and no known name.
    """
    for family, kind, protocol, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        with socket.socket(family, kind, protocol) as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(address) == 0:
                return True
    return False


def may_listen(host: str, port: int) -> str | None:
    """Why nobody of this user can listen there (no such host, a reserved port, another machine's address); None when one can.

    The same sharing of ports as granian's, so that a connection of an earlier run that still dies stands in nobody's way.
    """
    try:
        for family, kind, protocol, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[:1]:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return None


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 2)


def memory() -> int:
    """Bytes of memory there are: the machine's, or what its control group lets us have."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):  # no group, or one without a limit ("max")
        return min(whole, int(_GROUP_LIMIT.read_text(encoding="ascii")))
    return whole
