"""Start and stop: a first start from nothing, a second one that keeps everything, a killed one that recovers."""

from __future__ import annotations

import os
import re
import signal
import time
import urllib.request
from email.message import Message
from pathlib import Path

import pytest

from tests.live import Installation

pytestmark = pytest.mark.live


def get(url: str) -> tuple[int, bytes, Message]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br, gzip"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status, answer.read(), answer.headers


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory):
    made = Installation(tmp_path_factory.mktemp("up") / "var", demo=60, workers=2)
    made.start()
    yield made
    made.stop()


def test_the_first_start_makes_everything_and_shows_the_passwords_once(installation: Installation):
    assert {"agent", "clerk", "reviewer", "approver", "lawyer", "leader", "admin"} <= set(installation.accounts)
    assert len(set(installation.accounts.values())) == len(installation.accounts)
    assert not (installation.home / "demo-accounts.txt").exists()
    assert get(f"{installation.url}/healthz")[:2] == (200, b"ok")


def test_static_files_are_fingerprinted_compressed_and_kept_by_the_browser(installation: Installation):
    page = get(installation.url + "/accounts/login/")[1].decode()
    path = next(p for p in page.split('"') if p.startswith("/static/fahui/base.") and p.endswith(".css"))
    status, _body, headers = get(installation.url + path)
    assert status == 200 and headers["Content-Encoding"] in {"br", "gzip"}
    assert "immutable" in headers["Cache-Control"]
    assert "http://" not in page.replace(installation.url, "") and "https://" not in page


def test_metrics_count_requests_by_route_and_never_by_path(installation: Installation):
    get(f"{installation.url}/healthz")
    text = get(f"{installation.url}/metrics")[1].decode()
    assert 'fahui_requests_total{method="GET",route="healthz",status="200"}' in text
    assert "/track/" not in text


def test_metrics_are_of_all_web_processes_whichever_answers(installation: Installation):
    before = sum(1 for _ in range(20) if get(f"{installation.url}/healthz"))
    counts = [float(re.search(rb'route="healthz",status="200"} ([\d.]+)', get(f"{installation.url}/metrics")[1])[1]) for _ in range(8)]
    assert min(counts) >= before and len(set(counts)) == 1, counts


def test_a_second_fahui_on_the_same_data_is_refused_with_the_reason(installation: Installation):
    other = Installation(installation.home)
    with pytest.raises(RuntimeError, match="Another Fahui already uses"):
        other.start(patience=20)


def test_the_audit_chain_of_the_demo_holds(installation: Installation):
    done = installation.run("audit", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every chain holds" in done.stdout


def test_another_city_on_the_same_data_is_refused(installation: Installation):
    done = installation.run("up", "--city", "tianjin", "--port", "1")
    assert done.returncode == 1 and "One installation is one city" in done.stderr


def test_a_killed_web_server_leaves_none_of_its_workers_behind(installation: Installation):
    before = installation.children("granian")
    os.kill(before[0], signal.SIGKILL)
    deadline = time.monotonic() + 40
    while not ((now := installation.children("granian")) and not set(now) & set(before) and installation.ready()):
        assert time.monotonic() < deadline, (before, now)
        time.sleep(0.2)


def test_killed_without_warning_it_recovers_with_everything(tmp_path: Path):
    made = Installation(tmp_path / "var", demo=20)
    made.start()
    try:
        made.process.send_signal(signal.SIGKILL)
        made.process.wait()
        deadline = time.monotonic() + 20
        while made.children("granian") + made.children("worker") and time.monotonic() < deadline:
            time.sleep(0.2)
        assert made.children("granian") == [] and made.children("worker") == []  # nothing is left behind
        made.start()
        assert made.run("audit", "verify").returncode == 0
        assert made.stop() == 0
        assert made.children("postgres") == []
    finally:
        made.stop()
        for pid in made.children("postgres"):
            os.kill(pid, signal.SIGKILL)
