"""Names sound the same however their rows are written."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from fahui.foundation.accounts.scope import SYSTEM
from fahui.foundation.people.models import Institution, Practitioner, Site
from fahui.foundation.sounds import initials_of, letters_of, pinyin_of
from fahui.foundation.tables.actions import import_table
from tests.cast import CITY


def test_letters_of_names():
    assert pinyin_of("乐山市仲裁委员会") == "leshanshizhongcaiweiyuanhui"
    assert pinyin_of("律师") == "lvshi" and letters_of("Lǜ shi".replace("ǜ", "ü")) == "lvshi"
    assert initials_of("乐山市12348热线") == "lss12348rx"


@pytest.mark.django_db
def test_every_way_of_writing_tells_the_sounds(system: None, tmp_path: Path):
    one = Institution.objects.create(code="S1", kind="law_firm", name="甲律师事务所", region_code=CITY)
    assert (one.pinyin, one.initials) == ("jialvshishiwusuo", "jlssws")
    one.name = "乙所"
    one.save(update_fields=["name"])
    assert Institution.objects.get(pk=one.pk).pinyin == "yisuo"
    Practitioner.objects.bulk_create([Practitioner(licence="S2", kind="lawyer", name="李小红", institution=one, region_code=CITY)])
    assert Practitioner.objects.get(licence="S2").initials == "lxh"
    table = tmp_path / "sites.csv"
    for name, heard in (("公证窗口", "gongzhengchuangkou"), ("调解室", "tiaojieshi")):
        table.write_text(f"编码,名称,地区代码,类别\nS3,{name},{CITY},service_window\n", encoding="utf-8")
        import_table(SYSTEM, "sites", table)
        assert Site.objects.get(code="S3").pinyin == heard


@pytest.mark.django_db
def test_letters_inside_a_name_are_found_by_the_index(system: None):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT 1 FROM foundation_institution WHERE name ILIKE %s OR pinyin LIKE %s OR pinyin %%> %s",
                       ["%仲裁委%", "%zhongcai%", "zhongcai"])  # fmt: skip
        assert "institution_sounds" in str(cursor.fetchall())


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())
