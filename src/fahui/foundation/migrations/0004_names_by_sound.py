"""Institutions, practitioners and sites are found by pinyin, by initials and with a wrong character in them."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

import fahui.foundation.sounds
from fahui.foundation.sounds import initials_of, pinyin_of

TABLES = ("institution", "practitioner", "site")
SOUNDS = {
    "pinyin": fahui.foundation.sounds.Sound(blank=True, default="", editable=False, max_length=240, of="name", told="pinyin"),
    "initials": fahui.foundation.sounds.Sound(blank=True, default="", editable=False, max_length=120, of="name", told="initials"),
}


def listen(apps, schema_editor):
    """Tell the sounds of the names that are there."""
    for table in TABLES:
        model, heard = apps.get_model("foundation", table), []
        for row in model.objects.only("id", "name").iterator(2000):
            row.pinyin, row.initials = pinyin_of(row.name), initials_of(row.name)[:120]
            heard.append(row)
        model.objects.bulk_update(heard, list(SOUNDS), batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_shared_counts")]
    operations = [
        *(migrations.AddField(table, name, field.clone()) for table in TABLES for name, field in SOUNDS.items()),
        migrations.RunPython(listen, migrations.RunPython.noop),
        *(
            migrations.AddIndex(
                table,
                GinIndex(fields=["name", *SOUNDS], name=f"{table}_sounds", opclasses=["gin_trgm_ops"] * 3),
            )
            for table in TABLES
        ),
    ]
