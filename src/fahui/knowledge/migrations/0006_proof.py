"""Reports of the gold set."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a table."""

    dependencies = [
        ("knowledge", "0005_topic_switches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProofReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ran_at", models.DateTimeField()),
                ("asked", models.JSONField(default=list, help_text="Ids of the questions.")),
                ("faults", models.JSONField(default=list, help_text="[{id, ask, wrong: [codes]}]")),
                ("worse", models.JSONField(default=list, help_text="Ids that fail now and did not in the accepted report before.")),
                ("milliseconds", models.PositiveIntegerField(default=0, help_text="How long the whole run took.")),
                ("accepted_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("accepted_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("ran_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
