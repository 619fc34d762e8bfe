"""The table of Django's database cache: counts behind rate limits, which every web process must share.

Made here and not by `createcachetable`, so that it comes with every other table and never needs a command of its own.
"""

from django.db import migrations

TABLE = """
CREATE TABLE foundation_sharedcount (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX sharedcount_expires ON foundation_sharedcount (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_audit_guard")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE foundation_sharedcount")]
