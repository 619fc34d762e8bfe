"""When it was said that a post will end."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0008_posts_handed_back")]
    operations = [migrations.AddField("post", "ending_told_at", models.DateTimeField(null=True))]
