"""Institutions and sites say whether they are open at weekends, as their hours are read."""

from django.db import migrations

import fahui.foundation.people.fields

TABLES = ("institution", "site")
FIELD = fahui.foundation.people.fields.OpenAtWeekends(default=False, editable=False, of="opening_hours")


def read(apps, schema_editor):
    """Read the hours that are there; few texts stand for many doors."""
    for table in TABLES:
        rows = apps.get_model("foundation", table).objects
        texts = rows.exclude(opening_hours="").order_by().values_list("opening_hours", flat=True).distinct()
        rows.filter(opening_hours__in=[text for text in texts if FIELD.derive(text)]).update(open_at_weekends=True)


class Migration(migrations.Migration):
    dependencies = [("foundation", "0006_more_kinds")]
    operations = [
        *(migrations.AddField(table, "open_at_weekends", FIELD.clone()) for table in TABLES),
        migrations.RunPython(read, migrations.RunPython.noop),
    ]
