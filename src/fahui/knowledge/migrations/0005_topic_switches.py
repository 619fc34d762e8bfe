"""Topics and kinds of questions that a bureau keeps from machine answers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a table."""

    dependencies = [
        ("knowledge", "0004_content"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="askedquestion",
            name="kind",
            field=models.CharField(choices=[("answer", "已回答"), ("alarm", "报警"), ("declined", "没有可靠依据"), ("off", "已关机器回答")], max_length=10),
        ),
        migrations.CreateModel(
            name="TopicSwitch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(help_text="Id of a topic or kind in data/topics.yaml.", max_length=20)),
                ("region_code", models.BigIntegerField(help_text="Where it holds; empty: everywhere.", null=True)),
                ("off", models.BooleanField()),
                ("reason", models.CharField(max_length=200)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("subject", "region_code"), name="switch_once", nulls_distinct=False)]},
        ),
    ]
