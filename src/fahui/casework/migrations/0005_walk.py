"""Lists walk in their own order without gathering the reader's circle first, also when narrowed to a rare service.

The planner cannot know that a list stops after a page, so for an officer who opened ten thousand cases it gathered all
of them before looking at the first row. A sub-select with a limit cannot be gathered: it is asked for rows outside the
reader's ranges only. The line drawn is the same.
"""

from django.db import migrations, models

KIND = "(SELECT NULLIF(current_setting('fahui.kind', true), ''))"
USER = "(SELECT NULLIF(current_setting('fahui.user', true), '')::bigint)"
RANGES = "(SELECT NULLIF(current_setting('fahui.ranges', true), '')::int8multirange)"
CLEARED = "COALESCE((SELECT NULLIF(current_setting('fahui.cleared', true), '')::bigint[]), '{}')"
INSIDE = f"{KIND} = 'system' OR (scope_key <@ {RANGES} AND (NOT sealed OR institution_id = ANY ({CLEARED})))"
CIRCLE = (
    "FROM casework_caseaccess a WHERE a.case_id = casework_case.id "
    f"AND a.user_id = {USER} AND (a.until IS NULL OR a.until > now())"
)

ASKED = f"""
DROP POLICY reader_scope ON casework_case;
CREATE POLICY reader_scope ON casework_case USING ({INSIDE} OR (SELECT true {CIRCLE} LIMIT 1)) WITH CHECK (true);
"""
CHOSEN = f"""
DROP POLICY reader_scope ON casework_case;
CREATE POLICY reader_scope ON casework_case USING ({INSIDE} OR EXISTS (SELECT 1 {CIRCLE})) WITH CHECK (true);
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_find")]
    operations = [
        migrations.RunSQL(ASKED, CHOSEN),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("open", True)), fields=["service", "next_due", "id"], name="case_service_due"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("open", True)), fields=["state", "next_due", "id"], name="case_state_due"),
        ),
        migrations.AddIndex(
            model_name="case", index=models.Index(fields=["service", "-id"], name="case_service_newest"),
        ),
    ]
