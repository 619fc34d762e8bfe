"""Precedents and agents' scripts beside curated answers; where an answer comes from; one name for violence at home."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The reviewed list of danger words calls it by the same name as consultations do.
RENAME = "UPDATE knowledge_askedquestion SET danger = 'domestic_violence' WHERE danger = 'violence'"
BACK = "UPDATE knowledge_askedquestion SET danger = 'violence' WHERE danger = 'domestic_violence'"


class Migration(migrations.Migration):
    """Adds a column and a table."""

    dependencies = [
        ("knowledge", "0003_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="curatedanswer",
            name="source",
            field=models.CharField(blank=True, help_text="Where it comes from, beside its articles.", max_length=120),
        ),
        migrations.CreateModel(
            name="Reference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("state", models.CharField(choices=[("draft", "草稿"), ("review", "待审"), ("published", "已发布"), ("expired", "已停用")], default="draft", max_length=10)),
                ("topic", models.CharField(max_length=20)),
                ("citations", models.JSONField(default=list)),
                ("region_code", models.BigIntegerField(blank=True, help_text="Where it holds; empty: everywhere.", null=True)),
                ("owner", models.CharField(max_length=60)),
                ("source", models.CharField(blank=True, help_text="Where it comes from, beside its articles.", max_length=120)),
                ("review_by", models.DateField(help_text="The last day on which it is shown without another review.")),
                ("revision", models.PositiveIntegerField(default=1)),
                ("shipped", models.CharField(blank=True, help_text="Digest of the shipped text it was loaded from.", max_length=64)),
                ("changed_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("kind", models.CharField(choices=[("precedent", "案例"), ("script", "话术")], max_length=10)),
                ("title", models.CharField(help_text="Of a precedent; for a script, the kind of call.", max_length=120)),
                ("title_en", models.CharField(blank=True, max_length=200)),
                ("facts", models.TextField(blank=True, help_text="Precedents: what happened.")),
                ("lines", models.JSONField(default=list, help_text="What was held, or what to say, line by line.")),
                ("issuer", models.CharField(blank=True, help_text="The court or office it is from.", max_length=80)),
                ("number", models.CharField(blank=True, help_text="（2023）川11民终5号, 指导案例24号", max_length=80)),
                ("decided_on", models.DateField(null=True)),
                ("author", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("reviewer", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"indexes": [models.Index(fields=["kind", "state", "id"], name="reference_state")]},
        ),
        migrations.RunSQL(RENAME, BACK),
    ]
