"""Activities are found by part of their title or code, as `icontains` asks, without reading all of them."""

from django.db import migrations

INDEX = "CREATE INDEX activity_text ON casework_activity USING gin (upper(title) gin_trgm_ops, upper(code) gin_trgm_ops)"


class Migration(migrations.Migration):
    dependencies = [("casework", "0009_exports")]
    operations = [migrations.RunSQL(INDEX, "DROP INDEX activity_text")]
