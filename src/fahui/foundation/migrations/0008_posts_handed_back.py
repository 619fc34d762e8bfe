"""When what people had in hand by a post went back after it ended; staff in the order of their names."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0007_open_at_weekends")]
    operations = [
        migrations.AddField("post", "handed_back_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "post",
            models.Index(fields=["valid_to"], name="post_ended", condition=models.Q(handed_back_at=None, valid_to__isnull=False)),
        ),
        migrations.AddIndex("user", models.Index(fields=["name", "id"], name="staff_by_name", condition=models.Q(kind="staff"))),
    ]
