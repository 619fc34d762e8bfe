"""What no source gives is asked for: how long files are kept, and lengths that are only our proposal."""

from __future__ import annotations

import html
import json
import zipfile
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from fahui.casework.cases.actions import Opening, open_case
from fahui.casework.definitions.checks import awaited, problems
from fahui.casework.definitions.loader import services
from fahui.casework.definitions.schema import Deadline
from fahui.casework.documents.archive import archive
from fahui.commands import check, checking
from tests.cast import TOWNSHIP, Cast


def test_check_lists_what_awaits_the_bureau(capsys: pytest.CaptureFixture[str]):
    report = checking.examine()
    kept = [line for line in report.awaited if "retention_years" in line]
    assert len(kept) == len(services()) and not report.problems
    assert "complaint: first_contact_limit, first contact after a bad rating, is 1 working day by proposal only" in report.awaited
    assert check.run([]) == 0
    assert "values no source gives" in capsys.readouterr().out


def test_years_without_a_source_are_a_problem():
    home = services()["legal_aid"]
    invented = home.definition.model_copy(update={"retention": home.definition.retention.model_copy(update={"years": 30})})
    assert any("years without a basis" in problem for problem in problems(replace(home, definition=invented)))
    sourced = invented.retention.model_copy(update={"basis": ["法律援助法第五十九条"]})
    stated = replace(home, definition=invented.model_copy(update={"retention": sourced}))
    assert not any("retention" in line for line in [*problems(stated), *awaited(stated)])


def test_a_proposed_length_stands_beside_what_replaces_it():
    plain = {"id": "reply", "name": {"zh": "答复", "en": "Reply"}, "owner": "handler", "basis": ["法律援助法第四十三条"]}
    with pytest.raises(ValueError, match="proposed"):
        Deadline.model_validate({**plain, "length": "2 hours", "proposed": True})


def kept_in(case: Any) -> Any:
    """What the archive of a case says of how long it is kept."""
    with zipfile.ZipFile(BytesIO(archive(case))) as bundle:
        return json.loads(bundle.read("目录.json"))["retention_years"]


def test_the_bureau_sets_how_long_files_are_kept(cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    case = open_case(cast["clerk"], Opening("legal_aid", "civil", "window", TOWNSHIP, details={"matter_kind": "wages"}))
    client = Client()
    client.force_login(cast.users["leader"])
    assert kept_in(case) is None
    assert "还没有设定" in html.unescape(client.get("/desk/how/legal_aid").content.decode())
    given = {"service": "legal_aid", "name": "retention_years", "value": "很久", "unit": "years", "source": "保管期限表",
             "valid_from": "2026-01-01"}  # fmt: skip
    assert client.post("/desk/admin/values", given).status_code == 422
    assert client.post("/desk/admin/values", given | {"value": "30"}).status_code == 302
    assert kept_in(case) == 30
    page = html.unescape(client.get("/desk/how/legal_aid").content.decode())
    assert "案卷保存 30 年" in page and "建议值" not in page
    assert "建议值" in html.unescape(client.get("/desk/how/consultation").content.decode())
