"""Real concurrency on a running server: two who act at once, a request sent many times, the last free place."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.cast import TOWNSHIP
from tests.live import Installation

pytestmark = pytest.mark.live

BODY = {"service": "legal_aid", "matter": "civil", "region_code": TOWNSHIP, "applicant": {"name": "申请人甲", "phone": "13700000001"},
        "details": {"matter_kind": "wages"}}  # fmt: skip

BOOK = """
import django; django.setup()
import sys
from datetime import timedelta
from django.db import transaction
from fahui.casework.cases.models import Case
from fahui.casework.scheduling.actions import book
from fahui.casework.scheduling.models import Slot
from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.errors import Conflict
with transaction.atomic(), as_system():
    case = Case.objects.filter(open=True).order_by("pk")[int(sys.argv[1])]
    slot = Slot.objects.get(queue="race")
    try:
        book(SYSTEM, case, "race", "callback", slot.starts_at, timedelta(minutes=5))
        print("booked")
    except Conflict as error:
        print(error.code)
"""
MAKE_SLOT = """
import django; django.setup()
from django.db import transaction
from django.utils import timezone
from fahui.casework.scheduling.models import Slot
with transaction.atomic():
    Slot.objects.create(queue="race", starts_at=timezone.now().replace(minute=0, second=0, microsecond=0), capacity=3)
"""
IMPORT = """
import django; django.setup()
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from django.db import connection, transaction
from fahui.casework.registers.actions import import_entries
from fahui.casework.registers.models import Entry
from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.errors import Conflict
together = Barrier(4)
def run(number):
    together.wait()
    try:
        with transaction.atomic(), as_system():
            done = import_entries(SYSTEM, "survey", Path(sys.argv[1]), "季度调查")
        return f"added {done.added}" if done.added else f"same {done.same}"
    except Conflict as error:
        return "conflict"
    finally:
        connection.close()
with ThreadPoolExecutor(4) as pool:
    told = sorted(pool.map(run, range(4)))
with transaction.atomic(), as_system():
    print(",".join(told), Entry.objects.filter(code__startswith="RACE-").count())
"""
EXPORT = """
import django; django.setup()
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from django.db import connection, transaction
from fahui.casework.definitions.loader import service_numbers
from fahui.casework.exports.actions import Wish, ask, remove
from fahui.casework.exports.models import Export
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.queries import reader_of
from fahui.foundation.accounts.scope import reading_as
from fahui.foundation.errors import Conflict
with transaction.atomic():
    reader = reader_of(User.objects.get(username="officer"), service_numbers())
together = Barrier(8)
def run(number):
    together.wait()
    try:
        with transaction.atomic(), reading_as(reader):
            made, new = ask(reader, Wish("survey", "year=2026" if sys.argv[1] == "same" else f"year={2000 + number}", "考核", "csv", "zh-hans"))
        return "new" if new else "same"
    except Conflict:
        return "too many"
    finally:
        connection.close()
with ThreadPoolExecutor(8) as pool:
    told = sorted(pool.map(run, range(8)))
with transaction.atomic(), reading_as(reader):
    held = list(Export.objects.values_list("pk", flat=True))
    for pk in held:
        remove(reader, pk)
print(",".join(told), len(held))
"""
HAND_IN = """
import django; django.setup()
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from django.db import connection, transaction
from fahui.casework.definitions.loader import service_numbers
from fahui.casework.imports import actions
from fahui.casework.imports.models import Import
from fahui.casework.registers.models import Entry
from fahui.channels.desk import bringing
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.queries import reader_of
from fahui.foundation.accounts.scope import as_system, reading_as
from fahui.foundation.errors import Conflict, Missing
with transaction.atomic():
    reader = reader_of(User.objects.get(username="officer"), service_numbers())
def table(name):
    return "\\n".join(["编号,地区,问题,答“是”的,有效问卷,调查截止日", *(f"{name}-{n},511112101000,知道公共法律服务,1,500,2026-05-31" for n in range(600))]).encode()
def together(count, run):
    barrier = Barrier(count)
    def one(number):
        barrier.wait()
        try:
            return run(number)
        finally:
            connection.close()
    with ThreadPoolExecutor(count) as pool:
        return sorted(map(str, pool.map(one, range(count))))
def hand_in(number, name="H"):
    try:
        with transaction.atomic(), reading_as(reader):
            made, new = actions.ask(reader, actions.Wish("survey", "a.csv", "csv", "考核", "zh-hans"), table(name))
        return "new" if new else "same"
    except Conflict:
        return "too many"
def entered(name):
    with transaction.atomic(), as_system():
        return Entry.objects.filter(code__startswith=name + "-").count()
def waiting():
    with transaction.atomic(), reading_as(reader):
        return Import.objects.filter(state="waiting").latest("id").pk
if sys.argv[1] == "same":  # handed in by eight threads, brought in by three workers
    print(",".join(together(8, hand_in)), end=" ")
    pk = waiting()
    together(3, lambda number: bringing.bring(pk))
    with transaction.atomic(), reading_as(reader):
        print(Import.objects.get(pk=pk).state, entered("H"))
elif sys.argv[1] == "other":
    print(",".join(together(8, lambda number: hand_in(number, f"O{number}"))))
    for pk in range(3):
        with transaction.atomic(), reading_as(reader):
            actions.cancel(reader, Import.objects.filter(state="waiting").latest("id").pk)
else:  # cancelled at some moment of being brought in: all rows or none, as whoever cancelled was told
    import time
    def cancel(pk, after):
        time.sleep(after)
        try:
            with transaction.atomic(), reading_as(reader):
                actions.cancel(reader, pk)
            return "cancelled"
        except (Conflict, Missing):
            return "late"
    for turn in range(8):
        hand_in(0, f"C{turn}")
        pk = waiting()
        told = together(2, lambda number: bringing.bring(pk) if number else cancel(pk, turn * .06))
        print(told[0] if told[0] != "None" else told[1], entered(f"C{turn}"), sep=":", end=" ")
"""
SEND = """
import django; django.setup()
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from django.db import connection, transaction
from fahui.casework.notices import senders
from fahui.casework.notices.actions import send_waiting
from fahui.casework.notices.models import Outgoing
from fahui.foundation import clock
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.people.models import Party
now, unkept, left = clock.now(), [], []
with transaction.atomic(), as_system():
    party = Party.objects.exclude(phone=None).first()
    made = [Outgoing(channel="text", notice="race", party_id=party.pk, text="race", made_at=now, next_try=now) for _ in range(250)]
    Outgoing.objects.bulk_create(made)
def sending(phone, text, reference, *means):
    with transaction.atomic(), as_system():
        unkept.extend(Outgoing.objects.filter(pk__in=left, status="waiting").values_list("pk", flat=True))
    left.append(int(reference))
    return senders.to_file(phone, text, reference, *means)
senders.SENDERS["file"] = sending
together = Barrier(4)
def run(number):
    together.wait()
    try:
        for _try in range(100):  # the installation's own worker sends too
            send_waiting(20)
            with transaction.atomic(), as_system():
                if not Outgoing.objects.filter(notice="race", status="waiting").exists():
                    return
            time.sleep(.1)
    finally:
        connection.close()
with ThreadPoolExecutor(4) as pool:
    list(pool.map(run, range(4)))
print(unkept, *(row.pk for row in made))
"""
TAKEN = """
import django; django.setup()
from fahui.casework.scheduling.models import Slot
slot = Slot.objects.get(queue="race"); print(slot.taken, slot.capacity)
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory):
    made = Installation(tmp_path_factory.mktemp("races") / "var", demo=60)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def secrets(running: Installation) -> dict[str, str]:
    return {name: running.run("key", name, "--user", name).stdout.strip() for name in ("city", "approver")}


def post(url: str, body: Any, secret: str, key: str = "") -> tuple[int, Any]:
    head = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    if key:
        head["Idempotency-Key"] = key
    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=head, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_of_many_who_act_at_once_exactly_one_succeeds_and_the_others_are_told(running: Installation, secrets: dict[str, str]):
    url = f"{running.url}/api/v1/cases"
    _status, case = post(url, BODY, secrets["city"])
    act = f"{url}/{case['id']}/actions/accept"
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(act, {"revision": case["revision"]}, secrets["city"]), range(8)))
    statuses = sorted(status for status, _body in answers)
    assert statuses == [200] + [409] * 7, answers
    assert {body["code"] for status, body in answers if status == 409} <= {"revision", "state"}


def test_one_request_sent_ten_times_at_once_opens_one_case(running: Installation, secrets: dict[str, str]):
    url = f"{running.url}/api/v1/cases"
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: post(url, BODY, secrets["city"], "12345-20260613-00087"), range(10)))
    assert {status for status, _body in answers} <= {201, 409}
    assert len({body["id"] for status, body in answers if status == 201}) == 1
    assert post(url, BODY, secrets["city"], "12345-20260613-00087")[0] == 201


def script(running: Installation, code: str, *arguments: str) -> str:
    env = running.environment | {"FAHUI_DATA_DIR": str(running.home), "FAHUI_CITY": "leshan",
                                 "DJANGO_SETTINGS_MODULE": "fahui.config.settings"}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code, *arguments], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_last_free_place_is_never_given_twice(running: Installation):
    script(running, MAKE_SLOT)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: script(running, BOOK, str(n)), range(6)))
    assert sorted(answers) == ["booked"] * 3 + ["no_capacity"] * 3
    assert script(running, TAKEN) == "3 3"


def test_several_who_send_the_outbox_at_once_tell_nobody_twice_and_keep_what_left_before_the_next_leaves(running: Installation):
    unkept, *made = script(running, SEND).split()
    left = Counter(json.loads(line)["id"] for line in (running.home / "sms.log").read_text(encoding="utf-8").splitlines())
    assert unkept == "[]" and [left[one] for one in made] == [1] * 250


def test_one_table_imported_by_several_at_once_is_entered_once(running: Installation, tmp_path: Path):
    file = tmp_path / "survey.csv"
    rows = [f"RACE-{n},{TOWNSHIP},知道公共法律服务,{n},500,2026-05-31" for n in range(1, 201)]
    file.write_text("\n".join(["编号,地区,问题,答“是”的,有效问卷,调查截止日", *rows]), encoding="utf-8")
    told, _space, count = script(running, IMPORT, str(file)).rpartition(" ")
    answers = told.split(",")
    assert count == "200" and answers.count("added 200") == 1 and set(answers) <= {"added 200", "same 200", "conflict"}


def test_one_list_asked_for_by_one_person_many_times_at_once_is_one_export_and_never_more_than_three_wait(running: Installation):
    assert script(running, EXPORT, "same") == "new," + ",".join(["same"] * 7) + " 1"
    assert script(running, EXPORT, "other") == ",".join(["new"] * 3 + ["too many"] * 5) + " 3"


def test_one_table_handed_in_many_times_and_brought_in_by_several_workers_is_in_once_and_never_more_than_three_wait(running: Installation):
    assert script(running, HAND_IN, "same") == "new," + ",".join(["same"] * 7) + " done 600"
    assert script(running, HAND_IN, "other") == ",".join(["new"] * 3 + ["too many"] * 5)


def test_a_table_cancelled_at_any_moment_is_in_whole_or_not_at_all_as_was_said(running: Installation):
    told = script(running, HAND_IN, "cancel").split()
    assert len(told) == 8 and set(told) <= {"cancelled:0", "late:600"}, told


def test_a_backup_restored_elsewhere_is_the_same_installation(running: Installation, tmp_path_factory: pytest.TempPathFactory):
    folder, export = tmp_path_factory.mktemp("backup"), running.home / "files" / "exports" / "ab" / "export"
    table = running.home / "files" / "imports" / "cd" / "table"
    for path in (export, table):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"kept for days only")
    done = running.run("backup", str(folder / "all.tar"))
    assert done.returncode == 0, done.stderr
    with tarfile.open(folder / "all.tar") as archive:
        assert "keys/master" in archive.getnames() and not [name for name in archive.getnames() if name.startswith(("files/exports", "files/imports"))]
    other = Installation(folder / "var")
    restored = other.run("restore", str(folder / "all.tar"))
    assert restored.returncode == 0, restored.stderr
    again = other.run("restore", str(folder / "all.tar"))
    assert again.returncode == 1 and "already holds" in again.stderr
    verified, original = other.run("audit", "verify"), running.run("audit", "verify")
    assert verified.returncode == 0 and verified.stdout == original.stdout
    other.start()
    assert other.stop() == 0
