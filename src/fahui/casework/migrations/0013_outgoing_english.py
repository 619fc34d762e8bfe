from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0012_outgoing_due")]

    operations = [
        migrations.AddField("outgoing", "text_en", models.CharField(blank=True, db_default="", default="", max_length=500)),
    ]
