"""The audit log only grows: triggers refuse change and removal, whoever asks. Its chains begin at zero."""

from django.db import migrations

GUARD = """
CREATE FUNCTION fahui_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON foundation_event
    FOR EACH ROW EXECUTE FUNCTION fahui_append_only();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON foundation_event
    FOR EACH STATEMENT EXECUTE FUNCTION fahui_append_only();
INSERT INTO foundation_chainhead (chain, position, digest)
    SELECT n, 0, decode(repeat('00', 32), 'hex') FROM generate_series(0, 31) AS n;
"""
UNDO = """
DROP TRIGGER event_append_only ON foundation_event;
DROP TRIGGER event_no_truncate ON foundation_event;
DROP FUNCTION fahui_append_only();
DELETE FROM foundation_chainhead;
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
