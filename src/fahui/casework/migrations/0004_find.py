"""Finding cases by a name or a title at a million of them.

Under row security a search by part of a text cannot use its index: PostgreSQL first asks of every row whether the
reader may see it. These two functions look without that question and give back case numbers only; the query that
takes them asks it then, of a few rows (fahui.casework.cases.queries.search).
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

FIND = """
CREATE INDEX party_pinyin ON foundation_party (pinyin varchar_pattern_ops);
CREATE FUNCTION fahui_cases_named(part text, sound text, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT DISTINCT cp.case_id FROM foundation_party p JOIN casework_caseparty cp ON cp.party_id = p.id
         WHERE p.name ILIKE %L OR p.pinyin LIKE %L ORDER BY cp.case_id DESC LIMIT %s', part, sound, most);
END $$;
CREATE FUNCTION fahui_cases_titled(part text, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT id FROM casework_case WHERE title ILIKE %L ORDER BY id DESC LIMIT %s', part, most);
END $$;
"""
FORGET = """
DROP FUNCTION fahui_cases_titled(text, integer);
DROP FUNCTION fahui_cases_named(text, text, integer);
DROP INDEX party_pinyin;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_reach"), ("foundation", "0002_audit_guard")]
    operations = [
        migrations.AddIndex(
            model_name="case", index=GinIndex(fields=["title"], name="case_title_trgm", opclasses=["gin_trgm_ops"])
        ),
        migrations.RunSQL(FIND, FORGET),
    ]
